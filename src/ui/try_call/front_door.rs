//! The same call as a real, signed request through the real port, and through the public address if there
//! is one: whether the answers agree with each other and with the one worked out before.

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

/// What was sent last: by our own port, and by the public address too if that was asked for.
#[derive(Default)]
pub(super) struct FrontDoorPanel {
    sent: Option<Sent>,
}

struct Sent {
    call: Call,
    body: String,
    public_body: Option<String>,
    /// How many failures there had been.
    failures: u64,
}

impl Sent {
    /// Whether everything was answered.
    fn is_answered(&self, state: &State) -> bool {
        let by_port = answer_to(&self.body, state.front_door.as_deref());
        let by_public = |body: &String| answer_to(body, state.public_door.as_deref()).is_some();
        by_port.is_some() && self.public_body.as_ref().is_none_or(by_public)
    }
}

impl FrontDoorPanel {
    /// Draws the buttons and what came of them.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        wanted: Result<&Wanted, &str>,
        inbound: &Inbound,
        follows_now: bool,
        actions: &mut Actions,
    ) {
        let about = "A signed request, as Retell would send it. It is decided by the live table, now, and logged \
                     as a test";
        widgets::section(ui, "Send for real", about, |ui| {
            let obstacle = obstacle(state, wanted.is_ok());
            let unanswered = self.sent.as_ref().filter(|sent| !sent.is_answered(state));
            // An answer may be among what did not come.
            let is_in_doubt = unanswered.is_some_and(|sent| sent.failures != state.failures);
            let is_waiting = unanswered.is_some() && !is_in_doubt;
            ui.horizontal_wrapped(|ui| {
                let can_send = obstacle.is_none() && !is_waiting;
                let send = Button::secondary("Send for real").with_icon(icons::SEND);
                let by_port = ui.add_enabled(can_send, send).clicked();
                let by_public = public_ui(ui, state, can_send);
                if (by_port || by_public)
                    && let Ok(wanted) = wanted
                {
                    self.send(state, wanted, inbound, by_public, actions);
                }
                if is_waiting {
                    ui.spinner();
                }
                if is_in_doubt {
                    let words = "Something failed meanwhile, and the answer may be lost; send it again";
                    decision::quiet(ui, words);
                }
                if let Some(obstacle) = obstacle {
                    decision::quiet(ui, &obstacle);
                }
            });
            let Some(sent) = &self.sent else { return };
            let by_port = answer_to(&sent.body, state.front_door.as_deref());
            if let Some(front_door) = by_port {
                outcome_ui(ui, front_door);
                verdict_ui(ui, state, wanted, sent, front_door, follows_now);
            }
            let public = sent.public_body.as_ref();
            if let Some(public) = public.and_then(|body| answer_to(body, state.public_door.as_deref())) {
                outcome_ui(ui, public);
                public_verdict_ui(ui, public, by_port);
            }
        });
    }

    fn send(
        &mut self,
        state: &State,
        wanted: &Wanted,
        inbound: &Inbound,
        by_public: bool,
        actions: &mut Actions,
    ) {
        let body = as_new_call(inbound, state, 0);
        // A call of its own, or it would get the answer that the other one got.
        let public_body = by_public.then(|| as_new_call(inbound, state, 1));
        actions.push(Action::Send(Command::SendSigned(body.clone())));
        actions.extend(public_body.clone().map(|body| Action::Send(Command::SendPublic(body))));
        let (call, failures) = (wanted.call.clone(), state.failures);
        self.sent = Some(Sent { call, body, public_body, failures });
    }
}

/// The button for the public address, where there is one; says whether it was clicked.
fn public_ui(ui: &mut Ui, state: &State, can_send: bool) -> bool {
    let (Some(url), Some(health)) = (&state.proof.at, &state.proof.health) else { return false };
    let host = safe_text(url.host_str().unwrap_or_default()).into_owned();
    let button = Button::secondary("Send through the public address too").with_icon(icons::GLOBE);
    let tooltip = if health.is_good() {
        format!("Goes out to {host} and comes back in, as Retell's calls do")
    } else {
        safe_text(health.words()).into_owned()
    };
    let is_clicked = ui.add_enabled(can_send && health.is_good(), button.tooltip(&tooltip)).clicked();
    if !health.is_good() {
        decision::quiet(ui, &tooltip);
    }
    is_clicked
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

fn as_new_call(inbound: &Inbound, state: &State, ms_later: i64) -> String {
    inbound.clone().as_new_call(state.now.timestamp_millis() + ms_later).to_json()
}

fn answer_to<'a>(body: &str, front_door: Option<&'a FrontDoor>) -> Option<&'a FrontDoor> {
    front_door.filter(|front_door| front_door.body == body)
}

fn outcome_ui(ui: &mut Ui, front_door: &FrontDoor) {
    let (by, json) = if front_door.is_public {
        ("Through the public address", "real answer through the public address")
    } else {
        ("Straight to this computer", "real answer")
    };
    ui.label(text::strong(by));
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
                json_view(ui, json, &decision::pretty(body), 240.0);
            }
        }
        Err(reason) => Banner::new(Level::Error, "There was no answer").detail(reason).show(ui, |_| ()),
    }
}

/// Whether what came back by the public address is what came by our own port.
fn public_verdict_ui(ui: &mut Ui, public: &FrontDoor, by_port: Option<&FrontDoor>) {
    if let Some(wrong) = &public.wrong {
        return Banner::new(Level::Error, "It was not answered as a call").detail(wrong).show(ui, |_| ());
    }
    let Ok((_, body, _)) = &public.result else { return };
    let Some(Ok((200, own, _))) = by_port.map(|front_door| &front_door.result) else { return };
    agreement_ui(ui, &differences(own, body), "the straight answer");
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
    agreement_ui(ui, &differences(&decided.answer, body), "the result above");
}

fn agreement_ui(ui: &mut Ui, found: &[String], with: &str) {
    if found.is_empty() {
        return Banner::new(Level::Success, &format!("Agrees with {with}")).show(ui, |_| ());
    }
    let mut list: Vec<_> = found.iter().take(LISTED).map(|place| safe_text(place)).collect();
    if found.len() > LISTED {
        list.push(format!("and {} more", found.len() - LISTED).into());
    }
    let list = list.join("\n");
    let differs = format!("Differs from {with}");
    Banner::new(Level::Warning, &differs).detail(&list).show(ui, |_| ());
}
