//! A rule for one caller, made from a call.

use serde_json::json;

use crate::routing::{Action as Outcome, AnyOf, Outcome as Then, Rule, Table, Test, fresh_id, fresh_name};
use crate::storage::call_log::Summary;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::icons;
use crate::ui::widgets::Button;

/// Draws the button. There is none for a caller whose number is not known.
pub(super) fn new_rule_ui(ui: &mut egui::Ui, state: &State, call: &Summary, actions: &mut Actions) {
    let Some(number) = call.from.as_deref().filter(|number| number.starts_with('+')) else { return };
    let button = Button::secondary("New rule").with_icon(icons::ROUTE).small();
    let about = "Adds a rule for this caller above all others of the draft, and opens it";
    if ui.add(button.tooltip(about)).clicked() {
        let caller = call.caller_name.clone().unwrap_or_else(|| state.number_in_name(Some(number)));
        let (table, id) = with_rule(&state.draft, call, number, &format!("Calls from {caller}"));
        actions.push(Action::Edit { what: format!("Add a rule for {caller}"), table });
        actions.push(Action::OpenRule(id));
    }
}

/// The table with a rule on top that answers this caller as the call was answered, and its id.
fn with_rule(draft: &Table, call: &Summary, number: &str, name: &str) -> (Table, String) {
    let mut table = draft.clone();
    let name = fresh_name(name, |name| table.rules.iter().any(|rule| rule.name == name));
    let id = fresh_id(&name, table.rules.iter().map(|rule| rule.id.as_str()));
    let agent = call.agent_id.as_deref().filter(|id| table.agents.iter().any(|agent| agent.id == *id));
    let action = match call.outcome.as_str() {
        "keep" => Outcome::Keep,
        "reject" => Outcome::Reject,
        // An agent that is gone is still to be chosen.
        _ => Outcome::Connect { agent: agent.unwrap_or_default().to_owned(), version: None },
    };
    let is_number =
        Test { condition: "caller.number".into(), not: false, settings: json!({ "numbers": [number] }) };
    let rule = Rule {
        id: id.clone(),
        name,
        note: String::new(),
        enabled: true,
        from: None,
        until: None,
        when: vec![AnyOf::from(is_number)],
        then: Then { action, ..Then::default() },
    };
    table.rules.insert(0, rule);
    (table, id)
}
