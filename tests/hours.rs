//! Opening hours through the year: changes of the clock, nights, zones, and any text at all.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, Datelike, Duration, TimeZone, Timelike, Utc};
use chrono_tz::{America, Europe, Tz};
use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::json;
use switchboard::plugins::hours::{State, status, weekly};
use switchboard::plugins::{Ask, OpenLookUp, Registry};
use switchboard::routing::{Answer, Call, Caller, Facts, Schedule, Table, Test, Value, Vocabulary};

fn schedule(hours: &str, zone: Option<Tz>) -> Schedule {
    let zone = zone.map(|zone| zone.name().to_owned());
    Schedule { id: "x".into(), name: "Shop".into(), zone, hours: hours.into() }
}

fn table(schedule: Schedule) -> Table {
    let mut table = Table::empty("US", "America/New_York");
    table.schedules.push(schedule);
    table
}

fn words(hours: &str, zone: Tz, at: &str) -> String {
    let schedule = schedule(hours, Some(zone));
    status(&schedule, &table(schedule.clone()), DateTime::parse_from_rfc3339(at).unwrap().to_utc())
        .unwrap()
        .words
}

#[test]
fn says_how_it_stands() {
    for (hours, at, expected) in [
        ("Mo-Fr 09:00-17:00", "2026-03-02T15:00:00-05:00", "Open now, closes 17:00"),
        ("Mo-Fr 09:00-17:00", "2026-03-02T08:59:59-05:00", "Closed, opens 09:00"),
        ("Mo-Fr 09:00-17:00", "2026-03-02T09:00:00-05:00", "Open now, closes 17:00"),
        ("Mo-Fr 09:00-17:00", "2026-03-06T17:00:00-05:00", "Closed, opens Monday 09:00"),
        ("Mo-Fr 09:00-12:30,13:30-17:00", "2026-03-06T12:45:00-05:00", "Closed, opens 13:30"),
        ("Mo 09:00-17:00", "2026-03-02T17:00:00-05:00", "Closed, opens Monday 9 March 2026, 09:00"),
        ("Fr 22:00-02:00", "2026-03-07T01:00:00-05:00", "Open now, closes 02:00"),
        ("Fr 22:00-02:00; Sa 10:00-14:00", "2026-03-07T01:00:00-05:00", "Open now, closes 02:00"),
        ("Su 22:00-02:00; Mo 09:00-17:00", "2026-03-01T23:00:00-05:00", "Open now, closes Monday 02:00"),
        ("24/7", "2026-03-07T01:00:00-05:00", "Open all the time"),
        ("off", "2026-03-07T01:00:00-05:00", "Closed all the time"),
        ("Mo-Fr 09:00-17:00; PH off", "2026-07-03T10:00:00-04:00", "Closed, opens Monday 09:00"),
        ("Mo-Fr 09:00-17:00 unknown", "2026-03-02T10:00:00-05:00", "Neither surely open nor closed"),
    ] {
        assert_eq!(words(hours, America::New_York, at), expected, "{hours} at {at}");
    }
}

