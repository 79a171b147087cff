//! A test for times of the week that were found, not chosen: with a schedule made for them.

use serde_json::json;

use super::Settings;
use super::weekly::{self, Span};
use crate::routing::checks::{WeekSpan, spans_words};
use crate::routing::{Schedule, Table, Test, fresh_id};

/// A test that holds at these times of the week. Its schedule is one that the table has, or is added.
pub(in crate::plugins) fn test_for(table: &mut Table, hours: &[WeekSpan]) -> Test {
    let pieces = hours.iter().flat_map(|span| span.pieces());
    let spans: Vec<Span> = pieces
        .map(|(day, from, to)| Span { day: day as u8, from_min: from as u16, to_min: to as u16 })
        .collect();
    let text = weekly::write(&spans);
    let known = table.schedules.iter().find(|schedule| schedule.zone.is_none() && schedule.hours == text);
    let schedule = if let Some(schedule) = known {
        schedule.id.clone()
    } else {
        let name = spans_words(hours);
        let id = fresh_id(&name, table.schedules.iter().map(|schedule| schedule.id.as_str()));
        table.schedules.push(Schedule { id: id.clone(), name, hours: text, ..Schedule::default() });
        id
    };
    Test { condition: "hours.open".into(), not: false, settings: json!(Settings { schedule }) }
}
