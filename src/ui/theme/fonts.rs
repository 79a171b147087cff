//! The bundled fonts and the families made of them. Licences: `assets/fonts/LICENSES.md`.

use egui::{FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

/// Family of words that name something.
pub(super) const MEDIUM: &str = "medium";
/// Family of headings and strong words.
pub(super) const SEMIBOLD: &str = "semibold";
/// Family of the icons.
pub(super) const ICONS: &str = "icons";

/// Inter in three weights, `JetBrains` Mono, and Lucide for icons. Inter stands behind each text
/// family, so that a sign that one file lacks is still drawn.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let files: [(&str, &'static [u8]); 5] = [
        ("inter", include_bytes!("../../../assets/fonts/Inter-Regular.otf")),
        ("inter-medium", include_bytes!("../../../assets/fonts/Inter-Medium.otf")),
        ("inter-semibold", include_bytes!("../../../assets/fonts/Inter-SemiBold.otf")),
        ("mono", include_bytes!("../../../assets/fonts/JetBrainsMono-Regular.ttf")),
        ("lucide", include_bytes!("../../../assets/fonts/lucide.ttf")),
    ];
    for (name, bytes) in files {
        let mut data = FontData::from_static(bytes);
        if name == "lucide" {
            // Its signs stand a little high beside the capitals of Inter.
            data.tweak.y_offset_factor = 0.1;
        }
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    let named = |name: &str| FontFamily::Name(name.into());
    for (family, chain) in [
        (FontFamily::Proportional, &["inter", "mono"][..]),
        (FontFamily::Monospace, &["mono", "inter"][..]),
        (named(MEDIUM), &["inter-medium", "inter", "mono"][..]),
        (named(SEMIBOLD), &["inter-semibold", "inter", "mono"][..]),
        (named(ICONS), &["lucide"][..]),
    ] {
        let chain = chain.iter().map(|&name| name.to_owned()).collect();
        fonts.families.insert(family, chain);
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{FontId, epaint::text::Fonts};

    #[test]
    fn the_signs_that_sentences_use_are_in_every_family() {
        let mut fonts = Fonts::new(egui::epaint::TextOptions::default(), definitions());
        for family in [
            FontFamily::Proportional,
            FontFamily::Monospace,
            FontFamily::Name(MEDIUM.into()),
            FontFamily::Name(SEMIBOLD.into()),
        ] {
            for sign in "→·…“”‘’–—✓×≥≤•←↑↓äßéñ€£ØžĄŁ".chars() {
                let found = fonts.has_glyph(&FontId::new(14.0, family.clone()), sign);
                assert!(found, "{sign} is missing in {family:?}");
            }
        }
    }
}
