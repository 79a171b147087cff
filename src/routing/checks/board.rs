//! A table laid out for checking: its rules as sets of calls. What is the same from edit to edit is
//! kept, so that a check after an edit is quick.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Knowledge;
use super::cells::{self, Cells};
use super::space::Space;
use crate::routing::{
    Action, Answer, AnyOf, Aspect, Calendar, Call, Caller, CallerKey, CallerPart, Condition, Facts, Line,
    Outcome, Period, Phase, Ranges, Region, Rule, Table, Test, Times, Values, Vocabulary, number,
};

/// A rule that falls apart into more boxes than this is not checked.
const BOXES: usize = 64;

/// A caller with a number, as regions see one.
pub(in crate::routing) struct Somebody {
    /// The number.
    pub(in crate::routing) number: String,
    key: CallerKey,
    country: Values,
}

impl Somebody {
    fn with(number: String) -> Self {
        let key = CallerKey::from(&Caller::Number(number.clone()));
        let country = number::country_of(&number).unwrap_or_default();
        Self { number, key, country: Values::of([country.as_str()]) }
    }
}

/// A condition made ready, and the calls it holds for.
pub(super) struct Prepared {
    pub(super) condition: Arc<dyn Condition>,
    pub(super) region: Region,
}

/// Conditions by their test's name and settings; `None` for those that cannot be read.
#[derive(Default)]
pub(in crate::routing) struct Kept {
    conditions: HashMap<(String, String), Option<Arc<Prepared>>>,
    /// What all of them were made for: a table without its rules, and a calendar.
    of: Option<(Table, Calendar)>,
}

impl Kept {
    /// Forgets what was made for anything else than this.
    fn renew(&mut self, table: &Table, calendar: &Calendar) {
        let (rules, test_cases, dismissed) = (Vec::new(), Vec::new(), Vec::new());
        let fallback = Outcome::default();
        let context = Table { rules, fallback, test_cases, dismissed, ..table.clone() };
        let of = Some((context, calendar.clone()));
        if self.of != of {
            *self = Self { conditions: HashMap::new(), of };
        }
    }

    fn condition(
        &mut self,
        test: &Test,
        table: &Table,
        vocabulary: &dyn Vocabulary,
        calendar: &Calendar,
    ) -> Option<Arc<Prepared>> {
        let key = (test.condition.clone(), test.settings.to_string());
        let make = || {
            let condition: Arc<dyn Condition> = vocabulary.condition(test, table).ok()?.into();
            let region = condition.region(calendar);
            Some(Arc::new(Prepared { condition, region }))
        };
        self.conditions.entry(key).or_insert_with(make).clone()
    }
}

/// A rule that takes part within the calendar, as a set of calls.
pub(in crate::routing) struct Laid<'a> {
    /// Its place in the table.
    pub(in crate::routing) place: usize,
    pub(in crate::routing) rule: &'a Rule,
    /// The calls it can match within the calendar; none: it can match no call.
    pub(in crate::routing) boxes: Vec<Cells>,
    pub(super) when: Vec<Vec<LaidTest>>,
    pub(super) period: Period,
}

impl Laid<'_> {
    /// Whether no rule after it is looked at for calls that it matches.
    pub(in crate::routing) fn ends(&self) -> bool {
        self.rule.then.action != Action::GoOn
    }

    /// Whether it matches this call.
    pub(in crate::routing) fn matches(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> bool {
        self.period.phase(at) == Phase::Now
            && self.when.iter().all(|group| {
                group.iter().any(|test| {
                    let answer = test.prepared.condition.answer(call, facts, at);
                    answer == if test.not { Answer::No } else { Answer::Yes }
                })
            })
    }
}

/// A test of a rule, as a set of calls.
pub(super) struct LaidTest {
    pub(super) prepared: Arc<Prepared>,
    pub(super) not: bool,
    pub(super) boxes: Vec<Cells>,
}

/// The table laid out.
pub(in crate::routing) struct Board<'a> {
    pub(super) table: &'a Table,
    pub(super) knowledge: &'a Knowledge,
    pub(in crate::routing) space: Space,
    /// In order. Rules that are off, over, not to begin within the calendar, or unfinished are not
    /// among them.
    pub(in crate::routing) rules: Vec<Laid<'a>>,
    met: Met,
    /// Rules that fall apart into too many boxes, in order: each as all calls of its time.
    pub(in crate::routing) too_odd: Vec<Laid<'a>>,
    /// Whether every rule that takes part is among the rules.
    pub(super) is_complete: bool,
    pub(super) zone: Tz,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

