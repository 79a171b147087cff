//! The test bench behind the window: what is taken as known, people who are found, calls that are
//! kept by name.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use support::{Running, payload, rule, table};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{By, Call, Caller, Table, Value};
use switchboard::service::Clock;
use switchboard::service::messages::{
    Bench, BenchEvent, BurstPart, BurstWish, Command, Event, FilesPart, Knowing, Source, Trial, TriedDecision,
};
use switchboard::storage::call_log::Summary;
use switchboard::storage::{Preset, Secret};

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
    let table = Arc::new(with_customers(home.path()));
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

/// A folder with requests in every form, and with what is no request.
fn folder_of_requests() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let call = |from: &str| support::payload(from, "+12137771235", "call_file");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("a.json", &call("+12137771234"));
    write("b.jsonl", &format!("{}\n{{half\n{}\n", call("+4930901820"), call("+12137771234")));
    write("c.sh", "curl https://example.com/webhook/inbound --data-binary @a.json\n");
    let har = json!({"log": {"entries": [{"request": {"url": "https://x.example/webhook/inbound",
        "postData": {"text": call("+12137771234")}}}]}});
    write("d.har", &har.to_string());
    std::fs::write(folder.path().join("e.png"), b"\x89PNG\r\n\x1a\n\0\xff").unwrap();
    write("f.txt", &"[".repeat(200_000));
    write("g.json", "");
    folder
}

#[test]
fn requests_in_files_are_decided_and_each_that_cannot_be_is_told() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(with_customers(home.path()));
    let folder = folder_of_requests();
    let gone = folder.path().join("gone.json");
    running.ask(Command::Bench(Box::new(Bench::TryFiles {
        run: 7,
        paths: vec![folder.path().to_owned(), gone],
        draft: None,
        asks_nobody: false,
    })));
    let rows = running.hear(|event| match event {
        Event::Bench(BenchEvent::Files(part)) if part.run == 7 && part.is_done => Some(part.rows),
        _ => None,
    });
    let told: Vec<(String, String)> = rows
        .iter()
        .map(|row| {
            let words = match &row.result {
                Ok(outcome) => outcome.effect.clone(),
                Err(why) => why.clone(),
            };
            (row.place.clone(), words)
        })
        .collect();
    let known = "Retell will connect VIP desk";
    for (place, part) in [
        ("a.json", known),
        ("b.jsonl, line 1", "no agent of its own"),
        ("b.jsonl, line 2", "not valid JSON"),
        ("b.jsonl, line 3", known),
        ("c.sh", known),
        ("d.har", known),
        ("e.png", "no text"),
        ("f.txt", "hundred deep"),
        ("g.json", "empty"),
        ("gone.json", "not there"),
    ] {
        let (_, words) =
            told.iter().find(|(at, _)| at == place).unwrap_or_else(|| panic!("{place}: {told:?}"));
        assert!(words.contains(part), "{place}: {words}");
    }
    assert_eq!(told.len(), 10);
    running.stop();
}

/// All that is told of these files, part by part.
fn parts_of(running: &Running, run: u64, paths: Vec<PathBuf>, draft: Option<Table>) -> Vec<FilesPart> {
    let draft = draft.map(Arc::new);
    running.ask(Command::Bench(Box::new(Bench::TryFiles { run, paths, draft, asks_nobody: true })));
    let mut parts = vec![part_of(running, run)];
    while !parts[parts.len() - 1].is_done {
        parts.push(part_of(running, run));
    }
    parts
}

fn part_of(running: &Running, run: u64) -> FilesPart {
    running.hear(|event| match event {
        Event::Bench(BenchEvent::Files(part)) if part.run == run => Some(part),
        _ => None,
    })
}

