//! Numbers as they come over the wire: withheld, in E.164, or any other text.
//!
//! A caller's number is a claim, not a proof. Which country it belongs to and how it is
//! shown to people is not decided here.

/// The longest text kept of a number, in characters.
pub const MAX_CHARS: usize = 256;

/// Words that public handlers have met in place of a withheld number.
const WITHHELD: [&str; 9] = [
    "anonymous",
    "unknown",
    "private",
    "restricted",
    "unavailable",
    "withheld",
    "blocked",
    "null",
    "undefined",
];

/// Words around those that say nothing by themselves: "Private number", "sip:anonymous@...".
const AROUND: [&str; 8] = ["caller", "call", "id", "name", "no", "number", "sip", "sips"];

/// ANONYMOUS, RESTRICTED and UNAVAILABLE, typed on a phone's keypad.
const KEYPAD: [&str; 3] = ["266696687", "7378742833", "86282452253"];

/// Who calls, or `None` if the caller does not say.
#[must_use]
pub fn caller(raw: &str) -> Option<String> {
    (!is_withheld(raw)).then(|| written(raw))
}

/// One spelling for one number: E.164 without spaces and punctuation; all else as it came,
/// trimmed and at most [`MAX_CHARS`] long.
#[must_use]
pub fn written(raw: &str) -> String {
    let raw = raw.trim();
    let compact = compact(raw);
    match compact.strip_prefix('+') {
        Some(digits) if is_e164(digits) => compact,
        _ => shortened(raw).trim_end().to_owned(),
    }
}

/// The first [`MAX_CHARS`] characters.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}

fn is_e164(digits: &str) -> bool {
    (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
}

/// Without what people and exchanges put between digits.
fn compact(text: &str) -> String {
    let between = |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '(' | ')' | '/');
    text.chars().filter(|c| !between(*c)).collect()
}

fn is_withheld(raw: &str) -> bool {
    let compact = compact(raw);
    if KEYPAD.contains(&compact.strip_prefix('+').unwrap_or(&compact)) {
        return true;
    }
    // In a SIP address only the part before the @ is the caller.
    let user = raw.split('@').next().unwrap_or_default().to_lowercase();
    user.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| WITHHELD.contains(&word) || AROUND.contains(&word))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_withheld_form_is_withheld() {
        for raw in [
            "",
            " ",
            "+",
            "-",
            "anonymous",
            "Anonymous",
            " ANONYMOUS ",
            "<anonymous>",
            "unknown",
            "Unknown Caller",
            "private",
            "Private Number",
            "PRIVATE-NUMBER",
            "restricted",
            "Restricted.",
            "unavailable",
            "Caller ID unavailable",
            "No Caller ID",
            "null",
            "sip:anonymous@anonymous.invalid",
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
            "+266696687",
            "+7378742833",
            "+86282452253",
            "266696687",
            "+266 696 687",
        ] {
            assert_eq!(caller(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn real_callers_are_kept() {
        for (raw, kept) in [
            ("+14155552671", "+14155552671"),
            (" +1 (415) 555-2671 ", "+14155552671"),
            ("+49 30/1234-567", "+49301234567"),
            ("4155552671", "4155552671"),
            ("+0123456789", "+0123456789"),
            ("sip:alice@example.com", "sip:alice@example.com"),
            ("Private Dental Practice", "Private Dental Practice"),
            ("+2666966870", "+2666966870"),
            ("*67", "*67"),
            ("\u{645}\u{62c}\u{647}\u{648}\u{644}", "\u{645}\u{62c}\u{647}\u{648}\u{644}"),
        ] {
            assert_eq!(caller(raw).as_deref(), Some(kept), "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_bounded_and_written_once(raw in "\\PC{0,400}") {
            if let Some(number) = caller(&raw) {
                prop_assert!(number.chars().count() <= MAX_CHARS);
                prop_assert_eq!(written(&number), number);
            }
        }

        #[test]
        fn every_e164_number_keeps_its_digits(digits in "[1-9][0-9]{6,14}") {
            prop_assume!(!KEYPAD.contains(&digits.as_str()));
            let number = format!("+{digits}");
            prop_assert_eq!(caller(&number), Some(number));
        }
    }
}
