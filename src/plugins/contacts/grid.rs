//! Rows and columns of text, kept close together: 200,000 rows are one text and some numbers.

/// A table of texts; rows may differ in length.
#[derive(Debug, Default)]
pub(super) struct Grid {
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<u32>,
    /// How many cells there are before the end of each row.
    rows: Vec<u32>,
    width: usize,
}

impl Grid {
    /// Adds a row.
    pub(super) fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let before = self.ends.len();
        for cell in cells {
            self.text.push_str(cell.trim());
            self.ends.push(self.text.len() as u32);
        }
        self.width = self.width.max(self.ends.len() - before);
        self.rows.push(self.ends.len() as u32);
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many cells the longest row has.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// How many cells a row has.
    pub(super) fn cells(&self, row: usize) -> usize {
        let (start, end) = self.bounds(row);
        end - start
    }

    /// What stands in a cell, without blanks around it; nothing where there is no such cell.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        let (start, end) = self.bounds(row);
        let place = start + column;
        if place >= end {
            return "";
        }
        let from = place.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(from..self.ends[place] as usize).unwrap_or_default()
    }

    fn bounds(&self, row: usize) -> (usize, usize) {
        let end = self.rows.get(row).copied().unwrap_or_default() as usize;
        let start = row.checked_sub(1).and_then(|before| self.rows.get(before)).copied().unwrap_or_default();
        (start as usize, end.max(start as usize))
    }
}
