//! Scripts and modules that mean harm, or cannot help it: each is cut off in time, and the next ask
//! and the neighbours are none the worse for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use switchboard::plugins::dropped::Working;
use switchboard::plugins::{Fault, Found, Host};
use switchboard::routing::Value;

use super::{find, manifest, ready, script};

/// Slow machines run tests too; what never ends would take longer than any of them.
const MOST: Duration = Duration::from_secs(30);

const SCRIPTS: &[(&str, &str)] = &[
    ("loop", "while (true) {}"),
    ("loop in catch", "while (true) { try { while (true) {} } catch {} }"),
    ("loop in finally", "try { null.x } finally { while (true) {} }"),
    ("arrays without end", "const a = []; while (true) a.push(new Array(1e5).fill(0))"),
    ("strings without end", "let s = 'x'; while (true) s += s"),
    ("buffers without end", "const a = []; while (true) a.push(new Uint8Array(1 << 20))"),
    ("recursion", "(function f() { f(); })()"),
    ("backtracking", "/^(a+)+$/.test('a'.repeat(60) + 'b')"),
    ("join", "new Array(4e9).join('')"),
    ("fill", "new Array(4e9).fill(0)"),
    ("reverse", "Array.prototype.reverse.call({ length: 2 ** 52 })"),
    ("indexOf", "Array.prototype.indexOf.call({ length: 2 ** 52 }, 1)"),
    ("sort", "Array.from({ length: 2e6 }, () => Math.random()).sort((a, b) => { while (true) {} })"),
    ("powers", "(2n ** 100000n) ** 100n ** 2n"),
    ("getter", "const o = { get x() { return this.x; } }; o.x"),
    ("toJSON", "return { 'crm.name': { toJSON() { while (true) {} } } }"),
    ("microtasks", "await (async function f() { while (true) await null; })()"),
    ("log flood", "while (true) console.log('x'.repeat(1000))"),
];

