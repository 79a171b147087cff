//! The first call: what has to be so for it, each with a tick as it is proved, and the call itself.

use chrono::{DateTime, Utc};
use egui::Ui;

use super::step::Step;
use crate::retell::payload;
use crate::routing::Line;
use crate::service::account::Connection;
use crate::service::messages::{Command, Serving};
use crate::storage::call_log::Summary;
use crate::ui::app::{Action, Actions, State};
use crate::ui::at_retell::LineAtRetell;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Level, safe_text, time_ago};

/// Who calls in a test.
const TESTER: &str = "+12025550143";

/// The test that was sent.
#[derive(Default)]
pub(super) struct ProofStep {
    sent: Option<String>,
    /// Since when this is looked at: what was refused before does not count.
    since: Option<DateTime<Utc>>,
}

impl ProofStep {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let since = *self.since.get_or_insert(state.now);
        let listens = matches!(state.serving, Serving::Listening(_));
        tick_ui(ui, listens, "Switchboard listens for calls");
        for (step, says) in [
            (Step::Key, "Retell knows your key"),
            (Step::Reach, "Calls arrive from the internet; a signed question went out and came back"),
            (Step::Connect, "A line is connected"),
            (Step::Table, "A table says who answers"),
        ] {
            tick_ui(ui, step.is_done(state), says);
        }
        self.test_ui(ui, state, actions);
        call_ui(ui, state);
        refused_ui(ui, state, since);
    }

    /// A test of our own, signed like a real call.
    fn test_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let answered = self.sent.as_ref().and_then(|sent| {
            let front_door = state.front_door.as_deref().filter(|front_door| front_door.body == *sent)?;
            Some(front_door.result.clone())
        });
        match &answered {
            Some(Ok((200, _, ms))) => {
                let who = state.calls.iter().find(|call| call.is_test).map(answer_words);
                let who = who.unwrap_or_else(|| "answered".to_owned());
                tick_ui(ui, true, &format!("The test call was {who}, in {ms:.0} ms"));
            }
            Some(Ok((status, ..))) => {
                let words = format!("The test call was refused (status {status})");
                Banner::new(Level::Error, &words).detail("Look under Calls, Refused").show(ui, |_| ());
            }
            Some(Err(why)) => Banner::new(Level::Error, why).show(ui, |_| ()),
            None => tick_ui(ui, false, "A test call of mine is answered"),
        }
        let may = matches!(state.serving, Serving::Listening(_)) && state.keys.current.is_some();
        let button = Button::secondary("Send a test call").with_icon(icons::SEND).small();
        ui.horizontal(|ui| {
            ui.add_space(18.0 + space::S);
            if ui.add_enabled(may, button).clicked() {
                let to = line_of(state).map_or("", |line| line.number.as_str());
                let body = payload::sample(Some(TESTER), to, None, state.now.timestamp_millis());
                self.sent = Some(body.clone());
                actions.push(Action::Send(Command::Prove));
                actions.push(Action::Send(Command::SendSigned(body)));
            }
            if !may {
                ui.label(text::help(palette(ui), "It is signed with your key, which is not here yet"));
            }
        });
    }
}

/// The real call: to be made, or made.
fn call_ui(ui: &mut Ui, state: &State) {
    if let Some(call) = state.calls.iter().find(|call| !call.is_test && !call.unreadable) {
        let at = DateTime::from_timestamp_millis(call.at_ms).unwrap_or_default();
        let from = state.number(call.from.as_deref());
        let words = format!("A call from {from} was {}, {}", answer_words(call), time_ago(at, state.now));
        return tick_ui(ui, true, &words);
    }
    let words = match line_of(state) {
        Some(line) => {
            let number = state.number(Some(&line.number));
            format!("Call {number} now: it shows here as soon as Retell asks")
        }
        None => "Call one of your lines: it shows here as soon as Retell asks".to_owned(),
    };
    tick_ui(ui, false, &words);
}

/// The line to call: the first that leads here, else the first.
fn line_of(state: &State) -> Option<&Line> {
    let is_here = |line: &&Line| {
        LineAtRetell::of(line, state).and_then(|line| line.connection()) == Some(Connection::Here)
    };
    state.draft.lines.iter().find(is_here).or(state.draft.lines.first())
}

/// "connected to Reception".
fn answer_words(call: &Summary) -> String {
    match (call.outcome.as_str(), &call.agent) {
        ("connect", Some(agent)) => format!("connected to {agent}"),
        ("reject", _) => "rejected".to_owned(),
        _ => "left to the line's own agent".to_owned(),
    }
}

/// Says why something was refused just now: most often it is the key.
fn refused_ui(ui: &mut Ui, state: &State, since: DateTime<Utc>) {
    let Some(refused) = state.refused.front().filter(|refused| refused.last_ms >= since.timestamp_millis())
    else {
        return;
    };
    let reason = safe_text(&refused.reason).into_owned();
    let detail = "If that was your call, the key is not the one with the webhook badge: paste that one in the first step";
    Banner::new(Level::Warning, &format!("A request was refused: {reason}")).detail(detail).show(ui, |_| ());
}

/// Something that is proved, or not yet.
fn tick_ui(ui: &mut Ui, is_proved: bool, words: &str) {
    let p = palette(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let (icon, colour) = if is_proved {
            (icons::CIRCLE_CHECK, p.tone(Tone::Connect).text)
        } else {
            (icons::CIRCLE, p.text_faint)
        };
        ui.label(text::icon(icon, colour));
        let words = if is_proved { text::body(safe_text(words)) } else { text::soft(p, safe_text(words)) };
        let state = if is_proved { "done" } else { "to do" };
        let label = ui.add(egui::Label::new(words).wrap());
        label.on_hover_text(state);
    });
}
