//! The same call as a real, signed request through the real port, and whether its answer agrees
//! with the one worked out before.

use egui::Ui;

use super::compare::differences;
use super::one_call::size_words;
use super::wanted::Wanted;
use crate::retell::Inbound;
use crate::routing::Call;
use crate::service::messages::{Command, FrontDoor, Knowing, Serving};
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{Tone, icons, text};
use crate::ui::widgets::{self, Banner, Button, Level, json_view, safe_text, status};

/// So many differences are listed.
const LISTED: usize = 6;

/// What was sent last.
#[derive(Default)]
pub(super) struct FrontDoorPanel {
    sent: Option<Sent>,
}

struct Sent {
    call: Call,
    body: String,
}

impl FrontDoorPanel {
    /// Draws the button and what came of it.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        wanted: Result<&Wanted, &str>,
        inbound: Inbound,
        follows_now: bool,
        actions: &mut Actions,
    ) {
        let about = "A signed request through the real port, as Retell would send it. It is decided by \
                     the live table, now, and logged like any call";
        widgets::section(ui, "Send for real", about, |ui| {
            let obstacle = obstacle(state, wanted.is_ok());
            let waiting = self.sent.as_ref().is_some_and(|sent| answer_to(sent, state).is_none());
            ui.horizontal_wrapped(|ui| {
                let send = Button::secondary("Send for real").with_icon(icons::SEND);
                if ui.add_enabled(obstacle.is_none() && !waiting, send).clicked()
                    && let Ok(wanted) = wanted
                {
                    let body = as_new_call(inbound, state);
                    self.sent = Some(Sent { call: wanted.call.clone(), body: body.clone() });
                    actions.push(Action::Send(Command::SendSigned(body)));
                }
                if waiting {
                    ui.spinner();
                }
                if let Some(obstacle) = obstacle {
                    decision::quiet(ui, &obstacle);
                }
            });
            if let Some(sent) = &self.sent
                && let Some(front_door) = answer_to(sent, state)
            {
                outcome_ui(ui, front_door);
                verdict_ui(ui, state, wanted, sent, front_door, follows_now);
            }
        });
    }
}

/// Why nothing can be sent, if so.
fn obstacle(state: &State, is_complete: bool) -> Option<String> {
    match &state.serving {
        _ if state.keys.current.is_none() => {
            Some("No API key is set, so nothing can be signed. Add it in Settings".to_owned())
        }
        Serving::Starting => Some("Calls cannot be received yet".to_owned()),
        Serving::Blocked { reason, .. } => Some(safe_text(reason).into_owned()),
        Serving::Listening(_) if !is_complete => Some("Fill in the call first".to_owned()),
        Serving::Listening(_) => None,
    }
}

/// The call with a time and identity of its own: one that came before would get its old answer.
fn as_new_call(inbound: Inbound, state: &State) -> String {
    let now = state.now.timestamp_millis();
    Inbound { call_id: None, event_timestamp: Some(now), ..inbound }.to_json()
}

fn answer_to<'a>(sent: &Sent, state: &'a State) -> Option<&'a FrontDoor> {
    state.front_door.as_deref().filter(|front_door| front_door.body == sent.body)
}

fn outcome_ui(ui: &mut Ui, front_door: &FrontDoor) {
    match &front_door.result {
        Ok((code, body, ms)) => {
            ui.horizontal_wrapped(|ui| {
                let tone = if *code == 200 { Tone::Connect } else { Tone::Reject };
                status(ui, tone, &format!("Status {code}"));
                ui.label(text::code(format!("{ms:.1} ms")));
                let sizes = (size_words(front_door.body.len()), size_words(body.len()));
                ui.label(text::code(format!("{} sent, {} back", sizes.0, sizes.1)));
                ui.label(text::code(safe_text(&front_door.url)));
            });
            if !body.is_empty() {
                json_view(ui, "real answer", &decision::pretty(body), 240.0);
            }
        }
        Err(reason) => Banner::new(Level::Error, "There was no answer").detail(reason).show(ui, |_| ()),
    }
}

fn verdict_ui(
    ui: &mut Ui,
    state: &State,
    wanted: Result<&Wanted, &str>,
    sent: &Sent,
    front_door: &FrontDoor,
    follows_now: bool,
) {
    let (Ok(wanted), Ok((_, body, _))) = (wanted, &front_door.result) else { return };
    if wanted.call != sent.call {
        return decision::quiet(ui, "The call above was changed since; send it again to compare");
    }
    if wanted.draft.is_some() || !follows_now || wanted.knowing != Knowing::default() {
        return decision::quiet(
            ui,
            "Real requests are decided by the live table, now, and with what look-ups say: to compare, choose \
             “Live” and “Now”, and give no facts",
        );
    }
    let Some(decided) = wanted.answer(state).and_then(|tried| tried.result.as_ref().ok()) else { return };
    let found = differences(&decided.answer, body);
    if found.is_empty() {
        return Banner::new(Level::Success, "Agrees with the result above").show(ui, |_| ());
    }
    let mut list: Vec<_> = found.iter().take(LISTED).map(|place| safe_text(place)).collect();
    if found.len() > LISTED {
        list.push(format!("and {} more", found.len() - LISTED).into());
    }
    let list = list.join("\n");
    Banner::new(Level::Warning, "Differs from the result above").detail(&list).show(ui, |_| ());
}
