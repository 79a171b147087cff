//! Phone numbers and countries: reading any spelling, writing for people. Pure; the metadata is
//! compiled in. First use loads it (0.1 s), so [`warm`] is called at start.

use std::cell::RefCell;
use std::str::FromStr;

pub use phonenumber::Type;
use phonenumber::metadata::{DATABASE, Descriptor};
use phonenumber::{Mode, PhoneNumber, country};

thread_local! {
    /// The number whose country was asked for last, and the country: many rules ask it of the same caller,
    /// and reading a number takes longer than all else that deciding does.
    static LAST: RefCell<(String, Option<String>)> = const { RefCell::new((String::new(), None)) };
}

/// Loads the metadata, so that no call waits for it.
pub fn warm() {
    let _ = parse("+14155552671", "US");
}

/// Reads a number in any spelling ("(415) 555-2671", "0049 30 1234", "+49301234") as E.164.
/// Numbers without a country code are taken to be of the country `home` (two letters). One with
/// its country code is taken even if the metadata does not know it: area codes are added over time.
#[must_use]
pub fn parse(text: &str, home: &str) -> Option<String> {
    match read(text, home).filter(PhoneNumber::is_valid) {
        Some(number) => Some(number.format().mode(Mode::E164).to_string()),
        None => international(text),
    }
}

/// Whether the metadata knows such a number. One that it does not know may be mistyped, or new.
#[must_use]
pub fn is_known(number: &str) -> bool {
    read(number, "").is_some_and(|number| number.is_valid())
}

/// A number with its country code by its form alone: E.164 has up to 15 digits, and none in use has
/// fewer than 8.
fn international(text: &str) -> Option<String> {
    let number = spelled_out(text)?;
    let digits = &number[1..];
    let fits = (8..=15).contains(&digits.len())
        && digits.chars().all(|c| c.is_ascii_digit())
        && !digits.starts_with('0');
    fits.then_some(number)
}

/// A number, or part of one, with its country code: `+` and what follows, without what people
/// put between digits. `None` where the country code is missing.
#[must_use]
pub fn spelled_out(text: &str) -> Option<String> {
    // "+49 (0) 30" is how many write a number that is dialled with the 0 only inside the country.
    let text = text.replace("(0)", "");
    let text = text.trim();
    let rest = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?;
    let is_filler = |c: char| c.is_whitespace() || "-./()".contains(c);
    Some(std::iter::once('+').chain(rest.chars().filter(|c| !is_filler(*c))).collect())
}

/// An E.164 number, or the beginning of one, packed for fast look-ups: its digits with a 1 in front,
/// which keeps 49 and 049 apart.
#[must_use]
pub fn packed(number: &str) -> Option<u64> {
    let digits = number.strip_prefix('+').filter(|digits| digits.len() <= 15)?;
    digits
        .bytes()
        .try_fold(1, |sum: u64, digit| digit.is_ascii_digit().then(|| sum * 10 + u64::from(digit - b'0')))
}

/// A number for people: the short national way in the home country, with the country code
/// otherwise. Text that is no phone number comes back as it is.
#[must_use]
pub fn for_people(number: &str, home: &str) -> String {
    let Some(read) = read(number, home).filter(PhoneNumber::is_valid) else {
        return number.to_owned();
    };
    let at_home = read.country().id().is_some_and(|id| id.as_ref().eq_ignore_ascii_case(home));
    let mode = if at_home { Mode::National } else { Mode::International };
    read.format().mode(mode).to_string()
}

/// The country of an E.164 number as two letters, where the number tells.
#[must_use]
pub fn country_of(number: &str) -> Option<String> {
    if !number.starts_with('+') {
        return None;
    }
    LAST.with_borrow_mut(|(last, country)| {
        if last != number {
            let read = phonenumber::parse(None, number).ok();
            *country = read.and_then(|read| Some(read.country().id()?.as_ref().to_owned()));
            number.clone_into(last);
        }
        country.clone()
    })
}

/// What kind of number an E.164 number is: mobile, toll-free and so on, where it tells.
#[must_use]
pub fn kind_of(number: &str) -> Option<Type> {
    let number = number.starts_with('+').then(|| phonenumber::parse(None, number).ok())??;
    Some(number.number_type(&DATABASE)).filter(|kind| *kind != Type::Unknown)
}

