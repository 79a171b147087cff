//! The choice `shares.round_robin`: one agent after the other, call by call. Which turn is next
//! comes in as a fact; who takes it sees to it that no other call has the same.

use chrono::{DateTime, Utc};

use super::draw::Draw;
use super::turn_fact;
use crate::plugins::{ChoiceContext, ChoiceKind};
use crate::routing::{Call, Choice, Chosen, Facts, Phrase, Pick, Share, Turn, Value};

/// What shares of this kind are told apart by.
pub(super) const ID: &str = "shares.round_robin";

/// The kind of choice.
pub(super) struct Kind;

impl ChoiceKind for Kind {
    fn name(&self) -> &'static str {
        "round_robin"
    }

    fn has_percent(&self) -> bool {
        false
    }

    fn compile(&self, share: &Share, context: ChoiceContext<'_>) -> Result<Box<dyn Choice>, String> {
        let draw = Draw::of(share, context.table).even();
        Ok(Box::new(RoundRobin { of: share.known_as(context.rule).to_owned(), draw }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(&self, ui: &mut egui::Ui, share: &mut Share) {
        super::editor::round_robin_ui(ui, share);
    }
}

struct RoundRobin {
    of: String,
    /// Who takes turns; draws only when the turn is not known.
    draw: Draw,
}

impl Choice for RoundRobin {
    fn words(&self) -> Phrase {
        Phrase::new().plain("in turn")
    }

    fn expected(&self) -> Vec<f64> {
        self.draw.expected()
    }

    fn pick(&self, call: &Call, facts: &Facts, at: DateTime<Utc>) -> Pick {
        let fact = turn_fact(&self.of);
        if let Some(Value::Number(next)) = facts.get(&fact) {
            let number = *next as u64;
            let place = (number % self.draw.len().max(1) as u64) as usize;
            let why =
                format!("it is the turn of {} in a round of {}", self.draw.name(place), self.draw.len());
            let turn = Some(Turn { of: self.of.clone(), number });
            return Pick { place, chosen: Chosen { why, turn } };
        }
        let place = self.draw.draw(call, at);
        let reason = facts.why_missing(&fact).unwrap_or("nothing was said about it");
        let why = format!("whose turn it is, is not known ({reason}); {}", self.draw.why(call, place));
        Pick { place, chosen: Chosen { why, turn: None } }
    }
}
