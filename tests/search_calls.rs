//! Finding calls in the log: by words, numbers and all that is filtered by, on real files, while calls
//! come in, and whatever becomes of the index.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::json;
use switchboard::routing::{CallEnd, Medium};
use switchboard::storage::Home;
use switchboard::storage::call_log::search::{DecidedBy, Filter, Found, HourOfWeek, Matches, Order, Search};
use switchboard::storage::call_log::{Detail, EndNews, LogWriter, Record, Summary};
use tempfile::TempDir;

const LONG: Duration = Duration::from_secs(30);
const DAY: i64 = 86_400_000;

struct World {
    log: LogWriter,
    search: Search,
    found: Receiver<Found>,
    home: Home,
    /// Goes when this does.
    folder: TempDir,
}

fn home() -> (TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    home.prepare().unwrap();
    (folder, home)
}

fn start(home: &Home) -> (LogWriter, Search, Receiver<Found>) {
    let log = LogWriter::open(home, chrono::DateTime::UNIX_EPOCH).unwrap();
    let (tell, found) = sync_channel(1000);
    let search = Search::start(&log, move |calls| drop(tell.send(calls))).unwrap();
    (log, search, found)
}

impl World {
    fn with(records: Vec<Record>) -> Self {
        let (folder, home) = home();
        let (log, search, found) = start(&home);
        let world = Self { log, search, found, home, folder };
        for record in records {
            world.add(record);
        }
        world
    }

    fn add(&self, record: Record) -> i64 {
        let ticket = self.log.record(record);
        let id = ticket.id;
        ticket.committed_blocking().unwrap();
        id
    }

    /// The next answer to this question that `wanted` takes.
    fn hear(&self, question: u64, wanted: impl Fn(&Matches) -> bool) -> Matches {
        loop {
            let found = self.found.recv_timeout(LONG).expect("an answer");
            let matches = found.matches.expect("it can be searched");
            if found.question == question && wanted(&matches) {
                return matches;
            }
        }
    }

    fn find(&self, question: u64, filter: &Filter) -> Vec<i64> {
        self.search.ask(question, filter.clone());
        self.hear(question, |matches| matches.looked_through == 100 && !matches.are_newer).ids.to_vec()
    }
}

fn text(text: &str) -> Filter {
    Filter { text: text.into(), ..Filter::default() }
}

/// Four calls with the ids 1 to 4.
fn records() -> Vec<Record> {
    let summary = |from: Option<&str>, day: i64| Summary {
        at_ms: day * DAY,
        from: from.map(str::to_owned),
        to: "+14155550100".into(),
        line: Some("Main line".into()),
        outcome: "keep".into(),
        attempts: 1,
        ..Summary::default()
    };
    let detail = |name: &str, told: &str| Detail {
        request: "{\"secret\": \"unfindable\"}".into(),
        facts: json!({ "known": { "contact.name": { "text": name }, "caller.country": { "text": "US" } } }),
        decision: json!({ "variables": { "greeting": told }, "trace": ["untold"] }),
        ..Detail::default()
    };
    let by_rule = Summary {
        rule_id: Some("vip".into()),
        rule_name: Some("VIP callers".into()),
        outcome: "connect".into(),
        agent: Some("Reception".into()),
        took_us: 700_000,
        attempts: 2,
        ..summary(Some("+14155552671"), 1)
    };
    let closed = Summary {
        overruled: Some("Closed until Monday".into()),
        rule_id: Some("vip".into()),
        outcome: "reject".into(),
        is_test: true,
        ..summary(Some("+4915112345678"), 2)
    };
    let text_message = Summary {
        medium: Medium::Text,
        fallback_used: true,
        line: None,
        to: "+14155550177".into(),
        ..summary(Some("sip:anna.smith@example.com"), 4)
    };
    vec![
        Record { summary: by_rule, detail: detail("José O'Brien", "Tuesday 09:00") },
        Record { summary: closed, detail: detail("Müller GmbH", "") },
        Record { summary: summary(None, 3), detail: Detail::default() },
        Record { summary: text_message, detail: detail("ЗАВОД № 5", "東京タワー") },
    ]
}

