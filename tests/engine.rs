//! Whatever breaks behind the signature, the call is answered in time by the fallback.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use switchboard::plugins::{
    Ask, CompileContext, ConditionKind, EditorContext, Fault, Host, LookUp, Manifest, Plugin, Registry,
};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{
    Action, Agent, Call, Condition, Facts, Medium, Outcome, Overrides, Phrase, Rule, Table, Test, Verdict,
    What, Wish,
};
use switchboard::service::messages::Event;
use switchboard::service::{Clock, DEADLINE, Engine, Feed, Incoming, Live, Memory, Receiver, Reply};
use switchboard::storage::Home;
use switchboard::storage::call_log::{LogWriter, Summary};

const KEY: &str = "key_0123456789abcdef";
const BODY: &str =
    r#"{"event":"call_inbound","call_inbound":{"from_number":"+12137771234","to_number":"+12137771235"}}"#;

/// A plugin that does what its settings say, the bad things included.
struct Hostile(Manifest);

impl Plugin for Hostile {
    fn manifest(&self) -> &Manifest {
        &self.0
    }

    fn conditions(&self) -> &[&'static dyn ConditionKind] {
        &[&Misbehaves]
    }

    fn look_up(&self, table: &Table, _host: &Host) -> Option<Arc<dyn LookUp>> {
        (table.zone == "Etc/UTC").then(|| Arc::new(Hangs) as Arc<dyn LookUp>)
    }
}

struct Hangs;

impl LookUp for Hangs {
    fn ask(&self, _: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        Box::pin(std::future::pending())
    }
}

struct Misbehaves;

impl ConditionKind for Misbehaves {
    fn name(&self) -> &'static str {
        "misbehaves"
    }

    fn starter(&self, _: &Table) -> Value {
        Value::Null
    }

    fn compile(&self, settings: &Value, _: CompileContext<'_>) -> Result<Box<dyn Condition>, String> {
        Ok(Box::new(How(settings.as_str().unwrap_or_default().to_owned())))
    }

    fn editor_ui(&self, _: &mut egui::Ui, _: &mut Value, _: &EditorContext<'_>) {}
}

struct How(String);

impl Condition for How {
    fn words(&self, _: bool) -> Phrase {
        Phrase::new().plain("the condition misbehaves")
    }

    fn test(&self, _: &Call, _: &Facts, _: DateTime<Utc>) -> Verdict {
        match self.0.as_str() {
            "panics" => panic!("on purpose"),
            "sleeps" => thread::sleep(Duration::from_secs(4)),
            _ => {}
        }
        Verdict::known(true, "it did nothing bad")
    }
}

fn registry() -> Registry {
    let manifest = toml::from_str(
        "id = 'hostile'\nname = 'Hostile'\nversion = '1'\ncontract = 1\nsummary = 'Breaks'\noffers = ['condition', 'facts']\n\
         [conditions.misbehaves]\ntitle = 'Misbehaves'\nhelp = 'Breaks'",
    );
    Registry::of(vec![Box::new(Hostile(manifest.unwrap()))])
}

fn table(zone: &str, how: &str) -> Table {
    let mut table = Table::empty("US", zone);
    for id in ["rule", "fallback"] {
        table.agents.push(Agent {
            id: id.into(),
            name: id.into(),
            retell_id: format!("agent_{id}"),
            ..Agent::default()
        });
    }
    let connect = |agent: &str| Outcome {
        action: Action::Connect { agent: agent.into(), version: None },
        ..Outcome::default()
    };
    let test = Test { condition: "hostile.misbehaves".into(), not: false, settings: json!(how) };
    table.rules.push(Rule {
        id: "rule".into(),
        name: "Rule".into(),
        note: String::new(),
        enabled: true,
        from: None,
        until: None,
        when: vec![test.into()],
        then: connect("rule"),
    });
    table.fallback = connect("fallback");
    table
}

