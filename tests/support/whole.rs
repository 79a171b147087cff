//! The whole window on a running program, without a system's window around it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use switchboard::program::Program;
use switchboard::service::Clock;
use switchboard::service::messages::Serving;
use switchboard::ui::app::{App, Remote, State};

use crate::program::{self, PATIENCE};
use crate::support;

/// The app as the system's window would drive it.
pub(crate) struct Shown(pub(crate) App);

impl eframe::App for Shown {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.0.logic(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.0.ui(ui);
    }
}

/// A program with its window open.
pub(crate) struct Whole {
    pub(crate) program: Program,
    pub(crate) harness: Harness<'static, Shown>,
    /// Reaches the window from outside.
    pub(crate) remote: Remote,
    woken: Receiver<()>,
}

impl Whole {
    /// Starts on this folder and shows the window at this size, without the guided start.
    pub(crate) fn start(home: &Path, listen: &str, size: [f32; 2], theme: egui::Theme) -> Self {
        Self::start_at(home, listen, Clock::system(), size, theme)
    }

    /// The same by this clock.
    pub(crate) fn start_at(
        home: &Path,
        listen: &str,
        clock: Clock,
        size: [f32; 2],
        theme: egui::Theme,
    ) -> Self {
        let settings = home.join("settings.json");
        if !settings.exists() {
            std::fs::write(settings, r#"{ "format": 1, "guided_start": "done" }"#).unwrap();
        }
        Self::on(program::start_at(home, listen, clock), size, theme)
    }

    /// Starts on this folder as it is: where it is empty, the guided start opens.
    pub(crate) fn start_fresh(home: &Path, size: [f32; 2], theme: egui::Theme) -> Self {
        Self::on(program::start_at(home, "127.0.0.1:0", Clock::system()), size, theme)
    }

    /// Shows the window of this program.
    pub(crate) fn on(program: Program, size: [f32; 2], theme: egui::Theme) -> Self {
        program.wait_until_tried();
        let (wake, woken) = sync_channel(1);
        let link = program.connect(move || {
            let _ = wake.try_send(());
        });
        let app = App::new(link, program.registry(), program.clock()).typing_paths();
        let remote = Remote::default();
        let app = app.on_desktop(remote.clone(), None);
        let harness = support::window(size, theme)
            .with_pixels_per_point(support::scale())
            .build_eframe(move |_| Shown(app));
        let mut whole = Self { program, harness, remote, woken };
        whole.until("the window to open", |state| state.settings.listen.port() < u16::MAX);
        whole
    }

    pub(crate) fn state(&self) -> &State {
        self.harness.state().0.state().expect("the window is open")
    }

    /// Draws whenever something happens, until the window knows what is wanted.
    pub(crate) fn until(&mut self, what: &str, wanted: impl Fn(&State) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            self.harness.run_steps(1);
            if self.harness.state().0.state().is_some_and(&wanted) {
                self.harness.run();
                return;
            }
            assert!(Instant::now() < end, "waited in vain for {what}");
            let _ = self.woken.recv_timeout(Duration::from_millis(100));
        }
    }

    /// Draws until this is seen, in the window or beside it.
    pub(crate) fn until_seen(&mut self, what: &str, seen: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !seen(self) {
            assert!(Instant::now() < end, "waited in vain for {what}");
            let _ = self.woken.recv_timeout(Duration::from_millis(20));
            self.harness.run_steps(1);
        }
    }

    /// Goes to a screen by its entry in the rail.
    pub(crate) fn go(&mut self, place: &str) {
        self.harness.get_by_role_and_label(egui::Role::Tab, place).click();
        self.harness.run();
    }

    /// Goes to the calls and waits until all of them are found.
    pub(crate) fn go_to_calls(&mut self) {
        self.go("Calls");
        self.until("all calls", |state| state.found.len() as u64 == state.total_calls);
    }

    /// Whether something is called this.
    pub(crate) fn says(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    /// Whether something that is called about this is there.
    pub(crate) fn says_about(&self, part: &str) -> bool {
        self.harness.query_all_by_label_contains(part).next().is_some()
    }

    /// The address of the webhook of the running program.
    pub(crate) fn url(&self) -> String {
        let Serving::Listening(addr) = &self.state().serving else { panic!("not listening") };
        format!("http://{addr}/webhook/inbound")
    }

    /// Closes the window and ends the program, as a person would.
    pub(crate) fn stop(self) {
        let Self { program, harness, .. } = self;
        let Shown(mut app) = harness.into_state();
        app.finish();
        drop(app);
        program.stop().unwrap();
    }
}
