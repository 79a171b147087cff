//! What the beginning of a number tells: the time zone there and, in the US and Canada, the state
//! or province. The longest beginning that is listed counts.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use chrono_tz::Tz;

/// The longest beginning in the list, in digits.
const LONGEST: usize = 8;

/// What is known of numbers that begin alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix {
    /// Their time zone, if they have only one.
    pub(super) zone: Option<Tz>,
    /// Their state or province.
    pub(super) region: Option<&'static str>,
}

/// What the beginning of an E.164 number tells.
pub(super) fn of(number: &str) -> Prefix {
    let digits = number.strip_prefix('+').unwrap_or_default();
    let known = |length: usize| PREFIXES.get(digits.get(..length)?).copied();
    (1..=LONGEST).rev().find_map(known).unwrap_or_default()
}

/// The states and provinces, in the order of their names.
pub(super) fn regions() -> &'static [&'static str] {
    static REGIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let names: BTreeSet<_> = PREFIXES.values().filter_map(|prefix| prefix.region).collect();
        names.into_iter().collect()
    });
    &REGIONS
}

/// How numbers of these states and provinces begin; of all of them without any.
pub(super) fn beginnings(regions: Option<&[String]>) -> Vec<String> {
    let is_meant = |region: &str| regions.is_none_or(|regions| regions.iter().any(|meant| meant == region));
    let meant = PREFIXES.iter().filter(|(_, prefix)| prefix.region.is_some_and(is_meant));
    meant.map(|(digits, _)| format!("+{digits}")).collect()
}

static PREFIXES: LazyLock<HashMap<&str, Prefix>> = LazyLock::new(|| rows().collect());

fn rows() -> impl Iterator<Item = (&'static str, Prefix)> {
    include_str!("prefixes.txt").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.splitn(3, ' ');
        let (digits, zone, region) = (columns.next()?, columns.next()?, columns.next());
        Some((digits, Prefix { zone: zone.parse().ok(), region }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_understood() {
        let lines = || include_str!("prefixes.txt").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(rows().count(), lines().count());
        for (line, (digits, prefix)) in lines().zip(rows()) {
            assert!(digits.len() <= LONGEST && digits.bytes().all(|digit| digit.is_ascii_digit()), "{line}");
            assert_eq!(prefix.zone.is_none(), line.split(' ').nth(1) == Some("-"), "{line}");
        }
        // Fifty states, the capital's district, and the provinces that have an area code of their own.
        assert_eq!(regions().len(), 51 + 8, "{:?}", regions());
    }

    #[test]
    fn the_longest_beginning_counts() {
        for (number, zone, region) in [
            ("+14155552671", Some(Tz::America__Los_Angeles), Some("California")),
            ("+12125550187", Some(Tz::America__New_York), Some("New York")),
            ("+14165550187", Some(Tz::America__Toronto), Some("Ontario")),
            // The west of Michigan is in another zone than its east, and both have this area code.
            ("+19065550187", None, Some("Michigan")),
            ("+18005550187", None, None),
            ("+61255055555", Some(Tz::Australia__Sydney), None),
            ("+61255053555", Some(Tz::Australia__Lord_Howe), None),
            ("+4930901820", None, None),
            ("1001", None, None),
            ("", None, None),
        ] {
            assert_eq!(of(number), Prefix { zone, region }, "{number}");
        }
    }
}
