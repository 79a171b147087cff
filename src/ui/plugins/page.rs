//! One added plugin: what it may do, its settings, how it is doing, what it gives, and a test.

use egui::{Label, Ui};

use super::added;
use super::form;
use super::trial::Trial;
use super::wish;
use crate::plugins::FactInfo;
use crate::plugins::dropped::{Card, Filled, Line, Standing, wrong};
use crate::service::messages::PluginWish;
use crate::ui::app::{Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT, icons, palette, space, text};
use crate::ui::widgets::{
    Button, Confirm, Screen, card, key_value, menu_danger, menu_item, more_menu, problem_line, safe_text,
    section, time_ago,
};

/// The page of one plugin, while it is open.
pub(super) struct PluginPage {
    id: String,
    /// The settings as they are filled in, not yet saved.
    filled: Filled,
    /// As they were saved when they were last looked at.
    saved: Filled,
    trial: Trial,
    removing: bool,
}

impl PluginPage {
    pub(super) fn of(state: &State, id: String) -> Self {
        let card = state.plugins.iter().find(|card| card.id == id);
        let saved = card.map(|card| card.filled.clone()).unwrap_or_default();
        Self { id, filled: saved.clone(), saved, trial: Trial::default(), removing: false }
    }

    /// What is filled in, if this is the page of the plugin with this id.
    pub(super) fn filled_of(&mut self, id: &str) -> Option<&mut Filled> {
        (self.id == id).then_some(&mut self.filled)
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let Some(plugin) = state.plugins.iter().find(|card| card.id == self.id) else { return false };
        if plugin.filled != self.saved {
            self.saved.clone_from(&plugin.filled);
            self.filled.clone_from(&plugin.filled);
        }
        let (mut back, mut show, mut remove) = (false, false, false);
        let name = safe_text(plugin.name()).into_owned();
        let manifest = plugin.manifest.as_deref();
        let about = manifest.map(|manifest| safe_text(&manifest.summary).into_owned()).unwrap_or_default();
        Screen::new(&name, &about).show(
            ui,
            |ui| {
                let button =
                    Button::secondary("Plugins").with_icon(icons::CHEVRON_LEFT).name("Back to plugins");
                back = ui.add(button).clicked();
                more_menu(ui, "More about this plugin", |ui| {
                    show = menu_item(ui, icons::EYE, "Show its folder").clicked();
                    remove = menu_danger(ui, icons::TRASH, "Remove…").clicked();
                });
            },
            |ui| {
                card(ui, |ui| status_ui(ui, state, plugin, &name, actions));
                if plugin.settings().is_some_and(|settings| !settings.is_empty()) {
                    self.settings_ui(ui, state, plugin, actions);
                }
                if plugin.works.is_some() && plugin.standing == Standing::On {
                    self.trial.ui(ui, state, &plugin.id, actions);
                }
                facts_ui(ui, plugin);
                log_ui(ui, state, plugin);
            },
        );
        if show {
            actions.push(wish(PluginWish::OpenFolder(Some(self.id.clone()))));
        }
        self.removing |= remove;
        self.remove_ui(ui, &name, actions);
        !back
    }

