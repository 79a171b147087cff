//! The screen that lists who is told of calls, and the plugins and what they offer: those that the owner
//! added, with what they may do and how they are doing, then those that are built in.

mod added;
mod form;
mod form_rows;
mod notice_page;
mod notices;
mod page;
mod trial;

use egui::{Grid, Ui};

use crate::plugins::{ConditionInfo, FactInfo, Plugin};
use crate::service::messages::{Command, PluginWish};
use crate::ui::app::{Action, Actions, SettingFile, State};
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, Tone, icons, space, text};
use crate::ui::widgets::{Screen, TextField, badge, card, divider};

const ABOUT: &str = "What rules can ask about a call, and where the answers come from";
/// From this many entries on there is a field to search in them.
const MANY: usize = 30;

/// The screen's own state.
#[derive(Default)]
pub struct PluginsScreen {
    search: String,
    /// The added plugin that is looked into.
    page: Option<page::PluginPage>,
    /// The notice that is looked into.
    notice: Option<notice_page::NoticePage>,
}

/// What one plugin offers, as far as it is looked for.
struct Offered<'a> {
    plugin: &'a dyn Plugin,
    conditions: Vec<&'a ConditionInfo>,
    facts: Vec<(String, FactInfo)>,
}

impl PluginsScreen {
    /// A file was chosen for a setting of what is looked into.
    pub fn take_file(&mut self, setting: &SettingFile, file: &str) {
        let filled = match (&mut self.page, &mut self.notice) {
            (Some(page), _) => page.filled_of(&setting.owner),
            (_, Some(notice)) => notice.filled_of(&setting.owner),
            _ => None,
        };
        if let Some(filled) = filled {
            filled.insert(setting.field.clone(), file.into());
        }
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        if let Some(page) = &mut self.page {
            if page.ui(ui, state, actions) {
                return;
            }
            self.page = None;
        }
        if let Some(notice) = &mut self.notice {
            if notice.ui(ui, state, actions) {
                return;
            }
            self.notice = None;
        }
        let built_in = state.registry.plugins().filter(|plugin| plugin.as_dropped().is_none());
        let mut offered: Vec<_> = built_in.map(|plugin| all_of(plugin, state)).collect();
        let is_long = offered.iter().map(|all| all.conditions.len() + all.facts.len()).sum::<usize>() > MANY;
        if is_long {
            let words = self.search.to_lowercase();
            offered.retain_mut(|all| narrow(all, &words));
        }
        let (words, mut opened, mut notice) = (self.search.clone(), None, None);
        Screen::new("Plugins", ABOUT).show(
            ui,
            |ui| {
                if is_long {
                    let field = TextField::new(&mut self.search).hint("Search").width(220.0);
                    ui.add(field).accessible_name("Search plugins");
                }
            },
            |ui| {
                notice = notices::notices_ui(ui, state, actions);
                opened = added::added_ui(ui, state, &words, actions);
                if offered.is_empty() {
                    ui.label(text::soft(theme::palette(ui), "No plugin offers anything called that"));
                }
                for all in &offered {
                    ui.push_id(&all.plugin.manifest().id, |ui| plugin_ui(ui, all));
                }
            },
        );
        if let Some(used) = notice {
            self.notice = Some(notice_page::NoticePage::of(used));
            ui.ctx().request_repaint();
        }
        if let Some(id) = opened {
            self.page = Some(page::PluginPage::of(state, id));
            ui.ctx().request_repaint();
        }
    }
}

fn all_of<'a>(plugin: &'a dyn Plugin, state: &State) -> Offered<'a> {
    let conditions = plugin.manifest().conditions.values().collect();
    Offered { plugin, conditions, facts: plugin.facts(&state.draft).into_iter().collect() }
}

/// Leaves what the words are found in; whether anything is left.
fn narrow(all: &mut Offered<'_>, words: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(words);
    if has(&all.plugin.manifest().name) {
        return true;
    }
    all.conditions.retain(|condition| has(&condition.title) || has(&condition.help));
    all.facts.retain(|(name, fact)| has(name) || has(&fact.title));
    !all.conditions.is_empty() || !all.facts.is_empty()
}

fn plugin_ui(ui: &mut Ui, all: &Offered<'_>) {
    let manifest = all.plugin.manifest();
    card(ui, |ui| {
        let p = theme::palette(ui);
        ui.spacing_mut().item_spacing.y = space::XS;
        egui::Sides::new().shrink_left().show(
            ui,
            |ui| {
                ui.label(text::heading(manifest.name.as_str()));
                ui.label(text::faint(p, manifest.version.as_str()));
            },
            |ui| badge(ui, Tone::Neutral, icons::PLUG, "Built in"),
        );
        ui.label(text::soft(p, manifest.summary.as_str()));
        if !all.conditions.is_empty() {
            part_ui(ui, "Conditions for rules");
            for condition in &all.conditions {
                ui.horizontal_wrapped(|ui| {
                    ui.label(text::label(condition.title.as_str()));
                    ui.label(text::soft(p, condition.help.as_str()));
                });
            }
        }
        if !all.facts.is_empty() {
            part_ui(ui, "Facts about a call");
            facts_ui(ui, &all.facts);
        }
    });
}

fn part_ui(ui: &mut Ui, words: &str) {
    ui.add_space(space::S);
    divider(ui);
    ui.add_space(space::S);
    ui.label(text::help(theme::palette(ui), words));
}

fn facts_ui(ui: &mut Ui, facts: &[(String, FactInfo)]) {
    let p = theme::palette(ui);
    let spacing = egui::vec2(space::XL, space::XS);
    Grid::new("facts").num_columns(3).min_row_height(CONTROL_HEIGHT_SMALL).spacing(spacing).show(ui, |ui| {
        for (name, fact) in facts {
            ui.label(text::body(fact.title.as_str()));
            ui.label(text::code(name.as_str()).size(text::SMALL).color(p.text_soft));
            ui.label(text::faint(p, format!("such as {}", fact.example)));
            ui.end_row();
        }
    });
}

/// Asks the service to do something with an added plugin.
fn wish(wish: PluginWish) -> Action {
    Action::Send(Command::Plugin(wish))
}
