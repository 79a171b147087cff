//! Choosing a caller among those who called lately and the owner's contacts.

use std::collections::HashSet;

use egui::{Popup, PopupCloseBehavior, ScrollArea, Ui};

use crate::service::messages::{Bench, Command};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, icons, text};
use crate::ui::widgets::{Button, TextField, menu_item, safe_text};

/// So many of the last callers are offered.
const RECENT: usize = 8;
const LIST_HEIGHT: f32 = 300.0;
const LIST_WIDTH: f32 = 320.0;

/// The words that people were looked for by.
#[derive(Default)]
pub(super) struct CallerPicker {
    typed: String,
    asked: String,
}

impl CallerPicker {
    /// Draws the button, and the list while it is open. Gives the number that was chosen, as people
    /// write it.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> Option<String> {
        let button = Button::icon(icons::USERS, "Choose a caller");
        let button = ui.add(button.tooltip("Recent callers and contacts"));
        let popup = Popup::menu(&button)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .style(theme::menu_style)
            .gap(4.0);
        let was_opened = button.clicked();
        let chosen = popup.show(|ui| {
            ui.set_width(LIST_WIDTH);
            self.list_ui(ui, state, was_opened, actions)
        });
        let chosen = chosen.and_then(|popup| popup.inner);
        if chosen.is_some() {
            Popup::close_id(ui.ctx(), Popup::default_response_id(&button));
            *self = Self::default();
        }
        chosen
    }

    fn list_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        was_opened: bool,
        actions: &mut Actions,
    ) -> Option<String> {
        let hint = "Name or number";
        let field = ui.add(TextField::new(&mut self.typed).hint(hint).id_salt("caller search"));
        let field = field.accessible_name("Search callers");
        if was_opened {
            field.request_focus();
        }
        let words = self.typed.trim().to_owned();
        let has_sources = state.draft.look_ups.iter().any(|used| used.enabled);
        if !words.is_empty() && has_sources && self.asked != words {
            self.asked.clone_from(&words);
            let find = Bench::FindPeople { words: words.clone(), table: state.draft.clone() };
            actions.push(Action::Send(Command::Bench(Box::new(find))));
        }
        let recent = recent(state, &words);
        let found = state.bench.people.as_ref().filter(|(by, _)| !words.is_empty() && *by == words);
        let people = found.map(|(_, people)| people.as_slice()).unwrap_or_default();
        let p = theme::palette(ui);
        if recent.is_empty() && people.is_empty() {
            let words = match (words.is_empty(), has_sources, found.is_some()) {
                (true, ..) => "Nobody has called yet; type a name to look into your contacts",
                (false, true, false) => "Looking…",
                (false, true, true) => "Nobody is found by this",
                (false, false, _) => "No recent caller has this in the number; no contacts are in use",
            };
            ui.label(text::help(p, words));
        }
        let mut chosen = None;
        ScrollArea::vertical().max_height(LIST_HEIGHT).auto_shrink([false, true]).show(ui, |ui| {
            if !recent.is_empty() {
                ui.label(text::faint(p, "Called lately"));
            }
            for number in recent.iter().copied() {
                if menu_item(ui, icons::HISTORY, &state.number(Some(number))).clicked() {
                    chosen = Some(state.whole_number(Some(number)));
                }
            }
            if !people.is_empty() {
                ui.label(text::faint(p, "Contacts"));
            }
            for person in people {
                let number = state.number(Some(&person.number));
                let name = safe_text(&person.name);
                let words = if name.is_empty() { number } else { format!("{name} · {number}") };
                let row = menu_item(ui, icons::USER, &words);
                if row.on_hover_text(safe_text(&person.source)).clicked() {
                    chosen = Some(state.whole_number(Some(&person.number)));
                }
            }
        });
        chosen
    }
}

/// The last callers, each once, who have these digits or letters in their number.
fn recent<'a>(state: &'a State, words: &str) -> Vec<&'a str> {
    let bare =
        |text: &str| text.chars().filter(|c| !" ()-+.".contains(*c)).collect::<String>().to_lowercase();
    let wanted = bare(words);
    let mut seen = HashSet::new();
    let numbers = state.calls.iter().filter(|call| !call.is_test).filter_map(|call| call.from.as_deref());
    numbers
        .filter(|number| seen.insert(*number))
        .filter(|number| {
            let shown = state.whole_number(Some(number));
            bare(number).contains(&wanted) || bare(&shown).contains(&wanted)
        })
        .take(RECENT)
        .collect()
}
