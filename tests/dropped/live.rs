//! A plugin's whole life in the running program: dropped in, allowed, asked about real signed calls,
//! updated, broken and removed.

use std::fs;
use std::path::Path;

use serde_json::json;
use switchboard::plugins::dropped::{Card, Standing};
use switchboard::service::messages::{Command, Event, PluginWish};

use super::support::{Running, rule, table};
use super::{drop_in, manifest};

const SCRIPT: &str = r#"
export function facts(call, settings) {
    console.log("asked about", call.from);
    return { "crm.name": settings.greeting + " Ada", "crm.vip": call.from === "+12137771234" };
}
"#;
const GREETING: &str = "[settings.greeting]\ntype = \"text\"\ntitle = \"Greeting\"\ndefault = \"Dear\"\n";

/// Waits until the card is like this.
fn card(running: &Running, is: impl Fn(&Card) -> bool) -> Card {
    running.hear(|event| match event {
        Event::Plugins(cards) => cards.iter().find(|card| is(card)).cloned(),
        Event::Failed(note) => panic!("{}", note.text),
        _ => None,
    })
}

fn wish(running: &Running, wish: PluginWish) {
    running.ask(Command::Plugin(wish));
}

/// Who answers a call of this caller, and what they are told.
fn answer(running: &Running, count: &mut u32, from: &str) -> (String, String) {
    *count += 1;
    let body = format!(
        r#"{{"event":"call_inbound","call_inbound":{{"agent_version":{count},"from_number":"{from}","to_number":"+12137771235"}}}}"#
    );
    let (status, answer) = running.call(&body);
    assert_eq!(status, 200);
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let told = &answer["call_inbound"];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (text(&told["override_agent_id"]), text(&told["dynamic_variables"]["name"]))
}

/// Calls until the answer is this one: on a busy machine a plugin may be late now and then.
fn answers(running: &Running, count: &mut u32, from: &str, agent: &str, name: &str) {
    let mut last = None;
    for _ in 0..100 {
        let got = answer(running, count, from);
        if (got.0.as_str(), got.1.as_str()) == (agent, name) {
            return;
        }
        last = Some(got);
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("never {agent} and {name}, but {last:?}");
}

fn start(home: &Path) -> Running {
    let running = Running::start(home);
    let mut table = table();
    let test = ("fact.compare", json!({ "fact": "crm.vip", "is": "yes" }));
    let mut vip = rule("VIP", Some(test), "vip");
    vip.then.variables.insert("name".into(), "{{crm.name|there}}".into());
    table.rules = vec![vip];
    running.publish(table);
    running
}

#[test]
fn a_dropped_plugin_routes_calls_once_it_is_allowed() {
    let home = tempfile::tempdir().unwrap();
    let plugins = home.path().join("plugins");
    let running = start(home.path());
    let mut count = 0;
    let (vip, caller) = ("agent_vip", "+12137771234");
    let other = answer(&running, &mut count, caller).0;
    assert_ne!(other, vip, "nothing is dropped in");

    drop_in(&plugins, "acme", &manifest("acme", "plugin.js", GREETING), "plugin.js", SCRIPT.as_bytes());
    let asks = card(&running, |card| card.standing == Standing::Asks);
    assert_eq!((asks.name(), &asks.problem, &asks.works), ("Acme CRM", &None, &None));
    assert_eq!(answer(&running, &mut count, caller).0, other, "nothing runs before it is allowed");

    wish(&running, PluginWish::Allow("acme".into()));
    card(&running, |card| card.works.is_some());
    answers(&running, &mut count, caller, vip, "Dear Ada");
    assert_eq!(answer(&running, &mut count, "+12137770000").0, other);

    let filled = json!({ "greeting": "Hello" }).as_object().unwrap().clone();
    wish(&running, PluginWish::Fill { id: "acme".into(), filled });
    card(&running, |card| card.filled.contains_key("greeting") && card.report.asks >= 2);
    answers(&running, &mut count, caller, vip, "Hello Ada");

    // It is at work again at the next start, before the first call.
    running.stop();
    let running = Running::start(home.path());
    answers(&running, &mut count, caller, vip, "Hello Ada");

    wish(&running, PluginWish::Switch { id: "acme".into(), on: false });
    card(&running, |card| card.standing == Standing::Off);
    assert_eq!(answer(&running, &mut count, caller).0, other);
    wish(&running, PluginWish::Switch { id: "acme".into(), on: true });
    card(&running, |card| card.works.is_some());

    // A broken update leaves what works; one that asks for more does too, until it is allowed.
    fs::write(plugins.join("acme/plugin.js"), "export function facts( {").unwrap();
    let broken = card(&running, |card| card.problem.is_some());
    assert!(broken.problem.unwrap().contains("SyntaxError") && broken.works.is_some());
    answers(&running, &mut count, caller, vip, "Hello Ada");
    let more = format!("[allow]\nfetch = [\"https://api.acme.example/\"]\n{GREETING}");
    drop_in(
        &plugins,
        "acme",
        &manifest("acme", "plugin.js", &more),
        "plugin.js",
        SCRIPT.replace("Ada", "Bea").as_bytes(),
    );
    card(&running, |card| card.standing == Standing::AsksAgain);
    answers(&running, &mut count, caller, vip, "Hello Ada");
    wish(&running, PluginWish::Allow("acme".into()));
    card(&running, |card| card.standing == Standing::On && card.problem.is_none());
    answers(&running, &mut count, caller, vip, "Hello Bea");

    wish(&running, PluginWish::Remove("acme".into()));
    running.hear(|event| matches!(event, Event::Plugins(cards) if cards.is_empty()).then_some(()));
    assert_eq!(answer(&running, &mut count, caller).0, other);
    assert!(!plugins.join("acme").exists());
    running.stop();
}

#[test]
fn what_cannot_be_used_costs_no_call_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    let plugins = home.path().join("plugins");
    drop_in(&plugins, "other", &manifest("acme", "plugin.js", ""), "plugin.js", b"");
    drop_in(&plugins, "acme", &manifest("acme", "plugin.js", ""), "plugin.js", b"while (true) {}");
    let running = start(home.path());
    running.ask(Command::Open);
    let unreadable = card(&running, |card| card.standing == Standing::Unreadable);
    assert!(unreadable.problem.unwrap().contains("give both the same name"));
    wish(&running, PluginWish::Allow("acme".into()));
    let mut count = 0;
    answer(&running, &mut count, "+12137771234");
    let stuck = card(&running, |card| card.id == "acme" && card.problem.is_some());
    assert_eq!(stuck.problem.unwrap(), "it did not answer in time");
    answer(&running, &mut count, "+12137771234");
    running.stop();
}
