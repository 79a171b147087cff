//! Connecting lines: by a click after it was shown what changes, or by hand.

use egui::Ui;

use crate::plugins::reach::address_of;
use crate::service::WEBHOOK_PATH;
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::at_retell::{ChangedStrip, LineAtRetell, connect_all_ui};
use crate::ui::settings::copyable_ui;
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, divider, safe_text, warning_line};

const BY_HAND: &str = "Or by hand: in Retell's dashboard open Phone Numbers, choose the number, switch on the inbound \
                       webhook, paste this address and save";

/// What was changed last.
#[derive(Default)]
pub(super) struct ConnectStep {
    changed: ChangedStrip,
}

impl ConnectStep {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let about = "Retell asks an address of each line who answers its calls. Let it be this computer's";
        ui.label(text::soft(palette(ui), about));
        self.changed.ui(ui, state, actions);
        if state.draft.lines.is_empty() {
            warning_line(ui, "There is no line yet; add one in the step “Your lines and agents”");
        }
        if state.account.known.is_none() && !state.draft.lines.is_empty() {
            warning_line(ui, "Retell was not asked yet; paste your API key in the first step");
        }
        connect_all_ui(ui, state, actions);
        for line in &state.draft.lines {
            let Some(at_retell) = LineAtRetell::of(line, state) else { continue };
            divider(ui);
            ui.push_id(&line.id, |ui| {
                ui.spacing_mut().item_spacing.y = space::XS;
                let words = state.named_number(&line.name, &line.number);
                ui.label(text::label(safe_text(&words)));
                at_retell.connection_ui(ui, actions);
                at_retell.safety_ui(ui, actions);
            });
        }
        divider(ui);
        by_hand_ui(ui, state, actions);
    }
}

fn by_hand_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let Some(address) = state.reach.address() else {
        let words = "There is no public address yet; choose how the internet reaches this computer in the step before";
        warning_line(ui, words);
        return;
    };
    ui.label(text::help(palette(ui), BY_HAND));
    copyable_ui(ui, &address_of(address, WEBHOOK_PATH), "Copy the address for Retell", actions);
    let look = Button::quiet("I pasted it; look again").with_icon(icons::REFRESH).small();
    let may = state.keys.current.is_some() && !state.account.is_asking;
    if ui.add_enabled(may, look).clicked() {
        actions.push(Action::Send(Command::AskRetell));
    }
}
