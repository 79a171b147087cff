//! Those who are told of calls and outages, a row each, and how more are added.

use egui::{Sides, Ui};

use crate::storage::{ToldOf, UsedNotice};
use crate::ui::app::State;
use crate::ui::theme::{CONTROL_HEIGHT, Tone, icons, palette, text};
use crate::ui::widgets::{
    Button, menu_button, menu_item, problem_line, safe_text, section, status, time_ago,
};

const ABOUT: &str =
    "You and others can be told of calls and outages, once a call was answered; no call ever waits for it";

/// Draws all of them. Gives the one that is to be looked into; a new one is in no settings yet.
pub(super) fn notices_ui(ui: &mut Ui, state: &State) -> Option<UsedNotice> {
    let mut opened = None;
    section(ui, "Notices", ABOUT, |ui| {
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
        let button = Button::secondary("Add a notice…").with_icon(icons::PLUS).small().name("Add a notice");
        menu_button(ui, button, |ui| {
            for (plugin, _) in state.registry.notices() {
                let manifest = plugin.manifest();
                if menu_item(ui, icons::PLUG, &safe_text(&manifest.name))
                    .on_hover_text(&manifest.summary)
                    .clicked()
                {
                    opened = Some(new(state, &manifest.id, &manifest.name));
                }
            }
        });
    });
    opened
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
