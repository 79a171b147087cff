//! Publishing at a later time and until a time, going back, and bringing old versions back: the
//! whole program with a clock that the tests turn.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use support::{hear, table};
use switchboard::program::{Link, Options, Program};
use switchboard::routing::{Table, read_moment};
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event, Planned};
use switchboard::storage::version::Origin;
use switchboard::storage::{Home, KeptInfo, VersionInfo};

/// Saturday 31 October 2026, 12:00 in New York: the clocks go back in the night.
const START: &str = "2026-10-31T16:00:00Z";

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

/// A program on a folder, and its clock.
struct Office {
    program: Program,
    link: Link,
    clock: Arc<AtomicI64>,
}

impl Office {
    fn open(home: &Path, at: DateTime<Utc>) -> Self {
        let clock = Arc::new(AtomicI64::new(at.timestamp_millis()));
        let turned = clock.clone();
        let tell = move || DateTime::from_timestamp_millis(turned.load(Ordering::SeqCst)).unwrap();
        let program = Program::start(Options {
            home: Home::at(home).unwrap(),
            listen: Some("127.0.0.1:0".parse().unwrap()),
            clock: Clock::turned_by(tell),
        })
        .unwrap();
        let link = program.connect(|| ());
        Self { program, link, clock }
    }

    /// A program whose first version has this table.
    fn with(home: &Path, table: &Table) -> Self {
        fs::write(home.join("routing.json"), serde_json::to_vec(table).unwrap()).unwrap();
        Self::open(home, start())
    }

    fn turn_to(&self, at: DateTime<Utc>) {
        self.clock.store(at.timestamp_millis(), Ordering::SeqCst);
    }

    fn ask(&self, command: Command) {
        self.link.commands.send(command).unwrap();
    }

    fn save(&self, table: &Table) {
        self.ask(Command::SaveDraft(Arc::new(table.clone())));
    }

    fn publish(&self, table: &Table, until: Option<DateTime<Utc>>) -> VersionInfo {
        let (table, note) = (Arc::new(table.clone()), "By hand".to_owned());
        self.ask(Command::Publish { table, note, until, despite: String::new() });
        self.version()
    }

    fn plan(&self, table: &Table, at: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Vec<Planned> {
        let (table, note) = (Arc::new(table.clone()), "Holiday".to_owned());
        self.ask(Command::Plan { table, note, at, until, despite: String::new() });
        self.plans(|plans| !plans.is_empty())
    }

    fn plans(&self, wanted: impl Fn(&[Planned]) -> bool) -> Vec<Planned> {
        hear(&self.link, |event| match event {
            Event::Plans(plans) if wanted(&plans) => Some(plans),
            Event::Failed(note) => panic!("{}", note.text),
            _ => None,
        })
    }

    /// Waits for a version to be made live or changed.
    fn version(&self) -> VersionInfo {
        hear(&self.link, |event| match event {
            Event::Version(info) => Some(info),
            Event::Failed(note) => panic!("{}", note.text),
            _ => None,
        })
    }

    fn failed(&self) -> String {
        hear(&self.link, |event| if let Event::Failed(note) = event { Some(note.text) } else { None })
    }

    fn trouble(&self) -> String {
        hear(
            &self.link,
            |event| if let Event::Trouble(trouble) = event { Some(trouble.message) } else { None },
        )
    }

    fn kept(&self) -> Vec<KeptInfo> {
        hear(&self.link, |event| if let Event::KeptDrafts(kept) = event { Some(kept) } else { None })
    }

    /// Everything asked for before is done.
    fn settle(&self) {
        static ASKED: AtomicI64 = AtomicI64::new(1);
        let mine = vec![ASKED.fetch_add(1, Ordering::SeqCst)];
        self.ask(Command::LoadRows(mine.clone()));
        hear(&self.link, |event| matches!(event, Event::Rows { asked, .. } if asked == mine).then_some(()));
    }

    fn live(&self) -> (u32, Table) {
        let live = self.program.engine().live();
        (live.version, Table::clone(&live.table))
    }

    fn stop(self) {
        drop(self.link);
        self.program.stop().unwrap();
    }
}

fn start() -> DateTime<Utc> {
    START.parse().unwrap()
}

/// A table that differs from others by the number of its second line.
fn other(n: u32) -> Table {
    let mut table = table();
    table.lines[1].number = format!("+1213777{n:04}");
    table
}

fn draft(home: &Path) -> Table {
    serde_json::from_slice(&fs::read(home.join("routing.json")).unwrap()).unwrap()
}

fn versions(home: &Path) -> usize {
    fs::read_dir(home.join("versions")).unwrap().count()
}

#[test]
fn what_is_planned_goes_live_at_its_time_as_it_was_then() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    // Half past one comes twice in this night; the first is meant.
    let at = read_moment("2026-11-01 01:30", chrono_tz::America::New_York).unwrap().to_utc();
    assert_eq!(at, start() + TimeDelta::minutes(13 * 60 + 30));
    office.save(&other(2000));
    let plans = office.plan(&other(2000), at, None);
    assert_eq!((plans[0].at, plans[0].note.as_str()), (at, "Holiday"));
    office.save(&other(3000));

