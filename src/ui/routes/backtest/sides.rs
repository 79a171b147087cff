//! A call looked into: what really happened, and beside each other what both tables make of it.

use egui::{Label, Ui};

use super::Open;
use crate::service::backtest::{Fate, Made};
use crate::ui::app::{Actions, State};
use crate::ui::calls::story;
use crate::ui::decision;
use crate::ui::theme::{icons, space, text};
use crate::ui::widgets::{Button, OutcomeKind, Screen, outcome_badge, phrase, safe_text, section};

/// From this width on, in points, both stand beside each other.
const WIDE: f32 = 680.0;

/// Draws it. Says whether it was left.
pub(super) fn page_ui(ui: &mut Ui, state: &State, open: &Open, actions: &mut Actions) -> bool {
    let Some(changed) = open.of.changed.iter().find(|changed| changed.call.id == open.call) else {
        return true;
    };
    let [live, draft] = &open.made;
    let mut back = false;
    let about = "What the live table and the draft make of this call, with what was known of it then";
    Screen::new("A past call", about).wide().show(
        ui,
        |ui| {
            let button = Button::secondary("Backtest").with_icon(icons::CHEVRON_LEFT);
            back = ui.add(button.name("Back to the backtest")).clicked();
        },
        |ui| {
            let really = format!("What really happened, by version {}", changed.call.version);
            section(ui, &really, "", |ui| {
                phrase(ui, story::sentence(state, &changed.call, None).parts());
            });
            let name = format!("Live v{}", state.live.version);
            if ui.available_width() < WIDE {
                side_ui(ui, state, &name, live, actions);
                side_ui(ui, state, "Draft", draft, actions);
            } else {
                ui.columns(2, |columns| {
                    side_ui(&mut columns[0], state, &name, live, actions);
                    side_ui(&mut columns[1], state, "Draft", draft, actions);
                });
            }
        },
    );
    back
}

fn side_ui(ui: &mut Ui, state: &State, title: &str, made: &Made, actions: &mut Actions) {
    let Made { decision, fate, effect, facts } = made;
    ui.push_id(title, |ui| {
        section(ui, title, "", |ui| {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().interact_size.y = 24.0;
                outcome_badge(
                    ui,
                    match fate {
                        Fate::OneOf(_) => OutcomeKind::Share,
                        Fate::Agent { .. } | Fate::OwnAgent | Fate::Nobody => {
                            decision::kind(&decision.action)
                        }
                    },
                );
                ui.add(Label::new(text::strong(safe_text(effect)).line_height(Some(24.0))).wrap());
            });
            phrase(ui, decision::by(&decision.by).parts());
            decision::part(ui, "What the agent is told", |ui| {
                decision::variables_ui(ui, &decision.variables);
            });
            decision::part(ui, "Rules, from the top", |ui| decision::trace_ui(ui, state, decision, actions));
            if !decision.notes.is_empty() {
                decision::part(ui, "Worth knowing", |ui| {
                    for note in &decision.notes {
                        decision::quiet(ui, &safe_text(note));
                    }
                });
            }
            decision::part(ui, "What is known", |ui| decision::facts_ui(ui, state, facts));
            ui.add_space(space::XS);
        });
    });
}