/// Asks until it answers: a busy machine may be late once, a neighbour that is held up always is.
async fn answered(working: &Arc<Working>, host: &Host) -> Found {
    let mut last = None;
    for _ in 0..3 {
        match find(working, host).await {
            Ok(found) => return found,
            Err(fault) => last = Some(fault),
        }
    }
    panic!("it was never answered: {last:?}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hostile_scripts_are_cut_off_and_harm_nobody() {
    let good = script("export const facts = () => ({ 'crm.vip': true });", "").unwrap();
    for (what, code) in SCRIPTS {
        let code = format!("export async function facts() {{ {code}; return {{}}; }}");
        let hostile = script(&code, "budget_ms = 50").unwrap_or_else(|why| panic!("{what}: {why}"));
        let started = Instant::now();
        let host = Host::default();
        let (one, other) = tokio::join!(find(&hostile, &host), answered(&good, &host));
        assert!(started.elapsed() < MOST, "{what} took {:?}", started.elapsed());
        match one {
            Err(Fault::Late { after_ms, .. }) => assert_eq!(after_ms, 50, "{what}"),
            Err(Fault::Broken { reason, .. }) => assert!(!reason.is_empty(), "{what}"),
            Ok(found) => panic!("{what} answered {found:?}"),
        }
        assert_eq!(other.facts.get("crm.vip"), Some(&Value::YesNo(true)), "beside {what}");
        assert!(hostile.desk().report().last_error.is_some(), "{what}");
    }
}

#[test]
fn scripts_that_never_get_ready_are_given_up() {
    let started = Instant::now();
    assert_eq!(script("while (true) {}", "").err().unwrap(), "it did not answer in time");
    assert!(started.elapsed() < MOST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_faults_in_a_row_and_it_is_left_in_peace() {
    let working = script("export function facts() { throw new Error('never'); }", "").unwrap();
    let mut faults = Vec::new();
    for _ in 0..4 {
        faults.push(find(&working, &Host::default()).await.unwrap_err().to_string());
    }
    assert!(faults[2].contains("Error: never"), "{}", faults[2]);
    assert!(faults[3].contains("it is left in peace for"), "{}", faults[3]);
    assert!(working.desk().report().paused.is_some());
}

/// A module around these functions. Its answer is `{}`, at 8.
fn module(call: &str, rest: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            (import "host" "log" (func $log (param i32 i32)))
            (memory (export "memory") 1)
            (table $t 1 funcref)
            (data (i32.const 8) "{{}}")
            (func (export "alloc") (param i32) (result i32) (i32.const 1024))
            (func $self (export "call") (param i32 i32) (result i64) {call})
            {rest})"#
    );
    wat::parse_str(text).unwrap()
}

const ANSWER: &str = "(i64.const 0x800000002)";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hostile_modules_are_cut_off_and_told_apart() {
    let looping = format!("(loop $l (br $l)) {ANSWER}");
    let touching = format!(
        "(loop $l (drop (memory.grow (i32.const 1))) (memory.fill (i32.const 2048) (i32.const 1) (i32.const 60000)) (br $l)) {ANSWER}"
    );
    for (what, call, part) in [
        ("loop", looping.as_str(), "did not answer within 50 ms"),
        ("grow and touch", &touching, "did not answer within 50 ms"),
        ("recursion", "(call $self (i32.const 0) (i32.const 0))", "call each other too deeply"),
        ("unreachable", "unreachable", "unreachable code was reached"),
        ("answer outside", "(i64.const 0x7fffffff00000010)", "outside of its memory"),
        ("answer of 2 GB", "(i64.const 0x7fffffff)", "bytes long"),
        ("no text", "(i32.store8 (i32.const 8) (i32.const 255)) (i64.const 0x800000002)", "is no text"),
        ("no JSON", "(i64.const 0x800000001)", "is not JSON"),
        ("log from nowhere", "(call $log (i32.const -1) (i32.const 9)) (i64.const 0)", "points outside"),
    ] {
        let budget = if part.ends_with("50 ms") { "budget_ms = 50" } else { "" };
        let working = ready(&manifest("acme", "plugin.wasm", budget), "plugin.wasm", &module(call, ""));
        let working = working.unwrap_or_else(|why| panic!("{what}: {why}"));
        let started = Instant::now();
        let fault = find(&working, &Host::default()).await.unwrap_err().to_string();
        assert!(fault.contains(part), "{what}: {fault}");
        assert!(started.elapsed() < MOST, "{what}");
    }
    let good = ready(&manifest("acme", "plugin.wasm", ""), "plugin.wasm", &module(ANSWER, "")).unwrap();
    answered(&good, &Host::default()).await;
}

#[test]
fn modules_that_want_too_much_are_not_let_in() {
    let whole = |text: &str| wat::parse_str(text).unwrap();
    let ends = r#"(func (export "alloc") (param i32) (result i32) (i32.const 0))
        (func (export "call") (param i32 i32) (result i64) (i64.const 0))"#;
    for (what, bytes, part) in [
        ("no module", b"hello".to_vec(), "no module that can be run"),
        ("start function", module(ANSWER, "(func $s) (start $s)"), "start"),
        (
            "endless _initialize",
            module(ANSWER, r#"(func (export "_initialize") (loop $l (br $l)))"#),
            "in time",
        ),
        (
            "60,000 pages",
            whole(&format!(r#"(module (memory (export "memory") 60000) {ends})"#)),
            "cannot be started",
        ),
        ("a table of 200 million", module(ANSWER, "(table 200000000 funcref)"), "cannot be started"),
        (
            "an unknown import",
            whole(&format!(r#"(module (import "host" "open" (func)) (memory (export "memory") 1) {ends})"#)),
            "“host.open”",
        ),
        (
            "a memory of its own",
            whole(&format!(r#"(module (import "env" "memory" (memory 1)) {ends})"#)),
            "“env.memory”",
        ),
        ("no memory", whole(&format!("(module {ends})")), "exports no memory"),
        ("no call", whole(r#"(module (memory (export "memory") 1))"#), "exports no function"),
    ] {
        let why = ready(&manifest("acme", "plugin.wasm", ""), "plugin.wasm", &bytes).err();
        assert!(why.as_ref().is_some_and(|why| why.contains(part)), "{what}: {why:?}");
    }
}

/// Loops over operators that end the whole program if the engine is built in another way: looked at in
/// a process of its own.
#[test]
fn loops_on_refused_growth_end_nobody() {
    const CHILD: &str = "SWITCHBOARD_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        for (what, grow) in [
            ("memory", "(drop (memory.grow (i32.const 10000)))"),
            ("table", "(drop (table.grow $t (ref.null func) (i32.const 100000)))"),
            (
                "both",
                "(drop (memory.grow (i32.const 9999))) (drop (table.grow $t (ref.null func) (i32.const 99999)))",
            ),
        ] {
            let code = module(&format!("(loop $l {grow} (br $l)) {ANSWER}"), "");
            let working =
                ready(&manifest("acme", "plugin.wasm", "budget_ms = 100"), "plugin.wasm", &code).unwrap();
            let fault = runtime.block_on(find(&working, &Host::default())).unwrap_err();
            assert!(matches!(fault, Fault::Late { .. }), "{what}: {fault}");
        }
        return;
    }
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hostile::loops_on_refused_growth_end_nobody"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
}

/// The two settings of the engine without which the wall does not hold.
#[test]
fn the_engine_is_built_as_it_must_be() {
    let cargo = include_str!("../../Cargo.toml");
    let line = cargo.lines().find(|line| line.starts_with("wasmi = { version")).unwrap();
    assert!(line.contains("default-features = false") && line.contains("\"portable-dispatch\""), "{line}");
    assert!(!line.contains("auto-dispatch") && !line.contains("indirect-dispatch"), "{line}");
    let sandbox = include_str!("../../src/plugins/dropped/sandbox.rs");
    assert!(sandbox.contains(".compilation_mode(CompilationMode::Eager)"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_at_once_are_all_answered_for() {
    let good = script("export const facts = () => ({ 'crm.vip': true });", "").unwrap();
    let endless = script("export function facts() { while (true) {} }", "budget_ms = 100").unwrap();
    let host = Host::default();
    let asks = (0..200).map(|index| find(if index % 4 == 0 { &endless } else { &good }, &host));
    let started = Instant::now();
    let all = futures_util::future::join_all(asks).await;
    assert!(started.elapsed() < MOST, "{:?}", started.elapsed());
    assert_eq!(all.len(), 200);
    assert!(all.iter().any(Result::is_ok));
    // Another one: on a busy machine the first may have been late so often that it is left in peace.
    let other = script("export const facts = () => ({ 'crm.vip': true });", "").unwrap();
    answered(&other, &host).await;
}
