//! What keeps the draft from being published, with the way there.

use egui::{Label, RichText, Ui};

use crate::routing::Problem;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Level, capital};

/// Draws it; nothing where nothing stands against it. Says whether the person went to put it right.
pub(super) fn ui(ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
    if let Some(reason) = &state.not_saved {
        Banner::new(Level::Error, "The draft could not be saved").detail(reason).show(ui, |_| ());
    }
    let title = match state.obstacles().count() {
        0 => return false,
        1 => "One thing must be put right first".to_owned(),
        n => format!("{n} things must be put right first"),
    };
    let mut goes = false;
    Banner::new(Level::Error, &title).show(ui, |_| ());
    for (index, problem) in state.obstacles().enumerate() {
        ui.push_id(index, |ui| goes |= problem_ui(ui, problem, actions));
    }
    ui.add_space(space::S);
    goes
}

fn problem_ui(ui: &mut Ui, problem: &Problem, actions: &mut Actions) -> bool {
    let ((), goes) = egui::Sides::new().shrink_left().show(
        ui,
        |ui| {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.add(Label::new(text::label(&problem.place)).truncate());
                let message = RichText::new(capital(&problem.message)).color(palette(ui).text_soft);
                ui.add(Label::new(message).wrap());
            });
        },
        |ui| {
            let goal = match &problem.rule {
                Some(rule) => Action::OpenRule(rule.clone()),
                None if problem.field.starts_with("fallback") => Action::OpenFallback,
                None => return false,
            };
            let name = format!("Open {}", problem.place);
            let open = Button::secondary("Open").with_trailing(icons::ARROW_RIGHT).small().name(&name);
            let clicked = ui.add(open).clicked();
            if clicked {
                actions.push(goal);
            }
            clicked
        },
    );
    goes
}
