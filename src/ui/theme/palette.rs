//! Every colour of the window, light and dark, by what it is for.
//!
//! The only file in which a colour is written as numbers. The test at its end holds each text
//! colour to a contrast of at least 4.5 : 1 on each surface it may stand on.
#![allow(clippy::disallowed_methods)]

use egui::Color32;

/// What a coloured thing says. Never said by colour alone: there is always a word or an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// A call is connected; all is well.
    Connect,
    /// The line's default agent is kept; a hint.
    Keep,
    /// A call is rejected; something failed or is about to be destroyed.
    Reject,
    /// Something wants attention.
    Warning,
    /// Nothing in particular.
    Neutral,
    /// The one accent: chosen, main action.
    Accent,
}

/// The four colours of a [`Tone`].
#[derive(Clone, Copy, Debug)]
pub struct ToneColours {
    /// Words and icons, on `soft` or on any surface.
    pub text: Color32,
    /// A tinted ground.
    pub soft: Color32,
    /// The hairline around `soft`.
    pub border: Color32,
    /// A dot, a bar, a filled mark.
    pub solid: Color32,
}

/// The colours of one theme.
#[derive(Debug)]
pub struct Palette {
    /// Whether this is the dark one.
    pub dark: bool,
    /// Behind everything: window and rail.
    pub canvas: Color32,
    /// Cards, header, fields.
    pub surface: Color32,
    /// Menus, dialogs, toasts.
    pub raised: Color32,
    /// Slightly lowered: code, hovered rows, the trough of a segmented control.
    pub sunken: Color32,
    /// Hairlines.
    pub border: Color32,
    /// The outline of something one can type into or press.
    pub border_strong: Color32,
    /// Text.
    pub text: Color32,
    /// Text that explains.
    pub text_soft: Color32,
    /// Text that may be overlooked: hints, times, units.
    pub text_faint: Color32,
    /// Ground of the main button.
    pub accent: Color32,
    /// The same under the pointer.
    pub accent_hover: Color32,
    /// Words on `accent`.
    pub on_accent: Color32,
    /// Ground of the dangerous button.
    pub danger: Color32,
    /// The same under the pointer.
    pub danger_hover: Color32,
    /// Words on `danger`.
    pub on_danger: Color32,
    /// The ring around what has the keyboard.
    pub focus: Color32,
    /// Over everything behind a dialog.
    pub veil: Color32,
    /// Shadow of menus, dialogs and toasts.
    pub shadow: Color32,
    /// Selected text.
    pub selection: Color32,
    /// Dots of agents, stable by id.
    pub agents: [Color32; 8],
    connect: ToneColours,
    keep: ToneColours,
    reject: ToneColours,
    warning: ToneColours,
    neutral: ToneColours,
    chosen: ToneColours,
}

impl Palette {
    /// The colours of a tone.
    #[must_use]
    pub fn tone(&self, tone: Tone) -> &ToneColours {
        match tone {
            Tone::Connect => &self.connect,
            Tone::Keep => &self.keep,
            Tone::Reject => &self.reject,
            Tone::Warning => &self.warning,
            Tone::Neutral => &self.neutral,
            Tone::Accent => &self.chosen,
        }
    }

    /// The dot colour of the agent with this id: always the same for the same id.
    #[must_use]
    pub fn agent(&self, id: &str) -> Color32 {
        // FNV-1a: stable across runs and versions, unlike the standard hasher.
        let hash =
            id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        // Its low bits mix badly for short ids; multiplying once more and taking the top ones helps.
        let mixed = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
        self.agents[(mixed >> 29) as usize % self.agents.len()]
    }
}

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

const fn tone(text: u32, soft: u32, border: u32, solid: u32) -> ToneColours {
    ToneColours { text: hex(text), soft: hex(soft), border: hex(border), solid: hex(solid) }
}

/// Near-white.
pub static LIGHT: Palette = Palette {
    dark: false,
    canvas: hex(0x00f7_f8fa),
    surface: hex(0x00ff_ffff),
    raised: hex(0x00ff_ffff),
    sunken: hex(0x00f1_f3f6),
    border: hex(0x00e5_e8ed),
    border_strong: hex(0x00cf_d4dc),
    text: hex(0x0018_1b22),
    text_soft: hex(0x004a_5261),
    text_faint: hex(0x0063_6b7a),
    accent: hex(0x004f_46e5),
    accent_hover: hex(0x0043_38ca),
    on_accent: hex(0x00ff_ffff),
    danger: hex(0x00c8_2a1f),
    danger_hover: hex(0x00ac_2117),
    on_danger: hex(0x00ff_ffff),
    focus: hex(0x006d_66f2),
    veil: Color32::from_rgba_premultiplied(7, 9, 14, 102),
    shadow: Color32::from_rgba_premultiplied(2, 3, 5, 36),
    selection: hex(0x00d9_dbfd),
    agents: [
        hex(0x004f_46e5),
        hex(0x000d_9488),
        hex(0x00d9_7706),
        hex(0x00db_2777),
        hex(0x0002_84c7),
        hex(0x0065_a30d),
        hex(0x0093_33ea),
        hex(0x00a1_5c38),
    ],
    connect: tone(0x0014_6534, 0x00e7_f6ec, 0x00c0_e6cd, 0x001f_9d55),
    keep: tone(0x000b_5781, 0x00e5_f3fb, 0x00bb_def1, 0x0015_80c2),
    reject: tone(0x00ab_2017, 0x00fd_edeb, 0x00f6_cbc7, 0x00d9_2d20),
    warning: tone(0x0082_4d00, 0x00fe_f5df, 0x00f3_dca4, 0x00d9_8a00),
    neutral: tone(0x004a_5261, 0x00f1_f3f6, 0x00dd_e1e7, 0x007a_8394),
    chosen: tone(0x0043_38ca, 0x00ee_effe, 0x00cf_d1fb, 0x004f_46e5),
};