    office.turn_to(at - TimeDelta::seconds(1));
    office.settle();
    assert_eq!(office.live(), (1, other(1000)));
    office.turn_to(at);
    let info = office.version();
    assert_eq!(info.remarks.origin, Origin::Planned { plan: plans[0].id });
    assert_eq!((info.remarks.note.as_str(), info.remarks.changes.unwrap().changed), ("Holiday", 1));
    assert!(office.plans(<[_]>::is_empty).is_empty());
    assert_eq!(office.live(), (2, other(2000)));
    assert_eq!(draft(home.path()), other(3000), "what was edited since stays in the draft");
    office.stop();
}

#[test]
fn a_draft_without_changes_follows_what_goes_live() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    let (at, until) = (start() + hours(1), start() + hours(2));
    office.plan(&other(2000), at, Some(until));
    office.turn_to(at);
    let info = office.version();
    assert_eq!(info.remarks.until.map(|end| (end.at, end.back_to)), Some((until, 1)));
    office.settle();
    assert_eq!((office.live(), draft(home.path())), ((2, other(2000)), other(2000)));

    office.turn_to(until);
    let info = office.version();
    assert_eq!((info.version, info.remarks.origin), (3, Origin::WentBack { to: 1 }));
    office.settle();
    assert_eq!((office.live(), draft(home.path())), ((3, other(1000)), other(1000)));
    office.stop();
}

#[test]
fn what_came_due_while_the_program_was_off_is_done_before_the_first_call() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    office.plan(&other(2000), start() + hours(1), Some(start() + hours(5)));
    office.plan(&other(3000), start() + hours(6), Some(start() + hours(7)));
    office.plan(&other(4000), start() + hours(8), None);
    office.stop();

    let office = Office::open(home.path(), start() + hours(2));
    assert_eq!(office.live(), (2, other(2000)), "late, and still within its time");
    let told = &office.program.troubles()[0].message;
    assert!(
        told.contains("Version 2 was planned for Sat 31 Oct 2026, 13:00 and went live only now"),
        "{told}"
    );
    office.stop();

    // The end of the one and all of the next went by.
    let office = Office::open(home.path(), start() + TimeDelta::minutes(7 * 60 + 30));
    assert_eq!(office.live(), (3, other(1000)));
    let told: Vec<_> = office.program.troubles().iter().map(|trouble| trouble.message.as_str()).collect();
    assert!(told[0].contains("Version 2 ended, later than planned"), "{told:?}");
    assert!(told[1].contains("from Sat 31 Oct 2026, 18:00 until Sat 31 Oct 2026, 19:00 was not"), "{told:?}");
    let kept = office.kept();
    assert!(kept[0].why.contains("Was planned for Sat 31 Oct 2026, 18:00"), "{kept:?}");
    office.stop();

    let office = Office::open(home.path(), start() + hours(8));
    assert_eq!(office.live(), (4, other(4000)));
    assert!(office.program.troubles().is_empty(), "in time");
    office.stop();
}

#[test]
fn a_crash_between_two_steps_publishes_nothing_twice() {
    let home = tempfile::tempdir().unwrap();
    let planned = home.path().join("planned.json");
    let office = Office::with(home.path(), &other(1000));
    office.plan(&other(2000), start() + hours(1), None);
    let before = fs::read(&planned).unwrap();
    office.turn_to(start() + hours(1));
    office.version();
    office.stop();
    assert_eq!(versions(home.path()), 2);

    // As if it had ended after the version was written and before the plan was taken away.
    fs::write(&planned, before).unwrap();
    let office = Office::open(home.path(), start() + hours(2));
    assert_eq!(office.live(), (2, other(2000)));
    assert!(office.plans(<[_]>::is_empty).is_empty());
    office.stop();
    assert_eq!(versions(home.path()), 2);
}

