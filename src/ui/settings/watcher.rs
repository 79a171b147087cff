//! The outside watcher, which tells the owner when nothing is heard from this computer any more.

use egui::{Label, Ui};

use crate::service::messages::Command;
use crate::service::{Beat, HEARTBEAT_ADDRESS, Heartbeat, read_watcher};
use crate::storage::Secret;
use crate::ui::app::{Action, Actions, State};
use crate::ui::help::{Page, help_button};
use crate::ui::theme::{CONTROL_HEIGHT_SMALL, Tone, icons, palette, space, text};
use crate::ui::widgets::{
    Banner, Button, Level, SecretField, SecretTyped, safe_text, section, status, time_ago,
};

const ABOUT: &str = "When this computer is off or offline, it cannot tell you. A watcher elsewhere can: each minute it is \
                     told that calls arrive, and it sends you a message once it hears nothing";
const HELP: &str = "Healthchecks.io, Better Stack, Uptime Kuma (as a push monitor) and others give you one. It is kept as a \
                    secret, for whoever knows it can use it too";

/// Draws the section.
pub(super) fn watcher_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    section(ui, "Outside watcher", ABOUT, |ui| {
        let is_kept = state.secrets.contains(HEARTBEAT_ADDRESS);
        if is_kept {
            state_ui(ui, state, actions);
        }
        let field = SecretField::new("Address of the watcher", "address", is_kept);
        let typed = field.help(HELP).check(|typed| read_watcher(typed).err()).ui(ui);
        if let Some(typed) = typed {
            let secret = if let SecretTyped::Keep(typed) = typed { Secret::new(&typed) } else { None };
            actions.push(Action::Send(Command::SetSecret { name: HEARTBEAT_ADDRESS.to_owned(), secret }));
        }
        if let Some(page) = Page::find("watcher") {
            help_button(ui, page, "the outside watcher");
        }
    });
}

/// How it stands with it.
fn state_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Heartbeat { watcher, told_at, beat } = &state.heartbeat;
    let watcher = safe_text(watcher.as_deref().unwrap_or("The watcher"));
    let ago = told_at.map(|at| time_ago(at, state.now));
    let row_ui = |ui: &mut Ui, tone, word, words: &str| {
        super::row_ui(ui, CONTROL_HEIGHT_SMALL, |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            status(ui, tone, word);
            ui.add(Label::new(text::soft(palette(ui), words)).truncate());
        });
    };
    match (beat, ago) {
        (Beat::None, _) => row_ui(ui, Tone::Neutral, "Beginning…", "It is told for the first time"),
        (Beat::Told, ago) => {
            let words = format!("{watcher} was told {}", ago.unwrap_or_default());
            row_ui(ui, Tone::Connect, "Watched", &words);
        }
        (Beat::Held, None) => {
            row_ui(ui, Tone::Neutral, "Waiting", "It is told once it is proved that calls arrive");
        }
        (Beat::Held, Some(ago)) => {
            let words =
                format!("{watcher} was told {ago} and not since, as it is not proved that calls arrive");
            row_ui(ui, Tone::Warning, "Alarm", &words);
        }
        (Beat::Failed(why), ago) => {
            let title = format!("{watcher} could not be told, and may raise a false alarm");
            let last = ago.map(|ago| format!(". It was told {ago}")).unwrap_or_default();
            let detail = format!("{}{last}. It is tried again each minute", safe_text(why));
            Banner::new(Level::Warning, &title).detail(&detail).show(ui, |ui| {
                if ui.add(Button::secondary("Tell it now").with_icon(icons::REFRESH).small()).clicked() {
                    actions.push(Action::Send(Command::Prove));
                }
            });
        }
    }
}
