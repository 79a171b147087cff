//! Earlier calls: the facts about them and the conditions on them, at any time asked for.

use futures_util::future::{self, BoxFuture};
use switchboard::plugins::{CallHistory, PastCall, PastEnd};

use super::*;

/// A log that holds these calls of one caller, or cannot be read.
#[derive(Debug)]
struct Log(Result<Vec<PastCall>, String>);

const CALLER: &str = "+14155552671";

impl CallHistory for Log {
    fn calls_of(&self, caller: &str) -> BoxFuture<'static, Result<Vec<PastCall>, String>> {
        let calls = if caller == CALLER { self.0.clone() } else { self.0.clone().map(|_| Vec::new()) };
        future::ready(calls).boxed()
    }
}

fn agent_end(id: Option<&str>, name: &str) -> PastEnd {
    PastEnd::Agent { id: id.map(Into::into), name: name.into() }
}

/// Calls on 2 March 2026: to Ada at 9:00, rejected at 14:55, 14:56 and 14:57.
fn busy() -> Vec<PastCall> {
    let call =
        |time: &str, end| PastCall { at_ms: at(&format!("2026-03-02T{time}:00Z")).timestamp_millis(), end };
    vec![
        call("09:00", agent_end(Some("ada"), "Ada as she was called")),
        call("14:55", PastEnd::Rejected),
        call("14:56", PastEnd::Rejected),
        call("14:57", PastEnd::Rejected),
    ]
}

fn facts_of(log: Result<Vec<PastCall>, String>, table: &Table, from: Caller, time: &str) -> Facts {
    let registry = Registry::with_host(Host { history: Some(Arc::new(Log(log))), ..Host::default() });
    let ask = Ask { call: Arc::new(Call::new(from, "+14155550123")), at: at(time) };
    let mut facts = Facts::default();
    for OpenLookUp { look_up, .. } in registry.look_ups(table) {
        facts.merge(look_up.ask(ask.clone()).now_or_never().unwrap().unwrap());
    }
    facts
}

fn caller() -> Caller {
    Caller::Number(CALLER.into())
}

fn shown(facts: &Facts, name: &str) -> String {
    let name = format!("history.{name}");
    let missing = || format!("? {}", facts.why_missing(&name).unwrap_or("nobody said anything"));
    facts.get(&name).map_or_else(missing, Fact::words)
}

#[test]
fn facts_count_up_to_the_time_asked_for() {
    let mut table = table();
    for (without_rejected, time, name, value) in [
        (false, "2026-03-02T15:00:00Z", "first_time", "no"),
        (false, "2026-03-02T15:00:00Z", "returning", "yes"),
        (false, "2026-03-02T15:00:00Z", "calls", "4"),
        (false, "2026-03-02T15:00:00Z", "calls_1h", "3"),
        (false, "2026-03-02T15:00:00Z", "calls_30d", "4"),
        (false, "2026-03-02T15:00:00Z", "last_seen", "Monday 2 March, 09:57"),
        (false, "2026-03-02T15:00:00Z", "last_seen_ago", "3 minutes ago"),
        (false, "2026-03-02T15:00:00Z", "last_outcome", "rejected"),
        (false, "2026-03-02T15:00:00Z", "last_agent", "Ada"),
        (false, "2026-03-02T15:00:00Z", "last_agent_id", "ada"),
        // A call does not count itself, and nothing after it.
        (false, "2026-03-02T14:56:00Z", "calls", "2"),
        (false, "2026-03-02T08:00:00Z", "first_time", "yes"),
        (false, "2026-03-02T08:00:00Z", "last_seen", "? the caller has not called before"),
        // A window has both its ends: 1 hour before, to the second.
        (false, "2026-03-02T15:55:00Z", "calls_1h", "3"),
        (false, "2026-03-02T15:55:01Z", "calls_1h", "2"),
        (false, "2026-04-01T14:57:00Z", "calls_30d", "1"),
        // Rejected calls as if they had not been made.
        (true, "2026-03-02T15:00:00Z", "calls", "1"),
        (true, "2026-03-02T15:00:00Z", "calls_1h", "0"),
        (true, "2026-03-02T15:00:00Z", "last_seen_ago", "6 hours ago"),
        (true, "2026-03-02T15:00:00Z", "last_outcome", "connected"),
    ] {
        table.history.without_rejected = without_rejected;
        let facts = facts_of(Ok(busy()), &table, caller(), time);
        assert_eq!(shown(&facts, name), value, "{name} at {time}");
    }
}

#[test]
fn what_is_not_known_has_its_reason() {
    let declared = Registry::built_in().facts(&table());
    for (log, from, reason) in [
        (Ok(busy()), Caller::Withheld, "? the caller's number is withheld"),
        (Err("the disk is gone".to_owned()), caller(), "? the disk is gone"),
    ] {
        let facts = facts_of(log, &table(), from, "2026-03-02T15:00:00Z");
        for name in declared.keys().filter_map(|name| name.strip_prefix("history.")) {
            assert_eq!(shown(&facts, name), reason, "{name}");
        }
    }
}

