//! Calls of a real log decided again by a draft: what would change, for how many, and what cannot be
//! told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use support::{Running, payload, rule, table};
use switchboard::plugins::Registry;
use switchboard::routing::{Action, Outcome, RuleVerdict, Share, Sharer, Table, Value as Fact, What, Wish};
use switchboard::service::Clock;
use switchboard::service::backtest::{Backtest, Given, Kind, NoBacktest, Reach, backtest};
use switchboard::service::messages::{BacktestState, Command, Event};
use switchboard::storage::Home;
use switchboard::storage::call_log::LogReader;

const VIP: &str = "+12137771234";
const OTHER: &str = "+14155552671";
const MAIN: &str = "+12137771235";
const SALES: &str = "+12137771236";

/// A Wednesday, 10:00 in New York.
fn start() -> DateTime<Utc> {
    "2026-11-25T15:00:00Z".parse().unwrap()
}

/// One caller goes to the VIP desk, the main line to reception, all others to the line's own agent.
fn live() -> Table {
    let mut table = table();
    table.rules = vec![
        rule("VIP", Some(("caller.number", json!({ "numbers": [VIP] }))), "vip"),
        rule("Main", Some(("line.is", json!({ "lines": ["main"] }))), "reception"),
    ];
    table
}

/// A call to a line that has an agent of its own at Retell.
fn with_own_agent(from: &str, to: &str, id: &str) -> String {
    payload(from, to, id).replace("\"call_id\"", "\"agent_id\":\"agent_own\",\"call_id\"")
}

fn text(from: &str, id: &str) -> String {
    json!({ "event": "chat_inbound", "event_timestamp": 1, "chat_inbound":
        { "chat_id": id, "from_number": from, "to_number": MAIN } })
    .to_string()
}

fn reject() -> Outcome {
    Outcome { action: Action::Reject, ..Outcome::default() }
}

/// A folder with a log of calls that `table` answered.
fn logged(table: Table, calls: &[String]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start_at(home.path(), Clock::standing(start()));
    running.publish(table);
    for body in calls {
        assert_eq!(running.call(body).0, 200, "{body}");
    }
    running.stop();
    home
}

fn given(home: &Path, live: &Table, draft: &Table) -> Given {
    let home = Home::at(home).unwrap();
    Given {
        draft: Arc::new(draft.clone()),
        live: Arc::new(live.clone()),
        rule: None,
        reach: Reach::Month,
        log: LogReader::of(&home),
        home,
        registry: Arc::new(Registry::built_in()),
        now: start() + TimeDelta::days(1),
    }
}

fn found(home: &Path, live: &Table, draft: &Table) -> Backtest {
    backtest(&given(home, live, draft), |_, _| true).unwrap()
}

/// Each change in a line: how, who called, who answers now and who would.
fn lines(found: &Backtest) -> Vec<String> {
    let line = |changed: &switchboard::service::backtest::Changed| {
        let from = changed.call.from.as_deref().unwrap_or("withheld");
        let told = changed.told.join(", ");
        let told = if told.is_empty() { told } else { format!(" ({told})") };
        format!("{:?} {from}: {} → {}{told}", changed.kind, changed.live.words(), changed.draft.words())
    };
    found.changed.iter().map(line).collect()
}

#[test]
fn each_change_of_a_draft_is_told_by_what_it_means_for_callers() {
    let calls = [
        payload(VIP, MAIN, "a"),
        payload(OTHER, MAIN, "b"),
        payload(OTHER, SALES, "c"),
        with_own_agent(OTHER, SALES, "d"),
    ];
    let home = logged(live(), &calls);
    let told = |words: &str, expected: &[&str], change: &dyn Fn(&mut Table)| {
        let mut draft = live();
        change(&mut draft);
        let found = found(home.path(), &live(), &draft);
        assert_eq!(
            (found.words().as_str(), lines(&found)),
            (words, expected.iter().map(|line| (*line).to_owned()).collect())
        );
    };
    let none = "Of 4 calls, none would be answered otherwise";
    told(none, &[], &|_| ());
    told(none, &[], &|draft| {
        draft.agents[1].name = "Very important".into();
        draft.rules[0].name = "Friends".into();
        draft.rules[0].id = "friends".into();
    });
    // Who calls a line without an agent of its own reaches nobody either way, and where there is one
    // a rejection cannot work.
    told(none, &[], &|draft| draft.fallback = reject());
    told("Of 4 calls, 1 would go elsewhere", &[&format!("Rejected {VIP}: VIP desk → nobody")], &|draft| {
        draft.rules[0].then = reject();
    });
    // The line has no agent of its own, so nobody is left to answer.
    told(
        "Of 4 calls, 1 would go elsewhere",
        &[&format!("Rejected {OTHER}: Reception → nobody")],
        &|draft| {
            draft.rules[1].then = Outcome { action: Action::Keep, ..Outcome::default() };
        },
    );
    let both = [
        &format!("Rejected {VIP}: VIP desk → nobody"),
        &format!("Elsewhere {OTHER}: the line's own agent → VIP desk") as &str,
        &format!("Elsewhere {OTHER}: nobody → VIP desk"),
        &format!("Elsewhere {OTHER}: Reception → VIP desk"),
    ];
    told("Of 4 calls, 4 would go elsewhere", &both, &|draft| {
        draft.rules[0].then = reject();
        draft.rules[1] = rule("All", None, "vip");
    });
    let version = format!("Elsewhere {VIP}: VIP desk → VIP desk (version 4)");
    told("Of 4 calls, 1 would go elsewhere", &[&version], &|draft| {
        draft.rules[0].then =
            serde_json::from_value(json!({ "action": { "connect": { "agent": "vip", "version": 4 } } }))
                .unwrap();
    });
    let told_else = format!("Told {VIP}: VIP desk → VIP desk (hour)");
    told("Of 4 calls, none would go elsewhere", &[&told_else], &|draft| {
        draft.rules[0].then.variables.insert("hour".into(), "{{call.time}}".into());
    });
}

