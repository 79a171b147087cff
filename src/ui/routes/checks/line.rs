//! Findings as lines: an icon and a sentence.

use egui::{Align2, Label, RichText, Sense, Ui, vec2};

use super::super::sentences::capital;
use crate::routing::checks::{Finding, FindingKind, Level};
use crate::ui::theme::{Tone, icons, palette, space, text};

/// How many lines stand at a rule in the list.
const SHOWN: usize = 2;

/// The colour of a level.
pub(super) fn tone_of(level: Level) -> Tone {
    match level {
        Level::Error => Tone::Reject,
        Level::Warning => Tone::Warning,
        Level::Hint => Tone::Keep,
    }
}

/// The sign of a level.
pub(super) fn icon_of(level: Level) -> char {
    match level {
        Level::Error => icons::CIRCLE_ALERT,
        Level::Warning => icons::TRIANGLE_ALERT,
        Level::Hint => icons::INFO,
    }
}

/// What is found about a rule, in few lines, for the list. That its time is over, and what its agent
/// lacks, is said there anyway.
pub(in crate::ui::routes) fn lines_ui<'f>(ui: &mut Ui, findings: impl Iterator<Item = &'f Finding>) {
    let is_said = |kind| matches!(kind, FindingKind::Expired | FindingKind::VariableNotSet);
    let findings: Vec<&Finding> = findings.filter(|finding| !is_said(finding.kind)).collect();
    for finding in findings.iter().take(SHOWN) {
        ui.add_space(2.0);
        // Hints stay on one line: they are in the way sooner than of use.
        line_ui(ui, finding.level, &capital(&finding.message), finding.level != Level::Hint);
    }
    if findings.len() > SHOWN {
        let more = format!("and {} more", findings.len() - SHOWN);
        ui.label(text::faint(palette(ui), more));
    }
}

/// An icon and a sentence, wrapped or cut.
pub(crate) fn line_ui(ui: &mut Ui, level: Level, sentence: &str, wraps: bool) {
    let p = palette(ui);
    let colours = p.tone(tone_of(level));
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS + 2.0;
        ui.spacing_mut().interact_size.y = 0.0;
        let (rect, icon) = ui.allocate_exact_size(vec2(14.0, 16.0), Sense::hover());
        let font = text::icon_font(14.0);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon_of(level), font, colours.text);
        icon.on_hover_text(level.word());
        let colour = if level == Level::Hint { p.text_soft } else { colours.text };
        let words = Label::new(RichText::new(sentence).font(text::regular(13.0)).color(colour));
        ui.add(if wraps { words.wrap() } else { words.truncate() });
    });
}
