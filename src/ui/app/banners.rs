//! What stands under the header while something keeps calls from being answered or saved.

use egui::{Frame, Margin, Panel, ScrollArea, Ui};

use crate::reach::ReachState;
use crate::routing::{Line, grouped};
use crate::service::account::Connection;
use crate::service::messages::{self, Command, OldCalls, Serving};
use crate::service::{Health, SafeMode};
use crate::storage::Settings;
use crate::ui::at_retell::{ChangeWish, LineAtRetell};
use crate::ui::decision::zone;
use crate::ui::theme::{self, icons, space};
use crate::ui::widgets::shell::Place;
use crate::ui::widgets::{Banner, Button, Confirm, Level, safe_text, what_happened_button};

use super::crashes::is_crash;
use super::{Action, Actions, State};

/// How much of the window's height banners take at most; more are scrolled.
const MOST: f32 = 0.4;

/// Draws those that are called for now.
pub(super) fn banners_ui(ui: &mut Ui, state: &State, place: Place, actions: &mut Actions) {
    let blocked = matches!(state.serving, Serving::Blocked { .. });
    let no_key = asks_for_key(state, place);
    let outage = outage(state, place);
    let astray = astray(state);
    if !blocked
        && !no_key
        && astray.is_empty()
        && outage.is_none()
        && state.log_trouble.is_none()
        && state.not_saved.is_none()
        && state.safe_mode.is_none()
        && state.skew.is_none()
        && state.troubles.is_empty()
        && state.old_calls.is_none()
    {
        return;
    }
    let side = space::XL as i8;
    let frame = Frame::new().fill(theme::palette(ui).canvas).inner_margin(Margin {
        left: side,
        right: side,
        top: space::M as i8,
        bottom: 0,
    });
    let most = ui.ctx().content_rect().height() * MOST;
    Panel::top("banners").resizable(false).show_separator_line(false).frame(frame).show(ui, |ui| {
        let area = ScrollArea::vertical().max_height(most).min_scrolled_height(most);
        area.auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            blocked_ui(ui, state, place, actions);
            clock_ui(ui, state);
            safe_mode_ui(ui, state, actions);
            no_key_ui(ui, state, place, actions);
            if let Some(health) = outage {
                outage_ui(ui, state, health, place, actions);
            }
            astray_ui(ui, &astray, state, actions);
            if let Some(why) = &state.not_saved {
                let text = "The draft is not saved; what you change now is lost when the program ends";
                Banner::new(Level::Error, text).detail(why).show(ui, |_| ());
            }
            if let Some(why) = &state.log_trouble {
                Banner::new(Level::Warning, "Calls are answered, but not logged")
                    .detail(why)
                    .show(ui, |_| ());
            }
            old_calls_ui(ui, state, place, actions);
            troubles_ui(ui, state, actions);
        });
    });
}

fn blocked_ui(ui: &mut Ui, state: &State, place: Place, actions: &mut Actions) {
    let Serving::Blocked { addr, reason, free_port } = &state.serving else { return };
    let text = format!("Calls cannot be received on port {}", addr.port());
    let detail = format!("{reason} It is tried again each second.");
    Banner::new(Level::Error, &text).detail(&detail).show(ui, |ui| {
        if let Some(port) = *free_port
            && ui.add(Button::secondary(&format!("Use port {port} instead"))).clicked()
        {
            let mut listen = state.settings.listen;
            listen.set_port(port);
            let settings = Settings { listen, ..state.settings.clone() };
            actions.push(Action::Send(Command::SaveSettings(settings)));
        }
        open_settings(ui, place, actions);
    });
}

fn clock_ui(ui: &mut Ui, state: &State) {
    let Some(skew) = state.skew else { return };
    let level = if skew.level() == messages::Level::Error { Level::Error } else { Level::Warning };
    Banner::new(level, &skew.words()).detail(skew.advice()).show(ui, |_| ());
}

fn safe_mode_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(safe_mode) = state.safe_mode else { return };
    let detail = safe_mode.detail(state.live.version);
    Banner::new(Level::Warning, SafeMode::WORDS).detail(&detail).show(ui, |ui| {
        if ui.add(Button::secondary("Leave safe mode")).clicked() {
            actions.push(Action::Send(Command::LeaveSafeMode));
        }
        what_happened_button(ui);
    });
}

fn no_key_ui(ui: &mut Ui, state: &State, place: Place, actions: &mut Actions) {
    if !asks_for_key(state, place) {
        return;
    }
    let (level, text) = if state.is_practice() {
        (
            Level::Info,
            "Practice mode: build and try everything; real calls are refused until you paste your API key",
        )
    } else {
        (Level::Error, "Every call is refused until you paste your API key")
    };
    Banner::new(level, text).show(ui, |ui| {
        if ui.add(Button::secondary("Paste your API key…").with_icon(icons::KEY)).clicked() {
            actions.push(Action::Go(Place::Settings));
        }
    });
}

