//! A world of a few callers, lines, times and facts, with conditions on each, and the plainest way
//! to decide calls in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{DateTime, Duration, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::json;
use switchboard::routing::{
    Action, Agent, Answer, AnyOf, Aspect, Calendar, Call, Caller, Callers, Choice, Condition, Facts, Line,
    Outcome, Part, Phrase, Problem, Region, Rule, Share, Table, Test, Value, Values, Verdict, Vocabulary,
};

/// When tables are checked: everything before is over.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-02T00:30:00Z".parse().unwrap()
}

/// A toy condition.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Toy {
    Numbers(&'static [&'static str], &'static [&'static str]),
    Withheld,
    Country(&'static str),
    Line(&'static [&'static str]),
    /// Blocks of four hours of the day.
    Hours(&'static [u32]),
    /// A fact that is yes.
    Fact(&'static str),
    /// The same, and only callers with a number have it.
    FactOfNumber(&'static str),
    /// A fact that is yes, or no, stated as an aspect that both share.
    Told(&'static str, bool),
    Agent,
}

/// The toys that state all they hold for; the others leave something open.
pub(crate) const STATED: usize = 13;

pub(crate) const TOYS: [Toy; 20] = [
    Toy::Numbers(&["+1"], &[]),
    Toy::Numbers(&["+10", "+2"], &[]),
    Toy::Numbers(&["+11"], &["+10"]),
    Toy::Numbers(&[], &["+1"]),
    Toy::Numbers(&[], &["+"]),
    Toy::Numbers(&[], &[]),
    Toy::Withheld,
    Toy::Line(&["L1"]),
    Toy::Line(&["L1", "L2"]),
    Toy::Hours(&[1, 2, 3]),
    Toy::Hours(&[3, 4]),
    Toy::Hours(&[]),
    Toy::Agent,
    Toy::Fact("f"),
    Toy::Fact("g"),
    Toy::FactOfNumber("f"),
    Toy::Country("US"),
    Toy::Country("EG"),
    Toy::Told("g", true),
    Toy::Told("g", false),
];

fn country(number: &str) -> &'static str {
    match number.get(..2) {
        Some("+1") => "US",
        Some("+2") => "EG",
        _ => "",
    }
}

impl Condition for Toy {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new().plain(format!("{}{self:?}", if negated { "not " } else { "" }))
    }

    fn test(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Verdict {
        let number = call.from.number();
        let fact = |name: &str| match facts.get(name) {
            Some(Value::YesNo(yes)) => Answer::from(*yes),
            _ => Answer::Unknown,
        };
        let answer = match self {
            Self::Numbers(exact, starts) => number
                .is_some_and(|n| exact.contains(&n) || starts.iter().any(|start| n.starts_with(start)))
                .into(),
            Self::Withheld => number.is_none().into(),
            Self::Country(code) => match number.map(country) {
                None => Answer::No,
                Some("") => Answer::Unknown,
                Some(found) => (found == *code).into(),
            },
            Self::Line(lines) => lines.contains(&&*call.to).into(),
            Self::Hours(blocks) => blocks.contains(&(at.hour() / 4)).into(),
            Self::Fact(name) => fact(name),
            Self::FactOfNumber(name) => number.map_or(Answer::No, |_| fact(name)),
            Self::Told(name, yes) if *yes => fact(name),
            Self::Told(name, _) => fact(name).negate(),
            Self::Agent => call.default_agent.is_some().into(),
        };
        Verdict { answer, why: "so it is".into() }
    }

    fn region(&self, calendar: &Calendar) -> Region {
        let numbers = || Part::callers(Callers::withheld().complement());
        match self {
            Self::Numbers(exact, starts) => {
                let callers = Callers::numbers(exact.iter().copied(), starts.iter().copied());
                Region::exactly(vec![Part::callers(callers)])
            }
            Self::Withheld => Region::exactly(vec![Part::callers(Callers::withheld())]),
            Self::Country(code) => Region {
                yes: vec![numbers().aspect(Aspect::Country, Values::of([*code]))],
                unknown: vec![numbers().aspect(Aspect::Country, Values::of([""]))],
            },
            Self::Line(lines) => {
                Region::exactly(vec![Part::default().aspect(Aspect::Line, Values::of(lines.iter().copied()))])
            }
            Self::Hours(blocks) => {
                let times = calendar.moments(Tz::UTC, |first, last| {
                    let days = first.date().iter_days().take_while(|day| *day <= last.date());
                    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
                    let of_day = |day: chrono::NaiveDate| {
                        blocks.iter().map(move |block| {
                            let from = day.and_time(at(block * 4));
                            (from, from + Duration::hours(4))
                        })
                    };
                    days.flat_map(of_day).collect()
                });
                times.map_or_else(Region::own, |times| Region::exactly(vec![Part::times(times)]))
            }
            Self::Fact(_) => Region::own(),
            Self::FactOfNumber(_) => Region::own_within(&numbers()),
            Self::Told(name, yes) => {
                let told = |value| vec![Part::default().aspect(Aspect::Named(name), Values::of([value]))];
                Region { yes: told(if *yes { "yes" } else { "no" }), unknown: told("") }
            }
            Self::Agent => {
                Region::exactly(vec![Part::default().aspect(Aspect::DefaultAgent, Values::of(["yes"]))])
            }
        }
    }
}

/// The vocabulary of this world: conditions are named by their place among the toys.
pub(crate) struct World;

impl Vocabulary for World {
    fn condition(&self, test: &Test, _table: &Table) -> Result<Box<dyn Condition>, String> {
        match test.condition.parse::<usize>().ok().and_then(|index| TOYS.get(index)) {
            Some(toy) => Ok(Box::new(*toy)),
            None => Err("no such condition".into()),
        }
    }

    fn choice(&self, share: &Share, _: &str, _: &Table) -> Result<Box<dyn Choice>, String> {
        Err(format!("nobody shares calls {} in this world", share.how))
    }

    fn check(&self, _table: &Table) -> Vec<Problem> {
        Vec::new()
    }
}

/// A call of this world with all that is known of it.
pub(crate) struct Event {
    pub(crate) call: Call,
    pub(crate) facts: Facts,
    pub(crate) at: DateTime<Utc>,
}

/// Every call that this world tells apart.
pub(crate) static EVENTS: LazyLock<Vec<Event>> = LazyLock::new(|| {
    let numbers = ["+", "+1", "+10", "+105", "+11", "+12", "+2", "+20", "+3", "x"];
    let callers = numbers.map(|number| Caller::Number(number.into())).into_iter().chain([Caller::Withheld]);
    let mut events = Vec::new();
    for from in callers {
        for to in ["L1", "L2", "L9"] {
            for agent in [None, Some("agent".to_owned())] {
                for (f, g) in [0, 1, 2].into_iter().flat_map(|f| [0, 1, 2].map(|g| (f, g))) {
                    let mut facts = Facts::default();
                    for (name, state) in [("f", f), ("g", g)] {
                        if state < 2 {
                            facts.set(name, Value::YesNo(state == 1));
                        }
                    }
                    for day in ["2026-04-10", "2026-07-10"] {
                        for block in 0..6 {
                            let at = format!("{day}T{:02}:10:00Z", block * 4).parse().unwrap();
                            let call = Call { default_agent: agent.clone(), ..Call::new(from.clone(), to) };
                            events.push(Event { call, facts: facts.clone(), at });
                        }
                    }
                }
            }
        }
    }
    events
});

/// A set of the events.
#[derive(Clone, PartialEq)]
pub(crate) struct Set(Vec<u64>);

impl Set {
    pub(crate) fn of(holds: impl Fn(&Event) -> bool) -> Self {
        let mut words = vec![0; EVENTS.len().div_ceil(64)];
        for (index, _) in EVENTS.iter().enumerate().filter(|(_, event)| holds(event)) {
            words[index / 64] |= 1 << (index % 64);
        }
        Self(words)
    }

    pub(crate) fn none() -> Self {
        Self::of(|_| false)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    fn combine(&self, other: &Self, rule: fn(u64, u64) -> u64) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| rule(*a, *b)).collect())
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & b)
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a | b)
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a & !b)
    }
}

