//! What the window makes of what it hears, whatever the order and however much.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use chrono::DateTime;
use egui::Context;

use super::{Action, App, State};
use crate::plugins::Registry;
use crate::program::Link;
use crate::routing::{Schedule, Table};
use crate::service::messages::{
    AccountNews, Command, Event, Keys, Level, LiveInfo, Note, Opening, Planned, Serving,
};
use crate::service::{Clock, Feed};
use crate::storage::Settings;
use crate::storage::call_log::{Refused, Summary};

struct Window {
    app: App,
    feed: Feed,
    asked: Receiver<Command>,
    ctx: Context,
}

impl Window {
    fn new() -> Self {
        let feed = Feed::default();
        let (commands, asked) = sync_channel(16);
        let link = Link { commands, events: feed.listen(|| ()) };
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let app = App::new(link, Arc::new(Registry::built_in()), Clock::standing(at));
        Self { app, feed, asked, ctx: Context::default() }
    }

    fn opened(calls: &[i64]) -> Self {
        let mut window = Self::new();
        window.hear(opening("start", calls));
        window
    }

    fn hear(&mut self, event: Event) {
        self.feed.send(event);
        self.app.logic(&self.ctx);
    }

    fn edit(&mut self, zone: &str) {
        let action = Action::Edit { what: format!("To {zone}"), table: table(zone) };
        self.app.act(&self.ctx, action);
        self.app.flush(&self.ctx);
    }

    fn state(&self) -> &State {
        self.app.state().unwrap()
    }

    fn calls(&self) -> Vec<i64> {
        self.state().calls.iter().map(|call| call.id).collect()
    }

    /// What was asked for, and the zones of the drafts to save.
    fn asked(&self) -> Vec<String> {
        let words = |command| match command {
            Command::SaveDraft(table) => table.zone.clone(),
            other => format!("{other:?}"),
        };
        self.asked.try_iter().map(words).collect()
    }
}

fn table(zone: &str) -> Table {
    Table::empty("US", zone)
}

fn call(id: i64) -> Summary {
    Summary { id, ..Summary::default() }
}

fn opening(zone: &str, calls: &[i64]) -> Event {
    let table = Arc::new(table(zone));
    Event::Opened(Box::new(Opening {
        draft: table.clone(),
        live: LiveInfo { version: 1, published_at: DateTime::UNIX_EPOCH, table },
        problems: Vec::new(),
        changes: Vec::new(),
        versions: Vec::new(),
        settings: Settings::default(),
        secrets: std::collections::BTreeSet::default(),
        keys: Keys::default(),
        serving: Serving::Starting,
        troubles: Vec::new(),
        calls: calls.iter().copied().map(call).collect(),
        total_calls: calls.len() as u64,
        refused: Vec::new(),
        overrides: Arc::default(),
        account: AccountNews::default(),
        reach: crate::reach::ReachState::default(),
        config_folder: PathBuf::new(),
        data_folder: PathBuf::new(),
    }))
}

fn saved() -> Event {
    Event::Draft { problems: Vec::new(), changes: Vec::new(), not_saved: None }
}

#[test]
fn what_came_before_everything_was_told_is_neither_lost_nor_shown_twice() {
    let mut window = Window::new();
    window.hear(Event::Call(call(2)));
    window.hear(Event::Call(call(3)));
    window.hear(Event::Log(Some("The disk is full".to_owned())));
    assert!(window.app.state().is_none());
    window.hear(opening("start", &[2, 1]));
    window.hear(Event::Call(call(1)));
    window.hear(Event::Call(call(5)));
    window.hear(Event::Call(call(4)));
    window.hear(Event::Again { id: 4, attempts: 2 });
    assert_eq!((window.calls(), window.state().total_calls), (vec![5, 4, 3, 2, 1], 5));
    assert_eq!(window.state().calls[1].attempts, 2);
    assert_eq!(window.state().log_trouble.as_deref(), Some("The disk is full"));
    let text = "This call is not in the log yet".to_owned();
    window.hear(Event::Failed(Note { level: Level::Error, text }));
    assert_eq!(window.state().failures, 1, "what waits for an answer can be asked for again");
}

