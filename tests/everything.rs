//! One table that uses everything that rules can say: it comes out of saving, exporting and
//! importing as it went in, and the window, the command line and the wire decide alike by it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use support::{KEY, hear, post};
use switchboard::program::{Link, Options, Program};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{Call, Caller, Medium, Table};
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event, Serving, Trial};
use switchboard::storage::Home;

/// The table, in which `CONTACTS` stands for a file and `URL` for a server.
const TABLE: &str = include_str!("data/everything.json");
const CONTACTS: &str = "Name;Phone;Tier;Orders\nAnn;(415) 555-2671;gold;7\nBob;+49 151 23456789;silver;2\n\
                        Cem;415-555-0777;gold;x\n";
/// Calls that are decided on all three ways. The command line is a program started anew for each,
/// so it is asked only about some of them unless `EVERYTHING=all`.
const CALLS: usize = 500;
const EACH_ON_THE_COMMAND_LINE: usize = 12;

/// A number generator that gives the same calls in each run (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const CALLERS: [&str; 12] = [
    "+14155552671",
    "+4930901820",
    "+4915123456789",
    "+12025550107",
    "+33140205050",
    "+14155550777",
    "+525512345678",
    "+16135550123",
    "+12125550187",
    "+442071838750",
    "1001",
    "anonymous",
];

/// One call, with the moment it arrives.
fn any_call(dice: &mut Dice) -> Call {
    let from = match dice.pick(&CALLERS) {
        "anonymous" => Caller::Withheld,
        number => Caller::Number(number.into()),
    };
    let mut call = Call::new(from, dice.pick(&["+14155550123", "+4930901820", "+14155559999"]));
    call.medium = if dice.roll(8) == 0 { Medium::Text } else { Medium::Call };
    call.default_agent = (dice.roll(3) == 0).then(|| "agent_own".to_owned());
    if dice.roll(4) == 0 {
        call.headers.insert("X-Campaign".into(), dice.pick(&["spring sale", "autumn"]).into());
    }
    call
}

fn body(call: &Call, id: usize, at: DateTime<Utc>) -> String {
    let (event, id_field) = match call.medium {
        Medium::Call => ("call_inbound", "call_id"),
        Medium::Text => ("chat_inbound", "chat_id"),
    };
    let mut inside = json!({
        id_field: format!("id_{id}"),
        "from_number": call.from.number().unwrap_or("anonymous"),
        "to_number": call.to,
        "custom_sip_headers": call.headers,
    });
    if let Some(agent) = &call.default_agent {
        inside["agent_id"] = json!(agent);
    }
    json!({"event": event, "event_timestamp": at.timestamp_millis(), event: inside}).to_string()
}

/// A server that knows a level for each number, from its digits.
fn customers() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // It ends with the test.
    std::thread::Builder::new()
        .name("customers".into())
        .spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let Some(Ok(line)) = lines.next() else { continue };
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let path = line.split(' ').nth(1).unwrap_or_default();
                let level = path.bytes().map(u64::from).sum::<u64>() % 8;
                let answer = json!({ "level": level }).to_string();
                let length = answer.len();
                let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all(format!("{head}{answer}").as_bytes());
            }
        })
        .unwrap();
    url
}

/// The program, with a clock that the test turns.
struct Office {
    program: Program,
    link: Link,
    clock: Arc<AtomicI64>,
    url: String,
}

impl Office {
    fn open(home: &Path, at: DateTime<Utc>) -> Self {
        let clock = Arc::new(AtomicI64::new(at.timestamp_millis()));
        let turned = clock.clone();
        let tell = move || DateTime::from_timestamp_millis(turned.load(Ordering::SeqCst)).unwrap();
        let listen = Some("127.0.0.1:0".parse().unwrap());
        let home = Home::at(home).unwrap();
        let program = Program::start(Options { home, listen, clock: Clock::turned_by(tell) }).unwrap();
        let Serving::Listening(addr) = program.wait_until_tried() else { panic!("no port") };
        let link = program.connect(|| ());
        let office = Self { program, link, clock, url: format!("http://{addr}") };
        office.ask(Command::SetKey(KEY.into()));
        office.hear(|event| matches!(event, Event::Keys(keys) if keys.current.is_some()).then_some(()));
        office
    }

    fn ask(&self, command: Command) {
        self.link.commands.send(command).unwrap();
    }

    fn hear<T>(&self, wanted: impl Fn(Event) -> Option<T>) -> T {
        hear(&self.link, wanted)
    }

    /// What the window shows for this call.
    fn tried(&self, call: &Call, at: DateTime<Utc>) -> String {
        self.ask(Command::Try(Box::new(Trial::new(call.clone(), at, None))));
        let tried = self.hear(|event| if let Event::Tried(tried) = event { Some(tried) } else { None });
        tried.result.unwrap().answer
    }

