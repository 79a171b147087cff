//! The choice `shares.weighted`: each agent gets its percentage of the callers, and a caller always
//! the same agent.

use chrono::{DateTime, Utc};

use super::check_percent;
use super::draw::Draw;
use crate::plugins::{ChoiceContext, ChoiceKind};
use crate::routing::{Call, Choice, Chosen, Facts, Phrase, Pick, Share};

/// The kind of choice.
pub(super) struct Kind;

impl ChoiceKind for Kind {
    fn name(&self) -> &'static str {
        "weighted"
    }

    fn has_percent(&self) -> bool {
        true
    }

    fn is_repeatable(&self) -> bool {
        true
    }

    fn compile(&self, share: &Share, context: ChoiceContext<'_>) -> Result<Box<dyn Choice>, String> {
        check_percent(share)?;
        Ok(Box::new(Weighted { draw: Draw::of(share, context.table) }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(&self, ui: &mut egui::Ui, share: &mut Share) {
        super::editor::weighted_ui(ui, share);
    }
}

struct Weighted {
    draw: Draw,
}

impl Choice for Weighted {
    fn words(&self) -> Phrase {
        Phrase::new().plain("by percentage")
    }

    fn expected(&self) -> Vec<f64> {
        self.draw.expected()
    }

    fn pick(&self, call: &Call, _facts: &Facts, at: DateTime<Utc>) -> Pick {
        let place = self.draw.draw(call, at);
        Pick { place, chosen: Chosen { why: self.draw.why(call, place), turn: None } }
    }
}
