//! Writing a plugin on the command line, with the real program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::path::Path;
use std::process::Command;

use serde_json::json;
use support::{rule, table};

/// Exit code and all that was printed.
fn plugin(args: &[&str], folder: &Path) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    let output = command.arg("plugin").args(args).arg(folder).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn a_new_plugin_works_at_once_and_mistakes_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("good_friends");
    let (code, said) = plugin(&["new"], &made);
    assert!(code == 0 && said.contains("switchboard plugin test"), "{said}");
    let (code, said) = plugin(&["check"], &made);
    assert!(code == 0 && said.contains("gives good_friends.friend: Is a friend"), "{said}");
    assert!(said.contains("keeps contract 1, asked in 4 ways"), "{said}");
    let (code, said) = plugin(&["test"], &made);
    assert!(code == 0 && said.contains("ok      a friend") && said.contains("An ask takes"), "{said}");

    let (code, said) = plugin(&["new"], &made);
    assert!(code == 1 && said.contains("there is something already"), "{said}");
    let (code, said) = plugin(&["new"], &folder.path().join("My-Plugin"));
    assert!(code == 1 && said.contains("use a-z, 0-9 and _"), "{said}");

    let script = made.join("plugin.js");
    std::fs::write(&script, "export function facts() { return { 'good_friends.friend': true }; }").unwrap();
    let (code, said) = plugin(&["test"], &made);
    let failed = "failed  somebody else: good_friends.friend is true, and should be false";
    assert!(code == 1 && said.contains(failed), "{said}");
    std::fs::write(&script, "export function facts() { return { 'good_friends.friend': 1 }; }").unwrap();
    let (code, said) = plugin(&["check"], &made);
    assert!(
        code == 1 && said.contains("does not keep contract 1; a call: “good_friends.friend” is a number"),
        "{said}"
    );
    for (slip, told) in [
        ("function facts() {}", "it has no “export function facts”"),
        ("export function facts(call) { return { x: call.from.length }; }", "TypeError"),
        ("export function facts() { return nonsense; }", "ReferenceError"),
    ] {
        std::fs::write(&script, slip).unwrap();
        let (code, said) = plugin(&["check"], &made);
        assert!(code == 1 && said.contains(told), "{slip}: {said}");
    }
    std::fs::write(&script, "export function facts() {").unwrap();
    let (code, said) = plugin(&["check"], &made);
    assert!(code == 1 && said.contains("SyntaxError") && said.contains("plugin.js:1"), "{said}");
    let (code, said) = plugin(&["check"], &folder.path().join("nowhere"));
    assert!(code == 1 && said.contains("plugin.toml cannot be read"), "{said}");
}

#[test]
fn a_new_plugin_in_c_works_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("half_of_them");
    let (code, said) = plugin(&["new", "--wasm"], &made);
    assert!(code == 0 && said.contains("build.sh"), "{said}");
    let (code, said) = plugin(&["check"], &made);
    assert!(code == 0 && said.contains("gives group.letter: Caller's group"), "{said}");
    let (code, said) = plugin(&["test"], &made);
    assert!(code == 0 && said.contains("ok      one of two groups"), "{said}");
}

/// Exit code and all that was printed, with a home.
fn switchboard(home: &Path, args: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    let output = command.arg("--home").arg(home).env_remove("SWITCHBOARD_HOME").args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn a_plugin_is_added_and_allowed_and_asked_by_every_command_that_decides() {
    let home = tempfile::tempdir().unwrap();
    let made = home.path().join("from").join("good_friends");
    assert_eq!(plugin(&["new"], &made).0, 0);
    let says = |args: &[&str], code: i32, parts: &[&str]| {
        let (ended, said) = switchboard(home.path(), args);
        assert_eq!(ended, code, "{args:?}\n{said}");
        for part in parts {
            assert!(said.contains(part), "{args:?}: {part}\n{said}");
        }
    };
    let mut table = table();
    let test = ("fact.compare", json!({ "fact": "good_friends.friend", "is": "yes" }));
    table.rules = vec![rule("Friends", Some(test), "vip")];
    let file = home.path().join("table.json");
    std::fs::write(&file, serde_json::to_string(&table).unwrap()).unwrap();
    let file = file.to_str().unwrap();
    let friend = "+14155552671";
    let route = ["route", "--from", friend, "--to", "+12137771235", "--table", file];

    says(&["plugin", "list"], 0, &["No plugin was added"]);
    says(&route, 0, &["by the fallback"]);
    says(
        &["plugin", "install", made.to_str().unwrap()],
        0,
        &["was added", "switchboard plugin allow good_friends"],
    );
    says(&["plugin", "list"], 0, &["good_friends", "waits to be allowed"]);
    says(&["plugin", "allow", "../evil"], 1, &["no plugin “../evil” was added"]);
    says(&["plugin", "allow", "nobody"], 1, &["no plugin “nobody” was added"]);
    says(&["plugin", "allow", "good_friends"], 0, &["is allowed", "who calls"]);
    says(&["plugin", "list"], 0, &["good_friends", ", on"]);
    says(&["check", file], 0, &["No problems"]);
    says(&route, 0, &["by rule “Friends”"]);
    says(
        &["route", "--from", "+14155550000", "--to", "+12137771235", "--table", file],
        0,
        &["by the fallback"],
    );

    // An update that asks for nothing new goes on as it was.
    says(&["plugin", "install", made.to_str().unwrap()], 0, &["is updated, with the settings it had"]);
    says(&route, 0, &["by rule “Friends”"]);

    // What it was told goes with it, and nothing of others.
    let secrets = json!({ "format": 1, "named": { "plugin good_friends token": "a", "plugin good_friends_2 token": "b" } });
    std::fs::write(home.path().join("secrets.json"), secrets.to_string()).unwrap();
    says(&["plugin", "remove", "nobody"], 1, &["no plugin “nobody” was added"]);
    says(&["plugin", "remove", "../from"], 1, &["no plugin “../from” was added"]);
    says(&["plugin", "remove", "good_friends"], 0, &["is removed", "its folder is kept"]);
    says(&["plugin", "list"], 0, &["No plugin was added"]);
    says(&route, 0, &["by the fallback"]);
    let kept = |file: &str| std::fs::read_to_string(home.path().join(file)).unwrap();
    assert!(!kept("plugins.json").contains("good_friends"));
    assert!(
        kept("secrets.json").contains("good_friends_2 token")
            && !kept("secrets.json").contains("good_friends token")
    );
}
