//! Whether a schedule is open by the clock on its wall, and when that changes.
//!
//! Hours belong to the day on which they begin: a night runs on into a day that has hours of its
//! own, or is closed. The library would cut it off at midnight there, so it is asked only for
//! what a plan cannot say.

use std::cell::LazyCell;
use std::str::FromStr;

use chrono::{Datelike, Days as Count, NaiveDate, NaiveDateTime, Timelike};
use opening_hours::localization::Country;
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};

use super::calendar::Holiday;
use super::clock::State;
use super::days::When;
use super::plan::{Plan, Row, Rule, Special};
use super::weekly::{DAY, Span};

/// How far ahead a change is looked for, in days.
const AHEAD: u64 = 400;

/// The years in which the library is told of public holidays.
const HOLIDAY_YEARS: std::ops::RangeInclusive<i32> = 2025..=2045;

/// Opening hours, ready to be asked.
#[derive(Clone, Debug)]
pub(super) enum Wall {
    /// What can be planned by eye, besides rules written by hand that it can be evaluated with.
    Plan(Box<Planned>),
    /// All else.
    Library(Box<OpeningHours>),
}

#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// The spans of each weekday.
    week: [Vec<Span>; 7],
    rules: Vec<(Test, Vec<Span>)>,
    /// Those that count.
    holidays: Vec<Holiday>,
}

#[derive(Clone, Debug)]
enum Test {
    /// With its name.
    Special(When, String),
    /// A rule for these days alone, open on them.
    Library(Box<OpeningHours>),
}

/// A day that has hours of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// What it is called; empty without a name.
    pub name: String,
    /// Its hours; none: closed. The day of each is 0.
    pub hours: Vec<Span>,
}

impl Wall {
    /// Reads hours that the library can read. Holidays are those that count.
    pub(super) fn of(text: &str, hours: OpeningHours, country: &str, holidays: Vec<Holiday>) -> Self {
        // Costly, and seldom needed.
        let context = LazyCell::new(|| context(text, country, &holidays));
        match Plan::parse(text).ok().and_then(|plan| Planned::of(plan, &context)) {
            Some(planned) => Self::Plan(Box::new(Planned { holidays, ..planned })),
            None => Self::Library(Box::new(hours.with_context(Context::clone(&context)))),
        }
    }

    pub(super) fn state(&self, wall: NaiveDateTime) -> State {
        match self {
            Self::Plan(planned) if planned.is_open(wall) => State::Open,
            Self::Plan(_) => State::Closed,
            Self::Library(hours) => state_of(hours.state(wall).0),
        }
    }

    /// The next time on the wall at which the state is another one, if there is any within a year.
    pub(super) fn next_change(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Plan(planned) => planned.next_change(wall),
            Self::Library(hours) => {
                let mut ranges = hours.iter_range(wall, wall.checked_add_days(Count::new(AHEAD))?);
                let now = ranges.next()?.kind;
                ranges.find(|next| next.kind != now).map(|next| next.range.start)
            }
        }
    }

    /// When it is in this state between two times, in order.
    pub(super) fn stretches(
        &self,
        first: NaiveDateTime,
        last: NaiveDateTime,
        state: State,
    ) -> Vec<(NaiveDateTime, NaiveDateTime)> {
        let mut found = Vec::new();
        let mut from = first;
        while from < last {
            let to = self.next_change(from).map_or(last, |next| next.min(last));
            if self.state(from) == state {
                found.push((from, to));
            }
            from = to;
        }
        found
    }

    /// Whether and how a day differs from the usual week.
    pub(super) fn special(&self, date: NaiveDate) -> Option<SpecialDay> {
        match self {
            Self::Plan(planned) => planned.special(date),
            Self::Library(_) => None,
        }
    }
}

impl Planned {
    fn of(plan: Plan, context: &LazyCell<Context, impl FnOnce() -> Context>) -> Option<Self> {
        let rule = |row| match row {
            Row::Special(Special { when, hours, name }) => Some((Test::Special(when, name), hours)),
            Row::Written(text) => {
                let rule = Rule::parse(&text)?;
                let days = OpeningHours::from_str(&days_text(&rule)).ok()?;
                let days = days.with_context(Context::clone(context));
                Some((Test::Library(Box::new(days)), rule.hours))
            }
        };
        let rules = plan.rows.into_iter().map(rule).collect::<Option<_>>()?;
        let mut week: [Vec<Span>; 7] = Default::default();
        for span in plan.week {
            week[usize::from(span.day)].push(Span { day: 0, ..span });
        }
        Some(Self { week, rules, holidays: Vec::new() })
    }