#[test]
fn a_call_is_found_by_all_that_is_known_of_it() {
    let world = World::with(records());
    let cases: &[(&str, &[i64])] = &[
        ("", &[4, 3, 2, 1]),
        ("main", &[3, 2, 1]),
        ("VIP rec", &[1]),
        ("(415) 555-2671", &[1]),
        ("0415 555", &[4, 3, 2, 1]),
        ("2671", &[1]),
        ("555-26", &[1]),
        ("+49 151", &[2]),
        ("0151 123", &[2]),
        ("jose", &[1]),
        ("JOSÉ o'brien", &[1]),
        ("brien", &[1]),
        ("muller", &[2]),
        ("завод", &[4]),
        ("東京", &[4]),
        ("tuesday", &[1]),
        ("closed monday", &[2]),
        ("withheld", &[3]),
        ("fallback", &[4, 3]),
        ("anna smith", &[4]),
        ("text", &[4]),
        ("rejected", &[2]),
        ("test", &[2]),
        ("unfindable", &[]),
        ("untold", &[]),
        ("nobody", &[]),
        ("\" OR NOT ( * : ^", &[]),
        ("Ⓐ 🄰 \u{0}", &[4, 3, 2, 1]),
        ("=any", &[]),
    ];
    for (question, (typed, expected)) in (1..).zip(cases) {
        assert_eq!(world.find(question, &text(typed)), *expected, "{typed}");
    }
    let long = "x".repeat(100_000);
    assert!(world.find(1000, &text(&long)).is_empty());
}

#[test]
fn calls_are_chosen_by_what_became_of_them() {
    let world = World::with(records());
    let any = Filter::default;
    let cases: &[(Filter, &[i64])] = &[
        (Filter { outcome: Some("reject".into()), ..any() }, &[2]),
        (Filter { decided_by: Some(DecidedBy::Rule("vip".into())), ..any() }, &[1]),
        (Filter { decided_by: Some(DecidedBy::Override), ..any() }, &[2]),
        (Filter { decided_by: Some(DecidedBy::Fallback), ..any() }, &[4, 3]),
        (Filter { agent: Some("Reception".into()), ..any() }, &[1]),
        (Filter { line: Some("+14155550177".into()), ..any() }, &[4]),
        (Filter { caller: Some("+4915112345678".into()), ..any() }, &[2]),
        (Filter { caller: Some("sip:anna.smith@example.com".into()), ..any() }, &[4]),
        (Filter { caller: Some("+491511234567".into()), ..any() }, &[]),
        (Filter { slow: true, ..any() }, &[1]),
        (Filter { asked_again: true, ..any() }, &[1]),
        (Filter { troubled: true, ..any() }, &[4]),
        (Filter { tests: Some(true), ..any() }, &[2]),
        (Filter { tests: Some(false), ..any() }, &[4, 3, 1]),
        (Filter { from_ms: Some(2 * DAY), before_ms: Some(4 * DAY), ..any() }, &[3, 2]),
        (Filter { from_ms: Some(2 * DAY), tests: Some(false), ..text("main") }, &[3]),
        (Filter { before_ms: Some(2 * DAY), outcome: Some("connect".into()), ..text("415") }, &[1]),
    ];
    for (question, (filter, expected)) in (1..).zip(cases) {
        assert_eq!(world.find(question, filter), *expected, "{filter:?}");
    }
}

#[test]
fn calls_are_found_by_their_hour_of_the_week() {
    let world = World::with(records());
    // 1 January 1970 was a Thursday; in New York each of these calls came at seven in the evening before.
    let hour = |day, hour, zone: &str| Filter {
        hour: Some(HourOfWeek { day, hour, zone: zone.into() }),
        ..Filter::default()
    };
    let all = world.find(1, &Filter::default());
    let times: Vec<i64> = world.log.reader().rows(&all).unwrap().iter().map(|call| call.at_ms).collect();
    let on = |weekday: i64| times.iter().filter(|at| (**at / DAY + 3) % 7 == weekday).count();
    for day in 0..7_u8 {
        let found = world.find(10 + u64::from(day), &hour(day, 0, "UTC")).len();
        assert_eq!(found, on(i64::from(day)), "day {day}");
        let before = (day + 6) % 7;
        assert_eq!(world.find(20 + u64::from(day), &hour(before, 19, "America/New_York")).len(), found);
    }
    let both = Filter { text: "nobody".into(), ..hour(0, 0, "UTC") };
    assert_eq!(world.find(30, &both), Vec::<i64>::new());
}

#[test]
fn a_call_is_found_by_what_became_of_it_too() {
    let world = World::with(records());
    assert_eq!(world.find(1, &text("plumbing")), Vec::<i64>::new());
    let call = world.log.reader().rows(&[1]).unwrap().remove(0);
    let news = EndNews {
        call_id: "call_7d1".into(),
        from: call.from.clone(),
        to: call.to.clone(),
        at_ms: call.at_ms,
        end: CallEnd { summary: Some("Asked about plumbing on Friday".into()), ..CallEnd::default() },
    };
    futures_util::FutureExt::now_or_never(world.log.end(news));
    // It is asked anew as the index learns of it.
    world.hear(1, |matches| *matches.ids == [1]);
    assert_eq!(world.find(2, &text("friday plumb")), [1]);
}

