//! Text that wants to pose as something else (control characters, marks that turn the direction of
//! writing, characters that cannot be seen) from callers, contacts, tables and plugins: on every screen, in
//! the log and on the terminal nothing of it is left.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
#[path = "support/serving.rs"]
mod serving;
mod support;
#[path = "support/whole.rs"]
mod whole;

use std::fs;
use std::path::Path;
use std::process::Command;

use egui::{Role, Theme};
use egui_kittest::kittest::{NodeT, Queryable};
use program::{KEY, post, rule, table};
use serde_json::json;
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{Table, safe_text};
use switchboard::service::Clock;
use switchboard::ui::widgets::shell::Place;
use whole::Whole;

/// Clears a terminal, rings, turns the direction, hides itself and begins a new line.
const HOSTILE: &str = "Anna\u{1b}[2J\u{7}\u{202e}evil\u{200b}\u{2066}\u{feff}\nERROR forged\u{9b}31m";

fn hostile_table() -> Table {
    let mut table = table();
    table.lines[0].name = HOSTILE.into();
    table.agents[0].name = HOSTILE.into();
    table.rules = vec![rule("All", None, "reception")];
    table.rules[0].name = HOSTILE.into();
    table.rules[0].note = HOSTILE.into();
    table
}

fn put(home: &Path) {
    fs::write(home.join("routing.json"), serde_json::to_vec(&hostile_table()).unwrap()).unwrap();
}

fn hostile_call(url: &str) {
    let call = json!({
        "event": "call_inbound",
        "call_inbound": {
            "call_id": HOSTILE,
            "from_number": format!("sip:{HOSTILE}"),
            "to_number": "+12137771235",
            "custom_sip_headers": { HOSTILE: HOSTILE },
        },
    });
    let body = call.to_string();
    let at = Clock::system().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), at);
    assert_eq!(post(url, &body, Some(&signed)).0, 200);
    assert_eq!(post(url, HOSTILE, Some(&signed)).0, 401);
}

/// What is told, whether or not it can be seen, that could pose as something else. Line ends are the
/// window's own where they stand in what spans lines.
fn unsafe_parts(whole: &Whole) -> Vec<String> {
    let nodes = whole.harness.query_all_by(|_| true);
    // What is typed into a field is shown as it is, to whoever typed it.
    let told = nodes.filter(|node| node.accesskit_node().role() != Role::TextInput);
    let told = told.flat_map(|node| {
        let node = node.accesskit_node();
        [node.label(), node.value(), node.description()]
    });
    let told = told.flatten().filter(|told| {
        let told = told.replace('\n', " ");
        told != safe_text(&told)
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told.dedup();
    told
}

#[test]
fn no_screen_shows_anything_of_it() {
    let home = tempfile::tempdir().unwrap();
    put(home.path());
    let mut whole = Whole::start(home.path(), "127.0.0.1:0", [1400.0, 900.0], Theme::Light);
    whole.program.engine().set_keys(vec![ApiKey::new(KEY)]);
    hostile_call(&whole.url());
    whole.until("the call", |state| state.total_calls == 1);
    let mut found = Vec::new();
    for place in Place::ALL {
        whole.go(place.title());
        if place == Place::Calls {
            whole.until("all calls", |state| state.found.len() as u64 == state.total_calls);
        }
        found.extend(unsafe_parts(&whole).into_iter().map(|told| (place.title(), told)));
        let rows: Vec<_> =
            whole.harness.query_all_by_label_contains("Anna").map(|node| node.rect()).collect();
        for (number, row) in rows.into_iter().take(8).enumerate() {
            whole.harness.hover_at(row.center());
            whole.harness.run_steps(3);
            let hovered = unsafe_parts(&whole);
            found.extend(hovered.into_iter().map(|told| (place.title(), told)));
            if number == 0 {
                let pressed = whole.harness.query_all_by_label_contains("Anna").next();
                if let Some(row) = pressed {
                    row.click();
                }
                whole.harness.run_steps(4);
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{found:#?}");
    whole.stop();
}

#[test]
fn no_line_of_the_log_and_of_the_terminal_carries_any_of_it() {
    let home = tempfile::tempdir().unwrap();
    put(home.path());
    let mut serving = serving::Serving::of(
        serving::serve(home.path()).env("RETELL_API_KEY", KEY).env("RUST_LOG", "trace,hyper=off"),
    );
    hostile_call(&format!("http://{}/webhook/inbound", serving.addr));
    assert!(serving.stop().success());
    let mut told = vec![serving.said.join("\n")];
    for file in fs::read_dir(home.path().join("logs")).unwrap() {
        told.push(fs::read_to_string(file.unwrap().path()).unwrap());
    }
    let commands: [&[&str]; 4] =
        [&["log"], &["check"], &["status"], &["route", "--from", "+12137770000", "--to", "+12137771235"]];
    for arguments in commands {
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
        let output = command.arg("--home").arg(home.path()).args(arguments).output().unwrap();
        assert!(!output.stdout.is_empty(), "{arguments:?}");
        told.push(String::from_utf8(output.stdout).unwrap());
        told.push(String::from_utf8(output.stderr).unwrap());
    }
    for told in told {
        for line in told.lines() {
            assert_eq!(line, safe_text(line));
            assert!(!line.starts_with("ERROR forged"), "{told}");
        }
    }
}
