//! Agents who share calls, through the whole program: turns over restarts and repeated requests,
//! what each agent got, and how often entries of a list stood for callers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::collections::BTreeMap;
use std::thread;

use serde_json::{Value, json};
use support::{KEY, Running, payload, post, rule, table};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{Call, Caller, Decided, Table};
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event, Trial};

const LINE: &str = "+12137771235";

fn shared(share: &Value) -> Table {
    let mut table = table();
    let mut team = rule("Team", None, "reception");
    team.then.action = serde_json::from_value(json!({ "share": share })).unwrap();
    table.rules = vec![team];
    table
}

fn in_turn() -> Table {
    shared(&json!({ "how": "shares.round_robin", "agents": [{ "agent": "reception" }, { "agent": "vip" }] }))
}

fn agent_in(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    answer["call_inbound"]["override_agent_id"].as_str().unwrap_or_default().to_owned()
}

fn agent_of(running: &Running, from: &str, id: &str) -> String {
    agent_in(&running.call(&payload(from, LINE, id)).1)
}

fn tried(running: &Running) -> String {
    let call = Call::new(Caller::Number("+12137771234".into()), LINE);
    let trial = Trial::new(call, running.program.clock().now(), None);
    running.ask(Command::Try(Box::new(trial)));
    let tried = running.hear(|event| if let Event::Tried(tried) = event { Some(tried) } else { None });
    let Decided::Connect { retell_id, .. } = tried.result.unwrap().decision.action else {
        panic!("no agent")
    };
    retell_id
}

const FIRST: &str = "agent_reception";
const SECOND: &str = "agent_vip";

#[test]
fn turns_go_on_after_a_restart_and_nothing_but_a_new_call_takes_one() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(in_turn());
    assert_eq!(tried(&running), FIRST);
    assert_eq!(tried(&running), FIRST, "a trial looks and takes no turn");
    assert_eq!(agent_of(&running, "+12137771234", "a"), FIRST);
    assert_eq!(agent_of(&running, "+12137771234", "a"), FIRST, "a repeated request gets its answer again");
    running.ask(Command::SendSigned(payload("+12137771234", LINE, "test")));
    let sent = running.hear(|event| if let Event::FrontDoor(sent) = event { Some(sent) } else { None });
    assert_eq!(agent_in(&sent.result.unwrap().1), SECOND, "a test sees the turn and does not take it");
    assert_eq!(agent_of(&running, "+12137771234", "b"), SECOND);
    assert_eq!(agent_of(&running, "+12137771234", "c"), FIRST);
    running.stop();

    let running = Running::start(home.path());
    assert_eq!(agent_of(&running, "+12137771234", "d"), SECOND);
    let edited = {
        let mut table = in_turn();
        table.rules.insert(0, rule("Other", Some(("caller.withheld", json!({}))), "vip"));
        table
    };
    running.publish(edited);
    assert_eq!(agent_of(&running, "+12137771234", "e"), FIRST, "edits of other rules move nothing");
    running.stop();
    let said = std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(["--home", home.path().to_str().unwrap(), "route", "--from", "+12137771234", "--to", LINE])
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("it is the turn of VIP desk in a round of 2"), "{said}");
}

#[test]
fn a_hundred_attempts_at_once_take_one_turn_and_calls_at_once_one_each() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(in_turn());
    let url = &format!("{}/webhook/inbound", running.url);
    let at = Clock::system().now().timestamp_millis();
    let at_once = |bodies: Vec<String>| -> BTreeMap<String, usize> {
        let answers: Vec<String> = thread::scope(|scope| {
            let send = |(n, body): (i64, String)| {
                scope.spawn(move || {
                    let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), at + n);
                    agent_in(&post(url, &body, Some(&signed)).1)
                })
            };
            let sending: Vec<_> = (0..).zip(bodies).map(send).collect();
            sending.into_iter().map(|sent| sent.join().unwrap()).collect()
        });
        let mut counts = BTreeMap::new();
        for agent in answers {
            *counts.entry(agent).or_default() += 1;
        }
        counts
    };
    let one_call = vec![payload("+12137771234", LINE, "same"); 100];
    assert_eq!(at_once(one_call), BTreeMap::from([(FIRST.to_owned(), 100)]));
    assert_eq!(agent_of(&running, "+12137771234", "next"), SECOND);
    let calls = (0..60).map(|n| payload("+12137771234", LINE, &format!("call {n}"))).collect();
    assert_eq!(at_once(calls), BTreeMap::from([(FIRST.to_owned(), 30), (SECOND.to_owned(), 30)]));
    running.stop();
}

