//! When calls arrived, and when they did not: the last day as a line, and the last outages in words.

use chrono::{DateTime, TimeDelta, Utc};
use egui::{CornerRadius, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use crate::service::Stretch;
use crate::ui::app::State;
use crate::ui::decision::zone;
use crate::ui::theme::{Tone, palette, space, text};

/// How far back the line goes.
const SHOWN: TimeDelta = TimeDelta::hours(24);
const HEIGHT: f32 = 14.0;
/// How many outages are told.
const TOLD: usize = 5;

/// Draws them, once there is something to tell.
pub(super) fn timeline_ui(ui: &mut Ui, state: &State) {
    let stretches = state.proof.timeline.stretches();
    if stretches.is_empty() {
        return;
    }
    ui.add_space(space::S);
    ui.label(text::label("The last 24 hours"));
    line_ui(ui, stretches, state.now);
    let p = palette(ui);
    let zone = zone(state);
    let mut outages: Vec<_> = stretches.iter().filter(|stretch| !stretch.health.is_good()).collect();
    outages.reverse();
    if outages.is_empty() {
        ui.label(text::help(p, "Green: calls arrived. Grey: nobody looked, for Switchboard was off"));
    }
    for stretch in outages.iter().take(TOLD) {
        let day = |at: DateTime<Utc>, format: &str| at.with_timezone(&zone).format(format).to_string();
        let from = day(stretch.from, "%a %-d %b, %H:%M");
        let until = day(stretch.until, "%H:%M");
        let words = format!("{from} to {until}: {}", stretch.health.brief().to_lowercase());
        ui.label(text::help(p, words)).on_hover_text(stretch.health.words());
    }
}

fn line_ui(ui: &mut Ui, stretches: &[Stretch], now: DateTime<Utc>) {
    let p = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect_filled(rect, CornerRadius::same(4), p.sunken);
    let start = now - SHOWN;
    let x = |at: DateTime<Utc>| {
        let part = (at - start).num_seconds() as f32 / SHOWN.num_seconds() as f32;
        rect.left() + rect.width() * part.clamp(0.0, 1.0)
    };
    // An outage that is narrower than a line must be seen all the same, so it is drawn last.
    let (good, bad): (Vec<_>, Vec<_>) = stretches
        .iter()
        .filter(|stretch| stretch.until > start)
        .partition(|stretch| stretch.health.is_good());
    for stretch in good.iter().chain(&bad) {
        let tone = if stretch.health.is_good() { Tone::Connect } else { Tone::Reject };
        let left = x(stretch.from);
        let part = Rect::from_min_max(
            egui::pos2(left, rect.top()),
            egui::pos2(x(stretch.until).max(left + 2.0), rect.bottom()),
        );
        painter.rect_filled(part, CornerRadius::ZERO, p.tone(tone).solid);
    }
    let words = match bad.len() {
        0 => "No outage in the last 24 hours".to_owned(),
        1 => "1 outage in the last 24 hours".to_owned(),
        count => format!("{count} outages in the last 24 hours"),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, ui.is_enabled(), &words));
    response.on_hover_text(words);
}
