//! Text from outside, made harmless to show.

use std::borrow::Cow;

/// The text without control characters and without those that turn the direction of writing, so
/// that what a caller sends cannot pass for something else on the screen.
#[must_use]
pub fn safe_text(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        Cow::Owned(text.chars().filter(|c| !is_unsafe(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn is_unsafe(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::safe_text;

    #[test]
    fn what_could_deceive_is_taken_out() {
        assert_eq!(safe_text("Anna"), "Anna");
        assert_eq!(safe_text("An\u{202e}na\n\u{7}!"), "Anna!");
    }
}
