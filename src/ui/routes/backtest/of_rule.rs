//! How many past calls a rule would have matched, while it is edited.

use egui::{Label, Ui};

use super::Asking;
use crate::routing::Rule;
use crate::service::backtest::{OfRule, Reach};
use crate::service::messages::{BacktestState, Backtested};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, text};
use crate::ui::widgets::{Button, section};

/// The section of the editor. It is as high whatever it says, as other fields come below it. One that is
/// switched off matches nothing, and without any calls there is nothing to tell.
pub(in crate::ui::routes) fn of_rule_ui(
    ui: &mut Ui,
    state: &State,
    asking: &mut Asking,
    rule: &Rule,
    actions: &mut Actions,
) {
    if !rule.enabled || state.total_calls == 0 {
        return;
    }
    asking.ask(state, Some(&rule.id), Reach::Month, actions);
    let known = state.backtest().and_then(|known| words(known, rule));
    // What was counted before the last keystroke stays in sight until that is counted.
    let before = || state.backtested.as_ref().and_then(|before| words(before, rule));
    let p = palette(ui);
    let words = match known {
        Some(words) => text::body(words),
        None => text::body(before().unwrap_or_else(|| "Counting…".to_owned())).color(p.text_faint),
    };
    section(ui, "Past calls", "", |ui| {
        ui.add(Label::new(words).wrap());
        let show = Button::quiet("See what the draft changes").with_trailing(icons::ARROW_RIGHT).small();
        if ui.add(show).clicked() {
            actions.push(Action::OpenBacktest);
        }
    });
}

/// What a backtest says of a rule; `None` as long as it says nothing.
fn words(known: &Backtested, rule: &Rule) -> Option<String> {
    match &known.state {
        BacktestState::Running { .. } => None,
        BacktestState::Failed(_) => Some("Known once everything in the table is put right".to_owned()),
        BacktestState::Done(found) => {
            let of_rule: &OfRule = found.rule.as_ref().filter(|of_rule| of_rule.id == rule.id)?;
            if found.decided == 0 {
                return Some(found.words());
            }
            let has_dates = rule.from.is_some() || rule.until.is_some();
            let dates = if has_dates { ". Only calls within its dates count" } else { "" };
            Some(format!("{}{dates}", of_rule.words(found)))
        }
    }
}
