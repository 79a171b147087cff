//! How long a call waits for its answer, over the real port, with a thousand rules and the log on a
//! real disk: `cargo bench --bench webhook`. With `FOLDER=/some/where`, the log is that folder's, such as
//! the million calls that `cargo bench --bench search` leaves there.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../tests/support/load.rs"]
mod load;
#[path = "../tests/support/wire.rs"]
mod wire;

use std::path::PathBuf;

use load::{Load, all_but, now_ms};
use serde_json::json;
use switchboard::program::{Options, Program};
use switchboard::retell::ApiKey;
use switchboard::service::Clock;
use switchboard::service::messages::Serving;
use switchboard::storage::Home;

const KEY: &str = "key_0123456789abcdef";
const RULES: u32 = 1_000;

/// A rule for each of many callers, as one file.
fn table() -> String {
    let rule = |n: u32| {
        json!({ "id": format!("r{n}"), "name": format!("Caller {n}"),
            "when": [{ "any_of": [{ "condition": "caller.number",
                "settings": { "numbers": [format!("+1415{:07}", 2_000_000 + n)] } }] }],
            "then": { "action": { "connect": { "agent": "a" } } } })
    };
    json!({
        "format": 1, "country": "US", "zone": "America/New_York",
        "lines": [{ "id": "main", "name": "Main line", "number": "+14155550123" }],
        "agents": [{ "id": "a", "name": "A", "retell_id": "agent_a" }],
        "rules": (0..RULES).map(rule).collect::<Vec<_>>(),
        "fallback": { "action": { "connect": { "agent": "a" } } },
    })
    .to_string()
}

/// Every other caller has a rule.
fn body(n: u32) -> String {
    let from = 2_000_000 + n * 7919 % (2 * RULES);
    format!(
        r#"{{"event":"call_inbound","event_timestamp":{},"call_inbound":{{"call_id":"call_{n}","from_number":"+1415{from:07}","to_number":"+14155550123"}}}}"#,
        now_ms()
    )
}

fn main() {
    let fresh = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("FOLDER").map_or_else(|| fresh.path().to_owned(), PathBuf::from);
    std::fs::write(folder.join("routing.json"), table()).unwrap();
    let program = Program::start(Options {
        home: Home::at(&folder).unwrap(),
        listen: Some("127.0.0.1:0".parse().unwrap()),
        clock: Clock::system(),
    })
    .unwrap();
    program.engine().set_keys(vec![ApiKey::new(KEY)]);
    let Serving::Listening(addr) = program.wait_until_tried() else { panic!("not listening") };
    println!(
        "{:>12} {:>8} {:>10} {:>10} {:>10} {:>8}",
        "calls/s", "calls", "median", "99%", "slowest", "not 200"
    );
    let mut sent = 0;
    for (per_second, calls) in [(50, 1_500), (200, 4_000), (0, 20_000)] {
        let load = Load { addr, key: KEY, per_second, at_once: 32 };
        let started = std::time::Instant::now();
        let answers = program.block_on(load.send(sent..sent + calls, body));
        let rate = f64::from(calls) / started.elapsed().as_secs_f64();
        sent += calls;
        let failed = answers.iter().filter(|(_, answer)| answer.status != 200).count();
        let [median, most, slowest] = [0.5, 0.01, 0.0].map(|share| all_but(share, &answers));
        println!("{rate:>12.0} {calls:>8} {median:>10.1?} {most:>10.1?} {slowest:>10.1?} {failed:>8}");
    }
    program.stop().unwrap();
}
