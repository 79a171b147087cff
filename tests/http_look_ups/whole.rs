//! Web look-ups in the whole program: signed calls are answered by them in time, and a secret
//! turns up nowhere but in the key store and at its own server.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::json;
use switchboard::plugins::{Health, Inspection};
use switchboard::routing::checks::FindingKind;
use switchboard::routing::{Call, Caller, Table};
use switchboard::service::messages::{Command, Event, Inspect};
use switchboard::storage::Secret;
use tracing_subscriber::filter::LevelFilter;

use super::program::{Running, payload, rule, table as shop};
use super::server::{Says, Server};
use super::{SECRET, settings, table};

/// A table that sends gold customers to the VIP desk, and standard ones to the reception.
fn routed(settings: serde_json::Value) -> Table {
    let is = |tier: &str| Some(("fact.compare", json!({ "fact": "crm.tier", "is": "is", "value": tier })));
    let mut routed = Table { look_ups: table(settings).look_ups, ..shop() };
    routed.rules = vec![rule("Gold", is("gold"), "vip"), rule("Standard", is("standard"), "reception")];
    for rule in &mut routed.rules {
        rule.then.variables.insert("echo".into(), "{{crm.echo|none}}".into());
    }
    routed
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// All that is logged by anyone in this process, from now on.
fn log() -> Arc<Mutex<Vec<u8>>> {
    #[derive(Clone)]
    struct Writer(Arc<Mutex<Vec<u8>>>);
    impl io::Write for Writer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let written = Arc::new(Mutex::new(Vec::new()));
    let writer = Writer(written.clone());
    let subscriber = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE);
    let subscriber = subscriber.with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    written
}

#[test]
fn calls_are_answered_by_it_in_time_and_the_secret_turns_up_nowhere() {
    let log = log();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let echo = format!("Bearer {SECRET}");
    let answer = json!({ "customer": { "tier": "gold" }, "you_sent": echo });
    let server = runtime.block_on(Server::start(move |_| Says::json(answer.clone())));
    let silent = runtime.block_on(Server::start(|_| Says::Silence));
    let more = json!({
        "send": [{ "as": "bearer" }],
        "remember_s": 600,
        "time_limit_ms": 1400,
        "facts": [
            { "name": "tier", "pointer": "/customer/tier", "if_it_fails": "standard" },
            { "name": "echo", "pointer": "/you_sent" },
        ],
    });
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let running = Running::start(&home);
    let seen = RefCell::new(Vec::new());
    let see = |event: &Event| seen.borrow_mut().push(format!("{event:?}"));
    let keep = |server: &Server| {
        let name = format!("{} authorization", server.url());
        running.ask(Command::SetSecret { name: name.clone(), secret: Secret::new(SECRET) });
        running.hear(|event| {
            see(&event);
            matches!(event, Event::Secrets(names) if names.contains(&name)).then_some(())
        });
    };
    let inspect = |table: &Table, test: Option<Call>| -> Inspection {
        let table = Arc::new(table.clone());
        running.ask(Command::Inspect(Box::new(Inspect { id: "crm".into(), table, test })));
        running.hear(|event| {
            see(&event);
            if let Event::Inspected { found, .. } = event { Some(*found) } else { None }
        })
    };
    let call = |id: &str| running.call(&payload("+14155552671", "+12137771235", id)).1;

    // A table from another machine: its secret is missing, and that is said.
    let good = routed(settings(&server, more.clone()));
    let found = inspect(&good, None);
    assert_eq!(found.health, Health::Bad);
    assert!(
        found.summary.starts_with("Its secret “Authorization” for http://127.0.0.1"),
        "{}",
        found.summary
    );
    running.publish(good.clone());
    let lacks_secret = |lacking: bool| {
        running.hear(|event| match event {
            Event::Checked { findings, .. } => {
                let found = findings.iter().any(|finding| finding.kind == FindingKind::LookUpCannotWork);
                (found == lacking).then_some(())
            }
            _ => None,
        });
    };
    lacks_secret(true);
    assert!(call("a").contains("agent_reception"), "it failed, so the failure value counts");

    keep(&server);
    lacks_secret(false);
    let answered = call("b");
    assert!(answered.contains("agent_vip") && answered.contains("••••••"), "{answered}");
    assert!(call("c").contains("agent_vip"));
    assert_eq!(server.asked().len(), 1, "the second answer came from memory");
    assert!(server.asked()[0].header("authorization").contains(SECRET));
    assert_eq!(inspect(&good, None).health, Health::Good);
    let newest = loop {
        running.ask(Command::Open);
        let calls =
            running.hear(|event| if let Event::Opened(opening) = event { Some(opening.calls) } else { None });
        if calls.len() == 3 {
            break calls[0].id;
        }
    };
    running.ask(Command::LoadRecord(newest));
    let steps = running.hear(|event| {
        see(&event);
        if let Event::Record(record) = event { Some(record.detail.steps) } else { None }
    });
    let asked = steps.iter().find(|step| step.name == "look-up CRM").expect("the step of the look-up");
    assert_eq!(asked.note.as_deref(), Some("from memory, 0 s old"), "{steps:?}");

    let test = Call::new(Caller::Number("+4930901820".into()), "+12137771235");
    let tested = inspect(&good, Some(test)).test.unwrap();
    assert!(tested.detail.contains("Authorization: Bearer ••••••"), "{}", tested.detail);
    assert_eq!(tested.answer.unwrap()["customer"]["tier"], "gold");

    // A server that says nothing: the call is answered all the same.
    let slow = routed(settings(&silent, more));
    keep(&silent);
    running.publish(slow.clone());
    assert!(call("e").contains("agent_reception"));
    let found = inspect(&slow, None);
    assert_eq!(found.health, Health::Attention);
    assert!(found.summary.ends_with("it did not answer within 1400 ms"), "{}", found.summary);

    running.ask(Command::ExportTable(folder.path().join("exported.json"), Arc::new(good)));
    running.hear(|event| {
        see(&event);
        matches!(event, Event::Note(_)).then_some(())
    });
    running.stop();
    seen_by_nobody(&seen.into_inner().join("\n"));
    seen_by_nobody(&String::from_utf8_lossy(&log.lock().unwrap()));
    kept_by_nobody_but(&home.join("secrets.json"), folder.path());
}

fn seen_by_nobody(text: &str) {
    let base64 = "dG9rXzV1cDNyczNjcjN0";
    assert!(text.len() > 1000, "something was said");
    assert!(!text.contains(SECRET) && !text.contains(base64));
}

/// Of all files in this folder only one holds the secret, and it is its owner's alone.
fn kept_by_nobody_but(keeper: &Path, folder: &Path) {
    let holds = |file: &PathBuf| {
        let bytes = fs::read(file).unwrap();
        bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes())
    };
    let holders: Vec<PathBuf> = files(folder).into_iter().filter(holds).collect();
    assert_eq!(holders, [keeper]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(keeper).unwrap().permissions().mode() & 0o077, 0);
    }
}