/// For each toy the events it holds for, and those it does not hold for.
static ANSWERS: LazyLock<Vec<[Set; 2]>> = LazyLock::new(|| {
    let set =
        |toy: &Toy, wanted| Set::of(|event| toy.test(&event.call, &event.facts, event.at).answer == wanted);
    TOYS.iter().map(|toy| [set(toy, Answer::Yes), set(toy, Answer::No)]).collect()
});

/// When summer begins: some rules end then, and some begin.
const SUMMER: &str = "2026-06-01T00:00";

fn in_summer(event: &Event) -> bool {
    event.at >= "2026-06-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap()
}

static IN_SUMMER: LazyLock<Set> = LazyLock::new(|| Set::of(in_summer));
static ALL: LazyLock<Set> = LazyLock::new(|| Set::of(|_| true));

/// The events that a rule matches, the plain way.
pub(crate) fn matched(rule: &Rule) -> Set {
    if !rule.enabled {
        return Set::none();
    }
    let mut set = ALL.clone();
    if rule.from.is_some() {
        set = set.and(&IN_SUMMER);
    }
    if let Some(until) = &rule.until {
        set = if until == SUMMER { set.minus(&IN_SUMMER) } else { Set::none() };
    }
    rule.when.iter().fold(set, |set, group| {
        let of_test = |test: &Test| &ANSWERS[test.condition.parse::<usize>().unwrap()][usize::from(test.not)];
        set.and(&group.any_of.iter().map(of_test).fold(Set::none(), |sum, test| sum.or(test)))
    })
}