#[test]
fn a_disk_that_fails_holds_no_turn() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("calls.sqlite3")).unwrap();
    let running = Running::start(home.path());
    running.publish(in_turn());
    let agents: Vec<String> = ["a", "b", "c"].map(|id| agent_of(&running, "+12137771234", id)).into();
    assert_eq!(agents, [FIRST, SECOND, FIRST]);
    drop(running.link);
    running.program.stop().unwrap_err();
}

#[test]
fn callers_keep_the_agent_they_know_whatever_the_shares_become() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let sticky = |reception: u32| {
        shared(&json!({
            "how": "shares.sticky",
            "agents": [{ "agent": "reception", "percent": reception }, { "agent": "vip", "percent": 100 - reception }],
            "settings": { "within": 30, "unit": "days" },
        }))
    };
    running.publish(sticky(100));
    assert_eq!(agent_of(&running, "+12137771234", "a"), FIRST);
    running.publish(sticky(0));
    assert_eq!(agent_of(&running, "+12137771234", "b"), FIRST);
    assert_eq!(agent_of(&running, "+14155552671", "c"), SECOND, "who is new goes by the shares");
    running.stop();
    let running = Running::start(home.path());
    assert_eq!(agent_of(&running, "+12137771234", "d"), FIRST);
    running.stop();
}

#[test]
fn what_agents_and_entries_got_is_counted_from_the_log() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut table = in_turn();
    let entries = json!([
        { "what": "+12137771234" }, { "what": "+1213*" }, { "what": "country:DE" },
        { "what": "+14155552671", "until": "2020-01-01" }, { "what": "Bob" },
    ]);
    let list = json!({ "id": "vip", "name": "VIP", "entries": entries });
    table.lists = vec![serde_json::from_value(list).unwrap()];
    running.publish(table.clone());
    for (n, from) in ["+12137771234", "+12137771234", "+12137770000", "+14155552671"].into_iter().enumerate()
    {
        agent_of(&running, from, &n.to_string());
    }
    agent_of(&running, "+12137771234", "0");
    running.ask(Command::SendSigned(payload("+12137771234", LINE, "test")));
    running.hear(|event| matches!(event, Event::FrontDoor(_)).then_some(()));

    running.ask(Command::CountShares { rule: Some("team".into()) });
    let counts = running.hear(|event| if let Event::Shares(counts) = event { Some(counts) } else { None });
    let mut calls: Vec<_> =
        counts.connected.unwrap().into_iter().map(|one| (one.agent_id.unwrap(), one.calls)).collect();
    calls.sort();
    assert_eq!(calls, [("reception".to_owned(), 2), ("vip".to_owned(), 2)]);
    running.ask(Command::CountShares { rule: None });
    let counts = running.hear(|event| if let Event::Shares(counts) = event { Some(counts) } else { None });
    assert_eq!(counts.connected, Ok(Vec::new()));

    running.ask(Command::CountHits { list: "vip".into(), table: table.into() });
    let hits = running.hear(|event| if let Event::Hits(hits) = event { Some(hits) } else { None });
    let hits = hits.hits.unwrap();
    assert_eq!(hits.iter().map(|hits| hits.calls).collect::<Vec<_>>(), [2, 1, 0, 0, 0]);
    assert!(hits[0].last_ms > 0 && hits[2].last_ms == 0);
    running.stop();
}
