//! Spans of time up to the call: "10 minutes", and the facts that count calls in them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::routing::{Outcome, Table};

/// Names of facts that count begin like this: `history.calls_30d`.
const FACT: &str = "history.calls_";

/// Windows that are counted whether a rule asks for them or not.
const ALWAYS: [Window; 4] = [
    Window { within: 1, unit: Unit::Hours },
    Window { within: 24, unit: Unit::Hours },
    Window { within: 7, unit: Unit::Days },
    Window { within: 30, unit: Unit::Days },
];

/// The time before a call, this long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub(in crate::plugins) struct Window {
    /// How many of the unit.
    #[serde(default)]
    pub(in crate::plugins) within: u32,
    #[serde(default)]
    pub(in crate::plugins) unit: Unit,
}

/// What a window is measured in. A day is 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::plugins) enum Unit {
    Minutes,
    Hours,
    #[default]
    Days,
}

impl Unit {
    pub(super) const ALL: [Self; 3] = [Self::Minutes, Self::Hours, Self::Days];

    fn ms(self) -> i64 {
        match self {
            Self::Minutes => 60_000,
            Self::Hours => 3_600_000,
            Self::Days => 86_400_000,
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Minutes => 'm',
            Self::Hours => 'h',
            Self::Days => 'd',
        }
    }

    /// "minutes".
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }
}

impl Window {
    /// The longest, in its unit: no log reaches back further than ten years.
    const LONGEST: u32 = 5_256_000;

    /// A window that can be asked for. The error is a sentence for the owner.
    pub(in crate::plugins) fn check(self) -> Result<Self, String> {
        if self.within == 0 {
            return Err("no time is given; write how many minutes, hours or days".into());
        }
        if self.ms() > i64::from(Self::LONGEST) * Unit::Minutes.ms() {
            return Err(format!("{} is longer than ten years; choose a shorter time", self.words()));
        }
        Ok(self)
    }

    pub(in crate::plugins) fn ms(self) -> i64 {
        i64::from(self.within) * self.unit.ms()
    }

    /// "10 minutes", "1 hour".
    pub(in crate::plugins) fn words(self) -> String {
        let words = self.unit.words();
        let words = if self.within == 1 { words.trim_end_matches('s') } else { words };
        format!("{} {words}", self.within)
    }

    /// The name of the fact that counts the calls in it.
    pub(super) fn fact(self) -> String {
        format!("{FACT}{}{}", self.within, self.unit.letter())
    }

    /// The window of which a text that begins here names the fact.
    fn named_at(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(FACT)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = Unit::ALL.into_iter().find(|unit| rest[digits..].starts_with(unit.letter()))?;
        let window = Self { within: rest[..digits].parse().ok()?, unit };
        // Names are written in one way only, so "007d" names nothing.
        window.check().ok().filter(|window| text.starts_with(&window.fact()))
    }
}

/// The windows in which calls must be counted for this table: its conditions, comparisons and
/// variables name them.
pub(super) fn windows_of(table: &Table) -> BTreeSet<Window> {
    let mut windows = BTreeSet::from(ALWAYS);
    for rule in &table.rules {
        for test in rule.when.iter().flat_map(|group| &group.any_of) {
            if test.condition == "history.repeat"
                && let Ok(window) = serde_json::from_value::<Window>(test.settings.clone())
            {
                windows.extend(window.check());
            }
            named_in_value(&test.settings, &mut windows);
        }
        named_in_outcome(&rule.then, &mut windows);
    }
    named_in_outcome(&table.fallback, &mut windows);
    windows
}

fn named_in_outcome(outcome: &Outcome, windows: &mut BTreeSet<Window>) {
    for text in outcome.variables.values() {
        named_in_text(text, windows);
    }
}

fn named_in_value(value: &Value, windows: &mut BTreeSet<Window>) {
    match value {
        Value::String(text) => named_in_text(text, windows),
        Value::Array(items) => items.iter().for_each(|item| named_in_value(item, windows)),
        Value::Object(fields) => fields.values().for_each(|field| named_in_value(field, windows)),
        _ => {}
    }
}

fn named_in_text(text: &str, windows: &mut BTreeSet<Window>) {
    windows.extend(text.match_indices(FACT).filter_map(|(at, _)| Window::named_at(&text[at..])));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_says_which_windows_it_needs() {
        let mut table = Table::empty("US", "America/New_York");
        assert_eq!(windows_of(&table).len(), ALWAYS.len());
        table.rules = serde_json::from_value(json!([{
            "id": "a", "name": "A",
            "when": [
                { "any_of": [{ "condition": "history.repeat", "settings": { "nth": 4, "within": 10, "unit": "minutes" } }] },
                { "any_of": [{ "condition": "fact.compare", "settings": { "fact": "history.calls_90d" } }] },
                { "any_of": [{ "condition": "history.repeat", "settings": { "nth": 4, "within": 0, "unit": "hours" } }] },
            ],
            "then": { "action": "keep", "variables": { "times": "{{history.calls_2h|0}} and {{history.calls_007d}} {{history.calls_0d}} {{history.calls_é}}" } },
        }]))
        .unwrap();
        let more: Vec<String> = windows_of(&table)
            .into_iter()
            .filter(|window| !ALWAYS.contains(window))
            .map(Window::fact)
            .collect();
        assert_eq!(more, ["history.calls_2h", "history.calls_10m", "history.calls_90d"]);
    }

    #[test]
    fn windows_are_said_as_people_say_them() {
        let window = |within, unit| Window { within, unit };
        assert_eq!(window(1, Unit::Hours).words(), "1 hour");
        assert_eq!(window(30, Unit::Days).words(), "30 days");
        assert!(window(0, Unit::Days).check().is_err());
        assert!(window(3651, Unit::Days).check().is_err());
        assert!(window(u32::MAX, Unit::Days).check().is_err());
    }
}
