//! The messages of each contract that is served, frozen: what the host sends is what stands there, and
//! what plugins answer is read as it stands there. A plugin can be held to them too.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use switchboard::plugins::dropped::{Source, keeps};
use switchboard::plugins::{Ask, CONTRACTS, Host, LookUp as _, Notice, Telling};
use switchboard::routing::{Call, Caller, Medium, Table, Value};

use super::{at, drop_in, find, manifest, ready};

/// Logs what it is asked, in two halves, as lines of a log are kept short.
const ECHO: &str = r#"(module
    (import "host" "log" (func $log (param i32 i32)))
    (memory (export "memory") 2)
    (data (i32.const 16) "{}")
    (func (export "alloc") (param i32) (result i32) (i32.const 4096))
    (func (export "call") (param $at i32) (param $length i32) (result i64)
        (local $half i32)
        (local.set $half (i32.shr_u (local.get $length) (i32.const 1)))
        (call $log (local.get $at) (local.get $half))
        (call $log (i32.add (local.get $at) (local.get $half)) (i32.sub (local.get $length) (local.get $half)))
        (i64.const 0x1000000002)))"#;

fn messages(contract: u32) -> Json {
    let file = format!("{}/tests/data/contract/{contract}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// A manifest of this contract for a module that finds facts and tells.
fn both(contract: u32) -> String {
    let text = manifest("acme", "plugin.wasm", "");
    text.replace("contract = 1", &format!("contract = {contract}"))
        .replace("[\"facts\"]", "[\"facts\", \"notice\"]")
}

/// The call of a question.
fn call(json: &Json) -> (Call, DateTime<Utc>) {
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let from = text("from").map_or(Caller::Withheld, Caller::Number);
    let medium = if json["medium"] == "text" { Medium::Text } else { Medium::Call };
    let call = Call { medium, default_agent: text("agent"), ..Call::new(from, text("to").unwrap()) };
    (call, text("at").unwrap().parse().unwrap())
}

fn notices(record: &Json) -> Arc<[Notice]> {
    let mut first = record.clone();
    let more = first.as_object_mut().unwrap().remove("more").unwrap_or_else(|| json!([]));
    let all = std::iter::once(first).chain(more.as_array().unwrap().clone());
    all.map(|json| serde_json::from_value(json).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_host_says_what_stands_in_each_contract_that_is_served() {
    for contract in CONTRACTS {
        for golden in messages(contract)["asks"].as_array().unwrap() {
            if golden["added_later"] == true {
                continue;
            }
            let working = ready(&both(contract), "plugin.wasm", &wat::parse_str(ECHO).unwrap()).unwrap();
            let ask = &golden["ask"];
            if ask["offer"] == "facts" {
                let (call, at) = call(&ask["call"]);
                let look_up = working.look_up(&Table::empty("US", "Europe/Berlin"), &Host::default());
                look_up.find(Ask { call: Arc::new(call), at }).await.unwrap();
            } else {
                let telling = Telling {
                    notices: notices(&ask["record"]),
                    settings: serde_json::Map::new(),
                    host: Host::default(),
                };
                working.tell(telling).await.unwrap();
            }
            let said = super::logged(&working).await.concat();
            let mut said: Json = serde_json::from_str(&said).unwrap_or_else(|why| panic!("{why}: {said}"));
            assert!(said["left_ms"].as_u64().unwrap() <= ask["left_ms"].as_u64().unwrap());
            said["left_ms"] = ask["left_ms"].clone();
            assert_eq!(said, *ask, "{}", golden["name"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_are_read_as_each_contract_says() {
    for contract in CONTRACTS {
        for golden in messages(contract)["answers"].as_array().unwrap() {
            let (name, answer) = (&golden["name"], golden["answer"].as_str().unwrap());
            let bytes: Vec<String> = answer.bytes().map(|byte| format!("\\{byte:02x}")).collect();
            let bytes = bytes.concat();
            let module = format!(
                "(module (memory (export \"memory\") 1) (data (i32.const 16) \"{bytes}\") \
                 (func (export \"alloc\") (param i32) (result i32) (i32.const 4096)) \
                 (func (export \"call\") (param i32 i32) (result i64) (i64.const {})))",
                (16_u64 << 32) | answer.len() as u64
            );
            let working = ready(&both(contract), "plugin.wasm", &wat::parse_str(module).unwrap()).unwrap();
            match (find(&working, &Host::default()).await, golden["error"].as_str()) {
                (Ok(found), None) => {
                    for (fact, wanted) in golden["facts"].as_object().unwrap() {
                        let value = match found.facts.get(fact) {
                            None => Json::Null,
                            Some(Value::Text(text)) => json!(text),
                            Some(Value::YesNo(yes)) => json!(yes),
                            Some(other) => panic!("{name}: {other:?}"),
                        };
                        assert_eq!(value, *wanted, "{name}: {fact}");
                    }
                    assert_eq!(found.note.as_deref(), golden["note"].as_str(), "{name}");
                }
                (Err(fault), Some(part)) => assert!(fault.to_string().contains(part), "{name}: {fault}"),
                (found, _) => panic!("{name}: {found:?}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_is_held_to_its_contract() {
    for (what, script, wrong) in [
        ("keeps it", "export const facts = () => ({ 'crm.vip': true });", None),
        ("an error of its own", "export const facts = () => { throw new Error('no token'); };", None),
        ("a wrong type", "export const facts = () => ({ 'crm.vip': 'yes' });", Some("“crm.vip” is a text")),
        ("no object", "export const facts = () => 7;", Some("should be an object with facts")),
        (
            "a number taken for granted, in a fact",
            "export const facts = (call) => ({ 'crm.name': call.from && 1 });",
            Some("“crm.name” is a number"),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        drop_in(folder.path(), "acme", &manifest("acme", "plugin.js", ""), "plugin.js", script.as_bytes());
        let source = Source::read(&folder.path().join("acme")).unwrap();
        let code = Arc::new(source.load(at().timestamp_millis()).unwrap());
        let found = keeps(&source, &code).await;
        assert_eq!(found.len(), 4, "what it does not offer is not asked");
        let whys: Vec<String> = found.into_iter().filter_map(|(_, found)| found.err()).collect();
        match wrong {
            None => assert!(whys.is_empty(), "{what}: {whys:?}"),
            Some(part) => assert!(whys.iter().any(|why| why.contains(part)), "{what}: {whys:?}"),
        }
    }
}
