//! What can be done to the test cases of a table, and the test cases to begin with.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::super::view::mentions;
use crate::routing::{
    Action as RuleAction, Caller, Expected, ExpectedBy, ExpectedOutcome, Outcome, Rule, Table, TestCase,
    number, read_moment, write_moment,
};
use crate::service::{named, reaching};
use crate::storage::call_log::Summary;
use crate::ui::app::{Action, State};
use crate::ui::decision::zone;

/// A number to begin with where no call has come in yet.
const SOME_CALLER: &str = "+14155552671";

/// The digits that a prefix is made whole with; those at its end stand where the prefix has none.
const FILLER: &str = "14155550123";

/// What a person wants of one test case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Duplicate,
    Up,
    Down,
    Delete,
}

/// Does it to the test case at `index`; `None` where nothing changes.
pub(super) fn apply(table: &Table, index: usize, deed: Deed) -> Option<Action> {
    let test = table.test_cases.get(index)?;
    let mut after = table.clone();
    let tests = &mut after.test_cases;
    let what = match deed {
        Deed::Duplicate => {
            let copy = named(TestCase { name: format!("{} (copy)", test.name), ..test.clone() }, table);
            let what = format!("Add test “{}”", copy.name);
            tests.insert(index + 1, copy);
            what
        }
        Deed::Up => {
            tests.swap(index, index.checked_sub(1)?);
            format!("Move test “{}” up", test.name)
        }
        Deed::Down => {
            (index + 1 < tests.len()).then(|| tests.swap(index, index + 1))?;
            format!("Move test “{}” down", test.name)
        }
        Deed::Delete => {
            tests.remove(index);
            format!("Delete test “{}”", test.name)
        }
    };
    Some(Action::Edit { what, table: after })
}

/// Adds a test case at the end.
pub(super) fn add(table: &Table, test: TestCase) -> Action {
    let mut table = table.clone();
    let what = format!("Add test “{}”", test.name);
    table.test_cases.push(test);
    Action::Edit { what, table }
}

/// A test case to begin with: the call that came in last.
pub(super) fn starter(state: &State) -> TestCase {
    let call = state.calls.iter().find(|call| is_genuine(call));
    let expect = expect_of(&state.draft.fallback, None, &state.draft);
    named(of(state, "New test".to_owned(), call, expect), &state.draft)
}

/// A test case for a rule: the last call that it decided, or else one that reaches it as far as one is
/// found, or else one that its conditions speak of.
pub(super) fn for_rule(state: &State, rule: &Rule) -> TestCase {
    let table = &*state.draft;
    let decided =
        state.calls.iter().find(|call| is_genuine(call) && call.rule_id.as_deref() == Some(rule.id.as_str()));
    let expect = expect_of(&rule.then, Some(rule), table);
    let test = of(state, format!("{} decides", rule.name), decided, expect);
    if decided.is_some() {
        return named(test, table);
    }
    let settings = || rule.when.iter().flat_map(|group| &group.any_of).filter(|test| !test.not);
    let line = table.lines.iter().find(|line| settings().any(|test| mentions(&test.settings, &line.id)));
    let on_list = table
        .lists
        .iter()
        .filter(|list| settings().any(|test| mentions(&test.settings, &list.id)))
        .flat_map(|list| list.entries.iter().map(|entry| entry.what.as_str()));
    let named_there = settings().find_map(|test| a_number(&test.settings));
    let mut on_list = on_list.filter_map(number_of);
    let abroad = number::countries().into_iter().map(|(code, _)| code);
    let mut abroad = abroad.filter(|code| settings().any(|test| mentions(&test.settings, code)));
    let number = named_there.or_else(|| on_list.next());
    let number = number.or_else(|| abroad.find_map(|code| number::example(&code)));
    let begins = rule
        .from
        .as_deref()
        .filter(|from| read_moment(from, zone(state)).is_ok_and(|from| from.to_utc() > state.now));
    let guess = TestCase {
        from: number.map_or_else(|| test.from.clone(), Caller::Number),
        to: line.map_or_else(|| test.to.clone(), |line| line.id.clone()),
        at: begins.map_or_else(|| test.at.clone(), str::to_owned),
        ..test
    };
    let callers = [guess.from.clone(), Caller::Number(SOME_CALLER.to_owned()), Caller::Withheld];
    let other_lines = table.lines.iter().map(|line| line.id.clone()).filter(|id| *id != guess.to);
    let lines: Vec<String> = std::iter::once(guess.to.clone()).chain(other_lines.take(1)).collect();
    named(reaching(guess, rule, &callers, &lines, table, &state.registry), table)
}

