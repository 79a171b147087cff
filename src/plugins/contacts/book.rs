//! A file of contacts, read: its rows, and which of them a number stands in.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::SystemTime;

use super::grid::Grid;
use super::settings::Reading;
use super::trouble::Trouble;
use super::{columns, delimited, letters, numbers, vcard};
use crate::routing::number as phone;

/// How many rows of a kind are named before the rest is only counted.
const NAMED: usize = 3;

/// Contacts, ready to be asked for.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) grid: Grid,
    /// The titles of its columns.
    pub(super) titles: Vec<String>,
    /// Which columns hold phone numbers.
    pub(super) numbers: Vec<usize>,
    /// Whether its first row holds the titles.
    pub(super) header: bool,
    /// How it was written.
    pub(super) form: Form,
    /// When it was saved.
    pub(super) saved: Option<SystemTime>,
    /// Rows of which no number can be read.
    pub(super) unread: Rows<String>,
    /// Numbers that stand in a row, and again in a later one.
    pub(super) doubles: Rows<(String, u32)>,
    /// A number of which a spreadsheet has cut off the end.
    pub(super) shortened: Option<(u32, String)>,
    /// Whether it seems to end in the middle of a row.
    pub(super) is_cut_off: bool,
    /// Why nobody can be found in it, if so.
    pub(super) trouble: Option<Trouble>,
    first_row: u32,
    rows: HashMap<u64, u32>,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Columns parted by a mark, with the name of how letters are written.
    Csv {
        separator: char,
        encoding: &'static str,
    },
    VCard,
}

/// Rows that are worth a word: how many, and the first few.
#[derive(Debug)]
pub(super) struct Rows<T> {
    pub(super) count: usize,
    /// The row as a spreadsheet counts it, and what there is to say of it.
    pub(super) first: Vec<(u32, T)>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { count: 0, first: Vec::new() }
    }
}

impl<T> Rows<T> {
    fn add(&mut self, row: u32, about: impl FnOnce() -> T) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push((row, about()));
        }
    }
}

impl Book {
    /// Reads the bytes of a file. Takes a while for large ones.
    pub(super) fn read(bytes: &[u8], reading: &Reading, saved: Option<SystemTime>) -> Result<Self, Trouble> {
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Trouble::Empty);
        }
        let home = &reading.home;
        let letters = letters::read(bytes, reading.encoding.as_deref(), home)?;
        let mut book = if vcard::is_one(&letters.text) {
            Self::of_cards(&letters.text)
        } else {
            Self::of_rows(&letters, reading)
        };
        book.saved = saved;
        book.index(home);
        if book.contacts() == 0 {
            return Err(Trouble::NoContacts);
        }
        if book.rows.is_empty() && book.trouble.is_none() {
            let chosen = !reading.numbers.is_empty();
            book.trouble = Some(if chosen { Trouble::NothingRead } else { Trouble::NoNumbers });
        }
        Ok(book)
    }

    fn of_cards(text: &str) -> Self {
        let (grid, count) = vcard::read(text);
        let titles = columns::titles(&grid, true);
        let numbers = (titles.len() - count..titles.len()).collect();
        Self {
            is_cut_off: !text.trim_end().ends_with("END:VCARD"),
            ..Self::of(grid, titles, numbers, Form::VCard)
        }
    }

    fn of_rows(letters: &letters::Letters, reading: &Reading) -> Self {
        let delimited::Delimited { grid, separator, first_row, is_cut_off } =
            delimited::read(&letters.text, reading.separator);
        let home = &reading.home;
        let header = reading.header.unwrap_or_else(|| columns::has_header(&grid, home));
        let titles = columns::titles(&grid, header);
        let chosen = reading.numbers.iter().map(|name| find_title(&titles, name).ok_or(name));
        let (numbers, trouble) = match chosen.collect::<Result<Vec<_>, _>>() {
            Ok(none) if none.is_empty() => (columns::find_numbers(&grid, &titles, header, home), None),
            Ok(numbers) => (numbers, None),
            Err(name) => (Vec::new(), Some(Trouble::NoColumn(name.clone()))),
        };
        let form = Form::Csv { separator, encoding: letters.encoding.name() };
        Self { header, is_cut_off, trouble, first_row, ..Self::of(grid, titles, numbers, form) }
    }

    fn of(grid: Grid, titles: Vec<String>, numbers: Vec<usize>, form: Form) -> Self {
        Self {
            grid,
            titles,
            numbers,
            header: true,
            form,
            saved: None,
            unread: Rows::default(),
            doubles: Rows::default(),
            shortened: None,
            is_cut_off: false,
            trouble: None,
            first_row: 1,
            rows: HashMap::new(),
        }
    }

    fn index(&mut self, home: &str) {
        self.rows.reserve(self.contacts());
        for row in self.first()..self.grid.len() {
            let mut has_number = false;
            for column in &self.numbers {
                let cell = self.grid.cell(row, *column);
                for number in numbers::all(cell, home) {
                    has_number = true;
                    let Some(key) = phone::packed(&number) else { continue };
                    match self.rows.entry(key) {
                        Entry::Vacant(place) => drop(place.insert(row as u32)),
                        Entry::Occupied(held) if *held.get() == row as u32 => {}
                        Entry::Occupied(held) => {
                            let before = *held.get() + self.first_row;
                            self.doubles.add(row as u32 + self.first_row, || (number, before));
                        }
                    }
                }
                if self.shortened.is_none() && numbers::is_shortened(cell) {
                    self.shortened = Some((row as u32 + self.first_row, cell.to_owned()));
                }
            }
            if !has_number {
                let cells = || self.numbers.iter().map(|column| self.grid.cell(row, *column));
                let said = || cells().find(|cell| !cell.is_empty()).unwrap_or_default().to_owned();
                self.unread.add(row as u32 + self.first_row, said);
            }
        }
    }

    fn first(&self) -> usize {
        usize::from(self.header)
    }

    /// How many contacts there are, with and without numbers.
    pub(super) fn contacts(&self) -> usize {
        self.grid.len().saturating_sub(self.first())
    }

    /// How many numbers there are.
    pub(super) fn count_numbers(&self) -> usize {
        self.rows.len()
    }

    /// The first contacts, as rows of the grid.
    pub(super) fn first_rows(&self, count: usize) -> std::ops::Range<usize> {
        self.first()..self.grid.len().min(self.first() + count)
    }

    /// The row that a number in E.164 stands in.
    pub(super) fn find(&self, number: &str) -> Option<usize> {
        self.rows.get(&phone::packed(number)?).map(|row| *row as usize)
    }

    /// What stands in the column of this title; nothing where there is no such column.
    pub(super) fn cell(&self, row: usize, title: &str) -> Option<&str> {
        Some(self.grid.cell(row, find_title(&self.titles, title)?))
    }

    /// Whether there is a column of this title.
    pub(super) fn has(&self, title: &str) -> bool {
        find_title(&self.titles, title).is_some()
    }
}

