//! Finding people in a file by what stands there, to choose a caller.

use super::book::Book;
use super::numbers;

/// With so many digits a number is looked for.
const DIGITS: usize = 3;

impl Book {
    /// The first `most` people with all these words in their row, or with a number that has these
    /// digits: name, and number in E.164. `words` are in small letters.
    pub(super) fn find_people(&self, words: &str, home: &str, most: usize) -> Vec<(String, String)> {
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        let is_number = digits.len() >= DIGITS && !words.chars().any(char::is_alphabetic);
        let parts: Vec<&str> = words.split_whitespace().collect();
        let mut found = Vec::new();
        for row in self.first_rows(self.contacts()) {
            let fits = if is_number { self.has_digits(row, &digits) } else { self.has_words(row, &parts) };
            if !fits {
                continue;
            }
            let all = |column: &usize| numbers::all(self.grid.cell(row, *column), home);
            let Some(number) = self.numbers.iter().find_map(|column| all(column).into_iter().next()) else {
                continue;
            };
            found.push((self.name(row), number));
            if found.len() == most {
                break;
            }
        }
        found
    }

    fn has_words(&self, row: usize, words: &[&str]) -> bool {
        let cells = || (0..self.titles.len()).map(|column| self.grid.cell(row, column).to_lowercase());
        words.iter().all(|word| cells().any(|cell| cell.contains(word)))
    }

    fn has_digits(&self, row: usize, digits: &str) -> bool {
        self.numbers.iter().any(|column| {
            let cell = self.grid.cell(row, *column);
            cell.chars().filter(char::is_ascii_digit).collect::<String>().contains(digits)
        })
    }

    /// What stands in the columns of names, or else in the first that holds no number.
    fn name(&self, row: usize) -> String {
        let texts = || (0..self.titles.len()).filter(|column| !self.numbers.contains(column));
        let cell = |column: usize| self.grid.cell(row, column);
        let named = texts().filter(|column| self.titles[*column].to_lowercase().contains("name"));
        let named: Vec<&str> = named.map(cell).filter(|text| !text.is_empty()).take(2).collect();
        if named.is_empty() {
            return texts().map(cell).find(|text| !text.is_empty()).unwrap_or_default().to_owned();
        }
        named.join(" ")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::plugins::contacts::book::tests::read;

    #[test]
    fn people_are_found_by_words_and_by_digits() {
        let book = read(
            "First name,Last name,City,Phone\nAnna,Baker,Bonn,(415) 555-2671\nBob,Cole,Berlin,415-555-2672\n\
             ,,Bonn,415-555-2673\nDora,Eve,Bonn,none\n",
        )
        .unwrap();
        let found = |words: &str| book.find_people(words, "US", 2);
        let one = |name: &str, number: &str| vec![(name.to_owned(), number.to_owned())];
        assert_eq!(found("bak an"), one("Anna Baker", "+14155552671"));
        assert_eq!(found("555 2672"), one("Bob Cole", "+14155552672"));
        assert_eq!(found("bonn").len(), 2, "the third has no number, and two are enough");
        assert_eq!(found("673"), one("Bonn", "+14155552673"));
        assert!(found("nobody").is_empty());
    }
}
