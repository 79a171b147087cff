//! What stands out about a call, as small signs: each says in words what it means.

use egui::Ui;

use crate::storage::call_log::Summary;
use crate::storage::call_log::search::Filter;
use crate::ui::theme::{self, Tone, icons, text};

/// A sign.
pub(super) struct Mark {
    icon: char,
    tone: Tone,
    /// Its name.
    pub(super) word: String,
    /// What it means.
    about: String,
}

/// All signs of a call, what matters most first.
pub(super) fn of(call: &Summary) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut add = |holds: bool, icon, tone, word: &str, about: &str| {
        if holds {
            marks.push(Mark { icon, tone, word: word.to_owned(), about: about.to_owned() });
        }
    };
    let again = format!("Asked {} times", call.attempts);
    let again_about = format!("Retell asked {} times; each got the same answer", call.attempts);
    add(call.is_test, icons::PLAY, Tone::Accent, "Test", "You sent it yourself; it counts nowhere");
    add(
        call.unreadable,
        icons::QUESTION,
        Tone::Warning,
        "Not a call",
        "It was signed, but is no call that can be read",
    );
    let broke = call.fallback_used && !call.unreadable;
    add(
        broke,
        icons::TRIANGLE_ALERT,
        Tone::Warning,
        "Fallback",
        "Something broke on the way, and the fallback answered",
    );
    let late = "A look-up was late or failed, so something was not known";
    add(call.look_up_failed, icons::CIRCLE_ALERT, Tone::Warning, "Look-up failed", late);
    let slow = call.took_us >= Filter::SLOW_US;
    add(slow, icons::CLOCK, Tone::Warning, "Slow", "The answer took half a second or more");
    add(call.attempts > 1, icons::REFRESH, Tone::Warning, &again, &again_about);
    add(
        call.late,
        icons::ARCHIVE,
        Tone::Neutral,
        "Logged late",
        "Written down after the answer, because the disk was slow",
    );
    marks
}

/// Draws one.
pub(super) fn mark_ui(ui: &mut Ui, mark: &Mark) {
    let colour = theme::palette(ui).tone(mark.tone).text;
    ui.label(text::icon(mark.icon, colour)).on_hover_text(format!("{}: {}", mark.word, mark.about));
}