#[test]
fn what_comes_in_is_told_to_who_asked_last() {
    let world = World::with(records());
    let found = world.find(1, &text("vip"));
    assert_eq!(found, [1]);
    let [vip, _, withheld, _] = <[Record; 4]>::try_from(records()).unwrap();
    world.add(withheld);
    let id = world.add(vip);
    let newer = world.hear(1, |matches| matches.are_newer);
    assert_eq!((newer.ids.to_vec(), newer.rows[0].id), (vec![id], id));
    // A call that Retell asks about again is then among those it asked about again.
    let again = Filter { asked_again: true, ..Filter::default() };
    assert_eq!(world.find(2, &again), [id, 1]);
    world.log.attempt_again(3);
    assert_eq!(world.hear(2, |matches| matches.ids.len() == 3).ids.to_vec(), [id, 3, 1]);
}

#[test]
fn calls_stand_in_the_order_that_is_wanted() {
    let world = World::with(records());
    let slow = |took_us, agent: Option<&str>, at: usize| {
        let mut record = records().swap_remove(at);
        (record.summary.took_us, record.summary.agent) = (took_us, agent.map(str::to_owned));
        record
    };
    for record in [slow(9_000_000, Some("ada"), 0), slow(8_000_000, Some("Bea"), 1), slow(1, None, 2)] {
        world.add(record);
    }
    let in_order = |question, order| world.find(question, &Filter { order, ..Filter::default() });
    assert_eq!(in_order(1, Order::Newest), [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(in_order(2, Order::Oldest), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(in_order(3, Order::Slowest)[..2], [5, 6]);
    let by_agent = in_order(4, Order::Agent);
    let place = |id| by_agent.iter().position(|other| *other == id).unwrap();
    assert!(
        place(5) < place(6) && place(6) < place(7),
        "{by_agent:?}: capitals count nothing, none comes last"
    );
    // What comes in later stands where it belongs.
    let id = world.add(slow(10_000_000, None, 0));
    let question = 5;
    assert_eq!(in_order(question, Order::Slowest)[..2], [id, 5]);
    let id = world.add(slow(8_500_000, None, 0));
    let matches = world.hear(question, |matches| matches.ids.contains(&id));
    assert_eq!((matches.ids[2], matches.are_newer), (id, false));
}

#[test]
fn rows_come_as_they_are_wanted() {
    let world = World::with(records());
    let rows = world.log.reader().rows(&[4, 99, 1]).unwrap();
    assert_eq!(rows.iter().map(|call| call.id).collect::<Vec<_>>(), [4, 1]);
}

#[test]
fn an_index_that_is_gone_damaged_or_of_another_log_is_made_anew() {
    let World { log, search, home, folder: _folder, .. } = World::with(records());
    drop((log, search));
    let file = home.search_file();
    let reopen = |search_again: &str| {
        let (log, search, found) = start(&home);
        let world = World { log, search, found, home: home.clone(), folder: tempfile::tempdir().unwrap() };
        world.find(1, &text(search_again))
    };
    assert_eq!(reopen("vip"), [1], "it was kept");
    fs::remove_file(&file).unwrap();
    assert_eq!(reopen("vip"), [1]);
    for tail in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{tail}", file.display()));
    }
    fs::write(&file, "no database at all").unwrap();
    assert_eq!(reopen("vip"), [1]);
    // The log was replaced by another one.
    Connection::open(home.calls_file()).unwrap().execute("UPDATE identity SET id = x'00'", []).unwrap();
    Connection::open(&file).unwrap().execute("DELETE FROM words WHERE rowid = 1", []).unwrap();
    assert_eq!(reopen("vip"), [1]);
}

#[test]
fn a_log_from_before_there_was_a_search_is_read_from_the_newest_back() {
    let (folder, home) = home();
    let old = include_str!("support/calls-1.sql");
    let database = Connection::open(home.calls_file()).unwrap();
    database.execute_batch(old).unwrap();
    let many = "INSERT INTO calls (at_ms, caller, called, version, outcome, took_us, attempts, fallback_used,
            late, unreadable, detail)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
        SELECT i, '+1415555' || (1000 + i), '+14155550100', 1, 'keep', 1, 1, 0, 0, 0, '{}' FROM n";
    database.execute(many, []).unwrap();
    let count: i64 = database.query_row("SELECT count(*) FROM calls", [], |row| row.get(0)).unwrap();
    let fits = "SELECT count(*) FROM calls WHERE caller LIKE '%415555%' OR called LIKE '%415555%'";
    let expected: i64 = database.query_row(fits, [], |row| row.get(0)).unwrap();
    drop(database);
    let (log, search, found) = start(&home);
    let world = World { log, search, found, home, folder };
    let ids = world.find(1, &text("415555"));
    assert_eq!(ids.len() as i64, expected);
    assert!(ids.is_sorted_by(|a, b| a > b));
    let all = world.find(2, &Filter::default());
    assert_eq!(all.len() as i64, count);
}

#[test]
fn an_index_that_fell_far_behind_says_so_until_it_has_caught_up() {
    let world = World::with(records());
    assert_eq!(world.find(1, &text("415555")).len(), 4);
    let World { log, search, home, folder, .. } = world;
    drop((search, log));
    let many = "INSERT INTO calls (at_ms, caller, called, version, outcome, took_us, attempts, fallback_used,
            late, unreadable, detail)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        SELECT i, '+1415555' || i, '+14155550100', 1, 'keep', 1, 1, 0, 0, 0, '{}' FROM n";
    Connection::open(home.calls_file()).unwrap().execute(many, []).unwrap();
    let (log, search, found) = start(&home);
    let world = World { log, search, found, home, folder };
    world.search.ask(2, text("415555"));
    let first = world.hear(2, |_| true);
    assert!(first.looked_through < 100 && first.ids.len() < 20_000, "{}", first.looked_through);
    let (mut count, mut looked_through) = (first.ids.len(), 0);
    while looked_through < 100 || count < 20_004 {
        let told = world.hear(2, |_| true);
        count = if told.are_newer { count + told.ids.len() } else { told.ids.len() };
        looked_through = told.looked_through;
    }
    assert_eq!(count, 20_004);
}

