//! What a country tells of its callers: the language to try first, and the clock on their wall.
//! A country with several time zones tells no clock.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::Tz;

/// The names of languages by their code.
pub(super) const LANGUAGES: &[(&str, &str)] = &[
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("az", "Azerbaijani"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("bs", "Bosnian"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("dv", "Dhivehi"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fo", "Faroese"),
    ("fr", "French"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("hy", "Armenian"),
    ("id", "Indonesian"),
    ("is", "Icelandic"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ka", "Georgian"),
    ("km", "Khmer"),
    ("ko", "Korean"),
    ("lo", "Lao"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mg", "Malagasy"),
    ("mk", "Macedonian"),
    ("mn", "Mongolian"),
    ("ms", "Malay"),
    ("my", "Burmese"),
    ("ne", "Nepali"),
    ("nl", "Dutch"),
    ("no", "Norwegian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("rw", "Kinyarwanda"),
    ("si", "Sinhala"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("so", "Somali"),
    ("sq", "Albanian"),
    ("sr", "Serbian"),
    ("sv", "Swedish"),
    ("sw", "Swahili"),
    ("tg", "Tajik"),
    ("th", "Thai"),
    ("tk", "Turkmen"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("uz", "Uzbek"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

/// What is known of a country.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    /// The language to try first, as its code: `de`.
    pub(super) language: Option<&'static str>,
    /// Its time zone, if it has only one.
    pub(super) zone: Option<Tz>,
}

/// What is known of the country with this code.
pub(super) fn of(country: &str) -> Place {
    static PLACES: LazyLock<HashMap<&str, Place>> = LazyLock::new(|| rows().collect());
    PLACES.get(country).copied().unwrap_or_default()
}

/// The English name of a language.
pub(super) fn language_name(code: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(listed, _)| *listed == code).map(|(_, name)| *name)
}

fn rows() -> impl Iterator<Item = (&'static str, Place)> {
    include_str!("countries.txt").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split(' ').map(|column| Some(column).filter(|column| *column != "-"));
        let country = columns.next()??;
        let (language, zone) = (columns.next()?, columns.next()?);
        Some((country, Place { language, zone: zone.and_then(|zone| zone.parse().ok()) }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::number;

    #[test]
    fn every_row_is_understood() {
        let text = include_str!("countries.txt");
        assert_eq!(rows().count() + 1, text.lines().count());
        for (country, Place { language, .. }) in rows() {
            assert!(number::country_name(country).is_some(), "{country}");
            assert!(language.is_none_or(|code| language_name(code).is_some()), "{country}");
        }
        let zones = text.lines().skip(1).filter(|line| !line.ends_with('-')).count();
        assert_eq!(rows().filter(|(_, place)| place.zone.is_some()).count(), zones);
    }

    #[test]
    fn every_country_tells_its_clock_or_has_several() {
        let without = number::countries().into_iter().filter(|(code, _)| of(code).zone.is_none());
        let mut without: Vec<String> = without.map(|(code, _)| code).collect();
        without.sort();
        assert_eq!(without.join(" "), "AU BR CA CD CL EC ES FM GL ID KI KZ MN MX NZ PF PG PT RU US");
    }

    #[test]
    fn tells_language_and_clock_where_it_can() {
        assert_eq!(of("DE").zone, Some(Tz::Europe__Berlin));
        assert_eq!(of("DE").language.and_then(language_name), Some("German"));
        assert_eq!(of("US").language.and_then(language_name), Some("English"));
        assert!(of("XX").language.is_none() && of("XX").zone.is_none());
    }
}
