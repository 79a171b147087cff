//! A signature looked into: header, body and key in, what is wrong out. The key is used for the check
//! and kept nowhere.

use egui::{Key, Ui};

use crate::retell::signature;
use crate::service::messages::{Bench, Command};
use crate::storage::Secret;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{icons, space};
use crate::ui::widgets::{self, Banner, Button, Field, Level, TextField, safe_text};

/// What stands in the fields.
#[derive(Default)]
pub(super) struct SignaturePanel {
    header: String,
    body: String,
    key: String,
    /// Header and body that were sent to be looked into, and how many had been by then.
    asked: Option<(String, String, u64)>,
    /// The pass in which this was drawn last.
    drawn: u64,
}

impl SignaturePanel {
    /// Draws it.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let pass = ui.ctx().cumulative_pass_nr();
        if pass > self.drawn + 1 {
            // The person was elsewhere in between.
            self.key.clear();
        }
        self.drawn = pass;
        let about = "When Retell's requests are refused, paste one here: header, body, and the key it should be \
                     signed with";
        widgets::section(ui, "What is wrong with a signature", about, |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            Field::new("Signature").help("The value of the header x-retell-signature").show(ui, |ui| {
                let field = TextField::new(&mut self.header).hint("v=1785600000000,d=…").mono();
                ui.add(field.id_salt("signature"))
            });
            Field::new("Body")
                .help("The request's body exactly as it was sent")
                .show(ui, |ui| ui.add(TextField::new(&mut self.body).rows(7).mono().id_salt("signed body")));
            let help = if state.keys.current.is_some() {
                "Without one, the keys in Settings are tried. It is used for this check and forgotten when you leave"
            } else {
                "It is used for this check, kept nowhere, and forgotten when you leave"
            };
            Field::new("Key").optional().help(help).show(ui, |ui| {
                ui.add(TextField::new(&mut self.key).secret().hint("key_…").id_salt("signing key"))
            });
            self.buttons_ui(ui, state, actions);
            self.answer_ui(ui, state);
        });
    }

    fn buttons_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        ui.horizontal_wrapped(|ui| {
            let has_key = state.keys.current.is_some() || !self.key.trim().is_empty();
            let can_check = has_key && !(self.header.trim().is_empty() && self.body.is_empty());
            let check = Button::primary("Look into it").with_icon(icons::SEARCH);
            let enter =
                can_check && ui.input(|input| input.modifiers.command && input.key_pressed(Key::Enter));
            if ui.add_enabled(can_check, check).clicked() || enter {
                self.asked = Some((self.header.clone(), self.body.clone(), state.bench.signatures));
                let wanted = Bench::CheckSignature {
                    header: self.header.clone(),
                    body: self.body.clone(),
                    key: Secret::new(&self.key),
                };
                actions.push(Action::Send(Command::Bench(Box::new(wanted))));
            }
            if self.is_waiting(state) {
                ui.spinner();
            }
            if !has_key {
                decision::quiet(ui, "There is no key in Settings; paste one to check with");
            }
        });
    }

    fn is_waiting(&self, state: &State) -> bool {
        self.asked.as_ref().is_some_and(|(.., before)| state.bench.signatures == *before)
    }

    fn answer_ui(&self, ui: &mut Ui, state: &State) {
        let Some((header, body, _)) = &self.asked else { return };
        let Some(found) = state.bench.signature.as_ref().filter(|_| !self.is_waiting(state)) else { return };
        if (header, body) != (&self.header, &self.body) {
            return decision::quiet(ui, "It was changed since; look into it again");
        }
        let level = if found.fits { Level::Success } else { Level::Error };
        let details = safe_text(&found.details.join("\n")).into_owned();
        Banner::new(level, &safe_text(&found.title)).detail(&details).show(ui, |_| ());
        if !found.fits {
            let limit = signature::WINDOW_MS / 60_000;
            let words = format!(
                "A request is let in if its signature is of the key and the body, and at most {limit} minutes old"
            );
            decision::quiet(ui, &words);
        }
    }
}