/// Near-black blue.
pub static DARK: Palette = Palette {
    dark: true,
    canvas: hex(0x000d_1017),
    surface: hex(0x0014_1821),
    raised: hex(0x001a_1f2a),
    sunken: hex(0x001d_222e),
    border: hex(0x0025_2b38),
    border_strong: hex(0x003a_4355),
    text: hex(0x00e9_ecf2),
    text_soft: hex(0x00b2_bac8),
    text_faint: hex(0x0090_99aa),
    accent: hex(0x005b_57e0),
    accent_hover: hex(0x0068_64ea),
    on_accent: hex(0x00ff_ffff),
    danger: hex(0x00c9_372c),
    danger_hover: hex(0x00d2_4539),
    on_danger: hex(0x00ff_ffff),
    focus: hex(0x0089_87ff),
    veil: Color32::from_rgba_premultiplied(2, 3, 5, 150),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 110),
    selection: hex(0x0033_337a),
    agents: [
        hex(0x0081_8cf8),
        hex(0x002d_d4bf),
        hex(0x00fb_bf24),
        hex(0x00f4_72b6),
        hex(0x0038_bdf8),
        hex(0x00a3_e635),
        hex(0x00c0_84fc),
        hex(0x00d9_a384),
    ],
    connect: tone(0x0072_d59b, 0x0012_291e, 0x001f_4a34, 0x0035_b36b),
    keep: tone(0x0078_c2ef, 0x0010_2736, 0x001c_455e, 0x002e_9bdc),
    reject: tone(0x00ff_9f96, 0x0033_181a, 0x005c_2829, 0x00e5_534b),
    warning: tone(0x00f2_c266, 0x002d_2310, 0x0056_431c, 0x00e0_a526),
    neutral: tone(0x00b2_bac8, 0x001d_222e, 0x002d_3443, 0x007c_8698),
    chosen: tone(0x00b0_b1ff, 0x001f_2145, 0x0038_3a78, 0x0074_72f5),
};

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 6] =
        [Tone::Connect, Tone::Keep, Tone::Reject, Tone::Warning, Tone::Neutral, Tone::Accent];

    /// Relative luminance as the Web Content Accessibility Guidelines define it.
    fn luminance(colour: Color32) -> f64 {
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[track_caller]
    fn assert_contrast(what: &str, front: Color32, back: Color32, at_least: f64) {
        let found = contrast(front, back);
        assert!(found >= at_least, "{what}: {found:.2} < {at_least}");
    }

    #[test]
    fn every_text_colour_is_readable_on_every_surface() {
        for p in [&LIGHT, &DARK] {
            let name = if p.dark { "dark" } else { "light" };
            for (surface, back) in [
                ("canvas", p.canvas),
                ("surface", p.surface),
                ("raised", p.raised),
                ("sunken", p.sunken),
                ("selection", p.selection),
            ] {
                assert_contrast(&format!("{name} text on {surface}"), p.text, back, 4.5);
                let accent = p.tone(Tone::Accent).text;
                assert_contrast(&format!("{name} accent on {surface}"), accent, back, 4.5);
                if surface == "selection" {
                    continue;
                }
                assert_contrast(&format!("{name} soft on {surface}"), p.text_soft, back, 4.5);
                assert_contrast(&format!("{name} faint on {surface}"), p.text_faint, back, 4.5);
                for tone in TONES {
                    let what = format!("{name} {tone:?} on {surface}");
                    assert_contrast(&what, p.tone(tone).text, back, 4.5);
                }
            }
            for tone in TONES {
                let colours = p.tone(tone);
                assert_contrast(&format!("{name} {tone:?} on soft"), colours.text, colours.soft, 4.5);
                assert_contrast(&format!("{name} text on {tone:?}"), p.text, colours.soft, 4.5);
                assert_contrast(&format!("{name} soft on {tone:?}"), p.text_soft, colours.soft, 4.5);
            }
            assert_contrast("button", p.on_accent, p.accent, 4.5);
            assert_contrast("button, hovered", p.on_accent, p.accent_hover, 4.5);
            assert_contrast("danger", p.on_danger, p.danger, 4.5);
            assert_contrast("danger, hovered", p.on_danger, p.danger_hover, 4.5);
        }
    }

    #[test]
    fn marks_that_are_not_text_can_be_told_from_their_ground() {
        for p in [&LIGHT, &DARK] {
            for back in [p.canvas, p.surface, p.raised] {
                assert_contrast("focus ring", p.focus, back, 3.0);
                for dot in p.agents {
                    assert_contrast("agent dot", dot, back, 2.5);
                }
            }
        }
    }

    #[test]
    fn an_agent_keeps_its_colour() {
        assert_eq!(LIGHT.agent("agent_one"), LIGHT.agent("agent_one"));
        let used: std::collections::HashSet<_> =
            (0..40).map(|n| LIGHT.agent(&format!("agent_{n}"))).collect();
        assert!(used.len() > 5, "colours are spread over agents: {used:?}");
    }
}
