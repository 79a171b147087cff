//! Drafts that were set aside, and can be got back.

use egui::{Label, Sides, Ui};

use super::Asked;
use crate::storage::KeptInfo;
use crate::ui::app::State;
use crate::ui::theme::{icons, palette, text};
use crate::ui::widgets::{Button, divider, safe_text, section, time_ago};

/// Draws them; nothing where there are none.
pub(super) fn ui(ui: &mut Ui, state: &State) -> Option<Asked> {
    if state.kept_drafts.is_empty() {
        return None;
    }
    let mut asked = None;
    let about = "What was being edited when another table took its place; nothing of it is published";
    section(ui, "Drafts set aside", about, |ui| {
        for (index, kept) in state.kept_drafts.iter().enumerate() {
            if index > 0 {
                divider(ui);
            }
            ui.push_id(kept.number, |ui| asked = kept_ui(ui, state, kept).or(asked.take()));
        }
    });
    asked
}

fn kept_ui(ui: &mut Ui, state: &State, kept: &KeptInfo) -> Option<Asked> {
    let number = kept.number;
    let ((), asked) = Sides::new().shrink_left().height(32.0).show(
        ui,
        |ui| {
            ui.add(Label::new(text::body(&*safe_text(&kept.why))).truncate());
            ui.add(Label::new(text::faint(palette(ui), time_ago(kept.at, state.now))).truncate());
        },
        |ui| {
            let name = format!("Throw draft {number} away");
            let remove = ui.add(Button::icon(icons::TRASH, &name).small()).clicked();
            let name = format!("Get draft {number} back");
            let take = ui.add(Button::secondary("Get it back").small().name(&name)).clicked();
            if take { Some(Asked::TakeBack(number)) } else { remove.then_some(Asked::Remove(number)) }
        },
    );
    asked
}
