//! What the draft changes for the calls of the last days.

use egui::{Label, Ui};

use super::section::{Standing, section_ui, sentence_ui};
use crate::service::backtest::{Backtest, Reach};
use crate::service::messages::BacktestState;
use crate::ui::app::{Action, Actions, State};
use crate::ui::routes::backtest::{Asking, NO_CALLS, waiting_ui};
use crate::ui::theme::{Tone, icons, text};
use crate::ui::widgets::{Button, capital};

/// Draws it. Says whether the person went to see more.
pub(super) fn ui(ui: &mut Ui, state: &State, asking: &mut Asking, actions: &mut Actions) -> bool {
    asking.ask(state, None, Reach::Month, actions);
    let known = state.backtest().map(|known| &known.state);
    let goes = section_ui(ui, "Past calls", standing(state, known).as_ref(), |ui| match known {
        Some(BacktestState::Done(found)) => found_ui(ui, found),
        Some(BacktestState::Running { done, total }) => {
            waiting_ui(ui, *done, *total);
            false
        }
        Some(BacktestState::Failed(why)) => {
            sentence_ui(ui, &capital(why));
            false
        }
        None => {
            if state.total_calls == 0 {
                sentence_ui(ui, NO_CALLS);
            }
            false
        }
    });
    if goes {
        actions.push(Action::OpenBacktest);
    }
    goes
}

fn standing(state: &State, known: Option<&BacktestState>) -> Option<Standing> {
    match known {
        None if state.total_calls == 0 => None,
        None | Some(BacktestState::Running { .. }) => Some(Standing::open("Being decided again")),
        Some(BacktestState::Failed(_)) => Some(Standing::open("Not known")),
        Some(BacktestState::Done(found)) => match (found.decided, found.elsewhere()) {
            (0, _) => None,
            (_, 0) => Some(Standing::good("None goes elsewhere")),
            (_, few) => {
                let words =
                    if few == 1 { "1 goes elsewhere".to_owned() } else { format!("{few} go elsewhere") };
                Some(Standing { tone: Tone::Warning, icon: icons::TRIANGLE_ALERT, words })
            }
        },
    }
}

fn found_ui(ui: &mut Ui, found: &Backtest) -> bool {
    ui.add(Label::new(text::body(found.words())).wrap());
    for words in found.groups().iter().map(|groups| capital(groups)).chain(found.remarks()) {
        sentence_ui(ui, &words);
    }
    let show = Button::quiet("See these calls").with_trailing(icons::ARROW_RIGHT).small();
    !found.changed.is_empty() && ui.add(show).clicked()
}
