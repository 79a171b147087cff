//! The look of the window: colours, sizes, fonts and icons, and egui's style made of them.
//!
//! Raw colours are written in `palette.rs` and nowhere else; everything that draws asks
//! [`palette`] for a named one. Widgets live in `ui::widgets`.

mod fonts;
pub mod icons;
mod palette;
mod style;
pub mod text;

pub use palette::{DARK, LIGHT, Palette, Tone, ToneColours};
pub use style::menu_style;

/// Distances in points. Everything in the window is laid out with these five.
pub mod space {
    /// Between an icon and its word.
    pub const XS: f32 = 4.0;
    /// Between things that belong together.
    pub const S: f32 = 8.0;
    /// Between rows of a form.
    pub const M: f32 = 12.0;
    /// Inside a card.
    pub const L: f32 = 16.0;
    /// Between sections, and around a screen.
    pub const XL: f32 = 24.0;
}

/// Corner radius of cards and dialogs, in points.
pub const RADIUS: u8 = 8;
/// Corner radius of buttons, fields and chips, in points.
pub const RADIUS_SMALL: u8 = 6;
/// Height of a button or a one-line field, in points.
pub const CONTROL_HEIGHT: f32 = 32.0;
/// Height of a small button or a chip, in points.
pub const CONTROL_HEIGHT_SMALL: f32 = 24.0;

/// Installs the fonts and both styles. Call once for each [`egui::Context`].
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts::definitions());
    ctx.set_style_of(egui::Theme::Light, style::style(&LIGHT));
    ctx.set_style_of(egui::Theme::Dark, style::style(&DARK));
}

/// Whether the window is light, dark, or as the system says (the start value).
pub fn set_preference(ctx: &egui::Context, preference: egui::ThemePreference) {
    ctx.set_theme(preference);
}

/// The colours in force here.
#[must_use]
pub fn palette(ui: &egui::Ui) -> &'static Palette {
    palette_of(ui.visuals())
}

/// The colours that belong to these visuals.
#[must_use]
pub fn palette_of(visuals: &egui::Visuals) -> &'static Palette {
    if visuals.dark_mode { &DARK } else { &LIGHT }
}