impl<'a> Board<'a> {
    /// Lays a table out for the time of a bounded calendar, without rules that are over at `now`. `None`
    /// where it has no time zone to be read by.
    pub(in crate::routing) fn of(
        table: &'a Table,
        vocabulary: &dyn Vocabulary,
        knowledge: &'a Knowledge,
        calendar: &Calendar,
        now: DateTime<Utc>,
        kept: &mut Kept,
    ) -> Option<Self> {
        let zone: Tz = table.zone.parse().ok()?;
        let (from, until) = calendar.span()?;
        kept.renew(table, calendar);
        let mut unfinished = false;
        let mut rules: Vec<Unlaid<'_>> = Vec::new();
        let mut tests: Vec<Arc<Prepared>> = Vec::new();
        let mut numbers: HashMap<*const Prepared, usize> = HashMap::new();
        for (place, rule) in table.rules.iter().enumerate().filter(|(_, rule)| rule.enabled) {
            let (period, wrong) = Period::of(rule, zone);
            if period.phase(now) == Phase::Expired {
                continue;
            }
            let mut prepare = |test: &Test| {
                let prepared = kept.condition(test, table, vocabulary, calendar)?;
                let number = *numbers.entry(Arc::as_ptr(&prepared)).or_insert_with(|| {
                    tests.push(prepared);
                    tests.len() - 1
                });
                Some((number, test.not))
            };
            let mut group = |any: &AnyOf| {
                let tests: Option<Vec<_>> = any.any_of.iter().map(&mut prepare).collect();
                tests.filter(|tests| !tests.is_empty())
            };
            let when: Option<Vec<_>> = rule.when.iter().map(&mut group).collect();
            match when.filter(|_| wrong.is_empty()) {
                Some(when) if period.from.is_none_or(|begin| begin < until) => {
                    rules.push((place, rule, when, period));
                }
                Some(_) => {}
                None => unfinished = true,
            }
        }
        let span = Ranges::of([(from.timestamp(), until.timestamp())]);
        let times = |period: &Period| {
            let from = period.from.map_or(i64::MIN, |from| from.timestamp());
            let until = period.until.map_or(i64::MAX, |until| until.timestamp());
            Times::of([(from, until)])
        };
        let periods: Vec<Times> = rules.iter().map(|(.., period)| times(period)).collect();
        let regions: Vec<&Region> = tests.iter().map(|test| &test.region).collect();
        let space = Space::of(&regions, &periods, &span);
        let layout = Layout { space: &space, tests: &tests, made: HashMap::new() };
        let (rules, too_odd) = layout.rules(rules, &periods);
        let met = Met::of(&rules);
        let is_complete = !unfinished && too_odd.is_empty();
        Some(Self { table, knowledge, space, rules, met, too_odd, is_complete, zone, from, until })
    }

    /// Of these calls, those to a line.
    pub(in crate::routing) fn to_line(&self, cells: Cells, line: &Line) -> Option<Cells> {
        self.space.with(cells, Aspect::Line, &Values::of([line.number.as_str()]))
    }

    /// Of these calls, those by somebody.
    pub(in crate::routing) fn by(&self, cells: Cells, somebody: &Somebody) -> Option<Cells> {
        let cells = self.space.by(cells, &somebody.key)?;
        self.space.with(cells, Aspect::Country, &somebody.country)
    }

    /// A number from around the line's that no rule names.
    pub(in crate::routing) fn stranger(&self, line: &Line) -> Somebody {
        const TRIED: usize = 500;
        let start = line.number.get(..line.number.len().saturating_sub(4));
        let start = start.filter(|start| start.starts_with('+') && start.len() > 4).unwrap_or("+1415555");
        let mut numbers = (0..TRIED).map(|n| Somebody::with(format!("{start}{:04}", 100 + n)));
        let is_named = |somebody: &Somebody| {
            let alike = self.space.callers_like(&somebody.key);
            let parts = alike.parts();
            parts.is_some_and(|parts| parts.iter().all(|part| matches!(part, CallerPart::One(_))))
        };
        let last = || Somebody::with(format!("{start}{:04}", 100 + TRIED));
        numbers.find(|somebody| !is_named(somebody)).unwrap_or_else(last)
    }

