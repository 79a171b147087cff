//! What there is to say of a file of contacts, in words for its owner.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::book::{Book, Form, Rows};
use super::settings::Settings;
use super::shelf::Status;
use super::trouble::Trouble;
use crate::plugins::{Column, Health, Inspection, Sample};
use crate::routing::{capital, grouped, number as phone};

/// How many rows are shown.
const SHOWN: usize = 6;

/// How a file is doing.
pub(super) fn inspection(status: &Status, settings: &Settings, home: &str, zone: Tz) -> Inspection {
    let Status { good, rejected, trouble, .. } = status;
    let mut remarks = Vec::new();
    let (health, summary) = match (good, trouble) {
        (Some(book), None) => {
            remarks = told_of(book, settings, home);
            let health = if is_serious(book, settings) { Health::Attention } else { Health::Good };
            (health, known_words(book, zone))
        }
        (Some(book), Some(trouble)) => {
            remarks.push(format!(
                "The contacts read before are used until that is put right: {}",
                known_words(book, zone)
            ));
            (Health::Attention, capital(&trouble.to_string()))
        }
        (None, Some(trouble)) => (Health::Bad, capital(&trouble.to_string())),
        (None, None) => (Health::Unknown, "The file is being read".to_owned()),
    };
    let shown = rejected.as_ref().or(good.as_ref());
    let is_unread = matches!(trouble, Some(Trouble::NoNumbers | Trouble::NothingRead));
    if is_unread || shown.is_some_and(|book| has_many_unread(book)) {
        // The most likely reason, and it stands elsewhere.
        let country = phone::country_name(home).unwrap_or(home);
        remarks.push(format!(
            "Numbers without a country code are read as numbers of {country}, the home country under Settings"
        ));
    }
    Inspection { remarks, sample: shown.map(|book| sample(book)), ..Inspection::of(health, summary) }
}

/// "4,812 contacts with 5,020 numbers, as saved on 24 Nov 2026, 13:05 (CSV with commas, UTF-8)".
fn known_words(book: &Book, zone: Tz) -> String {
    let contacts = count_words(book.contacts(), "contact");
    let numbers = count_words(book.count_numbers(), "number");
    let saved = book.saved.map(|saved| DateTime::<Utc>::from(saved).with_timezone(&zone));
    let saved =
        saved.map(|saved| format!(", as saved on {}", saved.format("%-d %b %Y, %H:%M"))).unwrap_or_default();
    let form = match book.form {
        Form::VCard => "vCard".to_owned(),
        Form::Csv { separator, encoding } => {
            let marks = match separator {
                ',' => "commas".to_owned(),
                ';' => "semicolons".to_owned(),
                '\t' => "tabs".to_owned(),
                '|' => "bars".to_owned(),
                other => format!("{other} between columns"),
            };
            format!("CSV with {marks}, {encoding}")
        }
    };
    format!("{contacts} with {numbers}{saved} ({form})")
}

/// Whether what is told of a book is more than what files that people keep are like.
fn is_serious(book: &Book, settings: &Settings) -> bool {
    let is_missing = settings.facts.iter().any(|fact| !book.has(&fact.column));
    is_missing || has_many_unread(book) || book.shortened.is_some() || book.is_cut_off
}

fn has_many_unread(book: &Book) -> bool {
    book.unread.count * 4 > book.contacts()
}

fn told_of(book: &Book, settings: &Settings, home: &str) -> Vec<String> {
    let mut told = Vec::new();
    for fact in settings.facts.iter().filter(|fact| !book.has(&fact.column)) {
        told.push(format!("There is no column “{}” any more; choose another for {}", fact.column, fact.name));
    }
    let Rows { count, first } = &book.doubles;
    if *count > 0 {
        let number = |number: &str| phone::for_people(number, home);
        let named =
            first.iter().map(|(row, (of, before))| format!("{} in rows {before} and {row}", number(of)));
        let words =
            if *count == 1 { "1 number stands" } else { &format!("{} numbers stand", grouped(*count)) };
        told.push(format!("{words} in several rows, of which the first counts: {}", and_more(named, *count)));
    }
    let Rows { count, first } = &book.unread;
    if *count > 0 {
        let named = first.iter().map(|(row, said)| match said.as_str() {
            "" => format!("row {row}"),
            said => format!("row {row} “{}”", shorten(said)),
        });
        let words = if *count == 1 { "1 row has" } else { &format!("{} rows have", grouped(*count)) };
        told.push(format!("{words} no number that can be read: {}", and_more(named, *count)));
    }
    if let Some((row, cell)) = &book.shortened {
        told.push(format!(
            "The spreadsheet has cut off numbers, such as “{cell}” in row {row}; format that column as text there, type the numbers again and save"
        ));
    }
    if book.is_cut_off {
        told.push("The file seems to end in the middle of a row; save it again".to_owned());
    }
    if book.titles.len() == 1 {
        told.push("The file has one column, so it tells who is known and nothing else".to_owned());
    }
    told
}

fn and_more(named: impl Iterator<Item = String>, count: usize) -> String {
    let named: Vec<String> = named.collect();
    let more = count - named.len().min(count);
    let named = named.join(", ");
    if more == 0 { named } else { format!("{named} and {} more", grouped(more)) }
}

fn sample(book: &Book) -> Sample {
    let columns = book.titles.iter().enumerate();
    let columns =
        columns.map(|(index, name)| Column { name: name.clone(), is_key: book.numbers.contains(&index) });
    let width = book.titles.len();
    let row = |row| (0..width).map(|column| shorten(book.grid.cell(row, column))).collect();
    Sample { columns: columns.collect(), rows: book.first_rows(SHOWN).map(row).collect() }
}

/// "1 contact", "4,812 contacts".
pub(super) fn count_words(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {what}{s}", grouped(count))
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(59).chain(['…']).collect() }
}
