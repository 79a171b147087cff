//! Text from outside, made fit to be shown.

use std::borrow::Cow;

/// The text without what would let it pose as something else: line ends and other control
/// characters become blanks, marks that turn the direction of writing are left out.
#[must_use]
pub fn safe_text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_control() || turns(c)) {
        return Cow::Borrowed(text);
    }
    let shown = text.chars().filter(|c| !turns(*c));
    Cow::Owned(shown.map(|c| if c.is_control() { ' ' } else { c }).collect())
}

fn turns(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_deceives_is_changed() {
        assert_eq!(safe_text("Zoë · (415) 555-2671"), "Zoë · (415) 555-2671");
        assert_eq!(safe_text("a\nb\u{202e}c\u{7}"), "a bc ");
    }
}