#[test]
fn files_are_told_of_before_they_are_read_and_it_is_said_why_none_were_tried() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(table());
    let folder = tempfile::tempdir().unwrap();
    let call =
        json!({ "from_number": "+12137771234", "to_number": "+12137771235", "note": "x".repeat(70_000) });
    let large = json!({ "event": "call_inbound", "call_inbound": call }).to_string();
    std::fs::write(folder.path().join("large.json"), large).unwrap();
    let paths = vec![folder.path().to_owned()];

    let parts = parts_of(&running, 1, paths.clone(), None);
    let (first, last) = (&parts[0], &parts[parts.len() - 1]);
    assert!(first.rows.is_empty() && first.total.is_none() && !first.is_done, "{first:?}");
    assert_eq!((last.total, last.rows.len(), &last.why_not), (Some(1), 1, &None));
    let why = last.rows[0].result.as_ref().unwrap_err();
    assert!(why.contains("larger than 64 KB"), "{why}");
    assert!(last.rows[0].body.is_empty(), "it is not held");

    let mut undecided = table();
    undecided.rules.push(rule("Broken", None, "nobody"));
    let parts = parts_of(&running, 2, paths, Some(undecided));
    let last = &parts[parts.len() - 1];
    let why = last.why_not.as_ref().unwrap();
    assert!(last.rows.is_empty() && why.contains("The draft cannot decide calls yet: "), "{why}");
    running.stop();
}

/// A file that is read for as long as somebody writes into it.
#[cfg(unix)]
fn pipe(at: &std::path::Path) {
    assert!(std::process::Command::new("mkfifo").arg(at).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn reading_files_ends_when_it_is_stopped() {
    use std::io::Write;

    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let folder = tempfile::tempdir().unwrap();
    let (slow, next) = (folder.path().join("slow.json"), folder.path().join("next.json"));
    let call = support::payload("+12137771234", "+12137771235", "call_file");
    pipe(&slow);
    std::fs::write(&next, &call).unwrap();
    let paths = vec![slow.clone(), next];
    running.ask(Command::Bench(Box::new(Bench::TryFiles { run: 4, paths, draft: None, asks_nobody: true })));
    let first = part_of(&running, 4);
    assert!(first.rows.is_empty() && !first.is_done, "{first:?}");
    // Waits until it is being read.
    let mut written = std::fs::OpenOptions::new().write(true).open(&slow).unwrap();
    running.ask(Command::Bench(Box::new(Bench::Stop)));
    // What is asked is done in its order.
    bench(&running, Bench::SavePresets(Vec::new()), |event| {
        matches!(event, BenchEvent::Presets(_)).then_some(())
    });
    written.write_all(call.as_bytes()).unwrap();
    drop(written);
    let last = part_of(&running, 4);
    assert!(last.is_done && last.rows.is_empty(), "{last:?}");
    assert!(last.why_not.as_ref().unwrap().contains("stopped while the files were read"), "{last:?}");

    // In a folder nobody waits for such a file.
    let parts = parts_of(&running, 5, vec![folder.path().to_owned()], None);
    let rows = &parts[parts.len() - 1].rows;
    assert!(rows.len() == 1 && rows[0].place == "next.json", "{rows:?}");
    running.stop();
}

#[test]
fn who_sends_always_hears_what_came_of_it() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let body = support::payload("+12137771234", "+12137771235", "call_unsent");
    let why_not = |is_public: bool| {
        running.hear(|event| match event {
            Event::FrontDoor(sent) if sent.is_public == is_public && sent.body == body => {
                Some(sent.result.unwrap_err())
            }
            _ => None,
        })
    };
    running.ask(Command::SendPublic(body.clone()));
    let why = why_not(true);
    assert!(why.contains("do not arrive through a public address"), "{why}");
    running.ask(Command::SetKey(String::new()));
    running.hear(|event| matches!(event, Event::Keys(keys) if keys.current.is_none()).then_some(()));
    running.ask(Command::SendSigned(body.clone()));
    let why = why_not(false);
    assert!(why.contains("needs an API key"), "{why}");

    let wish = BurstWish { run: 5, calls: 3, callers: 1, at_once: 1, to: "+12137771235".into() };
    let part = bench(&running, Bench::Burst(wish), |event| match event {
        BenchEvent::Burst(part) => Some(part),
        _ => None,
    });
    assert!(part.is_done && part.total == 3 && part.failed.len() == 3, "{part:?}");
    assert!(part.failed[0].contains("needs an API key"), "{part:?}");
    running.stop();
}

#[test]
fn the_command_line_tries_files_and_says_by_its_exit_code_whether_all_were_read() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(with_customers(home.path()));
    running.stop();
    let folder = folder_of_requests();
    let run = |files: &[&str], more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"));
        command.env_remove("RETELL_API_KEY").arg("--home").arg(home.path()).arg("try").args(more);
        let output = command.args(files.iter().map(|file| folder.path().join(file))).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = run(&["a.json", "c.sh"], &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("a.json: Retell will connect VIP desk, by rule “Known”"), "{text}");
    let (code, text) = run(&["b.jsonl"], &["--json", "--ask-nobody"]);
    assert_eq!(code, Some(1), "one line is broken");
    let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2]["by"], "fallback", "the file of customers was not asked");
    assert!(rows[1]["error"].as_str().unwrap().contains("not valid JSON"));
}

