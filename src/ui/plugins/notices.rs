//! Those who are told of calls and outages, a row each, and how more are added.

use egui::{Sides, Ui};

use crate::routing::grouped;
use crate::service::messages::Command;
use crate::storage::{Pause, ToldOf, UsedNotice};
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision::zone;
use crate::ui::theme::{CONTROL_HEIGHT, Tone, icons, palette, space, text};
use crate::ui::widgets::{
    Banner, Button, Level, menu_button, menu_item, problem_line, safe_text, section, status, time_ago,
};

const ABOUT: &str =
    "You and others can be told of calls and outages, once a call was answered; no call ever waits for it";

/// Draws all of them. Gives the one that is to be looked into; a new one is in no settings yet.
pub(super) fn notices_ui(ui: &mut Ui, state: &State, actions: &mut Actions) -> Option<UsedNotice> {
    let mut opened = None;
    section(ui, "Notices", ABOUT, |ui| {
        paused_ui(ui, state, actions);
        if state.settings.notices.is_empty() {
            ui.label(text::help(palette(ui), "Nobody is told of anything yet"));
        }
        for used in &state.settings.notices {
            ui.push_id(&used.id, |ui| {
                if row_ui(ui, state, used) {
                    opened = Some(used.clone());
                }
            });
        }
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            add_ui(ui, state, &mut opened);
            if pause(state).is_none() && state.settings.notices.iter().any(|used| used.enabled) {
                pause_button_ui(ui, state, actions);
            }
        });
    });
    opened
}

fn add_ui(ui: &mut Ui, state: &State, opened: &mut Option<UsedNotice>) {
    let button = Button::secondary("Add a notice…").with_icon(icons::PLUS).small().name("Add a notice");
    menu_button(ui, button, |ui| {
        for (plugin, _) in state.registry.notices() {
            let manifest = plugin.manifest();
            if menu_item(ui, icons::PLUG, &safe_text(&manifest.name))
                .on_hover_text(&manifest.summary)
                .clicked()
            {
                *opened = Some(new(state, &manifest.id, &manifest.name));
            }
        }
    });
}

/// The pause that is on, if one is.
pub(super) fn pause(state: &State) -> Option<Pause> {
    state.settings.notices_paused.filter(|pause| pause.is_on(state.now))
}

/// Says until when nobody is told, and what becomes of what happens meanwhile.
fn paused_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(pause) = pause(state) else { return };
    let waiting: usize = state
        .settings
        .notices
        .iter()
        .filter_map(|used| state.notices.report(&used.id))
        .map(|report| report.waiting)
        .sum();
    let waits = match waiting {
        0 => String::new(),
        1 => ". 1 waits".to_owned(),
        count => format!(". {} wait", grouped(count)),
    };
    let detail = format!("What happens meanwhile is told together afterwards{waits}");
    Banner::new(Level::Warning, &pause.words(zone(state), state.now)).detail(&detail).show(ui, |ui| {
        if ui.add(Button::secondary("Switch on again").name("Switch notices on again").small()).clicked() {
            actions.push(Action::Send(Command::PauseNotices(None)));
        }
    });
}

fn pause_button_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let button = Button::quiet("Pause…").small().name("Pause notices");
    menu_button(ui, button, |ui| {
        for (icon, words, pause) in [
            (icons::CLOCK, "For an hour", Pause::for_an_hour(state.now)),
            (icons::BELL, "Until I switch them on again", Pause::UntilEnded),
        ] {
            if menu_item(ui, icon, words).clicked() {
                actions.push(Action::Send(Command::PauseNotices(Some(pause))));
            }
        }
    });
}

fn row_ui(ui: &mut Ui, state: &State, used: &UsedNotice) -> bool {
    let name = safe_text(&used.name).into_owned();
    let p = palette(ui);
    let mut open = false;
    Sides::new().shrink_left().truncate().height(CONTROL_HEIGHT).show(
        ui,
        |ui| {
            ui.label(text::label(name.as_str()));
            ui.label(text::soft(p, safe_text(&way(state, used))));
            standing_ui(ui, state, used);
        },
        |ui| open = ui.add(Button::secondary("Open").small().name(&format!("Open {name}"))).clicked(),
    );
    if let Some(why) = trouble(state, used) {
        problem_line(ui, &safe_text(&why));
    }
    open
}

/// What the way to tell is called.
pub(super) fn way(state: &State, used: &UsedNotice) -> String {
    let found = state.registry.notices().find(|(plugin, _)| plugin.manifest().id == used.plugin);
    found.map_or_else(|| used.plugin.clone(), |(plugin, _)| plugin.manifest().name.clone())
}

/// How it goes, in a word.
pub(super) fn standing_ui(ui: &mut Ui, state: &State, used: &UsedNotice) {
    let (tone, word) = if !used.enabled {
        (Tone::Neutral, "Off")
    } else if trouble(state, used).is_some() {
        (Tone::Reject, "Does not get through")
    } else if pause(state).is_some() {
        (Tone::Warning, "Paused")
    } else {
        (Tone::Connect, "On")
    };
    status(ui, tone, word);
}

/// What is wrong, with when that was found.
pub(super) fn trouble(state: &State, used: &UsedNotice) -> Option<String> {
    if used.enabled
        && let Err(why) = state.registry.find_notice(&used.plugin)
    {
        return Some(why);
    }
    let (at, why) = state.notices.report(&used.id)?.trouble.as_ref().filter(|_| used.enabled)?;
    Some(format!("{}: {why}", time_ago(*at, state.now)))
}

/// One that is still to be filled in, with a name and an id that no other has.
fn new(state: &State, plugin: &str, name: &str) -> UsedNotice {
    let all = &state.settings.notices;
    let free = |taken: &dyn Fn(&str) -> bool, first: &str, next: &dyn Fn(usize) -> String| {
        let mut names = std::iter::once(first.to_owned()).chain((2..).map(next));
        // There is always one that is free.
        names.find(|name| !taken(name)).unwrap_or_default()
    };
    let called = |text: &str| all.iter().any(|used| used.name == text);
    let has_id = |text: &str| all.iter().any(|used| used.id == text);
    UsedNotice {
        id: free(&has_id, plugin, &|count| format!("{plugin}_{count}")),
        name: free(&called, name, &|count| format!("{name} {count}")),
        plugin: plugin.to_owned(),
        enabled: true,
        of: ToldOf { outages: true, ..ToldOf::default() },
        settings: serde_json::Map::new(),
    }
}
