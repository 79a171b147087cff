//! Lists: who is on one, for how long, and why.

use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::{
    Answer, Call, Caller, Condition, Entry, Facts, List, Table, Test, Value as Fact, Verdict, Vocabulary,
    compile,
};

use super::{all_facts, at, table};

fn list(id: &str, name: &str, entries: Value) -> List {
    let entries = serde_json::from_value(entries).unwrap();
    List { id: id.into(), name: name.into(), note: String::new(), entries }
}

fn with(entries: Value) -> Table {
    let mut table = table();
    table.lists = vec![list("block", "Block list", entries), list("vip", "VIP", json!([]))];
    table
}

fn on(table: &Table, lists: &[&str]) -> Box<dyn Condition> {
    let settings = json!({ "lists": lists });
    let test = Test { condition: "lists.on".into(), not: false, settings };
    Registry::built_in().condition(&test, table).unwrap()
}

fn ask(condition: &dyn Condition, from: &str, time: &str) -> Verdict {
    let call = Call::new(Caller::Number(from.into()), "+14155550123");
    condition.test(&call, &Facts::default(), at(time))
}

#[test]
fn entries_of_every_kind_put_callers_on_a_list() {
    let table = with(json!([
        { "what": "+12025550100", "note": "robocaller", "added": "2026-11-23" },
        { "what": "(415) 555-2671" },
        { "what": "+49*", "note": "abroad" },
        { "what": "+4930*" },
        { "what": "+1212555????" },
        { "what": "country:GB", "note": "no office there" },
        { "what": "Bob" },
    ]));
    assert!(compile(&table, &Registry::built_in()).is_ok(), "what cannot be read is no problem");
    let block = on(&table, &["block", "vip"]);
    for (from, answer, why) in [
        ("+12025550100", Answer::Yes, "(202) 555-0100 is on Block list (robocaller)"),
        ("+14155552671", Answer::Yes, "(415) 555-2671 is on Block list"),
        ("+4989123456", Answer::Yes, "+49 89 123456 is on Block list, as +49* (abroad)"),
        ("+4930901820", Answer::Yes, "+49 30 901820 is on Block list, as +4930*"),
        ("+12125550187", Answer::Yes, "(212) 555-0187 is on Block list, as +1212555????"),
        (
            "+442071838750",
            Answer::Yes,
            "+44 20 7183 8750 is on Block list, as all of United Kingdom (no office there)",
        ),
        ("+12125560187", Answer::No, "(212) 556-0187 is not on Block list or VIP"),
        ("Bob", Answer::No, "Bob is not on Block list or VIP"),
    ] {
        let verdict = ask(&*block, from, "2026-11-23T15:00:00Z");
        assert_eq!((verdict.answer, verdict.why.as_str()), (answer, why), "{from}");
    }
    assert_eq!(block.words(false).to_string(), "the caller is on Block list or VIP");
    assert_eq!(block.words(true).to_string(), "the caller is not on Block list or VIP");
    let withheld = Call::new(Caller::Withheld, "+14155550123");
    let verdict = block.test(&withheld, &Facts::default(), at("2026-11-23T15:00:00Z"));
    assert_eq!((verdict.answer, verdict.why.as_str()), (Answer::No, "the caller's number is withheld"));
}

#[test]
fn an_entry_counts_to_the_end_of_its_last_day_where_the_business_is() {
    let table = with(json!([
        { "what": "+12025550100", "until": "2026-11-22" },
        { "what": "+12025550100", "until": "2026-11-23" },
        { "what": "+12025550100", "until": "2026-11-21" },
        { "what": "+4930901820", "until": "2026-01-01" },
        { "what": "+49*" },
    ]));
    let block = on(&table, &["block"]);
    // 23:59 and 00:00 in New York.
    assert_eq!(ask(&*block, "+12025550100", "2026-11-24T04:59:59Z").answer, Answer::Yes);
    let after = ask(&*block, "+12025550100", "2026-11-24T05:00:00Z");
    assert_eq!(after.answer, Answer::No);
    assert_eq!(after.why, "(202) 555-0100 was on Block list until 23 November 2026");
    let by_prefix = ask(&*block, "+4930901820", "2026-11-24T05:00:00Z");
    assert_eq!(by_prefix.answer, Answer::Yes, "the wider entry still counts");
}

