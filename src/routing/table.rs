//! The routing table: all that the owner edits and publishes, in one JSON file.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::checks::Dismissed;
use super::rule::{is_true, yes};
use super::{Action, Agent, Outcome, Rule, Share, TestCase};

/// The number of the file format that this program writes.
pub const FORMAT: u32 = 1;

/// Lines, agents, schedules, lists, look-ups in use, ordered rules, and the fallback that always
/// matches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The file format; see [`FORMAT`].
    pub format: u32,
    /// The home country as two letters (`US`): how numbers without a country code are read,
    /// and which ones are shown the short way.
    pub country: String,
    /// The business's own time zone (`America/New_York`).
    pub zone: String,
    /// Languages that callers from a country speak, where the owner knows better than the
    /// program: two letters each, such as `CH` and `fr`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub languages: BTreeMap<String, String>,
    /// The owner's phone numbers.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// The agents that calls can go to.
    #[serde(default)]
    pub agents: Vec<Agent>,
    /// Opening hours that rules share.
    #[serde(default)]
    pub schedules: Vec<Schedule>,
    /// Callers that rules treat alike, such as a block list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<List>,
    /// What is asked about each call besides what every plugin knows by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub look_ups: Vec<UsedLookUp>,
    /// Which earlier calls of a caller count.
    #[serde(default, skip_serializing_if = "is_default")]
    pub history: Counting,
    /// Looked at from the top; the first that matches wins.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What happens when no rule matches.
    #[serde(default)]
    pub fallback: Outcome,
    /// What must stay true whatever is changed; looked at before the table is published.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub test_cases: Vec<TestCase>,
    /// Findings of the checks that the owner put aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dismissed: Vec<Dismissed>,
}

/// One of the owner's phone numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Unique in the table; never shown.
    pub id: String,
    /// What the owner calls it: "Main line".
    pub name: String,
    /// The number in E.164: `+14155550123`.
    pub number: String,
}

/// Opening hours with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Unique in the table; never shown.
    pub id: String,
    /// What the owner calls it: "Office hours".
    pub name: String,
    /// The time zone it is told in, if other than the table's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The hours as OpenStreetMap opening-hours text: `Mo-Fr 09:00-17:00; PH off`.
    pub hours: String,
    /// Which public holidays `PH` in the hours stands for.
    #[serde(default, skip_serializing_if = "Holidays::is_default")]
    pub holidays: Holidays,
}

/// Which public holidays count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// The country as two letters, if other than the table's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The region of the country, by its own code (`BY`), if its holidays count too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Holidays that do not count, by name: "Columbus Day".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

impl Holidays {
    /// Whether these are all holidays of the table's country.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Callers with a name: "Block list".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Unique in the table; never shown.
    pub id: String,
    /// What the owner calls it: "Block list".
    pub name: String,
    /// A remark for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who is on it. Shared, so that a table with very long lists is copied quickly.
    #[serde(default)]
    pub entries: Arc<Vec<Entry>>,
}

/// One caller, or a group of callers, on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// A number (`+14155552671`), the beginning of numbers (`+49*`), a number with `?` for any
    /// digit (`+1202555????`), or a country (`country:DE`). Anything else is kept as it is
    /// written and stands for nobody.
    pub what: String,
    /// A remark for people: "robocaller".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The day it was put on the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<NaiveDate>,
    /// The last day on which it counts, in the table's zone; without one, always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// A look-up in use: a plugin that is asked about each call, with settings of its own. The same
/// plugin can be used several times, such as for two contact files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsedLookUp {
    /// Unique in the table; never shown.
    pub id: String,
    /// What the owner calls it: "Customers".
    pub name: String,
    /// The id of the plugin that is asked.
    pub plugin: String,
    /// Whether it is asked.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
    /// What the plugin needs to know.
    #[serde(default)]
    pub settings: serde_json::Value,
}

/// Which earlier calls count where rules ask how often, or when, a caller called before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// Calls that were rejected are passed over, as if they had not been made.
    #[serde(default)]
    pub without_rejected: bool,
}

/// For what is not written where it is as usual.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Table {
    /// The business's time zone; UTC if the table names one that does not exist.
    #[must_use]
    pub fn time_zone(&self) -> Tz {
        self.zone.parse().unwrap_or(Tz::UTC)
    }

    /// A table without lines, agents or rules, whose fallback keeps each line's own agent.
    #[must_use]
    pub fn empty(country: impl Into<String>, zone: impl Into<String>) -> Self {
        Self {
            format: FORMAT,
            country: country.into(),
            zone: zone.into(),
            languages: BTreeMap::new(),
            lines: Vec::new(),
            agents: Vec::new(),
            schedules: Vec::new(),
            lists: Vec::new(),
            look_ups: Vec::new(),
            history: Counting::default(),
            rules: Vec::new(),
            fallback: Outcome::default(),
            test_cases: Vec::new(),
            dismissed: Vec::new(),
        }
    }

    /// The line with this id.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// The line with this number.
    #[must_use]
    pub fn line_by_number(&self, number: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.number == number)
    }

    /// The agent with this id.
    #[must_use]
    pub fn agent(&self, id: &str) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.id == id)
    }

    /// The schedule with this id.
    #[must_use]
    pub fn schedule(&self, id: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| schedule.id == id)
    }

    /// The list with this id.
    #[must_use]
    pub fn list(&self, id: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.id == id)
    }

    /// The look-up in use with this id.
    #[must_use]
    pub fn look_up(&self, id: &str) -> Option<&UsedLookUp> {
        self.look_ups.iter().find(|used| used.id == id)
    }

    /// The outcomes of all rules, with the rules' ids, and of the fallback, which has none.
    pub fn outcomes(&self) -> impl Iterator<Item = (&str, &Outcome)> {
        let of_rules = self.rules.iter().map(|rule| (rule.id.as_str(), &rule.then));
        of_rules.chain([("", &self.fallback)])
    }

    /// The agents who share calls, with the id of the rule; the fallback has none.
    pub fn shares(&self) -> impl Iterator<Item = (&str, &Share)> {
        self.outcomes().filter_map(|(rule, outcome)| match &outcome.action {
            Action::Share(share) => Some((rule, share)),
            _ => None,
        })
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// This name, with the first number behind it that makes it free where it is taken: "Reception 2".
pub fn fresh_name(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    let mut count = 1;
    while is_taken(&name) {
        count += 1;
        name = format!("{wanted} {count}");
    }
    name
}

/// An id made from a name that none of `taken` has: "Office hours" gives `office-hours`, then
/// `office-hours-2`. Readable, so that a table's file can be read by people.
pub fn fresh_id<'a>(name: &str, taken: impl IntoIterator<Item = &'a str>) -> String {
    let taken: HashSet<&str> = taken.into_iter().collect();
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let base = if words.is_empty() { "unnamed".to_owned() } else { words.join("-") };
    let mut id = base.clone();
    let mut count = 1;
    while taken.contains(id.as_str()) {
        count += 1;
        id = format!("{base}-{count}");
    }
    id
}
