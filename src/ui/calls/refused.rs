//! Requests that were refused, those alike as one, each with the reason in words.

use chrono::DateTime;
use egui::{Label, Layout, RichText, Ui, vec2};

use crate::storage::call_log::Refused;
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::theme::{self, Tone, icons, space, text};
use crate::ui::widgets::{self, Button, EmptyState, safe_text, time_ago};

/// So many are shown at first, and more at a time.
const PAGE: usize = 100;
/// What brings a first line level with the middle of the columns before it, in points.
const TO_MIDDLE: f32 = 1.0;

/// How many are shown.
pub(super) struct RefusedList {
    shown: usize,
}

impl Default for RefusedList {
    fn default() -> Self {
        Self { shown: PAGE }
    }
}

impl RefusedList {
    /// Draws the list.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State) {
        decision::scrolled(ui, "refused", |ui| {
            widgets::card(ui, |ui| {
                if state.refused.is_empty() {
                    let nothing = EmptyState {
                        icon: icons::SHIELD,
                        title: "No request was refused",
                        text: "Requests that are not signed by Retell, or that break off, are \
                               listed here with the reason",
                    };
                    return nothing.show(ui, |_| ());
                }
                for (index, refused) in state.refused.iter().take(self.shown).enumerate() {
                    if index > 0 {
                        widgets::divider(ui);
                    }
                    row_ui(ui, state, refused);
                }
                if state.refused.len() > self.shown
                    && ui.add(Button::secondary("Show more").small()).clicked()
                {
                    self.shown += PAGE;
                }
            });
        });
    }
}

fn row_ui(ui: &mut Ui, state: &State, refused: &Refused) {
    let p = theme::palette(ui);
    let at = DateTime::from_timestamp_millis(refused.at_ms).unwrap_or_default();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().interact_size.y = 22.0;
        ui.spacing_mut().item_spacing.x = space::M;
        column(ui, 88.0, |ui| {
            let ago = RichText::new(time_ago(at, state.now)).color(p.text_soft);
            ui.add(Label::new(ago).truncate()).on_hover_text(decision::exact(state, at));
        });
        column(ui, 44.0, |ui| {
            let colour = if refused.count > 1 { p.tone(Tone::Reject).text } else { p.text_faint };
            let count = RichText::new(format!("{}×", refused.count)).color(colour);
            ui.label(count.font(text::medium(text::BODY)));
        });
        column(ui, 132.0, |ui| {
            ui.add(Label::new(text::code(safe_text(&refused.peer))).truncate());
        });
        let room = ui.available_width() - 72.0 - space::M;
        ui.allocate_ui_with_layout(vec2(room, 22.0), Layout::top_down(egui::Align::Min), |ui| {
            ui.set_width(room);
            ui.add_space(TO_MIDDLE);
            ui.add(Label::new(text::body(safe_text(&refused.reason))).wrap());
        });
        ui.with_layout(Layout::top_down(egui::Align::Max), |ui| {
            ui.add_space(TO_MIDDLE + 2.0);
            ui.label(text::faint(p, size(refused.body_bytes)));
        });
    });
}

fn column(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, 22.0), Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_width(width);
        add(ui);
    });
}

/// "412 bytes", "1.5 KB".
fn size(bytes: u64) -> String {
    match bytes {
        0 => "empty".to_owned(),
        1 => "1 byte".to_owned(),
        2..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
