//! A week made for tests, and what it says in words.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::week::{LineWeek, WeekOf, days};
use switchboard::routing::{Call, Facts, Overrides, Table, compile};

pub(crate) fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A condition that asks for a fact which is "yes" from the 20th to the 50th minute of each hour.
pub(crate) const BUSY: &str = "test.busy";

/// What is known of any call: nothing but that.
pub(crate) fn facts(_: &Call, at: DateTime<Utc>) -> Facts {
    use chrono::Timelike;
    let mut facts = Facts::default();
    facts.set(BUSY, switchboard::routing::Value::YesNo((20..50).contains(&at.minute())));
    facts
}

pub(crate) fn lines_of(
    table: &Table,
    overrides: &Overrides,
    own_agents: &BTreeMap<String, bool>,
    monday: NaiveDate,
) -> Vec<LineWeek> {
    let registry = Registry::built_in();
    compile(table, &registry).unwrap();
    let week = WeekOf { table, vocabulary: &registry, overrides, own_agents, facts: &facts, monday };
    week.lines()
}

/// The first line's week as it is read: each day's parts in one text.
pub(crate) fn read(table: &Table, overrides: &Overrides, monday: &str) -> Vec<String> {
    let monday = date(monday);
    let lines = lines_of(table, overrides, &BTreeMap::new(), monday);
    read_line(&lines[0], monday, &table.zone)
}

pub(crate) fn read_line(line: &LineWeek, monday: NaiveDate, zone: &str) -> Vec<String> {
    let days = days(&line.shifts, monday, zone.parse().unwrap());
    let of_day = |day: &switchboard::routing::week::Day| {
        let parts: Vec<String> = day.pieces.iter().map(|piece| line.piece_words(day, piece)).collect();
        parts.join("; ")
    };
    days.iter().map(of_day).collect()
}

/// A shop with one line, two agents and these schedules and rules; the fallback is "Night".
pub(crate) fn shop(zone: &str, schedules: &[(&str, &str)], rules: &Value) -> Table {
    let schedules: Vec<Value> =
        schedules.iter().map(|(id, hours)| json!({ "id": id, "name": id, "hours": hours })).collect();
    serde_json::from_value(json!({
        "format": 1, "country": "US", "zone": zone,
        "lines": [{ "id": "main", "name": "Main line", "number": "+14155550123" }],
        "agents": [{ "id": "day", "name": "Day", "retell_id": "agent_day" },
            { "id": "night", "name": "Night", "retell_id": "agent_night" }],
        "schedules": schedules,
        "rules": rules,
        "fallback": { "action": { "connect": { "agent": "night" } } },
    }))
    .unwrap()
}

/// A rule for the agent "Day" while a schedule is open.
pub(crate) fn while_open(schedule: &str) -> Value {
    when(&[("hours.open", json!({ "schedule": schedule }))], "day")
}

pub(crate) fn when(tests: &[(&str, Value)], agent: &str) -> Value {
    let tests: Vec<Value> = tests
        .iter()
        .map(|(condition, settings)| json!({ "any_of": [{ "condition": condition, "settings": settings }] }))
        .collect();
    json!({ "id": "r", "name": "Rule", "when": tests, "then": { "action": { "connect": { "agent": agent } } } })
}
