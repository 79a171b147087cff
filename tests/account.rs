//! The owner's account at Retell: the program asks a stand-in that answers as Retell does, keeps what it
//! was told, and says what became different there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/passing.rs"]
mod passing;
#[path = "support/program.rs"]
mod program;

#[path = "support/retell.rs"]
mod retell;

use std::fs;
use std::path::Path;

use program::{KEY, Running};
use retell::Retell;
use serde_json::json;
use switchboard::retell::account::{NumberChange, Setting};
use switchboard::routing::checks::{FindingKind, Place};
use switchboard::routing::{Agent, Line, Outcome, Table};
use switchboard::service::account::{ConnectedLines, Connection};
use switchboard::service::messages::{AccountNews, Command, Event};
use switchboard::storage::Settings;

const MAIN: &str = "+14155550123";
const SIDE: &str = "+14155550124";

/// A program that asks there.
fn start(home: &Path, retell: &Retell) -> Running {
    retell.settle(home);
    Running::start(home)
}

/// Asks, and waits for what comes of it.
fn ask(running: &Running) -> AccountNews {
    running.ask(Command::AskRetell);
    told(running)
}

fn told(running: &Running) -> AccountNews {
    running.hear(|event| match event {
        Event::Account(news) if !news.is_asking => Some(news),
        _ => None,
    })
}

fn connect(agent: &str) -> Outcome {
    serde_json::from_value(json!({ "action": { "connect": { "agent": agent } } })).unwrap()
}

fn table() -> Table {
    let mut table = Table::empty("US", "America/New_York");
    let line =
        |id: &str, name: &str, number: &str| Line { id: id.into(), name: name.into(), number: number.into() };
    table.lines = vec![line("main", "Main line", MAIN), line("side", "Side line", SIDE)];
    let agent = |id: &str, name: &str, retell_id: &str| Agent {
        id: id.into(),
        name: name.into(),
        retell_id: retell_id.into(),
        ..Agent::default()
    };
    table.agents = vec![agent("night", "Night desk", "agent_2"), agent("gone", "Old desk", "agent_9")];
    table.fallback = connect("night");
    table.rules = vec![
        serde_json::from_value(json!({ "id": "all", "name": "All", "when": [], "then": connect("gone") }))
            .unwrap(),
    ];
    table
}

#[test]
fn what_retell_tells_is_read_page_by_page_and_kept() {
    let retell = Retell::start();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), &retell);
    let news = ask(&running);
    let known = news.known.unwrap();
    let names: Vec<&str> = known.agents.iter().map(|agent| agent.name.as_str()).collect();
    assert_eq!((names.as_slice(), news.failed), (["Reception", "Night", "Sales"].as_slice(), None));
    assert_eq!(known.number(MAIN).unwrap().agents[0].id, "agent_1");
    assert_eq!(known.agent("agent_1").unwrap().tags["prod"], Some(3));
    assert_eq!(
        retell.account().asked,
        [
            "POST /v2/list-agents?limit=50",
            "POST /v2/list-agents?limit=50&pagination_key=2",
            "GET /v2/list-phone-numbers?limit=50"
        ]
    );
    let kept = fs::read_to_string(home.path().join("account.json")).unwrap();
    assert!(kept.contains("Reception") && !kept.contains(KEY), "{kept}");
    running.stop();

    // The next start knows it at once, without a network.
    drop(retell);
    let running = Running::start(home.path());
    running.ask(Command::Open);
    assert_eq!(running.opening().account.known.unwrap(), known);
    running.stop();
}

