//! Sentences that stand in several places of this screen: what is wrong, and the outcome.

use egui::{Label, Sense, Ui, vec2};

use super::view::{OutcomeKindOr, OutcomeView};
use crate::ui::theme::{Tone, icons};
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Chip, agent, badge};

/// Something wrong, with its sign.
pub(super) fn problem_ui(ui: &mut Ui, problem: &str) {
    let red = palette(ui).tone(Tone::Reject).text;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS + 2.0;
        ui.spacing_mut().interact_size.y = 0.0;
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 16.0), Sense::hover());
        ui.painter().text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            icons::CIRCLE_ALERT,
            text::icon_font(14.0),
            red,
        );
        let words = egui::RichText::new(capital(problem)).font(text::regular(13.0)).color(red);
        ui.add(Label::new(words).wrap());
    });
}

/// What happens to a call, in the line of a rule.
pub(super) fn outcome_ui(ui: &mut Ui, outcome: &OutcomeView) {
    match &outcome.kind {
        OutcomeKindOr::Agent(id, name) => drop(agent(ui, id, name)),
        OutcomeKindOr::NoAgent => {
            let chip = Chip::new("no agent is chosen").unfinished(true).show(ui);
            chip.response.on_hover_text("Open the rule and choose who answers");
        }
        OutcomeKindOr::Other(kind) => drop(badge(ui, kind.tone(), kind.icon(), outcome.words())),
        OutcomeKindOr::Unset => {}
    }
    if !outcome.detail.is_empty() {
        ui.label(text::faint(palette(ui), &outcome.detail));
    }
}

/// The sentence with a capital letter.
pub(super) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
