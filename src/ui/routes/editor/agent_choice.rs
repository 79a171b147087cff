//! Which agent answers: one of the table, or a new one made on the spot.

use egui::text::{LayoutJob, TextFormat};
use egui::{ComboBox, Response, Ui};

use crate::routing::{Agent, fresh_id};
use crate::ui::app::State;
use crate::ui::theme::{self, CONTROL_HEIGHT, icons, palette, space, text};
use crate::ui::widgets::{Button, Field, TextField, safe_text};

/// An agent that is being written, if one is.
#[derive(Default)]
pub(super) struct AgentChoice {
    new: Option<New>,
}

#[derive(Default)]
struct New {
    name: String,
    retell_id: String,
    was_shown: bool,
}

impl AgentChoice {
    /// Whether the fields of a new agent stand in place of the choice.
    pub(super) fn is_adding(&self) -> bool {
        self.new.is_some()
    }

    /// Draws the choice of `chosen`, the id of an agent. Gives back an agent made here, already
    /// chosen.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, chosen: &mut String) -> Option<Agent> {
        let Some(new) = &mut self.new else {
            let mut adds = false;
            Field::new("Agent").show_group(ui, |ui| {
                ui.horizontal(|ui| {
                    choice(ui, &state.draft.agents, chosen);
                    adds = ui.add(Button::quiet("New agent…").with_icon(icons::PLUS)).clicked();
                });
            });
            if adds {
                self.new = Some(New::default());
            }
            return None;
        };
        let adds = new.ui(ui)?;
        let New { name, retell_id, .. } = self.new.take().filter(|_| adds)?;
        let name = name.trim().to_owned();
        let id = fresh_id(&name, state.draft.agents.iter().map(|agent| agent.id.as_str()));
        chosen.clone_from(&id);
        Some(Agent { id, name, retell_id: retell_id.trim().to_owned() })
    }
}

impl New {
    /// Draws the fields; once a button was pressed, whether the agent is to be added.
    fn ui(&mut self, ui: &mut Ui) -> Option<bool> {
        let name = Field::new("Agent's name")
            .show(ui, |ui| ui.add(TextField::new(&mut self.name).hint("Reception").id_salt("agent name")));
        if !std::mem::replace(&mut self.was_shown, true) {
            name.request_focus();
        }
        Field::new("Agent ID").help("On the agent's page at Retell; begins with agent_").show(ui, |ui| {
            ui.add(TextField::new(&mut self.retell_id).hint("agent_…").mono().id_salt("agent id"))
        });
        ui.horizontal(|ui| {
            let complete = !self.name.trim().is_empty() && !self.retell_id.trim().is_empty();
            let add = ui.add_enabled(complete, Button::secondary("Add agent").with_icon(icons::PLUS));
            if add.clicked() {
                return Some(true);
            }
            ui.add(Button::quiet("Cancel").name("Cancel the new agent")).clicked().then_some(false)
        })
        .inner
    }
}

fn choice(ui: &mut Ui, agents: &[Agent], chosen: &mut String) -> Response {
    let shown = agents.iter().find(|agent| agent.id == *chosen);
    let words = shown.map_or_else(
        || {
            LayoutJob::simple_singleline(
                "Choose…".to_owned(),
                text::regular(text::BODY),
                palette(ui).text_soft,
            )
        },
        |agent| dotted(ui, agent),
    );
    let before = std::mem::replace(&mut ui.spacing_mut().interact_size.y, CONTROL_HEIGHT);
    let response = ComboBox::from_id_salt("agent")
        .selected_text(words)
        .width((ui.available_width() - 140.0).clamp(160.0, 280.0))
        .truncate()
        .popup_style(egui::style::StyleModifier::new(theme::menu_style))
        .icon(|ui, rect, _, _| {
            let colour = palette(ui).text_soft;
            let middle = egui::Align2::CENTER_CENTER;
            ui.painter().text(
                rect.center(),
                middle,
                icons::CHEVRON_DOWN,
                text::icon_font(text::ICON),
                colour,
            );
        })
        .show_ui(ui, |ui| {
            if agents.is_empty() {
                ui.label(text::help(palette(ui), "There are no agents yet; press New agent…"));
            }
            for agent in agents {
                let row = egui::Button::selectable(agent.id == *chosen, dotted(ui, agent));
                if ui.add(row).accessible_name(&agent.name).clicked() {
                    chosen.clone_from(&agent.id);
                }
            }
        })
        .response;
    ui.spacing_mut().interact_size.y = before;
    response
}

/// The name after a dot of the agent's colour.
fn dotted(ui: &Ui, agent: &Agent) -> LayoutJob {
    let p = palette(ui);
    let mut job = LayoutJob::default();
    job.append("●", 0.0, TextFormat::simple(text::regular(text::BODY), p.agent(&agent.id)));
    let name = safe_text(&agent.name);
    job.append(&name, space::S, TextFormat::simple(text::regular(text::BODY), p.text));
    job
}
