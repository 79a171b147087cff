//! Opening hours: whether a schedule of the table is open, and when that changes. The hours are
//! OpenStreetMap opening-hours text; the clock on the wall of the schedule's zone decides, so an
//! hour that is skipped or repeated in spring or autumn is skipped or repeated here too.

pub mod calendar;
pub(super) mod changes;
pub mod choice;
mod clock;
mod coming;
pub mod days;
#[cfg(feature = "desktop")]
mod editor;
mod of_week;
pub mod plan;
mod text;
mod wall;
pub mod weekly;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Ask, CompileContext, ConditionKind, FactInfo, Fault, Host, LookUp, Manifest, Plugin, settings, spoken,
};
use crate::routing::{
    Answer, Calendar, Call, Condition, Facts, Kind, Part, Phrase, Problem, Region, Schedule, Table, Value,
    Verdict,
};
pub use changes::spans_words;
use clock::{Clock, ClockError};
pub use clock::{State, Status};
pub use coming::{Coming, coming, coming_words};
pub(super) use of_week::test_for;
pub use text::{hours_in, one_line};

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    Hours { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

/// How a schedule stands at a time, for people. The error says what is wrong with the schedule.
pub fn status(schedule: &Schedule, table: &Table, at: DateTime<Utc>) -> Result<Status, String> {
    Clock::of(schedule, table).map(|clock| clock.status(at)).map_err(|error| error.to_string())
}

/// What a day is called that differs from the schedule's usual week: "Thanksgiving Day".
#[must_use]
pub fn day_name(schedule: &Schedule, table: &Table, date: NaiveDate) -> Option<String> {
    let special = Clock::of(schedule, table).ok()?.special(date)?;
    Some(special.name).filter(|name| !name.is_empty())
}

/// When a schedule opens next after `at`, if it does within a year. The error says what is wrong with
/// the schedule.
pub fn opens_next(
    schedule: &Schedule,
    table: &Table,
    at: DateTime<Utc>,
) -> Result<Option<DateTime<Tz>>, String> {
    Clock::of(schedule, table).map(|clock| clock.next(at, true)).map_err(|error| error.to_string())
}

struct Hours {
    manifest: Manifest,
}

impl Plugin for Hours {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[&Open]
    }

    fn facts(&self, table: &Table) -> BTreeMap<String, FactInfo> {
        table.schedules.iter().flat_map(facts_of).collect()
    }

    fn look_up(&self, table: &Table, _host: &Host) -> Option<Arc<dyn LookUp>> {
        let clocks = table.schedules.iter().map(|schedule| Named::of(schedule, table)).collect();
        Some(Arc::new(HoursFacts { clocks }))
    }

    fn check(&self, table: &Table) -> Vec<Problem> {
        let check = |(index, schedule): (usize, &Schedule)| {
            let (field, message) = match Clock::of(schedule, table) {
                Err(error @ ClockError::Zone(_)) if schedule.zone.is_some() => ("zone", error.to_string()),
                // A bad zone of the whole table is told once, with the table.
                Ok(_) | Err(ClockError::Zone(_)) => return None,
                Err(error @ ClockError::Holidays(_)) => ("holidays", error.to_string()),
                Err(error) => ("hours", error.to_string()),
            };
            let place = format!("Schedule “{}”", schedule.name);
            Some(Problem::new(format!("schedules[{index}].{field}"), place, message))
        };
        table.schedules.iter().enumerate().filter_map(check).collect()
    }
}

/// The facts about each schedule: name, type, title, example.
const FACTS: [(&str, Kind, &str, &str); 8] = [
    ("open", Kind::YesNo, "{} open", "yes"),
    ("opens_next", Kind::Time, "When {} opens next", "Monday 5 January, 09:00"),
    ("closes_next", Kind::Time, "When {} closes next", "Monday 5 January, 17:00"),
    ("opens_spoken", Kind::Text, "When {} opens next, to be read aloud", "tomorrow at 9:00 AM"),
    ("closes_spoken", Kind::Text, "When {} closes next, to be read aloud", "today at 5:00 PM"),
    ("holiday", Kind::Text, "Holiday or special day of {} today", "Thanksgiving Day"),
    ("time", Kind::Text, "Time now by the clock of {}", "2:30 PM"),
    ("weekday", Kind::Text, "Weekday now by the calendar of {}", "Monday"),
];

fn facts_of(Schedule { id, name, .. }: &Schedule) -> impl Iterator<Item = (String, FactInfo)> {
    FACTS.into_iter().map(move |(fact, kind, title, example)| {
        let info = FactInfo { kind, title: title.replace("{}", name), example: example.into() };
        (format!("hours.{id}.{fact}"), info)
    })
}

/// A schedule ready to be asked.
struct Named {
    id: String,
    name: String,
    /// `None` when the schedule cannot be read; [`Plugin::check`] says so.
    clock: Option<Clock>,
}