#[test]
fn a_call_is_looked_into_as_both_tables_decide_it_with_the_time_of_then() {
    let mut live = live();
    live.schedules = vec![
        serde_json::from_value(json!({ "id": "office", "name": "Office", "hours": "Mo-Fr 09:00-17:00" }))
            .unwrap(),
    ];
    live.rules.insert(0, rule("Office", Some(("hours.open", json!({ "schedule": "office" }))), "vip"));
    live.rules[0].then.variables.insert("next".into(), "{{hours.office.closes_spoken}}".into());
    let home = logged(live.clone(), &[payload(OTHER, MAIN, "a")]);
    let mut draft = live.clone();
    draft.schedules[0].hours = "Mo-Fr 11:00-17:00".into();
    let found = found(home.path(), &live, &draft);
    assert_eq!(lines(&found), [format!("Elsewhere {OTHER}: VIP desk → Reception")]);
    assert_eq!(found.changed[0].call.agent.as_deref(), Some("VIP desk"), "what was really answered");
    let [now, then] = found.look_into(&found.changed[0]);
    assert_eq!(
        (now.effect.as_str(), then.effect.as_str()),
        ("Retell will connect VIP desk", "Retell will connect Reception")
    );
    let verdicts = |made: &switchboard::service::backtest::Made| {
        made.decision.trace.iter().map(|rule| rule.verdict).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(&now)[0], RuleVerdict::Won);
    assert_eq!(verdicts(&then)[..3], [RuleVerdict::NoMatch, RuleVerdict::NoMatch, RuleVerdict::Won]);
    assert_eq!(
        then.facts.get("hours.office.opens_spoken").map(Fact::words).as_deref(),
        Some("today at 11:00 AM")
    );
}

#[test]
fn what_the_tables_did_not_decide_is_left_out_and_counted() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start_at(home.path(), Clock::standing(start()));
    running.publish(live());
    assert_eq!(
        found(home.path(), &live(), &live()).words(),
        "There are no calls of the last 30 days to go by"
    );
    running.call(&payload(VIP, MAIN, "a"));
    running.call_at("/webhook/inbound-sms", &text(OTHER, "t"));
    running.call(r#"{"event":"call_inbound"}"#);
    running.ask(Command::SendSigned(payload(VIP, MAIN, "test")));
    running.hear(|event| matches!(event, Event::FrontDoor(_)).then_some(()));
    let until = start() + TimeDelta::hours(1);
    let wish =
        Wish { what: What::Closed, line: None, from: None, until, then: reject(), reason: String::new() };
    running.ask(Command::Override { wish: Box::new(wish), keep: false });
    running.hear(|event| matches!(event, Event::Overrides(_)).then_some(()));
    running.call(&payload(VIP, MAIN, "b"));
    running.call(&payload(VIP, MAIN, "c"));
    running.stop();
    let mut draft = live();
    draft.rules[0].then = reject();
    let found = found(home.path(), &live(), &draft);
    assert_eq!(found.words(), "Of 2 calls and texts, 1 would go elsewhere");
    assert_eq!(found.groups().as_deref(), Some("1 newly rejected"));
    let left_out = "4 were left out: 2 answered by a closure or another override, 1 that cannot be read, 1 test of your own";
    assert_eq!(found.remarks(), [left_out]);
    // Calls of more than 30 days ago are not looked at.
    let later = Given { now: start() + TimeDelta::days(31), ..given(home.path(), &live(), &draft) };
    let found = backtest(&later, |_, _| true).unwrap();
    assert_eq!(
        (found.words().as_str(), found.left_out.all()),
        ("There are no calls of the last 30 days to go by", 0)
    );
    let year = Given { reach: Reach::Year, ..later };
    assert_eq!(backtest(&year, |_, _| true).unwrap().words(), "Of 2 calls and texts, 1 would go elsewhere");
}

