//! The dialog that adds or changes a line, and what it shares with the one for agents.

use egui::Ui;

use crate::routing::{Line, Table, fresh_id, number};
use crate::ui::app::{Actions, State};
use crate::ui::widgets::{Button, Dialog, Field, TextField};

use super::edit;

/// A line as it is typed.
#[derive(Default)]
pub(super) struct LineForm {
    /// The line that is changed; a new one without.
    id: Option<String>,
    name: String,
    number: String,
}

impl LineForm {
    pub(super) fn of(line: &Line, state: &State) -> Self {
        let Line { id, name, number } = line;
        Self { id: Some(id.clone()), name: name.clone(), number: state.whole_number(Some(number)) }
    }

    /// Draws it. True once it is done with.
    pub(super) fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        let title = if self.id.is_some() { "Change a line" } else { "Add a line" };
        let others = || state.draft.lines.iter().filter(|line| Some(&line.id) != self.id.as_ref());
        let number = read_number(&self.number, &state.draft);
        let name_taken = is_taken(&self.name, others().map(|line| line.name.as_str()));
        let name_error = name_taken.then_some("Another line is called that; choose another name");
        let number_error = match &number {
            Err(wrong) => wrong.clone(),
            Ok(number) => others()
                .find(|line| line.number == *number)
                .map(|line| format!("“{}” has this number already", line.name)),
        };
        let ready = match number {
            Ok(number) if number_error.is_none() && !name_taken => {
                named(&self.name).map(|name| (name, number))
            }
            _ => None,
        };
        let help = match &ready {
            Some((_, number)) => said(number, &state.draft),
            None => {
                "Any way of writing it will do; with + and the country code if it is from abroad".to_owned()
            }
        };
        let saved = form_ui(ui, Dialog::new(title), ready.is_some(), |ui| {
            first_field(ui, "Name", "What you call it, such as Main line", name_error, |ui| {
                ui.add(TextField::new(&mut self.name).hint("Main line"))
            });
            Field::new("Phone number")
                .help(&help)
                .error(number_error.as_deref())
                .show(ui, |ui| ui.add(TextField::new(&mut self.number).hint("(415) 555-0123")));
            false
        });
        match (saved, ready) {
            (Some(true), Some((name, number))) => {
                actions.push(self.edit(state, name, number));
                true
            }
            (Some(false), _) => true,
            _ => false,
        }
    }

    fn edit(&self, state: &State, name: String, number: String) -> crate::ui::app::Action {
        match &self.id {
            Some(id) => edit(state, format!("Change line “{name}”"), |table| {
                if let Some(line) = table.lines.iter_mut().find(|line| line.id == *id) {
                    (line.name, line.number) = (name, number);
                }
            }),
            None => edit(state, format!("Add line “{name}”"), |table| {
                let id = fresh_id(&name, table.lines.iter().map(|line| line.id.as_str()));
                table.lines.push(Line { id, name, number });
            }),
        }
    }
}

/// The dialog around the fields: Save (also by Enter) and Cancel. Says which was chosen. `fields`
/// say whether one of them takes Enter for itself.
pub(super) fn form_ui(
    ui: &Ui,
    dialog: Dialog<'_>,
    is_ready: bool,
    fields: impl FnOnce(&mut Ui) -> bool,
) -> Option<bool> {
    let takes_enter = std::cell::Cell::new(false);
    let ((), pressed, close) = dialog.show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing.y = crate::ui::theme::space::L;
            takes_enter.set(fields(ui));
        },
        |ui| {
            let save = ui.add_enabled(is_ready, Button::primary("Save"));
            let cancel = ui.add(Button::secondary("Cancel"));
            let may_save = is_ready && !cancel.has_focus() && !takes_enter.get();
            let enter = may_save && ui.input(|i| i.key_pressed(egui::Key::Enter));
            if save.clicked() || enter { Some(true) } else { cancel.clicked().then_some(false) }
        },
    );
    pressed.or(close.then_some(false))
}

/// The field that has the keyboard when the dialog opens.
pub(super) fn first_field(
    ui: &mut Ui,
    label: &str,
    help: &str,
    error: Option<&str>,
    add: impl FnOnce(&mut Ui) -> egui::Response,
) {
    let field = Field::new(label).help(help).error(error).show(ui, add);
    if ui.memory(|memory| memory.focused().is_none()) {
        field.request_focus();
    }
}

pub(super) fn named(name: &str) -> Option<String> {
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

pub(super) fn is_taken<'a>(name: &str, mut others: impl Iterator<Item = &'a str>) -> bool {
    let name = name.trim().to_lowercase();
    others.any(|other| other.to_lowercase() == name)
}

/// The number, or what is wrong with it once something is typed.
fn read_number(typed: &str, table: &Table) -> Result<String, Option<String>> {
    if typed.trim().is_empty() {
        return Err(None);
    }
    let country = number::country_name(&table.country).unwrap_or(&table.country);
    number::parse(typed, &table.country).ok_or_else(|| {
        Some(format!(
            "This is not a complete phone number; begin with + and the country code if it is not from your \
             home country ({country})"
        ))
    })
}

/// The number as it will be shown, with its country.
fn said(number: &str, table: &Table) -> String {
    let shown = number::for_people(number, &table.country);
    if !number::is_known(number) {
        return format!("{shown}; no such number is known here, so check each digit");
    }
    match number::country_of(number).and_then(|code| number::country_name(&code)) {
        Some(country) => format!("{shown}, {country}"),
        None => shown,
    }
}