#[test]
fn trouble_is_told_with_what_to_do_and_forgets_nothing() {
    let retell = Retell::start();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), &retell);
    // What passes is asked again, and nobody hears of it.
    retell.account().trouble = vec![503, 429];
    let known = ask(&running).known;
    assert!(known.is_some());
    for (trouble, says) in [
        (vec![402], "Billing"),
        (vec![422], "(busy)"),
        (vec![401], "does not know this API key"),
        (vec![500, 500, 500], "status 500"),
    ] {
        retell.account().trouble = trouble;
        let news = ask(&running);
        assert!(news.failed.as_ref().unwrap().to_string().contains(says), "{:?}", news.failed);
        assert_eq!(news.known, known);
    }
    running.ask(Command::SetKey("key_of_somebody_else".into()));
    let news = ask(&running);
    assert!(news.failed.unwrap().to_string().contains("does not know this API key"));
    running.stop();
}

#[test]
fn checks_know_what_retell_told_and_changes_there_are_noticed() {
    let retell = Retell::start();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), &retell);
    running.publish(table());
    ask(&running);
    let found = running.hear(|event| match event {
        Event::Checked { findings, .. } => {
            let lost = findings.iter().any(|finding| finding.kind == FindingKind::AgentUnknown);
            lost.then_some(findings)
        }
        _ => None,
    });
    let said = |kind: FindingKind| -> Vec<Place> {
        found.iter().filter(|finding| finding.kind == kind).map(|finding| finding.place.clone()).collect()
    };
    assert_eq!(said(FindingKind::AgentUnknown), [Place::Agent("gone".into())]);
    assert_eq!(said(FindingKind::AgentSuspended), [Place::Agent("night".into())]);
    assert_eq!(said(FindingKind::NoSafetyNet), [Place::Line("side".into())]);

    {
        let mut account = retell.account();
        account.numbers[0]["inbound_agents"] = json!([]);
        account.numbers[0]["inbound_webhook_url"] = json!(null);
        account.numbers.pop();
    }
    running.ask(Command::AskRetell);
    let notes: Vec<String> = (0..3)
        .map(|_| running.hear(|event| if let Event::Note(note) = event { Some(note.text) } else { None }))
        .collect();
    for (note, says) in notes.iter().zip([
        "“Main line” has lost its own agent at Retell",
        "no longer asks anybody about calls to “Main line”",
        "“Side line” is no longer among your numbers",
    ]) {
        assert!(note.contains(says), "{notes:?}");
    }
    running.stop();
}

#[test]
fn a_damaged_file_is_kept_beside_and_asked_for_anew() {
    let retell = Retell::start();
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("account.json"), "{\"format\":1,").unwrap();
    let running = start(home.path(), &retell);
    let said: Vec<String> =
        running.program.troubles().iter().map(|trouble| trouble.message.clone()).collect();
    assert!(said.iter().any(|said| said.contains("asked for anew")), "{said:?}");
    assert!(ask(&running).known.is_some());
    let kept =
        fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(kept.into_iter().any(|name| name.starts_with("account.json.rejected")));
    running.stop();
}

/// Lets the program be reached at this address, and waits until that is proved.
fn reach(running: &Running, address: &str, follows: bool) -> url::Url {
    running.ask(Command::Open);
    let mut settings: Settings = running.opening().settings;
    settings.reach.way = Some("own_address".into());
    settings.reach.settings.insert("own_address".into(), json!({ "address": address }));
    settings.follow_address = follows;
    running.ask(Command::SaveSettings(settings));
    running.ask(Command::Prove);
    let wanted: url::Url = address.parse().unwrap();
    running.hear(|event| match event {
        Event::Proof(proof) => {
            let is_good = proof.health.as_ref().is_some_and(switchboard::service::Health::is_good);
            (is_good && proof.at.as_ref() == Some(&wanted)).then_some(())
        }
        _ => None,
    });
    wanted
}

/// What connects these numbers to this address.
fn connecting(news: &AccountNews, numbers: &[&str], address: &url::Url, texts: bool) -> Vec<NumberChange> {
    let known = news.known.as_ref().unwrap();
    let numbers = numbers.iter().map(|number| known.number(number).unwrap());
    numbers.flat_map(|number| ConnectedLines::connecting(number, address, texts)).collect()
}

