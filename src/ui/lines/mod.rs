//! The screen of the owner's phone numbers and voice agents.
//!
//! Lists both with the rules that use them; `form` and `agent_form` add and change them.

mod account_ui;
mod agent_form;
mod agent_row;
mod form;
mod import;
mod line_row;
mod today;
mod usage;

use std::ops::ControlFlow;
use std::sync::Arc;

use egui::{Label, Ui, vec2};
use egui_extras::{Size, StripBuilder};

use crate::routing::{Agent, Table};
use crate::ui::app::{Action, Actions, State};
use crate::ui::at_retell::ChangedStrip;
use crate::ui::theme::{self, CONTROL_HEIGHT, icons, space, text};
use crate::ui::widgets::{self, Button, Dialog, EmptyState, Screen, card, divider};

pub(super) use agent_form::AgentForm;
pub(super) use import::New as NewAtRetell;

use form::LineForm;
use today::CallsToday;
use usage::{Usage, User};

const ABOUT: &str = "Your phone numbers, and the voice agents that can answer them";

/// The screen's own state.
#[derive(Default)]
pub struct LinesScreen {
    open: Open,
    usage: Usage,
    changed: ChangedStrip,
}

/// The dialog that is open.
#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    Line(LineForm),
    Agent(Box<AgentForm>),
    /// What Retell has and the table has not.
    Import(import::New),
    /// Something cannot be deleted while these use it.
    InUse {
        name: String,
        users: Vec<User>,
    },
}

impl LinesScreen {
    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        self.usage.refresh(&state.draft);
        Screen::new("Lines & agents", ABOUT).show(
            ui,
            |_| (),
            |ui| {
                self.changed.ui(ui, state, actions);
                if let Some(new) = account_ui::account_ui(ui, state, actions) {
                    self.open = Open::Import(new);
                }
                self.lines_ui(ui, state, actions);
                self.agents_ui(ui, state, actions);
            },
        );
        let done = match &mut self.open {
            Open::Nothing => false,
            Open::Line(form) => form.ui(ui, state, actions),
            Open::Agent(form) => match form.ui(ui, state) {
                ControlFlow::Continue(()) => false,
                ControlFlow::Break(agent) => {
                    actions.extend(agent.map(|agent| put_agent(state, agent)));
                    true
                }
            },
            Open::Import(new) => match new.ui(ui, state) {
                ControlFlow::Continue(()) => false,
                ControlFlow::Break(edit) => {
                    actions.extend(edit);
                    true
                }
            },
            Open::InUse { name, users } => in_use_ui(ui, name, users, actions),
        };
        if done {
            self.open = Open::Nothing;
        }
    }

    fn lines_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let lines = &state.draft.lines;
        let (today, for_all) = (CallsToday::of(state), self.usage.for_all_lines());
        card(ui, |ui| {
            let about = "The numbers that callers dial";
            if heading_ui(ui, "Lines", about, "Add a line", !lines.is_empty()) {
                self.open = Open::Line(LineForm::default());
            }
            if lines.is_empty() {
                let empty = EmptyState {
                    icon: icons::PHONE,
                    title: "No lines yet",
                    text: "Add the phone numbers that you have at Retell, under Phone Numbers in its \
                           dashboard",
                };
                if empty.show(ui, add_button("Add your first line")) {
                    self.open = Open::Line(LineForm::default());
                }
            }
            for line in lines {
                divider(ui);
                let users = self.usage.of_line(&line.id);
                let pressed = ui.push_id(("line", &line.id), |ui| {
                    line_row::line_ui(ui, line, users, for_all, &today, state, actions)
                });
                match pressed.inner {
                    Some(Pressed::Edit) => self.open = Open::Line(LineForm::of(line, state)),
                    Some(Pressed::Delete) if users.is_empty() => {
                        let what = format!("Delete line “{}”", line.name);
                        actions.push(edit(state, what, |table| table.lines.retain(|one| one.id != line.id)));
                    }
                    Some(Pressed::Delete) => {
                        self.open = Open::InUse { name: line.name.clone(), users: users.to_vec() };
                    }
                    None => {}
                }
            }
        });
    }

    fn agents_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let agents = &state.draft.agents;
        card(ui, |ui| {
            let about = "The voice agents that calls can be connected to";
            if heading_ui(ui, "Agents", about, "Add an agent", !agents.is_empty()) {
                self.open = Open::Agent(Box::default());
            }
            if agents.is_empty() {
                let empty = EmptyState {
                    icon: icons::BOT,
                    title: "No agents yet",
                    text: "Add the voice agents that you made at Retell; each shows its agent ID at the top \
                           of its page there",
                };
                if empty.show(ui, add_button("Add your first agent")) {
                    self.open = Open::Agent(Box::default());
                }
            }
            for agent in agents {
                divider(ui);
                let users = self.usage.of_agent(&agent.id);
                let pressed = ui.push_id(("agent", &agent.id), |ui| {
                    agent_row::agent_ui(ui, agent, users, state, actions)
                });
                match pressed.inner {
                    Some(Pressed::Edit) => self.open = Open::Agent(Box::new(AgentForm::of(agent))),
                    Some(Pressed::Delete) if users.is_empty() => {
                        let what = format!("Delete agent “{}”", agent.name);
                        actions
                            .push(edit(state, what, |table| table.agents.retain(|one| one.id != agent.id)));
                    }
                    Some(Pressed::Delete) => {
                        self.open = Open::InUse { name: agent.name.clone(), users: users.to_vec() };
                    }
                    None => {}
                }
            }
        });
    }
}

