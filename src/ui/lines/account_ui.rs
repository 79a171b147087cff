//! The card of the owner's account at Retell: asks it, says how that went, and offers what is there and
//! not here yet. `import` adds that.

use egui::Ui;

use crate::retell::account::AccountError;
use crate::routing::Table;
use crate::service::account::Account;
use crate::service::messages::{AccountNews, Command};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, CONTROL_HEIGHT, icons, space, text};
use crate::ui::widgets::shell::Place;
use crate::ui::widgets::{Banner, Button, Level, card, time_ago};

use super::import::New;

const ABOUT: &str = "Brings in the names of your numbers and agents, and tells whether your lines are connected and what \
                     they do while this computer is off. Nothing is changed at Retell before you are shown what";

/// Draws it. Gives back what shall be added to the table, if that was asked for.
pub(super) fn account_ui(ui: &mut Ui, state: &State, actions: &mut Actions) -> Option<New> {
    let AccountNews { known, is_asking, failed, .. } = &state.account;
    let new = known.as_deref().map(|known| New::of(known, &state.draft)).filter(|new| !new.is_empty());
    let mut wanted = None;
    card(ui, |ui| {
        let p = theme::palette(ui);
        ui.spacing_mut().item_spacing.y = space::XS;
        egui::Sides::new().shrink_left().height(CONTROL_HEIGHT).show(
            ui,
            |ui| ui.label(text::heading("Your Retell account")),
            |ui| {
                if state.keys.current.is_none() {
                    if ui.add(Button::secondary("Paste your API key…").with_icon(icons::KEY)).clicked() {
                        actions.push(Action::Go(Place::Settings));
                    }
                    return;
                }
                let words = if known.is_some() { "Ask again" } else { "Ask Retell" };
                let ask = Button::secondary(words).with_icon(icons::REFRESH);
                if ui.add_enabled(!is_asking, ask).clicked() {
                    actions.push(Action::Send(Command::AskRetell));
                }
                if *is_asking {
                    ui.spinner();
                }
            },
        );
        let about = match known {
            Some(known) => told_words(known, state),
            None => ABOUT.to_owned(),
        };
        ui.label(text::help(p, about));
        if let Some(why) = failed {
            ui.add_space(space::S);
            Banner::new(Level::Warning, &why.to_string()).show(ui, |ui| {
                let is_the_key = *why == AccountError::BadKey;
                if is_the_key && ui.add(Button::secondary("Replace the API key…").small()).clicked() {
                    actions.push(Action::Go(Place::Settings));
                }
            });
        }
        if let Some(new) = new {
            ui.add_space(space::S);
            let words = format!("Add {}…", new.words());
            if ui.add(Button::primary(&words).with_icon(icons::PLUS)).clicked() {
                wanted = Some(new);
            }
        }
    });
    wanted
}

fn told_words(known: &Account, state: &State) -> String {
    let counted = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    let Table { lines, agents, .. } = &*state.draft;
    let numbers = counted(known.numbers.len(), "number");
    let there = counted(known.agents.len(), "agent");
    let all_here = known.numbers.iter().all(|number| lines.iter().any(|line| line.number == number.number))
        && known.agents.iter().all(|agent| agents.iter().any(|here| here.retell_id == agent.id));
    let rest = if all_here { "; all of them are here" } else { "" };
    format!("{numbers} and {there} at Retell, as of {}{rest}", time_ago(known.asked_at, state.now))
}
