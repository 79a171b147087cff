//! What the columns of a file are: their titles, and which of them hold phone numbers.

use std::collections::HashMap;

use super::grid::Grid;
use super::numbers;

/// How many rows are looked at.
const LOOKED_AT: usize = 200;

/// Words in titles of columns that hold phone numbers.
const PHONE: [&str; 17] = [
    "phone",
    "tel",
    "mobil",
    "cell",
    "handy",
    "gsm",
    "whatsapp",
    "rufnummer",
    "caller",
    "fon",
    "móvil",
    "movil",
    "celular",
    "portable",
    "numéro",
    "fixe",
    "number",
];
/// Words in titles of columns whose numbers are others.
const OTHER: [&str; 13] = [
    "fax", "kund", "customer", "order", "invoice", "rechn", "zip", "plz", "postal", "iban", "vat", "tax",
    "date",
];

/// The titles of all columns. Where the file has none, columns are called as in a spreadsheet.
pub(super) fn titles(grid: &Grid, header: bool) -> Vec<String> {
    let mut taken: HashMap<String, u32> = HashMap::new();
    let title = |column: usize| {
        let said = if header { grid.cell(0, column) } else { "" };
        let title = if said.is_empty() { letter(column) } else { said.to_owned() };
        let count = taken.entry(title.to_lowercase()).or_default();
        *count += 1;
        if *count == 1 { title } else { format!("{title} ({count})") }
    };
    (0..grid.width()).map(title).collect()
}

/// `A` to `Z`, then `AA`.
fn letter(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    match column / 26 {
        0 => last.to_string(),
        before => format!("{}{last}", letter(before - 1)),
    }
}

/// Whether the first row holds titles: no phone number stands in it, and no figures alone.
pub(super) fn has_header(grid: &Grid, home: &str) -> bool {
    let cells = (0..grid.width()).map(|column| grid.cell(0, column));
    let is_data = |cell: &str| {
        cell.len() > 4
            && cell.bytes().any(|byte| byte.is_ascii_digit())
            && !numbers::all(cell, home).is_empty()
    };
    grid.len() > 0 && !cells.into_iter().any(is_data)
}

/// The columns that hold phone numbers, found by looking at titles and at what stands in them.
pub(super) fn find_numbers(grid: &Grid, titles: &[String], header: bool, home: &str) -> Vec<usize> {
    let seen: Vec<Seen> = (0..titles.len()).map(|column| Seen::of(grid, column, header, home)).collect();
    let has = |column: usize, words: &[&str]| {
        let title = if header { titles[column].to_lowercase() } else { String::new() };
        words.iter().any(|word| title.contains(word))
    };
    let is_other = |column: usize| has(column, &OTHER) && !has(column, &PHONE[..PHONE.len() - 1]);
    let all = || (0..titles.len()).filter(|column| seen[*column].filled > 0 && !has(*column, &["fax"]));
    let by_title: Vec<usize> = all()
        .filter(|column| !is_other(*column))
        .filter(|column| {
            let Seen { readable, looking, .. } = seen[*column];
            (has(*column, &PHONE) && readable >= 0.3) || (looking >= 0.8 && readable >= 0.8)
        })
        .collect();
    if !by_title.is_empty() {
        return by_title;
    }
    let by_form: Vec<usize> =
        all().filter(|column| seen[*column].looking >= 0.5 && seen[*column].readable >= 0.6).collect();
    if !by_form.is_empty() {
        return by_form;
    }
    all()
        .filter(|column| !is_other(*column) && seen[*column].readable >= 0.9 && seen[*column].is_long)
        .collect()
}

/// What a column is like.
struct Seen {
    /// How many of the cells that were looked at are filled.
    filled: usize,
    /// The share of those that can be read as phone numbers.
    readable: f32,
    /// The share that also looks like it.
    looking: f32,
    /// Whether they have as many digits as whole phone numbers.
    is_long: bool,
}

impl Seen {
    fn of(grid: &Grid, column: usize, header: bool, home: &str) -> Self {
        let first = usize::from(header);
        // From the whole file, as its first rows may be alike.
        let step = (grid.len().saturating_sub(first) / LOOKED_AT).max(1);
        let cells = (first..grid.len()).step_by(step).map(|row| grid.cell(row, column));
        let cells: Vec<&str> = cells.filter(|cell| !cell.is_empty()).take(LOOKED_AT).collect();
        let share = |fits: &dyn Fn(&str) -> bool| {
            cells.iter().filter(|cell| fits(cell)).count() as f32 / cells.len().max(1) as f32
        };
        let digits = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count();
        Self {
            filled: cells.len(),
            readable: share(&|cell| !numbers::all(cell, home).is_empty()),
            looking: share(&numbers::looks_like_one),
            is_long: share(&|cell| digits(cell) >= 9) > 0.8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::delimited;
    use super::*;

    #[test]
    fn titles_and_numbers_are_found_by_looking() {
        for (text, home, header, found) in [
            ("Name,Phone\nAnna,(415) 555-2671\nBob,415-555-2672\n", "US", true, &["Phone"][..]),
            ("Anna,(415) 555-2671\nBob,415-555-2672\n", "US", false, &["B"]),
            (
                "Kundennummer;Name;Telefon;Handy\n10002345;Anna;030 901820;0151 23456789\n",
                "DE",
                true,
                &["Telefon", "Handy"],
            ),
            ("ID;When;Office;Fax\n1;2026-01-02;+49 30 901820;+49 30 901821\n", "DE", true, &["Office"]),
            ("Kontakt;Konto\nAnna;030 901820\nBob;0151 23456789\n", "DE", true, &["Konto"]),
            ("Customer number,Cell\n4155552671,(415) 555-2672\n", "US", true, &["Cell"]),
            ("Number\n4155552671\n4155552672\n", "US", true, &["Number"]),
            ("x\n4155552671\n4155552672\n", "US", true, &["x"]),
            ("+14155552671\n", "US", false, &["A"]),
            ("Name,City\nAnna,Berlin\n", "US", true, &[]),
        ] {
            let grid = delimited::read(text, None).grid;
            assert_eq!(has_header(&grid, home), header, "{text}");
            let titles = titles(&grid, header);
            let columns = find_numbers(&grid, &titles, header, home);
            let columns: Vec<&str> = columns.into_iter().map(|column| titles[column].as_str()).collect();
            assert_eq!(columns, found, "{text}");
        }
    }

    #[test]
    fn every_column_has_a_title_of_its_own() {
        let grid = delimited::read("Phone,,phone,Phone\n1,2,3,4,5\n", Some(',')).grid;
        assert_eq!(titles(&grid, true), ["Phone", "B", "phone (2)", "Phone (3)", "E"]);
        assert_eq!((letter(25), letter(26), letter(27 * 26)), ("Z".into(), "AA".into(), "AAA".into()));
    }
}
