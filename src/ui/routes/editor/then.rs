//! What a rule does: who answers, and what the agent is told.

use egui::Ui;

use super::super::view::outcome_words;
use super::agent_choice::AgentChoice;
use super::share::{ShareEditor, spread};
use super::tell::tell_ui;
use super::variables::Variables;
use crate::routing::{Action, Agent, AgentVersion, Outcome, Rule, Share, Sharer};
use crate::ui::agents::SettingsEditor;
use crate::ui::app::State;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Field, JsonText, OutcomeKind, TextField, section, segmented};

/// Texts of an outcome that are being written.
#[derive(Default)]
pub(super) struct Then {
    agent: AgentChoice,
    /// The agent that was chosen before another kind of outcome was tried.
    connect: Option<Action>,
    share: ShareEditor,
    /// The agents who shared calls before another kind of outcome was tried.
    shared: Option<Action>,
    variables: Variables,
    metadata: JsonText,
    agent_settings: SettingsEditor,
}

impl Then {
    /// Draws what the rule with this id does, or the fallback, which has none. Gives back an agent that
    /// was made here.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        rule: Option<&str>,
        outcome: &mut Outcome,
    ) -> Option<Agent> {
        let new_agent = section(ui, "Then", "", |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            self.kind_ui(ui, &mut outcome.action, rule.is_some());
            match &mut outcome.action {
                Action::Connect { agent, version } => {
                    let new_agent = self.agent.ui(ui, state, agent);
                    version_ui(ui, version);
                    new_agent
                }
                Action::Share(share) => self.share.ui(ui, state, rule, share),
                Action::Keep | Action::Reject | Action::GoOn => None,
            }
        })
        .inner;
        tell_ui(ui, state, &mut outcome.tell);
        if outcome.action != Action::Reject {
            let about = "Words that the agent's prompt can use, with what is known of the call";
            section(ui, "Variables", about, |ui| self.variables.ui(ui, state, outcome, above(state, rule)));
            let about = "For this call only; the agent itself stays as it is";
            section(ui, "Agent settings", about, |ui| {
                self.agent_settings.ui(ui, &state.draft.zone, &mut outcome.agent_settings);
            });
            section(ui, "For developers", "", |ui| {
                ui.spacing_mut().item_spacing.y = space::M;
                let help = "Kept with the call at Retell and sent back in its events";
                self.metadata.ui(ui, "Metadata", help, &mut outcome.metadata);
            });
        }
        new_agent
    }

    /// Whether a text of it cannot be read.
    pub(super) fn is_torn(&self) -> bool {
        self.metadata.is_torn() || self.agent_settings.is_torn()
    }

    /// What of `outcome` is an older text than the one in its field.
    pub(super) fn unread(&self, outcome: &Outcome) -> impl Iterator<Item = &'static str> {
        let texts = [
            ("The metadata", self.metadata.is_unread(outcome.metadata.as_ref())),
            ("The agent settings", self.agent_settings.is_unread(outcome.agent_settings.as_ref())),
        ];
        // A call that is rejected has none of them, and the fields are not there.
        let counts = outcome.action != Action::Reject;
        texts.into_iter().filter(move |(_, is_unread)| counts && *is_unread).map(|(name, _)| name)
    }

    fn kind_ui(&mut self, ui: &mut Ui, action: &mut Action, goes_on: bool) {
        let mut kind = kind_of(action);
        let mut kinds = vec![
            (OutcomeKind::Connect, "Connect"),
            (OutcomeKind::Share, "Share"),
            (OutcomeKind::Keep, "Keep"),
            (OutcomeKind::Reject, "Reject"),
        ];
        if goes_on {
            kinds.push((OutcomeKind::GoOn, outcome_words(OutcomeKind::GoOn)));
        }
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            if segmented(ui, &mut kind, &kinds) {
                self.switch_to(kind, action);
            }
            ui.label(text::help(palette(ui), meaning(kind)));
        });
    }

    fn switch_to(&mut self, kind: OutcomeKind, action: &mut Action) {
        match action {
            Action::Connect { .. } => self.connect = Some(action.clone()),
            Action::Share(_) => self.shared = Some(action.clone()),
            Action::Keep | Action::Reject | Action::GoOn => {}
        }
        *action = match kind {
            OutcomeKind::Connect => {
                self.connect.take().unwrap_or(Action::Connect { agent: String::new(), version: None })
            }
            OutcomeKind::Share => self.shared.take().unwrap_or_else(|| Action::Share(first_share(action))),
            OutcomeKind::Keep => Action::Keep,
            OutcomeKind::Reject => Action::Reject,
            OutcomeKind::GoOn => Action::GoOn,
        };
    }
}

/// Two equal shares: the agent who answered alone, and one that is still to be chosen.
fn first_share(action: &Action) -> Share {
    let agent = if let Action::Connect { agent, .. } = action { agent.clone() } else { String::new() };
    let agents = vec![Sharer { agent, ..Sharer::default() }, Sharer::default()];
    let mut share = Share { how: "shares.weighted".to_owned(), agents, ..Share::default() };
    spread(&mut share);
    share
}

/// The rules that are looked at before the one with this id; all of them before the fallback.
fn above<'a>(state: &'a State, rule: Option<&str>) -> &'a [Rule] {
    let rules = &state.draft.rules;
    let place = rules.iter().position(|known| Some(known.id.as_str()) == rule);
    &rules[..place.unwrap_or(rules.len())]
}

fn kind_of(action: &Action) -> OutcomeKind {
    match action {
        Action::Connect { .. } => OutcomeKind::Connect,
        Action::Share(_) => OutcomeKind::Share,
        Action::Keep => OutcomeKind::Keep,
        Action::Reject => OutcomeKind::Reject,
        Action::GoOn => OutcomeKind::GoOn,
    }
}

fn meaning(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Connect => "The agent chosen here answers",
        OutcomeKind::Share => "Several agents answer: by percentage, in turn, or whom the caller knows",
        OutcomeKind::Keep => "The agent set on the line at Retell answers",
        OutcomeKind::Reject => "Nobody answers. Works only while the line has no agent of its own at Retell",
        OutcomeKind::GoOn => "Adds what stands below, and the next rules decide who answers",
    }
}

fn version_ui(ui: &mut Ui, version: &mut Option<AgentVersion>) {
    let mut typed = version.as_ref().map(ToString::to_string).unwrap_or_default();
    let field =
        Field::new("Version").optional().help("A number, or a tag such as prod. Empty: the current one");
    let response =
        field.show(ui, |ui| ui.add(TextField::new(&mut typed).hint("prod").width(200.0).id_salt("version")));
    if response.changed() {
        *version = AgentVersion::from_text(&typed);
    }
}
