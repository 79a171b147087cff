//! Writing a plugin on the command line, with the real program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;

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
    std::fs::write(&script, "export function facts() {").unwrap();
    let (code, said) = plugin(&["check"], &made);
    assert!(code == 1 && said.contains("SyntaxError") && said.contains("plugin.js:1"), "{said}");
    let (code, said) = plugin(&["check"], &folder.path().join("nowhere"));
    assert!(code == 1 && said.contains("plugin.toml cannot be read"), "{said}");
}
