//! The test bench behind the window: what is taken as known, people who are found, calls that are
//! kept by name.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use serde_json::json;
use support::{Running, rule, table};
use switchboard::routing::{By, Call, Caller, Table, Value};
use switchboard::service::Clock;
use switchboard::service::messages::{
    Bench, BenchEvent, Command, Event, Knowing, Source, Trial, TriedDecision,
};
use switchboard::storage::Preset;

/// A table that knows customers from a file, and greets them.
fn with_customers(folder: &std::path::Path) -> Table {
    let file = folder.join("customers.csv");
    std::fs::write(&file, "Name;Telephone\nAnna Baker;(213) 777-1234\nBob Cole;(213) 777-1299\n").unwrap();
    let mut table = table();
    let used = json!({ "id": "customers", "name": "Customers", "plugin": "contacts",
        "settings": { "file": file, "facts": [{ "column": "Name", "name": "name" }] } });
    table.look_ups.push(serde_json::from_value(used).unwrap());
    let mut known = rule("Known", Some(("contacts.known", json!({ "files": ["customers"] }))), "vip");
    known.then.variables.insert("name".into(), "{{contact.name|there}}".into());
    table.rules = vec![known];
    table
}

fn tried(running: &Running, knowing: Knowing) -> TriedDecision {
    let call = Call::new(Caller::Number("+12137771234".into()), "+12137771235");
    let trial = Trial { knowing, ..Trial::new(call, Clock::system().now(), None) };
    running.ask(Command::Try(Box::new(trial)));
    let tried = running.hear(|event| if let Event::Tried(tried) = event { Some(tried) } else { None });
    tried.result.unwrap()
}

fn bench<T>(running: &Running, wanted: Bench, hear: impl Fn(BenchEvent) -> Option<T>) -> T {
    running.ask(Command::Bench(Box::new(wanted)));
    running.hear(|event| if let Event::Bench(event) = event { hear(event) } else { None })
}

#[test]
fn facts_come_from_who_knows_them_and_given_ones_count_more() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(with_customers(home.path()));

    let asked = tried(&running, Knowing::default());
    assert_eq!(asked.decision.variables["name"], "Anna Baker");
    let Source::LookUp(place) = asked.sources["contact.name"] else { panic!("{:?}", asked.sources) };
    assert_eq!(asked.look_ups[place].name, "Customers");
    assert_eq!(asked.look_ups[place].fault, None);

    let given = [("contact.name".to_owned(), Value::Text("Zoe".into()))].into();
    let given = tried(&running, Knowing { given, asks_nobody: false });
    assert_eq!(given.decision.variables["name"], "Zoe");
    assert_eq!(given.sources["contact.name"], Source::Given);

    let nobody = tried(&running, Knowing { asks_nobody: true, ..Knowing::default() });
    assert_eq!(nobody.decision.by, By::Fallback, "the file is not asked");
    assert_eq!(nobody.facts.get("contact.known"), None);
    assert!(nobody.facts.why_missing("contact.known").unwrap().contains("pinned"));
    assert!(nobody.facts.get("caller.country").is_some(), "that follows from the call");

    let pinned = ["contact.known", "contact.in.customers"].map(|name| (name.to_owned(), Value::YesNo(true)));
    let pinned = tried(&running, Knowing { given: pinned.into(), asks_nobody: true });
    assert!(matches!(&pinned.decision.by, By::Rule { name, .. } if name == "Known"), "{:?}", pinned.decision);
    running.stop();
}

#[test]
fn people_are_found_in_the_files_of_the_draft() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let table = std::sync::Arc::new(with_customers(home.path()));
    let found = |words: &str| {
        let wanted = Bench::FindPeople { words: words.into(), table: table.clone() };
        bench(&running, wanted, |event| match event {
            BenchEvent::People { words: by, people } if by == words => Some(people),
            _ => None,
        })
    };
    let anna = found("anna");
    assert_eq!(anna.len(), 1);
    assert_eq!(
        (anna[0].name.as_str(), anna[0].number.as_str(), anna[0].source.as_str()),
        ("Anna Baker", "+12137771234", "Customers")
    );
    assert_eq!(found("777-12").len(), 2);
    assert!(found("nobody").is_empty());
    running.stop();
}

#[test]
fn calls_kept_by_name_outlive_the_program_and_a_broken_file_is_kept_aside() {
    let home = tempfile::tempdir().unwrap();
    let preset = Preset {
        name: "Anna on a Sunday".into(),
        payload: json!({"event": "call_inbound", "call_inbound": {"from_number": "+12137771234"}}),
        at: Some("2026-11-22T15:00:00Z".parse().unwrap()),
        facts: [("contact.vip".to_owned(), Value::YesNo(true))].into(),
        asks_nobody: true,
    };
    let presets = |event| if let BenchEvent::Presets(presets) = event { Some(presets) } else { None };
    let running = Running::start(home.path());
    let kept = bench(&running, Bench::SavePresets(vec![preset.clone()]), presets);
    assert_eq!(kept, std::slice::from_ref(&preset));
    running.stop();

    let link = support::start(home.path(), "127.0.0.1:0");
    let told = link.connect(|| ());
    let again = support::hear(&told, |event| match event {
        Event::Bench(BenchEvent::Presets(presets)) => Some(presets),
        _ => None,
    });
    assert_eq!(again, [preset]);
    drop(told);
    link.stop().unwrap();

    std::fs::write(home.path().join("presets.json"), "{ half").unwrap();
    let program = support::start(home.path(), "127.0.0.1:0");
    let told = program.connect(|| ());
    let opening =
        support::hear(&told, |event| if let Event::Opened(opening) = event { Some(opening) } else { None });
    let trouble =
        opening.troubles.iter().find(|trouble| trouble.message.contains("saved for trying")).unwrap();
    let kept = std::fs::read_to_string(trouble.kept.as_ref().unwrap()).unwrap();
    assert_eq!(kept, "{ half", "nothing is lost");
    drop(told);
    program.stop().unwrap();
}
