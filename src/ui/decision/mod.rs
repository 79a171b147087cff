//! What "Calls" and "Try a call" show alike: a decision's trace, facts, variables, times and
//! JSON. Values in; a click becomes an [`Action`](super::app::Action). No screen of its own.

mod known;
mod moment;
mod near;
mod pins;
mod sources;
mod timing;
mod trace;

pub(crate) use known::{facts_ui, greeting_part, variables_ui};
pub(crate) use moment::{exact, same_day, zone};
pub(crate) use near::near_misses_ui;
pub(crate) use pins::{Pins, pins_heading_ui};
pub(crate) use sources::facts_by_source_ui;
pub(crate) use timing::{TimedStep, milliseconds, timing_ui};
pub(crate) use trace::trace_ui;

use egui::{Align, Frame, Label, Layout, Margin, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

use super::app::State;
use super::theme::{self, space, text};
use super::widgets::{self, OutcomeKind, safe_text};
use crate::routing::{By, Decided, Phrase};

/// The badge of what was decided.
pub(crate) fn kind(action: &Decided) -> OutcomeKind {
    match action {
        Decided::Connect { .. } => OutcomeKind::Connect,
        Decided::Keep => OutcomeKind::Keep,
        Decided::Reject => OutcomeKind::Reject,
    }
}

/// What gave a decision: "By rule “VIP callers”".
pub(crate) fn by(by: &By) -> Phrase {
    match by {
        By::Rule { name, .. } => Phrase::new().plain("By rule “").strong(safe_text(name)).plain("”"),
        By::Fallback => Phrase::new().plain("By the ").strong("fallback").plain(", because no rule matches"),
        By::Override { words, reason, set_by, .. } => {
            let reason = if reason.is_empty() { String::new() } else { format!("{}, ", safe_text(reason)) };
            let more = format!(" ({reason}set by {})", safe_text(set_by));
            Phrase::new().plain("Whatever the rules say: ").strong(safe_text(words)).plain(more)
        }
        By::Trouble(reason) => {
            let because = format!(", because something broke: {}", safe_text(reason));
            Phrase::new().plain("By the ").strong("fallback").plain(because)
        }
    }
}

/// An agent by the name it had on the day; its dot is the one it has elsewhere.
pub(crate) fn agent_ui(ui: &mut Ui, state: &State, name: &str) {
    let known = state.draft.agents.iter().find(|agent| agent.name == name);
    let id = known.map_or(name, |agent| agent.id.as_str());
    widgets::agent(ui, id, &safe_text(name));
}

/// JSON with line breaks; what cannot be read stays as it is.
pub(crate) fn pretty(json: &str) -> String {
    serde_json::from_str::<serde_json::Value>(json)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| json.to_owned())
}

/// A part of a panel: its heading, then the content.
pub(crate) fn part(ui: &mut Ui, heading: &str, add: impl FnOnce(&mut Ui)) {
    ui.add_space(space::S);
    ui.label(text::strong(heading));
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        add(ui);
    });
}

/// A quiet sentence that wraps.
pub(crate) fn quiet(ui: &mut Ui, words: &str) {
    let p = theme::palette(ui);
    ui.add(Label::new(text::soft(p, words)).wrap());
}

/// From this width on, in points, what came of a call stands beside its form.
const WIDE: f32 = 680.0;

/// The places of a call's form and of what came of it, side by side where there is room for both.
pub(crate) fn split(full: Rect) -> Option<(Rect, Rect)> {
    if full.width() < WIDE {
        return None;
    }
    let width = (full.width() * 0.38).clamp(316.0, 400.0);
    let left = Rect::from_min_size(full.min, vec2(width, full.height()));
    Some((left, Rect::from_min_max(pos2(left.right() + space::L, full.top()), full.max)))
}

/// Draws in a place of its own; the room it takes is not counted.
pub(crate) fn child<R>(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let place = UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min));
    add(&mut ui.new_child(place))
}

/// Room at the right of what scrolls, in points, so that the scroll bar covers nothing. It lies in
/// the margin, so that cards still end where other things end.
const GUTTER: f32 = 12.0;

/// Scrolls what is added, in all the room there is.
pub(crate) fn scrolled(ui: &mut Ui, salt: &str, add: impl FnOnce(&mut Ui)) {
    let room = ui.available_rect_before_wrap();
    let with_gutter = Rect::from_min_size(room.min, room.size() + vec2(GUTTER, 0.0));
    child(ui, with_gutter, |ui| {
        ScrollArea::vertical().id_salt(salt).auto_shrink(false).show(ui, |ui| {
            let gutter = Margin { right: GUTTER as i8, ..Margin::ZERO };
            Frame::new().inner_margin(gutter).show(ui, add);
        });
    });
    ui.advance_cursor_after_rect(room);
}
