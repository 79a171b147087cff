//! Sentences that stand in several places of this screen: what is wrong, and the outcome.

use egui::{CornerRadius, Label, Sense, Stroke, StrokeKind, Ui, vec2};

use super::view::{OutcomeKindOr, OutcomeView};
use crate::ui::theme::{RADIUS, icons, palette, space, text};
pub(super) use crate::ui::widgets::capital;
use crate::ui::widgets::{Chip, agent, badge};

/// Room for the arrow, in points.
const ARROW_WIDTH: f32 = 20.0;

/// The arrow between what a rule asks and what it does.
fn arrow_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ARROW_WIDTH, 26.0), Sense::hover());
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

/// How much room arrow, outcome and detail take on a line, in points.
fn outcome_width(ui: &Ui, outcome: &OutcomeView) -> f32 {
    let width = |words: &str, font| {
        let colour = palette(ui).text;
        ui.painter().layout_no_wrap(words.to_owned(), font, colour).size().x
    };
    let words = width(outcome.words(), text::medium(text::BODY));
    // Around the words stands a dot or the sign of a badge.
    ARROW_WIDTH + 44.0 + words + width(&outcome.detail, text::regular(text::SMALL)) + space::S
}

/// The arrow and what happens to a call, in the line of a rule; on a line of its own where the
/// rest of this one is too short.
pub(super) fn outcome_ui(ui: &mut Ui, outcome: &OutcomeView) {
    if ui.layout().main_wrap && ui.available_size_before_wrap().x < outcome_width(ui, outcome) {
        ui.end_row();
    }
    arrow_ui(ui);
    match &outcome.kind {
        OutcomeKindOr::Agent(id, name) => drop(agent(ui, id, name)),
        OutcomeKindOr::Agents { agents, .. } => {
            for (id, label) in agents {
                agent(ui, id, label);
                ui.add_space(space::XS);
            }
        }
        OutcomeKindOr::NoAgent => {
            let chip = Chip::new("no agent is chosen").unfinished(true).show(ui);
            chip.response.on_hover_text("Open the rule and choose who answers");
        }
        OutcomeKindOr::Unfinished => {
            let chip = Chip::new(outcome.words()).unfinished(true).show(ui);
            chip.response.on_hover_text("Open the rule and say who gets how many calls");
        }
        OutcomeKindOr::Other(kind) => drop(badge(ui, kind.tone(), kind.icon(), outcome.words())),
        OutcomeKindOr::Unset => {}
    }
    if !outcome.detail.is_empty() {
        ui.add(Label::new(text::faint(palette(ui), &outcome.detail)).extend());
    }
}
