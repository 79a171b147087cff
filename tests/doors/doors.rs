//! The doors through which text of others comes in, each as a function of any bytes. What comes
//! through a door is used as the program uses it, and what must hold for whatever was sent is
//! asserted. Shared by the test beside and by the fuzzers in `fuzz/`.

use std::io::Write;

use chrono::{DateTime, Utc};
use switchboard::plugins::dropped::{self, Said};
use switchboard::plugins::hours::{self, plan::Plan, weekly};
use switchboard::plugins::lists::{Who, paste};
use switchboard::plugins::{FactInfo, Registry};
use switchboard::retell::answer::{Answer, MAX_BYTES};
use switchboard::retell::signature::{ApiKey, Verified, sign, verify};
use switchboard::retell::{account, event, payload};
use switchboard::routing::checks::{Checker, Knowledge};
use switchboard::routing::{
    Call, Caller, Facts, Kind, Rule, Schedule, Table, Template, compile, read_from, read_moment, read_until,
    write_moment,
};
use switchboard::service::call_of;

use super::reference;

const KEY: &str = "key";
const NOW_MS: i64 = 1_785_600_000_000;

/// A door by its name, and what comes in by it.
pub type Door = (&'static str, fn(&[u8]));

/// Every door.
pub const DOORS: [Door; 12] = [
    ("signature", signature),
    ("payload", payload),
    ("event", call_event),
    ("account", account),
    ("answer", answer),
    ("table", table),
    ("hours", hours),
    ("contacts", contacts),
    ("list", list),
    ("template", template),
    ("moment", moment),
    ("plugin", plugin),
];

/// Sends bytes through the door of this name.
#[allow(dead_code, reason = "the fuzzers come in here")]
pub fn through(name: &str, bytes: &[u8]) {
    let (_, door) = DOORS.iter().find(|(door, _)| *door == name).expect("a door of this name");
    door(bytes);
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(NOW_MS).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The body as Retell would have signed it.
fn signed(body: &[u8]) -> Verified {
    let key = ApiKey::new(KEY);
    let header = sign(&key, body, NOW_MS);
    verify(&[key], &[header.as_bytes()], body.to_vec().into(), NOW_MS).unwrap()
}

/// A header, a line break, a body. `@` in the header stands for the digest that fits its time.
fn signature(bytes: &[u8]) {
    let cut = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (header, body) = (&bytes[..cut], bytes.get(cut + 1..).unwrap_or_default());
    let time: String = text(header).chars().filter(char::is_ascii_digit).collect();
    let digest = reference::digest(KEY, body, time.trim_start_matches('0'));
    let header: Vec<u8> = header
        .iter()
        .flat_map(|byte| if *byte == b'@' { digest.clone().into_bytes() } else { vec![*byte] })
        .collect();
    let ours = verify(&[ApiKey::new(KEY)], &[&header], body.to_vec().into(), NOW_MS).is_ok();
    assert_eq!(ours, reference::accepts(KEY, &header, body, NOW_MS), "{}", text(&header));
}

fn payload(bytes: &[u8]) {
    match payload::parse(&signed(bytes)) {
        Ok(inbound) => {
            let call = call_of(inbound, "US");
            let logged = serde_json::to_string(&call).unwrap();
            assert_eq!(serde_json::from_str::<Call>(&logged).unwrap(), call, "the log gives it back");
        }
        Err(why) => assert!(!why.reason().is_empty()),
    }
    if let Err(why) = payload::parse_pasted(&text(bytes)) {
        assert!(!why.reason().is_empty());
    }
}

fn call_event(bytes: &[u8]) {
    if let Some(event) = event::parse(&signed(bytes)) {
        assert!(event::is_call_event(&event.event) && !event.call_id.is_empty());
        assert!(event.end.duration_ms.is_none_or(|ms| ms >= 0));
    }
}

/// What answers in Retell's name: the first byte is the status.
fn account(bytes: &[u8]) {
    let (status, body) = bytes.split_first().map_or((200, bytes), |(first, rest)| {
        (if *first == b'2' { 200 } else { 100 + u16::from(*first) * 2 }, rest)
    });
    if let Err(why) = account::read_agents(status, body) {
        assert!(!why.to_string().is_empty());
    }
    if let Err(why) = account::read_numbers(status, body) {
        assert!(!why.to_string().is_empty());
    }
    if let Err(why) = account::read_number(status, body) {
        assert!(!why.to_string().is_empty());
    }
}

/// Variables, one a line: `name=value`.
fn answer(bytes: &[u8]) {
    let text = text(bytes);
    let variables = text.lines().filter_map(|line| line.split_once('='));
    let answer = Answer {
        override_agent_id: text.lines().next().map(str::to_owned),
        dynamic_variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ..Answer::default()
    };
    let written = answer.to_bytes();
    assert!(written.bytes.len() <= MAX_BYTES);
    let read: serde_json::Value = serde_json::from_slice(&written.bytes).unwrap();
    if written.left_out.is_empty() {
        let told = &read["call_inbound"]["dynamic_variables"];
        for (name, value) in &answer.dynamic_variables {
            assert_eq!(told[name].as_str(), Some(value.as_str()));
        }
    }
}

fn table(bytes: &[u8]) {
    let Ok(table) = serde_json::from_slice::<Table>(bytes) else { return };
    let written = serde_json::to_vec(&table).unwrap();
    assert_eq!(serde_json::from_slice::<Table>(&written).unwrap(), table, "it is kept as it was read");
    use_table(&table);
}

/// Does with a table what is done with a draft.
fn use_table(table: &Table) {
    let registry = Registry::built_in();
    match compile(table, &registry) {
        Ok(compiled) => {
            for from in [Caller::Withheld, Caller::Number("+14155550199".into())] {
                let decision = compiled.decide(&Call::new(from, "+14155550123"), &Facts::default(), now());
                assert_eq!(decision.trace.len(), table.rules.len());
            }
        }
        Err(problems) => assert!(problems.iter().all(|problem| !problem.to_string().is_empty())),
    }
    Checker::default().check(table, &registry, &Knowledge::default(), now(), &|| false).unwrap();
}

fn hours(bytes: &[u8]) {
    let Ok(hours) = hours::hours_in(bytes) else { return };
    if let Ok(spans) = weekly::parse(&hours) {
        assert_eq!(weekly::tidy(&weekly::parse(&weekly::write(&spans)).unwrap()), weekly::tidy(&spans));
    }
    if let Ok(plan) = Plan::parse(&hours) {
        assert_eq!(Plan::parse(&plan.write()).unwrap(), plan, "it is drawn as it was read");
    }
    let mut table = Table::empty("DE", "Europe/Berlin");
    let schedule = Schedule { id: "office".into(), name: "Office".into(), hours, ..Schedule::default() };
    if let Err(why) = hours::status(&schedule, &table, now()) {
        assert!(!why.is_empty());
    }
    drop(hours::coming_words(&schedule, &table, now()));
    table.schedules.push(schedule);
    let rule = r#"{ "id": "open", "name": "Open", "then": { "action": "keep" }, "when": [{ "any_of": [
        { "condition": "hours.open", "settings": { "schedule": "office" } }] }] }"#;
    table.rules.push(serde_json::from_str::<Rule>(rule).unwrap());
    use_table(&table);
}

