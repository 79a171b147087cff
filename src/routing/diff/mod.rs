//! What differs between two tables, in sentences for the owner. Things are the same thing where
//! they have the same id; each difference is told once, by its own name, and nothing differs
//! exactly where nothing is told.
//!
//! Every table, rule and part is taken apart field by field, so that a new field is not compiled
//! until it has words here. `settings::differences` has words for any JSON value.

mod outcome;
mod pairs;
mod parts;
mod rule;
mod settings;

use serde::{Deserialize, Serialize};

use super::number::country_name;
use super::{Table, Vocabulary};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened to it.
    pub kind: ChangeKind,
    /// What it is about.
    pub about: About,
    /// The id of the thing, where there are several of its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// A sentence without a full stop: "Rule “Block list” moved above “VIP”".
    pub words: String,
}

/// What happened to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there before.
    New,
    /// It is no longer there.
    Gone,
    /// It is another now.
    Changed,
    /// It stands at another place.
    Moved,
}

/// What kind of thing a difference is about, in the order they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A rule.
    Rule,
    /// What happens to all other calls.
    Fallback,
    /// A list of callers.
    List,
    /// Opening hours.
    Schedule,
    /// A phone number of the owner's.
    Line,
    /// A voice agent.
    Agent,
    /// What is asked about each call.
    LookUp,
    /// A test case.
    TestCase,
    /// The business as a whole: country, time zone.
    Business,
}

impl About {
    /// The heading over such differences.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Rule => "Rules",
            Self::Fallback => "All other calls",
            Self::List => "Lists",
            Self::Schedule => "Schedules",
            Self::Line => "Lines",
            Self::Agent => "Agents",
            Self::LookUp => "Look-ups",
            Self::TestCase => "Test cases",
            Self::Business => "Business",
        }
    }
}

/// How many differences there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Things that were not there before.
    #[serde(default)]
    pub new: usize,
    /// Things that are no longer there.
    #[serde(default)]
    pub gone: usize,
    /// Things that are other than before.
    #[serde(default)]
    pub changed: usize,
    /// Things at another place.
    #[serde(default)]
    pub moved: usize,
}

impl Counts {
    /// Counts differences.
    #[must_use]
    pub fn of(changes: &[Change]) -> Self {
        let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
        Self {
            new: count(ChangeKind::New),
            gone: count(ChangeKind::Gone),
            changed: count(ChangeKind::Changed),
            moved: count(ChangeKind::Moved),
        }
    }

    /// "2 new, 1 moved, 3 changed"; "no changes" where there are none.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { new, gone, changed, moved } = *self;
        let parts = [(new, "new"), (gone, "gone"), (moved, "moved"), (changed, "changed")];
        let words: Vec<String> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
        if words.is_empty() { "no changes".to_owned() } else { words.join(", ") }
    }
}

/// Everything that changes when `to` takes the place of `from`. Empty exactly where they are equal.
#[must_use]
pub fn changes(from: &Table, to: &Table, vocabulary: &dyn Vocabulary) -> Vec<Change> {
    let sides = Sides { from, to, vocabulary };
    let mut told = Vec::new();
    // Told in the order of `About`.
    let Table {
        format,
        country,
        zone,
        languages,
        lines,
        agents,
        schedules,
        lists,
        look_ups,
        history,
        rules,
        fallback,
        test_cases,
        dismissed,
    } = from;
    rule::rules(&mut told, sides, rules, &to.rules);
    let mut tell = Tell { told: &mut told, about: About::Fallback, id: None, subject: "The fallback".into() };
    outcome::outcome(&mut tell, sides, fallback, &to.fallback);
    parts::lists(&mut told, sides, lists, &to.lists);
    parts::schedules(&mut told, sides, schedules, &to.schedules);
    parts::lines(&mut told, sides, lines, &to.lines);
    parts::agents(&mut told, agents, &to.agents);
    parts::look_ups(&mut told, look_ups, &to.look_ups);
    parts::test_cases(&mut told, test_cases, &to.test_cases);
    let whole = [
        ("home country", or_none(country_words(&to.country)), or_none(country_words(country))),
        ("time zone", or_none(&to.zone), or_none(zone)),
        ("file's format", to.format.to_string(), format.to_string()),
    ];
    for (what, new, old) in whole.into_iter().filter(|(_, new, old)| new != old) {
        let words = format!("The {what} is now {new} (was {old})");
        told.push(Change { kind: ChangeKind::Changed, about: About::Business, id: None, words });
    }
    parts::languages(&mut told, languages, &to.languages);
    if *dismissed != to.dismissed {
        let words = "What was put aside of the checks is changed".to_owned();
        told.push(Change { kind: ChangeKind::Changed, about: About::Business, id: None, words });
    }
    if *history != to.history {
        let count = if to.history.without_rejected { "no longer count" } else { "now count" };
        let words = format!("Rejected calls {count} as earlier calls");
        told.push(Change { kind: ChangeKind::Changed, about: About::Business, id: None, words });
    }
    told
}

/// The two tables and how their conditions are put in words.
#[derive(Clone, Copy)]
struct Sides<'a> {
    from: &'a Table,
    to: &'a Table,
    vocabulary: &'a dyn Vocabulary,
}

/// Tells differences of one thing.
struct Tell<'a> {
    told: &'a mut Vec<Change>,
    about: About,
    id: Option<String>,
    /// How sentences about it begin: "Rule “Block list”".
    subject: String,
}

impl Tell<'_> {
    /// What happened, without the subject: "is new".
    fn say(&mut self, kind: ChangeKind, rest: &str) {
        let words = format!("{} {rest}", self.subject);
        self.sentence(kind, words);
    }

    fn changed(&mut self, rest: &str) {
        self.say(ChangeKind::Changed, rest);
    }

    fn sentence(&mut self, kind: ChangeKind, words: String) {
        self.told.push(Change { kind, about: self.about, id: self.id.clone(), words });
    }

    /// A remark for people, which may be empty.
    fn note(&mut self, from: &str, to: &str) {
        match (from.is_empty(), to.is_empty()) {
            _ if from == to => {}
            (true, _) => self.changed(&format!("has the note “{}” now", shown(to))),
            (_, true) => self.changed(&format!("no longer has the note “{}”", shown(from))),
            _ => self.changed(&format!("has the note “{}” now (was “{}”)", shown(to), shown(from))),
        }
    }
}

fn country_words(code: &str) -> &str {
    country_name(code).unwrap_or(code)
}

/// A value as it stands in a sentence, which needs a word even for none.
fn or_none(value: &str) -> String {
    if value.trim().is_empty() { "none".to_owned() } else { shown(value) }
}

/// A text as it stands in a sentence: on one line, and cut where it is long.
fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// "A", "A and B", "A, B and C", "A, B, C and 4 more".
pub(super) fn listed<T>(items: &[T], name: impl Fn(&T) -> String) -> String {
    const NAMED: usize = 3;
    let mut names: Vec<String> = items.iter().take(NAMED).map(name).collect();
    let last = match items.len() - names.len() {
        0 => names.pop().unwrap_or_default(),
        more => format!("{more} more"),
    };
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}

/// "1 caller", "3 callers".
#[must_use]
pub fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}
