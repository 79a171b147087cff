//! The page of schedules: opening hours with a name, shared by rules.

mod holidays;
mod hours;
mod special;
mod uses;

use egui::{Label, Sides, Ui};

use crate::plugins::hours::{State as Open, coming_words, status};
use crate::routing::{Schedule, Table, fresh_id};
use crate::service::messages::{Level as NoteLevel, Note};
use crate::ui::app::{Action, Actions, State};
use crate::ui::help::{Page, help_button};
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{
    Button, EmptyState, Screen, card, menu_danger, more_menu, safe_text, status as badge,
};
use uses::rules_using;

/// The page, while it is open.
#[derive(Default)]
pub(super) struct Schedules {
    /// The schedule that is being edited.
    open: Option<String>,
    /// What is open of its special days.
    special: special::Opened,
    /// What the person wants next, once the page is drawn.
    name_wanted: bool,
}

impl Schedules {
    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let mut back = false;
        let mut adds = false;
        let adds_first = Screen::new("Schedules", "Opening hours with a name, for rules to share").show(
            ui,
            |ui| {
                adds = ui.add(Button::primary("Add a schedule").with_icon(icons::PLUS)).clicked();
                back = super::back_button(ui);
                if let Some(page) = Page::find("schedules") {
                    help_button(ui, page, "schedules");
                }
            },
            |ui| {
                for (index, schedule) in state.draft.schedules.iter().enumerate() {
                    ui.push_id(&schedule.id, |ui| self.schedule_ui(ui, state, index, actions));
                }
                state.draft.schedules.is_empty() && empty_ui(ui)
            },
        );
        if adds || adds_first {
            self.add(&state.draft, actions);
        }
        !back
    }

    fn add(&mut self, table: &Table, actions: &mut Actions) {
        let names = || table.schedules.iter().map(|schedule| schedule.name.as_str());
        let first = if table.schedules.is_empty() { "Office hours" } else { "New schedule" };
        let mut name = first.to_owned();
        let mut count = 1;
        while names().any(|taken| taken == name) {
            count += 1;
            name = format!("{first} {count}");
        }
        let id = fresh_id(&name, table.schedules.iter().map(|schedule| schedule.id.as_str()));
        self.open = Some(id.clone());
        self.special = special::Opened::default();
        self.name_wanted = true;
        let mut table = table.clone();
        let what = format!("Add schedule “{name}”");
        table.schedules.push(Schedule {
            id,
            name,
            hours: "Mo-Fr 09:00-17:00".to_owned(),
            ..Schedule::default()
        });
        actions.push(Action::Edit { what, table });
    }

    fn schedule_ui(&mut self, ui: &mut Ui, state: &State, index: usize, actions: &mut Actions) {
        let before = &state.draft.schedules[index];
        let is_open = self.open.as_ref() == Some(&before.id);
        card(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            let asked = head_ui(ui, state, before, is_open);
            match asked {
                Some(Asked::Toggle) => {
                    self.open = (!is_open).then(|| before.id.clone());
                    self.special = special::Opened::default();
                }
                Some(Asked::Delete) => delete(state, index, actions),
                None => {}
            }
            if is_open {
                let mut schedule = before.clone();
                let name_first = std::mem::take(&mut self.name_wanted);
                hours::schedule_ui(ui, state, &mut schedule, &mut self.special, name_first, actions);
                if schedule != *before {
                    let what = format!("Change schedule “{}”", before.name);
                    let mut table = Table::clone(&state.draft);
                    table.schedules[index] = schedule;
                    actions.push(Action::Edit { what, table });
                }
            }
        });
    }
}

enum Asked {
    Toggle,
    Delete,
}

/// Name, status and uses, and what can be done.
fn head_ui(ui: &mut Ui, state: &State, schedule: &Schedule, is_open: bool) -> Option<Asked> {
    let p = palette(ui);
    let name = safe_text(&schedule.name);
    let uses = match rules_using(&state.draft, &schedule.id).len() {
        0 => "Not used by any rule".to_owned(),
        1 => "Used by 1 rule".to_owned(),
        n => format!("Used by {n} rules"),
    };
    let mut asked = None;
    Sides::new().shrink_left().height(32.0).show(
        ui,
        |ui| {
            ui.add(Label::new(text::strong(&*name)).truncate());
            match status(schedule, &state.draft, state.now) {
                Ok(now) => {
                    let tone = if now.state == Open::Open { Tone::Connect } else { Tone::Neutral };
                    badge(ui, tone, &now.words);
                }
                Err(_) => drop(badge(ui, Tone::Reject, "Cannot be read")),
            }
        },
        |ui| {
            more_menu(ui, &format!("More about {name}"), |ui| {
                if menu_danger(ui, icons::TRASH, "Delete schedule").clicked() {
                    asked = Some(Asked::Delete);
                }
            });
            let (word, name) =
                if is_open { ("Done", format!("Close {name}")) } else { ("Edit", format!("Edit {name}")) };
            if ui.add(Button::secondary(word).small().name(&name)).clicked() {
                asked = Some(Asked::Toggle);
            }
            ui.label(text::faint(p, uses));
        },
    );
    let coming = coming_words(schedule, &state.draft, state.now);
    if !coming.is_empty() {
        ui.add(Label::new(text::faint(p, &*safe_text(&coming))).truncate());
    }
    asked
}

/// Deletes a schedule, or tells which rules need it.
fn delete(state: &State, index: usize, actions: &mut Actions) {
    let schedule = &state.draft.schedules[index];
    let users = rules_using(&state.draft, &schedule.id);
    if users.is_empty() {
        let mut table = Table::clone(&state.draft);
        table.schedules.remove(index);
        actions.push(Action::Edit { what: format!("Delete schedule “{}”", schedule.name), table });
        return;
    }
    let text = format!(
        "“{}” is not deleted, as it is used by {}. Change that first.",
        schedule.name,
        users.join(", ")
    );
    actions.push(Action::Tell(Note { level: NoteLevel::Warning, text }));
}

fn empty_ui(ui: &mut Ui) -> bool {
    let empty = EmptyState {
        icon: icons::CALENDAR_CLOCK,
        title: "No schedules yet",
        text: "A schedule says when you are open. Rules can then ask whether it is open or closed.",
    };
    let add = Button::secondary("Add a schedule").with_icon(icons::PLUS).name("Add the first schedule");
    card(ui, |ui| empty.show(ui, |ui| ui.add(add).clicked())).inner
}
