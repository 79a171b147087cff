//! A greeting as it will sound: placeholders filled, and those marked that nobody fills.

use std::collections::BTreeMap;

use egui::text::{LayoutJob, TextFormat};
use egui::{CornerRadius, Frame, Label, Margin, Stroke, Ui};

use crate::routing::variable::{Spoken, spoken};
use crate::routing::{Agent, Decided, Table};
use crate::ui::theme::{Palette, RADIUS_SMALL, Tone, palette, space, text};
use crate::ui::widgets::{problem_line, safe_text};

/// The agent that answers by a decision, if the table has its greeting.
pub(in crate::ui) fn greeting_of<'a>(table: &'a Table, action: &Decided) -> Option<&'a Agent> {
    let Decided::Connect { retell_id, .. } = action else { return None };
    let agent = table.agents.iter().find(|agent| agent.retell_id == *retell_id)?;
    (!agent.greeting.trim().is_empty()).then_some(agent)
}

/// The greeting with these variables, between quotation marks.
pub(in crate::ui) fn greeting_ui(ui: &mut Ui, greeting: &str, variables: &BTreeMap<String, String>) {
    let p = palette(ui);
    let pieces = spoken(greeting, variables);
    Frame::new()
        .fill(p.canvas)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(CornerRadius::same(RADIUS_SMALL))
        .inner_margin(Margin::same(space::M as i8))
        .show(ui, |ui| {
            ui.take_available_width();
            ui.add(Label::new(written(p, &pieces)).wrap());
        });
    let unset: Vec<_> = pieces
        .iter()
        .filter_map(|piece| if let Spoken::Unset(name) = piece { Some(*name) } else { None })
        .collect();
    if !unset.is_empty() {
        let words =
            format!("Nothing sets {}, so it would be read out as it stands", safe_text(&unset.join(", ")));
        problem_line(ui, &words);
    }
    if pieces.iter().any(|piece| matches!(piece, Spoken::ByRetell(_))) {
        ui.label(text::help(p, "What stays in braces and is not marked is filled by Retell"));
    }
}

fn written(p: &Palette, pieces: &[Spoken<'_>]) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut add = |words: &str, colour, font| {
        job.append(&safe_text(words), 0.0, TextFormat::simple(font, colour));
    };
    let (plain, strong) = (text::regular(text::BODY), text::semibold(text::BODY));
    for piece in pieces {
        match piece {
            Spoken::Words(words) => add(words, p.text, plain.clone()),
            Spoken::Value(value) => add(value, p.text, strong.clone()),
            Spoken::ByRetell(name) => add(&format!("{{{{{name}}}}}"), p.text_soft, plain.clone()),
            Spoken::Unset(name) => add(&format!("{{{{{name}}}}}"), p.tone(Tone::Reject).text, strong.clone()),
        }
    }
    job
}
