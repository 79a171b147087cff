//! Sentences with strong words in them, wrapped together.

use crate::ui::theme::{self, Palette, text};
use egui::text::{LayoutJob, TextFormat};
use egui::{Label, Response, Ui};

/// Draws a sentence made of parts; those marked `true` are strong.
pub fn phrase(ui: &mut Ui, parts: &[(String, bool)]) -> Response {
    let job = phrase_job(theme::palette(ui), parts);
    ui.add(Label::new(job).wrap())
}

fn phrase_job(palette: &Palette, parts: &[(String, bool)]) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (words, strong) in parts {
        let mut format = if *strong {
            TextFormat::simple(text::semibold(text::BODY), palette.text)
        } else {
            TextFormat::simple(text::regular(text::BODY), palette.text_soft)
        };
        format.line_height = Some(text::LINE);
        job.append(words, 0.0, format);
    }
    job
}