#[test]
fn a_table_that_no_longer_works_is_not_published_and_that_is_told() {
    let home = tempfile::tempdir().unwrap();
    let planned = home.path().join("planned.json");
    let office = Office::with(home.path(), &other(1000));
    let mut new = other(2000);
    new.rules.push(support::rule("VIP", Some(("caller.number", json!({ "numbers": ["+1*"] }))), "vip"));
    office.plan(&new, start() + hours(1), None);
    office.stop();
    let text = fs::read_to_string(&planned).unwrap();
    fs::write(&planned, text.replace("caller.number", "weather.rain")).unwrap();

    let office = Office::open(home.path(), start());
    office.settle();
    office.turn_to(start() + hours(1));
    let plans = office.plans(|plans| plans[0].failed.is_some());
    let told = office.trouble();
    assert!(told.contains("NOT published") && told.contains("version 1 goes on answering"), "{told}");
    assert!(told.contains("weather.rain"), "{told}");
    assert_eq!(office.live().0, 1);
    office.stop();

    // It is not tried again, and still shown.
    let office = Office::open(home.path(), start() + hours(3));
    assert_eq!(office.plans(|_| true), plans);
    assert_eq!((office.live().0, office.program.troubles().len()), (1, 0));
    office.ask(Command::CancelPlan(plans[0].id));
    assert!(office.plans(<[_]>::is_empty).is_empty());
    office.stop();
}

#[test]
fn a_full_disk_is_told_once_and_tried_again() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    office.plan(&other(2000), start() + hours(1), None);
    // A folder where the version's file should be is as good as a disk that refuses.
    let in_the_way = home.path().join("versions/000002.json");
    fs::create_dir(&in_the_way).unwrap();
    office.turn_to(start() + hours(1));
    let told = office.trouble();
    assert!(told.contains("could not be published") && told.contains("again each minute"), "{told}");
    office.turn_to(start() + hours(1) + TimeDelta::seconds(70));
    office.settle();
    assert_eq!(office.live().0, 1);
    fs::remove_dir(&in_the_way).unwrap();
    office.turn_to(start() + hours(1) + TimeDelta::seconds(140));
    assert_eq!(office.version().version, 2);
    assert_eq!(office.live(), (2, other(2000)));
    office.stop();
}

#[test]
fn a_plan_can_be_cancelled_and_its_table_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    let plans = office.plan(&other(2000), start() + hours(1), None);
    office.ask(Command::CancelPlan(plans[0].id));
    let kept = office.kept();
    assert!(office.plans(<[_]>::is_empty).is_empty());
    assert_eq!(kept[0].why, "Was planned to be published on Sat 31 Oct 2026, 13:00");
    office.turn_to(start() + hours(2));
    office.settle();
    assert_eq!(office.live(), (1, other(1000)));

    office.ask(Command::TakeBackDraft(kept[0].number));
    let table = hear(&office.link, |event| match event {
        Event::DraftReplaced { table, step, .. } => Some((table, step)),
        _ => None,
    });
    assert_eq!((&*table.0, table.1.as_str()), (&other(2000), "Get back a draft"));
    office.settle();
    assert_eq!(draft(home.path()), other(2000));
    office.stop();
}

#[test]
fn what_cannot_be_is_refused_with_a_reason() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    let mut broken = other(2000);
    broken.zone = "Mars".into();
    let plan = |table: &Table, at, until| {
        let table = Arc::new(table.clone());
        Command::Plan { table, note: String::new(), at, until, despite: String::new() }
    };
    let publish = |until| {
        let table = Arc::new(other(2000));
        Command::Publish { table, note: String::new(), until: Some(until), despite: String::new() }
    };
    for (command, told) in [
        (plan(&other(2000), start(), None), "That time is past"),
        (plan(&other(2000), start() + hours(2), Some(start() + hours(2))), "would end before it begins"),
        (plan(&broken, start() + hours(2), None), "1 thing has to be put right first"),
        (publish(start()), "The time until which it shall be live is past"),
        (Command::BringBack(7), "Version 7 was not brought back"),
        (Command::LoadVersion(7), "Version 7 cannot be shown"),
        (Command::TakeBackDraft(7), "cannot be got back"),
    ] {
        office.ask(command);
        let failed = office.failed();
        assert!(failed.contains(told), "{failed}");
    }
    office.settle();
    assert_eq!((office.live(), versions(home.path())), ((1, other(1000)), 1));
    assert_eq!(draft(home.path()), other(2000), "what was to be published is not lost");
    office.stop();
}

