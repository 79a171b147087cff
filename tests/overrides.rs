//! "Closed until ..." and "everything to X until ...": above every rule, on the wire and on disk.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use program::{Running, payload, rule, table};
use proptest::prelude::*;
use serde_json::{Value, json};
use switchboard::plugins::Registry;
use switchboard::routing::{
    Action, By, Call, Caller, Decided, Facts, Line, Outcome, Overrides, Phase, RuleVerdict, Table, What,
    Wish, closed_outcome, compile,
};
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event, Trial};
use switchboard::storage::call_log::Summary;
use switchboard::storage::{Home, OverrideStore};

const CALLER: &str = "+12137771234";
const MAIN: &str = "+12137771235";
const SALES: &str = "+12137771236";

/// One rule for all calls.
fn shop() -> Table {
    let mut table = table();
    table.rules = vec![rule("Everybody", None, "reception")];
    table.fallback.action = connect("vip");
    table
}

fn connect(agent: &str) -> Action {
    Action::Connect { agent: agent.into(), version: None }
}

fn wish(then: Outcome, until: DateTime<Utc>) -> Wish {
    Wish { what: What::Closed, line: None, from: None, until, then, reason: "Staff meeting".into() }
}

fn reject() -> Outcome {
    closed_outcome(Action::Reject, true)
}

fn set(running: &Running, wish: Wish) -> Arc<Overrides> {
    running.ask(Command::Override { wish: Box::new(wish), keep: false });
    heard(running)
}

fn heard(running: &Running) -> Arc<Overrides> {
    running.hear(|event| match event {
        Event::Overrides(overrides) => Some(overrides),
        Event::Failed(note) => panic!("{}", note.text),
        _ => None,
    })
}

fn call(running: &Running, to: &str, id: &str) -> (Value, Summary) {
    let (status, answer) = running.call(&payload(CALLER, to, id));
    assert_eq!(status, 200);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let summary = running.hear(|event| if let Event::Call(call) = event { Some(call) } else { None });
    (answer["call_inbound"].clone(), summary)
}

fn note(running: &Running, part: &str) -> String {
    running.hear(|event| match event {
        Event::Note(note) | Event::Failed(note) if note.text.contains(part) => Some(note.text),
        _ => None,
    })
}

fn in_an_hour() -> DateTime<Utc> {
    Clock::system().now() + TimeDelta::hours(1)
}

#[test]
fn a_closed_shop_rejects_every_call_until_it_is_opened_and_stays_closed_over_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(shop());
    assert_eq!(call(&running, MAIN, "open").0["override_agent_id"], "agent_reception");

    set(&running, wish(reject(), in_an_hour()));
    let (answer, summary) = call(&running, MAIN, "closed");
    assert_eq!(answer, json!({}));
    assert_eq!(summary.outcome, "reject");
    assert!(summary.overruled.as_deref().unwrap().starts_with("Closed until "), "{summary:?}");
    assert_eq!((summary.rule_id, summary.fallback_used), (None, false));
    running.ask(Command::LoadRecord(summary.id));
    let record = running.hear(|event| if let Event::Record(record) = event { Some(record) } else { None });
    let by = &record.detail.decision["by"]["override"];
    assert_eq!(by["reason"], "Staff meeting");
    assert!(by["set_by"].as_str().unwrap().ends_with("in the window"), "{by}");
    assert_eq!(record.detail.decision["trace"][0]["verdict"], "not_reached");
    running.stop();

    let running = Running::start(home.path());
    assert_eq!(call(&running, MAIN, "still closed").1.outcome, "reject");
    let before = running.program.engine().overrides();
    running.ask(Command::EndOverrides(vec![before.overrides[0].id.clone()]));
    let after = heard(&running);
    assert!(after.overrides[0].ended.as_ref().unwrap().by.ends_with("in the window"));
    assert_eq!(call(&running, MAIN, "open again").0["override_agent_id"], "agent_reception");
    running.stop();

    let running = Running::start(home.path());
    assert_eq!(call(&running, MAIN, "still open").0["override_agent_id"], "agent_reception");
    running.stop();
}

