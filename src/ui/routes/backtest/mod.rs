//! What the calls of the last weeks would have been answered by the draft: the page with each call that
//! is answered otherwise, and what the publish dialog and the editor of a rule say of it.

mod asking;
mod found;
mod of_rule;
mod rows;
mod sides;

use std::sync::Arc;

use egui::Ui;

use crate::service::backtest::{Backtest, Made, Reach};
use crate::service::messages::BacktestState;
use crate::ui::app::{Actions, State};
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, Screen, segmented};
pub(crate) use asking::Asking;
pub(crate) use found::{NO_CALLS, waiting_ui};
pub(super) use of_rule::of_rule_ui;

/// The page, while it is open.
#[derive(Default)]
pub(super) struct BacktestPage {
    asking: Asking,
    reach: Reach,
    open: Option<Open>,
}

/// The call that is looked into, and what both tables make of it.
struct Open {
    call: i64,
    /// By which backtest.
    of: Arc<Backtest>,
    made: [Made; 2],
}

impl BacktestPage {
    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        self.asking.ask(state, None, self.reach, actions);
        let known = state.backtest().filter(|known| known.reach == self.reach).map(|known| &known.state);
        let found = match known {
            Some(BacktestState::Done(found)) => Some(found),
            _ => None,
        };
        self.bring_up_to(found);
        if let Some(open) = &self.open {
            if sides::page_ui(ui, state, open, actions) {
                self.open = None;
            }
            return true;
        }
        let (mut back, mut stops) = (false, false);
        let mut opened = None;
        let mut reach = self.reach;
        let about =
            "Past calls, decided again by the draft and by the live table with what was known of them then";
        Screen::new("Backtest", about).show(
            ui,
            |ui| {
                back = super::back_button(ui);
                // From the right, as all is here.
                segmented(ui, &mut reach, &[(Reach::Year, "A year"), (Reach::Month, "30 days")]);
            },
            |ui| match known {
                _ if !state.problems.is_empty() => found::problems_ui(ui),
                Some(BacktestState::Done(found)) => opened = found::found_ui(ui, state, found),
                Some(BacktestState::Failed(why)) => found::failed_ui(ui, why),
                Some(BacktestState::Running { done, total }) => {
                    waiting_ui(ui, *done, *total);
                    // The last days take less than a second.
                    stops = self.reach == Reach::Year
                        && ui.add(Button::secondary("Stop").with_icon(icons::X)).clicked();
                }
                None if state.total_calls == 0 => found::nothing_ui(ui, NO_CALLS),
                None => waiting_ui(ui, 0, 0),
            },
        );
        if let Some((call, of)) = opened.zip(found) {
            self.open = Open::of(call, of);
        }
        self.reach = if stops { Reach::Month } else { reach };
        if back && self.reach != Reach::default() {
            // So that it is not gone on with for nobody, and others find what they go by.
            self.asking.ask(state, None, Reach::default(), actions);
        }
        !back
    }

    /// Looks into the open call anew, should there be a newer result.
    fn bring_up_to(&mut self, found: Option<&Arc<Backtest>>) {
        let Some(open) = &self.open else { return };
        match found {
            Some(found) if Arc::ptr_eq(found, &open.of) => {}
            Some(found) => self.open = Open::of(open.call, found),
            None => self.open = None,
        }
    }
}

impl Open {
    fn of(call: i64, of: &Arc<Backtest>) -> Option<Self> {
        let changed = of.changed.iter().find(|changed| changed.call.id == call)?;
        Some(Self { call, of: of.clone(), made: of.look_into(changed) })
    }
}
