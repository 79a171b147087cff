//! What the colours and signs of the week mean. Only what is in the week is told.

use std::borrow::Cow;

use egui::{Role, Sense, Ui, WidgetInfo, vec2};

use super::blocks::look;
use crate::routing::week::{LineWeek, NamedAgent, TakenBy, Who};
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::roster::{Look, Pattern, swatch};
use crate::ui::widgets::{agent, safe_text};

/// Draws it.
pub(super) fn ui(ui: &mut Ui, line: &LineWeek) {
    let shown: Vec<_> = line.shifts.iter().map(|shift| line.taker(shift)).collect();
    let mut agents: Vec<&NamedAgent> = Vec::new();
    for known in shown.iter().filter_map(|taker| match &taker.who {
        Who::Agents(agents) => Some(agents),
        _ => None,
    }) {
        for agent in known {
            if !agents.contains(&agent) {
                agents.push(agent);
            }
        }
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::M, space::XS);
        for NamedAgent { id, name } in agents {
            agent(ui, id, &safe_text(name));
        }
        for (who, words) in [
            (Who::LineAgent, "The line’s own agent"),
            (Who::RejectedInVain, "Rejected in vain: the line’s own agent takes it"),
            (Who::Rejected, "Rejected"),
            (Who::NoAgent, "Dropped: the line has no agent of its own"),
        ] {
            if let Some(taker) = shown.iter().find(|taker| taker.who == who) {
                entry(ui, &Look { pattern: Pattern::Plain, ..look(taker) }, words);
            }
        }
        let neutral = |pattern| Look { agents: Vec::new(), tone: Tone::Neutral, pattern };
        if shown.iter().any(|taker| taker.by == TakenBy::Fallback) {
            entry(ui, &neutral(Pattern::Gap), "No rule: the fallback");
        }
        if shown.iter().any(|taker| matches!(taker.by, TakenBy::Override { .. })) {
            entry(ui, &neutral(Pattern::Hatched), "Closed or redirected");
        }
        if line.shifts.iter().any(|shift| !shift.others.is_empty()) {
            sign(ui, icons::USERS, "Other rules can take some callers");
        }
        if line.shifts.iter().any(|shift| shift.is_sampled) {
            sign(ui, icons::QUESTION, "Looked at every 15 minutes");
        }
    });
}

fn entry(ui: &mut Ui, look: &Look<'_>, words: &str) {
    together(ui, words, |ui| swatch(ui, look));
}

fn sign(ui: &mut Ui, icon: char, words: &str) {
    let colour = palette(ui).text_soft;
    together(ui, words, |ui| drop(ui.label(text::icon(icon, colour).size(13.0))));
}

/// The sign and its words, which stay on one row.
fn together(ui: &mut Ui, words: &str, sign: impl FnOnce(&mut Ui)) {
    let font = text::regular(13.0);
    let colour = palette(ui).text_soft;
    let galley = ui.painter().layout_no_wrap(words.to_owned(), font, colour);
    let size = vec2(20.0 + space::XS + galley.size().x, 20.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, Cow::from(words)));
    let place = rect.with_max_x(rect.left() + 20.0).shrink2(vec2(0.0, 3.0));
    sign(&mut ui.new_child(egui::UiBuilder::new().max_rect(place)));
    let at = egui::pos2(rect.left() + 20.0 + space::XS, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, colour);
}
