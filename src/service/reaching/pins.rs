//! What has to be known of a call for a rule's conditions to hold, where somebody would have to be asked
//! for it: a value is found by trying those that the condition's settings speak of.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;

use crate::plugins::{FactInfo, Registry};
use crate::routing::{Answer, Call, Condition, Facts, Kind, Rule, Table, TestCase, Value, Vocabulary};

/// Facts with which each condition of the rule that looks at facts holds, beside those that the guess
/// has; `None` where none are found.
pub(super) fn of(
    rule: &Rule,
    guess: &TestCase,
    table: &Table,
    registry: &Registry,
    at: DateTime<Utc>,
) -> Option<BTreeMap<String, Value>> {
    let infos = registry.facts(table);
    let call = guess.call(table);
    let mut pinned = guess.facts.clone();
    for group in &rule.when {
        let found = group.any_of.iter().find_map(|test| {
            let condition = registry.condition(test, table).ok()?;
            let wanted = if test.not { Answer::No } else { Answer::Yes };
            let tried = Tried { condition: &*condition, call: &call, at, wanted };
            tried.facts(&test.settings, &infos)
        });
        pinned.extend(found.unwrap_or_default());
    }
    (pinned != guess.facts).then_some(pinned)
}

struct Tried<'a> {
    condition: &'a dyn Condition,
    call: &'a Call,
    at: DateTime<Utc>,
    wanted: Answer,
}

impl Tried<'_> {
    /// One of the facts that the condition looks at, or else all of them.
    fn facts(&self, settings: &Json, infos: &BTreeMap<String, FactInfo>) -> Option<BTreeMap<String, Value>> {
        let mut spoken_of = Vec::new();
        scalars(settings, &mut spoken_of);
        let names = self.condition.facts();
        let values: Vec<Vec<Value>> =
            names.iter().map(|name| values(infos.get(name), &spoken_of, self.at)).collect();
        let single = names.iter().zip(&values).find_map(|(name, values)| {
            let mut each = values.iter().map(|value| BTreeMap::from([(name.clone(), value.clone())]));
            each.find(|facts| self.holds(facts))
        });
        single.or_else(|| {
            let most = values.iter().map(Vec::len).max().unwrap_or_default();
            let all = |place: usize| {
                let value = |values: &Vec<Value>| values.get(place).or(values.last()).cloned();
                names.iter().cloned().zip(&values).filter_map(|(name, of)| Some((name, value(of)?))).collect()
            };
            (0..most).map(all).find(|facts| self.holds(facts))
        })
    }

    fn holds(&self, pinned: &BTreeMap<String, Value>) -> bool {
        let mut facts = Facts::default();
        for (name, value) in pinned {
            facts.set(name, value.clone());
        }
        self.condition.answer(self.call, &facts, self.at) == self.wanted
    }
}

/// Texts and numbers in settings.
fn scalars(settings: &Json, into: &mut Vec<Json>) {
    match settings {
        Json::Array(items) => items.iter().for_each(|item| scalars(item, into)),
        Json::Object(fields) => fields.values().for_each(|field| scalars(field, into)),
        Json::String(_) | Json::Number(_) => into.push(settings.clone()),
        Json::Null | Json::Bool(_) => {}
    }
}

/// Values that a fact might have, those first that are spoken of.
fn values(info: Option<&FactInfo>, spoken_of: &[Json], at: DateTime<Utc>) -> Vec<Value> {
    let texts = spoken_of.iter().rev().filter_map(Json::as_str).map(str::to_owned);
    let texts: Vec<String> = texts.chain(info.map(|info| info.example.clone())).collect();
    let numbers = spoken_of.iter().filter_map(|value| match value {
        Json::String(text) => text.parse().ok(),
        other => other.as_f64(),
    });
    let numbers = numbers.flat_map(|number: f64| [number, number + 1.0, number - 1.0]).chain([0.0]);
    let texts = || texts.iter().cloned();
    match info.map(|info| info.kind) {
        Some(Kind::YesNo) => [true, false].map(Value::YesNo).into(),
        Some(Kind::Number) => numbers.filter(|number| number.is_finite()).map(Value::Number).collect(),
        Some(Kind::Time) => {
            let around =
                [TimeDelta::hours(-1), TimeDelta::hours(1), TimeDelta::days(-400), TimeDelta::days(400)];
            around.map(|by| Value::Time((at + by).fixed_offset())).into()
        }
        Some(Kind::List) => texts().map(|text| Value::List(vec![text])).collect(),
        Some(Kind::Text) | None => texts().map(Value::Text).collect(),
    }
}
