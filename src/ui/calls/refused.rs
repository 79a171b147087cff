//! Requests that were refused: one card for each reason, with what to do, however many they are, and
//! behind it who sent them.

use std::collections::BTreeSet;

use chrono::DateTime;
use egui::{Label, RichText, Ui};

use crate::routing::grouped;
use crate::storage::call_log::Refused;
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, Tone, icons, space, text};
use crate::ui::widgets::{self, Button, EmptyState, safe_text, time_ago};

/// So many senders are listed; the others are only counted.
const SENDERS: usize = 100;

/// Which cards show their senders.
#[derive(Default)]
pub(super) struct RefusedList {
    open: BTreeSet<String>,
}

/// All that were refused for one reason.
struct Reason<'a> {
    code: &'a str,
    /// As of the latest.
    latest: &'a Refused,
    count: u64,
    senders: Vec<&'a Refused>,
}

/// What the reasons are called, by their codes, and whether the owner should act if calls are missing.
const TITLES: [(&str, &str, Tone); 13] = [
    ("no_key", "No API key was set here", Tone::Reject),
    ("mismatch", "The signature does not fit", Tone::Warning),
    ("clock", "The clocks differ", Tone::Warning),
    ("no_signature", "Not signed", Tone::Neutral),
    ("several_signatures", "Signed more than once", Tone::Neutral),
    ("bad_form", "Signed in another way", Tone::Neutral),
    ("too_large", "Far too large", Tone::Neutral),
    ("too_slow", "Did not arrive in time", Tone::Neutral),
    ("cut_off", "Broke off half-way", Tone::Neutral),
    ("call_event", "What became of a call, at the address for arriving calls", Tone::Warning),
    ("https", "Encrypted, where plain http is spoken", Tone::Warning),
    ("http2", "Spoken in another way than is understood here", Tone::Warning),
    ("handshake", "Encryption that was not agreed on", Tone::Neutral),
];

impl RefusedList {
    /// Draws the list.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State) {
        decision::scrolled(ui, "refused", |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            if state.refused.is_empty() {
                let nothing = EmptyState {
                    icon: icons::SHIELD,
                    title: "No request was refused",
                    text: "Requests that are not signed by Retell, that break off, or that are no call, \
                           are listed here with the reason",
                };
                widgets::card(ui, |ui| nothing.show(ui, |_| ()));
            }
            for reason in reasons(state) {
                widgets::card(ui, |ui| self.reason_ui(ui, state, &reason));
            }
        });
    }

    fn reason_ui(&mut self, ui: &mut Ui, state: &State, reason: &Reason<'_>) {
        let p = theme::palette(ui);
        let (title, tone) = TITLES
            .iter()
            .find(|(code, ..)| *code == reason.code)
            .map_or(("Refused", Tone::Neutral), |(_, title, tone)| (*title, *tone));
        ui.spacing_mut().item_spacing.y = space::S;
        ui.horizontal(|ui| {
            ui.label(text::icon(icons::SHIELD, p.tone(tone).text));
            ui.label(text::strong(title));
            let count = RichText::new(format!("{}×", grouped(reason.count as usize)));
            ui.label(count.font(text::medium(text::BODY)).color(p.tone(tone).text));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                time_ui(ui, state, reason.latest.last_ms);
            });
        });
        ui.add(Label::new(text::body(safe_text(&reason.latest.reason))).wrap());
        let is_open = self.open.contains(reason.code);
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_SMALL;
            let senders = match reason.senders.as_slice() {
                [one] => format!("From {}", safe_text(&one.peer)),
                several => format!("From {} addresses", grouped(several.len())),
            };
            let icon = if is_open { icons::CHEVRON_UP } else { icons::CHEVRON_DOWN };
            if ui.add(Button::quiet(&senders).with_trailing(icon).small()).clicked()
                && !self.open.remove(reason.code)
            {
                self.open.insert(reason.code.to_owned());
            }
        });
        if is_open {
            for sender in reason.senders.iter().take(SENDERS) {
                sender_ui(ui, state, sender);
            }
            if reason.senders.len() > SENDERS {
                let more = format!("and {} more", grouped(reason.senders.len() - SENDERS));
                ui.label(text::faint(p, more));
            }
        }
    }
}

/// The reasons, those of the latest requests first.
fn reasons(state: &State) -> Vec<Reason<'_>> {
    let mut reasons: Vec<Reason<'_>> = Vec::new();
    for refused in &state.refused {
        match reasons.iter_mut().find(|reason| reason.code == refused.code) {
            None => reasons.push(Reason {
                code: &refused.code,
                latest: refused,
                count: refused.count,
                senders: vec![refused],
            }),
            Some(reason) => {
                reason.count += refused.count;
                reason.senders.push(refused);
            }
        }
    }
    for reason in &mut reasons {
        reason.senders.sort_by_key(|sender| std::cmp::Reverse(sender.count));
    }
    reasons
}

fn sender_ui(ui: &mut Ui, state: &State, sender: &Refused) {
    let p = theme::palette(ui);
    widgets::divider(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        ui.label(text::code(safe_text(&sender.peer)));
        ui.label(text::soft(p, format!("{}×", grouped(sender.count as usize))));
        ui.label(text::faint(p, size(sender.body_bytes)));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            time_ui(ui, state, sender.last_ms);
            if sender.last_ms - sender.at_ms >= 60_000 {
                let at = DateTime::from_timestamp_millis(sender.at_ms).unwrap_or_default();
                ui.label(text::faint(p, format!("since {}", decision::exact(state, at))));
            }
        });
    });
}

fn time_ui(ui: &mut Ui, state: &State, at_ms: i64) {
    let p = theme::palette(ui);
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    ui.label(text::soft(p, time_ago(at, state.now))).on_hover_text(decision::exact(state, at));
}

/// "412 bytes", "1.5 KB".
fn size(bytes: u64) -> String {
    match bytes {
        0 => "empty".to_owned(),
        1 => "1 byte".to_owned(),
        2..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
