//! Tells whoever sits at this computer, with a notice of the desktop's own kind. Only where the program
//! was built with its window.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::{Manifest, NoticeKind, Plugin, Telling};

struct NotifyDesktop {
    manifest: Manifest,
}

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    NotifyDesktop { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

impl Plugin for NotifyDesktop {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn notice(&self) -> Option<&dyn NoticeKind> {
        Some(self)
    }
}

impl NoticeKind for NotifyDesktop {
    fn tell(&self, telling: Telling) -> BoxFuture<'static, Result<(), String>> {
        // The desktop may take its time, which no other notice waits for.
        async move {
            let (title, text, sound) = (telling.title(), telling.text(), telling.is_on("sound"));
            let shown = tokio::task::spawn_blocking(move || show(&title, &text, sound)).await;
            shown.unwrap_or_else(|_| Err("showing it broke off".to_owned()))
        }
        .boxed()
    }
}

#[cfg(feature = "desktop")]
fn show(title: &str, text: &str, sound: bool) -> Result<(), String> {
    let mut notification = notify_rust::Notification::new();
    notification.appname("Switchboard").summary(title).body(&plain(text));
    if sound {
        notification.sound_name(if cfg!(target_os = "macos") { "Ping" } else { "message-new-instant" });
    }
    notification.show().map(drop).map_err(|cause| {
        format!(
            "this desktop shows no notices; use another kind of notice here, or switch this one off ({cause})"
        )
    })
}

#[cfg(not(feature = "desktop"))]
fn show(_: &str, _: &str, _: bool) -> Result<(), String> {
    Err("this program was built without its window and shows no notices; switch this one off".to_owned())
}

/// Desktops on Linux read some HTML in it.
#[cfg(feature = "desktop")]
fn plain(text: &str) -> String {
    if cfg!(any(windows, target_os = "macos")) {
        return text.to_owned();
    }
    super::unmarked(text)
}
