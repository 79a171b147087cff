//! Phone numbers as they stand in cells: in any spelling, several at once, or spoilt by a
//! spreadsheet.

use crate::routing::number as phone;

/// What parts several numbers in one cell.
const BETWEEN: [&str; 6] = [":::", ";", ",", "|", "\n", " / "];

/// All numbers that stand in a cell, in E.164. Those without a country code are of `home`.
pub(super) fn all(cell: &str, home: &str) -> Vec<String> {
    if !cell.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    if let Some(number) = one(cell, home) {
        return vec![number];
    }
    let Some(between) = BETWEEN.into_iter().find(|mark| cell.contains(mark)) else { return Vec::new() };
    let mut numbers: Vec<String> = cell.split(between).flat_map(|part| all(part, home)).collect();
    numbers.dedup();
    numbers
}

fn one(text: &str, home: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'', '=']);
    let text = text.strip_prefix("tel:").unwrap_or(text);
    // Programs that take numbers for amounts write them like this.
    let text = text.strip_suffix(".0").unwrap_or(text);
    phone::parse(text, home).or_else(|| without_plus(text))
}

/// A number with its country code, of which the plus is lost: `4930901820`.
fn without_plus(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && !"-./()".contains(*c)).collect();
    let fits = (10..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = fits.then(|| format!("+{digits}"))?;
    phone::is_known(&number).then_some(number)
}

/// Whether a spreadsheet has shortened a number so that its end is lost: `4.93091E+12`.
pub(super) fn is_shortened(cell: &str) -> bool {
    let Some((start, power)) = cell.split_once(['E', 'e']) else { return false };
    let is_amount = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    !start.is_empty() && start.chars().all(is_amount) && power.trim_start_matches('+').parse::<u8>().is_ok()
}

/// Whether a cell looks like a phone number by its form, and not like a date, an amount or an id.
pub(super) fn looks_like_one(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let is_of_number = |c: char| c.is_ascii_digit() || c.is_whitespace() || "+-./()".contains(c);
    let plain = (7..=18).contains(&digits) && cell.chars().all(is_of_number);
    let is_marked = cell.starts_with(['+', '0', '('])
        || (cell.contains(['-', ' ', '/', '.']) && cell.matches(['-', ' ', '/', '.', '(']).count() >= 2);
    plain && is_marked && !is_date(cell)
}

fn is_date(cell: &str) -> bool {
    let start = cell.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = start.split(['-', '.', '/']).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    matches!(lengths[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_any_spelling() {
        for (cell, home, numbers) in [
            ("(415) 555-2671", "US", &["+14155552671"][..]),
            ("415.555.2671", "US", &["+14155552671"]),
            ("030/901820", "DE", &["+4930901820"]),
            ("4930901820", "US", &["+4930901820"]),
            ("0049 (0)30 901820", "US", &["+4930901820"]),
            ("30901820", "DE", &["+4930901820"]),
            ("tel:+1-415-555-2671", "DE", &["+14155552671"]),
            ("4155552671.0", "US", &["+14155552671"]),
            ("'+14155552671", "US", &["+14155552671"]),
            ("+1 415 555 2671 ::: 030 901820", "DE", &["+14155552671", "+4930901820"]),
            ("030 901820; 0151 23456789", "DE", &["+4930901820", "+4915123456789"]),
            ("030 901820 / 030 901820", "DE", &["+4930901820"]),
            ("call reception", "US", &[]),
            ("4.93091E+12", "US", &[]),
            ("", "US", &[]),
        ] {
            assert_eq!(all(cell, home), numbers, "{cell}");
        }
    }

    #[test]
    fn other_figures_do_not_look_like_numbers() {
        for (cell, looks) in [
            ("+14155552671", true),
            ("(415) 555-2671", true),
            ("415-555-2671", true),
            ("030 901820", true),
            ("0301234567", true),
            ("2026-11-23", false),
            ("23.11.2026", false),
            ("2026-11-23 10:05", false),
            ("10002345", false),
            ("1234.50", false),
            ("Anna", false),
        ] {
            assert_eq!(looks_like_one(cell), looks, "{cell}");
        }
        for (cell, is) in [("4.93091E+12", true), ("4,15556E+09", true), ("Elena", false), ("E12", false)] {
            assert_eq!(is_shortened(cell), is, "{cell}");
        }
    }
}
