//! A line as Retell has it: who is asked about its calls, and what becomes of calls while this computer
//! is off.

use egui::{Label, Ui};

use super::ChangeWish;
use crate::retell::account::{AccountNumber, NumberChange, OwnAgent, Setting};
use crate::routing::checks::{FindingKind, Place};
use crate::routing::{Line, Table};
use crate::service::account::{Account, Connection};
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT_SMALL, Tone, palette, space, text};
use crate::ui::widgets::{Button, problem_line, safe_text, status, warning_line};

/// A line, and what Retell told of it.
pub(in crate::ui) struct LineAtRetell<'a> {
    state: &'a State,
    line: &'a Line,
    account: &'a Account,
    /// `None`: it is not among the owner's numbers there.
    number: Option<&'a AccountNumber>,
}

impl<'a> LineAtRetell<'a> {
    /// `None` while Retell was never asked.
    pub(in crate::ui) fn of(line: &'a Line, state: &'a State) -> Option<Self> {
        let account = state.account.known.as_deref()?;
        Some(Self { state, line, account, number: account.number(&line.number) })
    }

    /// Who is asked about its calls.
    pub(in crate::ui) fn connection(&self) -> Option<Connection> {
        let connected = &self.state.account.connected;
        Some(connected.connection(self.number?, self.state.reach.address()))
    }

    /// Draws who is asked about its calls, with the button that changes it.
    pub(in crate::ui) fn connection_ui(&self, ui: &mut Ui, actions: &mut Actions) {
        let Some(connection) = self.connection() else {
            problem_line(ui, "Not among your numbers at Retell; compare the number with the one there");
            return;
        };
        let (tone, word, says) = words(&connection);
        let is_here = connection == Connection::Here;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_SMALL;
            status(ui, tone, word);
            if is_here {
                self.give_back_ui(ui, actions);
            } else {
                self.connect_ui(ui, actions);
            }
            let words = text::help(palette(ui), safe_text(&says));
            ui.add(Label::new(words).wrap());
        });
    }

    fn connect_ui(&self, ui: &mut Ui, actions: &mut Actions) {
        let name = format!("Connect {}…", self.line.name);
        let obstacle = obstacle(self.state);
        let button = Button::secondary("Connect…").name(&name).small();
        let button = match &obstacle {
            Some(obstacle) => button.tooltip(obstacle),
            None => button,
        };
        if ui.add_enabled(obstacle.is_none(), button).clicked() {
            let numbers = vec![self.line.number.clone()];
            actions.push(Action::ChangeAtRetell(ChangeWish::Connect(numbers)));
        }
    }

    fn give_back_ui(&self, ui: &mut Ui, actions: &mut Actions) {
        let Some(number) = self.number else { return };
        if self.state.account.connected.giving_back(number).is_empty() {
            return;
        }
        let name = format!("Disconnect {}…", self.line.name);
        if ui.add(Button::quiet("Disconnect…").name(&name).small()).clicked() {
            actions.push(Action::ChangeAtRetell(ChangeWish::GiveBack(self.line.number.clone())));
        }
    }

    /// Draws what becomes of its calls while this computer is off, and the way to make rejecting work.
    pub(in crate::ui) fn safety_ui(&self, ui: &mut Ui, actions: &mut Actions) {
        let Some(number) = self.number else { return };
        if number.agents.is_empty() {
            warning_line(ui, "If this computer is off, callers are dropped");
            return;
        }
        let agents = agent_names(&number.agents, self.account, &self.state.draft);
        let words = format!("If this computer is off, calls go to {agents}");
        ui.label(text::help(palette(ui), safe_text(&words)));
        let rejects: Vec<&str> = self.rejecting().collect();
        if rejects.is_empty() {
            return;
        }
        let rejecters = rejects.join(", ");
        warning_line(
            ui,
            &safe_text(&format!(
                "{rejecters} cannot reject calls here, for {agents} takes rejected calls too. Lift it off the line? Then \
                 callers are dropped while this computer is off"
            )),
        );
        lift_ui(ui, self.state, self.line, number, &agents, actions);
    }

    /// What would reject calls to this line, and cannot.
    fn rejecting(&self) -> impl Iterator<Item = &'a str> {
        let (state, line) = (self.state, self.line);
        let cannot = state.findings.open().filter(|finding| {
            finding.kind == FindingKind::RejectCannotWork && finding.lines.contains(&line.id)
        });
        cannot.filter_map(|finding| match &finding.place {
            Place::Rule(id) => state.draft.rule(id).map(|rule| rule.name.as_str()),
            _ => Some("The fallback"),
        })
    }
}

/// Why no line can be connected now, if so.
fn obstacle(state: &State) -> Option<&'static str> {
    if state.keys.current.is_none() {
        Some("First paste your API key, in Settings")
    } else if state.reach.address().is_none() {
        Some("First choose how the internet reaches this computer, in Settings")
    } else {
        state.account.is_changing.then_some("Retell is being told of another change")
    }
}

/// The button that takes a line's own agents off it.
pub(in crate::ui) fn lift_ui(
    ui: &mut Ui,
    state: &State,
    line: &Line,
    number: &AccountNumber,
    agents: &str,
    actions: &mut Actions,
) {
    let words = safe_text(&format!("Lift {agents} off {}", line.name)).into_owned();
    let may = state.keys.current.is_some() && !state.account.is_changing;
    if ui.add_enabled(may, Button::secondary(&words).small()).clicked() {
        let was = Setting::Agents(number.agents.clone());
        let becomes = Setting::Agents(Vec::new());
        let change = NumberChange { number: line.number.clone(), was, becomes };
        actions.push(Action::Send(Command::ChangeAtRetell(vec![change])));
    }
}

/// Colour, word and sentence.
fn words(connection: &Connection) -> (Tone, &'static str, String) {
    let says = |words: &str| words.to_owned();
    match connection {
        Connection::Here => (Tone::Connect, "Connected", says("Retell asks this computer who answers")),
        Connection::Nobody { was_here: false } => {
            (Tone::Warning, "Not connected", says("Retell asks nobody about its calls yet"))
        }
        Connection::Nobody { was_here: true } => {
            let words = "Somebody took the address away at Retell since it was connected here";
            (Tone::Reject, "Not connected", says(words))
        }
        Connection::Before => {
            let words = "Retell asks at an address that this computer had before";
            (Tone::Reject, "Old address", says(words))
        }
        Connection::Elsewhere { url, was_here: false } => {
            (Tone::Warning, "Goes elsewhere", format!("This line sends its calls to another address: {url}"))
        }
        Connection::Elsewhere { url, was_here: true } => {
            let words = format!("Somebody changed it at Retell since it was connected here, to {url}");
            (Tone::Reject, "Goes elsewhere", words)
        }
    }
}

/// The names of a number's own agents: as the owner calls them here, else as they are called there.
pub(in crate::ui) fn agent_names(agents: &[OwnAgent], account: &Account, table: &Table) -> String {
    let name = |OwnAgent { id, .. }: &OwnAgent| {
        let here = table.agents.iter().find(|agent| agent.retell_id == *id).map(|agent| agent.name.clone());
        let there = || account.agent(id).map(|agent| agent.name.clone()).filter(|name| !name.is_empty());
        here.or_else(there).unwrap_or_else(|| "an agent that is not known here".to_owned())
    };
    agents.iter().map(name).collect::<Vec<_>>().join(" or ")
}