/// Why calls do not arrive, unless that is told already.
fn outage(state: &State, place: Place) -> Option<&Health> {
    let outage = state.proof.outage()?;
    let is_told = place == Place::Settings || matches!(state.serving, Serving::Blocked { .. });
    (!is_told && state.keys.current.is_some()).then_some(outage)
}

fn outage_ui(ui: &mut Ui, state: &State, health: &Health, place: Place, actions: &mut Actions) {
    let words = safe_text(health.words());
    // Where the tunnel itself is down, looking once more brings nothing.
    let (button, command) = match state.reach {
        ReachState::Shut { .. } => ("Try now", Command::ReachAgain),
        _ => ("Check now", Command::Prove),
    };
    Banner::new(Level::Error, "Calls do not arrive").detail(&words).show(ui, |ui| {
        if ui.add(Button::secondary(button).with_icon(icons::REFRESH)).clicked() {
            actions.push(Action::Send(command));
        }
        open_settings(ui, place, actions);
    });
}

/// The lines that Retell asks about at an address that this computer does not have any more.
fn astray(state: &State) -> Vec<&Line> {
    let is_followed = state.settings.follow_address && state.account.failed.is_none();
    let is_astray = |line: &&Line| {
        LineAtRetell::of(line, state).and_then(|line| line.connection()) == Some(Connection::Before)
    };
    state.draft.lines.iter().filter(is_astray).filter(|_| !is_followed).collect()
}

fn astray_ui(ui: &mut Ui, lines: &[&Line], state: &State, actions: &mut Actions) {
    let (text, button) = match lines {
        [] => return,
        [line] => (format!("Calls to “{}” do not arrive", safe_text(&line.name)), "Connect it again…"),
        lines => (format!("Calls to {} lines do not arrive", lines.len()), "Connect them again…"),
    };
    let detail = "Retell asks at an address that this computer had before";
    Banner::new(Level::Error, &text).detail(detail).show(ui, |ui| {
        if ui.add_enabled(!state.account.is_changing, Button::secondary(button)).clicked() {
            let numbers = lines.iter().map(|line| line.number.clone()).collect();
            actions.push(Action::ChangeAtRetell(ChangeWish::Connect(numbers)));
        }
    });
}

/// The settings screen asks for the key itself.
fn asks_for_key(state: &State, place: Place) -> bool {
    state.keys.current.is_none() && place != Place::Settings
}

fn open_settings(ui: &mut Ui, place: Place, actions: &mut Actions) {
    if place != Place::Settings && ui.add(Button::quiet("Open Settings")).clicked() {
        actions.push(Action::Go(Place::Settings));
    }
}

/// Nobody's calls go without a word.
fn old_calls_ui(ui: &mut Ui, state: &State, place: Place, actions: &mut Actions) {
    let Some(OldCalls { calls, days, from }) = &state.old_calls else { return };
    let day = from.with_timezone(&zone(state)).format("%a %-d %b");
    let (calls, are) = match calls {
        1 => ("1 call".to_owned(), "is"),
        calls => (format!("{} calls", grouped(*calls as usize)), "are"),
    };
    let text = format!("{calls} {are} older than {days} days and will be erased from {day} on");
    let asking = ui.scope_id().with("erase old calls");
    let detail = "Save them as a file on the screen Calls, or say in Settings how long calls are kept";
    Banner::new(Level::Warning, &text).detail(detail).show(ui, |ui| {
        if ui.add(Button::secondary("Keep all calls")).clicked() {
            let settings = Settings { keep_calls_days: None, ..state.settings.clone() };
            actions.push(Action::Send(Command::SaveSettings(settings)));
        }
        if ui.add(Button::quiet("Erase them now…")).clicked() {
            ui.data_mut(|data| data.insert_temp(asking, true));
        }
        open_settings(ui, place, actions);
    });
    if !ui.data(|data| data.get_temp(asking).unwrap_or(false)) {
        return;
    }
    let title = format!("Erase {calls} now?");
    let text = format!(
        "They go for good, some each minute so that nobody waits; what came in the last {days} days stays"
    );
    let confirm = Confirm { title: &title, text: &text, yes: "Erase", danger: true };
    if let Some(answer) = confirm.ask(ui) {
        if answer {
            actions.push(Action::Send(Command::LetOldCallsGo));
        }
        ui.data_mut(|data| data.remove::<bool>(asking));
    }
}

fn troubles_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    for (index, trouble) in state.troubles.iter().enumerate() {
        let kept = trouble.kept.as_ref().map(|file| format!("Kept beside: {}", file.display()));
        let text = safe_text(&trouble.message);
        let is_crash = is_crash(trouble, state);
        let kept = kept.as_deref().filter(|_| !is_crash).map(safe_text).unwrap_or_default();
        Banner::new(Level::Warning, &text).detail(&kept).show(ui, |ui| {
            let name = format!("Dismiss {text}");
            if ui.add(Button::secondary("Dismiss").name(&name).small()).clicked() {
                actions.push(Action::DismissTrouble(index));
            }
            if is_crash {
                what_happened_button(ui);
            }
        });
    }
}
