//! One look-up in the list: what it is called, how it is doing, and what can be done with it.

use egui::{Label, Sides, Ui};

use super::uses::rules_using;
use crate::plugins::{Health, Inspection};
use crate::routing::UsedLookUp;
use crate::ui::app::State;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{
    Button, menu_danger, menu_item, menu_separator, more_menu, safe_text, status, switch,
};

/// What is wanted of a look-up.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    Open,
    Rename,
    Switch,
    /// To stand at this place.
    Move(usize),
    Delete,
}

/// Draws it; gives what is wanted.
pub(super) fn row_ui(ui: &mut Ui, state: &State, index: usize, used: &UsedLookUp) -> Option<Asked> {
    let p = palette(ui);
    let name = safe_text(&used.name);
    let mut asked = None;
    ui.spacing_mut().item_spacing.y = space::XS;
    Sides::new().shrink_left().height(32.0).show(
        ui,
        |ui| {
            ui.label(text::icon(icon_of(&used.plugin), p.text_faint));
            ui.add(Label::new(text::strong(&*name)).truncate());
            ui.label(text::soft(p, plugin_name(state, used)));
            status_ui(ui, state, used);
        },
        |ui| {
            more_menu(ui, &format!("More about {name}"), |ui| {
                asked = menu_ui(ui, index, state.draft.look_ups.len()).or(asked);
            });
            if ui.add(Button::secondary("Open").small().name(&format!("Open {name}"))).clicked() {
                asked = Some(Asked::Open);
            }
            let mut on = used.enabled;
            let words = format!("{} {name}", if on { "Switch off" } else { "Switch on" });
            if switch(ui, &mut on, &words).changed() {
                asked = Some(Asked::Switch);
            }
            ui.label(text::faint(p, uses_words(state, used)));
        },
    );
    if let Some(found) = state.inspected.get(&used.id) {
        ui.add(Label::new(text::help(p, safe_text(&found.summary))).wrap());
    }
    asked
}

/// What can be done with a look-up besides opening it and switching it.
pub(super) fn menu_ui(ui: &mut Ui, index: usize, count: usize) -> Option<Asked> {
    let mut asked = None;
    if menu_item(ui, icons::PENCIL, "Rename…").clicked() {
        asked = Some(Asked::Rename);
    }
    if index > 0 && menu_item(ui, icons::ARROW_UP, "Move up").clicked() {
        asked = Some(Asked::Move(index - 1));
    }
    if index + 1 < count && menu_item(ui, icons::ARROW_DOWN, "Move down").clicked() {
        asked = Some(Asked::Move(index + 1));
    }
    menu_separator(ui);
    if menu_danger(ui, icons::TRASH, "Delete look-up").clicked() {
        asked = Some(Asked::Delete);
    }
    asked
}

/// How it is doing, as a word with a colour.
pub(super) fn status_ui(ui: &mut Ui, state: &State, used: &UsedLookUp) {
    let (tone, word) = match state.inspected.get(&used.id) {
        _ if !used.enabled => (Tone::Neutral, "Off"),
        Some(Inspection { health: Health::Good, .. }) => (Tone::Connect, "Ready"),
        Some(Inspection { health: Health::Attention, .. }) => (Tone::Warning, "Needs attention"),
        Some(Inspection { health: Health::Bad, .. }) => (Tone::Reject, "Gives nothing"),
        Some(Inspection { health: Health::Unknown, .. }) => (Tone::Neutral, "Not asked yet"),
        None => (Tone::Neutral, "Looking…"),
    };
    status(ui, tone, word);
}

/// What people call the plugin that is asked.
pub(super) fn plugin_name(state: &State, used: &UsedLookUp) -> String {
    match state.registry.find_look_up(used) {
        Some((plugin, _)) => plugin.manifest().name.clone(),
        None => safe_text(&used.plugin).into_owned(),
    }
}

pub(super) fn uses_words(state: &State, used: &UsedLookUp) -> String {
    match rules_using(state, used).len() {
        0 => "Not used by any rule".to_owned(),
        1 => "Used by 1 rule".to_owned(),
        n => format!("Used by {n} rules"),
    }
}

/// The sign of a plugin's look-ups.
pub(super) fn icon_of(plugin: &str) -> char {
    match plugin {
        "contacts" => icons::USERS,
        "http" => icons::GLOBE,
        _ => icons::PLUG,
    }
}
