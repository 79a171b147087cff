//! The icon in the tray: its colour and shape say how it stands, its menu does the most needed things.
//!
//! On Linux it talks to the desktop over the session's bus, without GTK, from any thread; elsewhere it
//! belongs to the thread of the window.

mod icon;
mod menu;

use std::sync::Arc;

use tray_icon::menu::MenuEvent;
use tray_icon::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};

use super::Told;

/// Whether the icon belongs to the thread that sees to the desktop; elsewhere to the window's.
pub const OF_THIS_THREAD: bool = cfg!(target_os = "linux");

/// What is chosen in the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Bring the window.
    Open,
    /// Close all lines until then, as people write it.
    Close(String),
    /// Ask in the window until when.
    AskClose,
    /// End what stands above the rules now.
    Reopen,
    /// Tell nobody of anything for an hour.
    PauseForAnHour,
    /// Tell nobody of anything.
    Pause,
    /// Tell again.
    EndPause,
    /// Ask in the window, then end the program.
    Quit,
}

/// Does what is chosen, on any thread, and returns at once.
pub type Deeds = Arc<dyn Fn(Deed) + Send + Sync>;

/// The icon.
pub struct Tray {
    icon: TrayIcon,
}

/// From now on this does what is chosen.
pub(super) fn on_choice(deeds: Deeds) {
    let chosen = deeds.clone();
    MenuEvent::set_event_handler(Some(move |event: MenuEvent| {
        if let Some(deed) = menu::deed(event.id().as_ref()) {
            chosen(deed);
        }
    }));
    TrayIconEvent::set_event_handler(Some(move |event: TrayIconEvent| {
        let is_click = matches!(
            event,
            TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
        );
        if is_click {
            deeds(Deed::Open);
        }
    }));
}

impl Tray {
    /// Puts the icon into the tray; `None` where there is none. On Linux it comes as soon as there is a
    /// tray, as programs may be started before it.
    #[must_use]
    pub fn build() -> Option<Self> {
        let built = TrayIconBuilder::new()
            .with_id("switchboard")
            .with_title("Switchboard")
            .with_menu_on_left_click(false)
            .build();
        built
            .inspect_err(|error| tracing::info!(%error, "no icon in the tray"))
            .ok()
            .map(|icon| Self { icon })
    }

    /// Says how it stands, and offers what can be done.
    pub fn tell(&self, told: &Told) {
        let tooltip = match &told.closed {
            Some(closed) => format!("Switchboard · {closed} · {}", told.standing.words),
            None => format!("Switchboard · {}", told.standing.words),
        };
        let told_all = self.icon.set_icon(icon::of(told)).and_then(|()| self.icon.set_tooltip(Some(tooltip)));
        if let Err(error) = told_all {
            tracing::debug!(%error, "the tray was not told");
        }
        self.icon.set_menu(menu::of(told));
    }
}

/// Whether icons are shown here now.
#[cfg(target_os = "linux")]
pub(super) fn is_here() -> bool {
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let asked = || -> zbus::Result<bool> {
        let connection =
            zbus::blocking::connection::Builder::session()?.method_timeout(super::PATIENCE).build()?;
        let watcher = zbus::blocking::Proxy::new(&connection, WATCHER, "/StatusNotifierWatcher", WATCHER)?;
        watcher.get_property("IsStatusNotifierHostRegistered")
    };
    asked().unwrap_or(false)
}

/// Whether icons are shown here now: always.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_here() -> bool {
    true
}
