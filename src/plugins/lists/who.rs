//! Whom an entry of a list stands for: its text read, and written in one clear form.

use crate::routing::number as phone;

/// How long a number is at most, and at least where its country code is written, in digits.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// What stands before the two letters of a country.
const COUNTRY: &str = "country:";

/// One caller, or a group of callers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// One number in E.164.
    Number(String),
    /// All numbers that start like this: `+49`.
    Prefix(String),
    /// All numbers like this one, where `?` is any digit and `*` at the end any more of them.
    Pattern(String),
    /// All numbers of a country, as two letters.
    Country(String),
}

impl Who {
    /// Reads an entry in any spelling. Numbers without a country code are of the country `home`.
    #[must_use]
    pub fn read(text: &str, home: &str) -> Option<Self> {
        let text = text.trim();
        if is_written_out(text) {
            return Some(Self::Number(text.to_owned()));
        }
        if let Some(code) = text.get(..COUNTRY.len()).filter(|start| start.eq_ignore_ascii_case(COUNTRY)) {
            let code = text[code.len()..].trim().to_ascii_uppercase();
            return phone::country_name(&code).map(|_| Self::Country(code));
        }
        if text.contains(['*', '?']) {
            return group(text);
        }
        phone::parse(text, home).map(Self::Number)
    }

    /// The form in which the table keeps it; [`Who::read`] gives the same again.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Number(text) | Self::Pattern(text) => text.clone(),
            Self::Prefix(start) => format!("{start}*"),
            Self::Country(code) => format!("{COUNTRY}{code}"),
        }
    }

    /// For people: "(415) 555-2671", "+49…", "Germany".
    #[must_use]
    pub fn words(&self, home: &str) -> String {
        match self {
            Self::Number(number) => phone::for_people(number, home),
            Self::Prefix(start) => format!("Numbers starting with {start}"),
            Self::Pattern(pattern) => format!("Numbers like {pattern}"),
            Self::Country(code) => phone::country_name(code).unwrap_or(code).to_owned(),
        }
    }
}

/// Whether it is in the form that tables keep. Such numbers are taken as they are: checking
/// 100,000 of them against the numbering plans would take a second.
fn is_written_out(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    DIGITS.contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Numbers that start alike or look alike. They must have their country code: `415*` could be
/// meant for any country.
fn group(text: &str) -> Option<Who> {
    let text = phone::spelled_out(text)?;
    let (start, open) = text.strip_suffix('*').map_or((&*text, false), |start| (start, true));
    let digits = start.strip_prefix('+')?;
    let fits = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.len() <= *DIGITS.end()
        && digits.chars().all(|c| c.is_ascii_digit() || c == '?');
    match (fits, digits.contains('?'), open) {
        (false, ..) => None,
        (true, false, _) => Some(Who::Prefix(start.to_owned())),
        (true, true, _) => Some(Who::Pattern(text)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn any_spelling_has_one_clear_form() {
        for (text, home, written) in [
            ("(415) 555-2671", "US", Some("+14155552671")),
            ("+14155552671", "DE", Some("+14155552671")),
            ("+33 1 42 68 53 00", "US", Some("+33142685300")),
            ("030 901820", "DE", Some("+4930901820")),
            ("+49 (0) 30*", "US", Some("+4930*")),
            ("0044-20 *", "US", Some("+4420*")),
            ("+1 202 555 ????", "US", Some("+1202555????")),
            ("+1202???*", "US", Some("+1202???*")),
            ("country: de", "US", Some("country:DE")),
            ("Country:US", "US", Some("country:US")),
            ("country:XX", "US", None),
            ("415*", "US", None),
            ("*", "US", None),
            ("+?", "US", None),
            ("+1*2", "US", None),
            ("+49**", "US", None),
            ("Bob", "US", None),
            ("", "US", None),
        ] {
            let read = Who::read(text, home);
            assert_eq!(read.as_ref().map(Who::written).as_deref(), written, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(text in "(country:[a-zA-Z]{2}|[+0-9?* ()-]{0,18}|.{0,20})") {
            if let Some(who) = Who::read(&text, "US") {
                prop_assert_eq!(Who::read(&who.written(), "DE"), Some(who));
            }
        }
    }
}
