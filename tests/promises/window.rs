//! The window's screen goes and comes back: calls are answered throughout, and so is the window, in the
//! end. On a real X server, where one is installed.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::guard::{assert_all_answered, put_rule, ring_while, status, stop, wait_for_answers};
use crate::program::KEY;
use crate::serving::{Serving, windowed};
use crate::skip;

/// The window is back within this after its screen: 3 s, and what a busy debug build takes.
const BACK_WITHIN: Duration = Duration::from_secs(15);

/// A screen without a monitor.
struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    /// Starts one: any, or again the one of this name. `None`: none is installed.
    fn start(name: Option<&str>) -> Option<Self> {
        let mut command = Command::new("Xvfb");
        command.args(name).args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        let mut server =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self { server, name: format!(":{}", number.trim()) })
    }

    fn kill(mut self) -> String {
        self.server.kill().unwrap();
        self.name.clone()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn start(home: &Path, screen: &Screen, faults: &str) -> Serving {
    // Nothing tells the port of a window, so it is chosen here.
    let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = windowed(home, addr);
    command.env("RETELL_API_KEY", KEY).env("DISPLAY", &screen.name).env("RUST_LOG", "warn,switchboard=info");
    command
        .env("FAILPOINTS", faults)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET");
    Serving::begin(&mut command, addr)
}

/// Whether a window opens: where nothing draws, none does.
fn opens(serving: &mut Serving) -> bool {
    loop {
        let line = serving.hear("window");
        let is_open = line.contains("the window is open");
        if is_open || line.contains("No window could be opened") {
            return is_open;
        }
    }
}

/// One screen at a time: one that comes again must find its name free.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn a_screen_that_goes_costs_no_call_and_with_it_comes_the_window() {
    let _alone = ALONE.lock();
    let Some(screen) = Screen::start(None) else {
        return skip("Xvfb is not installed (Debian package xvfb)");
    };
    let home = tempfile::tempdir().unwrap();
    put_rule(home.path());
    let mut serving = start(home.path(), &screen, "");
    if !opens(&mut serving) {
        return skip("nothing draws on Xvfb here (Debian package libgl1-mesa-dri)");
    }
    let (addr, mut screen) = (serving.addr, Some(screen));
    let mut took = Duration::ZERO;
    let rung = ring_while(addr, |answered| {
        wait_for_answers(answered);
        let name = screen.take().unwrap().kill();
        serving.hear("No window could be opened");
        wait_for_answers(answered);
        let back = Instant::now();
        screen = Screen::start(Some(&name));
        serving.hear("the window is open");
        took = back.elapsed();
        println!("  the window was back after {took:.1?}");
        wait_for_answers(answered);
    });
    stop(serving);
    assert_all_answered("the screen went and came back", &rung, home.path());
    assert!(took < BACK_WITHIN, "the window was back after {took:?} only");
}

#[test]
fn a_window_that_breaks_each_time_is_left_out_in_the_end_and_costs_no_call() {
    let _alone = ALONE.lock();
    let Some(screen) = Screen::start(None) else {
        return skip("Xvfb is not installed (Debian package xvfb)");
    };
    let home = tempfile::tempdir().unwrap();
    put_rule(home.path());
    let mut serving = start(home.path(), &screen, "window=panic");
    if !opens(&mut serving) {
        return skip("nothing draws on Xvfb here (Debian package libgl1-mesa-dri)");
    }
    let rung = ring_while(serving.addr, |answered| {
        for _ in 0..3 {
            serving.hear("The window failed");
        }
        serving.hear("calls are answered without a window");
        wait_for_answers(answered);
        // Calls were not what broke, so nothing of theirs is left out.
        let said = status(home.path());
        assert!(said.contains("Answering calls on port") && !said.contains("afe mode"), "{said}");
    });
    stop(serving);
    assert_all_answered("a window that breaks each time", &rung, home.path());
}