fn share(how: &str, agents: &[(&str, Option<u32>)], settings: Value) -> Outcome {
    let agents = agents
        .iter()
        .map(|(agent, percent)| Sharer { agent: (*agent).into(), version: None, percent: *percent })
        .collect();
    let share = Share { how: how.into(), name: String::new(), agents, settings };
    Outcome { action: Action::Share(share), ..Outcome::default() }
}

#[test]
fn who_gets_his_turn_is_not_foretold_and_a_percentage_is() {
    let in_turn = |agents: &[&str]| {
        let agents: Vec<_> = agents.iter().map(|agent| (*agent, None)).collect();
        share("shares.round_robin", &agents, Value::Null)
    };
    let with = |then: Outcome| {
        let mut table = live();
        table.rules = vec![rule("All", None, "vip")];
        table.rules[0].then = then;
        table
    };
    let shared = with(in_turn(&["reception", "vip"]));
    let home = logged(shared.clone(), &["a", "b", "c"].map(|id| payload(OTHER, MAIN, id)));
    let told = |live: &Table, draft: &Table| {
        let mut lines = lines(&found(home.path(), live, draft));
        lines.dedup();
        lines
    };
    assert!(told(&shared, &shared).is_empty());
    let mut renamed = shared.clone();
    renamed.rules[0].id = "other".into();
    assert!(told(&shared, &renamed).is_empty(), "a round of its own shares the calls alike");
    let to_vip = with(rule("All", None, "vip").then);
    assert_eq!(
        told(&shared, &to_vip),
        [format!("Elsewhere {OTHER}: shared among Reception, VIP desk → VIP desk")]
    );
    let found_one = found(home.path(), &to_vip, &shared);
    let [_, then] = found_one.look_into(&found_one.changed[0]);
    assert_eq!(then.effect, "Retell will connect one of these, by the calls before: Reception, VIP desk");
    let sticky = |percent| {
        let parts = [("reception", Some(percent)), ("vip", Some(100 - percent))];
        with(share("shares.sticky", &parts, json!({ "within": 30, "unit": "days" })))
    };
    assert_eq!(
        told(&sticky(50), &sticky(70)),
        [format!(
            "Elsewhere {OTHER}: shared among Reception 50%, VIP desk 50% → shared among Reception 70%, VIP desk 30%"
        )]
    );
    // Who gets a caller by percentage follows from the number alone.
    let percent = |reception| {
        with(share(
            "shares.weighted",
            &[("reception", Some(reception)), ("vip", Some(100 - reception))],
            Value::Null,
        ))
    };
    let moved = told(&percent(99), &percent(1));
    assert_eq!(moved, [format!("Elsewhere {OTHER}: Reception → VIP desk")]);
    assert!(told(&percent(1), &percent(2)).is_empty());
}

/// Asks a file of contacts for the caller's tier.
fn with_contacts(mut table: Table, home: &Path) -> Table {
    let file = home.join("customers.csv");
    std::fs::write(&file, "Tier;Telephone\ngold;(213) 777-1234\n").unwrap();
    let used = json!({ "id": "customers", "name": "Customers", "plugin": "contacts",
        "settings": { "file": file, "facts": [{ "column": "Tier", "name": "tier" }] } });
    table.look_ups.push(serde_json::from_value(used).unwrap());
    let gold = json!({ "fact": "contact.tier", "is": "is", "value": "gold" });
    table.rules.insert(0, rule("Gold", Some(("fact.compare", gold)), "vip"));
    table
}

