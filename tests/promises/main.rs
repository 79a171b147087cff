//! What `SECURITY.md` promises, each with the fault produced for real: the real program, its real
//! port and files, raw sockets. Short here; `tests/soak.sh` runs the same at length.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/load.rs"]
mod load;
#[path = "../support/program.rs"]
mod program;
#[path = "../support/serving.rs"]
mod serving;
#[path = "../support/wire.rs"]
mod wire;

mod answered;
mod canary;
mod config;
mod floods;
#[cfg(target_os = "linux")]
mod guard;
mod log;
mod same_call;
#[cfg(target_os = "linux")]
mod standstill;
#[cfg(all(target_os = "linux", feature = "desktop"))]
mod window;

use std::path::Path;

use load::Load;
use serving::Serving;

/// So many times, or as many as the variable says: `tests/soak.sh` asks for more.
fn times(variable: &str, usual: u32) -> u32 {
    std::env::var(variable).ok().and_then(|times| times.parse().ok()).unwrap_or(usual)
}

/// Genuine calls to this, as quickly as they are answered.
fn calls_to(serving: &Serving) -> Load {
    Load { addr: serving.addr, key: program::KEY, per_second: 0, at_once: 32 }
}

/// The body of a call with this number.
fn body(number: u32) -> String {
    program::payload(&format!("+1213{:07}", 7_000_000 + number), "+12137771235", &format!("call_{number}"))
}

/// Makes this the table that a start on this folder publishes.
fn put_table(home: &Path, table: &switchboard::routing::Table) {
    std::fs::create_dir_all(home).unwrap();
    std::fs::write(home.join("routing.json"), serde_json::to_vec(table).unwrap()).unwrap();
}

/// Says that something is not tried, for want of this. Where it is decided whether work lands, that is a
/// failure, as `.ci/run` has put there what is needed; only on Linux, as it puts nothing elsewhere.
#[cfg(target_os = "linux")]
fn skip(want: &str) {
    let decides = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty());
    assert!(!decides, "not tried: {want}");
    println!("skipped: {want}");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
