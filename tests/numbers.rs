//! The numbers of the call log, counted from a real one.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, Utc};
use chrono_tz::America::New_York;
use chrono_tz::Tz;
use switchboard::service::numbers::{Counter, Numbers, NumbersWish, Span};
use switchboard::storage::Home;
use switchboard::storage::call_log::search::DecidedBy;
use switchboard::storage::call_log::{Detail, LogWriter, Record, Step, Summary};

/// A Monday, half past two in New York.
const NOW: &str = "2026-11-23T14:30:00-05:00";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A call: when, from whom, by which rule (`-` for an override, empty for the fallback), to which agent.
struct Call(&'static str, &'static str, &'static str, &'static str);

fn record(Call(when, from, rule, agent): &Call) -> Record {
    let is_rule = !matches!(*rule, "" | "-");
    let summary = Summary {
        at_ms: at(when).timestamp_millis(),
        from: (!from.is_empty()).then(|| (*from).into()),
        caller_name: (*from == "+14155550001").then(|| "Anna".into()),
        to: "+14155550100".into(),
        version: 1,
        rule_id: is_rule.then(|| format!("id-{rule}")),
        rule_name: is_rule.then(|| (*rule).into()),
        overruled: (*rule == "-").then(|| "Closed".into()),
        outcome: if agent.is_empty() { "reject" } else { "connect" }.into(),
        agent: (!agent.is_empty()).then(|| (*agent).into()),
        attempts: 1,
        ..Summary::default()
    };
    Record { summary, detail: Detail::default() }
}

/// Keeps the folder as long as its log is read.
struct Log(tempfile::TempDir, Vec<Record>);

impl Log {
    fn new(calls: &[Call]) -> Self {
        Self(tempfile::tempdir().unwrap(), calls.iter().map(record).collect())
    }

    fn count(&self, span: Span, zone: Tz) -> Numbers {
        let home = Home::at(self.0.path()).unwrap();
        home.prepare().unwrap();
        let log = LogWriter::open(&home, at(NOW)).unwrap();
        for record in &self.1 {
            log.record(record.clone()).committed_blocking().unwrap();
        }
        let wish = NumbersWish { span, zone };
        let mut counter = Counter::default();
        let numbers = counter.count(&log.reader(), wish.clone(), at(NOW)).unwrap();
        assert_eq!(counter.count(&log.reader(), wish, at(NOW)).unwrap(), numbers, "the same once more");
        numbers
    }
}

fn names<T>(shares: &[switchboard::service::numbers::Share<T>]) -> Vec<(&str, u64)> {
    shares.iter().map(|share| (share.name.as_str(), share.calls)).collect()
}

#[test]
fn calls_are_counted_by_what_people_ask_for() {
    let mut log = Log::new(&[
        // Still Sunday evening in New York.
        Call("2026-11-23T04:10:00Z", "+14155550001", "Office", "Reception"),
        Call("2026-11-23T15:10:00Z", "+14155550001", "Office", "Reception"),
        Call("2026-11-23T15:50:00Z", "+14155550002", "Block", ""),
        Call("2026-11-23T16:00:00Z", "", "", "Sales"),
        Call("2026-11-23T17:00:00Z", "+14155550001", "-", ""),
        Call("2026-11-10T17:00:00Z", "+14155550003", "Office", "Reception"),
    ]);
    let mut test = record(&Call("2026-11-23T15:00:00Z", "+14155550009", "Office", "Reception"));
    test.summary.is_test = true;
    log.1.push(test);
    let numbers = log.count(Span::All, New_York);
    assert_eq!((numbers.calls, numbers.different_callers, numbers.withheld), (6, 3, 1));
    assert_eq!(names(&numbers.outcomes), [("connect", 4), ("reject", 2)]);
    assert_eq!(names(&numbers.agents), [("Reception", 3), ("Sales", 1)]);
    assert_eq!((names(&numbers.rules)[0], numbers.rules.len()), (("Office", 3), 4));
    let decided: Vec<_> = numbers.rules.iter().map(|share| &share.what).collect();
    for by in [DecidedBy::Override, DecidedBy::Fallback, DecidedBy::Rule("id-Block".into())] {
        assert!(decided.contains(&&by), "{decided:?}");
    }
    assert_eq!(names(&numbers.callers)[0], ("Anna", 3));
    assert_eq!(numbers.callers[0].what, "+14155550001");
    let (monday, tuesday, sunday) = (0, 1, 6);
    assert_eq!((numbers.week[sunday][23], numbers.week[monday][10], numbers.week[tuesday][12]), (1, 2, 1));
    assert_eq!(
        (numbers.hours_today[10], numbers.hours_today[11], numbers.hours_today.iter().sum()),
        (2, 1, 4)
    );
    assert_eq!(numbers.since, at("2026-11-10T17:00:00Z"));

    let spans = [(Span::Today, 4), (Span::Days(2), 5), (Span::Days(14), 6), (Span::Days(7), 5)];
    for (span, calls) in spans {
        assert_eq!(log_again(&log).count(span, New_York).calls, calls, "{span:?}");
    }
}

