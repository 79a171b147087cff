//! What calls are counted by: outcome, agent, rule, caller.

use egui::Ui;

use super::{Pick, of_all};
use crate::routing::grouped;
use crate::service::numbers::{Numbers, Share};
use crate::storage::call_log::search::DecidedBy;
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::theme::{self, Tone, space};
use crate::ui::widgets::charts::{Ranked, ranking};
use crate::ui::widgets::{OutcomeKind, section};

/// So many are shown of each; the rest is told as one.
const SHOWN: usize = 8;

/// From this width on, in points, two stand side by side.
const SIDE_BY_SIDE: f32 = 640.0;

/// A list of bars with its heading, and what is behind each bar.
pub(super) struct Shares {
    heading: &'static str,
    /// Said where there are none.
    nothing: &'static str,
    rows: Vec<Ranked>,
    picks: Vec<Option<Pick>>,
}

impl Shares {
    fn new<T>(
        (heading, nothing): (&'static str, &'static str),
        shares: &[Share<T>],
        row: impl Fn(&Share<T>) -> (Ranked, Pick),
        (ui, all): (&Ui, u64),
    ) -> Self {
        // One more is no longer than the line that tells of the rest.
        let shown = if shares.len() <= SHOWN + 1 { shares.len() } else { SHOWN };
        let (mut rows, mut picks): (Vec<_>, Vec<_>) =
            shares.iter().take(shown).map(&row).map(|(row, pick)| (row, Some(pick))).unzip();
        let rest = &shares[shown..];
        if !rest.is_empty() {
            let calls = rest.iter().map(|share| share.calls).sum();
            let name = format!("{} others", grouped(rest.len()));
            rows.push(ranked(name, calls, all, theme::palette(ui).tone(Tone::Neutral).solid, false));
            picks.push(None);
        }
        Self { heading, nothing, rows, picks }
    }

    fn ui(&self, ui: &mut Ui, least_rows: usize) -> Option<Pick> {
        let mut pick = None;
        section(ui, self.heading, "", |ui| {
            let top = ui.cursor().top();
            if self.rows.is_empty() {
                decision::quiet(ui, self.nothing);
            }
            pick = ranking(ui, self.heading, &self.rows)
                .and_then(|index| self.picks.get(index).cloned().flatten());
            let missing = 28.0 * least_rows as f32 - (ui.cursor().top() - top);
            ui.add_space(missing.max(0.0));
        });
        pick
    }
}

/// Two of them, side by side where there is room, and then of the same height.
pub(super) fn pair_ui(ui: &mut Ui, [left, right]: [Shares; 2]) -> Option<Pick> {
    if ui.available_width() < SIDE_BY_SIDE {
        let first = left.ui(ui, 0);
        return first.or(right.ui(ui, 0));
    }
    let rows = left.rows.len().max(right.rows.len());
    ui.spacing_mut().item_spacing.x = space::M;
    ui.columns_const(|[at_left, at_right]| {
        let first = left.ui(at_left, rows);
        first.or(right.ui(at_right, rows))
    })
}

fn ranked(name: String, calls: u64, all: u64, colour: egui::Color32, can_click: bool) -> Ranked {
    let about = format!("{name}: {}", of_all(calls, all));
    let words = grouped(calls as usize);
    Ranked { name, value: calls as f32, words, colour, about, can_click }
}

pub(super) fn outcomes(ui: &Ui, numbers: &Numbers) -> Shares {
    let p = theme::palette(ui);
    let row = |share: &Share<String>| {
        let kind = match share.what.as_str() {
            "connect" => Some(OutcomeKind::Connect),
            "keep" => Some(OutcomeKind::Keep),
            "reject" => Some(OutcomeKind::Reject),
            _ => None,
        };
        let name = match kind {
            Some(OutcomeKind::Connect) => "Connected to an agent".to_owned(),
            Some(OutcomeKind::Keep) => "Left to the line's own agent".to_owned(),
            Some(OutcomeKind::Reject) => "Rejected".to_owned(),
            _ => share.what.clone(),
        };
        let colour = p.tone(kind.map_or(Tone::Neutral, OutcomeKind::tone)).solid;
        let pick = Pick::Outcome(share.what.clone());
        (ranked(name, share.calls, numbers.calls, colour, true), pick)
    };
    Shares::new(("What became of calls", "No call"), &numbers.outcomes, row, (ui, numbers.calls))
}

pub(super) fn agents(ui: &Ui, state: &State, numbers: &Numbers) -> Shares {
    let p = theme::palette(ui);
    let row = |share: &Share<String>| {
        let known = state.draft.agents.iter().find(|agent| agent.name == share.what);
        let colour = p.agent(known.map_or(&share.what, |agent| &agent.id));
        let pick = Pick::Agent(share.what.clone());
        (ranked(share.name.clone(), share.calls, numbers.calls, colour, true), pick)
    };
    let words = ("Who was connected", "No call was connected to an agent");
    Shares::new(words, &numbers.agents, row, (ui, numbers.calls))
}

pub(super) fn rules(ui: &Ui, state: &State, numbers: &Numbers) -> Shares {
    let p = theme::palette(ui);
    let row = |share: &Share<DecidedBy>| {
        let name = match &share.what {
            DecidedBy::Fallback => "The fallback".to_owned(),
            DecidedBy::Override => "Closed or redirected".to_owned(),
            DecidedBy::Rule(id) => {
                let rules = state.draft.rules.iter().chain(&state.live.table.rules);
                let known = rules.into_iter().find(|rule| rule.id == *id).map(|rule| rule.name.clone());
                known.unwrap_or_else(|| share.name.clone())
            }
        };
        let tone = match share.what {
            DecidedBy::Rule(_) => Tone::Accent,
            DecidedBy::Fallback => Tone::Neutral,
            DecidedBy::Override => Tone::Warning,
        };
        let pick = Pick::Decided(share.what.clone());
        (ranked(name, share.calls, numbers.calls, p.tone(tone).solid, true), pick)
    };
    Shares::new(("What decided", "No call"), &numbers.rules, row, (ui, numbers.calls))
}

pub(super) fn callers(ui: &Ui, state: &State, numbers: &Numbers) -> Shares {
    let p = theme::palette(ui);
    let row = |share: &Share<String>| {
        let number = state.number(Some(&share.what));
        let name = if share.name.is_empty() { number.clone() } else { share.name.clone() };
        let mut row = ranked(name, share.calls, numbers.calls, p.tone(Tone::Accent).solid, true);
        if !share.name.is_empty() {
            row.about = format!("{}, {number}", row.about);
        }
        (row, Pick::Caller(share.what.clone()))
    };
    let callers = &numbers.callers[..numbers.callers.len().min(SHOWN + 1)];
    let words = ("Who calls most", "Every caller hid the number");
    Shares::new(words, callers, row, (ui, numbers.calls))
}
