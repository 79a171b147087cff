//! What an owner without a window does: publishes the draft, sets the key, tells plugins what they have to
//! know, edits files by hand. With the real program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
#[path = "support/serving.rs"]
mod serving;

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use program::{KEY, PATIENCE, Running, payload, post, rule, table};
use serde_json::{Value, json};
use serving::{Serving, guarded};
use switchboard::plugins::{CompileContext, Registry};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{Action, Table};
use switchboard::service::Clock;
use switchboard::service::messages::Event;

/// What `publish` says, and its exit code.
fn publish(home: &Path, words: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.env_remove("SWITCHBOARD_HOME").env_remove("RETELL_API_KEY").stdin(Stdio::null());
    let told = command.arg("--home").arg(home).arg("publish").args(words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (told.status.code().unwrap(), text(told.stdout), text(told.stderr))
}

fn with_rule(name: &str) -> Table {
    let mut table = table();
    table.rules = vec![rule(name, None, "vip")];
    table
}

/// Writes the draft as an owner lays it out.
fn write(home: &Path, table: &Table) -> String {
    let text = serde_json::to_string(table).unwrap() + "\n\n";
    std::fs::write(home.join("routing.json"), &text).unwrap();
    text
}

fn version(home: &Path, number: u32) -> Value {
    let file = home.join(format!("versions/{number:06}.json"));
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

#[test]
fn the_running_program_says_that_the_draft_differs_and_publishes_it() {
    let home = tempfile::tempdir().unwrap();
    let mut serving = Serving::of(guarded(home.path()).env("RETELL_API_KEY", KEY));
    let text = write(home.path(), &with_rule("Everyone"));
    let said = serving.hear("The draft differs from version 1");
    assert!(said.contains("switchboard publish"), "{said}");

    let (code, out, err) = publish(home.path(), &[]);
    assert_eq!(code, 1, "nobody can be asked: {out}{err}");
    assert!(err.contains("add --yes"), "{err}");
    let (code, out, err) = publish(home.path(), &["--yes", "--note", "By hand"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("From version 1 (live) to the draft:") && out.contains("“Everyone”"), "{out}");
    assert!(out.ends_with("Version 2 is live\n"), "{out}");
    assert_eq!(version(home.path(), 2)["note"], "By hand");
    let draft = std::fs::read_to_string(home.path().join("routing.json")).unwrap();
    assert_eq!(draft, text, "its layout stays");

    let (code, out, _) = publish(home.path(), &["--yes"]);
    assert_eq!(code, 0);
    assert!(out.contains("the same as version 2 (live); there is nothing to publish"), "{out}");
    std::fs::write(home.path().join("routing.json"), "{").unwrap();
    serving.hear("cannot be read, so the one before stays");
    assert!(serving.stop().success());
}

#[test]
fn a_window_that_is_open_sees_what_was_published_beside_it() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    write(home.path(), &with_rule("Everyone"));
    assert_eq!(publish(home.path(), &["--yes"]).0, 0);
    running.hear(|event| matches!(event, Event::DraftReplaced { .. }).then_some(()));
    let live = running.hear(|event| if let Event::Published(live) = event { Some(live) } else { None });
    assert_eq!((live.version, live.table.rules[0].name.as_str()), (2, "Everyone"));
    running.stop();
}

#[test]
fn what_the_window_refuses_is_refused_in_its_words_and_a_reason_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let mut broken = with_rule("Everyone");
    broken.rules[0].then.action = Action::Connect { agent: "gone".into(), version: None };
    write(home.path(), &broken);
    let (code, out, err) = publish(home.path(), &["--yes"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("Nothing was published. 1 thing has to be put right first"), "{err}");
    assert!(out.contains("routing.json:1: Rule “Everyone”"), "{out}");
    let mut failing = table();
    let test = json!({ "id": "t", "name": "Kept", "from": "withheld", "to": "main",
        "at": "2026-11-25T10:00", "expect": { "outcome": "reject" } });
    failing.test_cases = vec![serde_json::from_value(test).unwrap()];
    write(home.path(), &failing);
    let (code, out, err) = publish(home.path(), &["--yes"]);
    assert_eq!(code, 1, "{out}{err}");
    for words in ["Nothing was published. 1 test fails (“Kept”). Put that right, or", "--despite"] {
        assert!(err.contains(words), "{words}: {err}");
    }
    assert!(out.contains("test: “Kept” fails"), "{out}");
    let (code, out, err) = publish(home.path(), &["--yes", "--despite", "Agreed with Ann"]);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(version(home.path(), 2)["failing"]["reason"], "Agreed with Ann");
    running.stop();
}

#[test]
fn where_none_runs_the_next_start_answers_by_it() {
    let home = tempfile::tempdir().unwrap();
    let (code, _, err) = publish(home.path(), &["--yes"]);
    assert_eq!(code, 1);
    assert!(err.contains("routing.json"), "{err}");
    for (number, name) in [(1, "First"), (2, "Second")] {
        let text = write(home.path(), &with_rule(name));
        let (code, out, err) = publish(home.path(), &["--yes"]);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains(&format!("Version {number} is published; Switchboard is not running")), "{out}");
        assert_eq!(version(home.path(), number)["table"]["rules"][0]["name"], name);
        assert_eq!(std::fs::read_to_string(home.path().join("routing.json")).unwrap(), text);
    }
    let running = Running::start(home.path());
    assert_eq!(running.program.engine().live().version, 2);
    running.stop();
}

/// Says something to a command on its standard input.
fn say_to(home: &Path, words: &[&str], input: &str) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.env_remove("SWITCHBOARD_HOME").env_remove("RETELL_API_KEY").arg("--home").arg(home).args(words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let told = child.wait_with_output().unwrap();
    let said = [told.stdout, told.stderr].concat();
    (told.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn says(home: &Path, words: &[&str], input: &str, code: i32, parts: &[&str]) -> String {
    let (ended, said) = say_to(home, words, input);
    assert_eq!(ended, code, "{words:?}\n{said}");
    for part in parts {
        assert!(said.contains(part), "{words:?}: {part}\n{said}");
    }
    said
}

const OTHER: &str = "key_fedcba9876543210fedcba98765432";

/// How a call that is signed with this key is answered.
fn status_of(addr: SocketAddr, key: &str) -> u16 {
    let body = payload("+12137770177", "+12137771235", &format!("call_{key}"));
    let at = Clock::system().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new(key), body.as_bytes(), at);
    post(&format!("http://{addr}/webhook/inbound"), &body, Some(&signed)).0
}

#[test]
fn a_key_counts_at_once_and_the_one_before_until_it_is_forgotten() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    says(folder, &["key", "set"], "  \n", 1, &["no API key on standard input"]);
    says(folder, &["key", "set"], "key_one\nkey_two\n", 1, &["send the API key alone"]);
    says(folder, &["key", "set", KEY], "", 2, &["unexpected argument"]);
    let said = says(folder, &["key", "set"], &format!("{KEY}\n"), 0, &["as soon as it does"]);
    assert!(!said.contains(KEY), "{said}");
    let mut serving = Serving::of(&mut guarded(folder));
    let addr = serving.addr;
    assert_eq!((status_of(addr, KEY), status_of(addr, OTHER)), (200, 401));
    says(folder, &["key", "set"], OTHER, 0, &["the one before is still accepted", "counts from now on"]);
    assert_eq!((status_of(addr, KEY), status_of(addr, OTHER)), (200, 200));
    let shown = says(folder, &["key", "show"], "", 0, &["5432", "still accepted"]);
    assert!(!shown.contains("fedc"), "{shown}");
    says(folder, &["key", "forget"], "", 0, &["Only the current key"]);
    assert_eq!((status_of(addr, KEY), status_of(addr, OTHER)), (401, 200));
    says(folder, &["key", "forget"], "", 1, &["no key before"]);
    says(folder, &["key", "set"], "odd", 0, &["begin with key_"]);
    says(folder, &["key", "forget", "--all"], "", 0, &["every call is refused"]);
    assert_eq!((status_of(addr, OTHER), status_of(addr, "odd")), (401, 401));
    assert!(serving.stop().success());
}

#[test]
fn a_key_of_the_environment_is_not_changed_behind_its_back() {
    let home = tempfile::tempdir().unwrap();
    let mut serving = Serving::start(home.path(), KEY);
    says(home.path(), &["key", "set"], OTHER, 1, &["Nothing was changed", "RETELL_API_KEY"]);
    assert_eq!((status_of(serving.addr, KEY), status_of(serving.addr, OTHER)), (200, 401));
    assert!(!home.path().join("secrets.json").exists());
    assert!(serving.stop().success());
}

const MANIFEST: &str = r#"
id = "desk"
name = "Help desk"
version = "1.0.0"
contract = 1
summary = "Asks the help desk who calls"
run = "plugin.js"
offers = ["facts"]
[settings.server]
type = "url"
title = "Server"
help = "Where the desk is"
required = true
[settings.token]
type = "secret"
title = "Token"
required = true
[settings.tags]
type = "list"
title = "Tags"
[settings.most]
type = "number"
title = "Most"
max = 9
[facts."desk.known"]
type = "yesno"
title = "Is known at the desk"
example = "yes"
"#;

fn put_plugin(home: &Path, manifest: &str) {
    let folder = home.join("plugins/desk");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("plugin.js"), "export function facts() { return {}; }").unwrap();
    std::fs::write(folder.join("plugin.toml"), manifest).unwrap();
}