impl Named {
    fn of(schedule: &Schedule, table: &Table) -> Self {
        let Schedule { id, name, .. } = schedule;
        Self { id: id.clone(), name: name.clone(), clock: Clock::of(schedule, table).ok() }
    }

    fn unreadable(&self) -> String {
        format!("the hours of {} cannot be read", self.name)
    }
}

struct HoursFacts {
    clocks: Arc<[Named]>,
}

impl LookUp for HoursFacts {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        let clocks = Arc::clone(&self.clocks);
        async move {
            let mut facts = Facts::default();
            for named in clocks.iter() {
                add_facts(&mut facts, named, ask.at);
            }
            Ok(facts)
        }
        .boxed()
    }

    fn is_repeatable(&self) -> bool {
        true
    }
}

fn add_facts(facts: &mut Facts, named: &Named, at: DateTime<Utc>) {
    let Named { id, name, clock } = named;
    let fact = |fact: &str| format!("hours.{id}.{fact}");
    let Some(clock) = clock else {
        for (missing, ..) in FACTS {
            facts.set_missing(fact(missing), named.unreadable());
        }
        return;
    };
    match clock.state(at) {
        State::Unsure => {
            facts.set_missing(fact("open"), format!("the hours of {name} leave this time open"));
        }
        state => facts.set(fact("open"), Value::YesNo(state == State::Open)),
    }
    for (next, spoken, opens) in
        [("opens_next", "opens_spoken", true), ("closes_next", "closes_spoken", false)]
    {
        if let Some(time) = clock.next(at, opens) {
            facts.set(fact(spoken), Value::Text(clock.spoken(&time, at)));
            facts.set(fact(next), Value::Time(time.fixed_offset()));
        } else {
            for missing in [next, spoken] {
                facts.set_missing(fact(missing), format!("{name} does not change within a year"));
            }
        }
    }
    match clock.today(at).map(|day| day.name).filter(|day| !day.is_empty()) {
        Some(day) => facts.set(fact("holiday"), Value::Text(day)),
        None => facts.set_missing(fact("holiday"), format!("today is no special day of {name}")),
    }
    let local = clock.local(at);
    facts.set(fact("time"), Value::Text(clock.hour(&local)));
    facts.set(fact("weekday"), Value::Text(spoken::weekday(&local)));
}

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The id of a schedule of the table.
    #[serde(default)]
    schedule: String,
}

/// The kind of condition `hours.open`.
struct Open;

impl ConditionKind for Open {
    fn name(&self) -> &'static str {
        "open"
    }

    fn starter(&self, table: &Table) -> serde_json::Value {
        json!({ "schedule": table.schedules.first().map_or("", |schedule| &schedule.id) })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { schedule: id } = settings::read(settings)?;
        if id.is_empty() {
            return Err("no schedule is chosen; choose one, or make a new one".into());
        }
        match context.table.schedule(&id) {
            // One that cannot be read is told once, by `check`, and not by each rule that uses it.
            Some(schedule) => Ok(Box::new(IsOpen(Named::of(schedule, context.table)))),
            None => Err(format!("the schedule “{id}” is not in the table; choose another")),
        }
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &super::EditorContext<'_>,
    ) {
        editor::schedule_ui(ui, settings, context);
    }
}

struct IsOpen(Named);

impl Condition for IsOpen {
    fn words(&self, negated: bool) -> Phrase {
        Phrase::new().strong(&self.0.name).plain(if negated { " is closed" } else { " is open" })
    }

    fn test(&self, _call: &Call, _facts: &Facts, at: DateTime<Utc>) -> Verdict {
        let Some(clock) = &self.0.clock else {
            return Verdict::unknown(self.0.unreadable());
        };
        let why = format!("{} is {}", self.0.name, clock.words(at));
        match clock.state(at) {
            State::Open => Verdict::known(true, why),
            State::Closed => Verdict::known(false, why),
            State::Unsure => Verdict::unknown(why),
        }
    }

    fn answer(&self, _call: &Call, _facts: &Facts, at: DateTime<Utc>) -> Answer {
        match self.0.clock.as_ref().map(|clock| clock.state(at)) {
            Some(State::Open) => Answer::Yes,
            Some(State::Closed) => Answer::No,
            Some(State::Unsure) | None => Answer::Unknown,
        }
    }

    fn region(&self, calendar: &Calendar) -> Region {
        let Some(clock) = &self.0.clock else {
            return Region { yes: Vec::new(), unknown: vec![Part::default()] };
        };
        let times = |state| Some(vec![Part::times(clock.times(calendar, state)?)]);
        match (times(State::Open), times(State::Unsure)) {
            (Some(yes), Some(unknown)) => Region { yes, unknown },
            _ => Region::own(),
        }
    }
}
