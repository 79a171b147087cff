//! What is taken as known of the call: whether look-ups are asked, and facts that are given.

use chrono::{DateTime, Utc};
use egui::Ui;
use serde_json::Value as Json;

use super::wanted::Wanted;
use crate::service::messages::Knowing;
use crate::service::to_pin;
use crate::storage::Preset;
use crate::ui::app::State;
use crate::ui::decision::{Pins, pins_heading_ui};
use crate::ui::theme::{icons, space};
use crate::ui::widgets::{Button, Field, segmented};

/// What is taken as known.
#[derive(Default)]
pub(super) struct Given {
    asks_nobody: bool,
    facts: Pins,
}

impl Given {
    /// What a preset takes as known.
    pub(super) fn of(preset: &Preset, state: &State) -> Self {
        Self { asks_nobody: preset.asks_nobody, facts: Pins::of(&preset.facts, state) }
    }

    /// The same for the service.
    pub(super) fn knowing(&self) -> Knowing {
        Knowing { given: self.facts.facts(), asks_nobody: self.asks_nobody }
    }

    /// A preset of this, without a name yet.
    pub(super) fn preset(&self, payload: Json, at: Option<DateTime<Utc>>) -> Preset {
        let Knowing { given, asks_nobody } = self.knowing();
        Preset { name: String::new(), payload, at, facts: given, asks_nobody }
    }

    /// Draws it. `asked` is what was tried last, of which the facts can be pinned.
    pub(super) fn ui<'a>(&mut self, ui: &mut Ui, state: &State, asked: impl Iterator<Item = &'a Wanted>) {
        let help = if self.asks_nobody {
            "Nobody is asked: only what follows from the call, the time and the table is known, and what is given here"
        } else {
            "Contacts, web look-ups and earlier calls are asked as for a real call; what is given here counts more"
        };
        Field::new("Look-ups").help(help).show_group(ui, |ui| {
            segmented(ui, &mut self.asks_nobody, &[(false, "Asked now"), (true, "Pinned")]);
        });
        ui.spacing_mut().item_spacing.y = space::S;
        pins_heading_ui(ui);
        self.facts.ui(ui, state);
        let found = asked.filter(|wanted| !wanted.knowing.asks_nobody).find_map(|wanted| {
            let found = &wanted.answer(state)?.result.as_ref().ok()?.facts;
            Some((found, wanted))
        });
        if let Some((facts, wanted)) = found {
            let pin = Button::quiet("Pin what was found").with_icon(icons::MAP_PIN).small();
            let hint = "Keeps what look-ups said of this call, so that nobody has to be asked again";
            if ui.add(pin.tooltip(hint)).clicked() {
                let table = wanted.draft.as_ref().unwrap_or(&state.live.table);
                let pinned = to_pin(facts, table, &state.registry);
                self.facts = Pins::of(&pinned, state);
                self.asks_nobody = true;
            }
        }
    }
}
