//! The page of versions: every table that was published, what is planned, and drafts set aside.

mod compare;
mod kept;
mod plans;
mod row;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use egui::Ui;

use crate::routing::{Table, moment_words};
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision::zone;
use crate::ui::theme::{icons, space};
use crate::ui::widgets::{Button, Confirm, EmptyState, Screen, card};
use compare::{Compare, Side};
use table::TablePage;

/// How many versions are shown until more are asked for.
const SHOWN: usize = 50;

/// The page, while it is open.
#[derive(Default)]
pub(super) struct Versions {
    /// The version whose table is shown.
    open: Option<TablePage>,
    compare: Compare,
    tables: Tables,
    /// The version that is to be brought back, while that is asked.
    bringing: Option<u32>,
    /// The draft that is to be thrown away, while that is asked.
    removing: Option<u32>,
    /// How many more versions than [`SHOWN`] are shown.
    more: usize,
}

/// What a person wants of the page.
enum Asked {
    Open(u32),
    Compare(Side, Side),
    BringBack(u32),
    StayLive,
    ToDraft(String, Arc<Table>),
    CancelPlan(i64),
    TakeBack(u32),
    Remove(u32),
}

impl Versions {
    /// The page with this version's table open.
    pub(super) fn at(version: u32) -> Self {
        Self { open: Some(TablePage::new(version)), ..Self::default() }
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let (stays, asked) = match &mut self.open {
            Some(page) => {
                let table = self.tables.get(state, page.version(), actions);
                let (stays, asked) = page.ui(ui, state, &table);
                if !stays {
                    self.open = None;
                }
                (true, asked)
            }
            None => self.list_ui(ui, state, actions),
        };
        if let Some(asked) = asked {
            self.act(asked, actions);
        }
        self.questions_ui(ui, state, actions);
        stays
    }

    fn list_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> (bool, Option<Asked>) {
        let mut back = false;
        let mut asked = None;
        let about = "Every table that was published; any of them can be looked at, compared and brought back";
        Screen::new("Versions", about).show(
            ui,
            |ui| {
                back = super::back_button(ui);
            },
            |ui| {
                self.compare.ui(ui, state, &mut self.tables, actions);
                asked = plans::ui(ui, state).or(kept::ui(ui, state));
                let shown = SHOWN + self.more;
                for (index, info) in state.versions.iter().take(shown).enumerate() {
                    let before = state.versions.get(index + 1).map(|info| info.version);
                    ui.push_id(info.version, |ui| {
                        asked = row::ui(ui, state, info, before).or(asked.take());
                    });
                }
                if state.versions.is_empty() {
                    empty_ui(ui);
                }
                if state.versions.len() > shown && ui.add(Button::secondary("Show older versions")).clicked()
                {
                    self.more += SHOWN;
                }
            },
        );
        (!back, asked)
    }

    fn act(&mut self, asked: Asked, actions: &mut Actions) {
        match asked {
            Asked::Open(version) => self.open = Some(TablePage::new(version)),
            Asked::Compare(from, to) => {
                self.open = None;
                self.compare.begin(from, to);
            }
            Asked::BringBack(version) => self.bringing = Some(version),
            Asked::StayLive => actions.push(Action::Send(Command::StayLive)),
            Asked::ToDraft(what, table) => {
                actions.push(Action::Edit { what, table: Table::clone(&table) });
            }
            Asked::CancelPlan(id) => actions.push(Action::Send(Command::CancelPlan(id))),
            Asked::TakeBack(number) => actions.push(Action::Send(Command::TakeBackDraft(number))),
            Asked::Remove(number) => self.removing = Some(number),
        }
    }

    fn questions_ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        if let Some(version) = self.bringing {
            let mut text = format!(
                "Its table answers calls at once, as version {}.",
                state.versions.first().map_or(0, |info| info.version) + 1
            );
            if !state.changes.is_empty() {
                text.push_str(
                    " What you changed in the draft is set aside, and can be got back on this page.",
                );
            }
            if state.live_until().is_some() {
                text.push_str(" The live version no longer goes back by itself.");
            }
            let title = format!("Bring version {version} back?");
            let answer = Confirm { title: &title, text: &text, yes: "Bring it back", danger: false }.ask(ui);
            if answer == Some(true) {
                actions.push(Action::Send(Command::BringBack(version)));
            }
            self.bringing = answer.is_none().then_some(version);
        }
        if let Some(number) = self.removing {
            let text = "It cannot be got back after that.";
            let answer =
                Confirm { title: "Throw this draft away?", text, yes: "Throw away", danger: true }.ask(ui);
            if answer == Some(true) {
                actions.push(Action::Send(Command::RemoveDraft(number)));
            }
            self.removing = answer.is_none().then_some(number);
        }
    }
}

/// Tables of versions, asked for when they are wanted first.
#[derive(Default)]
struct Tables {
    /// How many failures there had been when a version was asked for.
    asked: HashMap<u32, u64>,
}

/// A table on its way.
enum Loaded {
    Here(Arc<Table>),
    OnItsWay,
    /// It cannot be read; the message says why.
    Failed,
}

impl Tables {
    fn get(&mut self, state: &State, version: u32, actions: &mut Actions) -> Loaded {
        if version == state.live.version {
            return Loaded::Here(Arc::clone(&state.live.table));
        }
        if let Some(table) = state.tables.get(&version) {
            return Loaded::Here(Arc::clone(table));
        }
        match self.asked.get(&version) {
            None => {
                self.asked.insert(version, state.failures);
                actions.push(Action::Send(Command::LoadVersion(version)));
                Loaded::OnItsWay
            }
            Some(failures) if *failures < state.failures => Loaded::Failed,
            Some(_) => Loaded::OnItsWay,
        }
    }
}

fn empty_ui(ui: &mut Ui) {
    let empty = EmptyState {
        icon: icons::HISTORY,
        title: "No versions yet",
        text: "Each time you publish, the table is kept here as it was then.",
    };
    card(ui, |ui| empty.show(ui, |_| ()));
    ui.add_space(space::S);
}

/// A moment where the business is: "Thu 24 Dec 2026, 09:00".
fn moment(state: &State, at: DateTime<Utc>) -> String {
    moment_words(&at.with_timezone(&zone(state)))
}
