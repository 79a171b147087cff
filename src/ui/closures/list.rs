//! All closures: those in force, those to come, and the last ones that are over.

use egui::{Label, Ui};

use super::{details, end_words};
use crate::routing::{Override, Phase, capital, left, moment_near};
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{self, Tone, icons, space, text};
use crate::ui::widgets::{self, Button, Dialog, safe_text};

/// So many that are over are shown.
const LATELY: usize = 30;

/// Draws it. Says whether it stays open.
pub(super) fn list_ui(ui: &Ui, state: &State, actions: &mut Actions) -> bool {
    let ((), (new, done), esc) = Dialog::new("Closures").width(640.0).show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            let about = "They stand above every rule. For one line beats for all lines; of two alike, the one set last counts";
            decision::quiet(ui, about);
            part_ui(ui, state, "Now", Phase::Now, actions);
            part_ui(ui, state, "To come", Phase::NotYet, actions);
            part_ui(ui, state, "Lately", Phase::Expired, actions);
        },
        |ui| {
            let new = ui.add(Button::primary("New closure…").with_icon(icons::PLUS)).clicked();
            (new, ui.add(Button::secondary("Done")).clicked())
        },
    );
    if new {
        actions.push(Action::Close(None));
    }
    !(done || esc)
}

fn part_ui(ui: &mut Ui, state: &State, heading: &str, phase: Phase, actions: &mut Actions) {
    let standing = state.overrides.standing(phase, state.now);
    ui.add_space(space::S);
    ui.label(text::strong(heading));
    if standing.is_empty() {
        decision::quiet(ui, if phase == Phase::Now { "Nothing: the rules decide" } else { "Nothing" });
    }
    for (index, over) in standing.into_iter().take(LATELY).enumerate() {
        if index > 0 {
            widgets::divider(ui);
        }
        row_ui(ui, state, over, phase, actions);
    }
}

fn row_ui(ui: &mut Ui, state: &State, over: &Override, phase: Phase, actions: &mut Actions) {
    let p = theme::palette(ui);
    let words = over.words(&state.live.table, state.now);
    egui::Sides::new().shrink_left().wrap().show(
        ui,
        |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let counted = match phase {
                    Phase::Now => format!("{words} · {}", left(over.until, state.now)),
                    Phase::NotYet | Phase::Expired => words.clone(),
                };
                ui.add(Label::new(text::label(safe_text(&counted).into_owned())).wrap());
                ui.add(Label::new(text::help(p, safe_text(&told(over, state)).into_owned())).wrap());
                if phase != Phase::Expired
                    && let Some(loose) = over.loose_end(&state.live.table)
                {
                    let colour = p.tone(Tone::Warning).text;
                    ui.add(Label::new(text::help(p, loose).color(colour)).wrap());
                }
            });
        },
        |ui| {
            let word = match phase {
                Phase::Now => end_words(over),
                Phase::NotYet => "Call off",
                Phase::Expired => return,
            };
            let name = format!("{word}: {words}, from the list");
            if ui.add(Button::secondary(word).small().name(&name)).clicked() {
                actions.push(Action::Send(Command::EndOverrides(vec![over.id.clone()])));
            }
        },
    );
}

/// The details, and how it ended if it did before its time.
fn told(over: &Override, state: &State) -> String {
    let details = details(over, state);
    let Some(ended) = &over.ended else { return details };
    let at = moment_near(&ended.at.with_timezone(&decision::zone(state)), state.now);
    format!("{details} · {}", capital(&format!("ended by {}, {at}", ended.by)))
}
