//! How long it takes to find calls in a log of a million, and whether those who write to it notice.
//! Prints; asserts nothing about time. Run with `cargo bench --bench search`; `CALLS=100000` takes
//! fewer. With `FOLDER=/some/where` the log stays there, to be opened with the program, and is used
//! again by the next run.
#![allow(clippy::unwrap_used, reason = "it is no part of the program")]

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use switchboard::service::numbers::{Counter, NumbersWish, Span};
use switchboard::storage::Home;
use switchboard::storage::call_log::search::{DecidedBy, Filter, Found, Order, Search};
use switchboard::storage::call_log::{Detail, LogWriter, Record, Summary};

/// When the first call came.
const FIRST_MS: i64 = 1_765_900_000_000;
const RULES: [&str; 6] =
    ["VIP callers", "Office hours", "Block list", "Nights and weekends", "Spring campaign", "Support"];
const FIRST: [&str; 8] = ["Anna", "Bert", "Carla", "Dora", "Emil", "Frida", "Gustav", "Hanna"];

fn record(n: u64) -> Record {
    let scattered = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let caller = scattered % 200_000;
    let rule = (scattered % 7) as usize;
    let name = format!("{} {}son", FIRST[(caller % 8) as usize], caller / 8 % 5000);
    Record {
        summary: Summary {
            at_ms: FIRST_MS + n as i64 * 30_000,
            from: Some(format!("+1{}", 2_120_000_000 + caller * 37_123)),
            to: format!("+1415555010{}", n % 3),
            line: Some(["Main line", "Sales line", "Support line"][(n % 3) as usize].into()),
            version: 12,
            rule_id: RULES.get(rule).map(|name| format!("rule-{name}")),
            rule_name: RULES.get(rule).map(|name| (*name).into()),
            outcome: ["connect", "connect", "connect", "keep", "reject"][(scattered % 5) as usize].into(),
            agent: Some(["Reception", "Sales", "After hours"][(scattered % 3) as usize].into()),
            took_us: 900 + scattered % 5000 + if n.is_multiple_of(97) { 800_000 } else { 0 },
            attempts: if n.is_multiple_of(61) { 2 } else { 1 },
            is_test: n.is_multiple_of(501),
            ..Summary::default()
        },
        detail: Detail {
            request: "x".repeat(400),
            facts: json!({ "known": { "contact.name": { "text": name }, "caller.country": { "text": "US" },
                "hours.office.open": { "yes_no": true } } }),
            decision: json!({ "variables": { "caller_name": name, "opens_next": "Tuesday 09:00" },
                "trace": ["x".repeat(900)] }),
            answer: "x".repeat(200),
            ..Detail::default()
        },
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn answer(search: &Search, found: &Receiver<Found>, question: u64, filter: Filter) -> (usize, Duration) {
    let begun = Instant::now();
    search.ask(question, filter);
    loop {
        let told = found.recv().unwrap();
        if told.question == question {
            return (told.matches.unwrap().ids.len(), begun.elapsed());
        }
    }
}

/// How long records take to be safe, 60 a second.
fn writing(log: &LogWriter, calls: u64) -> String {
    let mut times: Vec<Duration> = (0..calls)
        .map(|n| {
            thread::sleep(Duration::from_micros(16_666));
            let begun = Instant::now();
            log.record(record(n)).committed_blocking().unwrap();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    let part = |percent: usize| times[(times.len() - 1) * percent / 100];
    format!("p50 {:.0?}, p99 {:.0?}, longest {:.0?}", part(50), part(99), part(100))
}

fn main() {
    let calls: u64 = std::env::var("CALLS").ok().and_then(|calls| calls.parse().ok()).unwrap_or(1_000_000);
    let passing = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("FOLDER").map_or_else(|| passing.path().to_owned(), Into::into);
    let home = Home::at(&folder).unwrap();
    home.prepare().unwrap();
    let log = LogWriter::open(&home, chrono::DateTime::UNIX_EPOCH).unwrap();
    let begun = Instant::now();
    let mut n = log.reader().count().unwrap();
    while n < calls {
        let tickets: Vec<_> = (n..(n + 5000).min(calls)).map(|n| log.record(record(n))).collect();
        n += tickets.len() as u64;
        for ticket in tickets {
            ticket.committed_blocking().unwrap();
        }
    }
    println!("{calls} calls written in {:.1?}", begun.elapsed());
    println!("writing without a search: {}", writing(&log, 300));

    let (tell, found) = sync_channel(1000);
    let search = Search::start(&log, move |calls| drop(tell.send(calls))).unwrap();
    let begun = Instant::now();
    let (count, took) = answer(&search, &found, 1, Filter::default());
    println!("all {count} calls, at once after the start: {took:.1?}");
    println!("writing while the index is made: {}", writing(&log, 300));
    search.ask(2, Filter { text: "main".into(), ..Filter::default() });
    let whole = |told: &Found| told.question == 2 && told.matches.as_ref().unwrap().looked_through == 100;
    while !whole(&found.recv().unwrap()) {}
    let size = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().len() / 1_000_000;
    println!(
        "index made in {:.0?}: {} MB beside a log of {} MB",
        begun.elapsed(),
        size(home.search_file()),
        size(home.calls_file())
    );
    println!("writing with a search: {}", writing(&log, 300));

    for span in [Span::All, Span::Days(30)] {
        let wish = NumbersWish { span, zone: chrono_tz::America::New_York };
        let now = chrono::DateTime::from_timestamp_millis(FIRST_MS + calls as i64 * 30_000).unwrap();
        let mut counter = Counter::default();
        let count = |counter: &mut Counter| {
            let begun = Instant::now();
            let numbers = counter.count(&log.reader(), wish.clone(), now).unwrap();
            (numbers.calls, begun.elapsed())
        };
        let anew = (0..5).map(|_| count(&mut Counter::default()).1).collect();
        let (calls, _) = count(&mut counter);
        let again = (0..5).map(|_| count(&mut counter).1).collect();
        let (anew, again) = (median(anew), median(again));
        println!("numbers of {span:?}: {calls} calls counted in {anew:.0?}, and once more in {again:.0?}");
    }

    let any = Filter::default;
    let text = |text: &str| Filter { text: text.into(), ..any() };
    let day = |n: u64| Some(FIRST_MS + (calls / 10 * n) as i64 * 30_000);
    let questions = [
        ("all", any()),
        ("“a”", text("a")),
        ("“main”", text("main")),
        ("“anna”", text("anna")),
        ("“anna 77”", text("anna 77")),
        ("“main 212”", text("main 212")),
        ("“4”", text("4")),
        ("“(212) 555”", text("(212) 555")),
        ("“nobody”", text("nobody")),
        ("rejected", Filter { outcome: Some("reject".into()), ..any() }),
        ("a rule", Filter { decided_by: Some(DecidedBy::Rule("rule-VIP callers".into())), ..any() }),
        ("slow", Filter { slow: true, ..any() }),
        ("all, the slowest first", Filter { order: Order::Slowest, ..any() }),
        ("without tests", Filter { tests: Some(false), ..any() }),
        ("a tenth of the time", Filter { from_ms: day(4), before_ms: day(5), ..any() }),
        (
            "connected by an agent, half the time, “hours”",
            Filter {
                outcome: Some("connect".into()),
                agent: Some("Sales".into()),
                from_ms: day(4),
                before_ms: day(9),
                ..text("hours")
            },
        ),
    ];
    let mut first = None;
    for (number, (name, filter)) in (1_u64..).zip(questions) {
        let times = (0..7).map(|n| answer(&search, &found, number * 100 + n, filter.clone()));
        let (counts, times): (Vec<usize>, Vec<Duration>) = times.unzip();
        let took = median(times);
        let against = *first.get_or_insert(took);
        let ratio = took.as_secs_f64() / against.as_secs_f64();
        println!("{name:48} {:>8} calls in {took:>8.1?} ({ratio:.2} of listing all)", counts[0]);
    }
}
