//! A file of contacts behind the real port: what is saved in it answers the next calls, without
//! publishing, and the owner hears when it cannot be read.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use support::{PATIENCE, Running, rule, table};
use switchboard::service::messages::{Event, Level};

/// Calls until the agent is told this name. Each call is another one.
fn until_greeted(running: &Running, count: &mut u32, name: &str) {
    let end = Instant::now() + PATIENCE;
    loop {
        *count += 1;
        let body = format!(
            r#"{{"event":"call_inbound","call_inbound":{{"agent_version":{count},"from_number":"+12137771234","to_number":"+12137771235"}}}}"#
        );
        let (status, answer) = running.call(&body);
        assert_eq!(status, 200);
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let greeted = &answer["call_inbound"]["dynamic_variables"]["name"];
        if greeted == name {
            return;
        }
        assert!(Instant::now() < end, "still greeted as {greeted}, not as {name}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn write(file: &Path, name: &str) {
    std::fs::write(file, format!("Name;Telephone\n{name};(213) 777-1234\n")).unwrap();
}

#[test]
fn what_is_saved_answers_the_next_calls_and_trouble_is_told() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("customers.csv");
    write(&file, "Anna");
    let running = Running::start(home.path());
    let mut table = table();
    let used = json!({ "id": "customers", "name": "Customers", "plugin": "contacts",
        "settings": { "file": file, "facts": [{ "column": "Name", "name": "name" }] } });
    table.look_ups.push(serde_json::from_value(used).unwrap());
    let mut known = rule("Known", Some(("contacts.known", json!({ "files": ["customers"] }))), "vip");
    known.then.variables.insert("name".into(), "{{contact.name|there}}".into());
    table.rules = vec![known];
    running.publish(table);

    let mut count = 0;
    until_greeted(&running, &mut count, "Anna");
    write(&file, "Anna Maria");
    until_greeted(&running, &mut count, "Anna Maria");
    std::fs::remove_file(&file).unwrap();
    let note = running.hear(|event| match event {
        Event::Note(note) if note.level == Level::Warning => Some(note.text),
        _ => None,
    });
    assert!(note.starts_with("customers.csv: the file is not there"), "{note}");
    until_greeted(&running, &mut count, "Anna Maria");
    running.stop();
}
