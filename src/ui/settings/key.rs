//! The API key: pasted, replaced, removed; never shown whole.

use egui::{Key, Ui};

use crate::service::messages::{Command, Keys};
use crate::storage::Secret;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, CONTROL_HEIGHT, CONTROL_HEIGHT_SMALL, icons, space, text};
use crate::ui::widgets::{Button, Confirm, Field, TextField, section};

const WHICH: &str = "In Retell's dashboard under API Keys: the one with the webhook badge";

/// What is being done with the key.
#[derive(Default)]
pub(in crate::ui) struct KeySection {
    typed: String,
    replacing: bool,
    removing: bool,
    /// The keys that this was begun for; others mean that it is done.
    begun_for: Keys,
}

impl KeySection {
    /// What the key is for.
    pub(in crate::ui) const ABOUT: &str =
        "Retell signs each request with it, so that nobody else can ask who answers your calls";

    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        section(ui, "API key", Self::ABOUT, |ui| self.body_ui(ui, state, actions));
    }

    /// The controls alone.
    pub(in crate::ui) fn body_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        if self.begun_for != state.keys {
            *self = Self { begun_for: state.keys.clone(), ..Self::default() };
        }
        match &state.keys.current {
            Some(masked) if !self.replacing => self.known_ui(ui, masked, &state.keys),
            _ => self.paste_ui(ui, actions),
        }
        if state.keys.has_previous {
            previous_ui(ui, actions);
        }
        if self.removing
            && let Some(answer) = ask_remove(ui, state.keys.has_previous)
        {
            self.removing = false;
            actions.extend(answer.then(|| Action::Send(Command::SetKey(String::new()))));
        }
    }

    fn known_ui(&mut self, ui: &mut Ui, masked: &str, keys: &Keys) {
        let p = theme::palette(ui);
        super::row_ui(ui, CONTROL_HEIGHT, |ui| {
            ui.label(text::icon(icons::KEY, p.text_soft));
            ui.label(text::code(masked));
            ui.add_space(space::S);
            if !keys.from_environment {
                self.replacing |= ui.add(Button::secondary("Replace…").name("Replace the API key")).clicked();
                self.removing |= ui.add(Button::quiet("Remove…").name("Remove the API key")).clicked();
            }
        });
        if keys.from_environment {
            let why = "Set outside of this window, by the variable RETELL_API_KEY, which goes before a key that \
                       is saved here; start without it to change the key here";
            ui.label(text::help(p, why));
        }
    }

    fn paste_ui(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let key = Secret::new(&self.typed);
        let is_blank = key.is_none() && !self.typed.is_empty();
        let error = if is_blank {
            Some("There is nothing but blanks in it; copy the key again")
        } else {
            key.as_ref().and_then(Secret::odd_key)
        };
        Field::new("Paste your API key").help(WHICH).error(error).show_group(ui, |ui| {
            ui.horizontal(|ui| {
                let width = (ui.available_width() - 180.0).min(440.0);
                let field = ui.add(TextField::new(&mut self.typed).secret().hint("key_…").width(width));
                let field = field.accessible_name("Paste your API key");
                let save = ui.add_enabled(key.is_some(), Button::primary("Save").name("Save the API key"));
                let enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                if key.is_some() && (save.clicked() || enter) {
                    actions.push(Action::Send(Command::SetKey(self.typed.clone())));
                }
                if self.replacing && ui.add(Button::quiet("Cancel")).clicked() {
                    (self.replacing, self.typed) = (false, String::new());
                }
            });
        });
    }
}

fn previous_ui(ui: &mut Ui, actions: &mut Actions) {
    let p = theme::palette(ui);
    ui.add_space(space::XS);
    super::row_ui(ui, CONTROL_HEIGHT_SMALL, |ui| {
        ui.label(text::soft(p, "The key before is still accepted"));
        if ui.add(Button::secondary("Forget it").name("Forget the key before").small()).clicked() {
            actions.push(Action::Send(Command::ForgetPreviousKey));
        }
    });
    let why =
        "So that no call is refused while Retell changes over; forget it once calls arrive with the new one";
    ui.label(text::help(p, why));
}

fn ask_remove(ui: &Ui, has_previous: bool) -> Option<bool> {
    let text = if has_previous {
        "Both keys are forgotten, and every call is refused until you paste another"
    } else {
        "Every call is refused until you paste another"
    };
    Confirm { title: "Remove the API key?", text, yes: "Remove the key", danger: true }.ask(ui)
}
