//! A genuine call always gets a 200.

use std::collections::BTreeMap;

use serde_json::json;

use crate::program::{KEY, rule, table};
use crate::serving::Serving;
use crate::{body, calls_to, load, put_table, runtime, times};

/// A thousand rules, of which the last decides for everyone.
fn large_table() -> switchboard::routing::Table {
    let mut table = table();
    table.rules = (0..1_000)
        .map(|n| {
            let numbers = json!({ "numbers": [format!("+1415{:07}", 2_000_000 + n)] });
            rule(&format!("Caller {n}"), Some(("caller.number", numbers)), "reception")
        })
        .collect();
    table.rules.push(rule("Everyone", None, "vip"));
    table
}

#[test]
fn a_flood_of_genuine_calls_is_answered_whole_and_logged_whole() {
    let calls = times("SOAK_CALLS", 2_000);
    let home = tempfile::tempdir().unwrap();
    put_table(home.path(), &large_table());
    let mut serving = Serving::start(home.path(), KEY);
    let answers = runtime().block_on(calls_to(&serving).send(0..calls, body));
    let mut statuses = BTreeMap::new();
    for (_, answer) in &answers {
        *statuses.entry(answer.status).or_insert(0_u32) += 1;
        assert!(answer.body.contains("agent_vip"), "{answer:?}");
    }
    println!(
        "{calls} calls as quickly as they were answered: {statuses:?}, median {:.1?}, all but 1% in {:.1?}, the slowest in {:.1?}",
        load::all_but(0.5, &answers),
        load::all_but(0.01, &answers),
        load::all_but(0.0, &answers)
    );
    assert_eq!(statuses, BTreeMap::from([(200, calls)]));
    assert!(serving.stop().success());
    let log = rusqlite::Connection::open(home.path().join("calls.sqlite3")).unwrap();
    let logged: u32 = log.query_row("SELECT count(*) FROM calls", [], |row| row.get(0)).unwrap();
    assert_eq!(logged, calls);
}
