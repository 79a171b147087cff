//! What the draft changes for the calls of the last weeks.

use egui::Ui;

use crate::service::backtest::Reach;
use crate::service::messages::BacktestState;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::routes::backtest::{Asking, NO_CALLS, summary_ui, waiting_ui};
use crate::ui::theme::{icons, space};
use crate::ui::widgets::{Button, safe_text};

/// Draws it; nothing while the draft cannot decide calls. Says whether the person went to see more.
pub(super) fn section_ui(ui: &mut Ui, state: &State, asking: &mut Asking, actions: &mut Actions) -> bool {
    if !state.problems.is_empty() {
        return false;
    }
    asking.ask(state, None, Reach::Month, actions);
    let mut goes = false;
    ui.add_space(space::S);
    ui.scope(|ui| match state.backtest().map(|known| &known.state) {
        None if state.total_calls == 0 => decision::quiet(ui, NO_CALLS),
        None => waiting_ui(ui, 0, 0),
        Some(BacktestState::Running { done, total }) => waiting_ui(ui, *done, *total),
        Some(BacktestState::Failed(why)) => decision::quiet(ui, &safe_text(why)),
        Some(BacktestState::Done(found)) => {
            summary_ui(ui, found);
            if !found.changed.is_empty() {
                let show = Button::quiet("See these calls").with_trailing(icons::ARROW_RIGHT).small();
                goes = ui.add(show).clicked();
            }
        }
    });
    if goes {
        actions.push(Action::OpenBacktest);
    }
    goes
}