/// A file of contacts, looked at as its editor does.
fn contacts(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let used = serde_json::json!({ "id": "customers", "name": "Customers", "plugin": "contacts",
        "settings": { "file": file.path(), "facts": [{ "column": "Name", "name": "name" }] } });
    let table = Table::empty("DE", "Europe/Berlin");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let used = serde_json::from_value(used).unwrap();
    let found = runtime.block_on(Registry::built_in().inspect(&used, &table, None));
    assert!(!found.summary.is_empty());
}

fn list(bytes: &[u8]) {
    for (who, _) in paste::read(&text(bytes), "DE").found {
        assert_eq!(Who::read(&who.written(), "DE").as_ref(), Some(&who), "it is kept as it was read");
    }
}

fn template(bytes: &[u8]) {
    let text = text(bytes);
    match Template::parse(&text) {
        Ok(template) => {
            let filled = template.fill(&Facts::default(), |note| assert!(!note.is_empty()));
            assert!(template.facts().next().is_some() || filled == text);
        }
        Err(why) => assert!(!why.is_empty()),
    }
}

fn moment(bytes: &[u8]) {
    let text = text(bytes);
    let zone = chrono_tz::America::New_York;
    if let Ok(at) = read_moment(&text, zone) {
        assert_eq!(read_moment(&write_moment(&at), zone).unwrap().to_utc(), at.to_utc());
    }
    for wrong in [read_from(&text, now(), zone).err(), read_until(&text, now(), zone).err()] {
        assert!(wrong.is_none_or(|why| !why.is_empty()));
    }
}

/// What a plugin of somebody else's says of a call.
fn plugin(bytes: &[u8]) {
    let kinds = [
        ("text", Kind::Text),
        ("number", Kind::Number),
        ("yes", Kind::YesNo),
        ("moment", Kind::Time),
        ("many", Kind::List),
    ];
    let info = |kind| FactInfo { kind, title: String::new(), example: String::new() };
    let facts = kinds.map(|(name, kind)| (name.to_owned(), info(kind))).into();
    match dropped::answer(bytes, &facts) {
        Ok(Said { facts: said, odd }) => {
            for (name, kind) in kinds {
                match said.get(name) {
                    Some(value) => assert_eq!(value.kind(), kind),
                    None => assert!(said.why_missing(name).is_some_and(|why| !why.is_empty())),
                }
            }
            assert!(said.iter().count() <= kinds.len() && odd.len() <= kinds.len() + 1);
        }
        Err(why) => assert!(!why.to_string().is_empty()),
    }
}
