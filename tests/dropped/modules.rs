//! Modules of WebAssembly: the same questions and answers, as bytes.

use switchboard::plugins::Host;
use switchboard::routing::Value;

use super::{find, manifest, ready};

/// Answers with a fact, and takes whatever it is asked.
const MODULE: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (import "host" "log" (func $log (param i32 i32)))
    (memory (export "memory") 2)
    (global $asked (mut i32) (i32.const 0))
    (data (i32.const 16) "{\"crm.name\":\"n\"}")
    (func (export "_initialize"))
    (func (export "alloc") (param i32) (result i32) (i32.const 4096))
    (func (export "call") (param $at i32) (param $length i32) (result i64)
        ;; The digit says how often this instance was asked.
        (global.set $asked (i32.add (global.get $asked) (i32.const 1)))
        (i32.store8 (i32.const 29) (i32.add (i32.const 48) (global.get $asked)))
        (call $log (local.get $at) (local.get $length))
        (i64.const 0x1000000010)))"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_module_is_asked_like_a_script() {
    let code = wat::parse_str(MODULE).unwrap();
    let working = ready(&manifest("acme", "plugin.wasm", ""), "plugin.wasm", &code).unwrap();
    for _ in 0..3 {
        let found = find(&working, &Host::default()).await.unwrap();
        assert_eq!(found.facts.get("crm.name"), Some(&Value::Text("1".into())), "each instance is fresh");
    }
    let asked = super::logged(&working).await.remove(0);
    let asked: serde_json::Value = serde_json::from_str(&asked).unwrap();
    assert_eq!((&asked["contract"], &asked["offer"]), (&1.into(), &"facts".into()));
    assert_eq!(asked["call"]["from"], "+4930123456");
    assert!(asked["left_ms"].as_u64().is_some_and(|left| left <= 1400));
}
