//! A panel that panics takes nothing else with it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use egui::{Context, Frame, Id, Panel, Ui};
use fail::fail_point;

use super::{Banner, Button, Level};
use crate::ui::theme::{self, icons, space};

/// Draws a panel. Should it panic, a card says so in its place until "Try again" is pressed;
/// the rest of the window, and the answering of calls, go on. `name` is the panel's title.
pub fn guarded_ui<R>(ui: &mut Ui, name: &str, panel: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    let mark = mark(ui, name);
    let drawn = caught(ui, mark, name, |ui| ui.scope(panel).inner);
    if drawn.is_none() {
        broken_ui(ui, mark, name);
    }
    drawn
}

/// The same for what takes its room from an edge of the window. Should it panic, the card stands at
/// the top of what is left.
pub fn guarded_edge_ui<R>(ui: &mut Ui, name: &str, panel: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    let mark = mark(ui, name);
    let drawn = caught(ui, mark, name, panel);
    if drawn.is_none() {
        let frame = Frame::new().fill(theme::palette(ui).canvas).inner_margin(space::M);
        let panel = Panel::top(Id::unique(("broken edge", name))).resizable(false).frame(frame);
        panel.show(ui, |ui| broken_ui(ui, mark, name));
    }
    drawn
}

/// Whether "Show what happened" was pressed since this was last asked.
#[must_use]
pub fn take_wish_to_know(ctx: &Context) -> bool {
    ctx.data_mut(|data| data.remove_temp::<bool>(wish_id())).unwrap_or(false)
}

/// A button that shows what broke.
pub fn what_happened_button(ui: &mut Ui) {
    if ui.add(Button::quiet("Show what happened")).clicked() {
        ui.ctx().data_mut(|data| data.insert_temp(wish_id(), true));
        ui.ctx().request_repaint();
    }
}

fn wish_id() -> Id {
    Id::unique("what broke is to be shown")
}

/// What is remembered of a panel while it is broken.
fn mark(ui: &Ui, name: &str) -> Id {
    ui.scope_id().with(("broken panel", name))
}

fn caught<R>(ui: &mut Ui, mark: Id, name: &str, panel: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    if ui.data(|data| data.get_temp(mark).unwrap_or(false)) {
        return None;
    }
    let draw = || {
        break_at(name);
        panel(ui)
    };
    let drawn = catch_unwind(AssertUnwindSafe(draw)).ok();
    if drawn.is_none() {
        tracing::error!(panel = name, "a panel of the window failed to draw");
        ui.data_mut(|data| data.insert_temp(mark, true));
    }
    drawn
}

fn broken_ui(ui: &mut Ui, mark: Id, name: &str) {
    let again = Banner::new(Level::Error, &format!("“{name}” could not be shown"))
        .detail("Calls are still answered. Press Try again; if it fails once more, start the program anew.")
        .show(ui, |ui| {
            let again = ui.add(Button::secondary("Try again").with_icon(icons::REFRESH)).clicked();
            what_happened_button(ui);
            again
        });
    if again {
        ui.data_mut(|data| data.remove::<bool>(mark));
    }
}

/// Breaks the panel that a test wants to see broken.
pub(crate) fn break_at(name: &str) {
    fail_point!("panel", |meant| assert_ne!(meant.as_deref(), Some(name), "a fault in the panel"));
    let _ = name;
}
