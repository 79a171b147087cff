//! Who answers: one agent for every call, or an example to start from; then made live.

use egui::Ui;

use crate::routing::{Action as Then, Outcome, Table};
use crate::ui::app::{Action, Actions, State};
use crate::ui::routes::StarterDialog;
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::shell::Place;
use crate::ui::widgets::{Button, Field, divider, problem_line, safe_text, select};

/// So many things to be put right are told.
const TOLD: usize = 3;

/// What is chosen.
#[derive(Default)]
pub(super) struct TableStep {
    /// The id of the agent who is to answer every call.
    agent: String,
    examples: Option<StarterDialog>,
}

impl TableStep {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let about = "Begin simply. Everything can be changed later, and nothing counts before you publish";
        ui.label(text::soft(palette(ui), about));
        self.one_agent_ui(ui, state, actions);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            if ui.add(Button::secondary("Start from an example…").with_icon(icons::ROUTE)).clicked() {
                self.examples = Some(StarterDialog::default());
            }
            if ui.add(Button::quiet("Make rules of my own").with_trailing(icons::ARROW_RIGHT)).clicked() {
                actions.push(Action::Go(Place::Routes));
            }
        });
        if self.examples.as_mut().is_some_and(|dialog| !dialog.ui(ui, state, actions)) {
            self.examples = None;
        }
        publish_ui(ui, state, actions);
    }

    fn one_agent_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let agents = &state.draft.agents;
        if agents.is_empty() {
            return;
        }
        if state.draft.agent(&self.agent).is_none() {
            let now = match &state.draft.fallback.action {
                Then::Connect { agent, .. } => state.draft.agent(agent),
                _ => None,
            };
            self.agent = now.or(agents.first()).map(|agent| agent.id.clone()).unwrap_or_default();
        }
        let choices: Vec<(String, &str)> =
            agents.iter().map(|agent| (agent.id.clone(), agent.name.as_str())).collect();
        Field::new("One agent answers every call").show_group(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::S;
                select(ui, "agent", 260.0, &mut self.agent, &choices)
                    .accessible_name("The agent who answers every call");
                let wanted = Then::Connect { agent: self.agent.clone(), version: None };
                let is_so = state.draft.rules.is_empty() && state.draft.fallback.action == wanted;
                let button = Button::secondary("Use").name("Let this agent answer every call");
                if ui.add_enabled(!is_so && state.draft.rules.is_empty(), button).clicked() {
                    let fallback = Outcome { action: wanted, ..state.draft.fallback.clone() };
                    let table = Table { fallback, ..Table::clone(&state.draft) };
                    actions.push(Action::Edit { what: "Let one agent answer every call".to_owned(), table });
                }
                if !state.draft.rules.is_empty() {
                    ui.label(text::help(palette(ui), "Your rules say more than that already"));
                }
            });
        });
    }
}

/// Makes it live, or says what is in the way.
fn publish_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    if state.changes.is_empty() {
        return;
    }
    divider(ui);
    let obstacles: Vec<String> = state
        .obstacles()
        .take(TOLD)
        .map(|problem| format!("{}: {}", problem.place, problem.message))
        .collect();
    for obstacle in &obstacles {
        problem_line(ui, &safe_text(obstacle));
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let button = Button::primary("Publish…").name("Publish the table").with_icon(icons::PUBLISH);
        if ui.add_enabled(obstacles.is_empty(), button).clicked() {
            actions.push(Action::Publish);
        }
        let words = if obstacles.is_empty() {
            "From then on calls are answered like this"
        } else {
            "Put this right first, under Routes or Lines & agents"
        };
        ui.label(text::help(palette(ui), words));
    });
}
