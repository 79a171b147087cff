//! Phone numbers of which only the end can be read, for screens that others see too.

/// So many digits at the end stay readable.
const SHOWN: usize = 2;
/// Fewer digits than these are no phone number that a text could be searched for.
const LEAST: usize = 6;
/// The longest country code.
const COUNTRY_CODE: usize = 3;
/// What people write between the digits of a number, at most so much of it at a time.
const BETWEEN: &str = " ()-.,+/\u{a0}\u{202f}";
const GAP: usize = 3;

/// A number of which only the end can be read: "(•••) •••-••71".
#[must_use]
pub fn hidden_number(number: &str) -> String {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let mut place = 0;
    let hide = |c: char| {
        place += usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && place + SHOWN <= digits { '•' } else { c }
    };
    number.chars().map(hide).collect()
}

/// A text in which this number is hidden, in whatever way it is written: with or without its country code,
/// in groups, or digit by digit as an agent speaks it.
#[must_use]
pub fn without_number(text: &str, number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let spellings = || {
        (0..=COUNTRY_CODE).filter_map(|code| digits.get(code..)).filter(|spelling| spelling.len() >= LEAST)
    };
    let mut letters: Vec<char> = text.chars().collect();
    for places in runs(&letters) {
        let said: String = places.iter().map(|place| letters[*place]).collect();
        // All end alike, so what one hides is what the others hide.
        for spelling in spellings() {
            for (from, _) in said.match_indices(spelling) {
                for place in &places[from..from + spelling.len() - SHOWN] {
                    letters[*place] = '•';
                }
            }
        }
    }
    letters.into_iter().collect()
}

/// Where digits stand that belong together.
fn runs(letters: &[char]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for (place, _) in letters.iter().enumerate().filter(|(_, letter)| letter.is_ascii_digit()) {
        let belongs = |last: usize| {
            let between = &letters[last + 1..place];
            between.len() <= GAP && between.iter().all(|letter| BETWEEN.contains(*letter))
        };
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| belongs(*last)) => run.push(place),
            _ => runs.push(vec![place]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_hidden_however_it_is_written() {
        assert_eq!(hidden_number("(415) 555-2671"), "(•••) •••-••71");
        for (text, kept) in [
            ("+14155552671 called", "+•••••••••71 called"),
            ("{\"from\":\"+14155552671\"}", "{\"from\":\"+•••••••••71\"}"),
            ("14155552671", "•••••••••71"),
            ("4155552671", "••••••••71"),
            ("(415) 555-2671", "(•••) •••-••71"),
            ("4 1 5, 5 5 5, 2 6 7 1", "• • •, • • •, • • 7 1"),
            ("at 12 +1 415-555-2671, 14155552671", "at 12 +• •••-•••-••71, •••••••••71"),
            ("+14155552672 and 2026-11-29", "+14155552672 and 2026-11-29"),
        ] {
            assert_eq!(without_number(text, "+14155552671"), kept);
        }
        assert_eq!(without_number("01511 2345678", "+4915112345678"), "0•••• •••••78");
        assert_eq!(without_number("anything 12", "anonymous"), "anything 12");
    }
}