#[test]
fn agents_are_known_by_what_they_were_called_where_ids_were_not_kept() {
    for (end, name, id) in [
        (agent_end(None, "Bo"), "Bo", "bo"),
        (agent_end(None, "Cy"), "Cy", "? Cy is no longer in the table"),
        (PastEnd::Kept, "? no agent has answered this caller yet", "? no agent has answered this caller yet"),
    ] {
        let facts =
            facts_of(Ok(vec![PastCall { at_ms: 0, end }]), &table(), caller(), "2026-03-02T15:00:00Z");
        assert_eq!((shown(&facts, "last_agent"), shown(&facts, "last_agent_id")), (name.into(), id.into()));
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn conditions_say_what_they_found() {
    let repeat = |nth| json!({"nth": nth, "within": 10, "unit": "minutes"});
    let known = || Ok(busy());
    let never = || Ok(Vec::new());
    let broken = || Err("the disk is gone".to_owned());
    for (condition, settings, log, answer, words, why) in [
        (
            "history.before",
            json!({"is": "returning"}),
            known(),
            Answer::Yes,
            "the caller has called before",
            "the caller has called 4 times before, last 3 minutes ago",
        ),
        (
            "history.before",
            json!({"is": "first_time"}),
            known(),
            Answer::No,
            "the caller calls for the first time",
            "the caller has called 4 times before, last 3 minutes ago",
        ),
        (
            "history.before",
            json!({}),
            never(),
            Answer::Yes,
            "the caller calls for the first time",
            "this is the caller's first call",
        ),
        (
            "history.before",
            json!({}),
            broken(),
            Answer::Unknown,
            "the caller calls for the first time",
            "the earlier calls are not known: the disk is gone",
        ),
        (
            "history.repeat",
            repeat(4),
            known(),
            Answer::Yes,
            "it is at least the caller's 4th call within 10 minutes",
            "it is the caller's 4th call within 10 minutes",
        ),
        (
            "history.repeat",
            repeat(5),
            known(),
            Answer::No,
            "it is at least the caller's 5th call within 10 minutes",
            "it is the caller's 4th call within 10 minutes",
        ),
        (
            "history.repeat",
            repeat(2),
            never(),
            Answer::No,
            "it is at least the caller's 2nd call within 10 minutes",
            "it is the caller's 1st call within 10 minutes",
        ),
        (
            "history.repeat",
            repeat(2),
            broken(),
            Answer::Unknown,
            "it is at least the caller's 2nd call within 10 minutes",
            "the earlier calls are not known: the disk is gone",
        ),
        (
            "history.last_call",
            json!({"within": 3, "unit": "minutes"}),
            known(),
            Answer::Yes,
            "the caller called within the last 3 minutes",
            "the last call was 3 minutes ago",
        ),
        (
            "history.last_call",
            json!({"within": 2, "unit": "minutes"}),
            known(),
            Answer::No,
            "the caller called within the last 2 minutes",
            "the last call was 3 minutes ago",
        ),
        (
            "history.last_call",
            json!({"within": 1, "unit": "days"}),
            never(),
            Answer::No,
            "the caller called within the last 1 day",
            "the caller has not called before",
        ),
        (
            "history.last_call",
            json!({"within": 1, "unit": "days"}),
            broken(),
            Answer::Unknown,
            "the caller called within the last 1 day",
            "the earlier calls are not known: the disk is gone",
        ),
        (
            "history.last_agent",
            json!({"agents": ["ada", "bo"]}),
            known(),
            Answer::Yes,
            "the caller's last agent was Ada or Bo",
            "the caller's last agent was Ada",
        ),
        (
            "history.last_agent",
            json!({"agents": ["bo"]}),
            known(),
            Answer::No,
            "the caller's last agent was Bo",
            "the caller's last agent was Ada",
        ),
        (
            "history.last_agent",
            json!({"agents": ["bo"]}),
            never(),
            Answer::No,
            "the caller's last agent was Bo",
            "the caller has not called before",
        ),
        (
            "history.last_agent",
            json!({"agents": ["bo"]}),
            broken(),
            Answer::Unknown,
            "the caller's last agent was Bo",
            "the earlier calls are not known: the disk is gone",
        ),
    ] {
        let mut table = table();
        let test = Test { condition: condition.into(), not: false, settings };
        // What windows are counted is read from the rules.
        let rule =
            json!({ "id": "r", "name": "R", "when": [{ "any_of": [test] }], "then": { "action": "keep" } });
        table.rules = vec![serde_json::from_value(rule).unwrap()];
        let facts = facts_of(log, &table, caller(), "2026-03-02T15:00:00Z");
        let compiled = Registry::built_in().condition(&test, &table).unwrap();
        let verdict = compiled.test(&Call::new(caller(), "+14155550123"), &facts, at("2026-03-02T15:00:00Z"));
        assert_eq!(compiled.words(false).to_string(), words, "{test:?}");
        assert_eq!((verdict.answer, verdict.why.as_str()), (answer, why), "{test:?}");
    }
}