fn find_title(titles: &[String], wanted: &str) -> Option<usize> {
    let exact = titles.iter().position(|title| title == wanted);
    exact.or_else(|| titles.iter().position(|title| title.to_lowercase() == wanted.trim().to_lowercase()))
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::plugins::contacts::settings::Settings;

    pub(in crate::plugins::contacts) fn read(text: &str) -> Result<Book, Trouble> {
        Book::read(text.as_bytes(), &Settings::default().reading("US"), None)
    }

    #[test]
    fn callers_are_found_by_any_of_their_numbers() {
        let book = read(
            "Name,Phone,Mobile\nAnna,(415) 555-2671,415-555-2672\nBob,call reception,\n\
             Carl,(415) 555-2671,+49 30 901820\nDora,4.15556E+09,\n",
        )
        .unwrap();
        let name = |number: &str| book.find(number).map(|row| book.cell(row, "name").unwrap());
        assert_eq!(name("+14155552671"), Some("Anna"), "the first row counts");
        assert_eq!(name("+14155552672"), Some("Anna"));
        assert_eq!(name("+4930901820"), Some("Carl"));
        assert_eq!(name("+14155550000"), None);
        assert_eq!((book.contacts(), book.count_numbers()), (4, 3));
        assert_eq!(book.doubles.first, [(4, ("+14155552671".to_owned(), 2))]);
        assert_eq!(book.unread.first, [(3, "call reception".to_owned()), (5, "4.15556E+09".to_owned())]);
        assert_eq!(book.shortened, Some((5, "4.15556E+09".to_owned())));
    }

    #[test]
    fn what_is_no_file_of_contacts_is_told() {
        for (text, part) in [
            ("", "is empty"),
            (" \r\n\n", "is empty"),
            ("Name,City\nAnna,Berlin\n", "no column of phone numbers"),
            ("Name,Phone\n", "no contact"),
            ("just some words without any sense", "no contact"),
            ("BEGIN:VCARD\nFN:Anna\nEND:VCARD\n", "no column of phone numbers"),
        ] {
            let trouble = read(text).map_or_else(Some, |book| book.trouble).unwrap();
            assert!(trouble.to_string().contains(part), "{text}: {trouble}");
        }
        for (column, trouble) in
            [("Telephone", Trouble::NoColumn("Telephone".into())), ("Name", Trouble::NothingRead)]
        {
            let mut reading = Settings::default().reading("US");
            reading.numbers = vec![column.into()];
            let book = Book::read(b"Name,Phone\nAnna,(415) 555-2671\n", &reading, None).unwrap();
            assert_eq!(book.trouble, Some(trouble));
        }
    }
}