#[test]
fn the_lists_of_a_caller_are_a_fact() {
    let mut table = with(json!([{ "what": "+49*" }, { "what": "+4930901820", "until": "2026-01-01" }]));
    table.lists[1] = list("vip", "VIP", json!([{ "what": "+4930901820" }, { "what": "country:GB" }]));
    let names = |from: Caller| {
        let facts = all_facts(&Registry::built_in(), &table, Call::new(from, "+14155550123"));
        facts.get("caller.lists").cloned()
    };
    let list = |names: &[&str]| Some(Fact::List(names.iter().map(ToString::to_string).collect()));
    assert_eq!(names(Caller::Number("+4930901820".into())), list(&["Block list", "VIP"]));
    assert_eq!(names(Caller::Number("+442071838750".into())), list(&["VIP"]));
    assert_eq!(names(Caller::Number("+14155552671".into())), list(&[]));
    assert_eq!(names(Caller::Withheld), list(&[]));
}

#[test]
fn ids_and_names_of_lists_are_checked_and_changes_told() {
    let before = with(json!([]));
    let mut table = before.clone();
    table.lists[1].id = "block".into();
    table.lists[0].name = " ".into();
    let problems = compile(&table, &Registry::built_in()).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["lists[0].name", "lists[1].id"]);
    let changes =
        switchboard::routing::changes(&before, &with(json!([{ "what": "+49*" }])), &Registry::built_in());
    assert_eq!(
        changes.iter().map(|change| change.words.as_str()).collect::<Vec<_>>(),
        ["1 caller added to list “Block list”: +49*"]
    );
}

#[test]
fn a_hundred_thousand_entries_are_all_found() {
    let mut table = with(json!([]));
    let entry =
        |n: u32| Entry { what: format!("+1415{n:07}"), note: String::new(), added: None, until: None };
    table.lists[0].entries = Arc::new((0..100_000).map(entry).collect());
    let block = on(&table, &["block"]);
    for n in (0..10_000_u32).step_by(7) {
        let from = format!("+1415{:07}", n * 20);
        let expected = Answer::from(n * 20 < 100_000);
        assert_eq!(ask(&*block, &from, "2026-11-23T15:00:00Z").answer, expected, "{from}");
    }
}

#[test]
fn tables_come_out_of_their_files_as_they_went_in() {
    let before_lists = include_str!("../data/table-1.json");
    let table: Table = serde_json::from_str(before_lists).unwrap();
    assert_eq!(serde_json::to_string_pretty(&table).unwrap() + "\n", before_lists);
    let table = with(json!([
        { "what": "+12025550100", "note": "robocaller", "added": "2026-11-23", "until": "2026-12-31" },
        { "what": "Bob" },
    ]));
    let text = serde_json::to_string_pretty(&table).unwrap();
    let again: Table = serde_json::from_str(&text).unwrap();
    assert_eq!((again == table, serde_json::to_string_pretty(&again).unwrap()), (true, text));
}

/// What an entry means, told slowly.
fn means(what: &str, number: &str) -> bool {
    let (start, open) = what.strip_suffix('*').map_or((what, false), |start| (start, true));
    let fits = number.chars().zip(start.chars()).all(|(is, wanted)| wanted == '?' || is == wanted);
    fits && if open { number.len() >= start.len() } else { number.len() == start.len() }
}

proptest! {
    #[test]
    fn the_index_finds_what_a_slow_reading_finds(
        entries in prop::collection::vec(("\\+1[23?]{6,8}|\\+1[23?]{0,3}\\*", prop::option::of(1_u32..5)), 0..12),
        number in "\\+1[23]{6,8}",
        today in 1_u32..5,
    ) {
        let entry = |(what, until): &(String, Option<u32>)| Entry {
            what: what.clone(),
            note: String::new(),
            added: None,
            until: until.map(|day| NaiveDate::from_ymd_opt(2026, 6, day).unwrap()),
        };
        let mut table = with(json!([]));
        table.lists[0].entries = Arc::new(entries.iter().map(entry).collect());
        let slow = entries.iter().any(|(what, until)| means(what, &number) && until.is_none_or(|until| today <= until));
        let verdict = ask(&*on(&table, &["block"]), &number, &format!("2026-06-0{today}T16:00:00Z"));
        prop_assert_eq!(verdict.answer, Answer::from(slow));
    }
}
