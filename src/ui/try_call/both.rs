//! The live table and the draft, side by side.

use egui::{Align, Layout, Ui};

use super::compare::differences;
use super::result::{ResultView, by_words};
use super::wanted::Wanted;
use crate::service::messages::TriedDecision;
use crate::ui::app::{Actions, State};
use crate::ui::theme::{space, text};
use crate::ui::widgets::{Banner, Level, safe_text};

/// From this width on, in points, the two stand beside each other.
const WIDE: f32 = 520.0;
/// So many differences are listed.
const LISTED: usize = 6;

/// Draws what comes of the live table and of the draft, and in what they differ.
pub(super) fn both_ui(
    ui: &mut Ui,
    state: &State,
    wanted: [&Wanted; 2],
    views: [&mut ResultView; 2],
    actions: &mut Actions,
) {
    let decided = wanted.map(|wanted| wanted.answer(state)?.result.as_ref().ok());
    if let [Some(live), Some(draft)] = decided {
        compared_ui(ui, live, draft);
    }
    let names = ["By the live table", "By the draft"];
    let parts = wanted.into_iter().zip(views).zip(names);
    let is_wide = ui.available_width() >= WIDE;
    let mut one_ui = |ui: &mut Ui, ((wanted, view), name): ((&Wanted, &mut ResultView), &str)| {
        ui.push_id(name, |ui| {
            ui.label(text::label(name));
            view.ui(ui, state, wanted, actions);
        });
    };
    if is_wide {
        ui.spacing_mut().item_spacing.x = space::L;
        ui.columns(2, |columns| {
            for (ui, part) in columns.iter_mut().zip(parts) {
                // Columns would stretch the words of a line.
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.spacing_mut().item_spacing.x = space::S;
                    one_ui(ui, part);
                });
            }
        });
    } else {
        for part in parts {
            one_ui(ui, part);
        }
    }
}

fn compared_ui(ui: &mut Ui, live: &TriedDecision, draft: &TriedDecision) {
    let found = differences(&live.answer, &draft.answer);
    let [by_live, by_draft] = [live, draft].map(|decided| by_words(&decided.decision.by));
    let same_by = by_live == by_draft;
    let mut lines = Vec::new();
    if !same_by || live.effect != draft.effect {
        lines.push(format!("Live: {}, {by_live}", live.effect));
        lines.push(format!("Draft: {}, {by_draft}", draft.effect));
    }
    lines.extend(found.iter().take(LISTED).cloned());
    if found.len() > LISTED {
        lines.push(format!("and {} more", found.len() - LISTED));
    }
    let detail = safe_text(&lines.join("\n")).into_owned();
    let (level, words) = match (found.is_empty() && live.effect == draft.effect, same_by) {
        (true, true) => (Level::Success, "Publishing the draft would change nothing for this call"),
        (true, false) => (Level::Info, "The same comes of it, but another rule decides"),
        (false, _) => (Level::Warning, "The draft does something else with this call"),
    };
    Banner::new(level, words).detail(&detail).show(ui, |_| ());
}