/// Asks until it is as it must be: a running program follows within a second or two.
fn until(home: &Path, words: &[&str], parts: &[&str]) {
    let until = Instant::now() + PATIENCE;
    loop {
        let (_, said) = say_to(home, words, "");
        if parts.iter().all(|part| said.contains(part)) {
            return;
        }
        assert!(Instant::now() < until, "{words:?}: {parts:?}\n{said}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_plugin_is_told_what_it_has_to_know_and_says_how_it_is_doing() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    put_plugin(folder, MANIFEST);
    let mut serving = Serving::start(folder, KEY);
    until(folder, &["status"], &["Plugin Help desk: waits to be allowed", "switchboard plugin allow desk"]);
    says(folder, &["plugin", "allow", "desk"], "", 0, &[]);
    until(folder, &["status"], &["Help desk: not at work", "Server is needed", "plugin show desk"]);
    let set = |words: &[&str], input: &str, code: i32, parts: &[&str]| {
        says(folder, &[&["plugin", "set", "desk"], words].concat(), input, code, parts);
    };
    set(&["sever", "x"], "", 1, &["no field “sever”", "server, token"]);
    set(&["server", "x"], "", 1, &["Server is no address; write one like"]);
    set(&["most", "10"], "", 1, &["Most must be at most 9"]);
    set(&["server", "https://desk.example.com"], "", 0, &["Server is set", "Token is needed"]);
    set(&["token", "s3cret"], "", 1, &["give it on standard input"]);
    set(&["token"], "s3cret\n", 0, &["Token is set; it counts from now on"]);
    set(&["tags", "a", "b c"], "", 0, &["Tags is set"]);
    let shown = says(
        folder,
        &["plugin", "show", "desk"],
        "",
        0,
        &["Where the desk is", "https://desk.example.com", "a, b c", "kept, and never shown"],
    );
    assert!(!shown.contains("s3cret"), "{shown}");
    until(folder, &["plugin", "list"], &["desk: Help desk 1.0.0, at work"]);

    // What it was allowed goes on while the next one asks for more.
    let asks = MANIFEST.replace("1.0.0", "1.1.0") + "[allow]\nfetch = [\"https://desk.example.com/\"]\n";
    put_plugin(folder, &asks);
    let words = ["asks for other rights", "version 1.0.0 goes on as it was allowed", "version 1.1.0 waits"];
    until(folder, &["plugin", "list"], &words);
    until(folder, &["status"], &words);
    set(&["tags", "--clear"], "", 0, &["Tags is taken away"]);
    assert!(serving.stop().success());
    let text = std::fs::read_to_string(folder.join("plugins.json")).unwrap();
    assert!(text.contains("desk.example.com") && !text.contains("s3cret") && !text.contains("b c"), "{text}");
}

#[test]
fn the_form_of_a_table_is_told_and_its_mistakes_are_told_in_plain_words() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let example = says(folder, &["table", "example"], "", 0, &["\"Office hours\""]);
    let draft = folder.join("routing.json");
    std::fs::write(&draft, &example).unwrap();
    says(folder, &["check"], "", 0, &["No problems", "1 test passes"]);
    says(
        folder,
        &["table", "conditions"],
        "",
        0,
        &[
            "Opening hours",
            r#"{ "condition": "hours.open", "settings": { "schedule": "office" } }"#,
            "call.weekday",
        ],
    );
    for (slip, parts) in [
        (
            ("hours.open", "hour.open"),
            &["“hour.open” is not known here; is “hours.open” meant?", "switchboard table conditions"][..],
        ),
        (("\"zone\"", "\"zome\""), &["Line 4", "no field is called “zome” here; is “zone” meant?"]),
        (("\"format\": 1,", "\"format\": 1,,"), &["Line 2", "not valid JSON"]),
        (("\"reject\"", "\"regect\""), &["field rules[0].then.action", "is “reject” meant?"]),
        (("\"schedule\": \"office\"", "\"scedule\": \"office\""), &["is “schedule” meant?"]),
    ] {
        std::fs::write(&draft, example.replacen(slip.0, slip.1, 1)).unwrap();
        let (code, said) = say_to(folder, &["check"], "");
        assert_ne!(code, 0, "{slip:?}: {said}");
        for part in parts {
            assert!(said.contains(part), "{slip:?}: {part}\n{said}");
        }
    }
}

/// Whatever conditions there are, each is told with settings that it takes.
#[test]
fn the_example_of_each_condition_is_one_that_it_takes() {
    let home = tempfile::tempdir().unwrap();
    let registry = Registry::built_in();
    let mut table: Table =
        serde_json::from_str(&says(home.path(), &["table", "example"], "", 0, &[])).unwrap();
    let customers = json!({ "id": "customers", "name": "Customers", "plugin": "contacts",
        "settings": { "file": home.path().join("customers.csv") } });
    table.look_ups = vec![serde_json::from_value(customers).unwrap()];
    for entry in registry.conditions() {
        let settings = serde_json::from_str(&entry.info.example).unwrap();
        let taken = entry.kind.compile(&settings, CompileContext { table: &table, registry: &registry });
        assert!(taken.is_ok(), "{}: {:?}", entry.id(), taken.err());
    }
}

#[test]
fn settings_are_followed_and_broken_ones_change_nothing() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("settings.json");
    let mut command = guarded(home.path());
    let mut serving = Serving::of(command.env("RETELL_API_KEY", KEY).env("RUST_LOG", "info"));
    let events = format!("http://{}/webhook/events", serving.addr);
    assert_eq!(post(&events, "{}", None).0, 404);
    std::fs::write(&file, r#"{ "format": 1, "take_call_events": true }"#).unwrap();
    serving.hear("the settings were changed and count from now on");
    assert_eq!(post(&events, "{}", None).0, 401, "it is there now, for what is signed");
    let broken = "{ \"format\": 1,\n \"take_call_event\": false }";
    std::fs::write(&file, broken).unwrap();
    let said = serving.hear("so they stay as they were");
    assert!(said.contains("Line 2") && said.contains("is “take_call_events” meant?"), "{said}");
    assert_eq!(post(&events, "{}", None).0, 401);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), broken, "it stays its owner's");
    std::fs::write(&file, r#"{ "listen": "127.0.0.1:8799", "retell": "http://127.0.0.1:1/" }"#).unwrap();
    serving.hear("as the command line says; 127.0.0.1:8799 counts after a start without that");
    serving.hear("counts after a restart");
    assert!(serving.stop().success());
}