#[test]
fn a_later_question_takes_the_place_of_an_earlier_one() {
    let world = World::with(records());
    for question in 1..200 {
        world.search.ask(question, text("main"));
    }
    assert_eq!(world.find(200, &text("vip")), [1]);
    assert!(world.found.recv_timeout(Duration::from_millis(300)).is_err(), "nothing comes late");
}

#[test]
fn without_room_for_the_index_all_calls_are_listed_and_the_reason_is_told() {
    let World { log, search, home, folder, .. } = World::with(Vec::new());
    drop((log, search));
    for tail in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{tail}", home.search_file().display()));
    }
    fs::create_dir(home.search_file()).unwrap();
    let (log, search, found) = start(&home);
    let world = World { log, search, found, home: home.clone(), folder };
    for record in records() {
        world.add(record);
    }
    assert_eq!(world.find(1, &Filter::default()), [4, 3, 2, 1]);
    world.search.ask(2, text("vip"));
    let told = loop {
        let found = world.found.recv_timeout(LONG).unwrap();
        if found.question == 2 {
            break found.matches.unwrap_err();
        }
    };
    assert!(told.starts_with("Calls cannot be searched just now"), "{told}");
    fs::remove_dir(home.search_file()).unwrap();
    let healed =
        std::iter::from_fn(|| world.found.recv_timeout(LONG).ok()).find_map(|told| told.matches.ok());
    assert_eq!(healed.unwrap().ids.to_vec(), [1], "it heals by itself");
}

#[test]
fn nothing_is_left_of_a_caller_who_is_erased() {
    let world = World::with(records());
    assert_eq!(world.find(1, &text("josé")), [1]);
    let erased = world.log.erase_caller("+14155552671").blocking_recv().unwrap();
    assert_eq!(erased, Ok(1));
    world.hear(1, |matches| matches.ids.is_empty());
    assert!(world.log.reader().detail(1).unwrap().is_none());
    assert_eq!(world.find(2, &Filter::default()), [4, 3, 2]);
    // While all files are in use, what is written ahead among them.
    let until = Instant::now() + LONG;
    while !traces(&world.home).is_empty() && Instant::now() < until {
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(traces(&world.home), [""; 0]);
    let World { log, search, found, home, folder } = world;
    drop((log, search, found));
    assert_eq!(traces(&home), [""; 0]);
    drop(folder);
}

/// What is left of the caller who was erased, in which files.
fn traces(home: &Home) -> Vec<String> {
    let mut found = Vec::new();
    for file in fs::read_dir(&home.data).unwrap() {
        let path = file.unwrap().path();
        let Ok(bytes) = fs::read(&path) else { continue };
        for trace in ["4155552671", "O'Brien", "brien"] {
            if bytes.windows(trace.len()).any(|part| part.eq_ignore_ascii_case(trace.as_bytes())) {
                found.push(format!("{trace} in {}", path.display()));
            }
        }
    }
    found
}

#[test]
fn old_calls_go_and_the_others_stay() {
    let world = World::with(records());
    assert_eq!(world.find(1, &Filter::default()).len(), 4);
    world.log.erase_before(3 * DAY);
    assert_eq!(world.hear(1, |matches| matches.ids.len() < 4).ids.to_vec(), [4, 3]);
    assert!(world.find(2, &text("vip")).is_empty());
}