/// Changes numbers, and waits for what comes of it.
fn change(running: &Running, changes: Vec<NumberChange>) -> AccountNews {
    running.ask(Command::ChangeAtRetell(changes));
    running.hear(|event| match event {
        Event::Account(news) if !news.is_changing && !news.is_asking => Some(news),
        _ => None,
    })
}

fn failure(running: &Running) -> String {
    running.hear(|event| if let Event::Failed(note) = event { Some(note.text) } else { None })
}

#[test]
fn lines_are_connected_and_given_back_and_both_can_be_undone() {
    let retell = Retell::start();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), &retell);
    running.publish(table());
    let address = reach(&running, &running.url, false);
    let news = ask(&running);
    // What passes is tried again, and nobody hears of it.
    retell.account().trouble = vec![500, 429];
    let connected = change(&running, connecting(&news, &[MAIN, SIDE], &address, true));
    let ours = format!("{}webhook/inbound", address.as_str());
    assert_eq!(retell.field(MAIN, "inbound_webhook_url"), json!(ours));
    assert_eq!(retell.field(SIDE, "inbound_sms_webhook_url"), json!(format!("{ours}-sms")));
    assert_eq!(retell.account().changed.len(), 2, "both settings of a number in one change");
    let known = connected.known.clone().unwrap();
    let of = |number| connected.connected.connection(known.number(number).unwrap(), Some(&address));
    assert_eq!((of(MAIN), of(SIDE)), (Connection::Here, Connection::Here));

    let undone = change(&running, connected.changed.unwrap().back());
    assert_eq!(retell.field(MAIN, "inbound_webhook_url"), json!("https://old.example/hook"));
    assert_eq!(retell.field(SIDE, "inbound_webhook_url"), json!(null));
    assert_eq!(*undone.connected, ConnectedLines::default());

    // Connected again, and given back after a restart.
    let news = change(&running, connecting(&undone, &[MAIN], &address, false));
    assert!(news.changed.is_some());
    running.stop();
    let running = Running::start(home.path());
    running.ask(Command::Open);
    let news = running.opening().account;
    let back = news.connected.giving_back(news.known.as_ref().unwrap().number(MAIN).unwrap());
    change(&running, back);
    assert_eq!(retell.field(MAIN, "inbound_webhook_url"), json!("https://old.example/hook"));
    running.stop();
}

#[test]
fn a_lines_own_agent_is_lifted_and_comes_back_as_it_was() {
    let retell = Retell::start();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), &retell);
    let mut rejecting = table();
    rejecting.rules[0].then = serde_json::from_value(json!({ "action": "reject" })).unwrap();
    running.publish(rejecting);
    let news = ask(&running);
    let cannot = |event: Event| match event {
        Event::Checked { findings, .. } => Some(
            findings
                .iter()
                .filter(|finding| finding.kind == FindingKind::RejectCannotWork)
                .flat_map(|finding| finding.lines.clone())
                .collect::<Vec<_>>(),
        ),
        _ => None,
    };
    running.hear(|event| cannot(event).filter(|lines| lines == &["main"]));
    let own = retell.field(MAIN, "inbound_agents");
    let was = Setting::Agents(news.known.unwrap().number(MAIN).unwrap().agents.clone());
    let lift = NumberChange { number: MAIN.into(), was, becomes: Setting::Agents(Vec::new()) };
    let lifted = change(&running, vec![lift]);
    assert_eq!(retell.field(MAIN, "inbound_agents"), json!([]));
    running.hear(|event| cannot(event).filter(Vec::is_empty));
    change(&running, lifted.changed.unwrap().back());
    assert_eq!(retell.field(MAIN, "inbound_agents"), own, "with its version and weight");
    running.stop();
}