/// The system allows a socket about a hundred bytes of path.
#[cfg(unix)]
#[test]
fn a_folder_with_a_very_long_name_is_found_too() {
    use std::os::unix::fs::PermissionsExt;
    let top = tempfile::tempdir().unwrap();
    let home = top.path().join("a".repeat(120)).join("home");
    std::fs::create_dir_all(&home).unwrap();
    let mut serving = Serving::of(guarded(&home).env("RETELL_API_KEY", KEY));
    until(&home, &["status"], &["Answering calls on port"]);
    says(&home, &["serve"], "", 0, &["already running"]);
    let user = rustix::process::geteuid().as_raw();
    let places = [format!("/run/user/{user}"), std::env::temp_dir().display().to_string()];
    let folders = places.map(|place| Path::new(&place).join(format!("switchboard-{user}")));
    let folder = folders.iter().find(|folder| folder.exists()).unwrap();
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    says(&home, &["stop"], "", 0, &["has stopped"]);
    assert!(serving.ended().success());
    says(&home, &["status"], "", 0, &["not running"]);
}

/// The service runs as a user of its own, its administrator's commands as root: only root can show this.
#[cfg(unix)]
#[test]
fn what_root_writes_among_the_files_of_a_service_the_service_can_read() {
    use std::os::unix::fs::{MetadataExt, chown};
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    says(home.path(), &["key", "show"], "", 0, &["No key is kept"]);
    chown(home.path(), Some(12345), Some(12345)).unwrap();
    says(home.path(), &["key", "set"], KEY, 0, &["The key is set"]);
    let info = home.path().join("secrets.json").metadata().unwrap();
    assert_eq!((info.uid(), info.gid(), info.mode() & 0o777), (12345, 12345, 0o600));
}
