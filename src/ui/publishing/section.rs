//! What the sections of the publish dialog have in common: a heading that says how it stands, and
//! rows that lead to where something is put right.

use egui::{Label, Sides, Ui};

use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, badge, safe_text};

/// How a section stands, in a few words with their colour and sign.
pub(super) struct Standing {
    /// Its colour.
    pub(super) tone: Tone,
    /// Its sign.
    pub(super) icon: char,
    /// Its words.
    pub(super) words: String,
}

impl Standing {
    /// All is well.
    pub(super) fn good(words: impl Into<String>) -> Self {
        Self { tone: Tone::Connect, icon: icons::CIRCLE_CHECK, words: words.into() }
    }

    /// Something is wrong.
    pub(super) fn bad(words: impl Into<String>) -> Self {
        Self { tone: Tone::Reject, icon: icons::CIRCLE_X, words: words.into() }
    }

    /// Neither, or not known yet.
    pub(super) fn open(words: impl Into<String>) -> Self {
        Self { tone: Tone::Neutral, icon: icons::INFO, words: words.into() }
    }
}

/// Draws a section: its heading, how it stands, and what `add` adds.
pub(super) fn section_ui<R>(
    ui: &mut Ui,
    heading: &str,
    standing: Option<&Standing>,
    add: impl FnOnce(&mut Ui) -> R,
) -> R {
    ui.push_id(heading, |ui| {
        Sides::new().shrink_left().height(26.0).show(
            ui,
            |ui| ui.add(Label::new(text::strong(heading)).truncate()),
            |ui| {
                if let Some(Standing { tone, icon, words }) = standing {
                    badge(ui, *tone, *icon, words);
                }
            },
        );
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = space::XS + 2.0;
            add(ui)
        })
        .inner
    })
    .inner
}

/// A name with sentences below it and a button that leads there, called "Open " and the name. Says
/// whether it was pressed.
pub(super) fn row_ui(ui: &mut Ui, name: &str, sentences: impl FnOnce(&mut Ui)) -> bool {
    let name = safe_text(name);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let ((), opens) = Sides::new().shrink_left().height(24.0).show(
            ui,
            |ui| {
                ui.add(Label::new(text::label(&*name)).truncate());
            },
            |ui| {
                let open = format!("Open {name}");
                ui.add(Button::icon(icons::ARROW_RIGHT, &open).small()).clicked()
            },
        );
        sentences(ui);
        opens
    })
    .inner
}

/// A sentence in a quieter colour.
pub(super) fn sentence_ui(ui: &mut Ui, words: &str) {
    let p = palette(ui);
    ui.add(Label::new(text::soft(p, &*safe_text(words))).wrap());
}