    fn rule_on(&self, date: NaiveDate) -> Option<&(Test, Vec<Span>)> {
        self.rules.iter().rev().find(|(test, _)| match test {
            Test::Special(When::Holidays, _) => self.holiday(date).is_some(),
            Test::Special(When::Days(days), _) => days.iter().any(|days| days.contains(date)),
            Test::Library(days) => {
                date.and_hms_opt(12, 0, 0).is_some_and(|noon| days.state(noon).0 == RuleKind::Open)
            }
        })
    }

    fn hours_on(&self, date: NaiveDate) -> &[Span] {
        let weekday = date.weekday().num_days_from_monday() as usize;
        self.rule_on(date).map_or(&self.week[weekday], |(_, hours)| hours)
    }

    fn holiday(&self, date: NaiveDate) -> Option<&str> {
        self.holidays.iter().find(|holiday| holiday.is_on(date)).map(|holiday| holiday.name)
    }

    fn special(&self, date: NaiveDate) -> Option<SpecialDay> {
        let (test, hours) = self.rule_on(date)?;
        let name = match test {
            Test::Special(When::Days(_), name) if !name.is_empty() => name,
            Test::Special(When::Holidays, _) => self.holiday(date).unwrap_or_default(),
            Test::Special(..) => "",
            // A season is no special day.
            Test::Library(_) => return None,
        };
        Some(SpecialDay { name: name.to_owned(), hours: hours.clone() })
    }

    fn is_open(&self, wall: NaiveDateTime) -> bool {
        let minute = (wall.hour() * 60 + wall.minute()) as u16;
        let covers = |span: &Span, minute| (span.from_min..span.to_min).contains(&minute);
        let date = wall.date();
        self.hours_on(date).iter().any(|span| covers(span, minute))
            || date
                .pred_opt()
                .is_some_and(|eve| self.hours_on(eve).iter().any(|span| covers(span, minute + DAY)))
    }

    fn next_change(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        let was_open = self.is_open(wall);
        let mut eve = wall.date().pred_opt()?;
        for _ in 0..AHEAD {
            let date = eve.succ_opt()?;
            let night =
                self.hours_on(eve).iter().map(|span| span.to_min).filter_map(|to| to.checked_sub(DAY));
            let day = self.hours_on(date).iter().flat_map(|span| [span.from_min, span.to_min]);
            let mut minutes: Vec<u16> = night.chain(day).filter(|minute| *minute < DAY).collect();
            minutes.sort_unstable();
            for minute in minutes {
                let at = date.and_hms_opt(u32::from(minute / 60), u32::from(minute % 60), 0)?;
                if at > wall && self.is_open(at) != was_open {
                    return Some(at);
                }
            }
            eve = date;
        }
        None
    }
}

fn state_of(kind: RuleKind) -> State {
    match kind {
        RuleKind::Open => State::Open,
        RuleKind::Closed => State::Closed,
        RuleKind::Unknown => State::Unsure,
    }
}

/// The days of a rule as hours of their own; "24/7" if it is for all days.
fn days_text(rule: &Rule) -> String {
    let days = rule.sequence.day_selector.to_string();
    if days.is_empty() { "24/7".into() } else { days }
}

/// What the library has to know of public holidays; of school holidays it knows some itself.
fn context(text: &str, country: &str, holidays: &[Holiday]) -> Context {
    let names = |word: &str| text.contains(word);
    if !names("PH") && !names("SH") {
        return Context::default();
    }
    let known = Country::from_str(&country.to_ascii_uppercase()).map(Country::holidays).unwrap_or_default();
    let mut public = ContextHolidays::default().get_public().clone();
    let dates = HOLIDAY_YEARS.filter_map(|year| NaiveDate::from_ymd_opt(year, 1, 1));
    for date in dates.flat_map(|first| first.iter_days().take_while(move |date| date.year() == first.year()))
    {
        if holidays.iter().any(|holiday| holiday.is_on(date)) {
            public.insert(date);
        }
    }
    let school = known.get_school().clone();
    Context::default().with_holidays(ContextHolidays::new(public.into(), school.into()))
}
