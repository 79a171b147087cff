//! CSV in all its kinds: what parts the columns is found by looking.

use csv::{ReaderBuilder, StringRecord};

use super::grid::Grid;

/// What may part columns, the likeliest first.
const MARKS: [char; 4] = [';', ',', '\t', '|'];
/// How many rows are looked at to find out which one does.
const LOOKED_AT: usize = 60;

/// A text read as rows and columns.
#[derive(Debug)]
pub(super) struct Delimited {
    pub(super) grid: Grid,
    pub(super) separator: char,
    /// The number of the first row as a spreadsheet counts them.
    pub(super) first_row: u32,
    /// Whether it seems to end in the middle of a row: a save that is half done.
    pub(super) is_cut_off: bool,
}

/// Reads a text whose columns are parted by `wanted`, or else by what seems to part them.
pub(super) fn read(text: &str, wanted: Option<char>) -> Delimited {
    let (said, body) = said_first(text);
    let separator = wanted.or(said).unwrap_or_else(|| look(body));
    let mut grid = Grid::default();
    let mut record = StringRecord::new();
    let mut reader = reader(body, separator);
    while reader.read_record(&mut record).unwrap_or(false) {
        grid.push(record.iter());
    }
    let is_cut_off = is_cut_off(&grid, body);
    Delimited { grid, separator, first_row: if said.is_some() { 2 } else { 1 }, is_cut_off }
}

fn reader(text: &str, separator: char) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(u8::try_from(separator).unwrap_or(b','));
    builder.from_reader(text.as_bytes())
}

/// `sep=;` in the first line is how some spreadsheets say what parts the columns.
fn said_first(text: &str) -> (Option<char>, &str) {
    let said = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP="));
    let Some(mark) = said.and_then(|rest| rest.chars().next()).filter(char::is_ascii) else {
        return (None, text);
    };
    let body = text.split_once(['\n', '\r']).map_or("", |(_, body)| body);
    (Some(mark), body.strip_prefix('\n').unwrap_or(body))
}

/// The mark by which most rows have the same number of columns, and more than one.
fn look(text: &str) -> char {
    let score = |mark: char| {
        let records = reader(text, mark).into_records().take(LOOKED_AT);
        let widths: Vec<usize> = records.map_while(Result::ok).map(|record| record.len()).collect();
        let Some(&usual) =
            widths.iter().max_by_key(|width| (widths.iter().filter(|w| w == width).count(), **width))
        else {
            return 0;
        };
        let alike = widths.iter().filter(|width| **width == usual).count();
        if usual < 2 { 0 } else { alike * 1000 / widths.len() + usual.min(50) }
    };
    let best = MARKS.into_iter().rev().max_by_key(|mark| score(*mark));
    best.filter(|mark| score(*mark) > 0).unwrap_or(',')
}

/// A last row that is shorter than all before it and does not end its line.
fn is_cut_off(grid: &Grid, text: &str) -> bool {
    let Some(last) = grid.len().checked_sub(1).filter(|last| *last > 0) else { return false };
    let is_ended = text.ends_with(['\n', '\r']);
    let shortest = (0..last.min(LOOKED_AT)).map(|row| grid.cells(row)).min().unwrap_or_default();
    !is_ended && grid.cells(last) < shortest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_columns_is_found() {
        for (text, separator, rows, cell) in [
            ("Name,Phone\nAnna,1\n", ',', 2, "1"),
            ("Name;Phone\r\n\"Miller; Sons\";2\r\n", ';', 2, "2"),
            ("Name\tPhone\nA, B and C\t3", '\t', 2, "3"),
            ("Name|Phone\nAnna|4", '|', 2, "4"),
            ("Name;Phone\rAnna;5\r", ';', 2, "5"),
            ("sep=|\r\nName|Phone\r\nAnna|6", '|', 2, "6"),
            ("Name;Rate;Phone\nAnna;1,5;7\nBob;2,25;8\n", ';', 3, "1,5"),
            ("\"Name\",\"Phone\"\n\"Two\nlines\",\"9\"\n", ',', 2, "9"),
            ("+14155552671\n+14155552672\n", ',', 2, ""),
            ("", ',', 0, ""),
        ] {
            let read = read(text, None);
            assert_eq!((read.separator, read.grid.len()), (separator, rows), "{text}");
            assert_eq!(read.grid.cell(1, 1), cell, "{text}");
        }
        assert_eq!(read("a;b,c\n", Some(',')).grid.cell(0, 0), "a;b");
    }

    #[test]
    fn half_a_file_is_seen() {
        let whole = "Name,Phone,Tier\nAnna,1,gold\nBob,2,silver\n";
        for length in 0..=whole.len() {
            let read = read(&whole[..length], None);
            let is_whole =
                whole[..length].ends_with('\n') || read.grid.cells(read.grid.len().max(1) - 1) == 3;
            assert_eq!(read.is_cut_off, !is_whole && read.grid.len() > 1, "{}", &whole[..length]);
        }
    }
}
