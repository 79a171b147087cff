//! Sentences that stand in several places of this screen: what is wrong, and the outcome.

use egui::{CornerRadius, Label, Sense, Stroke, StrokeKind, Ui, vec2};

use super::view::{OutcomeKindOr, OutcomeView};
use crate::ui::theme::{RADIUS, Tone, icons, palette, space, text};
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

/// The arrow between what a rule asks and what it does.
pub(super) fn arrow_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(20.0, 26.0), Sense::hover());
    let (middle, font) = (egui::Align2::CENTER_CENTER, text::icon_font(text::ICON));
    ui.painter().text(rect.center(), middle, icons::ARROW_RIGHT, font, palette(ui).text_faint);
}

/// The outline of a card that is open or under the pointer, over the card's own.
pub(super) fn outline_ui(ui: &Ui, rect: egui::Rect, is_open: bool, over: bool) {
    let p = palette(ui);
    let stroke = match (is_open, over) {
        (true, _) => Stroke::new(1.5, p.accent),
        (false, true) => Stroke::new(1.0, p.border_strong),
        (false, false) => return,
    };
    ui.painter().rect_stroke(rect, CornerRadius::same(RADIUS), stroke, StrokeKind::Inside);
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