enum Pressed {
    Edit,
    Delete,
}

/// An edit of the draft by `change`.
fn edit(state: &State, what: String, change: impl FnOnce(&mut Table)) -> Action {
    let mut table = Table::clone(&state.draft);
    change(&mut table);
    Action::Edit { what, table }
}

/// Adds the agent, or puts it in the place of the one with its id.
fn put_agent(state: &State, agent: Agent) -> Action {
    let is_known = state.draft.agent(&agent.id).is_some();
    let what = format!("{} agent “{}”", if is_known { "Change" } else { "Add" }, agent.name);
    edit(state, what, |table| match table.agents.iter_mut().find(|known| known.id == agent.id) {
        Some(known) => *known = agent,
        None => table.agents.push(agent),
    })
}

/// Heading and sentence of a list, with its button unless the empty state has it.
fn heading_ui(ui: &mut Ui, heading: &str, about: &str, add: &str, has_button: bool) -> bool {
    let p = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = space::XS;
    let (_, pressed) = egui::Sides::new().shrink_left().height(CONTROL_HEIGHT).show(
        ui,
        |ui| ui.label(text::heading(heading)),
        |ui| has_button && ui.add(Button::secondary(add).with_icon(icons::PLUS)).clicked(),
    );
    ui.label(text::help(p, about));
    ui.spacing_mut().item_spacing.y = space::S;
    ui.add_space(space::XS);
    pressed
}

fn add_button(words: &str) -> impl FnOnce(&mut Ui) -> bool {
    move |ui| ui.add(Button::primary(words).with_icon(icons::PLUS)).clicked()
}

/// A row of four cells: name, number or id, who uses it, buttons.
fn row(ui: &mut Ui, add: impl FnOnce(&mut egui_extras::Strip<'_, '_>)) {
    ui.allocate_ui(vec2(ui.available_width(), CONTROL_HEIGHT), |ui| {
        StripBuilder::new(ui)
            .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
            .size(Size::relative(0.27))
            .size(Size::relative(0.33))
            .size(Size::remainder())
            .size(Size::exact(2.0 * CONTROL_HEIGHT + space::S))
            .horizontal(|mut strip| add(&mut strip));
    });
}

/// Text cut where there is no room, whole when pointed at.
fn one_line(ui: &mut Ui, words: egui::RichText, whole: &str) {
    let label = ui.add(Label::new(words).truncate());
    if label.intrinsic_size().is_some_and(|size| size.x > label.rect.width() + 0.5) {
        label.on_hover_text(whole);
    }
}

/// "Used by Office hours, Sales (version prod)"; nothing if nobody does.
fn used_by(users: &[User]) -> Option<String> {
    let name = |user: &User| match &user.version {
        Some(version) => format!("{} (version {version})", user.name),
        None => user.name.clone(),
    };
    let names: Vec<String> = users.iter().map(name).collect();
    (!names.is_empty()).then(|| format!("Used by {}", names.join(", ")))
}

fn edit_buttons(ui: &mut Ui, name: &str) -> Option<Pressed> {
    ui.spacing_mut().item_spacing.x = space::XS;
    let (edit, delete) = (format!("Edit {name}"), format!("Delete {name}"));
    let edit = ui.add(Button::icon(icons::PENCIL, &edit)).clicked();
    let delete = ui.add(Button::icon(icons::TRASH, &delete)).clicked();
    if edit { Some(Pressed::Edit) } else { delete.then_some(Pressed::Delete) }
}

/// Says who uses it, with a way there. True once it is done with.
fn in_use_ui(ui: &Ui, name: &str, users: &[User], actions: &mut Actions) -> bool {
    let title = format!("“{}” is still used", widgets::safe_text(name));
    let (went, closed, close) = Dialog::new(&title).show(
        ui,
        |ui| {
            let p = theme::palette(ui);
            ui.label(text::soft(p, "Change these first; then it can be deleted"));
            ui.add_space(space::S);
            let mut went = false;
            for (index, user) in users.iter().enumerate() {
                let Some(rule) = &user.rule else {
                    ui.label(text::body(user.name.as_str()));
                    continue;
                };
                let words = format!("Open “{}”", user.name);
                let open = Button::secondary(&words).with_trailing(icons::ARROW_RIGHT);
                if ui.push_id(index, |ui| ui.add(open).clicked()).inner {
                    actions.push(Action::OpenRule(rule.clone()));
                    went = true;
                }
            }
            went
        },
        |ui| ui.add(Button::primary("Close")).clicked(),
    );
    went || closed || close
}

/// The draft that something was made from, to know when it is stale.
fn is_same(made_from: Option<&Arc<Table>>, draft: &Arc<Table>) -> bool {
    made_from.is_some_and(|table| Arc::ptr_eq(table, draft))
}
