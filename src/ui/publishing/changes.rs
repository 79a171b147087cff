//! Differences between two tables as a list of sentences, by what they are about.

use egui::{Align2, Label, Sense, Ui, vec2};

use super::section;
use crate::routing::{Change, ChangeKind, Counts};
use crate::ui::app::State;
use crate::ui::theme::{Palette, Tone, icons, palette, space, text};
use crate::ui::widgets::safe_text;

/// The section of the publish dialog: what changes for calls.
pub(super) fn section_ui(ui: &mut Ui, state: &State) {
    section::section_ui(ui, "What changes", None, |ui| {
        let version = state.live.version;
        if state.changes.is_empty() {
            let words = format!("The draft is the same as version {version}, which is live");
            return section::sentence_ui(ui, &words);
        }
        let counts = Counts::of(&state.changes).words();
        section::sentence_ui(ui, &format!("Compared with version {version}, which is live: {counts}"));
        changes_ui(ui, &state.changes);
    });
}

/// Draws the sentences, with a heading over those that are about the same kind of thing.
pub(crate) fn changes_ui(ui: &mut Ui, changes: &[Change]) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        for (index, change) in changes.iter().enumerate() {
            if index == 0 || changes[index - 1].about != change.about {
                ui.add_space(if index == 0 { space::XS } else { space::S });
                ui.label(text::label(change.about.title()));
            }
            change_ui(ui, change);
        }
    });
}

fn change_ui(ui: &mut Ui, change: &Change) {
    let (icon, colour) = sign(palette(ui), change.kind);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS + 2.0;
        ui.spacing_mut().interact_size.y = 0.0;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, text::LINE), Sense::hover());
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon, text::icon_font(14.0), colour);
        ui.add(Label::new(&*safe_text(&change.words)).wrap());
    });
}

/// The sign of what happened; the words say it too.
fn sign(p: &Palette, kind: ChangeKind) -> (char, egui::Color32) {
    match kind {
        ChangeKind::New => (icons::PLUS, p.tone(Tone::Connect).text),
        ChangeKind::Gone => (icons::MINUS, p.tone(Tone::Reject).text),
        ChangeKind::Changed => (icons::PENCIL, p.text_soft),
        ChangeKind::Moved => (icons::ARROW_UP_DOWN, p.text_soft),
    }
}
