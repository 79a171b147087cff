//! What the checks say of the draft: each error and warning, and how many hints there are. None of it
//! keeps the draft from being published.

use egui::Ui;

use super::section::{Standing, row_ui, section_ui};
use crate::routing::checks::{Finding, Level};
use crate::ui::app::{Action, Actions, State};
use crate::ui::routes::{finding_goal, finding_line_ui};
use crate::ui::theme::{Tone, icons};
use crate::ui::widgets::{Button, capital, safe_text};

/// Draws it. Says whether the person went to put something right.
pub(super) fn ui(ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
    if !state.findings.are_of(&state.draft) {
        section_ui(ui, "Checks", Some(&Standing::open("Being checked")), |_| ());
        return false;
    }
    let hints = state.findings.open().filter(|finding| finding.level == Level::Hint).count();
    section_ui(ui, "Checks", Some(&standing(state)), |ui| {
        let mut goes = false;
        for level in [Level::Error, Level::Warning] {
            let of_level = state.findings.open().filter(|finding| finding.level == level);
            for (index, finding) in of_level.enumerate() {
                ui.push_id((level, index), |ui| goes |= finding_ui(ui, state, finding, actions));
            }
        }
        if hints > 0 {
            let words = if hints == 1 { "Show the hint".to_owned() } else { format!("Show {hints} hints") };
            if ui.add(Button::quiet(&words).with_trailing(icons::ARROW_RIGHT).small()).clicked() {
                actions.push(Action::OpenChecks);
                goes = true;
            }
        }
        goes
    })
}

fn standing(state: &State) -> Standing {
    let words = state.findings.words();
    match (state.findings.worst(), words) {
        (None | Some(Level::Hint), None) => Standing::good("Nothing stands out"),
        (None | Some(Level::Hint), Some(words)) => Standing::good(words),
        (Some(Level::Error), words) => Standing::bad(words.unwrap_or_default()),
        (Some(Level::Warning), words) => {
            Standing { tone: Tone::Warning, icon: icons::TRIANGLE_ALERT, words: words.unwrap_or_default() }
        }
    }
}

fn finding_ui(ui: &mut Ui, state: &State, finding: &Finding, actions: &mut Actions) -> bool {
    let place = finding.place.words(&state.draft);
    let opens = row_ui(ui, &place, |ui| {
        finding_line_ui(ui, finding.level, &capital(&safe_text(&finding.message)), true);
    });
    if opens {
        actions.push(finding_goal(&finding.place));
    }
    opens
}
