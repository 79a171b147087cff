//! Calls that are tried again and again, by name.

use egui::Ui;

use crate::service::messages::{Bench, Command};
use crate::storage::Preset;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::icons;
use crate::ui::widgets::{
    Button, Dialog, Field, TextField, menu_button, menu_danger, menu_item, menu_separator, safe_text,
};

/// The menu of presets, and the dialog that asks for a name.
#[derive(Default)]
pub(super) struct PresetMenu {
    /// The name of the one that was chosen last.
    chosen: Option<String>,
    /// The name that is being typed for this call.
    saving: Option<String>,
}

impl PresetMenu {
    /// Draws it. `this` is the call as it is filled in, if it can be saved. Gives the preset that was
    /// chosen.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        this: Option<Preset>,
        actions: &mut Actions,
    ) -> Option<Preset> {
        let presets = &state.bench.presets;
        let mut chosen = None;
        let button = Button::secondary("Saved calls").with_trailing(icons::CHEVRON_DOWN);
        menu_button(ui, button, |ui| {
            for preset in presets {
                if menu_item(ui, icons::PHONE_INCOMING, &safe_text(&preset.name)).clicked() {
                    chosen = Some(preset.clone());
                }
            }
            if !presets.is_empty() {
                menu_separator(ui);
            }
            let save = ui.add_enabled_ui(this.is_some(), |ui| menu_item(ui, icons::PLUS, "Save this call…"));
            if save.inner.clicked() {
                self.saving = Some(self.chosen.clone().unwrap_or_default());
            }
            let last = self.chosen.as_ref().filter(|name| presets.iter().any(|preset| preset.name == **name));
            if let Some(name) = last.cloned()
                && menu_danger(ui, icons::TRASH, &format!("Delete “{}”", safe_text(&name))).clicked()
            {
                let others = presets.iter().filter(|preset| preset.name != name).cloned().collect();
                send(others, actions);
                self.chosen = None;
            }
        });
        if let Some(preset) = &chosen {
            self.chosen = Some(preset.name.clone());
        }
        self.dialog_ui(ui, presets, this, actions);
        chosen
    }

    fn dialog_ui(&mut self, ui: &Ui, presets: &[Preset], this: Option<Preset>, actions: &mut Actions) {
        let Some(name) = &mut self.saving else { return };
        let is_there = |name: &str| presets.iter().any(|preset| preset.name == name);
        let help = if is_there(name.trim()) {
            "A saved call has this name; it is replaced"
        } else {
            "Keeps the call, the time unless it is now, and the facts that are given"
        };
        let can_save = this.is_some() && !name.trim().is_empty();
        let ((), pressed, close) = Dialog::new("Save this call").show(
            ui,
            |ui| {
                let field = Field::new("Name").help(help);
                let field = field.show(ui, |ui| ui.add(TextField::new(name).hint("Anna on a Sunday")));
                if ui.memory(|memory| memory.focused().is_none()) {
                    field.request_focus();
                }
            },
            |ui| {
                let save = ui.add_enabled(can_save, Button::primary("Save")).clicked();
                let enter = can_save && ui.input(|input| input.key_pressed(egui::Key::Enter));
                let no = ui.add(Button::secondary("Cancel")).clicked();
                if save || enter { Some(true) } else { no.then_some(false) }
            },
        );
        let Some(saves) = pressed.or(close.then_some(false)) else { return };
        let name = name.trim().to_owned();
        self.saving = None;
        if let Some(this) = this.filter(|_| saves) {
            let mut all = presets.to_vec();
            let preset = Preset { name: name.clone(), ..this };
            match all.iter_mut().find(|preset| preset.name == name) {
                Some(before) => *before = preset,
                None => all.push(preset),
            }
            send(all, actions);
            self.chosen = Some(name);
        }
    }
}

fn send(presets: Vec<Preset>, actions: &mut Actions) {
    actions.push(Action::Send(Command::Bench(Box::new(Bench::SavePresets(presets)))));
}
