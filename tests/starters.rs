//! The tables to start from: complete once filled in, and doing what they promise.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use switchboard::plugins::{Ask, OpenLookUp, Registry};
use switchboard::routing::{Call, Caller, Decided, Facts, Line, Table, compile};
use switchboard::service::starters::{Starter, starters};
use switchboard::service::{Live, run_tests};

const NUMBERS: [&str; 2] = ["+14155550123", "+14155550124"];

fn starter(title: &str) -> Starter {
    starters().into_iter().find(|starter| starter.title == title).unwrap()
}

fn starter_with_lists() -> Starter {
    starter("Office with VIP callers and a block list")
}

fn filled(starter: &Starter, draft: &Table) -> Table {
    let ids = starter.table.agents.iter().map(|agent| format!("agent_{}", agent.id));
    starter.fill(draft, &NUMBERS.map(str::to_owned), &ids.collect::<Vec<_>>())
}

fn draft() -> Table {
    Table::empty("US", "America/New_York")
}

/// Who answers, by name.
fn decide(table: &Table, from: &str, to: &str, at: &str) -> String {
    let registry = Registry::built_in();
    let at: DateTime<Utc> = at.parse().unwrap();
    let call = Call::new(Caller::Number(from.into()), to);
    let ask = Ask { call: Arc::new(call.clone()), at };
    let mut facts = Facts::default();
    for OpenLookUp { look_up, .. } in registry.look_ups(table) {
        facts.merge(look_up.ask(ask.clone()).now_or_never().unwrap().unwrap());
    }
    match compile(table, &registry).unwrap().decide(&call, &facts, at).action {
        Decided::Connect { name, .. } => name,
        other => format!("{other:?}"),
    }
}

/// Wednesday 11:00, Wednesday 08:30, Wednesday 17:30, Saturday 11:00 in New York.
const WEDNESDAY: &str = "2026-11-25T16:00:00Z";
const EARLY: &str = "2026-11-25T13:30:00Z";
const LATE: &str = "2026-11-25T22:30:00Z";
const SATURDAY: &str = "2026-11-28T16:00:00Z";
const ANYBODY: &str = "+14155552671";

#[test]
fn each_is_complete_but_for_numbers_and_agents() {
    let all = starters();
    assert_eq!(all.len(), 5);
    for starter in all {
        let title = &starter.title;
        assert_eq!(compile(&filled(&starter, &draft()), &Registry::built_in()).err(), None, "{title}");
        let empty = starter.fill(&draft(), &[], &[]);
        for problem in compile(&empty, &Registry::built_in()).unwrap_err() {
            let missing = ["has no agent ID; ", "has no number; "];
            assert!(missing.iter().any(|words| problem.message.starts_with(words)), "{title}: {problem}");
        }
        for agent in &starter.table.agents {
            assert!(starter.roles.contains_key(&agent.id), "{title}: what {} is for", agent.name);
            assert_eq!(agent.retell_id, "", "{title}");
        }
        assert_eq!(starter.roles.len(), starter.table.agents.len(), "{title}");
        assert!(!title.ends_with('.') && !starter.about.ends_with('.'), "{title}");
    }
}

#[test]
fn they_do_what_they_promise() {
    for (title, calls) in [
        (
            "Office with opening hours",
            &[
                (ANYBODY, 0, WEDNESDAY, "Reception"),
                (ANYBODY, 0, LATE, "After hours"),
                (ANYBODY, 0, SATURDAY, "After hours"),
            ][..],
        ),
        (
            "Office with VIP callers and a block list",
            &[
                ("+12125550187", 0, SATURDAY, "VIP desk"),
                ("+12125550187", 0, WEDNESDAY, "VIP desk"),
                ("+12125550142", 0, WEDNESDAY, "Reject"),
                (ANYBODY, 0, WEDNESDAY, "Reception"),
                (ANYBODY, 0, EARLY, "After hours"),
            ],
        ),
        (
            "Two languages",
            &[
                ("+525512345678", 0, SATURDAY, "Spanish"),
                ("+34912345678", 0, WEDNESDAY, "Spanish"),
                (ANYBODY, 0, WEDNESDAY, "English"),
            ],
        ),
        (
            "Two locations",
            &[
                (ANYBODY, 0, EARLY, "North reception"),
                (ANYBODY, 1, EARLY, "After hours"),
                (ANYBODY, 0, LATE, "After hours"),
                (ANYBODY, 1, LATE, "South reception"),
                (ANYBODY, 1, SATURDAY, "South reception"),
            ],
        ),
    ] {
        let table = filled(&starter(title), &draft());
        for &(from, line, at, who) in calls {
            assert_eq!(decide(&table, from, NUMBERS[line], at), who, "{title}: {from} at {at}");
        }
    }
}

#[test]
fn each_brings_test_cases_that_pass_and_can_fail() {
    for starter in starters() {
        let title = &starter.title;
        let table = filled(&starter, &draft());
        let live = Live::build(0, Arc::new(table.clone()), &Registry::built_in()).unwrap();
        let tested = run_tests(&live);
        assert!(tested.len() >= 3, "{title}");
        for test in tested {
            assert!(test.passes(), "{title}: {}: {:?}", test.name, test.wrong);
        }
        let upset = Table { rules: Vec::new(), ..table };
        let live = Live::build(0, Arc::new(upset), &Registry::built_in()).unwrap();
        assert!(run_tests(&live).iter().any(|test| !test.passes()), "{title}");
    }
}

#[test]
fn the_owners_place_lines_and_agents_stay() {
    let starter = starter("Office with opening hours");
    let mut draft = Table::empty("DE", "Europe/Berlin");
    let line =
        |id: &str, name: &str, number: &str| Line { id: id.into(), name: name.into(), number: number.into() };
    draft.lines = vec![line("main-line", "Shop", "+4930901820"), line("x", "Main line", "+4930901821")];
    let mut reception = starter.table.agents[0].clone();
    reception.retell_id = "agent_mine".into();
    draft.agents = vec![reception];
    draft.lists = starter_with_lists().table.lists;
    let table = starter.fill(&draft, &["+4930901821".into()], &["agent_other".into(), String::new()]);
    assert_eq!((&*table.country, &*table.zone), ("DE", "Europe/Berlin"));
    let lists: Vec<_> = table.lists.iter().map(|list| (&*list.id, &*list.name)).collect();
    assert_eq!(lists, [("vip", "VIP"), ("block-list", "Block list")], "the owner's lists are not lost");
    let lines: Vec<_> = table.lines.iter().map(|line| (&*line.id, &*line.name, &*line.number)).collect();
    assert_eq!(lines, [("main-line", "Main line", "+4930901821"), ("shop", "Shop", "+4930901820")]);
    let agents: Vec<_> = table.agents.iter().map(|agent| (&*agent.name, &*agent.retell_id)).collect();
    assert_eq!(
        agents,
        [("Reception (example)", "agent_other"), ("After hours", ""), ("Reception", "agent_mine")]
    );
}
