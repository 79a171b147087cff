//! The numbers of the call log: how many calls came when, what became of them, who called. They are
//! counted beside everything else from two indices of the log, and after that only what came since is added.
//! Where calls went from the log meanwhile, or a day began, all is counted anew, so nothing has to be kept
//! right. `cargo bench --bench search` tells how long a million calls take.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use crate::storage::call_log::search::DecidedBy;
use crate::storage::call_log::{Counted, DecidedCalls, Ids, LogError, LogReader, Step};

/// So many callers are told of.
const CALLERS: usize = 10;
/// The usual day is made of so many of the same day of the week.
const WEEKS: u32 = 4;
/// So many of the newest calls are looked at for how long look-ups take.
const TIMED_CALLS: usize = 2000;
/// Zones change their clocks at whole quarters of an hour.
const QUARTER_MS: i64 = 15 * 60 * 1000;

/// How far back calls are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Since midnight.
    Today,
    /// So many days, today included.
    Days(u32),
    /// All that are kept.
    All,
}

/// What is to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumbersWish {
    /// How far back.
    pub span: Span,
    /// Where days begin and end.
    pub zone: Tz,
}

/// Something and how many calls it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share<T> {
    /// What.
    pub what: T,
    /// Its name; empty where none is known.
    pub name: String,
    /// How many calls.
    pub calls: u64,
}

/// A usual day of this weekday.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    /// Calls in each hour, on average.
    pub hours: [f32; 24],
    /// Of so many days.
    pub days: u32,
}

/// How long one look-up took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUpTimes {
    /// Its name then.
    pub name: String,
    /// How often it was asked.
    pub asked: u64,
    /// How often it was late or failed.
    pub failed: u64,
    /// Half of them took at most this long, in microseconds.
    pub median_us: u64,
    /// Nineteen of twenty took at most this long, in microseconds.
    pub slow_us: u64,
}

/// What was counted. Tests count nowhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbers {
    /// What was wanted.
    pub wish: NumbersWish,
    /// The day that is today in it.
    pub today: NaiveDate,
    /// From when on calls were counted: the first call, where all are.
    pub since: DateTime<Utc>,
    /// How many in all.
    pub calls: u64,
    /// By outcome (`connect`, `keep` or `reject`), most calls first.
    pub outcomes: Vec<Share<String>>,
    /// By the agent connected, most calls first.
    pub agents: Vec<Share<String>>,
    /// By who decided, most calls first.
    pub rules: Vec<Share<DecidedBy>>,
    /// The callers with most calls, by number.
    pub callers: Vec<Share<String>>,
    /// How many different numbers called.
    pub different_callers: u64,
    /// How many calls hid their number.
    pub withheld: u64,
    /// By day of the week (Monday first) and hour of the day.
    pub week: [[u64; 24]; 7],
    /// Of today, whatever the span.
    pub hours_today: [u64; 24],
    /// What is usual on this day of the week; `None` while there was no such day before.
    pub usual: Option<Usual>,
    /// The slowest first.
    pub look_ups: Vec<LookUpTimes>,
    /// Of so many calls.
    pub timed_calls: usize,
}

/// What came of counting.
#[derive(Clone, Debug)]
pub struct NumbersTold {
    /// What was wanted.
    pub wish: NumbersWish,
    /// When the counting began.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub took: Duration,
    /// What was counted, or why nothing was.
    pub numbers: Result<Arc<Numbers>, String>,
}

/// When a day begins: where the clocks skip midnight, at the hour after.
#[must_use]
pub fn day_begin(zone: Tz, day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let mut hours = (0..=2).filter_map(|hour| midnight.checked_add_signed(TimeDelta::hours(hour)));
    hours.find_map(|at| zone.from_local_datetime(&at).earliest()).map(|at| at.to_utc())
}

/// Counts, and adds to what it counted before.
#[derive(Default)]
pub struct Counter {
    before: Option<Tally>,
}

