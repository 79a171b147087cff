//! Undo and redo with the real service: whatever is done in whatever order, the window shows the
//! right draft, and how it differs from the live table.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::Context;
use proptest::prelude::*;

use super::{Action, App, State};
use crate::program::{Options, Program};
use crate::routing::{Table, changes};
use crate::service::Clock;
use crate::service::messages::Command;
use crate::storage::{Home, read};

/// Longer than anything here takes; only a hanging test meets it.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Debug)]
enum Deed {
    /// Sets the zone to one of a few, so that edits lead back to where they were.
    Edit(usize),
    Undo,
    Redo,
    Publish,
    Discard,
    BringBack,
    /// Waits until the service has done everything.
    Settle,
}

const ZONES: [&str; 3] = ["America/New_York", "Europe/Berlin", "Asia/Tokyo"];

fn any_deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0..ZONES.len()).prop_map(Deed::Edit),
        3 => Just(Deed::Undo),
        2 => Just(Deed::Redo),
        1 => Just(Deed::Publish),
        1 => Just(Deed::Discard),
        1 => Just(Deed::BringBack),
        2 => Just(Deed::Settle),
    ]
}

/// A window and the program behind it.
struct Window {
    _folder: tempfile::TempDir,
    home: Home,
    program: Program,
    app: App,
    ctx: Context,
    /// Undo as it is meant to be: drafts before, and drafts taken back.
    past: Vec<Arc<Table>>,
    future: Vec<Arc<Table>>,
    edits: usize,
}

impl Window {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path()).unwrap();
        let listen = Some("127.0.0.1:0".parse().unwrap());
        let program = Program::start(Options { home: home.clone(), listen, clock: Clock::system() }).unwrap();
        let app = App::new(program.connect(|| ()), program.registry(), program.clock());
        let (past, future, ctx) = (Vec::new(), Vec::new(), Context::default());
        let mut window = Self { _folder: folder, home, program, app, ctx, past, future, edits: 0 };
        window.until(|app| app.state().is_some());
        window
    }

    fn state(&self) -> &State {
        self.app.state().unwrap()
    }

    fn until(&mut self, done: impl Fn(&App) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !done(&self.app) {
            assert!(Instant::now() < end, "the service did not answer");
            self.app.logic(&self.ctx);
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Waits until everything asked for is done and heard.
    fn settle(&mut self) {
        self.app.flush(&self.ctx);
        self.until(|app| !app.outbox.is_saving());
        self.app.state.as_mut().unwrap().tables.clear();
        self.app.act(&self.ctx, Action::Send(Command::LoadVersion(1)));
        self.until(|app| !app.state().unwrap().tables.is_empty());
        self.until(|app| !app.outbox.is_saving());
    }

    fn act(&mut self, action: Action) {
        self.app.act(&self.ctx, action);
        self.app.flush(&self.ctx);
    }

    /// Another table takes the place of the draft.
    fn replaced(&mut self, before: Arc<Table>) {
        if before != self.state().draft {
            self.past.push(before);
            self.future.clear();
        }
    }

    fn follow(&mut self, deed: &Deed) {
        let before = self.state().draft.clone();
        match deed {
            Deed::Edit(zone) => {
                self.edits += 1;
                let what = format!("Edit {}", self.edits);
                let table = Table { zone: ZONES[*zone].to_owned(), ..Table::clone(&before) };
                if table != *before {
                    self.past.push(before);
                    self.future.clear();
                }
                self.act(Action::Edit { what, table });
            }
            Deed::Undo => {
                self.act(Action::Undo);
                if let Some(table) = self.past.pop() {
                    self.future.push(before);
                    assert_eq!(self.state().draft, table);
                }
            }
            Deed::Redo => {
                self.act(Action::Redo);
                if let Some(table) = self.future.pop() {
                    self.past.push(before);
                    assert_eq!(self.state().draft, table);
                }
            }
            Deed::Publish => {
                self.act(Action::Send(Command::Publish {
                    table: before,
                    note: String::new(),
                    until: None,
                    despite: String::new(),
                }));
            }
            // What replaces the draft is heard of later; until then undo would mean another draft.
            Deed::Discard => {
                self.act(Action::Send(Command::DiscardDraft));
                self.settle();
                assert_eq!(self.state().draft, self.state().live.table);
                self.replaced(before);
            }
            Deed::BringBack => {
                self.act(Action::Send(Command::BringBack(1)));
                self.settle();
                assert_eq!(self.state().draft, self.state().live.table);
                self.replaced(before);
            }
            Deed::Settle => self.settle(),
        }
    }

    /// What must hold whenever nothing is under way.
    fn check(&mut self) {
        self.settle();
        let state = self.app.state().unwrap();
        assert_eq!(state.changes, changes(&state.live.table, &state.draft, &*state.registry));
        assert_eq!(state.changes.is_empty(), state.live.table == state.draft);
        assert_eq!(self.program.engine().live().table, state.live.table);
        let saved: Table = read::read_json(&self.home.routing_file(), 1).unwrap();
        assert_eq!(saved, *state.draft);
        assert_eq!(self.app.history.to_undo().is_some(), !self.past.is_empty());
        assert_eq!(self.app.history.to_redo().is_some(), !self.future.is_empty());
    }

    fn close(mut self) {
        self.app.finish();
        drop(self.app);
        self.program.stop().unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_mark_of_changes_is_right_whatever_is_done(deeds in prop::collection::vec(any_deed(), 1..24)) {
        let mut window = Window::open();
        for (index, deed) in deeds.iter().enumerate() {
            window.follow(deed);
            if index % 5 == 0 {
                window.check();
            }
        }
        window.check();
        window.close();
    }
}

#[test]
fn undo_leads_back_to_what_was_published_and_past_it() {
    let mut window = Window::open();
    let first = window.state().draft.clone();
    let rename = |window: &mut Window, zone: &str| {
        let table = Table { zone: zone.to_owned(), ..Table::clone(&window.state().draft) };
        window.act(Action::Edit { what: "Change the time zone".to_owned(), table });
    };
    // Typed in one go, but for what is published in between.
    rename(&mut window, ZONES[1]);
    window.follow(&Deed::Publish);
    window.settle();
    assert!(window.state().changes.is_empty());
    rename(&mut window, ZONES[2]);
    window.settle();
    assert_eq!(window.state().changes.len(), 1);

    window.act(Action::Undo);
    window.settle();
    assert!(window.state().changes.is_empty(), "back at what was published");
    window.act(Action::Undo);
    window.settle();
    assert_eq!(window.state().draft, first);
    assert_eq!(window.state().changes.is_empty(), first == window.state().live.table);
    window.act(Action::Redo);
    window.settle();
    assert!(window.state().changes.is_empty());

    window.act(Action::Redo);
    window.settle();
    window.act(Action::Send(Command::DiscardDraft));
    window.settle();
    assert_eq!(window.app.history.to_undo(), Some("Discard the draft"));
    window.act(Action::Undo);
    window.settle();
    assert_eq!(window.state().draft.zone, ZONES[2], "what was discarded is back");
    assert_eq!(window.state().changes.len(), 1);
    window.close();
}
