//! Public holidays by country and region, with their names. The file they come from is made by
//! `assets/holidays/generate.py`, where its form is told.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{NaiveDate, Weekday};

use super::days::Days;
use crate::plugins::dates::YearDay;
use crate::routing::{Schedule, Table};

const CALENDARS: &str = include_str!("../../../assets/holidays/calendars.txt");

/// The weekday number that stands for the last of the month.
const LAST: i8 = 9;

/// A public holiday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// Its English name.
    pub name: &'static str,
    /// When it is.
    pub days: Vec<Days>,
}

impl Holiday {
    /// Whether it is on this date.
    #[must_use]
    pub fn is_on(&self, date: NaiveDate) -> bool {
        self.days.iter().any(|days| days.contains(date))
    }
}

/// The lines of each country, by its two letters.
static COUNTRIES: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let blocks = CALENDARS.split("# ");
    blocks.filter_map(|block| block.split_once('\n')).collect()
});

/// The countries that have a calendar, as two letters.
pub fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.keys().copied()
}

/// The regions of a country that have holidays of their own, as code and name.
#[must_use]
pub fn regions(country: &str) -> Vec<(&'static str, &'static str)> {
    let lines = lines_of(country).into_iter().flatten();
    lines.filter_map(|line| line.strip_prefix("-\t")?.split_once('\t')).collect()
}

/// The holidays of a country, or of a region of it. `None` if there is no calendar for it.
#[must_use]
pub fn holidays(country: &str, region: Option<&str>) -> Option<Vec<Holiday>> {
    let lines = lines_of(country)?;
    if region.is_some_and(|region| !regions(country).iter().any(|(code, _)| *code == region)) {
        return None;
    }
    let mut holidays: Vec<Holiday> = Vec::new();
    for line in lines.filter(|line| !line.starts_with("-\t")) {
        let mut columns = line.split('\t');
        let (Some(places), Some(days), Some(name)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        if !is_at(places, region.unwrap_or(".")) {
            continue;
        }
        let days = days.split(',').filter_map(read_days);
        match holidays.iter_mut().find(|holiday| holiday.name == name) {
            Some(holiday) => holiday.days.extend(days),
            None => holidays.push(Holiday { name, days: days.collect() }),
        }
    }
    Some(holidays)
}

/// The holidays that a schedule goes by, those that it leaves out too. The error says which
/// calendar there is none of.
pub fn holidays_of(schedule: &Schedule, table: &Table) -> Result<Vec<Holiday>, String> {
    let (country, region) = place(schedule, table);
    holidays(country, region).ok_or_else(|| match region {
        Some(region) => {
            format!(
                "there is no calendar of public holidays for “{region}” in {country}; choose another region"
            )
        }
        None => format!("there is no calendar of public holidays for “{country}”; choose another country"),
    })
}

/// The country and region whose holidays a schedule goes by.
#[must_use]
pub fn place<'a>(schedule: &'a Schedule, table: &'a Table) -> (&'a str, Option<&'a str>) {
    let country = schedule.holidays.country.as_ref().unwrap_or(&table.country);
    (country, schedule.holidays.region.as_deref())
}

fn lines_of(country: &str) -> Option<impl Iterator<Item = &'static str>> {
    COUNTRIES.get(country.to_ascii_uppercase().as_str()).map(|lines| lines.lines())
}

fn is_at(places: &str, place: &str) -> bool {
    let listed = |places: &str| places.split(',').any(|listed| listed == place);
    match places.strip_prefix('*') {
        Some(except) => !except.strip_prefix('-').is_some_and(listed),
        None => listed(places),
    }
}

fn read_days(text: &str) -> Option<Days> {
    if let Some(offset) = text.strip_prefix('E') {
        return Some(Days::Easter { offset: offset.parse().ok()? });
    }
    let Some((month, rest)) = text.split_once('-') else {
        let date = NaiveDate::parse_from_str(text, "%y%m%d").ok()?;
        return Some(Days::Once { from: date, to: date });
    };
    let month = month.parse().ok()?;
    if let Ok(day) = rest.parse() {
        let day = YearDay { month, day };
        return Some(Days::Yearly { from: day, to: day });
    }
    let (weekday, turn) = rest.split_at_checked(2)?;
    let (nth, offset) = turn.split_at_checked(1)?;
    let nth: i8 = nth.parse().ok()?;
    Some(Days::Nth {
        month: Some(month),
        nth: if nth == LAST { -1 } else { nth },
        weekday: read_weekday(weekday)?,
        offset: if offset.is_empty() { 0 } else { offset.parse().ok()? },
    })
}

fn read_weekday(text: &str) -> Option<Weekday> {
    let day = super::weekly::NAMES.iter().position(|name| *name == text)?;
    Weekday::try_from(day as u8).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_line_is_read() {
        let mut count = 0;
        for country in countries() {
            assert!(holidays(country, None).is_some_and(|holidays| !holidays.is_empty()), "{country}");
            for line in lines_of(country).unwrap().filter(|line| !line.starts_with("-\t")) {
                let columns: Vec<_> = line.split('\t').collect();
                let [_, days, name] = columns[..] else { panic!("{line}") };
                assert!(days.split(',').all(|days| read_days(days).is_some()), "{line}");
                // Names become comments in the text of hours.
                assert!(!name.is_empty() && !name.contains('"'), "{line}");
                count += 1;
            }
            for (region, name) in regions(country) {
                assert!(holidays(country, Some(region)).is_some() && !name.is_empty(), "{country} {region}");
            }
        }
        assert!(countries().count() > 200 && count > 3000, "{count}");
        assert_eq!(holidays("XX", None), None);
        assert_eq!(holidays("DE", Some("XX")), None);
    }

    #[test]
    fn holidays_are_on_the_days_that_people_know() {
        for (country, region, date, name) in [
            ("US", None, "2026-11-26", Some("Thanksgiving Day")),
            ("us", None, "2027-11-25", Some("Thanksgiving Day")),
            ("US", None, "2026-07-03", Some("Independence Day (observed)")),
            ("US", None, "2026-07-04", Some("Independence Day")),
            ("US", Some("CA"), "2026-03-31", Some("Cesar Chavez Day")),
            ("US", None, "2026-03-31", None),
            ("DE", None, "2027-03-26", Some("Good Friday")),
            ("DE", Some("BY"), "2027-01-06", Some("Epiphany")),
            ("DE", Some("BE"), "2027-01-06", None),
            ("DE", Some("SN"), "2026-11-18", Some("Repentance and Prayer Day")),
            ("GB", Some("SCT"), "2026-11-30", Some("Saint Andrew's Day")),
            ("GB", Some("ENG"), "2026-08-31", Some("Late Summer Bank Holiday")),
            ("CA", Some("ON"), "2027-05-24", Some("Victoria Day")),
            ("JP", None, "2027-03-21", Some("Vernal Equinox Day")),
            ("AU", Some("NSW"), "2027-04-25", Some("ANZAC Day")),
        ] {
            let date: NaiveDate = date.parse().unwrap();
            let all = holidays(country, region).unwrap();
            let found = all.iter().find(|holiday| holiday.is_on(date)).map(|holiday| holiday.name);
            assert_eq!(found, name, "{country} {region:?} {date}");
        }
    }
}
