//! The choice `shares.sticky`: the agent who answered this caller last, if that is not too long
//! ago; else one drawn by percentage.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::check_percent;
use super::draw::Draw;
use crate::plugins::history::{Window, ago, last_with};
use crate::plugins::{ChoiceContext, ChoiceKind, settings};
use crate::routing::{Call, Choice, Chosen, Facts, Phrase, Pick, Share, Table, Value};

/// What shares of this kind are told apart by.
const ID: &str = "shares.sticky";

/// The agents of which it must be known when they answered a caller last.
pub(in crate::plugins) fn remembered(table: &Table) -> impl Iterator<Item = &str> {
    let shares = table.shares().filter(|(_, share)| share.how == ID);
    shares.flat_map(|(_, share)| share.agents.iter().map(|part| part.agent.as_str()))
}

/// The kind of choice.
pub(super) struct Kind;

impl ChoiceKind for Kind {
    fn name(&self) -> &'static str {
        "sticky"
    }

    fn has_percent(&self) -> bool {
        true
    }

    fn starter(&self) -> serde_json::Value {
        json!({ "within": 30, "unit": "days" })
    }

    fn compile(&self, share: &Share, context: ChoiceContext<'_>) -> Result<Box<dyn Choice>, String> {
        check_percent(share)?;
        let within = settings::read::<Window>(&share.settings)?.check()?;
        let agents = share.agents.iter().map(|part| part.agent.clone()).collect();
        Ok(Box::new(Sticky { within, agents, draw: Draw::of(share, context.table) }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(&self, ui: &mut egui::Ui, share: &mut Share) {
        super::editor::sticky_ui(ui, share);
    }
}

struct Sticky {
    within: Window,
    agents: Vec<String>,
    draw: Draw,
}

impl Choice for Sticky {
    fn words(&self) -> Phrase {
        Phrase::new().plain("same as last time within ").strong(self.within.words())
    }

    fn expected(&self) -> Vec<f64> {
        self.draw.expected()
    }

    fn pick(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Pick {
        let passed = |agent: &String| match facts.get(&last_with(agent)) {
            Some(Value::Time(last)) => Some(at.timestamp_millis() - last.timestamp_millis()),
            _ => None,
        };
        let known = self.agents.iter().enumerate().filter_map(|(place, agent)| Some((passed(agent)?, place)));
        // The first place of those alike, so that of two versions the upper one counts.
        if let Some((passed, place)) = known.filter(|(passed, _)| *passed <= self.within.ms()).min() {
            let why = format!("{} answered this caller {}", self.draw.name(place), ago(passed));
            return Pick { place, chosen: Chosen { why, turn: None } };
        }
        let place = self.draw.draw(call, at);
        let unknown =
            facts.get("history.first_time").is_none().then(|| facts.why_missing("history.first_time"));
        let why = match unknown {
            Some(reason) => format!(
                "who answered before is not known ({}), so {}",
                reason.unwrap_or("nothing was said about it"),
                self.draw.why(call, place)
            ),
            None => format!(
                "none of these agents answered this caller within {}, so {}",
                self.within.words(),
                self.draw.why(call, place)
            ),
        };
        Pick { place, chosen: Chosen { why, turn: None } }
    }
}
