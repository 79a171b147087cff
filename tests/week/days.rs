//! Days that are out of the ordinary: clocks that are put, holidays, nights, closures, rules that begin
//! and end.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use switchboard::routing::week::{ClockChange, Turn, Who, days};
use switchboard::routing::{Action, Outcome, Overrides, Table, What, Wish};

use crate::shown::{date, lines_of, moment, read, read_line, shop, when, while_open};

const NIGHT: &str = "Night (no rule matches, so the fallback)";
const DAY: &str = "Day (by “Rule”)";

fn none() -> Overrides {
    Overrides::default()
}

fn parts(day: &str, parts: &[(&str, &str)]) -> String {
    parts.iter().map(|(times, who)| format!("{day} {times} · {who}")).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_plain_week_has_its_edges_to_the_minute() {
    let table = shop("America/New_York", &[("office", "Mo-Fr 09:07-16:53")], &json!([while_open("office")]));
    let week = read(&table, &none(), "2026-11-16");
    let open = parts("Mon", &[("00:00–09:07", NIGHT), ("09:07–16:53", DAY), ("16:53–24:00", NIGHT)]);
    assert_eq!(week[0], open);
    assert_eq!(week[5], parts("Sat", &[("00:00–24:00", NIGHT)]));
}

#[test]
fn holidays_and_nights_fall_on_their_dates() {
    let table =
        shop("America/New_York", &[("bar", "Mo-Su 18:00-02:00; PH off")], &json!([while_open("bar")]));
    // Thanksgiving is Thursday the 26th.
    let week = read(&table, &none(), "2026-11-23");
    assert_eq!(week[2], parts("Wed", &[("00:00–02:00", DAY), ("02:00–18:00", NIGHT), ("18:00–24:00", DAY)]));
    assert_eq!(week[3], parts("Thu", &[("00:00–02:00", DAY), ("02:00–24:00", NIGHT)]));
    assert_eq!(week[4], parts("Fri", &[("00:00–18:00", NIGHT), ("18:00–24:00", DAY)]));
}

#[test]
fn days_have_23_or_25_hours_where_clocks_are_put() {
    for (zone, monday, change, sunday, hours) in [
        (
            "America/New_York",
            "2026-03-02",
            ClockChange::Skipped(7200, 10800),
            vec![("00:00–02:00", DAY), ("03:00–04:30", DAY), ("04:30–24:00", NIGHT)],
            167,
        ),
        (
            "America/New_York",
            "2026-10-26",
            ClockChange::Twice(3600, 7200),
            vec![
                ("00:00–01:00", DAY),
                ("01:00–02:00 (the first time)", DAY),
                ("01:00–02:00 (the second time)", DAY),
                ("02:00–04:30", DAY),
                ("04:30–24:00", NIGHT),
            ],
            169,
        ),
        (
            "Australia/Lord_Howe",
            "2026-03-30",
            ClockChange::Twice(5400, 7200),
            vec![
                ("00:00–01:30", DAY),
                ("01:30–02:00 (the first time)", DAY),
                ("01:30–02:00 (the second time)", DAY),
                ("02:00–04:30", DAY),
                ("04:30–24:00", NIGHT),
            ],
            168,
        ),
    ] {
        let table = shop(zone, &[("early", "Mo-Su 00:00-04:30")], &json!([while_open("early")]));
        let lines = lines_of(&table, &none(), &BTreeMap::new(), date(monday));
        let shown = days(&lines[0].shifts, date(monday), zone.parse().unwrap());
        assert_eq!(shown[6].changes, [change], "{zone} {monday}");
        assert!(shown[..6].iter().all(|day| day.changes.is_empty()));
        let sunday = parts("Sun", &sunday);
        assert_eq!(read(&table, &none(), monday)[6], sunday, "{zone} {monday}");
        let (first, last) = (lines[0].shifts.first().unwrap(), lines[0].shifts.last().unwrap());
        assert_eq!((last.until - first.from).num_hours(), hours, "{zone} {monday}");
    }
}

#[test]
fn an_hour_that_comes_twice_can_be_answered_in_two_ways() {
    // The rule begins when it is 01:30 for the first time.
    let mut rule = when(&[], "day");
    rule["from"] = json!("2026-11-01T01:30");
    let table = shop("America/New_York", &[], &json!([rule]));
    let week = read(&table, &none(), "2026-10-26");
    let sunday = [
        ("00:00–01:00", NIGHT),
        ("01:00–01:30 (the first time)", NIGHT),
        ("01:30–02:00 (the first time)", DAY),
        ("01:00–02:00 (the second time)", DAY),
        ("02:00–24:00", DAY),
    ];
    assert_eq!(week[6], parts("Sun", &sunday));
    let lines = lines_of(&table, &none(), &BTreeMap::new(), date("2026-10-26"));
    let shown = days(&lines[0].shifts, date("2026-10-26"), "America/New_York".parse().unwrap());
    let second = shown[6].pieces.iter().find(|piece| piece.turn == Turn::Second).unwrap();
    assert_eq!(second.moment(3600 + 600), moment("2026-11-01T06:10:00Z"), "a click there means this time");
}

#[test]
fn rules_begin_and_end_within_the_week() {
    let mut rule = when(&[], "day");
    rule["from"] = json!("2026-11-24T10:30");
    rule["until"] = json!("2026-11-26T08:15");
    let table = shop("Europe/Berlin", &[], &json!([rule]));
    let week = read(&table, &none(), "2026-11-23");
    assert_eq!(week[0], parts("Mon", &[("00:00–24:00", NIGHT)]));
    assert_eq!(week[1], parts("Tue", &[("00:00–10:30", NIGHT), ("10:30–24:00", DAY)]));
    assert_eq!(week[2], parts("Wed", &[("00:00–24:00", DAY)]));
    assert_eq!(week[3], parts("Thu", &[("00:00–08:15", DAY), ("08:15–24:00", NIGHT)]));
}

fn wish(line: Option<&str>, from: &str, until: &str, action: Action) -> Wish {
    Wish {
        what: What::Closed,
        line: line.map(str::to_owned),
        from: Some(moment(from)),
        until: moment(until),
        then: Outcome { action, ..Outcome::default() },
        reason: String::new(),
    }
}

#[test]
fn closures_stand_above_the_rules_also_those_to_come() {
    let table = shop("UTC", &[("office", "Mo-Fr 09:00-17:00")], &json!([while_open("office")]));
    let now = moment("2026-11-23T08:00:00Z");
    let mut overrides = none();
    let night = Action::Connect { agent: "night".into(), version: None };
    let gone = Action::Connect { agent: "gone".into(), version: None };
    for (line, from, until, action) in [
        (None, "2026-11-24T10:00:00Z", "2026-11-24T12:00:00Z", Action::Reject),
        (Some("main"), "2026-11-24T11:00:00Z", "2026-11-24T11:30:00Z", night),
        (Some("other"), "2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z", Action::Reject),
        (None, "2026-11-25T10:00:00Z", "2026-11-25T12:00:00Z", gone),
    ] {
        overrides.set(wish(line, from, until, action), "ada", now).unwrap();
    }
    let ended = overrides
        .set(wish(None, "2026-11-26T10:00:00Z", "2026-11-26T12:00:00Z", Action::Reject), "ada", now)
        .unwrap();
    overrides.end(&[ended.id], "ada", now);
    let week = read(&table, &overrides, "2026-11-23");
    let closed = "Nobody (rejected) (Closed until Tue 24 Nov 2026, 12:00)";
    let for_line = "Night (Main line closed until Tue 24 Nov 2026, 11:30)";
    let tuesday = [
        ("00:00–09:00", NIGHT),
        ("09:00–10:00", DAY),
        ("10:00–11:00", closed),
        ("11:00–11:30", for_line),
        ("11:30–12:00", closed),
        ("12:00–17:00", DAY),
        ("17:00–24:00", NIGHT),
    ];
    assert_eq!(week[1], parts("Tue", &tuesday));
    let gone = "Night (Closed until Wed 25 Nov 2026, 12:00)";
    let wednesday = [
        ("00:00–09:00", NIGHT),
        ("09:00–10:00", DAY),
        ("10:00–12:00", gone),
        ("12:00–17:00", DAY),
        ("17:00–24:00", NIGHT),
    ];
    assert_eq!(week[2], parts("Wed", &wednesday), "the fallback stands in for an agent that is gone");
    assert!(!week[3].contains("Closed"), "one that was ended counts no more");
}

/// The rules that the week names besides, at noon on Tuesday.
fn others_at_noon(rules: &Value) -> Vec<String> {
    let mut table = shop("UTC", &[("office", "Mo-Fr 09:00-17:00")], rules);
    table.lists = serde_json::from_value(json!([
        { "id": "vip", "name": "VIP", "entries": [{ "what": "+14155559999" }] },
        { "id": "none", "name": "Nobody", "entries": [] }]))
    .unwrap();
    let lines = lines_of(&table, &none(), &BTreeMap::new(), date("2026-11-23"));
    lines[0].other_words(lines[0].at(moment("2026-11-24T12:00:00Z")).unwrap()).collect()
}

#[test]
fn rules_for_some_callers_are_named_beside() {
    let named = |mut rule: Value, name: &str| {
        rule["name"] = json!(name);
        rule["id"] = json!(name);
        rule
    };
    let vip = || named(when(&[("lists.on", json!({ "lists": ["vip"] }))], "day"), "VIP");
    let empty = named(when(&[("lists.on", json!({ "lists": ["none"] }))], "day"), "Empty");
    let at_night = named(
        when(&[("caller.withheld", json!({})), ("call.medium", json!({ "is": "text" }))], "day"),
        "Texts",
    );
    let open = || named(while_open("office"), "Open");
    for (rules, others, why) in [
        (json!([vip(), open()]), vec!["“VIP”: Day"], "above the one that answers"),
        (json!([open(), vip()]), vec![], "below it, and so never reached"),
        (json!([empty, open()]), vec![], "for nobody"),
        (json!([at_night, open()]), vec!["“Texts”: Day"], "decided by more than who calls"),
        (
            json!([named(when(&[("caller.country", json!({ "countries": ["US"] }))], "day"), "Home")]),
            vec!["No rule, so the fallback: Night"],
            "the fallback takes all others",
        ),
    ] {
        assert_eq!(others_at_noon(&rules), others, "{why}");
    }
}

#[test]
fn what_would_be_dropped_is_told() {
    let mut table = shop("UTC", &[], &json!([]));
    for (action, own_agent, who) in [
        (Action::Keep, None, Who::LineAgent),
        (Action::Keep, Some(true), Who::LineAgent),
        (Action::Keep, Some(false), Who::NoAgent),
        (Action::Reject, None, Who::Rejected),
        (Action::Reject, Some(false), Who::Rejected),
        (Action::Reject, Some(true), Who::RejectedInVain),
    ] {
        table.fallback.action = action;
        let own_agents = own_agent.map(|has| ("+14155550123".to_owned(), has)).into_iter().collect();
        let lines = lines_of(&table, &none(), &own_agents, date("2026-11-23"));
        let [shift] = &lines[0].shifts[..] else { panic!("one shift") };
        assert_eq!(lines[0].taker(shift).who, who);
        assert_eq!(lines[0].when_words(shift, "UTC".parse().unwrap()), "The whole week");
    }
}

#[test]
fn what_can_only_be_asked_is_asked_and_marked() {
    let busy = when(
        &[
            ("hours.open", json!({ "schedule": "noon" })),
            ("fact.compare", json!({ "fact": crate::shown::BUSY, "is": "yes" })),
        ],
        "day",
    );
    let table = shop("UTC", &[("noon", "Mo 12:05-13:00")], &json!([busy]));
    let monday = date("2026-11-23");
    let lines = lines_of(&table, &none(), &BTreeMap::new(), monday);
    let read = read_line(&lines[0], monday, "UTC");
    let expected =
        [("00:00–12:05", NIGHT), ("12:05–12:30", NIGHT), ("12:30–13:00", DAY), ("13:00–24:00", NIGHT)];
    assert_eq!(read[0], parts("Mon", &expected), "asked at 12:05, 12:15, 12:30 and 12:45");
    for (at, is_sampled) in [("12:04", false), ("12:05", true), ("12:40", true), ("13:00", false)] {
        let shift = lines[0].at(moment(&format!("2026-11-23T{at}:00Z"))).unwrap();
        assert_eq!(shift.is_sampled, is_sampled, "{at}");
    }
}

#[test]
fn lines_that_are_answered_alike_are_known() {
    let mut table: Table =
        shop("UTC", &[], &json!([when(&[("line.is", json!({ "lines": ["sales"] }))], "day")]));
    let more = json!([{ "id": "sales", "name": "Sales", "number": "+14155550124" },
        { "id": "shop", "name": "Shop", "number": "+14155550125" }]);
    table.lines.extend(serde_json::from_value::<Vec<_>>(more).unwrap());
    let lines = lines_of(&table, &none(), &BTreeMap::new(), date("2026-11-23"));
    assert!(lines[0].is_like(&lines[2]));
    assert!(!lines[0].is_like(&lines[1]));
}