#[test]
fn the_same_call_gets_the_same_answer_across_the_end() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(shop());
    let all = set(&running, wish(reject(), in_an_hour()));
    let body = payload(CALLER, MAIN, "call_1");
    let (_, first) = running.call(&body);
    running.ask(Command::EndOverrides(vec![all.overrides[0].id.clone()]));
    heard(&running);
    assert_eq!(running.call(&body).1, first);
    assert_ne!(running.call(&payload(CALLER, MAIN, "call_2")).1, first);
    running.stop();
}

#[test]
fn the_agent_that_answers_is_told_until_when_and_why() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(shop());
    let until = DateTime::from_timestamp(in_an_hour().timestamp() / 60 * 60, 0).unwrap();
    set(&running, wish(closed_outcome(connect("vip"), true), until));
    let (answer, summary) = call(&running, MAIN, "1");
    assert_eq!(answer["override_agent_id"], "agent_vip");
    let local = until.with_timezone(&chrono_tz::Tz::America__New_York);
    let told = json!({
        "closed_reason": "Staff meeting",
        "closed_until": local.format("%A %-d %B, %H:%M").to_string(),
    });
    assert_eq!(answer["dynamic_variables"], told);
    assert_eq!(summary.agent.as_deref(), Some("VIP desk"));

    // The agent goes from the table: told, and the fallback says who answers.
    let mut without = shop();
    without.agents.retain(|agent| agent.id != "vip");
    without.fallback.action = Action::Keep;
    running.publish(without);
    note(&running, "Its agent is not in the live table, so the fallback says who answers");
    let (answer, summary) = call(&running, MAIN, "2");
    assert_eq!((answer["override_agent_id"].clone(), summary.outcome.as_str()), (Value::Null, "keep"));
    assert!(summary.overruled.is_some(), "no rule decides all the same");
    running.stop();
}

#[test]
fn a_line_beats_all_lines_and_the_last_one_set_beats_those_before() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(shop());
    let to = |agent: &str, line: Option<&str>| Wish {
        what: What::Everything,
        line: line.map(str::to_owned),
        ..wish(Outcome { action: connect(agent), ..Outcome::default() }, in_an_hour())
    };
    set(&running, to("vip", Some("sales")));
    set(&running, wish(reject(), in_an_hour()));
    let agents = |id: &str| {
        [MAIN, SALES].map(|to| call(&running, to, &format!("{id}{to}")).0["override_agent_id"].clone())
    };
    assert_eq!(agents("a"), [Value::Null, json!("agent_vip")]);
    let all = set(&running, to("reception", Some("sales")));
    assert_eq!(agents("b"), [Value::Null, json!("agent_reception")]);
    running.ask(Command::EndOverrides(vec![all.overrides[2].id.clone()]));
    heard(&running);
    assert_eq!(agents("c"), [Value::Null, json!("agent_vip")], "the one before goes on");
    running.stop();
}

#[test]
fn they_begin_and_end_by_themselves_and_a_clock_that_jumps_loses_none() {
    let home = tempfile::tempdir().unwrap();
    let start = Clock::system().now();
    let moved = Arc::new(AtomicI64::new(0));
    let minutes = moved.clone();
    let clock = Clock::turned_by(move || start + TimeDelta::minutes(minutes.load(Ordering::Relaxed)));
    let running = Running::start_at(home.path(), clock);
    running.publish(shop());
    let from = start + TimeDelta::minutes(10);
    set(&running, Wish { from: Some(from), ..wish(reject(), from + TimeDelta::minutes(30)) });
    let outcome = |minute: i64| {
        moved.store(minute, Ordering::Relaxed);
        let body = payload(CALLER, MAIN, &format!("{minute}-{}", CALLS.fetch_add(1, Ordering::Relaxed)));
        running.call(&body);
        running.hear(|event| if let Event::Call(call) = event { Some(call) } else { None }).outcome
    };
    for (minute, decided) in [
        (0, "connect"),
        (9, "connect"),
        (10, "reject"),
        (39, "reject"),
        (40, "connect"),
        (600_000, "connect"),
        (20, "reject"),
    ] {
        assert_eq!(outcome(minute), decided, "{minute} minutes later");
    }
    moved.store(39, Ordering::Relaxed);
    note(&running, "has begun");
    moved.store(41, Ordering::Relaxed);
    note(&running, "is over, and the rules decide again");
    running.stop();
}

static CALLS: AtomicI64 = AtomicI64::new(0);