#[test]
fn refused_requests_alike_are_one_row() {
    let mut window = Window::opened(&[]);
    for (at_ms, peer) in [(0, "a"), (50_000, "a"), (50_000, "b"), (61_000, "a")] {
        let (peer, code) = (peer.to_owned(), "unsigned".to_owned());
        let reason = format!("at {at_ms}");
        let (last_ms, body_bytes, count) = (at_ms, 1, 1);
        window.hear(Event::Refused(Refused { id: 0, at_ms, last_ms, peer, code, reason, body_bytes, count }));
    }
    let rows = window.state().refused.iter().map(|row| (row.peer.as_str(), row.count, row.reason.as_str()));
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows, [("a", 3, "at 61000"), ("b", 1, "at 50000")]);
}

#[test]
fn a_window_that_fell_behind_asks_for_everything_and_keeps_its_edits() {
    let mut window = Window::opened(&[1]);
    for _ in 0..5000 {
        window.feed.send(saved());
    }
    window.app.logic(&window.ctx);
    assert_eq!(window.asked(), ["Open"]);
    window.edit("edited");
    window.hear(opening("older", &[2, 1]));
    for _ in 0..5 {
        window.app.logic(&window.ctx);
    }
    assert_eq!((window.state().draft.zone.as_str(), window.calls()), ("edited", vec![2, 1]));
}

#[test]
fn one_draft_is_on_its_way_at_a_time_and_the_newest_follows() {
    let mut window = Window::opened(&[]);
    for zone in ["a", "b", "c"] {
        window.edit(zone);
    }
    assert_eq!(window.asked(), ["a"]);
    window.hear(saved());
    assert_eq!(window.asked(), ["c"]);
    window.edit("d");
    window.app.finish();
    assert_eq!(window.asked(), ["d"]);
}

#[test]
fn an_edit_on_its_way_does_not_undo_a_draft_that_took_its_place() {
    let mut window = Window::opened(&[]);
    window.edit("mine");
    assert_eq!(window.asked(), ["mine"]);
    let why = "The draft was changed outside of this window".to_owned();
    window.hear(Event::DraftReplaced {
        table: Arc::new(table("theirs")),
        step: "Change from outside".to_owned(),
        why,
    });
    window.hear(saved());
    assert_eq!(window.asked(), ["theirs"], "what is shown is what is saved");
    window.app.act(&window.ctx, Action::Undo);
    assert_eq!(window.state().draft.zone, "mine");
}

#[test]
fn failures_are_counted_until_looked_at() {
    let mut window = Window::opened(&[]);
    for level in [Level::Info, Level::Warning, Level::Error] {
        window.hear(Event::Note(Note { level, text: "\u{202e}Something".to_owned() }));
    }
    assert_eq!(window.app.unread, 2);
    assert!(window.app.messages.kept().all(|message| message.text == "Something"));
}

#[test]
fn the_end_of_the_service_is_said_once() {
    let mut window = Window::opened(&[]);
    drop(std::mem::replace(&mut window.asked, sync_channel(1).1));
    window.edit("lost");
    window.edit("lost too");
    window.app.logic(&window.ctx);
    assert_eq!(window.app.messages.kept().count(), 1);
}

#[test]
fn hours_from_a_file_are_an_edit_that_can_be_undone() {
    let mut window = Window::opened(&[]);
    let mut table = table("mine");
    table.schedules.push(Schedule { id: "office".into(), hours: "off".into(), ..Schedule::default() });
    window.app.act(&window.ctx, Action::Edit { what: "Add".into(), table });
    let hours = |window: &Window| window.state().draft.schedules[0].hours.clone();
    window.hear(Event::HoursRead { schedule: "deleted".into(), hours: "24/7".into() });
    assert_eq!(hours(&window), "off");
    window.hear(Event::HoursRead { schedule: "office".into(), hours: "24/7".into() });
    assert_eq!(hours(&window), "24/7");
    window.app.act(&window.ctx, Action::Undo);
    assert_eq!(hours(&window), "off");
}

#[test]
fn what_is_planned_is_said_in_a_narrow_window_too() {
    let mut window = Window::opened(&[]);
    let at = window.state().now + chrono::TimeDelta::hours(26);
    let (table, planned_at) = (Arc::new(table("planned")), window.state().now);
    let plan = Planned {
        id: 1,
        at,
        until: None,
        note: String::new(),
        despite: String::new(),
        planned_at,
        by: String::new(),
        failed: None,
        table,
    };
    window.hear(Event::Plans(vec![plan]));
    let said = super::live_words::words(window.state());
    assert_eq!(said.full, "Live v1 · no unpublished changes · publishes on 16 Jan, 10:00 (in 1 day)");
    assert_eq!(said.brief, "Live v1 · no changes · publishes 16 Jan, 10:00");
}
