//! An agent in the list: its name and id, who uses it, its versions, and what its prompt needs.

use egui::Ui;

use super::usage::User;
use super::{Pressed, edit_buttons, one_line, row, used_by};
use crate::retell::account::AccountAgent;
use crate::routing::{Agent, NeededVariable};
use crate::service::account::Account;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT, icons, palette, space, text};
use crate::ui::widgets::{Button, agent, problem_line, safe_text};

/// Draws it.
pub(super) fn agent_ui(
    ui: &mut Ui,
    this: &Agent,
    users: &[User],
    state: &State,
    actions: &mut Actions,
) -> Option<Pressed> {
    let Agent { id, name, retell_id, needs, .. } = this;
    let mut pressed = None;
    row(ui, |strip| {
        strip.cell(|ui| {
            agent(ui, id, name);
        });
        strip.cell(|ui| retell_id_ui(ui, name, retell_id, actions));
        strip.cell(|ui| match used_by(users) {
            Some(words) => one_line(ui, text::help(palette(ui), words.as_str()), &words),
            None => drop(ui.label(text::faint(palette(ui), "Not used yet"))),
        });
        strip.cell(|ui| pressed = edit_buttons(ui, name));
    });
    let known = state.account.known.as_deref();
    let about = [known.and_then(|known| versions(known.agent(retell_id)?)), needed(needs)];
    let about: Vec<String> = about.into_iter().flatten().collect();
    if !about.is_empty() {
        ui.label(text::help(palette(ui), safe_text(&about.join(" · "))));
    }
    if let Some(problem) = known.and_then(|known| obstacle(this, known)) {
        problem_line(ui, problem);
    }
    pressed
}

fn retell_id_ui(ui: &mut Ui, name: &str, retell_id: &str, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.x = space::XS;
    let p = palette(ui);
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() - CONTROL_HEIGHT - space::S);
        let words = text::code(retell_id).size(text::SMALL).color(p.text_soft);
        one_line(ui, words, retell_id);
    });
    let copy = format!("Copy the Retell id of {name}");
    if ui.add(Button::icon(icons::COPY, &copy).tooltip("Copy").small()).clicked() {
        actions.push(Action::Copy(retell_id.to_owned()));
    }
}

/// "At Retell prod is version 3, staging is version 5".
fn versions(agent: &AccountAgent) -> Option<String> {
    let tag = |(name, version): (&String, &Option<u64>)| match version {
        Some(version) => format!("{name} is version {version}"),
        None => name.clone(),
    };
    let tags: Vec<String> = agent.tags.iter().map(tag).collect();
    (!tags.is_empty()).then(|| format!("At Retell {}", tags.join(", ")))
}

/// "Its prompt needs `customer_name` (else “there”), order".
fn needed(needs: &[NeededVariable]) -> Option<String> {
    let one = |NeededVariable { name, default }: &NeededVariable| match default {
        Some(default) => format!("{name} (else “{default}”)"),
        None => name.clone(),
    };
    let all: Vec<String> = needs.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("Its prompt needs {}", all.join(", ")))
}

/// What keeps it from taking calls, if anything.
fn obstacle(agent: &Agent, account: &Account) -> Option<&'static str> {
    match account.agent(&agent.retell_id) {
        None => Some("Not among your agents at Retell; compare its agent ID with the one there"),
        Some(known) if known.is_suspended => {
            Some("Suspended at Retell; it takes no calls until that is lifted there")
        }
        Some(_) => None,
    }
}
