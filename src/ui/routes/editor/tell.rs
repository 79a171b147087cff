//! Who is told of a rule's calls.

use egui::Ui;

use crate::ui::app::State;
use crate::ui::theme::{palette, text};
use crate::ui::widgets::{safe_text, section, toggle};

/// Draws a switch for each who can be told.
pub(super) fn tell_ui(ui: &mut Ui, state: &State, tell: &mut Vec<String>) {
    section(ui, "Tell", "Who is told of these calls, once they were answered", |ui| {
        let known = &state.settings.notices;
        if known.is_empty() {
            let words =
                "Nobody can be told yet; add a notice under Plugins, such as an e-mail or a Slack channel";
            ui.label(text::help(palette(ui), words));
        }
        for used in known {
            let off = if used.enabled { "" } else { " (it is off)" };
            switch_ui(ui, tell, &used.id, &format!("{}{off}", safe_text(&used.name)));
        }
        let gone: Vec<String> =
            tell.iter().filter(|id| known.iter().all(|used| used.id != **id)).cloned().collect();
        for id in gone {
            let words = format!("“{}”, which is not set up on this computer", safe_text(&id));
            switch_ui(ui, tell, &id, &words);
        }
    });
}

fn switch_ui(ui: &mut Ui, tell: &mut Vec<String>, id: &str, words: &str) {
    let mut on = tell.iter().any(|told| told == id);
    if toggle(ui, &mut on, words).changed() {
        tell.retain(|told| told != id);
        if on {
            tell.push(id.to_owned());
        }
    }
}
