//! How long a file of 200,000 contacts takes to be read, and then to be asked. Prints; asserts
//! nothing about time. Run with `cargo bench --bench contacts`.
#![allow(clippy::unwrap_used, reason = "it is no part of the program")]

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use switchboard::plugins::{Ask, Registry};
use switchboard::routing::{Call, Caller, Table, number};

const ROWS: u32 = 200_000;
const CALLS: u32 = 100_000;

/// The number of a row, without its country code.
fn local(row: u32) -> String {
    format!("(415) 5{:02}-{:04}", 10 + row / 10_000, row % 10_000)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("customers.csv");
    let mut text = String::from("Name,Company,Phone,Tier,City\n");
    for row in 0..ROWS {
        writeln!(text, "Person {row},Company {},{},gold,Springfield", row % 977, local(row)).unwrap();
    }
    std::fs::write(&file, &text).unwrap();
    let mut table = Table::empty("US", "America/New_York");
    let used = json!({ "id": "customers", "name": "Customers", "plugin": "contacts",
        "settings": { "file": file, "facts": [{ "column": "Tier", "name": "tier" }] } });
    table.look_ups.push(serde_json::from_value(used).unwrap());

    number::warm();
    let registry = Registry::built_in();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let begun = Instant::now();
    let found = runtime.block_on(registry.inspect(&table.look_ups[0], &table, None));
    println!("{} MB read in {:.2?}: {}", text.len() / 1_000_000, begun.elapsed(), found.summary);

    let look_up =
        registry.look_ups(&table).into_iter().find(|opened| opened.name == "Customers").unwrap().look_up;
    let at = chrono::DateTime::UNIX_EPOCH;
    let mut took: Vec<Duration> = (0..CALLS)
        .map(|call| {
            let caller = number::parse(&local(call * 7919 % ROWS), "US").unwrap();
            let call = Arc::new(Call::new(Caller::Number(caller), "+14155550123"));
            let begun = Instant::now();
            let facts = runtime.block_on(look_up.ask(Ask { call, at })).unwrap();
            let took = begun.elapsed();
            assert!(facts.get("contact.tier").is_some(), "every caller is a contact");
            took
        })
        .collect();
    took.sort_unstable();
    let part = |percent: usize| took[took.len() * percent / 100];
    println!("{CALLS} calls asked: p50 {:.1?}, p99 {:.1?}", part(50), part(99));
}
