//! How it is: reachable at which address, or not, and what to do.

use egui::{Frame, Margin, Ui};

use crate::plugins::reach::address_of;
use crate::reach::ReachState;
use crate::service::messages::Command;
use crate::service::{Health, Proof, TEXTS_PATH, WEBHOOK_PATH};
use crate::ui::app::{Action, Actions, State};
use crate::ui::at_retell::connect_all_ui;
use crate::ui::settings::{self, copyable_ui};
use crate::ui::theme::{CONTROL_HEIGHT_SMALL, RADIUS_SMALL, Tone, icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Level, safe_text, status, time_ago};

pub(super) fn state_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    match &state.reach {
        ReachState::Off => {
            let words = "No way is set here. Calls arrive only if something else passes them on";
            row_ui(ui, Tone::Neutral, "Not set up", words);
        }
        ReachState::Starting => row_ui(ui, Tone::Neutral, "Starting…", "An address comes in a moment"),
        ReachState::Open(url) => {
            let host = url.host_str().unwrap_or_default();
            proof_ui(ui, state, host, actions);
        }
        ReachState::Shut { why, tries_again } => {
            let again = if *tries_again { ". It is tried again by itself" } else { "" };
            let (reason, next) = (safe_text(&why.reason).into_owned(), safe_text(&why.next).into_owned());
            Banner::new(Level::Error, &reason).detail(&format!("{next}{again}")).show(ui, |ui| {
                if ui.add(Button::secondary("Try now").with_icon(icons::REFRESH).small()).clicked() {
                    actions.push(Action::Send(Command::ReachAgain));
                }
            });
        }
    }
}

/// The address for Retell, and how it gets there.
pub(super) fn address_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(url) = state.reach.address() else { return };
    ui.add_space(space::XS);
    ui.label(text::label("Webhook address for Retell"));
    sunken_ui(ui, |ui| {
        copyable_ui(ui, &address_of(url, WEBHOOK_PATH), "Copy the address for Retell", actions);
    });
    connect_all_ui(ui, state, actions);
    let help = format!(
        "Or paste it at Retell as the inbound webhook of each of your numbers; for text messages, {} as their \
         inbound SMS webhook",
        address_of(url, TEXTS_PATH)
    );
    ui.label(text::help(palette(ui), help));
}

/// What came of looking whether calls arrive.
fn proof_ui(ui: &mut Ui, state: &State, host: &str, actions: &mut Actions) {
    let Proof { health, took_ms, timeline, .. } = &*state.proof;
    match health {
        None => row_ui(ui, Tone::Neutral, "Looking…", &format!("whether calls arrive at {host}")),
        Some(Health::Good) => {
            let at = timeline.stretches().last().map_or(state.now, |stretch| stretch.until);
            let words = format!("at {host}, proved {}, in {took_ms} ms", time_ago(at, state.now));
            row_ui(ui, Tone::Connect, "Calls arrive", &words);
        }
        Some(health) => {
            let (brief, words) = (health.brief(), safe_text(health.words()));
            Banner::new(Level::Error, brief).detail(&words).show(ui, |ui| {
                if ui.add(Button::secondary("Check now").with_icon(icons::REFRESH).small()).clicked() {
                    actions.push(Action::Send(Command::Prove));
                }
            });
        }
    }
}

pub(super) fn row_ui(ui: &mut Ui, tone: Tone, word: &str, words: &str) {
    settings::row_ui(ui, CONTROL_HEIGHT_SMALL, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        status(ui, tone, word);
        ui.add(egui::Label::new(text::soft(palette(ui), words)).truncate());
    });
}

fn sunken_ui(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    Frame::new()
        .fill(palette(ui).sunken)
        .corner_radius(RADIUS_SMALL)
        .inner_margin(Margin::symmetric(space::M as i8, space::XS as i8))
        .show(ui, add);
}