#[test]
fn others_may_write_the_file_while_the_program_runs() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(shop());
    let (mut beside, trouble) = OverrideStore::open(&Home::at(home.path()).unwrap());
    assert!(trouble.is_none());
    let now = Clock::system().now();
    beside.change(now, |all| all.set(wish(reject(), in_an_hour()), "ada on the command line", now)).unwrap();
    assert_eq!(heard(&running).overrides.len(), 1);
    note(&running, "set by ada on the command line");
    assert_eq!(call(&running, MAIN, "1").1.outcome, "reject");

    // Both write, one after the other, and neither takes the other's away.
    set(&running, Wish { line: Some("sales".into()), ..wish(reject(), in_an_hour()) });
    let ended = beside.change(now, |all| {
        let id = all.overrides[0].id.clone();
        Ok(all.end(&[id], "ada on the command line", now).len())
    });
    assert_eq!(ended.unwrap().value, 1);
    let all = heard(&running);
    assert_eq!(all.overrides.len(), 2);
    assert_eq!(all.standing(Phase::Now, now + TimeDelta::seconds(5)).len(), 1);
    running.stop();
}

#[test]
fn a_broken_file_leaves_the_last_good_one_in_force_and_nothing_is_lost() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("overrides.json");
    let running = Running::start(home.path());
    running.publish(shop());
    set(&running, wish(reject(), in_an_hour()));
    std::fs::write(&file, "{ \"format\": 1,\n oops").unwrap();
    let told = note(&running, "cannot be read");
    assert!(told.contains("Line 2") && told.contains("overrides.json"), "{told}");
    assert_eq!(call(&running, MAIN, "1").1.outcome, "reject");
    running.stop();

    // The next start finds it broken still.
    let running = Running::start(home.path());
    assert!(running.program.troubles().iter().any(|trouble| trouble.message.contains("Line 2")));
    assert_eq!(call(&running, MAIN, "2").1.outcome, "reject");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{ \"format\": 1,\n oops", "left as it is");
    let all = set(&running, Wish { line: Some("sales".into()), ..wish(reject(), in_an_hour()) });
    assert_eq!(all.overrides.len(), 2, "upon the last good ones");
    let kept = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().path());
    let kept = kept.filter(|path| path.to_string_lossy().contains("overrides.json.rejected-"));
    let kept: Vec<_> = kept.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert_eq!(kept, ["{ \"format\": 1,\n oops"]);
    running.stop();

    // What a newer program wrote is never written over; closing counts all the same.
    let newer = "{ \"format\": 99, \"closings\": [] }";
    std::fs::write(&file, newer).unwrap();
    let running = Running::start(home.path());
    let newer_wish = wish(closed_outcome(Action::Keep, true), in_an_hour());
    running.ask(Command::Override { wish: Box::new(newer_wish), keep: false });
    note(&running, "This counts only until Switchboard ends. This file was written by a newer Switchboard");
    assert_eq!(call(&running, MAIN, "3").1.outcome, "keep");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), newer);
    running.stop();
}

#[test]
fn what_cannot_be_set_is_told_in_a_sentence() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(shop());
    let now = Clock::system().now();
    let later = now + TimeDelta::hours(2);
    for (wish, words) in [
        (wish(reject(), now - TimeDelta::minutes(1)), "over already"),
        (Wish { from: Some(later), ..wish(reject(), in_an_hour()) }, "end before it begins"),
        (wish(reject(), now + TimeDelta::days(400)), "longer than a year"),
        (
            wish(Outcome { action: Action::GoOn, ..Outcome::default() }, in_an_hour()),
            "Nothing comes after it",
        ),
    ] {
        running.ask(Command::Override { wish: Box::new(wish), keep: false });
        note(&running, words);
    }
    assert_eq!(call(&running, MAIN, "1").1.outcome, "connect");
    running.stop();
}

