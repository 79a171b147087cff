//! vCard files, as address books write them: each card a row, with a column for each phone number.

use calcard::vcard::{VCard, VCardProperty, VCardValue};
use calcard::{Entry, Parser};

use super::grid::Grid;

/// The columns before those of phone numbers.
const TITLES: [&str; 7] = ["Name", "Organisation", "Job title", "Email", "Nickname", "Categories", "Note"];

/// Whether a text is made of cards.
pub(super) fn is_one(text: &str) -> bool {
    text.trim_start().get(..11).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCARD"))
}

/// Reads all cards of a text; the first row holds the titles. Also gives how many columns hold
/// phone numbers: the last ones.
pub(super) fn read(text: &str) -> (Grid, usize) {
    let mut parser = Parser::new(text);
    let mut cards = Vec::new();
    loop {
        match parser.entry() {
            Entry::VCard(card) => cards.push(card),
            Entry::Eof => break,
            _ => {}
        }
    }
    let numbers: Vec<Vec<String>> = cards.iter().map(|card| all(card, &VCardProperty::Tel)).collect();
    let most = numbers.iter().map(Vec::len).max().unwrap_or_default().max(1);
    let titles =
        (1..=most).map(|count| if count == 1 { "Phone".to_owned() } else { format!("Phone {count}") });
    let titles: Vec<String> = TITLES.into_iter().map(str::to_owned).chain(titles).collect();
    let mut grid = Grid::default();
    grid.push(titles.iter().map(String::as_str));
    for (card, numbers) in cards.iter().zip(&numbers) {
        let texts = TITLES.map(|title| of(card, title));
        grid.push(texts.iter().chain(numbers).map(String::as_str));
    }
    (grid, most)
}

fn of(card: &VCard, title: &str) -> String {
    use VCardProperty as P;
    let first = |property: &P| all(card, property).into_iter().next().unwrap_or_default();
    match title {
        "Name" => Some(first(&P::Fn)).filter(|name| !name.is_empty()).unwrap_or_else(|| name(card)),
        "Organisation" => first(&P::Org),
        "Job title" => first(&P::Title),
        "Email" => first(&P::Email),
        "Nickname" => first(&P::Nickname),
        "Categories" => all(card, &P::Categories).join(", "),
        _ => first(&P::Note),
    }
}

/// Name in parts, as old cards have it: family name; first name.
fn name(card: &VCard) -> String {
    let parts = card.entries.iter().find(|entry| entry.name == VCardProperty::N).map(|entry| &entry.values);
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .flat_map(|value| match value {
            VCardValue::Component(parts) => parts.clone(),
            other => words(other),
        })
        .collect();
    let part = |index: usize| parts.get(index).map(|part| part.trim()).filter(|part| !part.is_empty());
    [part(1), part(0)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn all(card: &VCard, property: &VCardProperty) -> Vec<String> {
    let entries = card.entries.iter().filter(|entry| entry.name == *property);
    let values = entries.map(|entry| {
        let words: Vec<String> = entry.values.iter().flat_map(words).collect();
        words.join(", ")
    });
    values
        .map(|words| words.trim().trim_start_matches("tel:").to_owned())
        .filter(|words| !words.is_empty())
        .collect()
}

fn words(value: &VCardValue) -> Vec<String> {
    match value {
        VCardValue::Text(text) => vec![text.clone()],
        VCardValue::Component(parts) => parts.iter().filter(|part| !part.is_empty()).cloned().collect(),
        VCardValue::Integer(number) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_of_all_versions_become_rows() {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Müller\r\nORG:Miller GmbH;Sales\r\n\
            TEL;TYPE=CELL:+49 151 23456789\r\nitem1.TEL;TYPE=WORK:030 901820\r\nCATEGORIES:VIP,Press\r\n\
            NOTE:Two\\nlines\\, folded\r\n  here\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:K=C3=B6hler;B=C3=A4rbel;;;\r\n\
            TEL;HOME:(415) 555-2671\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bob\r\nTEL;VALUE=uri:tel:+1-415-555-2672\r\nEND:VCARD\r\n";
        assert!(is_one(text));
        let (grid, numbers) = read(text);
        let rows: Vec<Vec<&str>> = (0..grid.len())
            .map(|row| (0..grid.width()).map(|column| grid.cell(row, column)).collect())
            .collect();
        assert_eq!(numbers, 2);
        assert_eq!(rows[0][7..], ["Phone", "Phone 2"]);
        assert_eq!(rows[1][0], "Anna Müller");
        assert_eq!(rows[1][1], "Miller GmbH, Sales");
        assert_eq!(rows[1][5..], ["VIP, Press", "Two\nlines, folded here", "+49 151 23456789", "030 901820"]);
        assert_eq!((rows[2][0], rows[2][7]), ("Bärbel Köhler", "(415) 555-2671"));
        assert_eq!((rows[3][0], rows[3][7]), ("Bob", "+1-415-555-2672"));
    }
}
