//! Opening hours through the year: changes of the clock, nights, zones, and any text at all.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::{America, Asia, Australia, Europe, Tz};
use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::json;
use switchboard::plugins::hours::days::{Days, When};
use switchboard::plugins::hours::plan::{Plan, Row, Special};
use switchboard::plugins::hours::{State, coming, status, weekly};
use switchboard::plugins::{Ask, OpenLookUp, Registry};
use switchboard::routing::{Answer, Call, Caller, Facts, Schedule, Table, Test, Value, Vocabulary};

fn schedule(hours: &str, zone: Option<Tz>) -> Schedule {
    let zone = zone.map(|zone| zone.name().to_owned());
    Schedule { id: "x".into(), name: "Shop".into(), zone, hours: hours.into(), ..Schedule::default() }
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
        (
            "Mo-Fr 09:00-17:00; PH off",
            "2026-07-03T10:00:00-04:00",
            "Closed (Independence Day (observed)), opens Monday 09:00",
        ),
        (
            "Mo-Fr 09:00-17:00; Dec 24 09:00-12:00 open \"Christmas Eve\"",
            "2026-12-24T10:00:00-05:00",
            "Open now (Christmas Eve), closes 12:00",
        ),
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
        ("Su 01:00-06:00", New_York, "2026-11-01T01:00:00-04:00", "Open now, closes 06:00"),
        ("Su 02:00-06:00", New_York, "2026-11-01T01:00:30-04:00", "Closed, opens 02:00"),
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
fn clocks_put_forward_and_back_in_other_zones() {
    use Australia::Lord_Howe;
    for (hours, zone, at, expected) in [
        // Lord Howe, 4 October 2026: 02:00 to 02:30 is skipped.
        ("Su 02:15-06:00", Lord_Howe, "2026-10-04T01:59:00+10:30", "Closed, opens 02:30"),
        ("Su 01:00-02:15", Lord_Howe, "2026-10-04T01:59:00+10:30", "Open now, closes 02:30"),
        ("Sa 22:00-02:15", Lord_Howe, "2026-10-04T02:30:00+11:00", "Closed, opens Saturday 22:00"),
        // Lord Howe, 5 April 2026: 01:30 to 02:00 comes twice.
        ("Su 01:45-06:00", Lord_Howe, "2026-04-05T01:40:00+11:00", "Closed, opens 01:45"),
        ("Su 01:45-06:00", Lord_Howe, "2026-04-05T01:50:00+11:00", "Open now, closes 01:30"),
        ("Su 01:30-06:00", Lord_Howe, "2026-04-05T01:30:59+11:00", "Open now, closes 06:00"),
        ("Su 01:45-06:00", Lord_Howe, "2026-04-05T01:40:00+10:30", "Closed, opens 01:45"),
        ("Su 01:45-06:00", Lord_Howe, "2026-04-05T01:50:00+10:30", "Open now, closes 06:00"),
        // Santiago, 6 September 2026: midnight itself is skipped.
        ("Sa 20:00-24:00", America::Santiago, "2026-09-05T23:59:00-04:00", "Open now, closes Sunday 01:00"),
        ("Sa 20:00-02:00", America::Santiago, "2026-09-06T01:00:00-03:00", "Open now, closes 02:00"),
        // Beirut, 25 October 2026: the last hour of Saturday comes twice.
        ("Sa 20:00-23:30", Asia::Beirut, "2026-10-24T23:15:00+03:00", "Open now, closes 23:30"),
        ("Sa 20:00-23:30", Asia::Beirut, "2026-10-24T23:45:00+03:00", "Closed, opens 23:00"),
        // A special day on the day of the change.
        (
            "24/7; Mar Su[2] 02:30-06:00",
            America::New_York,
            "2026-03-08T01:30:00-05:00",
            "Closed, opens 03:00",
        ),
        (
            "Mo-Fr 09:00-17:00; Nov 01 01:30-01:45",
            America::New_York,
            "2026-11-01T01:45:00-04:00",
            "Closed, opens 01:30",
        ),
    ] {
        assert_eq!(words(hours, zone, at), expected, "{hours} in {zone} at {at}");
    }
}

#[test]
fn holidays_are_those_of_the_place_without_those_left_out() {
    let week = "Mo-Fr 09:00-17:00; PH off";
    for (hours, holidays, date, open) in [
        (week, json!({}), "2026-10-12", false),
        (week, json!({"except": ["Columbus Day"]}), "2026-10-12", true),
        (week, json!({"except": ["Columbus Day"]}), "2026-11-11", false),
        (week, json!({"region": "CA"}), "2026-10-12", true),
        (week, json!({"region": "CA"}), "2026-03-31", false),
        (week, json!({"country": "DE"}), "2026-07-03", true),
        (week, json!({"country": "DE"}), "2026-01-06", true),
        (week, json!({"country": "DE", "region": "BY"}), "2026-01-06", false),
        // Good Friday moves.
        (week, json!({"country": "GB"}), "2026-04-03", false),
        (week, json!({"country": "GB"}), "2027-03-26", false),
        ("Mo-Fr 09:00-17:00", json!({}), "2026-10-12", true),
        // What is said later wins.
        ("Mo-Fr 09:00-17:00; PH off; Oct 12 11:00-13:00", json!({}), "2026-10-12", true),
        ("Mo-Fr 09:00-17:00; Oct 12 11:00-13:00; PH off", json!({}), "2026-10-12", false),
        ("Mo-Fr 09:00-17:00; PH 11:00-13:00", json!({}), "2026-10-12", true),
        // Rules written by hand, and those that only the library can read.
        ("Mo-Fr 09:00-17:00; PH,Sa off", json!({}), "2026-10-12", false),
        ("Mo-Fr 09:00-17:00; PH,Sa off", json!({"except": ["Columbus Day"]}), "2026-10-12", true),
        ("Mo-Fr 09:00-17:00; PH +1 day off", json!({}), "2026-10-13", false),
        ("Mo-Fr 09:00-17:00 || PH closed", json!({}), "2026-10-13", true),
        ("PH off || Mo-Fr 09:00-17:00", json!({}), "2026-10-13", true),
    ] {
        let holidays = serde_json::from_value(holidays.clone()).unwrap();
        let schedule = Schedule { holidays, ..schedule(hours, None) };
        let at = format!("{date}T12:00:00-04:00").parse::<DateTime<Utc>>().unwrap();
        let status = status(&schedule, &table(schedule.clone()), at).unwrap();
        assert_eq!(status.state == State::Open, open, "{hours} {:?} {date}", schedule.holidays);
    }
}

#[test]
fn nights_run_on_into_days_that_are_closed() {
    for (hours, at, expected) in [
        // New Year's Day is closed; the party began the day before.
        ("Mo-Su 18:00-02:00; PH off", "2026-01-01T01:00:00-05:00", "Open now (New Year's Day), closes 02:00"),
        (
            "Mo-Su 18:00-02:00; PH off",
            "2026-01-01T20:00:00-05:00",
            "Closed (New Year's Day), opens Friday 18:00",
        ),
        ("Dec 31 20:00-04:00; Jan 01 off", "2027-01-01T03:00:00-05:00", "Open now, closes 04:00"),
        ("Fr 22:00-02:00; Sa 10:00-14:00; Sa[1] off", "2026-03-07T01:00:00-05:00", "Open now, closes 02:00"),
        ("24/7; Dec 25 off", "2026-12-24T12:00:00-05:00", "Open now, closes Friday 00:00"),
    ] {
        assert_eq!(words(hours, America::New_York, at), expected, "{hours} at {at}");
    }
}

#[test]
fn special_days_ahead_are_told_in_order() {
    let hours = "Mo-Fr 09:00-17:00; PH off; Dec 24-Jan 02 off \"Winter break\"; Dec 31 09:00-12:00; Jul-Aug Mo-Fr 10:00-12:00";
    let schedule = schedule(hours, None);
    let at = "2026-11-24T15:00:00Z".parse().unwrap();
    let days = coming(&schedule, &table(schedule.clone()), at, 5);
    let told: Vec<_> = days
        .iter()
        .map(|day| (day.from.to_string(), day.to.to_string(), &*day.name, day.hours.len()))
        .collect();
    let told: Vec<_> = told.iter().map(|(from, to, name, hours)| (&**from, &**to, *name, *hours)).collect();
    assert_eq!(
        told,
        [
            ("2026-11-26", "2026-11-26", "Thanksgiving Day", 0),
            ("2026-12-24", "2026-12-30", "Winter break", 0),
            ("2026-12-31", "2026-12-31", "", 1),
            ("2027-01-01", "2027-01-02", "Winter break", 0),
            ("2027-01-18", "2027-01-18", "Martin Luther King Jr. Day", 0),
        ]
    );
}

#[test]
fn facts_are_ready_to_be_read_aloud_where_the_business_is() {
    let text = |facts: &Facts, name: &str| match facts.get(&format!("hours.x.{name}")) {
        Some(Value::Text(text)) => text.clone(),
        other => format!("{other:?} {:?}", facts.why_missing(&format!("hours.x.{name}"))),
    };
    for (hours, zone, at, opens, closes, holiday, time, weekday) in [
        (
            "Mo-Fr 09:00-17:00; PH off",
            None,
            "2026-11-25T21:30:00Z",
            "Friday at 9:00 AM",
            "today at 5:00 PM",
            "today is no special day of Shop",
            "4:30 PM",
            "Wednesday",
        ),
        (
            "Mo-Fr 09:00-17:00; PH off",
            None,
            "2026-11-26T15:05:00Z",
            "tomorrow at 9:00 AM",
            "tomorrow at 5:00 PM",
            "Thanksgiving Day",
            "10:05 AM",
            "Thursday",
        ),
        (
            "Mo-Fr 09:00-17:00; Dec 24-Jan 06 off \"Winter break\"",
            Some(Europe::Berlin),
            "2026-12-23T23:30:00Z",
            "Thursday, January 7 at 9:00 AM",
            "Thursday, January 7 at 5:00 PM",
            "Winter break",
            "12:30 AM",
            "Thursday",
        ),
    ] {
        let facts = facts_at(&table(schedule(hours, zone)), at.parse().unwrap());
        for (name, expected) in [
            ("opens_spoken", opens),
            ("closes_spoken", closes),
            ("holiday", holiday),
            ("time", time),
            ("weekday", weekday),
        ] {
            let found = text(&facts, name);
            assert!(found.contains(expected), "{name} of {hours} at {at}: {found}");
        }
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
    for (hours, wrong) in [
        ("", "the hours end too early"),
        ("Mo-Fr", ""),
        ("Mo-Fr 09:00-", "the hours end too early"),
        ("Mo-Fr 9-17", "cannot be read from “9-17” on (character 7)"),
        ("open on weekdays", "cannot be read from “on weekdays” on (character 6)"),
        ("Mo-Fr 09:00-17:00; Xx off", "cannot be read from “Xx off” on (character 20)"),
        ("  Mo 09:00-17:00; öff", "cannot be read from “öff” on (character 19)"),
        ("2027-2026 off", "Inverted year ranges are ambiguous, do you mean '2026-2027'?"),
        ("Mo-Fr 09:00-17:00 ; ; PH off;", ""),
    ] {
        let schedule = schedule(hours, None);
        let read = status(&schedule, &table(schedule.clone()), Utc.timestamp_opt(0, 0).unwrap());
        match read {
            Ok(_) => assert_eq!(wrong, "", "{hours}"),
            Err(error) => {
                assert!(!wrong.is_empty() && error.contains(wrong), "{hours}: {error}");
                assert!(
                    error.ends_with("write them like Mo-Fr 09:00-17:00, or off for never open"),
                    "{error}"
                );
            }
        }
    }
    for (holidays, wrong) in [
        (json!({"country": "XX"}), "no calendar of public holidays for “XX”; choose another country"),
        (json!({"country": "DE", "region": "CA"}), "for “CA” in DE; choose another region"),
    ] {
        let holidays = serde_json::from_value(holidays).unwrap();
        let bad = Schedule { holidays, ..schedule("Mo-Fr 09:00-17:00; PH off", None) };
        let problems = Registry::built_in().check(&table(bad.clone()));
        assert!(problems.iter().any(|problem| problem.message.contains(wrong)), "{problems:?}");
        // Hours that do not ask for holidays need none.
        let fine = Schedule { hours: "Mo-Fr 09:00-17:00".into(), ..bad };
        assert_eq!(Registry::built_in().check(&table(fine)), []);
    }
}

/// Days that differ, none of them with a night.
const SPECIAL: [&str; 16] = [
    "Dec 24-Jan 02 off",
    "Dec 31 10:00-14:00",
    "2026 Dec 30-2027 Jan 05 08:00-12:00",
    "2027 Feb 10 off",
    "2026 Aug 03-14 off",
    "Nov Th[4] off \"Thanksgiving; closed\"",
    "Nov Th[4] +1 day 10:00-13:00,15:00-18:00",
    "May Mo[-1] off",
    "We[1] 12:00-20:00",
    "Su[-1] 10:00-12:00 open \"Sunday sale\"",
    "easter off",
    "easter +1 day off",
    "easter -2 days 09:00-12:00",
    "Feb 29 off",
    "Jul-Aug Mo-Fr 10:00-15:00",
    "Jan 06,Nov 01,easter +39 days off",
];

/// Whether any span covers this minute of the week, the plain way.
fn covered(spans: &[weekly::Span], day: u32, minute: u32) -> bool {
    spans.iter().any(|span| {
        let from = u32::from(span.day) * 1440 + u32::from(span.from_min);
        let length = u32::from(span.to_min - span.from_min);
        (day * 1440 + minute + 7 * 1440 - from) % (7 * 1440) < length
    })
}

/// How hours are meant: those of a day begin on it and may run on into the next, whatever that
/// day's own are; a special day has its own in place of the week's.
fn meant(week: &[weekly::Span], special: &[(NaiveDate, Vec<weekly::Span>)], wall: NaiveDateTime) -> bool {
    let begun_on = |date: NaiveDate| -> Vec<(u32, u32)> {
        let day = date.weekday().num_days_from_monday();
        let of_week = week.iter().filter(|span| u32::from(span.day) == day);
        let own = special.iter().rev().find(|(on, _)| *on == date);
        let spans: Vec<&weekly::Span> = match own {
            Some((_, own)) => own.iter().collect(),
            None => of_week.collect(),
        };
        spans.iter().map(|span| (span.from_min.into(), span.to_min.into())).collect()
    };
    let minute = wall.hour() * 60 + wall.minute();
    let in_any =
        |spans: Vec<(u32, u32)>, minute| spans.iter().any(|(from, to)| (*from..*to).contains(&minute));
    in_any(begun_on(wall.date()), minute) || in_any(begun_on(wall.date().pred_opt().unwrap()), minute + 1440)
}

prop_compose! {
    fn any_day_of_2026()(day in 1..=365_u32) -> NaiveDate {
        NaiveDate::from_yo_opt(2026, day).unwrap()
    }
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
    fn special_days_have_their_own_hours_and_nights_run_on(
        week in prop::collection::vec(any_span(), 0..6),
        special in prop::collection::vec((any_day_of_2026(), prop::collection::vec(any_span(), 0..3)), 1..6),
        steps in prop::collection::vec((0..6_usize, -1..=1_i64, 0..1440_i64), 12), zone in any_zone(),
    ) {
        let week = weekly::tidy(&week);
        let special: Vec<_> = special
            .into_iter()
            .map(|(date, spans)| {
                let spans: Vec<_> = spans.into_iter().map(|span| weekly::Span { day: 0, ..span }).collect();
                // What would be parted at midnight is the next day's.
                (date, weekly::tidy(&spans).into_iter().filter(|span| span.day == 0).collect::<Vec<_>>())
            })
            .collect();
        let rows = special.iter().map(|(date, hours)| {
            let when = When::Days(vec![Days::Once { from: *date, to: *date }]);
            Row::Special(Special { when, hours: hours.clone(), name: "Day; off".into() })
        });
        let plan = Plan { week: week.clone(), rows: rows.collect() };
        let schedule = schedule(&plan.write(), Some(zone));
        prop_assert_eq!(Plan::parse(&schedule.hours).unwrap(), plan);
        for (index, day, minute) in steps {
            let date = special[index % special.len()].0 + Duration::days(day);
            let wall = date.and_hms_opt(0, 0, 0).unwrap() + Duration::minutes(minute);
            let Some(at) = zone.from_local_datetime(&wall).earliest() else { continue };
            let state = status(&schedule, &table(schedule.clone()), at.to_utc()).unwrap().state;
            let expected = meant(&week, &special, wall);
            prop_assert_eq!(state == State::Open, expected, "{} at {}", schedule.hours, wall);
        }
    }

    #[test]
    fn days_without_nights_are_what_the_library_says(
        spans in prop::collection::vec(any_span(), 0..5),
        rows in prop::sample::subsequence(SPECIAL.to_vec(), 0..6).prop_shuffle(),
        day in 0..3 * 365_i64, minute in 0..1440_i64,
    ) {
        let spans: Vec<_> =
            spans.into_iter().map(|span| weekly::Span { to_min: span.to_min.min(weekly::DAY), ..span }).collect();
        let mut hours = weekly::write(&spans);
        for row in &rows {
            hours = format!("{hours}; {row}");
        }
        let wall = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Duration::days(day);
        let wall = wall.and_hms_opt(0, 0, 0).unwrap() + Duration::minutes(minute);
        let schedule = schedule(&hours, Some(Tz::UTC));
        let ours = status(&schedule, &table(schedule.clone()), wall.and_utc()).unwrap().state;
        let library: opening_hours::OpeningHours = hours.parse().unwrap();
        prop_assert_eq!(ours == State::Open, library.is_open(wall), "{} at {}", hours, wall);
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