    /// The rules above one that can match some of its calls.
    pub(super) fn met_above(&self, place: usize) -> impl Iterator<Item = usize> {
        self.met.above[place].iter().map(|above| *above as usize)
    }

    /// The first rule below one that can match some of its calls.
    pub(super) fn first_met_below(&self, place: usize) -> Option<usize> {
        self.met.first_below[place]
    }
}

/// Which rules can match some of the same calls, by their places on the board.
struct Met {
    /// For each rule those above it.
    above: Vec<Vec<u32>>,
    /// For each rule the first below it.
    first_below: Vec<Option<usize>>,
}

impl Met {
    fn of(rules: &[Laid<'_>]) -> Self {
        let mut first_below = vec![None; rules.len()];
        let mut above = Vec::with_capacity(rules.len());
        for (place, laid) in rules.iter().enumerate() {
            let meets = |(_, other): &(u32, &Laid<'_>)| cells::meet(&other.boxes, &laid.boxes);
            let met: Vec<u32> = (0..).zip(&rules[..place]).filter(meets).map(|(other, _)| other).collect();
            for other in &met {
                first_below[*other as usize].get_or_insert(place);
            }
            above.push(met);
        }
        Self { above, first_below }
    }
}

/// A rule with the numbers of its tests and whether they are negated.
type Unlaid<'a> = (usize, &'a Rule, Vec<Vec<(usize, bool)>>, Period);

struct Layout<'s> {
    space: &'s Space,
    tests: &'s [Arc<Prepared>],
    /// Tests as sets of calls, by number and whether they are negated.
    made: HashMap<(usize, bool), Option<Vec<Cells>>>,
}

impl Layout<'_> {
    /// Lays the rules out, and apart from them those that are too odd for it.
    fn rules<'a>(mut self, rules: Vec<Unlaid<'a>>, periods: &[Times]) -> (Vec<Laid<'a>>, Vec<Laid<'a>>) {
        let mut too_odd = Vec::new();
        let mut laid = Vec::with_capacity(rules.len());
        for ((place, rule, tests, period), times) in rules.into_iter().zip(periods) {
            let when: Option<Vec<Vec<LaidTest>>> =
                tests.iter().map(|group| group.iter().map(|test| self.test(*test)).collect()).collect();
            let boxes = when.as_ref().and_then(|when| self.boxes(when, times));
            if let Some((when, boxes)) = when.zip(boxes) {
                laid.push(Laid { place, rule, boxes, when, period });
            } else {
                let unlaid = |(number, not): &(usize, bool)| LaidTest {
                    prepared: self.tests[*number].clone(),
                    not: *not,
                    boxes: Vec::new(),
                };
                let when = tests.iter().map(|group| group.iter().map(unlaid).collect()).collect();
                let boxes = self.space.at(Cells::default(), times).into_iter().collect();
                too_odd.push(Laid { place, rule, boxes, when, period });
            }
        }
        (laid, too_odd)
    }

    fn test(&mut self, (number, not): (usize, bool)) -> Option<LaidTest> {
        let prepared = &self.tests[number];
        let space = self.space;
        let make = || {
            let parts = |parts: &[_]| parts.iter().filter_map(|part| space.part(part, number)).collect();
            let yes: Vec<Cells> = parts(&prepared.region.yes);
            if !not {
                return Some(yes).filter(|boxes| boxes.len() <= BOXES);
            }
            let unknown: Vec<Cells> = parts(&prepared.region.unknown);
            cells::minus(&[Cells::default()], &[yes, unknown].concat(), BOXES)
        };
        let boxes = self.made.entry((number, not)).or_insert_with(make).clone()?;
        Some(LaidTest { prepared: prepared.clone(), not, boxes })
    }

    fn boxes(&self, when: &[Vec<LaidTest>], times: &Times) -> Option<Vec<Cells>> {
        let mut boxes: Vec<Cells> = self.space.at(Cells::default(), times).into_iter().collect();
        for group in when {
            let either = || group.iter().flat_map(|test| &test.boxes);
            boxes = boxes.iter().flat_map(|cells| either().filter_map(|other| cells.and(other))).collect();
            if boxes.len() > BOXES {
                return None;
            }
        }
        Some(boxes)
    }
}
