//! Which agent answers: one of the table, or a new one made on the spot.

use std::ops::ControlFlow;

use egui::text::{LayoutJob, TextFormat};
use egui::{ComboBox, Response, Ui};

use crate::routing::Agent;
use crate::ui::app::State;
use crate::ui::lines::AgentForm;
use crate::ui::theme::{self, CONTROL_HEIGHT, icons, palette, space, text};
use crate::ui::widgets::{Button, Field, safe_text};

/// The choice, and the dialog that makes an agent while it is open.
#[derive(Default)]
pub(super) struct AgentChoice {
    form: Option<AgentForm>,
}

impl AgentChoice {
    /// Draws the choice of `chosen`, the id of an agent. Gives back an agent made here, already
    /// chosen.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, chosen: &mut String) -> Option<Agent> {
        Field::new("Agent").show_group(ui, |ui| {
            ui.horizontal(|ui| {
                let width = (ui.available_width() - 140.0).clamp(160.0, 280.0);
                agent_select(ui, "agent", width, &state.draft.agents, chosen);
                if ui.add(Button::quiet("New agent…").with_icon(icons::PLUS)).clicked() {
                    self.form = Some(AgentForm::default());
                }
            });
        });
        let ControlFlow::Break(made) = self.form.as_mut()?.ui(ui, state) else { return None };
        self.form = None;
        if let Some(agent) = &made {
            chosen.clone_from(&agent.id);
        }
        made
    }
}

/// A list of agents that drops down; name it with [`Field`] or `accessible_name`.
pub(super) fn agent_select(
    ui: &mut Ui,
    salt: &str,
    width: f32,
    agents: &[Agent],
    chosen: &mut String,
) -> Response {
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
    let response = ComboBox::from_id_salt(salt)
        .selected_text(words)
        .width(width)
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