    fn settings_ui(&mut self, ui: &mut Ui, state: &State, plugin: &Card, actions: &mut Actions) {
        let Some(settings) = plugin.settings() else { return };
        section(ui, "Settings", "What the plugin has to know", |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            form::form_ui(ui, &plugin.id, settings, &mut self.filled, &state.secrets, actions);
            let wrong = wrong(&plugin.id, settings, &self.filled, &|_| true);
            let changed = self.filled != plugin.filled;
            ui.horizontal(|ui| {
                let save = Button::primary("Save").name("Save the settings");
                if ui.add_enabled(changed && wrong.is_none(), save).clicked() {
                    let (id, filled) = (plugin.id.clone(), self.filled.clone());
                    actions.push(wish(PluginWish::Fill { id, filled }));
                }
                if changed && ui.add(Button::quiet("Discard").name("Discard the changes")).clicked() {
                    self.filled.clone_from(&plugin.filled);
                }
                if let Some((_, why)) = wrong.filter(|_| changed) {
                    problem_line(ui, &safe_text(&why));
                }
            });
        });
    }

    fn remove_ui(&mut self, ui: &Ui, name: &str, actions: &mut Actions) {
        if !self.removing {
            return;
        }
        let text = format!(
            "{name} is no longer asked, its settings and secrets are forgotten, and rules that need its facts do not match. Its folder is kept beside, with “removed” in its name."
        );
        let ask = Confirm { title: "Remove this plugin?", text: &text, yes: "Remove it", danger: true };
        if let Some(answer) = ask.ask(ui) {
            self.removing = false;
            actions.extend(answer.then(|| wish(PluginWish::Remove(self.id.clone()))));
        }
    }
}

fn status_ui(ui: &mut Ui, state: &State, plugin: &Card, name: &str, actions: &mut Actions) {
    let p = palette(ui);
    let report = &plugin.report;
    ui.spacing_mut().item_spacing.y = space::S;
    egui::Sides::new().shrink_left().height(CONTROL_HEIGHT).show(
        ui,
        |ui| {
            added::standing_ui(ui, plugin);
            let words = match &plugin.works {
                Some(version) => format!("Version {}", safe_text(version)),
                None => String::new(),
            };
            ui.label(text::soft(p, words));
        },
        |ui| added::switch_ui(ui, plugin, name, actions),
    );
    if let Some(problem) = &plugin.problem {
        problem_line(ui, &safe_text(problem));
    }
    added::asks_ui(ui, plugin, actions);
    if let Some(manifest) = plugin.manifest.as_ref().filter(|_| plugin.works.is_some()) {
        let rights = manifest.allow.words();
        let rights =
            if rights.is_empty() { "Nothing besides answering".to_owned() } else { rights.join("; ") };
        key_value(ui, "Allowed", &safe_text(&rights));
    }
    if report.asks > 0 {
        let failed = match report.faults {
            0 => "never failed".to_owned(),
            faults => format!("failed {faults} times"),
        };
        key_value(ui, "Since the start", &format!("Asked {} times, {failed}", report.asks));
    }
    if let (Some(half), Some(most)) = (report.p50_us, report.p99_us) {
        let ms = |us: u64| format!("{:.1} ms", us as f64 / 1000.0);
        key_value(ui, "Takes", &format!("Mostly {}, at times {}", ms(half), ms(most)));
    }
    if let Some(Line { at, text: why }) = &report.last_error {
        key_value(ui, "Last failure", &format!("{}: {}", time_ago(*at, state.now), safe_text(why)));
    }
    key_value(ui, "Folder", &plugin.folder.display().to_string());
}

fn facts_ui(ui: &mut Ui, plugin: &Card) {
    let facts: Vec<(&String, &FactInfo)> = plugin.facts().collect();
    if facts.is_empty() {
        return;
    }
    section(ui, "Facts about a call", "Rules can compare these, and agents can be told them", |ui| {
        let facts: Vec<_> = facts.into_iter().map(|(name, fact)| (name.clone(), fact.clone())).collect();
        super::facts_ui(ui, &facts);
    });
}

fn log_ui(ui: &mut Ui, state: &State, plugin: &Card) {
    section(ui, "Log", "What it writes with console.log, the last first", |ui| {
        if plugin.report.log.is_empty() {
            ui.label(text::help(palette(ui), "It has written nothing since the start"));
        }
        for Line { at, text: line } in &plugin.report.log {
            ui.horizontal_top(|ui| {
                ui.label(text::faint(palette(ui), time_ago(*at, state.now)));
                ui.add(Label::new(text::code(safe_text(line))).wrap().selectable(true));
            });
        }
    });
}
