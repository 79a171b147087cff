//! What plugins cost: how long an ask takes for one that is compiled in, for WebAssembly and for
//! JavaScript, what a call pays for 0, 1 and 10 of them, how long loading takes, and the memory of one that
//! is idle: `cargo bench --bench plugins`. Prints, and asserts nothing about time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "it is no part of the program")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::DateTime;
use switchboard::plugins::dropped::{Code, Desk, Dropped, Filled, Source, Working};
use switchboard::plugins::{Ask, Host, LookUp, Plugin, Registry};
use switchboard::routing::{Call, Caller, Table, number};
use switchboard::service::{BUDGET, Live};
use tokio::runtime::Runtime;

/// How many asks are timed.
const ASKS: usize = 2_000;
/// How many are asked before, so that everything is warm.
const BEFORE: usize = 50;
/// How often loading is timed.
const LOADS: usize = 20;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/plugins").join(name)
}

fn load(source: &Source) -> Code {
    source.load(0).unwrap_or_else(|why| panic!("{why}"))
}

/// A plugin at work; from the second one on its facts have names of their own.
fn working(name: &str, place: usize) -> Arc<Working> {
    let source = Source::read(&example(name)).unwrap();
    let code = Arc::new(load(&source));
    let mut manifest = source.manifest;
    if place > 0 {
        manifest.id = format!("{}_{place}", manifest.id);
    }
    Arc::new(Working::new(manifest, code, Filled::new(), Arc::<Desk>::default()))
}

fn ask(count: usize) -> Ask {
    let call = Call::new(Caller::Number(format!("+1415555{count:04}")), "+14155550123");
    Ask { call: Arc::new(call), at: DateTime::UNIX_EPOCH }
}

/// Times something many times, and says how long it mostly and at times takes.
fn print(what: &str, mut once: impl FnMut(usize)) {
    (0..BEFORE).for_each(&mut once);
    let mut took: Vec<Duration> = (0..ASKS)
        .map(|count| {
            let begun = Instant::now();
            once(count);
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    println!("{what:<44} p50 {:>9.1?}   p99 {:>9.1?}", took[ASKS / 2], took[ASKS * 99 / 100]);
}

fn print_ask(what: &str, runtime: &Runtime, look_up: &dyn LookUp) {
    print(what, |count| {
        runtime.block_on(look_up.find(ask(count))).unwrap();
    });
}

fn main() {
    number::warm();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let (table, host) = (Arc::new(Table::empty("US", "America/New_York")), Host::default());

    let built_in = Registry::built_in();
    let native = built_in.own_look_ups(&table).into_iter().find(|opened| opened.name == "Caller").unwrap();
    print_ask("an ask of one that is compiled in", &runtime, &*native.look_up);
    print_ask("an ask of one in WebAssembly", &runtime, &working("caller_group", 0).look_up(&table, &host));
    print_ask("an ask of one in JavaScript", &runtime, &working("spam_score", 0).look_up(&table, &host));

    for count in [0, 1, 10] {
        let dropped = |place| -> Arc<dyn Plugin> { Arc::new(Dropped::working(working("spam_score", place))) };
        let registry = built_in.with_dropped((0..count).map(dropped).collect());
        let live = Live::build(1, table.clone(), &registry).unwrap_or_else(|problems| panic!("{problems:?}"));
        print(&format!("a call's look-ups with {count} in JavaScript"), |count| {
            let Ask { call, at } = ask(count);
            let asked = live.look_ups.iter().map(|opened| {
                let asking = opened.look_up.find(Ask { call: call.clone(), at });
                async move { tokio::time::timeout(BUDGET, tokio::spawn(asking)).await }
            });
            runtime.block_on(futures_util::future::join_all(asked));
        });
    }

    for (what, name) in [("WebAssembly", "caller_group"), ("JavaScript", "spam_score")] {
        let source = Source::read(&example(name)).unwrap();
        // The engine for scripts is made ready once for all of them.
        let first = Instant::now();
        let size = load(&source).image_size();
        let first = first.elapsed();
        let mut took: Vec<Duration> = (0..LOADS)
            .map(|_| {
                let begun = Instant::now();
                load(&source);
                begun.elapsed()
            })
            .collect();
        took.sort_unstable();
        let mostly = took[LOADS / 2];
        println!(
            "loading one in {what:<12} {first:>9.1?} this time, mostly {mostly:>9.1?}, idle {} KB",
            size / 1024
        );
    }
}
