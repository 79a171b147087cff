//! What scripts can say, and how it is told when they cannot.

use switchboard::plugins::Host;
use switchboard::routing::Value;

use super::{find, logged, script};

const GOOD: &str = r#"
const names = new Map([["+4930123456", "Ada"]]);
export function facts(call, settings) {
    return { "crm.name": names.get(call.from), "crm.vip": true };
}
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_script_gives_facts_again_and_again_and_remembers_nothing() {
    let counting = "let asked = 0;\nexport const facts = () => ({ 'crm.name': String(++asked) });";
    for (code, expected) in [(GOOD, "Ada"), (counting, "1")] {
        let working = script(code, "").unwrap();
        for _ in 0..3 {
            let found = find(&working, &Host::default()).await.unwrap();
            assert_eq!(found.facts.get("crm.name"), Some(&Value::Text(expected.into())));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_are_the_language_of_today() {
    for (what, expression, expected) in [
        ("async", "await Promise.all([1, 2].map(async (n) => n * 2)).then((all) => all.join())", "2,4"),
        ("the call's own time", "new Date().toISOString().slice(0, 16)", "2026-05-01T08:00"),
        (
            "the call",
            "`${call.from} ${call.to} ${call.at} ${call.medium}`",
            "+4930123456 +14155550123 2026-05-01T10:00:00+02:00 call",
        ),
        ("chance", "Math.random() === Math.random() ? 'same' : 'other'", "other"),
        (
            "what is there",
            "typeof require + typeof process + typeof std + typeof os",
            "undefinedundefinedundefinedundefined",
        ),
        ("new in the language", "Object.groupBy(['a', 'bb'], (x) => x.length)[2].at(-1) ?? 'none'", "bb"),
    ] {
        let code = format!("export async function facts(call) {{ return {{ 'crm.name': {expression} }}; }}");
        let found = find(&script(&code, "").unwrap(), &Host::default()).await;
        let found = found.unwrap_or_else(|fault| panic!("{what}: {fault}"));
        assert_eq!(found.facts.get("crm.name"), Some(&Value::Text(expected.into())), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_script_is_told_with_its_place() {
    for (code, part) in [
        ("export function facts() { return oops; }", "ReferenceError: oops is not defined (plugin.js:1:"),
        ("export function facts() {\n  throw new Error('no idea');\n}", "Error: no idea (plugin.js:2:"),
        ("export function facts() { throw 'a word'; }", "it threw a word"),
        (
            "export async function facts() { await new Promise(() => {}); }",
            "it waits for something that never comes",
        ),
        (
            "export function facts() { return 42; }",
            "its answer is a number, and should be an object with facts",
        ),
        ("export function facts() { const a = {}; a.a = a; return a; }", "circular"),
        ("export function fact() {}", "it has no “export function facts”"),
        ("export function facts() { return { 'crm.name': 'x'.repeat(70000) }; }", "its answer is 700"),
    ] {
        let fault = find(&script(code, "").unwrap(), &Host::default()).await.unwrap_err().to_string();
        assert!(fault.starts_with("Acme CRM failed: ") && fault.contains(part), "{code}\n{fault}");
    }
    for (code, part) in [
        ("export function facts( {", "SyntaxError"),
        ("import fs from 'fs';\nexport function facts() {}", "a plugin is one file and cannot import “fs”"),
        ("nowhere();\nexport function facts() {}", "plugin.js:1:"),
        ("await fetch('https://x.example/');", "not while the plugin is loaded"),
    ] {
        let why = script(code, "").err().unwrap();
        assert!(why.contains(part), "{code}\n{why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_half_right_answer_what_is_right_is_kept() {
    let code = "export function facts() { return { 'crm.name': 7, 'crm.vip': true, 'crm.more': 1 }; }";
    let found = find(&script(code, "").unwrap(), &Host::default()).await.unwrap();
    assert_eq!(found.facts.get("crm.vip"), Some(&Value::YesNo(true)));
    assert_eq!(found.facts.why_missing("crm.name"), Some("“crm.name” is a number, and should be a text"));
    let note = found.note.unwrap();
    assert!(note.contains("crm.more is not in its manifest"), "{note}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_logged_is_kept_short_and_without_secrets() {
    use switchboard::plugins::Secrets;
    use switchboard::plugins::dropped::secret_name;
    let more = "[settings.token]\ntype = \"secret\"\ntitle = \"Token\"\n";
    let code = r#"export function facts(call, settings) {
        console.log("the token is", settings.token, { a: [1] });
        for (let i = 0; i < 60; i++) console.log(i, "x".repeat(1000));
        return {};
    }"#;
    let working = script(code, more).unwrap();
    let secrets = Secrets::default();
    secrets.replace([(secret_name("acme", "token"), "hunter22".into())].into());
    find(&working, &Host { secrets, ..Host::default() }).await.unwrap();
    let log = logged(&working).await;
    assert_eq!(log.len(), 20);
    assert_eq!(log[0], "the token is ••• {\"a\":[1]}");
    assert!(log[1].len() == 500 && log[19] == "(the rest is left out)");
}