    /// What Retell gets for it.
    fn called(&self, body: &str, at: DateTime<Utc>) -> String {
        let signature = signature::sign(&ApiKey::new(KEY), body.as_bytes(), at.timestamp_millis());
        let (status, answer) = post(&format!("{}/webhook/inbound", self.url), body, Some(&signature));
        assert_eq!(status, 200);
        self.hear(|event| matches!(event, Event::Call(_)).then_some(()));
        answer
    }
}

/// What the command line says of it. It starts anew each time, so on a busy machine its look-up may
/// come too late, which it says; then it is asked again.
fn routed(home: &Path, call: &Call, at: DateTime<Utc>) -> String {
    for _ in 0..10 {
        let decided = routed_once(home, call, at);
        if decided["look_ups"].as_array().unwrap().iter().all(|look_up| look_up["fault"].is_null()) {
            return decided["answer"].to_string();
        }
    }
    panic!("the look-ups are late every time: {}", routed_once(home, call, at)["look_ups"]);
}

fn routed_once(home: &Path, call: &Call, at: DateTime<Utc>) -> Value {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.arg("--home").arg(home).env_remove("SWITCHBOARD_HOME").env_remove("RETELL_API_KEY");
    command.args(["route", "--json", "--from", call.from.number().unwrap_or("withheld"), "--to", &call.to]);
    command.args(["--at", &at.to_rfc3339()]);
    if call.medium == Medium::Text {
        command.arg("--text");
    }
    if let Some(agent) = &call.default_agent {
        command.args(["--default-agent", agent]);
    }
    for (name, value) in &call.headers {
        command.args(["--header", &format!("{name}: {value}")]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn parsed(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap()
}

/// The table of this test, ready to be used: in its file, as it is written.
fn written(folder: &Path) -> String {
    let contacts = folder.join("customers.csv");
    fs::write(&contacts, CONTACTS).unwrap();
    // As JSON has it, for paths with backslashes.
    let contacts = json!(contacts).to_string();
    TABLE.replace("CONTACTS", contacts.trim_matches('"')).replace("URL", &customers())
}

#[test]
fn a_table_of_everything_stays_as_it_is_and_is_understood_alike_everywhere() {
    let home = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let start: DateTime<Utc> = "2026-03-02T15:00:00Z".parse().unwrap();
    let text = written(folder.path());
    let office = Office::open(home.path(), start);

    let (from, to) = (folder.path().join("table.json"), folder.path().join("exported.json"));
    fs::write(&from, &text).unwrap();
    office.ask(Command::ImportTable(from));
    let table = office.hear(|event| match event {
        Event::DraftReplaced { table, .. } => Some(table),
        Event::Failed(note) => panic!("{}", note.text),
        _ => None,
    });
    office.ask(Command::ExportTable(to.clone(), table.clone()));
    office.hear(|event| matches!(event, Event::Note(note) if note.text.contains("was saved")).then_some(()));
    assert!(fs::read_to_string(&to).unwrap() == text, "exported otherwise than it was imported");
    assert!(fs::read_to_string(home.path().join("routing.json")).unwrap() == text, "saved otherwise");
    publish(&office, table);

    let mut dice = Dice(42);
    let mut at = start;
    let all = std::env::var("EVERYTHING").is_ok_and(|which| which == "all");
    let each = if all { 1 } else { EACH_ON_THE_COMMAND_LINE };
    let mut rules = std::collections::BTreeSet::new();
    for number in 0..CALLS {
        at += TimeDelta::seconds(1 + dice.roll(120_000) as i64);
        office.clock.store(at.timestamp_millis(), Ordering::SeqCst);
        let call = any_call(&mut dice);
        let tried = office.tried(&call, at);
        if number % each == 0 {
            assert_eq!(
                parsed(&routed(home.path(), &call, at)),
                parsed(&tried),
                "call {number}: {call:?} at {at}"
            );
        }
        let called = office.called(&body(&call, number, at), at);
        assert_eq!(called, tried, "call {number}: {call:?} at {at}");
    }
    office.ask(Command::Open);
    let calls =
        office.hear(|event| if let Event::Opened(opening) = event { Some(opening.calls) } else { None });
    assert!(calls.iter().all(|call| !call.fallback_used));
    rules.extend(calls.iter().filter_map(|call| call.rule_name.clone()));
    assert!(rules.len() >= 8, "the calls meet many of the rules: {rules:?}");
    drop(office.link);
    office.program.stop().unwrap();
}

fn publish(office: &Office, table: Arc<Table>) {
    office.ask(Command::Publish { table, note: String::new(), until: None, despite: String::new() });
    office.hear(|event| match event {
        Event::Published(_) => Some(()),
        Event::Failed(note) => panic!("{}", note.text),
        _ => None,
    });
}
