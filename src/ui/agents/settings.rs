//! The settings of an agent for a call: a row for each that is set, a menu that adds others, and
//! the same as JSON below.

use egui::{CornerRadius, Frame, Label, Margin, Popup, ScrollArea, Stroke, Ui};

use super::control::{control_ui, starter};
use crate::routing::{Object, SETTINGS, Setting, check_settings, check_value};
use crate::ui::theme::{self, RADIUS_SMALL, icons, palette, space, text};
use crate::ui::widgets::{Button, JsonText, problem_line, row_button};

const JSON_NAME: &str = "Agent settings";
const JSON_HELP: &str = "The same as Retell's agent_override, kept in step with what is above; more can be written here than is above";

/// The texts of the settings while they are being written.
#[derive(Default)]
pub(in crate::ui) struct SettingsEditor {
    json: JsonText,
    has_json: bool,
}

impl SettingsEditor {
    /// Draws the settings. `zone` is the business's own time zone.
    pub(in crate::ui) fn ui(&mut self, ui: &mut Ui, zone: &str, settings: &mut Option<Object>) {
        ui.spacing_mut().item_spacing.y = space::S;
        let mut removed = None;
        for setting in SETTINGS {
            let Some(value) = settings.as_ref().and_then(|settings| setting.get(settings)) else { continue };
            let mut changed = value.clone();
            let salt = (setting.part.key(), setting.key);
            if ui.push_id(salt, |ui| row_ui(ui, setting, &mut changed)).inner {
                removed = Some(setting);
            } else if changed != *value {
                setting.put(settings, Some(changed));
            }
        }
        if let Some(setting) = removed {
            setting.put(settings, None);
        }
        self.others_ui(ui, settings.as_ref());
        ui.horizontal(|ui| {
            if let Some(setting) = add_menu(ui, settings.as_ref()) {
                setting.put(settings, Some(starter(setting, zone)));
            }
            let is_open = self.has_json || self.json.is_torn();
            let words = if is_open { "Hide the JSON" } else { "As JSON" };
            let button = Button::quiet(words).with_icon(icons::BRACES).small().name("Agent settings as JSON");
            if ui.add(button).clicked() {
                self.has_json = !is_open;
            }
        });
        if self.has_json || self.json.is_torn() {
            self.json.ui(ui, JSON_NAME, JSON_HELP, settings);
        }
    }

    /// What is wrong that no row tells, and how many settings have no row.
    fn others_ui(&self, ui: &mut Ui, settings: Option<&Object>) {
        let Some(settings) = settings else { return };
        let has_row = |field: &str| {
            SETTINGS.iter().any(|setting| field == format!("{}.{}", setting.part.key(), setting.key))
        };
        for wrong in check_settings(settings).iter().filter(|wrong| !has_row(&wrong.field)) {
            problem_line(ui, &wrong.message);
        }
        let all: usize = settings.values().map(|part| part.as_object().map_or(1, Object::len)).sum();
        let shown = SETTINGS.iter().filter(|setting| setting.get(settings).is_some()).count();
        if all > shown && !self.has_json {
            let words = match all - shown {
                1 => "1 more setting is in the JSON".to_owned(),
                more => format!("{more} more settings are in the JSON"),
            };
            ui.label(text::help(palette(ui), words));
        }
    }

    /// Whether its JSON cannot be read.
    pub(in crate::ui) fn is_torn(&self) -> bool {
        self.json.is_torn()
    }

    /// Whether its JSON cannot be read, so that an older text is in force as `settings`.
    pub(in crate::ui) fn is_unread(&self, settings: Option<&Object>) -> bool {
        self.json.is_unread(settings)
    }
}

/// One setting. Says whether it is to be removed.
fn row_ui(ui: &mut Ui, setting: &Setting, value: &mut serde_json::Value) -> bool {
    let p = palette(ui);
    let frame = Frame::new()
        .fill(p.canvas)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(CornerRadius::same(RADIUS_SMALL))
        .inner_margin(Margin::symmetric(space::M as i8, space::S as i8));
    frame
        .show(ui, |ui| {
            ui.take_available_width();
            ui.spacing_mut().item_spacing.y = space::XS;
            let ((), removed) = egui::Sides::new().shrink_left().truncate().height(28.0).show(
                ui,
                |ui| {
                    ui.label(text::label(setting.title)).on_hover_text(setting.help);
                },
                |ui| {
                    let name = format!("Remove {}", setting.title);
                    ui.add(Button::icon(icons::X, &name).small()).clicked()
                },
            );
            control_ui(ui, setting, value);
            match check_value(setting, value) {
                Ok(()) => {
                    ui.add(Label::new(text::help(palette(ui), setting.help)).wrap());
                }
                Err(wrong) => problem_line(ui, &wrong),
            }
            removed
        })
        .inner
}

/// A button with all settings behind it that are not set yet.
fn add_menu(ui: &mut Ui, settings: Option<&Object>) -> Option<&'static Setting> {
    let button = ui.add(Button::secondary("Add a setting").with_icon(icons::PLUS).small());
    let menu = Popup::menu(&button).style(theme::menu_style).gap(4.0);
    menu.show(|ui| {
        ui.set_width(340.0);
        let is_free = |setting: &&Setting| settings.is_none_or(|settings| setting.get(settings).is_none());
        let list = |ui: &mut Ui| {
            SETTINGS
                .iter()
                .filter(is_free)
                .filter(|setting| row_button(ui, setting.title, setting.help))
                .last()
        };
        ScrollArea::vertical().max_height(360.0).show(ui, list).inner
    })?
    .inner
}