#[test]
fn keeps_to_the_clock_on_the_wall() {
    use America::New_York;
    use Europe::Berlin;
    for (hours, zone, at, expected) in [
        // New York, 8 March 2026: 02:00 to 03:00 is skipped.
        ("Su 02:30-06:00", New_York, "2026-03-08T01:59:00-05:00", "Closed, opens 03:00"),
        ("Su 02:30-06:00", New_York, "2026-03-08T03:00:00-04:00", "Open now, closes 06:00"),
        ("Su 01:00-02:30", New_York, "2026-03-08T01:59:00-05:00", "Open now, closes 03:00"),
        (
            "Su 01:00-02:30",
            New_York,
            "2026-03-08T03:00:00-04:00",
            "Closed, opens Sunday 15 March 2026, 01:00",
        ),
        ("Sa 22:00-04:00", New_York, "2026-03-08T03:30:00-04:00", "Open now, closes 04:00"),
        ("Mo-Fr 09:00-17:00", New_York, "2026-03-09T12:59:00Z", "Closed, opens 09:00"),
        ("Mo-Fr 09:00-17:00", New_York, "2026-03-09T13:00:00Z", "Open now, closes 17:00"),
        // New York, 1 November 2026: 01:00 to 02:00 comes twice.
        ("Su 01:30-06:00", New_York, "2026-11-01T01:15:00-04:00", "Closed, opens 01:30"),
        ("Su 01:30-06:00", New_York, "2026-11-01T01:45:00-04:00", "Open now, closes 01:00"),
        ("Su 01:30-06:00", New_York, "2026-11-01T01:15:00-05:00", "Closed, opens 01:30"),
        ("Su 01:30-06:00", New_York, "2026-11-01T01:45:00-05:00", "Open now, closes 06:00"),
        ("Sa 22:00-01:30", New_York, "2026-11-01T01:45:00-04:00", "Closed, opens 01:00"),
        ("Mo-Fr 09:00-17:00", New_York, "2026-11-02T13:59:00Z", "Closed, opens 09:00"),
        ("Mo-Fr 09:00-17:00", New_York, "2026-11-02T14:00:00Z", "Open now, closes 17:00"),
        // Berlin, 29 March 2026: 02:00 to 03:00 is skipped.
        ("Su 02:00-02:30", Berlin, "2026-03-29T01:59:00+01:00", "Closed, opens Sunday 5 April 2026, 02:00"),
        ("Sa 22:00-05:00", Berlin, "2026-03-29T03:00:00+02:00", "Open now, closes 05:00"),
        ("Mo-Fr 09:00-17:00", Berlin, "2026-03-30T06:59:00Z", "Closed, opens 09:00"),
        // Berlin, 25 October 2026: 02:00 to 03:00 comes twice.
        ("Su 02:00-02:30", Berlin, "2026-10-25T02:15:00+02:00", "Open now, closes 02:30"),
        ("Su 02:00-02:30", Berlin, "2026-10-25T02:45:00+02:00", "Closed, opens 02:00"),
        ("Su 02:00-02:30", Berlin, "2026-10-25T02:15:00+01:00", "Open now, closes 02:30"),
        ("Mo-Fr 09:00-17:00", Berlin, "2026-10-26T08:00:00Z", "Open now, closes 17:00"),
    ] {
        assert_eq!(words(hours, zone, at), expected, "{hours} in {zone} at {at}");
    }
}

#[test]
fn each_schedule_is_told_in_its_own_zone() {
    let mut table = table(schedule("Mo-Fr 09:00-17:00", None));
    table.schedules.push(Schedule { id: "b".into(), ..schedule("Mo-Fr 09:00-17:00", Some(Europe::Berlin)) });
    let registry = Registry::built_in();
    let call = Call::new(Caller::Withheld, "+14155550123");
    // 15:30 in Berlin, 09:30 in New York; an hour later Berlin is still open, two later not.
    for (at, here, there) in [("14:30", Answer::Yes, Answer::Yes), ("16:30", Answer::Yes, Answer::No)] {
        let at: DateTime<Utc> = format!("2026-03-02T{at}:00Z").parse().unwrap();
        for (id, answer) in [("x", here), ("b", there)] {
            let settings = json!({"schedule": id});
            let test = Test { condition: "hours.open".into(), not: false, settings };
            let condition = registry.condition(&test, &table).unwrap();
            assert_eq!(condition.test(&call, &Facts::default(), at).answer, answer, "{id} at {at}");
        }
    }
}

#[test]
fn a_zone_or_text_that_cannot_be_read_is_told_with_what_to_do() {
    let bad = Schedule { zone: Some("Berlin".into()), ..schedule("off", None) };
    let error = status(&bad, &table(bad.clone()), Utc.timestamp_opt(0, 0).unwrap()).unwrap_err();
    assert!(error.contains("“Berlin” is not a time zone; choose"), "{error}");
    for (hours, position) in
        [("", 1), ("Mo-Fr 9-17", 7), ("open on weekdays", 6), ("Mo-Fr 09:00-17:00; Xx off", 20)]
    {
        let bad = schedule(hours, None);
        let error = status(&bad, &table(bad.clone()), Utc.timestamp_opt(0, 0).unwrap()).unwrap_err();
        assert!(error.contains(&format!("from character {position} on; write")), "{hours}: {error}");
    }
}