#[test]
fn a_signature_is_looked_into_with_the_pasted_key_and_those_that_are_set() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let body = support::payload("+12137771234", "+12137771235", "call_sign");
    let now = Clock::system().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new(support::KEY), body.as_bytes(), now);
    let look = |body: &str, key: Option<&str>| {
        let key = key.and_then(Secret::new);
        let wanted = Bench::CheckSignature { header: signed.clone(), body: body.into(), key };
        bench(&running, wanted, |event| match event {
            BenchEvent::Signature(found) => Some(found),
            _ => None,
        })
    };
    let right = look(&body, None);
    assert!(right.fits && right.details[0].contains("the key in Settings"), "{right:?}");
    let other = look(&body, Some("key_of_another_workspace"));
    assert!(other.details.iter().any(|words| words == "The pasted key did not sign it"), "{other:?}");
    let changed = look(&format!("{body}\n"), None);
    assert!(!changed.fits && changed.title.contains("added around"), "{changed:?}");
    running.stop();
    for file in walk(home.path()) {
        let bytes = std::fs::read(&file).unwrap();
        let key = b"key_of_another_workspace";
        assert!(!bytes.windows(key.len()).any(|part| part == key), "kept in {}", file.display());
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_burst_is_answered_in_full_and_logged_as_tests_that_count_nowhere() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    running.publish(table());
    let wish = BurstWish { run: 3, calls: 60, callers: 7, at_once: 8, to: "+12137771235".into() };
    running.ask(Command::Bench(Box::new(Bench::Burst(wish))));
    let (mut took, mut failed, mut done) = (Vec::new(), Vec::new(), false);
    let mut callers = std::collections::BTreeSet::new();
    let mut calls = 0;
    while !done || calls < 60 {
        running
            .hear(|event| match event {
                Event::Bench(BenchEvent::Burst(part)) => Some(Heard::Part(part)),
                Event::Call(call) => Some(Heard::Call(Box::new(call))),
                _ => None,
            })
            .apply(&mut took, &mut failed, &mut done, &mut calls, &mut callers);
    }
    assert_eq!((took.len(), failed), (60, Vec::<String>::new()));
    assert_eq!(callers.len(), 7);
    running.stop();
}

enum Heard {
    Part(BurstPart),
    Call(Box<Summary>),
}

impl Heard {
    fn apply(
        self,
        took: &mut Vec<u64>,
        failed: &mut Vec<String>,
        done: &mut bool,
        calls: &mut usize,
        callers: &mut std::collections::BTreeSet<Option<String>>,
    ) {
        match self {
            Self::Part(part) => {
                took.extend(part.took_us);
                failed.extend(part.failed);
                *done |= part.is_done;
            }
            Self::Call(call) => {
                assert!(call.is_test, "{call:?}");
                *calls += 1;
                callers.insert(call.from.clone());
            }
        }
    }
}

#[test]
fn a_call_copied_as_a_command_comes_as_a_new_one() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    let publish = |agent: &str| {
        let mut table = table();
        table.rules = vec![rule("All", None, agent)];
        running.publish(table);
    };
    publish("vip");
    let body = payload("+12137771234", "+12137771235", "call_1");
    assert!(running.call(&body).1.contains("agent_vip"));
    publish("reception");
    running.ask(Command::AsCurl(body));
    let command = running.hear(|event| if let Event::ToCopy(command) = event { Some(command) } else { None });
    let after = |mark: &str| command.split_once(mark).unwrap().1.split('\'').next().unwrap();
    let answer = running.post(after("--data-raw '"), Some(after("x-retell-signature: ")));
    assert!(answer.1.contains("agent_reception"), "{answer:?}");
    running.stop();
    let mut told: Vec<_> = support::logged(home.path())
        .iter()
        .map(|record| (record.summary.is_test, record.summary.attempts))
        .collect();
    told.sort_unstable();
    assert_eq!(told, [(false, 1), (true, 1)]);
}
