//! The dialog that adds lines and agents as Retell knows them.

use std::ops::ControlFlow;

use egui::{ScrollArea, Ui};

use crate::routing::number::for_people;
use crate::routing::{Agent, Line, Table, fresh_id, fresh_name};
use crate::service::account::Account;
use crate::ui::app::{Action, State};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Button, Dialog, toggle};

use super::edit;
use super::form::is_taken;

/// What is at Retell and not in the table, each with whether it shall be added.
pub(in crate::ui) struct New {
    lines: Vec<Wanted<NewLine>>,
    agents: Vec<Wanted<NewAgent>>,
}

struct Wanted<T> {
    is_wanted: bool,
    what: T,
}

struct NewLine {
    name: String,
    number: String,
}

struct NewAgent {
    name: String,
    retell_id: String,
    about: &'static str,
}

impl New {
    pub(in crate::ui) fn of(account: &Account, table: &Table) -> Self {
        let is_new_line = |number: &str| table.lines.iter().all(|line| line.number != number);
        let lines = account.numbers.iter().filter(|number| is_new_line(&number.number)).map(|number| {
            let named = number.name.trim();
            let name = if named.is_empty() { &number.number } else { named };
            Wanted { is_wanted: true, what: NewLine { name: name.to_owned(), number: number.number.clone() } }
        });
        let is_new_agent = |id: &str| table.agents.iter().all(|agent| agent.retell_id != id);
        let agents = account.agents.iter().filter(|agent| is_new_agent(&agent.id)).map(|agent| {
            let named = agent.name.trim();
            let name = if named.is_empty() { "Agent without a name" } else { named }.to_owned();
            let about = match (agent.is_suspended, agent.is_for_texts) {
                (true, _) => "suspended at Retell",
                (false, true) => "answers texts",
                (false, false) => "",
            };
            let what = NewAgent { name, retell_id: agent.id.clone(), about };
            Wanted { is_wanted: !agent.is_suspended, what }
        });
        Self { lines: lines.collect(), agents: agents.collect() }
    }

    pub(in crate::ui) fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.agents.is_empty()
    }

    /// How many of each: "2 lines and 1 agent".
    pub(super) fn words(&self) -> String {
        words(self.lines.len(), self.agents.len())
    }

    /// How many of each are ticked; nothing for none.
    pub(in crate::ui) fn wanted_words(&self) -> String {
        let lines = self.lines.iter().filter(|line| line.is_wanted).count();
        words(lines, self.agents.iter().filter(|agent| agent.is_wanted).count())
    }

    /// Whether something is ticked.
    pub(in crate::ui) fn is_wanted(&self) -> bool {
        !self.wanted_words().is_empty()
    }

    /// Adds what is ticked.
    pub(in crate::ui) fn edit(&self, state: &State) -> Action {
        let what = format!("Add {} from Retell", self.wanted_words());
        edit(state, what, |table| self.add_to(table))
    }

    /// Draws the dialog. Breaks once it is done with: with the edit, if there is to be one.
    pub(super) fn ui(&mut self, ui: &Ui, state: &State) -> ControlFlow<Option<Action>> {
        let (add, is_wanted) = (format!("Add {}", self.wanted_words()), self.is_wanted());
        let ((), pressed, close) = Dialog::new("Add from Retell").width(480.0).show(
            ui,
            |ui| {
                ui.label(text::soft(palette(ui), "Their names can be changed here at any time"));
                ScrollArea::vertical().max_height(360.0).show(ui, |ui| self.ticks_ui(ui, state));
            },
            |ui| {
                let add = ui.add_enabled(is_wanted, Button::primary(add.trim())).clicked();
                let cancel = ui.add(Button::secondary("Cancel")).clicked();
                if add { Some(true) } else { cancel.then_some(false) }
            },
        );
        match pressed.or(close.then_some(false)) {
            Some(true) => ControlFlow::Break(Some(self.edit(state))),
            Some(false) => ControlFlow::Break(None),
            None => ControlFlow::Continue(()),
        }
    }

    pub(in crate::ui) fn ticks_ui(&mut self, ui: &mut Ui, state: &State) {
        ui.spacing_mut().item_spacing.y = space::S;
        if !self.lines.is_empty() {
            ui.add_space(space::S);
            ui.label(text::strong("Lines"));
        }
        for Wanted { is_wanted, what } in &mut self.lines {
            let words = state.named_number(&what.name, &what.number);
            toggle(ui, is_wanted, &words);
        }
        if !self.agents.is_empty() {
            ui.add_space(space::S);
            ui.label(text::strong("Agents"));
        }
        for (index, Wanted { is_wanted, what }) in self.agents.iter_mut().enumerate() {
            let about = if what.about.is_empty() { String::new() } else { format!(" · {}", what.about) };
            ui.push_id(index, |ui| toggle(ui, is_wanted, &format!("{}{about}", what.name)));
        }
    }

    fn add_to(&self, table: &mut Table) {
        for Wanted { what, .. } in self.lines.iter().filter(|line| line.is_wanted) {
            // One that nobody named is called by its number, as people write it.
            let shown = (what.name == what.number).then(|| for_people(&what.number, &table.country));
            let name = fresh_name(shown.as_deref().unwrap_or(&what.name), |name| {
                is_taken(name, table.lines.iter().map(|line| line.name.as_str()))
            });
            let id = fresh_id(&name, table.lines.iter().map(|line| line.id.as_str()));
            table.lines.push(Line { id, name, number: what.number.clone() });
        }
        for Wanted { what, .. } in self.agents.iter().filter(|agent| agent.is_wanted) {
            let name = fresh_name(&what.name, |name| {
                is_taken(name, table.agents.iter().map(|agent| agent.name.as_str()))
            });
            let id = fresh_id(&name, table.agents.iter().map(|agent| agent.id.as_str()));
            table.agents.push(Agent { id, name, retell_id: what.retell_id.clone(), ..Agent::default() });
        }
    }
}

fn words(lines: usize, agents: usize) -> String {
    let counted = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {one}s")),
    };
    [counted(lines, "line"), counted(agents, "agent")].into_iter().flatten().collect::<Vec<_>>().join(" and ")
}