/// Whether any span covers this minute of the week, the plain way.
fn covered(spans: &[weekly::Span], day: u32, minute: u32) -> bool {
    spans.iter().any(|span| {
        let from = u32::from(span.day) * 1440 + u32::from(span.from_min);
        let length = u32::from(span.to_min - span.from_min);
        (day * 1440 + minute + 7 * 1440 - from) % (7 * 1440) < length
    })
}

prop_compose! {
    fn any_span()(day in 0..7_u8, from_min in 0..1440_u16, length in 1..=1440_u16) -> weekly::Span {
        weekly::Span { day, from_min, to_min: from_min + length }
    }
}

fn any_zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![America::New_York, Europe::Berlin, Tz::UTC, Tz::Australia__Lord_Howe])
}

fn facts_at(table: &Table, at: DateTime<Utc>) -> Facts {
    let call = Call::new(Caller::Withheld, "+14155550123").into();
    let ask = Ask { call, at };
    let mut facts = Facts::default();
    for OpenLookUp { look_up, .. } in Registry::built_in().look_ups(table) {
        facts.merge(look_up.ask(ask.clone()).now_or_never().unwrap().unwrap());
    }
    facts
}

fn moment(facts: &Facts, name: &str) -> Option<DateTime<Utc>> {
    match facts.get(name)? {
        Value::Time(time) => Some(time.to_utc()),
        other => panic!("{name} is {other:?}"),
    }
}

proptest! {
    // Each case asks at many moments.
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn the_week_that_is_drawn_is_the_week_that_decides(
        spans in prop::collection::vec(any_span(), 0..8), minute in 0..400 * 1440_i64, zone in any_zone(),
    ) {
        let schedule = schedule(&weekly::write(&spans), Some(zone));
        let at = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap() + Duration::minutes(minute);
        let wall = at.with_timezone(&zone);
        let state = status(&schedule, &table(schedule.clone()), at).unwrap().state;
        let open = covered(&spans, wall.weekday().num_days_from_monday(), wall.hour() * 60 + wall.minute());
        prop_assert_eq!(state == State::Open, open, "{} at {}", schedule.hours, wall);
    }

    #[test]
    fn nothing_changes_before_the_next_change(
        spans in prop::collection::vec(any_span(), 0..5),
        // Days around the changes of the clock, when it is hard.
        day in prop::sample::select(vec![(3, 7), (3, 28), (4, 4), (10, 3), (10, 24), (10, 31)]),
        second in 0..2 * 86_400_i64,
        zone in any_zone(),
    ) {
        let table = table(schedule(&weekly::write(&spans), Some(zone)));
        let at = Utc.with_ymd_and_hms(2026, day.0, day.1, 0, 0, 0).unwrap() + Duration::seconds(second);
        let facts = facts_at(&table, at);
        let (opens, closes) = (moment(&facts, "hours.x.opens_next"), moment(&facts, "hours.x.closes_next"));
        let Some(next) = opens.min(closes).or(opens).or(closes) else {
            return Ok(());
        };
        let state = |at| status(&table.schedules[0], &table, at).unwrap().state;
        prop_assert!(next > at);
        prop_assert_ne!(state(next), state(at), "at {}", next);
        for step in 0..60 {
            let between = next - Duration::minutes(step * 7) - Duration::seconds(1);
            prop_assert_eq!(state(between.max(at)), state(at), "at {}", between);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(
        text in "[MoTuSaPHJanDec0-9:;,\\-/ +\"|()]{0,24}|(PH|Mo|Fr|week|Jan|easter|2026|24/7|sunset|[0-9]{1,2}:[0-9]{2}|[-;, +]|off|\"a\"){0,10}",
    ) {
        let schedule = schedule(&text, None);
        let at = Utc.with_ymd_and_hms(2026, 3, 8, 7, 30, 0).unwrap();
        match status(&schedule, &table(schedule.clone()), at) {
            Ok(status) => prop_assert!(!status.words.is_empty()),
            Err(error) => prop_assert!(error.contains(';')),
        }
    }
}