/// Neither the owner's own try nor something that could not be read.
fn is_genuine(call: &Summary) -> bool {
    !call.is_test && !call.unreadable && call.overruled.is_none()
}

fn of(state: &State, name: String, call: Option<&Summary>, expect: Expected) -> TestCase {
    let table = &*state.draft;
    let now = state.now.with_timezone(&zone(state));
    let at = call.and_then(|call| chrono::DateTime::from_timestamp_millis(call.at_ms));
    let from = match call {
        Some(call) => call.from.clone().map_or(Caller::Withheld, Caller::Number),
        None => Caller::Number(SOME_CALLER.to_owned()),
    };
    let called = call
        .map(|call| table.line_by_number(&call.to).map_or_else(|| call.to.clone(), |line| line.id.clone()));
    let first = || table.lines.first().map(|line| line.id.clone()).unwrap_or_default();
    TestCase {
        id: String::new(),
        name,
        medium: call.map(|call| call.medium).unwrap_or_default(),
        from,
        to: called.unwrap_or_else(first),
        has_default_agent: false,
        headers: BTreeMap::default(),
        at: write_moment(&at.map_or(now, |at| at.with_timezone(&zone(state)))),
        facts: BTreeMap::default(),
        expect,
    }
}

/// What a rule or the fallback does, as what is wanted. A rule that only adds leaves the outcome to
/// those below, at the end to the fallback.
fn expect_of(outcome: &Outcome, rule: Option<&Rule>, table: &Table) -> Expected {
    let own = wanted_of(&outcome.action);
    let by = rule.filter(|_| own.is_some()).map(|rule| ExpectedBy::Rule(rule.id.clone()));
    let wanted = own.or_else(|| wanted_of(&table.fallback.action)).unwrap_or(ExpectedOutcome::Keep);
    Expected { outcome: wanted, by, variables: BTreeMap::new() }
}

/// `None` for what decides nothing. Of several agents, the first is as good a guess as any.
fn wanted_of(action: &RuleAction) -> Option<ExpectedOutcome> {
    match action {
        RuleAction::Connect { agent, .. } => Some(ExpectedOutcome::Connect { agent: agent.clone() }),
        RuleAction::Share(share) => {
            share.agents.first().map(|part| ExpectedOutcome::Connect { agent: part.agent.clone() })
        }
        RuleAction::Keep => Some(ExpectedOutcome::Keep),
        RuleAction::Reject => Some(ExpectedOutcome::Reject),
        RuleAction::GoOn => None,
    }
}

/// The first phone number in the settings of a condition, or one that begins as a prefix there.
fn a_number(settings: &Json) -> Option<String> {
    match settings {
        Json::String(text) => number_of(text),
        Json::Array(items) => items.iter().find_map(a_number),
        Json::Object(fields) => fields.values().find_map(a_number),
        _ => None,
    }
}

/// A whole number as it is, and a prefix such as `+1900*` made whole.
fn number_of(text: &str) -> Option<String> {
    let digits = text.strip_prefix('+')?;
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.strip_suffix('*') {
        Some(start) if is_digits(start) => {
            let filler = FILLER.get(start.len().min(FILLER.len())..).unwrap_or_default();
            Some(format!("+{start}{filler}"))
        }
        None if is_digits(digits) && digits.len() > 4 => Some(text.to_owned()),
        _ => None,
    }
}
