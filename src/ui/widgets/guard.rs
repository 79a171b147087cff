//! A panel that panics takes nothing else with it.

use super::{Banner, Button, Level};
use crate::ui::theme::icons;
use egui::Ui;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Draws a panel. Should it panic, a card says so in its place until "Try again" is pressed;
/// the rest of the window, and the answering of calls, go on. `name` is the panel's title.
pub fn guarded_ui<R>(ui: &mut Ui, name: &str, panel: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    let broken = ui.scope_id().with(("broken panel", name));
    if !ui.data(|data| data.get_temp(broken).unwrap_or(false)) {
        let drawn = catch_unwind(AssertUnwindSafe(|| ui.scope(panel).inner));
        if let Ok(inner) = drawn {
            return Some(inner);
        }
        tracing::error!(panel = name, "a panel of the window failed to draw");
        ui.data_mut(|data| data.insert_temp(broken, true));
    }
    let again = Banner::new(Level::Error, &format!("“{name}” could not be shown"))
        .detail("Calls are still answered. Press Try again; if it fails once more, start the program anew.")
        .show(ui, |ui| ui.add(Button::secondary("Try again").with_icon(icons::REFRESH)).clicked());
    if again {
        ui.data_mut(|data| data.remove::<bool>(broken));
    }
    None
}