/// A number as people have them in a country, by its two letters.
#[must_use]
pub fn example(country: &str) -> Option<String> {
    let metadata = DATABASE.by_id(country)?;
    let kinds = metadata.descriptors();
    let number = [kinds.fixed_line(), kinds.mobile()].into_iter().flatten().find_map(Descriptor::example)?;
    Some(format!("+{}{number}", metadata.country_code()))
}

/// The everyday name of a country: "Germany" for `DE`.
#[must_use]
pub fn country_name(code: &str) -> Option<&'static str> {
    country_emoji::code_to_name(&code.to_ascii_uppercase())
}

/// All countries that numbers can be from, as code and name, in the order of their names.
#[must_use]
pub fn countries() -> Vec<(String, &'static str)> {
    let letters = || 'A'..='Z';
    let mut all: Vec<_> = letters()
        .flat_map(|a| letters().map(move |b| format!("{a}{b}")))
        .filter(|code| country::Id::from_str(code).is_ok())
        .filter_map(|code| country_name(&code).map(|name| (code, name)))
        .collect();
    all.sort_by_key(|(_, name)| *name);
    all
}

fn read(text: &str, home: &str) -> Option<PhoneNumber> {
    let text = text.trim();
    let home = country::Id::from_str(&home.to_ascii_uppercase()).ok();
    // "00" in front is how most of the world dials a country code; the library knows only "+".
    let spelled = spelled_out(text);
    let text = spelled.as_deref().unwrap_or(text);
    // The library takes the home country's own prefix off numbers of other countries too: told
    // that home is the US, it reads +49 151 as +49 51.
    phonenumber::parse(home.filter(|_| !text.starts_with('+')), text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_any_spelling() {
        for (text, home, number) in [
            ("(415) 555-2671", "US", Some("+14155552671")),
            ("415.555.2671", "us", Some("+14155552671")),
            ("+1 415 555 2671", "DE", Some("+14155552671")),
            ("0049 30 901820", "US", Some("+4930901820")),
            ("+49 (0)30 / 90 18-20", "US", Some("+4930901820")),
            ("+4915123456789", "US", Some("+4915123456789")),
            ("0049 (0)151 23456789", "US", Some("+4915123456789")),
            ("030 901820", "DE", Some("+4930901820")),
            ("+1 999 555 0100", "DE", Some("+19995550100")),
            ("+1 415", "US", None),
            ("+0 999 555 0100", "US", None),
            ("", "US", None),
            ("hello", "US", None),
            ("12", "US", None),
        ] {
            assert_eq!(parse(text, home).as_deref(), number, "{text}");
        }
    }

    #[test]
    fn tells_what_it_does_not_know() {
        assert!(is_known("+14155552671"));
        assert!(!is_known("+19995550100"));
    }

    #[test]
    fn every_countrys_numbers_keep_their_digits() {
        for metadata in DATABASE.iter() {
            for kind in [Type::Mobile, Type::FixedLine] {
                let Some(example) = metadata.descriptors().get(kind).and_then(|kind| kind.example()) else {
                    continue;
                };
                let number = format!("+{}{example}", metadata.country_code());
                for home in ["US", "RU"] {
                    assert_eq!(parse(&number, home), Some(number.clone()), "{} at {home}", metadata.id());
                }
            }
        }
    }

    #[test]
    fn writes_for_people() {
        assert_eq!(for_people("+14155552671", "US"), "(415) 555-2671");
        assert_eq!(for_people("+14155552671", "DE"), "+1 415-555-2671");
        assert_eq!(for_people("anonymous", "US"), "anonymous");
    }

    #[test]
    fn knows_countries() {
        assert_eq!(country_of("+4930901820").as_deref(), Some("DE"));
        assert_eq!(country_of("anonymous"), None);
        assert_eq!(country_name("us"), Some("United States"));
        assert!(countries().len() > 200);
    }

    proptest! {
        #[test]
        fn takes_any_text(text in ".{0,300}") {
            let _ = (parse(&text, "US"), for_people(&text, "DE"), country_of(&text));
        }
    }
}