#[test]
fn what_was_changed_meanwhile_is_left_alone_and_refusals_say_what_to_do() {
    let retell = Retell::start();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), &retell);
    running.publish(table());
    let address = reach(&running, &running.url, false);
    let news = ask(&running);
    let both = connecting(&news, &[MAIN, SIDE], &address, false);
    retell.set(MAIN, "inbound_webhook_url", json!("https://new.example/hook"));
    let after = change(&running, both.clone());
    assert!(failure(&running).contains("“Main line” was changed at Retell meanwhile"));
    assert_eq!(retell.field(MAIN, "inbound_webhook_url"), json!("https://new.example/hook"));
    assert_eq!(after.changed.unwrap().changes, both[1..], "the other one is connected");

    let main = connecting(&ask(&running), &[MAIN], &address, false);
    for (trouble, says) in [
        (vec![402], "Billing"),
        (vec![401], "does not know this API key"),
        (vec![500, 500, 500], "status 500"),
    ] {
        retell.account().trouble = trouble;
        change(&running, main.clone());
        let said = failure(&running);
        assert!(said.contains(says), "{said}");
    }
    let wrong = NumberChange { becomes: Setting::Webhook(Some("no address".into())), ..main[0].clone() };
    change(&running, vec![wrong]);
    assert!(failure(&running).contains("(inbound_webhook_url is invalid)"));
    retell.account().numbers.remove(0);
    change(&running, main);
    assert!(failure(&running).contains("does not have this number any more"));

    // Somebody takes a line away that was connected here.
    retell.set(SIDE, "inbound_webhook_url", json!("https://else.example"));
    running.ask(Command::AskRetell);
    let note = running.hear(|event| match event {
        Event::Note(note) if note.text.contains("“Side line”") && note.text.contains("else.example") => {
            Some(note.text)
        }
        _ => None,
    });
    assert!(note.contains("somebody changed it there since the line was connected here"), "{note}");
    running.stop();
}

#[test]
fn a_new_address_is_told_and_written_to_connected_lines_where_that_is_allowed() {
    let retell = Retell::start();
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), &retell);
    running.publish(table());
    let first = reach(&running, &running.url, false);
    let news = ask(&running);
    change(&running, connecting(&news, &[MAIN], &first, true));
    let field = |field: &str| retell.field(MAIN, field).as_str().unwrap().to_owned();

    let new = passing::to(running.url.trim_start_matches("http://").parse().unwrap());
    let second = reach(&running, &new, false);
    let told = running.hear(|event| match event {
        Event::Note(note) if note.text.contains("another address than before") => Some(note.text),
        _ => None,
    });
    assert!(told.contains("1 line was connected at the old one"), "{told}");
    assert!(
        field("inbound_webhook_url").starts_with(first.as_str()),
        "nothing is written without being allowed"
    );

    reach(&running, &new, true);
    running.hear(|event| match event {
        Event::Account(news) if !news.is_changing && news.changed.is_some() => {
            field("inbound_webhook_url").starts_with(second.as_str()).then_some(())
        }
        _ => None,
    });
    assert!(
        field("inbound_sms_webhook_url").starts_with(second.as_str()),
        "texts too, which came here before"
    );
    assert_eq!(
        retell.field(SIDE, "inbound_webhook_url"),
        json!(null),
        "a line that was never connected stays"
    );
    running.stop();
}

/// Whoever answers as the stand-in does must satisfy the SDK too. `.ci/run official_sdk` says where it is.
#[test]
fn the_official_sdk_agrees_with_the_stand_in() {
    let Ok(sdk) = std::env::var("RETELL_SDK") else { return };
    let retell = Retell::start();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/sdk/speak.mjs");
    let address = format!("http://{}", retell.addr);
    let said = std::process::Command::new("node").arg(script).args([&sdk, &address, KEY]).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    print!("{}", String::from_utf8_lossy(&said.stdout));
    assert_eq!(retell.account().changed.len(), 4);
}