/// Sends one signed call to an engine with this table, and gives the answer and its record.
async fn answer(table: Table, budget: Duration) -> (Reply, Summary, Duration) {
    answer_under(Overrides::default(), table, budget).await
}

/// The same while this stands above the rules.
async fn answer_under(overrides: Overrides, table: Table, budget: Duration) -> (Reply, Summary, Duration) {
    let home = tempfile::tempdir().unwrap();
    let home = Home::at(home.path()).unwrap();
    home.prepare().unwrap();
    let clock = Clock::system();
    let log = LogWriter::open(&home, clock.now()).unwrap();
    let live = Live::build(1, Arc::new(table), &registry()).unwrap();
    let feed = Feed::default();
    let events = feed.listen(|| ());
    let engine = Arc::new(Engine::new(Arc::new(live), log, Memory::default(), feed, clock.clone(), budget));
    let key = ApiKey::new(KEY);
    let signed = signature::sign(&key, BODY.as_bytes(), clock.now().timestamp_millis());
    engine.set_keys(vec![key]);
    engine.set_overrides(Arc::new(overrides));
    let started = Instant::now();
    let reply = engine
        .receive(Incoming {
            door: Medium::Call,
            is_event: false,
            signatures: vec![signed.into_bytes()],
            body: BODY.into(),
            peer: "127.0.0.1:1".parse().unwrap(),
        })
        .await;
    let took = started.elapsed();
    let Some(Event::Call(summary)) = events.next() else { panic!("the window was not told") };
    (reply, summary, took)
}

fn agent(reply: &Reply) -> Value {
    serde_json::from_slice::<Value>(&reply.body).unwrap()["call_inbound"]["override_agent_id"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_well_behaved_rule_decides() {
    let (reply, summary, _) = answer(table("America/New_York", ""), Duration::from_secs(1)).await;
    assert_eq!((reply.status, agent(&reply)), (200, json!("agent_rule")));
    assert!(!summary.fallback_used);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_panic_while_deciding_gives_the_fallback() {
    let (reply, summary, _) = answer(table("America/New_York", "panics"), Duration::from_secs(1)).await;
    assert_eq!((reply.status, agent(&reply)), (200, json!("agent_fallback")));
    assert!(summary.fallback_used && !summary.unreadable);
    assert_eq!(summary.from.as_deref(), Some("+12137771234"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rule_that_blocks_is_left_behind_at_the_deadline() {
    let (reply, summary, took) = answer(table("America/New_York", "sleeps"), Duration::from_secs(1)).await;
    assert_eq!((reply.status, agent(&reply)), (200, json!("agent_fallback")));
    assert!(summary.fallback_used);
    // Retell waits ten seconds; the rule sleeps four.
    assert!(took >= DEADLINE.mul_f32(0.9) && took < Duration::from_secs(4), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_look_up_that_hangs_costs_its_facts_and_not_the_decision() {
    let (reply, summary, _) = answer(table("Etc/UTC", ""), Duration::from_millis(100)).await;
    assert_eq!((reply.status, agent(&reply)), (200, json!("agent_rule")));
    assert!(!summary.fallback_used);
}

fn closed() -> Overrides {
    let mut overrides = Overrides::default();
    let now = Clock::system().now();
    let wish = Wish {
        what: What::Closed,
        line: None,
        from: None,
        until: now + chrono::TimeDelta::hours(1),
        then: Outcome { action: Action::Reject, ..Outcome::default() },
        reason: String::new(),
    };
    overrides.set(wish, "a test", now).unwrap();
    overrides
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_stands_above_the_rules_stands_above_broken_ones_too() {
    for how in ["", "panics", "sleeps"] {
        let (reply, summary, _) =
            answer_under(closed(), table("America/New_York", how), Duration::from_secs(1)).await;
        assert_eq!((reply.status, agent(&reply)), (200, Value::Null), "{how}");
        assert_eq!((summary.outcome.as_str(), summary.rule_id), ("reject", None), "{how}");
        assert!(summary.overruled.unwrap().starts_with("Closed until "), "{how}");
    }
}
