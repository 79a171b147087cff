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
            let mut takes = false;
            if plan.failed.is_none() {
                more_menu(ui, &format!("More about what is planned for {when}"), |ui| {
                    takes = menu_item(ui, icons::PENCIL, "Put in the draft").clicked();
                });
            }
            let word = if plan.failed.is_some() { "Remove" } else { "Cancel" };
            let name = format!("{word} what is planned for {when}");
            if ui.add(Button::secondary(word).small().name(&name)).clicked() {
                asked = Some(Asked::CancelPlan(plan.id));
            }
            // What is to be done next.
            if plan.failed.is_some() {
                let name = format!("Put what was planned for {when} in the draft");
                let take = Button::secondary("Put in the draft").small().with_icon(icons::PENCIL);
                takes = ui.add(take.name(&name)).clicked();
            }
            if takes {
                let what = format!("Take over what is planned for {when}");
                asked = Some(Asked::ToDraft(what, plan.table.clone()));
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
        let words =
            format!("It was not published: {}. Mend it in the draft and publish it there", safe_text(reason));
        ui.add(Label::new(text::body(words).color(p.tone(Tone::Reject).text)).wrap());
    }
    if !plan.despite.is_empty() {
        let words = format!("Published even if tests fail: {}", safe_text(&plan.despite));
        ui.add(Label::new(text::body(words)).wrap());
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
