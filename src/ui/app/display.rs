//! The screen that the window is shown on: whether it is there, and when it comes. Where a person logs
//! out, or the part of the system that draws breaks, it is gone for a while.
//!
//! Only the systems where a program can outlive its screen know of this: those with X11 and Wayland.

use std::ffi::OsString;
use std::time::Duration;

use tokio::time::sleep;

/// How often it is looked whether it has come. A window is to be back within three seconds.
const LOOK: Duration = Duration::from_millis(500);
/// What draws needs a moment between being there and being ready.
const READY: Duration = Duration::from_millis(300);

/// The screen that this program was told of.
#[derive(Clone, Debug, Default)]
pub struct Display {
    x11: Option<OsString>,
    wayland: Option<OsString>,
    runtime: Option<OsString>,
}

impl Display {
    /// As the environment tells.
    #[must_use]
    pub fn of_this_process() -> Self {
        let told = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        Self { x11: told("DISPLAY"), wayland: told("WAYLAND_DISPLAY"), runtime: told("XDG_RUNTIME_DIR") }
    }

    /// Ends when it is there, having been away. `was_there`: it was when it was last looked at. Never
    /// ends where none was told of.
    pub async fn comes(self, mut was_there: bool) {
        loop {
            let display = self.clone();
            let is_there = tokio::task::spawn_blocking(move || display.is_there()).await.unwrap_or(false);
            if is_there && !was_there {
                return sleep(READY).await;
            }
            was_there = is_there;
            sleep(LOOK).await;
        }
    }
}

#[cfg(target_os = "linux")]
mod look {
    use std::ffi::OsStr;
    use std::net::{TcpStream, ToSocketAddrs};
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixStream};
    use std::path::Path;
    use std::time::Duration;

    use super::Display;

    /// How long a screen on another computer may take.
    const PATIENCE: Duration = Duration::from_secs(1);
    /// The port of the first screen of a computer; the others follow.
    const FIRST_PORT: u16 = 6000;

    impl Display {
        /// Whether it is there.
        #[must_use]
        pub fn is_there(&self) -> bool {
            let wayland = self.wayland.as_deref().is_some_and(|name| {
                // A name that is a whole path stays one.
                let socket = Path::new(self.runtime.as_deref().unwrap_or_default()).join(name);
                UnixStream::connect(socket).is_ok()
            });
            wayland || self.x11.as_deref().and_then(OsStr::to_str).is_some_and(x11_is_there)
        }
    }

    /// A screen by its name, such as `:0`, `unix:1.0` or `localhost:10.0`.
    fn x11_is_there(name: &str) -> bool {
        let Some((host, rest)) = name.rsplit_once(':') else { return false };
        let Ok(number) = rest.split('.').next().unwrap_or_default().parse::<u16>() else { return false };
        if !host.is_empty() && host != "unix" {
            let port = FIRST_PORT.saturating_add(number);
            let mut addrs = (host, port).to_socket_addrs().into_iter().flatten();
            return addrs.any(|addr| TcpStream::connect_timeout(&addr, PATIENCE).is_ok());
        }
        let path = format!("/tmp/.X11-unix/X{number}");
        let unnamed = SocketAddr::from_abstract_name(&path);
        UnixStream::connect(&path).is_ok()
            || unnamed.is_ok_and(|addr| UnixStream::connect_addr(&addr).is_ok())
    }
}

#[cfg(not(target_os = "linux"))]
impl Display {
    /// Whether it is there: as long as this program is.
    #[must_use]
    pub fn is_there(&self) -> bool {
        let Self { x11: _, wayland: _, runtime: _ } = self;
        true
    }
}
