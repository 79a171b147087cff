//! The dialog that shows what is going to change at Retell, line by line, before anything does.

use std::collections::BTreeSet;

use egui::{Grid, Label, Ui, vec2};

use crate::retell::account::{AccountNumber, NumberChange, Setting};
use crate::service::account::{ConnectedLines, Connection};
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Banner, Button, Dialog, Level, divider, safe_text, toggle};

const WIDTH: f32 = 600.0;

/// What is to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeWish {
    /// These numbers ask this computer about their calls.
    Connect(Vec<String>),
    /// This number is as it was before it was connected.
    GiveBack(String),
}

/// The dialog, while it is open.
pub struct ChangeDialog {
    wish: ChangeWish,
    /// Text messages too; `None` until somebody said so.
    texts: Option<bool>,
    /// Numbers that stay as they are.
    left_out: BTreeSet<String>,
}

impl ChangeDialog {
    /// Opens it.
    #[must_use]
    pub fn new(wish: ChangeWish) -> Self {
        Self { wish, texts: None, left_out: BTreeSet::new() }
    }

    /// Draws it. Says whether it stays open.
    pub fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        let numbers = self.numbers(state);
        let title = self.title(state);
        let (yes, about) = match self.wish {
            ChangeWish::Connect(_) => (
                "Connect",
                "From then on this computer says who answers. Nothing else changes at Retell, and it can be undone",
            ),
            ChangeWish::GiveBack(_) => {
                ("Disconnect", "From then on this computer is not asked any more. It can be undone")
            }
        };
        let connects = matches!(self.wish, ChangeWish::Connect(_));
        let is_ready = !self.changes(&numbers, state).is_empty();
        let ((), pressed, close) = Dialog::new(&title).width(WIDTH).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                ui.label(text::soft(palette(ui), about));
                for number in &numbers {
                    divider(ui);
                    ui.push_id(&number.number, |ui| self.number_ui(ui, number, numbers.len() > 1, state));
                }
                if connects {
                    divider(ui);
                    let mut texts = self.with_texts(&numbers, state);
                    if toggle(ui, &mut texts, "Ask about text messages too").changed() {
                        self.texts = Some(texts);
                    }
                    not_proved_ui(ui, state);
                }
            },
            |ui| {
                let button = Button::primary(yes).name("Change it at Retell");
                let yes = ui.add_enabled(is_ready, button).clicked();
                let no = ui.add(Button::secondary("Cancel")).clicked();
                if yes { Some(true) } else { no.then_some(false) }
            },
        );
        if pressed == Some(true) {
            actions.push(Action::Send(Command::ChangeAtRetell(self.changes(&numbers, state))));
        }
        pressed.is_none() && !close
    }

    /// Those of the numbers that Retell knows.
    fn numbers<'a>(&self, state: &'a State) -> Vec<&'a AccountNumber> {
        let wanted = match &self.wish {
            ChangeWish::Connect(numbers) => numbers.as_slice(),
            ChangeWish::GiveBack(number) => std::slice::from_ref(number),
        };
        let Some(account) = state.account.known.as_deref() else { return Vec::new() };
        wanted.iter().filter_map(|number| account.number(number)).collect()
    }

    fn title(&self, state: &State) -> String {
        match &self.wish {
            ChangeWish::Connect(numbers) => match numbers.as_slice() {
                [number] => format!("Connect “{}”?", name_of(state, number)),
                numbers => format!("Connect {} lines?", numbers.len()),
            },
            ChangeWish::GiveBack(number) => format!("Disconnect “{}”?", name_of(state, number)),
        }
    }

    /// Texts come along where they came here before.
    fn with_texts(&self, numbers: &[&AccountNumber], state: &State) -> bool {
        let connected = &state.account.connected;
        let came = |number: &&AccountNumber| {
            let now = Setting::TextsWebhook(number.texts_webhook.clone());
            connected.is_as_written(&number.number, &now)
        };
        self.texts.unwrap_or_else(|| numbers.iter().any(came))
    }

    fn changes(&self, numbers: &[&AccountNumber], state: &State) -> Vec<NumberChange> {
        let wanted = numbers.iter().filter(|number| !self.left_out.contains(&number.number));
        wanted.flat_map(|number| self.changes_to(number, numbers, state)).collect()
    }

    fn changes_to(
        &self,
        number: &AccountNumber,
        numbers: &[&AccountNumber],
        state: &State,
    ) -> Vec<NumberChange> {
        match &self.wish {
            ChangeWish::Connect(_) => state.reach.address().map_or_else(Vec::new, |address| {
                ConnectedLines::connecting(number, address, self.with_texts(numbers, state))
            }),
            ChangeWish::GiveBack(_) => state.account.connected.giving_back(number),
        }
    }

    fn number_ui(&mut self, ui: &mut Ui, number: &AccountNumber, is_one_of_many: bool, state: &State) {
        let name = name_of(state, &number.number);
        let words = state.named_number(&name, &number.number);
        let words = safe_text(&words);
        let mut wanted = !self.left_out.contains(&number.number);
        if !is_one_of_many {
            ui.label(text::label(words));
        } else if toggle(ui, &mut wanted, &words).changed() {
            if wanted {
                self.left_out.remove(&number.number);
            } else {
                self.left_out.insert(number.number.clone());
            }
        }
        let changes = self.changes_to(number, &self.numbers(state), state);
        if changes.is_empty() {
            ui.label(text::help(palette(ui), "Nothing is to be changed"));
        }
        for change in &changes {
            change_ui(ui, change);
        }
        let connection = state.account.connected.connection(number, state.reach.address());
        if matches!(self.wish, ChangeWish::Connect(_)) && matches!(connection, Connection::Elsewhere { .. }) {
            let words = "Who is asked now is asked no more";
            let detail = "If another program answers there on purpose, leave this line as it is";
            Banner::new(Level::Warning, words).detail(detail).show(ui, |_| ());
        }
    }
}

/// From what to what.
fn change_ui(ui: &mut Ui, change: &NumberChange) {
    let (about, was, becomes) = match (&change.was, &change.becomes) {
        (Setting::Webhook(was), Setting::Webhook(becomes)) => ("Who Retell asks about calls", was, becomes),
        (Setting::TextsWebhook(was), Setting::TextsWebhook(becomes)) => {
            ("Who Retell asks about text messages", was, becomes)
        }
        _ => return,
    };
    let p = palette(ui);
    ui.label(text::help(p, about));
    Grid::new(about).num_columns(2).spacing(vec2(space::M, space::XS)).show(ui, |ui| {
        for (when, url) in [("Now", was), ("Then", becomes)] {
            ui.label(text::soft(p, when));
            match url {
                Some(url) => ui.add(Label::new(text::code(safe_text(url))).wrap()),
                None => ui.label(text::body("Nobody")),
            };
            ui.end_row();
        }
    });
}

/// Warns where calls do not arrive at the address that is to be written.
fn not_proved_ui(ui: &mut Ui, state: &State) {
    let health = state.proof.health.as_ref().filter(|health| !health.is_good());
    let Some(health) = health else { return };
    let detail = safe_text(health.words());
    Banner::new(Level::Warning, "Calls do not arrive at this address yet").detail(&detail).show(ui, |_| ());
}

fn name_of(state: &State, number: &str) -> String {
    match state.draft.line_by_number(number) {
        Some(line) => line.name.clone(),
        None => state.number(Some(number)),
    }
}
