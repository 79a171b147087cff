//! How the form of a call is drawn.

use egui::{Response, Ui};

use super::form::Form;
use crate::routing::{Medium, number};
use crate::ui::app::{Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT, icons, space, text};
use crate::ui::widgets::{Button, Field, TextField, safe_text, select, toggle};

impl Form {
    /// Draws it; says whether anything was changed.
    pub(crate) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let mut changed = self.medium_ui(ui);
        changed |= self.line_ui(ui, state);
        changed |= toggle(ui, &mut self.has_agent, "Has an agent of its own at Retell").changed();
        changed |= self.caller_ui(ui, state, actions);
        changed | self.headers_ui(ui)
    }

    fn medium_ui(&mut self, ui: &mut Ui) -> bool {
        let options = [(Medium::Call, "A call"), (Medium::Text, "A text message")];
        let width = ui.available_width();
        Field::new("What comes in")
            .show(ui, |ui| select(ui, "medium", width, &mut self.medium, &options))
            .changed()
    }

    fn line_ui(&mut self, ui: &mut Ui, state: &State) -> bool {
        let mut changed = false;
        if !state.draft.lines.is_empty() {
            let name = |line: &crate::routing::Line| {
                format!("{} · {}", safe_text(&line.name), state.number(Some(&line.number)))
            };
            let names: Vec<_> =
                state.draft.lines.iter().map(|line| (Some(line.number.clone()), name(line))).collect();
            let mut options: Vec<_> =
                names.iter().map(|(value, name)| (value.clone(), name.as_str())).collect();
            options.push((None, "Another number"));
            let width = ui.available_width();
            changed |= Field::new("Line called")
                .show(ui, |ui| select(ui, "line", width, &mut self.line, &options))
                .changed();
        }
        if self.line.is_none() {
            let help = remark(&self.other, state);
            let field = Field::new("Number called").help(&help);
            changed |= field
                .show(ui, |ui| {
                    ui.add(TextField::new(&mut self.other).hint("(415) 555-0100").id_salt("other"))
                })
                .changed();
        }
        changed
    }

    fn caller_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let help = if self.is_withheld { String::new() } else { remark(&self.caller, state) };
        let changed = Field::new("Caller").help(&help).show_group(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let mut nothing = String::new();
                let text = if self.is_withheld { &mut nothing } else { &mut self.caller };
                let hint = if self.is_withheld { "The number is hidden" } else { "(415) 555-2671" };
                let width = ui.available_width() - CONTROL_HEIGHT - space::XS;
                let field = TextField::new(text).hint(hint).width(width).id_salt("caller");
                let typed = ui.add_enabled(!self.is_withheld, field).accessible_name("Caller").changed();
                let chosen = self.picker.ui(ui, state, actions);
                let is_chosen = chosen.is_some();
                if let Some(number) = chosen {
                    self.caller = number;
                    self.is_withheld = false;
                }
                typed || is_chosen
            })
            .inner
        });
        changed | toggle(ui, &mut self.is_withheld, "Withheld").changed()
    }

    fn headers_ui(&mut self, ui: &mut Ui) -> bool {
        let mut changed = false;
        let mut removed = None;
        if !self.headers.is_empty() {
            ui.label(text::label("SIP headers"));
        }
        for (index, (name, value)) in self.headers.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let width = (ui.available_width() - CONTROL_HEIGHT - 2.0 * space::XS) / 2.0;
                let field = |text, hint, salt| TextField::new(text).hint(hint).width(width).id_salt(salt);
                let number = index + 1;
                let first = ui.add(field(name, "X-Name", ("header", index)));
                changed |= named(first, &format!("Header {number} name")).changed();
                let second = ui.add(field(value, "Value", ("header value", index)));
                changed |= named(second, &format!("Header {number} value")).changed();
                let remove = format!("Remove header {number}");
                if ui.add(Button::icon(icons::X, &remove)).clicked() {
                    removed = Some(index);
                }
            });
        }
        if let Some(index) = removed {
            self.headers.remove(index);
            changed = true;
        }
        if ui.add(Button::quiet("Add a SIP header").with_icon(icons::PLUS).small()).clicked() {
            self.headers.push(<_>::default());
        }
        changed
    }
}

fn named(response: Response, name: &str) -> Response {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
    response
}

/// How a number was understood, as long as that is not what stands there anyway.
fn remark(typed: &str, state: &State) -> String {
    let typed = typed.trim();
    match number::parse(typed, &state.draft.country) {
        _ if typed.is_empty() => "Any spelling will do".to_owned(),
        Some(number) => {
            let country = number::country_of(&number);
            let country = country.as_deref().and_then(number::country_name);
            let read = number::for_people(&number, "");
            country.map_or_else(|| format!("Read as {read}"), |country| format!("Read as {read}, {country}"))
        }
        None => "Not a valid phone number, so it is used just as it stands".to_owned(),
    }
}
