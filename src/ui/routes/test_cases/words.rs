//! A test case in words.

use crate::routing::{
    Caller, Expected, ExpectedBy, ExpectedOutcome, Medium, Table, TestCase, moment_words, read_moment,
};
use crate::ui::app::State;
use crate::ui::decision::zone;
use crate::ui::widgets::safe_text;

/// "A call from (415) 555-2671 to Main line on Wed 25 Nov 2026, 10:00 → Reception".
pub(super) fn sentence(test: &TestCase, state: &State) -> String {
    let what = match test.medium {
        Medium::Call => "A call",
        Medium::Text => "A text",
    };
    let from = match &test.from {
        Caller::Number(number) => state.number(Some(number)),
        Caller::Withheld => "a hidden number".to_owned(),
    };
    let to =
        state.draft.line(&test.to).map_or_else(|| state.number(Some(&test.to)), |line| line.name.clone());
    let at = read_moment(&test.at, zone(state)).map_or_else(|_| test.at.clone(), |at| moment_words(&at));
    let facts = match test.facts.len() {
        0 => String::new(),
        1 => ", one fact given".to_owned(),
        n => format!(", {n} facts given"),
    };
    let sentence =
        format!("{what} from {from} to {to} on {at}{facts} → {}", expected(&test.expect, &state.draft));
    safe_text(&sentence).into_owned()
}

/// What must come of it: "Reception, by rule “Office hours”".
fn expected(expect: &Expected, table: &Table) -> String {
    let outcome = outcome(&expect.outcome, table);
    match &expect.by {
        None => outcome,
        Some(ExpectedBy::Fallback) => format!("{outcome}, by the fallback"),
        Some(ExpectedBy::Rule(id)) => match table.rule(id) {
            Some(rule) => format!("{outcome}, by rule “{}”", rule.name),
            None => format!("{outcome}, by a rule that is gone"),
        },
    }
}

/// Who must answer.
pub(super) fn outcome(outcome: &ExpectedOutcome, table: &Table) -> String {
    match outcome {
        ExpectedOutcome::Connect { agent } => {
            table.agent(agent).map_or_else(|| "an agent that is gone".to_owned(), |agent| agent.name.clone())
        }
        ExpectedOutcome::Keep => "the line's own agent".to_owned(),
        ExpectedOutcome::Reject => "rejected".to_owned(),
    }
}
