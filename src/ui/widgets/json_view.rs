//! JSON to look at: tinted, selectable, with a button that copies it.

use super::Button;
use crate::ui::theme::{self, Palette, RADIUS_SMALL, Tone, icons, space, text};
use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, CornerRadius, Frame, Label, Margin, ScrollArea, Stroke, Ui};

/// Shows `json` as it is written, at most `max_height` points high. `name` says what it is, on
/// the copy button too.
pub fn json_view(ui: &mut Ui, name: &str, json: &str, max_height: f32) {
    let p = theme::palette(ui);
    Frame::new()
        .fill(p.sunken)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(CornerRadius::same(RADIUS_SMALL))
        .inner_margin(Margin::same(space::M as i8))
        .show(ui, |ui| {
            ui.take_available_width();
            ui.horizontal(|ui| {
                ui.label(text::faint(p, name));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let label = format!("Copy {name}");
                    if ui.add(Button::quiet("Copy").with_icon(icons::COPY).small().name(&label)).clicked() {
                        ui.ctx().copy_text(json.to_owned());
                    }
                });
            });
            ScrollArea::both().id_salt(name).max_height(max_height).auto_shrink([false, true]).show(
                ui,
                |ui| {
                    ui.add(Label::new(tinted(p, json)).selectable(true).extend());
                },
            );
        });
}

/// The text in pieces, each in the colour of what it is. Bad JSON is shown as it stands.
fn tinted(p: &Palette, json: &str) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => rest.find(|c| c == '"' || is_word(c)).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(length);
        let colour = piece_colour(p, first, after);
        job.append(piece, 0.0, TextFormat::simple(text::mono(text::MONO), colour));
        rest = after;
    }
    job
}

fn piece_colour(p: &Palette, first: char, after: &str) -> Color32 {
    match first {
        '"' if after.trim_start().starts_with(':') => p.tone(Tone::Accent).text,
        '"' => p.tone(Tone::Connect).text,
        c if c.is_ascii_alphabetic() => p.tone(Tone::Keep).text,
        c if is_word(c) => p.tone(Tone::Warning).text,
        _ => p.text_soft,
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')
}

/// Bytes of the string literal that `text` begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::LIGHT;

    #[test]
    fn tinting_changes_no_letter() {
        for json in ["{\n  \"a\\\"b\": [1, -2.5e3, true, null, \"ü\"]\n}", "\"open", "", "{]é"] {
            assert_eq!(tinted(&LIGHT, json).text, json);
        }
    }

    #[test]
    fn a_key_is_told_from_a_value() {
        let job = tinted(&LIGHT, "{\"to\": \"+1\"}");
        let colours: Vec<_> = job.sections.iter().map(|s| s.format.color).collect();
        assert_eq!(colours[1], LIGHT.tone(Tone::Accent).text);
        assert_eq!(colours[3], LIGHT.tone(Tone::Connect).text);
    }
}
