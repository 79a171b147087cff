//! Keeps the computer from falling asleep by itself. The screen may go dark, and who sends it to sleep
//! or closes its lid is not held up.

use keepawake::{Builder, KeepAwake};

const WHY: &str = "Answering calls";
const NAME: &str = "Switchboard";

/// Whether the computer is kept awake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Awake {
    /// It is not wanted, or there is nothing to stay awake for.
    #[default]
    No,
    /// It is.
    Yes,
    /// The system does not do it, for this reason.
    Refused(String),
}

/// Holds on to what keeps it awake.
#[derive(Default)]
pub(super) struct Keeper {
    held: Option<Held>,
}

/// Goes when it is dropped.
struct Held {
    _idle: Option<KeepAwake>,
    #[cfg(target_os = "linux")]
    _suspend: Option<zbus::blocking::Connection>,
}

impl Keeper {
    /// Keeps it awake from now on, or no more.
    pub(super) fn keep(&mut self, on: bool) -> Awake {
        if !on {
            self.held = None;
            return Awake::No;
        }
        if self.held.is_none() {
            match hold() {
                Ok(held) => self.held = Some(held),
                Err(reason) => return Awake::Refused(reason),
            }
        }
        Awake::Yes
    }
}

fn hold() -> Result<Held, String> {
    let idle = Builder::default()
        .idle(true)
        .reason(WHY)
        .app_name(NAME)
        .app_reverse_domain("io.github.switchboard")
        .create();
    #[cfg(target_os = "linux")]
    {
        let suspend = portal();
        match (&idle, &suspend) {
            (Err(reason), Err(_)) => Err(reason.to_string()),
            _ => Ok(Held { _idle: idle.ok(), _suspend: suspend.ok() }),
        }
    }
    #[cfg(not(target_os = "linux"))]
    idle.map(|idle| Held { _idle: Some(idle) }).map_err(|reason| reason.to_string())
}

/// Desktops look at what their own session was asked (`org.freedesktop.portal.Inhibit`, 4: suspend), not
/// all of them at what the system was. It holds as long as the connection does.
#[cfg(target_os = "linux")]
fn portal() -> zbus::Result<zbus::blocking::Connection> {
    use std::collections::HashMap;

    use zbus::zvariant::Value;

    let connection =
        zbus::blocking::connection::Builder::session()?.method_timeout(super::PATIENCE).build()?;
    let options = HashMap::from([("reason", Value::from(WHY))]);
    connection.call_method(
        Some("org.freedesktop.portal.Desktop"),
        "/org/freedesktop/portal/desktop",
        Some("org.freedesktop.portal.Inhibit"),
        "Inhibit",
        &("", 4_u32, options),
    )?;
    Ok(connection)
}