impl Counter {
    /// Counts. Takes some time: never on a call's way, nor in the window.
    pub fn count(
        &mut self,
        log: &LogReader,
        wish: NumbersWish,
        now: DateTime<Utc>,
    ) -> Result<Numbers, LogError> {
        let NumbersWish { span, zone } = wish;
        let today = now.with_timezone(&zone).date_naive();
        let (oldest, _) = log.oldest_and_newest_ms()?;
        let first = oldest.and_then(DateTime::from_timestamp_millis).unwrap_or(now);
        let begin = |days: u32| {
            let day = today.checked_sub_days(Days::new(u64::from(days))).unwrap_or(today);
            day_begin(zone, day).unwrap_or(now)
        };
        let since = match span {
            Span::Today => begin(0),
            Span::Days(days) => begin(days.saturating_sub(1)),
            Span::All => first,
        };
        let fresh = Tally::new(zone, today, since);
        let mut tally = self.take(log, &fresh)?.unwrap_or(fresh);
        let ids = Ids { after: tally.last, last: log.last_id()? };
        // Before they are read: what goes meanwhile is missed the next time.
        (tally.last, tally.in_log) = (ids.last, log.count_up_to(ids.last)?);
        let since_ms = since.timestamp_millis();
        let far_back_ms = since.min(begin(7 * WEEKS)).timestamp_millis();
        let decided = thread::scope(|scope| {
            let decided = scope.spawn(|| log.decided_calls(ids, since_ms));
            log.each_counted(ids, far_back_ms, |call| tally.add(call))?;
            decided.join().unwrap_or_else(|_panic| Err(LogError::Unreadable("counting broke".to_owned())))
        })?;
        tally.decided(decided);
        let mut callers = Vec::new();
        for (calls, number) in tally.most_calls() {
            let name = log.last_caller_name(&number)?.unwrap_or_default();
            callers.push(Share { what: number, name, calls });
        }
        let steps = log.newest_steps(TIMED_CALLS, since_ms)?;
        let first_day = first.with_timezone(&zone).date_naive();
        let numbers = Numbers {
            wish,
            today,
            since,
            calls: tally.calls,
            outcomes: shares(&tally.outcomes),
            agents: shares(&tally.agents),
            rules: rules(log, &tally.rules)?,
            callers,
            different_callers: tally.callers.len() as u64,
            withheld: tally.withheld,
            week: tally.week,
            hours_today: tally.hours_today,
            usual: usual(&tally.hours_before, today, first_day),
            timed_calls: steps.len(),
            look_ups: look_up_times(steps),
        };
        self.before = Some(tally);
        Ok(numbers)
    }

    /// What was counted before of this, up to which call, if it is all still there.
    fn take(&mut self, log: &LogReader, fresh: &Tally) -> Result<Option<Tally>, LogError> {
        let Some(before) = self.before.take().filter(|before| before.is_of(fresh)) else { return Ok(None) };
        let still_there = log.count_up_to(before.last)?;
        Ok((still_there == before.in_log).then_some(before))
    }
}

/// The calls, added up as they come.
struct Tally {
    zone: Tz,
    today: NaiveDate,
    since_ms: i64,
    /// The last call that is in it, and how many calls were in the log up to that.
    last: i64,
    in_log: u64,
    /// Day, weekday and hour of a quarter of an hour: working that out takes longer than counting.
    quarters: HashMap<i64, (NaiveDate, usize, usize)>,
    calls: u64,
    outcomes: BTreeMap<String, u64>,
    agents: BTreeMap<String, u64>,
    rules: BTreeMap<(Option<String>, bool), u64>,
    callers: HashMap<String, u64>,
    withheld: u64,
    week: [[u64; 24]; 7],
    hours_today: [u64; 24],
    /// The hours of the same day of the week, one week ago first.
    hours_before: [[u64; 24]; WEEKS as usize],
}

impl Tally {
    fn new(zone: Tz, today: NaiveDate, since: DateTime<Utc>) -> Self {
        Self {
            zone,
            today,
            since_ms: since.timestamp_millis(),
            last: 0,
            in_log: 0,
            quarters: HashMap::new(),
            calls: 0,
            outcomes: BTreeMap::new(),
            agents: BTreeMap::new(),
            rules: BTreeMap::new(),
            callers: HashMap::new(),
            withheld: 0,
            week: [[0; 24]; 7],
            hours_today: [0; 24],
            hours_before: [[0; 24]; WEEKS as usize],
        }
    }

