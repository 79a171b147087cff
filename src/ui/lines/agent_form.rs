//! The dialog that adds or changes an agent, wherever an agent can be made.

use std::ops::ControlFlow;

use egui::Ui;

use crate::routing::{Agent, fresh_id};
use crate::ui::agents::{NeedsEditor, SettingsEditor, greeting_ui};
use crate::ui::app::State;
use crate::ui::help::{Page, help_button};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, Dialog, Field, TextField, divider};

use super::form::{first_field, form_ui, is_taken, named};

/// An agent as it is typed.
#[derive(Default)]
pub(in crate::ui) struct AgentForm {
    /// The agent that is changed; a new one without.
    id: Option<String>,
    agent: Agent,
    /// Greeting, variables and settings are shown.
    has_more: bool,
    settings: SettingsEditor,
}

impl AgentForm {
    pub(super) fn of(agent: &Agent) -> Self {
        let Agent { id, name: _, retell_id: _, greeting, needs, settings } = agent;
        let has_more = !greeting.is_empty() || !needs.is_empty() || settings.is_some();
        Self { id: Some(id.clone()), agent: agent.clone(), has_more, settings: SettingsEditor::default() }
    }

    /// Draws it. Breaks once it is done with: with the agent, if there is to be one.
    pub(in crate::ui) fn ui(&mut self, ui: &Ui, state: &State) -> ControlFlow<Option<Agent>> {
        let title = if self.id.is_some() { "Change an agent" } else { "Add an agent" };
        let others = || state.draft.agents.iter().filter(|agent| Some(&agent.id) != self.id.as_ref());
        let retell_id = self.agent.retell_id.trim().to_owned();
        let name_taken = is_taken(&self.agent.name, others().map(|agent| agent.name.as_str()));
        let name_error = name_taken.then_some("Another agent is called that; choose another name");
        let id_error = if retell_id.contains(|c: char| !c.is_ascii_graphic()) {
            Some("An agent ID is one word without blanks; copy it again".to_owned())
        } else {
            let same = others().find(|agent| agent.retell_id == retell_id);
            same.map(|agent| format!("“{}” is this agent already", agent.name))
        };
        let fits = !retell_id.is_empty() && id_error.is_none() && !name_taken;
        let fits = fits && NeedsEditor::is_ready(&self.agent.needs) && !self.settings.is_torn();
        let ready = fits.then(|| named(&self.agent.name)).flatten();
        let dialog = Dialog::new(title).width(if self.has_more { 620.0 } else { 440.0 });
        let saved = form_ui(ui, dialog, ready.is_some(), |ui| {
            first_field(ui, "Name", "What you call it, such as Reception", name_error, |ui| {
                ui.add(TextField::new(&mut self.agent.name).hint("Reception"))
            });
            Field::new("Agent ID at Retell")
                .help("Shown at the top of the agent's page at Retell, with a button that copies it")
                .error(id_error.as_deref())
                .show(ui, |ui| ui.add(TextField::new(&mut self.agent.retell_id).hint("agent_…").mono()));
            if self.has_more {
                self.more_ui(ui, state);
                // Fields of several lines take Enter for themselves.
                return true;
            }
            let more = Button::quiet("Greeting, variables, settings…").with_icon(icons::CHEVRON_DOWN);
            self.has_more = ui.add(more).clicked();
            false
        });
        match (saved, ready) {
            (Some(true), Some(name)) => {
                let ids = state.draft.agents.iter().map(|agent| agent.id.as_str());
                let id = self.id.clone().unwrap_or_else(|| fresh_id(&name, ids));
                ControlFlow::Break(Some(Agent { id, name, retell_id, ..self.agent.clone() }))
            }
            (Some(false), _) => ControlFlow::Break(None),
            _ => ControlFlow::Continue(()),
        }
    }

    /// What the agent's prompt needs, how it begins, and its settings.
    fn more_ui(&mut self, ui: &mut Ui, state: &State) {
        let Agent { greeting, needs, settings, .. } = &mut self.agent;
        let help = "The first words as they stand at Retell, with placeholders such as {{customer_name}}. Only to \
                    show here how they will sound";
        Field::new("Greeting").optional().help(help).show(ui, |ui| {
            ui.add(TextField::new(greeting).rows(2).hint("Hello {{customer_name}}, how can I help?"))
        });
        if !greeting.trim().is_empty() {
            let defaults =
                needs.iter().filter_map(|needed| Some((needed.name.clone(), needed.default.clone()?)));
            greeting_ui(ui, greeting, &defaults.collect());
        }
        let about =
            "Rules that leave one without a value are marked. A default is used where no rule sets it";
        part_ui(ui, "Variables that its prompt needs", about, "variables");
        NeedsEditor::ui(ui, needs, greeting);
        let about = "For all calls from here, unless a rule says otherwise";
        part_ui(ui, "Settings", about, "agent-settings");
        self.settings.ui(ui, &state.draft.zone, settings);
    }
}

fn part_ui(ui: &mut Ui, heading: &str, about: &str, page: &str) {
    divider(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.horizontal(|ui| {
            ui.label(text::strong(heading));
            if let Some(page) = Page::find(page) {
                help_button(ui, page, &heading.to_lowercase());
            }
        });
        ui.label(text::help(palette(ui), about));
    });
}
