//! Text in the window's sizes and weights, ready for `ui.label`.

use super::{Palette, fonts};
use crate::routing::safe_lines;
use egui::{Color32, FontFamily, FontId, RichText};
use std::borrow::Cow;

/// Size of running text, in points.
pub const BODY: f32 = 14.0;
/// Size of helping text, in points.
pub const SMALL: f32 = 12.0;
/// Size of code and numbers, in points.
pub const MONO: f32 = 13.0;
/// Size of the heading of a card or dialog, in points.
pub const HEADING: f32 = 18.0;
/// Size of the title of a screen, in points.
pub const TITLE: f32 = 24.0;
/// Height of a line of running text that may wrap, in points.
pub const LINE: f32 = 20.0;
/// Height of a line of helping text that may wrap, in points.
pub const LINE_SMALL: f32 = 16.0;
/// Size of an icon beside running text, in points.
pub const ICON: f32 = 16.0;

/// Running text's font at another size.
#[must_use]
pub fn regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// The font of words that name something: buttons, labels.
#[must_use]
pub fn medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(fonts::MEDIUM.into()))
}

/// The font of headings and of strong words.
#[must_use]
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(fonts::SEMIBOLD.into()))
}

/// The font of code, ids and numbers that stand in columns.
#[must_use]
pub fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// The font of the icons.
#[must_use]
pub fn icon_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(fonts::ICONS.into()))
}

/// Words as they are shown, whoever they come from.
fn shown(text: impl Into<String>) -> RichText {
    let text = text.into();
    match safe_lines(&text) {
        Cow::Owned(safe) => RichText::new(safe),
        Cow::Borrowed(_) => RichText::new(text),
    }
}

/// The title of a screen.
#[must_use]
pub fn title(text: impl Into<String>) -> RichText {
    shown(text).font(semibold(TITLE))
}

/// The heading of a card or dialog.
#[must_use]
pub fn heading(text: impl Into<String>) -> RichText {
    shown(text).font(semibold(HEADING))
}

/// A strong word in running text.
#[must_use]
pub fn strong(text: impl Into<String>) -> RichText {
    shown(text).font(semibold(BODY))
}

/// The name of a field or a row.
#[must_use]
pub fn label(text: impl Into<String>) -> RichText {
    shown(text).font(medium(BODY))
}

/// Running text that may wrap.
#[must_use]
pub fn body(text: impl Into<String>) -> RichText {
    shown(text).font(regular(BODY)).line_height(Some(LINE))
}

/// Running text that explains.
#[must_use]
pub fn soft(palette: &Palette, text: impl Into<String>) -> RichText {
    body(text).color(palette.text_soft)
}

/// Small text that explains.
#[must_use]
pub fn help(palette: &Palette, text: impl Into<String>) -> RichText {
    shown(text).font(regular(SMALL)).line_height(Some(LINE_SMALL)).color(palette.text_soft)
}

/// Small text that may be overlooked.
#[must_use]
pub fn faint(palette: &Palette, text: impl Into<String>) -> RichText {
    shown(text).font(regular(SMALL)).color(palette.text_faint)
}

/// Code, ids, numbers.
#[must_use]
pub fn code(text: impl Into<String>) -> RichText {
    shown(text).font(mono(MONO))
}

/// An icon beside running text.
#[must_use]
pub fn icon(icon: char, colour: Color32) -> RichText {
    RichText::new(icon).font(icon_font(ICON)).color(colour)
}