/// What comes of some events: by which rule, what, and with which variables.
pub(crate) type Decided = (Set, Option<usize>, Action, BTreeMap<String, String>);

/// What comes of each event, the plain way.
pub(crate) fn decide(table: &Table) -> Vec<Decided> {
    let mut open = vec![(ALL.clone(), BTreeMap::new())];
    let mut decided = Vec::new();
    for (index, rule) in table.rules.iter().enumerate() {
        let matched = matched(rule);
        let mut left = Vec::new();
        for (set, mut variables) in open {
            left.push((set.minus(&matched), variables.clone()));
            variables.extend(rule.then.variables.clone());
            match &rule.then.action {
                Action::GoOn => left.push((set.and(&matched), variables)),
                action => decided.push((set.and(&matched), Some(index), action.clone(), variables)),
            }
        }
        left.retain(|(set, _)| !set.is_empty());
        open = left;
    }
    for (set, mut variables) in open {
        variables.extend(table.fallback.variables.clone());
        decided.push((set, None, table.fallback.action.clone(), variables));
    }
    decided.retain(|(set, ..)| !set.is_empty());
    decided
}

impl Set {
    pub(crate) fn has(&self, index: usize) -> bool {
        self.0[index / 64] >> (index % 64) & 1 == 1
    }
}

pub(crate) fn connect(agent: &str) -> Action {
    Action::Connect { agent: agent.into(), version: None }
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let actions = vec![connect("a"), connect("b"), Action::Keep, Action::Reject, Action::GoOn];
    (prop::sample::select(actions), prop::option::weighted(0.2, "[xy]")).prop_map(|(action, variable)| {
        let variables = variable.into_iter().map(|value| ("v".to_owned(), value)).collect();
        Outcome { action, variables, ..Outcome::default() }
    })
}

/// Tables of up to eight rules made of the first `toys` toys.
pub(crate) fn any_table(toys: usize) -> impl Strategy<Value = Table> {
    let test = (0..toys, prop::bool::weighted(0.25)).prop_map(|(toy, not)| Test {
        condition: toy.to_string(),
        not,
        settings: json!(null),
    });
    let group = prop::collection::vec(test, 1..3).prop_map(|any_of| AnyOf { any_of });
    let moments = [None, None, None, None, Some(SUMMER)];
    let from = prop::sample::select(moments.to_vec());
    let until = prop::sample::select([&moments[..], &[Some("2026-02-01T00:00")]].concat());
    let period =
        (from, until).prop_filter("ends after it begins", |(from, until)| from.is_none() || until.is_none());
    let rule = (prop::bool::weighted(0.9), period, prop::collection::vec(group, 0..3), any_outcome());
    let fallback = any_outcome().prop_filter("the fallback ends", |then| then.action != Action::GoOn);
    (prop::collection::vec(rule, 0..8), fallback).prop_map(|(rules, fallback)| {
        let mut table = world_table();
        table.fallback = fallback;
        table.rules.extend(rules.into_iter().enumerate().map(
            |(index, (enabled, (from, until), when, then))| Rule {
                id: format!("r{index}"),
                name: format!("R{index}"),
                note: String::new(),
                enabled,
                from: from.map(str::to_owned),
                until: until.map(str::to_owned),
                when,
                then,
            },
        ));
        table
    })
}

pub(crate) fn world_table() -> Table {
    let mut table = Table::empty("US", "UTC");
    for number in ["L1", "L2"] {
        table.lines.push(Line {
            id: number.to_lowercase(),
            name: format!("Line {number}"),
            number: number.into(),
        });
    }
    for id in ["a", "b"] {
        table.agents.push(Agent {
            id: id.into(),
            name: format!("Agent {id}"),
            retell_id: format!("agent_{id}"),
            ..Agent::default()
        });
    }
    table
}
