//! How long deciding past calls again takes: `cargo bench --bench backtest`. A call is made through the
//! real port with look-ups and history, and its record multiplied; so the records are as long as real ones.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use switchboard::plugins::Registry;
use switchboard::program::{Options, Program};
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{Action, Outcome, Rule, Table};
use switchboard::service::Clock;
use switchboard::service::backtest::{Given, Reach, backtest};
use switchboard::service::messages::Serving;
use switchboard::storage::Home;
use switchboard::storage::call_log::LogReader;

const KEY: &str = "key_0123456789abcdef0123456789ab";

/// So many rules, of which hours and the line decide for most calls.
fn table(rules: usize) -> Table {
    let rule = |n: usize| {
        let test = match n % 3 {
            0 => json!({ "condition": "caller.number", "settings": { "numbers": [format!("+1415{n:07}")] } }),
            1 => json!({ "condition": "caller.country", "settings": { "countries": ["DE", "FR"] } }),
            _ => json!({ "condition": "hours.open", "settings": { "schedule": "night" } }),
        };
        let rule = json!({ "id": format!("r{n}"), "name": format!("Rule {n}"), "when": [{ "any_of": [test] }],
            "then": { "action": { "connect": { "agent": "a" } } } });
        serde_json::from_value::<Rule>(rule).unwrap()
    };
    let mut table: Table = serde_json::from_value(json!({
        "format": 1, "country": "US", "zone": "America/New_York",
        "lines": [{ "id": "main", "name": "Main line", "number": "+14155550123" }],
        "agents": [{ "id": "a", "name": "A", "retell_id": "agent_a" }, { "id": "b", "name": "B", "retell_id": "agent_b" }],
        "schedules": [{ "id": "night", "name": "Night", "hours": "Mo-Su 03:00-03:01" }],
        "fallback": { "action": { "connect": { "agent": "b" } } },
    }))
    .unwrap();
    table.rules = (0..rules).map(rule).collect();
    table
}

/// Answers one call, and keeps it as often as wanted: by callers of their own, a minute apart.
fn log(home: &Path, table: &Table, calls: usize) {
    std::fs::create_dir_all(home).unwrap();
    std::fs::write(home.join("routing.json"), serde_json::to_string(table).unwrap()).unwrap();
    let home = Home::at(home).unwrap();
    let listen = Some("127.0.0.1:0".parse().unwrap());
    let program = Program::start(Options { home: home.clone(), listen, clock: Clock::system() }).unwrap();
    let Serving::Listening(addr) = program.wait_until_tried() else { panic!("no port") };
    program.engine().set_keys(vec![ApiKey::new(KEY)]);
    let body = r#"{"event":"call_inbound","call_inbound":{"call_id":"a","from_number":"+12125550100","to_number":"+14155550123"}}"#;
    let signed =
        signature::sign(&ApiKey::new(KEY), body.as_bytes(), Clock::system().now().timestamp_millis());
    let url = format!("http://{addr}/webhook/inbound");
    ureq::post(&url).header(signature::HEADER, &signed).content_type("application/json").send(body).unwrap();
    program.stop().unwrap();
    let log = rusqlite::Connection::open(home.calls_file()).unwrap();
    let names: String = log
        .prepare("SELECT name FROM pragma_table_info('calls') WHERE name NOT IN ('id', 'at_ms', 'detail')")
        .unwrap()
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap()
        .map(Result::unwrap)
        .collect::<Vec<_>>()
        .join(", ");
    let more = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO calls (at_ms, detail, {names})
         SELECT at_ms - i * 1000, replace(detail, '+12125550100', '+1212555' || printf('%04d', i % 10000)), {names}
         FROM calls, n WHERE id = (SELECT max(id) FROM calls)",
        calls - 1
    );
    log.execute_batch(&more).unwrap();
}

fn main() {
    println!("{:>6} {:>7} {:>12} {:>12} {:>10}", "rules", "calls", "in all", "each", "changed");
    for (rules, calls, reach) in
        [(60, 5_000, Reach::Month), (1_000, 5_000, Reach::Month), (60, 50_000, Reach::Year)]
    {
        let folder = tempfile::tempdir().unwrap();
        let live = Arc::new(table(rules));
        log(folder.path(), &live, calls);
        let mut draft = Table::clone(&live);
        draft.fallback = Outcome { action: Action::Reject, ..Outcome::default() };
        let home = Home::at(folder.path()).unwrap();
        let given = Given {
            draft: Arc::new(draft),
            live,
            rule: Some("r2".into()),
            reach,
            log: LogReader::of(&home),
            home,
            registry: Arc::new(Registry::built_in()),
            now: Clock::system().now(),
        };
        let started = Instant::now();
        let found = backtest(&given, |_, _| true).unwrap();
        let took = started.elapsed();
        let each = took / u32::try_from(found.decided).unwrap();
        println!("{rules:>6} {:>7} {took:>12.1?} {each:>12.1?} {:>10}", found.decided, found.elsewhere());
    }
}
