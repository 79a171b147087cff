//! Where the time went, as bars.

use std::time::Duration;

use egui::{CornerRadius, Label, Layout, Rect, RichText, Sense, Ui, vec2};

use crate::ui::theme::{self, Tone, space, text};
use crate::ui::widgets::safe_text;

const NAME_WIDTH: f32 = 168.0;

/// One part of a call's way.
pub(crate) struct TimedStep {
    /// What was done, in words.
    pub(crate) name: String,
    /// How long it took.
    pub(crate) took: Duration,
    /// What went wrong, in words.
    pub(crate) fault: Option<String>,
}

/// "2.1", "0.04"; short times keep what makes them differ from nothing.
pub(crate) fn milliseconds(micros: u64) -> String {
    let ms = micros as f64 / 1000.0;
    if micros < 50 { format!("{ms:.2}") } else { format!("{ms:.1}") }
}

/// A bar for each step, all to one scale.
pub(crate) fn timing_ui(ui: &mut Ui, steps: &[TimedStep]) {
    let longest = steps.iter().map(|step| step.took).max().unwrap_or_default().as_secs_f32();
    for step in steps {
        step_ui(ui, step, step.took.as_secs_f32() / longest.max(1e-6));
    }
}

fn step_ui(ui: &mut Ui, step: &TimedStep, share: f32) {
    let p = theme::palette(ui);
    let tone = if step.fault.is_some() { Tone::Warning } else { Tone::Accent };
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        let width = NAME_WIDTH.min(ui.available_width() * 0.45);
        ui.allocate_ui_with_layout(vec2(width, 20.0), Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_width(width);
            ui.add(Label::new(RichText::new(safe_text(&step.name)).color(p.text_soft)).truncate());
        });
        let room = (ui.available_width() - 72.0 - space::S).max(8.0);
        let (rect, _) = ui.allocate_exact_size(vec2(room, 20.0), Sense::hover());
        let trough = Rect::from_center_size(rect.center(), vec2(room, 6.0));
        ui.painter().rect_filled(trough, CornerRadius::same(3), p.sunken);
        let filled = Rect::from_min_size(trough.min, vec2((room * share).max(3.0), 6.0));
        ui.painter().rect_filled(filled, CornerRadius::same(3), p.tone(tone).solid);
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            ui.label(text::code(format!("{} ms", milliseconds(step.took.as_micros() as u64))));
        });
    });
    if let Some(fault) = &step.fault {
        let words = text::body(safe_text(fault)).color(p.tone(tone).text);
        ui.add(Label::new(words).wrap());
    }
}
