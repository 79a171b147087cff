//! Text from outside, made fit to be shown: in the window, on a terminal, in the program's own log and in
//! notices. Callers, contacts, plugins and files may tell anything.

use std::borrow::Cow;

/// The text without what would let it pose as something else: line ends and other control
/// characters become blanks, marks that turn the direction of writing and those that take no room
/// are left out.
#[must_use]
pub fn safe_text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_control() || is_unseen(c)) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().filter(|c| !is_unseen(*c));
    Cow::Owned(shown.map(|c| if c.is_control() { ' ' } else { c }).collect())
}

/// The same for text that has lines of its own: line ends and tabs stay.
#[must_use]
pub fn safe_lines(text: &str) -> Cow<'_, str> {
    let is_kept = |c: char| matches!(c, '\n' | '\t');
    if !text.chars().any(|c| c.is_control() && !is_kept(c) || is_unseen(c)) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().filter(|c| !is_unseen(*c));
    Cow::Owned(shown.map(|c| if c.is_control() && !is_kept(c) { ' ' } else { c }).collect())
}

fn is_unseen(c: char) -> bool {
    matches!(c,
        // Line and paragraph ends are no control characters to Unicode.
        '\u{2028}' | '\u{2029}'
        // Directions.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Nothing to see.
        | '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        // Letters without a shape, and marks that choose one.
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_deceives_is_changed() {
        assert_eq!(safe_text("Zoë · (415) 555-2671"), "Zoë · (415) 555-2671");
        assert_eq!(safe_text("a\nb\u{202e}c\u{7}"), "a bc ");
        assert_eq!(safe_text("+1\u{200b}21\u{2060}3\u{2028}"), "+1213");
        assert_eq!(safe_text("Re\u{3164}ception\u{fe0f}\u{115f}"), "Reception");
    }

    proptest! {
        #[test]
        fn whatever_is_told_nothing_unseen_is_left(text in r"(\PC|\pC|[\u{200b}-\u{206f}\x1b\r\n]){0,40}") {
            let shown = safe_text(&text);
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_unseen(c)), "{shown:?}");
            prop_assert_eq!(safe_text(&shown), shown.as_ref());
            let lines = safe_lines(&text).replace(['\n', '\t'], " ");
            prop_assert_eq!(lines, shown.as_ref());
        }
    }
}