/// The same calls in a log of their own.
fn log_again(log: &Log) -> Log {
    Log(tempfile::tempdir().unwrap(), log.1.clone())
}

#[test]
fn what_came_since_is_added_and_what_went_is_counted_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    home.prepare().unwrap();
    let log = LogWriter::open(&home, at(NOW)).unwrap();
    let add = |call: Call| log.record(record(&call)).committed_blocking().unwrap();
    let wish = NumbersWish { span: Span::All, zone: New_York };
    let mut counter = Counter::default();
    let mut told = || {
        let numbers = counter.count(&log.reader(), wish.clone(), at(NOW)).unwrap();
        let anew = Counter::default().count(&log.reader(), wish.clone(), at(NOW)).unwrap();
        assert_eq!(numbers, anew, "as if it were counted anew");
        (numbers.calls, numbers.callers.first().map(|caller| caller.what.clone()))
    };
    assert_eq!(told(), (0, None));
    add(Call("2026-11-16T09:10:00-05:00", "+14155550001", "Office", "Reception"));
    add(Call("2026-11-23T09:10:00-05:00", "", "", ""));
    assert_eq!(told().0, 2);
    for minute in ["10", "11"] {
        add(Call(format!("2026-11-23T10:{minute}:00-05:00").leak(), "+14155550002", "-", "Sales"));
    }
    assert_eq!(told(), (4, Some("+14155550002".into())));
    log.erase_caller("+14155550002").blocking_recv().unwrap().unwrap();
    assert_eq!(told(), (2, Some("+14155550001".into())));
    log.erase_before(at("2026-11-20T00:00:00-05:00").timestamp_millis());
    add(Call("2026-11-23T11:00:00-05:00", "+14155550003", "Office", "Reception"));
    assert_eq!(told(), (2, Some("+14155550003".into())));
}

#[test]
fn the_usual_day_is_made_of_whole_days_of_the_same_kind() {
    // Mondays at ten: two calls a week ago, one three weeks ago, none two weeks ago.
    let week_ago = Call("2026-11-16T15:10:00Z", "", "", "Sales");
    let calls = [
        week_ago,
        Call("2026-11-16T15:40:00Z", "", "", "Sales"),
        Call("2026-11-02T15:10:00Z", "", "", "Sales"),
        // No Monday.
        Call("2026-11-17T15:10:00Z", "", "", "Sales"),
        // The log begins on this day, so it is no whole one.
        Call("2026-10-26T15:10:00Z", "", "", "Sales"),
    ];
    let usual = Log::new(&calls).count(Span::Today, New_York).usual.unwrap();
    assert_eq!(usual.days, 3);
    assert!((usual.hours[10] - 1.0).abs() < 1e-6, "{:?}", usual.hours);
    assert_eq!(Log::new(&calls[..1]).count(Span::Today, New_York).usual, None);
    let nothing = Log::new(&[]).count(Span::All, New_York);
    assert_eq!((nothing.calls, nothing.usual, nothing.callers.len()), (0, None, 0));
}

#[test]
fn look_ups_are_told_by_how_long_they_took() {
    let mut log = Log::new(&[]);
    for n in 1..=100_u64 {
        let mut record = record(&Call("2026-11-23T15:10:00Z", "", "", "Sales"));
        let step = |name: &str, took_us| Step { name: name.into(), took_us, ..Step::default() };
        let mut web = step("look-up CRM", n * 1000);
        web.fault = (n > 98).then(|| "CRM did not answer within 1500 ms".into());
        let mut remembered = step("look-up CRM", 1);
        remembered.note = Some("from memory, 3 minutes old".into());
        record.detail.steps = vec![
            step("verify", 9),
            web,
            remembered,
            step("look-up Contacts", 50),
            step("look-up CRM: not asked", 1),
        ];
        log.1.push(record);
    }
    let numbers = log.count(Span::Today, New_York);
    assert_eq!(numbers.timed_calls, 100);
    let [web, contacts] = numbers.look_ups.as_slice() else { panic!("{:?}", numbers.look_ups) };
    assert_eq!((web.name.as_str(), web.asked, web.failed), ("CRM", 100, 2));
    assert_eq!((web.median_us, web.slow_us), (50_000, 95_000));
    assert_eq!((contacts.name.as_str(), contacts.median_us), ("Contacts", 50));
}