#[test]
fn a_trial_tells_both_what_stands_above_and_what_the_rules_would_do() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(shop());
    set(&running, wish(reject(), in_an_hour()));
    let tried = |at: DateTime<Utc>, draft: Option<Arc<Table>>| {
        let call = Call::new(Caller::Number(CALLER.into()), MAIN);
        running.ask(Command::Try(Box::new(Trial::new(call, at, draft))));
        running.hear(|event| if let Event::Tried(tried) = event { Some(tried) } else { None }).result.unwrap()
    };
    for draft in [None, Some(Arc::new(shop()))] {
        let now = tried(Clock::system().now(), draft.clone());
        assert_eq!(
            (now.effect.as_str(), &now.decision.action),
            ("Retell will end the call", &Decided::Reject)
        );
        assert!(matches!(now.decision.by, By::Override { .. }));
        let rules = now.rules.expect("what the rules would do");
        assert_eq!(rules.effect, "Retell will connect Reception");
        assert_eq!(rules.decision.trace[0].verdict, RuleVerdict::Won);

        let later = tried(in_an_hour() + TimeDelta::minutes(1), draft);
        assert!(later.rules.is_none());
        assert_eq!(later.effect, "Retell will connect Reception");
    }
    running.stop();
}

/// A few overrides of all kinds around one moment.
fn any_overrides(now: DateTime<Utc>) -> impl Strategy<Value = Overrides> {
    let one = (
        prop::sample::select(vec![None, Some("main"), Some("sales"), Some("gone")]),
        -90..90_i64,
        1..90_i64,
        prop::sample::select(vec![connect("vip"), connect("gone"), Action::Keep, Action::Reject]),
        any::<bool>(),
    );
    prop::collection::vec(one, 0..6).prop_map(move |all| {
        let mut overrides = Overrides::default();
        for (line, from, length, action, is_ended) in all {
            let from = now + TimeDelta::minutes(from);
            let until = from + TimeDelta::minutes(length);
            let then = closed_outcome(action, true);
            let wish = Wish { line: line.map(str::to_owned), from: Some(from), ..wish(then, until) };
            let set_at = from.min(now) - TimeDelta::minutes(1);
            let set = overrides.set(wish, "a test", set_at).unwrap();
            if is_ended {
                overrides.end(&[set.id], "a test", set_at);
            }
        }
        overrides
    })
}

proptest! {
    #[test]
    fn no_rule_decides_a_line_under_an_override_and_all_others_are_left_alone(
        overrides in any_overrides("2026-11-23T15:05:00Z".parse().unwrap()),
        to in prop::sample::select(vec![MAIN, SALES, "+12137779999"]),
    ) {
        let now: DateTime<Utc> = "2026-11-23T15:05:00Z".parse().unwrap();
        let mut table = shop();
        table.lines.push(Line { id: "other".into(), name: "Other".into(), number: "+12137771237".into() });
        let compiled = compile(&table, &Registry::built_in()).unwrap();
        let call = Call::new(Caller::Withheld, to);
        let line = table.line_by_number(to).map(|line| line.id.as_str());
        let in_force = overrides.overrides.iter().any(|over| {
            over.ended.is_none() && over.from <= now && now < over.until
                && over.line.as_deref().is_none_or(|own| Some(own) == line)
        });
        let ruling = overrides.ruling(&table, Some(&call), now);
        prop_assert_eq!(ruling.is_some(), in_force);
        if let Some(ruling) = ruling {
            let made = compiled.overrule(&ruling, &Facts::default());
            let is_by_override = matches!(made.by, By::Override { .. });
            prop_assert!(is_by_override);
            prop_assert!(made.trace.iter().all(|rule| rule.verdict == RuleVerdict::NotReached));
            let is_reception = matches!(&made.action, Decided::Connect { name, .. } if name == "Reception");
            prop_assert!(!is_reception, "only the rule connects Reception");
        }
    }
}

#[test]
fn many_who_write_at_once_lose_nothing_of_each_other() {
    let home = tempfile::tempdir().unwrap();
    let home = Home::at(home.path()).unwrap();
    home.prepare().unwrap();
    let now = Clock::system().now();
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (home, failed) = (&home, &failed);
            scope.spawn(move || {
                let (mut store, _) = OverrideStore::open(home);
                for _ in 0..5 {
                    let by = format!("writer {writer}");
                    let changed =
                        store.change(now, |all| all.set(wish(reject(), in_an_hour()), &by, now)).unwrap();
                    failed.lock().unwrap().extend(changed.not_saved);
                }
            });
        }
    });
    assert_eq!(failed.into_inner().unwrap(), Vec::<String>::new());
    let (store, _) = OverrideStore::open(&home);
    let mut ids: Vec<_> = store.current().overrides.iter().map(|over| over.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}
