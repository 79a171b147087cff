//! The plugins that the owner added, a card each: what they are, what they ask to be allowed, and how
//! they are doing.

use egui::{Label, Sides, Ui};

use super::wish;
use crate::plugins::dropped::{Card, Standing};
use crate::service::messages::PluginWish;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT_SMALL, Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, card, problem_line, safe_text, section, status, switch};

const ABOUT: &str = "Find out something about each call, such as what a CRM knows of the caller; they run once you allow them";

/// Draws all of them. Gives the one that is to be looked into.
pub(super) fn added_ui(ui: &mut Ui, state: &State, search: &str, actions: &mut Actions) -> Option<String> {
    let mut opened = None;
    section(ui, "Added by you", ABOUT, |ui| {
        if state.plugins.is_empty() {
            ui.label(text::help(palette(ui), "No plugin has been added yet"));
        }
        folder_ui(ui, state, actions);
    });
    let words = search.to_lowercase();
    for plugin in state.plugins.iter().filter(|plugin| plugin.name().to_lowercase().contains(&words)) {
        ui.push_id(&plugin.id, |ui| {
            card(ui, |ui| {
                if card_ui(ui, plugin, actions) {
                    opened = Some(plugin.id.clone());
                }
            });
        });
    }
    opened
}

/// How plugins are added, and where they lie.
fn folder_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let folder = state.plugins_folder().display().to_string();
    ui.horizontal_wrapped(|ui| {
        let zip = Button::secondary("Add from a zip file…").with_icon(icons::PLUS).small();
        if ui.add(zip.name("Add a plugin from a zip file")).clicked() {
            actions.push(Action::ChoosePlugin { folder: false });
        }
        let from = Button::secondary("Add from a folder…").small();
        if ui.add(from.name("Add a plugin from a folder")).clicked() {
            actions.push(Action::ChoosePlugin { folder: true });
        }
        let show = Button::quiet("Show the folder").small().name("Show the folder of plugins");
        if ui.add(show).on_hover_text(&folder).clicked() {
            actions.push(wish(PluginWish::OpenFolder(None)));
        }
        let copy = Button::icon(icons::COPY, "Copy the folder of plugins").tooltip("Copy its path").small();
        if ui.add(copy).clicked() {
            // So that what was copied leads somewhere.
            actions.extend([wish(PluginWish::MakeFolder), Action::Copy(folder.clone())]);
        }
    });
}

/// One card. Says whether it is to be looked into.
fn card_ui(ui: &mut Ui, plugin: &Card, actions: &mut Actions) -> bool {
    let p = palette(ui);
    ui.spacing_mut().item_spacing.y = space::XS;
    let mut open = false;
    let name = safe_text(plugin.name()).into_owned();
    Sides::new().shrink_left().truncate().height(CONTROL_HEIGHT_SMALL).show(
        ui,
        |ui| {
            ui.label(text::heading(name.as_str()));
            if let Some(manifest) = &plugin.manifest {
                ui.label(text::faint(p, safe_text(&manifest.version)));
            }
            standing_ui(ui, plugin);
        },
        |ui| {
            open = ui.add(Button::secondary("Open").small().name(&format!("Open {name}"))).clicked();
            switch_ui(ui, plugin, &name, actions);
        },
    );
    if let Some(manifest) = &plugin.manifest {
        ui.add(Label::new(text::soft(p, safe_text(&manifest.summary))).wrap());
    }
    if let Some(problem) = &plugin.problem {
        problem_line(ui, &safe_text(problem));
    }
    asks_ui(ui, plugin, actions);
    open
}

/// What becomes of it, in a word.
pub(super) fn standing_ui(ui: &mut Ui, plugin: &Card) {
    let (tone, word) = match plugin.standing {
        Standing::Unreadable => (Tone::Reject, "Cannot be used"),
        Standing::Asks => (Tone::Warning, "Waits for you to allow it"),
        Standing::AsksAgain => (Tone::Warning, "Asks for other rights"),
        Standing::Off => (Tone::Neutral, "Off"),
        Standing::On if plugin.report.paused.is_some() => (Tone::Reject, "Left in peace for a while"),
        Standing::On if plugin.is_lacking => (Tone::Reject, "Not at work"),
        Standing::On if plugin.problem.is_some() && plugin.works.is_some() => {
            (Tone::Warning, "An earlier version is at work")
        }
        Standing::On if plugin.problem.is_some() => (Tone::Reject, "Not at work"),
        Standing::On if plugin.works.is_none() => (Tone::Neutral, "Getting ready"),
        Standing::On => (Tone::Connect, "At work"),
    };
    status(ui, tone, word);
}

pub(super) fn switch_ui(ui: &mut Ui, plugin: &Card, name: &str, actions: &mut Actions) {
    if matches!(plugin.standing, Standing::On | Standing::Off) {
        let mut on = plugin.standing == Standing::On;
        if switch(ui, &mut on, &format!("{name} is asked about each call")).changed() {
            actions.push(wish(PluginWish::Switch { id: plugin.id.clone(), on }));
        }
    }
}

/// What it asks to be allowed, with the button that allows it.
pub(super) fn asks_ui(ui: &mut Ui, plugin: &Card, actions: &mut Actions) {
    let again = match plugin.standing {
        Standing::Asks => false,
        Standing::AsksAgain => true,
        _ => return,
    };
    let Some(manifest) = &plugin.manifest else { return };
    let p = palette(ui);
    ui.add_space(space::S);
    let words = if again { "It now asks to be allowed to" } else { "It asks to be allowed to" };
    ui.label(text::label(words));
    for right in
        ["Be told who calls, which line, and when".to_owned()].into_iter().chain(manifest.allow.words())
    {
        ui.horizontal_top(|ui| {
            ui.label(text::icon(icons::SHIELD, p.text_soft).size(14.0));
            ui.add(Label::new(text::body(safe_text(&right))).wrap());
        });
    }
    if manifest.allow.fetch.is_empty() {
        ui.label(text::help(p, "It reaches no server, no file and nothing else on this computer"));
    }
    ui.add_space(space::XS);
    let name = format!("Allow {}", plugin.name());
    if ui.add(Button::primary("Allow and switch on").name(&name)).clicked() {
        actions.push(wish(PluginWish::Allow(plugin.id.clone())));
    }
}