#[test]
fn what_nobody_asked_for_when_a_call_came_in_is_told_and_not_taken_for_absent() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start_at(home.path(), Clock::standing(start()));
    running.publish(live());
    running.call(&payload(OTHER, MAIN, "a"));
    let asking = with_contacts(live(), home.path());
    running.publish(asking.clone());
    running.call(&payload(VIP, MAIN, "b"));
    running.call(&payload(OTHER, MAIN, "c"));
    running.stop();
    let said = |draft: &Table, live: &Table, rule: &str| {
        let given = Given { rule: Some(rule.into()), ..given(home.path(), live, draft) };
        let found = backtest(&given, |_, _| true).unwrap();
        let of_rule = found.rule.as_ref().unwrap().words(&found);
        (found.words(), found.remarks().join("|"), of_rule)
    };
    let lacking = "Not looked up when calls came in: Contact's Tier (1 call). Rules that ask for it are taken not to \
         match, so 1 call may go another way";
    // The other caller is known to be no contact in the last call, and nobody asked in the first.
    let (words, remarks, of_rule) = said(&asking, &live(), "gold");
    assert_eq!((words.as_str(), remarks.as_str()), ("Of 3 calls, none would be answered otherwise", lacking));
    assert_eq!(
        of_rule,
        "Would have matched 1 of the last 3 calls; for 1 it cannot be told, as not all that it asks for was looked up"
    );
    // That something is not known is an answer, unless nobody asked.
    let mut unknown = asking.clone();
    unknown.rules[0].when[0].any_of[0].settings = json!({ "fact": "contact.tier", "is": "known" });
    unknown.rules[0].when[0].any_of[0].not = true;
    let (words, remarks, of_rule) = said(&unknown, &live(), "gold");
    assert_eq!((words.as_str(), remarks.as_str()), ("Of 3 calls, 1 would go elsewhere", lacking));
    assert!(of_rule.starts_with("Would have matched 1 of the last 3 calls; for 1 it"), "{of_rule}");
    // A rule above decides in any case.
    let mut below = asking.clone();
    below.rules.rotate_left(1);
    let (_, remarks, of_rule) = said(&below, &live(), "gold");
    assert_eq!(remarks, "Not looked up when calls came in: Contact's Tier (1 call)");
    assert!(
        of_rule.starts_with("Would have matched 1 of the last 3 calls; rules above take 1 of them; for 1 it"),
        "{of_rule}"
    );
    // What the draft does not ask any more is not known to it.
    let mut asks_no_more = asking.clone();
    asks_no_more.look_ups[0].enabled = false;
    asks_no_more.rules[1].enabled = false;
    let (words, ..) = said(&asks_no_more, &asking, "gold");
    assert_eq!(words, "Of 3 calls, 1 would go elsewhere");
}

#[test]
fn a_draft_that_cannot_decide_and_what_is_not_wanted_any_more_give_no_result() {
    let home = logged(live(), &[payload(VIP, MAIN, "a")]);
    let mut draft = live();
    draft.rules[0].then = rule("VIP", None, "nobody").then;
    let error = backtest(&given(home.path(), &live(), &draft), |_, _| true).unwrap_err();
    assert!(error.to_string().contains("the agent “nobody” is not in the table"), "{error}");
    let mut heard = Vec::new();
    let error = backtest(&given(home.path(), &live(), &live()), |done, total| {
        heard.push((done, total));
        done == 0
    });
    assert!(matches!(error, Err(NoBacktest::Cancelled)));
    assert_eq!(heard, [(0, 1), (1, 1)]);
    std::fs::remove_file(home.path().join("calls.sqlite3")).unwrap();
    let error = backtest(&given(home.path(), &live(), &live()), |_, _| true).unwrap_err();
    assert!(matches!(error, NoBacktest::Log(_)), "{error}");
}

#[test]
fn the_running_program_answers_for_the_draft_and_the_rule_that_is_edited() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start_at(home.path(), Clock::standing(start()));
    let version = running.publish(live());
    for id in ["a", "b"] {
        running.call(&payload(VIP, MAIN, id));
    }
    let mut draft = live();
    draft.rules[0].then = reject();
    let draft = Arc::new(draft);
    let ask = |draft: &Arc<Table>, rule: Option<&str>| {
        running.ask(Command::Backtest {
            draft: draft.clone(),
            rule: rule.map(str::to_owned),
            reach: Reach::Month,
        });
    };
    let hear = |draft: &Arc<Table>| {
        running.hear(|event| match event {
            Event::Backtest(found) if Arc::ptr_eq(&found.draft, draft) => match found.state {
                BacktestState::Running { .. } => None,
                BacktestState::Done(done) => {
                    assert_eq!(found.version, version);
                    Some(Ok(done))
                }
                BacktestState::Failed(why) => Some(Err(why)),
            },
            _ => None,
        })
    };
    ask(&draft, Some("main"));
    ask(&draft, None);
    let done = hear(&draft).unwrap();
    assert_eq!((done.words().as_str(), done.count(Kind::Rejected)), ("Of 2 calls, 2 would go elsewhere", 2));
    let of_rule = done.rule.as_ref().unwrap();
    assert_eq!(of_rule.words(&done), "Would have matched 2 of the last 2 calls; rules above take 2 of them");
    let mut broken = Table::clone(&draft);
    broken.rules[0].then = rule("VIP", None, "nobody").then;
    let broken = Arc::new(broken);
    ask(&broken, None);
    assert!(hear(&broken).unwrap_err().contains("has to be put right first"));
    running.stop();
}
