//! What is planned to be published.

use egui::{Label, Sides, Ui};

use super::{Asked, Side, moment};
use crate::service::messages::Planned;
use crate::ui::app::State;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{
    Button, divider, menu_item, more_menu, safe_text, section, status, time_ago, time_until,
};

/// Draws it; nothing where nothing is planned.
pub(super) fn ui(ui: &mut Ui, state: &State) -> Option<Asked> {
    if state.plans.is_empty() {
        return None;
    }
    let mut asked = None;
    let about = "Each is published as it was when it was planned, whatever becomes of the draft";
    section(ui, "Planned", about, |ui| {
        for (index, plan) in state.plans.iter().enumerate() {
            if index > 0 {
                divider(ui);
            }
            ui.push_id(plan.id, |ui| asked = plan_ui(ui, state, plan).or(asked.take()));
        }
    });
    asked
}

fn plan_ui(ui: &mut Ui, state: &State, plan: &Planned) -> Option<Asked> {
    let when = moment(state, plan.at);
    let mut asked = None;
    Sides::new().shrink_left().height(32.0).show(
        ui,
        |ui| {
            let words = match plan.failed {
                None => format!("{when} ({})", time_until(plan.at, state.now)),
                Some(_) => when.clone(),
            };
            ui.add(Label::new(text::strong(words)).truncate());
            if plan.failed.is_some() {
                status(ui, Tone::Reject, "Not published");
            }
        },
        |ui| {
            more_menu(ui, &format!("More about what is planned for {when}"), |ui| {
                if menu_item(ui, icons::PENCIL, "Put in the draft").clicked() {
                    let what = format!("Take over what is planned for {when}");
                    asked = Some(Asked::ToDraft(what, plan.table.clone()));
                }
            });
            let word = if plan.failed.is_some() { "Remove" } else { "Cancel" };
            let name = format!("{word} what is planned for {when}");
            if ui.add(Button::secondary(word).small().name(&name)).clicked() {
                asked = Some(Asked::CancelPlan(plan.id));
            }
            let name = format!("What changes on {when}");
            let button = Button::quiet("What changes").small().with_icon(icons::COMPARE).name(&name);
            if ui.add(button).clicked() {
                asked = Some(Asked::Compare(Side::Version(state.live.version), Side::Plan(plan.id)));
            }
        },
    );
    words_ui(ui, state, plan);
    asked
}

fn words_ui(ui: &mut Ui, state: &State, plan: &Planned) {
    let p = palette(ui);
    ui.spacing_mut().item_spacing.y = space::XS;
    if let Some(reason) = &plan.failed {
        let words = format!("It no longer works, so it was not published: {}", safe_text(reason));
        ui.add(Label::new(text::body(words).color(p.tone(Tone::Reject).text)).wrap());
    }
    if let Some(until) = plan.until {
        let words = format!("Goes back by itself on {}", moment(state, until));
        ui.add(Label::new(text::body(words)).wrap());
    }
    if !plan.note.is_empty() {
        ui.add(Label::new(text::body(&*safe_text(&plan.note))).wrap());
    }
    let by = if plan.by.is_empty() { String::new() } else { format!(" by {}", safe_text(&plan.by)) };
    let words = format!("Planned{by} {}", time_ago(plan.planned_at, state.now));
    ui.add(Label::new(text::help(p, words)).wrap());
}