#[test]
fn a_version_for_a_time_gives_way_to_the_one_before_and_can_stay() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    let first = office.publish(&other(2000), Some(start() + hours(1)));
    assert_eq!(first.remarks.until.unwrap().back_to, 1);
    // Published meanwhile for a time too: back to what was there before both.
    let second = office.publish(&other(3000), Some(start() + hours(2)));
    assert_eq!(second.remarks.until.unwrap().back_to, 1);
    office.turn_to(start() + hours(1));
    office.settle();
    assert_eq!(office.live(), (3, other(3000)), "the end of version 2 is off");
    office.ask(Command::StayLive);
    assert_eq!(office.version().remarks.until, None);
    office.stop();

    let office = Office::open(home.path(), start() + hours(3));
    assert_eq!(office.live(), (3, other(3000)), "it stays, also after a restart");
    office.publish(&other(2000), Some(start() + hours(4)));
    let last = office.publish(&other(4000), None);
    assert_eq!(last.remarks.until, None);
    office.turn_to(start() + hours(5));
    office.settle();
    assert_eq!(office.live(), (5, other(4000)));
    office.stop();
}

#[test]
fn a_version_that_cannot_come_back_leaves_the_live_one_and_is_told_once() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    office.publish(&other(2000), Some(start() + hours(1)));
    fs::remove_file(home.path().join("versions/000001.json")).unwrap();
    office.turn_to(start() + hours(1));
    let told = office.trouble();
    assert!(told.contains("goes on answering calls, as version 1 cannot come back"), "{told}");
    office.settle();
    assert_eq!(office.live(), (2, other(2000)));
    office.stop();
}

#[test]
fn an_old_version_comes_back_as_a_new_one_and_the_draft_is_set_aside() {
    let home = tempfile::tempdir().unwrap();
    let office = Office::with(home.path(), &other(1000));
    office.publish(&other(2000), None);
    office.save(&other(3000));
    office.ask(Command::BringBack(1));
    let info = office.version();
    assert_eq!((info.version, info.remarks.origin), (3, Origin::BroughtBack { from: 1 }));
    let step = hear(&office.link, |event| match event {
        Event::DraftReplaced { step, .. } => Some(step),
        _ => None,
    });
    assert_eq!(step, "Bring back version 1");
    office.settle();
    assert_eq!((office.live(), draft(home.path())), ((3, other(1000)), other(1000)));
    office.stop();

    let office = Office::open(home.path(), start() + hours(1));
    let kept = office.kept();
    assert_eq!(kept[0].why, "Set aside as version 1 was brought back");
    office.save(&other(4000));
    office.ask(Command::TakeBackDraft(kept[0].number));
    office.settle();
    assert_eq!(draft(home.path()), other(3000));
    // The one that gave way is kept in turn, and can be thrown away.
    office.settle();
    office.ask(Command::Open);
    let kept = office.kept();
    assert_eq!(kept[0].why, "Set aside as an earlier draft was got back");
    office.settle();
    office.ask(Command::RemoveDraft(kept[0].number));
    assert!(office.kept().is_empty());
    office.stop();
}

#[test]
fn files_of_the_first_program_are_still_read() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("versions")).unwrap();
    let old =
        json!({ "format": 1, "version": 7, "published_at": START, "note": "Old", "table": other(1000) });
    fs::write(home.path().join("versions/000007.json"), old.to_string()).unwrap();
    let office = Office::open(home.path(), start());
    assert_eq!(office.live(), (7, other(1000)));
    let info = office.publish(&other(2000), None);
    assert_eq!((info.version, info.remarks.note.as_str()), (8, "By hand"));
    office.stop();
    let written: Value =
        serde_json::from_slice(&fs::read(home.path().join("versions/000008.json")).unwrap()).unwrap();
    assert_eq!(written["changes"], json!({ "new": 0, "gone": 0, "changed": 1, "moved": 0 }));
    assert_eq!(written.get("until"), None);
}

#[test]
fn a_file_of_plans_that_cannot_be_read_is_kept_and_told() {
    let home = tempfile::tempdir().unwrap();
    let planned = home.path().join("planned.json");
    fs::write(&planned, "{ \"format\": 1, \"plans\": [").unwrap();
    let office = Office::with(home.path(), &other(1000));
    let told = &office.program.troubles()[0].message;
    assert!(told.contains("What was planned to be published cannot be read"), "{told}");
    assert_eq!(office.plan(&other(2000), start() + hours(1), None).len(), 1);
    office.stop();
    let kept =
        fs::read_dir(home.path()).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    assert_eq!(kept.filter(|name| name.starts_with("planned.json.rejected-")).count(), 1);
}
