//! One look-up: how it is doing, its plugin's own controls, and a test.

use egui::{Label, Ui};

use super::edits;
use super::name::NameForm;
use super::row::{self, Asked};
use super::test::Test;
use crate::plugins::{LookUpEditor, LookUpWish};
use crate::routing::UsedLookUp;
use crate::service::messages::Command;
use crate::storage::Secret;
use crate::ui::app::{Action, Actions, FileWish, State};
use crate::ui::help::{Page, help_button};
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Level, Screen, card, more_menu, safe_text, switch};

/// The page of one look-up, while it is open.
pub(super) struct LookUpPage {
    id: String,
    naming: Option<NameForm>,
    test: Test,
}

impl LookUpPage {
    pub(super) fn of(id: String) -> Self {
        Self { id, naming: None, test: Test::default() }
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let index = state.draft.look_ups.iter().position(|used| used.id == self.id);
        let Some(index) = index else { return false };
        let used = &state.draft.look_ups[index];
        let (mut back, mut asked, mut switched) = (false, None, false);
        let name = safe_text(&used.name);
        let about = format!("{}  ·  {}", row::plugin_name(state, used), row::uses_words(state, used));
        Screen::new(&name, &about).show(
            ui,
            |ui| {
                let button =
                    Button::secondary("Look-ups").with_icon(icons::CHEVRON_LEFT).name("Back to look-ups");
                back = ui.add(button).clicked();
                if let Some(page) = Page::about(&row::plugin_name(state, used)) {
                    help_button(ui, page, "this look-up");
                }
                more_menu(ui, "More about this look-up", |ui| {
                    asked = row::menu_ui(ui, index, state.draft.look_ups.len());
                });
            },
            |ui| {
                switched = card(ui, |ui| status_ui(ui, state, used)).inner;
                settings_ui(ui, state, used, actions);
                self.test.ui(ui, state, used, actions);
            },
        );
        match asked {
            Some(Asked::Rename) => self.naming = Some(NameForm::of(used)),
            Some(Asked::Move(to)) => actions.extend(edits::shift(&state.draft, index, to)),
            Some(Asked::Delete) => actions.push(edits::delete(state, used)),
            Some(Asked::Open | Asked::Switch) | None => {}
        }
        if switched {
            actions.push(edits::switch(&state.draft, index));
        }
        if let Some(form) = self.naming.take_if(|form| form.ui(ui, state, actions)) {
            self.id = form.into_id();
        }
        !back
    }
}

/// How it is doing, in words. Says whether it is to be switched.
fn status_ui(ui: &mut Ui, state: &State, used: &UsedLookUp) -> bool {
    let p = palette(ui);
    let mut switched = false;
    ui.spacing_mut().item_spacing.y = space::S;
    egui::Sides::new().shrink_left().height(28.0).show(
        ui,
        |ui| {
            row::status_ui(ui, state, used);
            let found = state.inspected.get(&used.id);
            let summary = found.map(|found| safe_text(&found.summary)).unwrap_or_default();
            ui.add(Label::new(text::label(&*summary)).wrap());
        },
        |ui| {
            let mut on = used.enabled;
            switched = switch(ui, &mut on, "Asked about each call").changed();
            ui.label(text::soft(p, "Asked about each call"));
        },
    );
    let remarks = state.inspected.get(&used.id).map(|found| found.remarks.as_slice()).unwrap_or_default();
    for remark in remarks {
        ui.horizontal_top(|ui| {
            ui.label(text::icon(icons::TRIANGLE_ALERT, p.tone(Tone::Warning).text).size(14.0));
            ui.add(Label::new(text::soft(p, safe_text(remark))).wrap());
        });
    }
    switched
}

/// The plugin's own controls.
fn settings_ui(ui: &mut Ui, state: &State, used: &UsedLookUp, actions: &mut Actions) {
    let Some((_, kind)) = state.registry.find_look_up(used) else {
        let detail = "Delete it, or add the plugin that it needs";
        Banner::new(Level::Error, "The plugin of this look-up is not known here")
            .detail(detail)
            .show(ui, |_| ());
        return;
    };
    let inspection = state.inspected.get(&used.id);
    let context = LookUpEditor { used, table: &state.draft, secrets: &state.secrets, inspection };
    let mut settings = used.settings.clone();
    let wish = ui.push_id(&used.id, |ui| kind.editor_ui(ui, &mut settings, &context)).inner;
    if settings != used.settings {
        actions.push(edits::change(&state.draft, used, settings));
    }
    actions.extend(wish.and_then(|wish| action_of(wish, used)));
}

fn action_of(wish: LookUpWish, used: &UsedLookUp) -> Option<Action> {
    match wish {
        LookUpWish::ChooseFile { field, what, endings } => {
            Some(Action::ChooseFile(FileWish { look_up: used.id.clone(), field, what, endings }))
        }
        LookUpWish::KeepSecret { name, secret: None } => {
            Some(Action::Send(Command::SetSecret { name, secret: None }))
        }
        // One that is nothing but blanks is not typed yet.
        LookUpWish::KeepSecret { name, secret: Some(typed) } => {
            let secret = Some(Secret::new(&typed)?);
            Some(Action::Send(Command::SetSecret { name, secret }))
        }
    }
}
