//! Secrets and people's numbers are found nowhere but where they belong.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::load::now_ms;
use crate::program::{payload, rule, table};
use crate::serving::{Serving, serve};
use crate::{put_table, runtime, wire};

const KEY: &str = "key_canary_5e1f0c9a7b3d";
const NUMBER: &str = "12135550199";

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The files below a folder that hold this.
fn holding(folder: &Path, text: &str) -> Vec<String> {
    let holds =
        |file: &PathBuf| fs::read(file).unwrap().windows(text.len()).any(|part| part == text.as_bytes());
    let name = |file: PathBuf| file.file_name().unwrap().to_string_lossy().into_owned();
    files(folder).into_iter().filter(holds).map(name).collect()
}

#[test]
fn the_key_is_in_no_file_and_a_caller_only_in_the_log_of_calls() {
    let home = tempfile::tempdir().unwrap();
    let mut table = table();
    table.rules = vec![rule("All", None, "vip")];
    put_table(home.path(), &table);
    let mut serving = Serving::start(home.path(), KEY);
    let call = payload(&format!("+{NUMBER}"), "+12137771235", "call_canary");
    let requests = [
        wire::signed(KEY, &call, now_ms()),
        // Refused: another key, a clock that is off, no signature, and not a call.
        wire::signed("key_other", &call, now_ms()),
        wire::signed(KEY, &call, now_ms() - 600_000),
        wire::post(call.as_bytes(), ""),
        wire::signed(KEY, &format!("no call from {NUMBER}"), now_ms()),
    ];
    let statuses = requests.map(|request| runtime().block_on(wire::send(serving.addr, &request)).status);
    assert_eq!(statuses, [200, 401, 401, 401, 200]);
    if let Ok(words) = fs::read_to_string(format!("/proc/{}/cmdline", serving.id())) {
        assert!(!words.contains(KEY), "in the list of processes");
    }
    assert!(serving.stop().success());
    assert_eq!(holding(home.path(), KEY), Vec::<String>::new());
    let held_by = holding(home.path(), NUMBER);
    assert!(held_by.iter().any(|name| name.starts_with("calls.sqlite3")), "{held_by:?}");
    assert!(held_by.iter().all(|name| name.contains(".sqlite3")), "{held_by:?}");
    let said = serving.said.join("\n");
    assert!(!said.contains(KEY) && !said.contains(NUMBER), "{said}");
}

#[test]
fn the_address_of_a_watcher_is_kept_and_said_nowhere_else() {
    let home = tempfile::tempdir().unwrap();
    put_table(home.path(), &table());
    let address = "http://127.0.0.1:9/ping/canary-4c1e";
    let secrets = json!({ "format": 1, "named": { "heartbeat.address": address } });
    fs::write(home.path().join("secrets.json"), secrets.to_string()).unwrap();
    let mut serving = Serving::of(serve(home.path()).env("RETELL_API_KEY", KEY).env("RUST_LOG", "debug"));
    serving.hear("The outside watcher could not be told");
    let report = home.path().join("report.zip");
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    let saved = command.arg("--home").arg(home.path()).arg("diagnostics").arg(&report).output().unwrap();
    assert!(saved.status.success(), "{saved:?}");
    assert!(serving.stop().success());
    let mut zip = zip::ZipArchive::new(fs::File::open(&report).unwrap()).unwrap();
    for index in 0..zip.len() {
        let mut text = String::new();
        zip.by_index(index).unwrap().read_to_string(&mut text).unwrap();
        assert!(!text.contains("canary"), "{text}");
    }
    assert_eq!(holding(home.path(), "canary-4c1e"), ["secrets.json"]);
    assert!(!serving.said.join("\n").contains("canary"), "{:?}", serving.said);
}