    fn add(&mut self, Counted { caller, at_ms, outcome, agent }: Counted<'_>) {
        let zone = self.zone;
        let (day, weekday, hour) = *self.quarters.entry(at_ms.div_euclid(QUARTER_MS)).or_insert_with(|| {
            let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&zone);
            (at.date_naive(), at.weekday().num_days_from_monday() as usize, at.hour() as usize)
        });
        let days_ago = (self.today - day).num_days();
        if days_ago == 0 {
            self.hours_today[hour] += 1;
        } else if days_ago > 0 && days_ago % 7 == 0 {
            let week = (days_ago / 7 - 1) as usize;
            if let Some(hours) = self.hours_before.get_mut(week) {
                hours[hour] += 1;
            }
        }
        if at_ms < self.since_ms {
            return;
        }
        self.calls += 1;
        self.week[weekday][hour] += 1;
        add_one(&mut self.outcomes, outcome);
        if let Some(agent) = agent {
            add_one(&mut self.agents, agent);
        }
        match caller.map(|number| (number, self.callers.get_mut(number))) {
            None => self.withheld += 1,
            Some((_, Some(calls))) => *calls += 1,
            Some((number, None)) => drop(self.callers.insert(number.to_owned(), 1)),
        }
    }

    /// Whether it is of the same as another.
    fn is_of(&self, other: &Self) -> bool {
        (self.zone, self.today, self.since_ms) == (other.zone, other.today, other.since_ms)
    }

    fn decided(&mut self, decided: Vec<DecidedCalls>) {
        for DecidedCalls { rule_id, overruled, calls } in decided {
            *self.rules.entry((rule_id, overruled)).or_default() += calls;
        }
    }

    /// The callers with most calls, the most first.
    fn most_calls(&self) -> Vec<(u64, String)> {
        let mut most = BinaryHeap::new();
        for (number, calls) in &self.callers {
            most.push(Reverse((*calls, number)));
            if most.len() > CALLERS {
                most.pop();
            }
        }
        let sorted = most.into_sorted_vec().into_iter();
        sorted.map(|Reverse((calls, number))| (calls, number.clone())).collect()
    }
}

fn add_one(counts: &mut BTreeMap<String, u64>, what: &str) {
    match counts.get_mut(what) {
        Some(count) => *count += 1,
        None => drop(counts.insert(what.to_owned(), 1)),
    }
}

fn shares(counts: &BTreeMap<String, u64>) -> Vec<Share<String>> {
    let share =
        |(name, calls): (&String, &u64)| Share { what: name.clone(), name: name.clone(), calls: *calls };
    let mut shares: Vec<_> = counts.iter().map(share).collect();
    shares.sort_by_key(|share| Reverse(share.calls));
    shares
}

fn rules(
    log: &LogReader,
    counts: &BTreeMap<(Option<String>, bool), u64>,
) -> Result<Vec<Share<DecidedBy>>, LogError> {
    let mut shares = Vec::new();
    for ((rule_id, overruled), &calls) in counts {
        let (what, name) = match rule_id {
            Some(id) => {
                let name = log.last_rule_name(id)?.unwrap_or_default();
                (DecidedBy::Rule(id.clone()), name)
            }
            None if *overruled => (DecidedBy::Override, String::new()),
            None => (DecidedBy::Fallback, String::new()),
        };
        shares.push(Share { what, name, calls });
    }
    shares.sort_by_key(|share| Reverse(share.calls));
    Ok(shares)
}

/// The average of the same day of the weeks before, as far back as the log goes.
fn usual(weeks: &[[u64; 24]], today: NaiveDate, first_day: NaiveDate) -> Option<Usual> {
    // Of its first day the log may have only a part.
    let whole_weeks = (today - first_day).num_days().saturating_sub(1) / 7;
    let weeks = weeks.get(..weeks.len().min(usize::try_from(whole_weeks).unwrap_or_default()))?;
    let days = weeks.len();
    let average = |hour: usize| weeks.iter().map(|hours| hours[hour]).sum::<u64>() as f32 / days as f32;
    (days > 0).then(|| Usual { hours: std::array::from_fn(average), days: days as u32 })
}

/// How long each look-up took that was asked.
fn look_up_times(calls: Vec<Vec<Step>>) -> Vec<LookUpTimes> {
    let mut times: BTreeMap<String, (Vec<u64>, u64)> = BTreeMap::new();
    for Step { name, took_us, note, fault } in calls.into_iter().flatten() {
        // Older records have notes after the name: what says one was not asked.
        let asked = name.strip_prefix("look-up ").filter(|name| note.is_none() && !name.contains(": "));
        let Some(name) = asked else { continue };
        let (took, failed) = times.entry(name.to_owned()).or_default();
        took.push(took_us);
        *failed += u64::from(fault.is_some());
    }
    let mut times: Vec<_> =
        times.into_iter().map(|(name, (took, failed))| in_order(name, took, failed)).collect();
    times.sort_by_key(|times| Reverse(times.slow_us));
    times
}

fn in_order(name: String, mut took: Vec<u64>, failed: u64) -> LookUpTimes {
    took.sort_unstable();
    // There is at least one.
    let at = |percent: usize| took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    LookUpTimes {
        name,
        asked: took.len() as u64,
        failed,
        median_us: at(50).unwrap_or_default(),
        slow_us: at(95).unwrap_or_default(),
    }
}
