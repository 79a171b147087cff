//! Reading what people paste: numbers by the hundred, in any spelling, parted by lines, commas,
//! semicolons or blanks, with names and remarks in between. Nothing is lost: what cannot be read
//! is handed back as it was written.

use std::collections::HashMap;

use super::Who;
use crate::routing::number as phone;

/// Of how many words a number may consist: `+49 30 90 18 20`.
const WORDS: usize = 8;

/// Digits that are fewer than these are no number but part of a remark: "called 3 times".
const FEWEST_DIGITS: usize = 5;

/// Digits that are more than these are no number, whatever is dialled in front of it.
const MOST_DIGITS: usize = 18;

/// What a pasted text comes to, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pasted {
    /// Whom it names, with the words that stand on the same line.
    pub found: Vec<(Who, String)>,
    /// What could not be read, as it is written.
    pub unread: Vec<String>,
}

/// Reads a text. Numbers without a country code are of the country `home`.
#[must_use]
pub fn read(text: &str, home: &str) -> Pasted {
    let mut pasted = Pasted::default();
    let mut countries = None;
    for line in text.lines() {
        let pieces = line.split([',', ';', '\t', '|']).map(|piece| piece.trim().trim_matches('"').trim());
        let pieces: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
        let mut read = Line::default();
        for piece in &pieces {
            read.piece(piece, home);
        }
        if read.found.is_empty() {
            let countries = countries.get_or_insert_with(countries_by_name);
            for piece in pieces {
                match countries.get(&piece.to_lowercase()) {
                    Some(code) => pasted.found.push((Who::Country(code.clone()), String::new())),
                    None => pasted.unread.push(piece.to_owned()),
                }
            }
        } else {
            let note = read.words.join(" ");
            pasted.found.extend(read.found.into_iter().map(|who| (who, note.clone())));
            pasted.unread.append(&mut read.unread);
        }
    }
    pasted
}

fn countries_by_name() -> HashMap<String, String> {
    phone::countries().into_iter().map(|(code, name)| (name.to_lowercase(), code)).collect()
}

/// What one line comes to.
#[derive(Default)]
struct Line {
    found: Vec<Who>,
    words: Vec<String>,
    unread: Vec<String>,
}

impl Line {
    fn piece(&mut self, piece: &str, home: &str) {
        if piece.contains(':')
            && let Some(who) = Who::read(piece, home)
        {
            self.found.push(who);
            return;
        }
        let mut run = Vec::new();
        for word in piece.split_whitespace() {
            let bare = word.trim_matches(['"', '\'', '<', '>', ':']).trim_end_matches('.');
            let bare = bare.strip_prefix("tel:").unwrap_or(bare);
            if is_of_a_number(bare) {
                run.push(bare);
            } else {
                self.run(&std::mem::take(&mut run), home);
                self.words.push(word.to_owned());
            }
        }
        self.run(&run, home);
    }

    /// Words that are made of digits: one number, or several.
    fn run(&mut self, words: &[&str], home: &str) {
        let mut at = 0;
        while at < words.len() {
            let longest = words.len().min(at + WORDS);
            let find = |is_sure| {
                let mut ends = (at + 1..=longest).rev();
                ends.find_map(|end| Some((number(&words[at..end], home, is_sure)?, end)))
            };
            let read = find(true).or_else(|| find(false));
            if let Some((who, end)) = read {
                self.found.push(who);
                at = end;
                continue;
            }
            let word = words[at];
            match word.chars().filter(char::is_ascii_digit).count() {
                0 => {}
                count if count < FEWEST_DIGITS && !word.contains(['*', '?']) => {
                    self.words.push(word.to_owned());
                }
                _ => self.unread.push(word.to_owned()),
            }
            at += 1;
        }
    }
}

/// The number that these words are together, if they are one. To be sure, several words must be
/// a number by the numbering plans, lest the 3 of "+1 415 555 2671 3 times" is taken with it.
fn number(words: &[&str], home: &str, is_sure: bool) -> Option<Who> {
    // A plus begins the next number.
    if words[1..].iter().any(|word| word.contains('+')) {
        return None;
    }
    let text = words.join(" ");
    let digits = text.chars().filter(|c| c.is_ascii_digit() || *c == '?').count();
    let is_group = text.contains(['*', '?']);
    if digits > MOST_DIGITS || (digits < FEWEST_DIGITS && !is_group) {
        return None;
    }
    if is_sure && words.len() > 1 && !is_group {
        return phone::parse(&text, home).filter(|number| phone::is_known(number)).map(Who::Number);
    }
    Who::read(&text, home)
}

fn is_of_a_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || "+-./()*?".contains(c)) && !is_date(word)
}

/// `2026-11-23`, `23.11.2026`, `11/23/26`: in some countries these would be numbers too.
fn is_date(word: &str) -> bool {
    let parts: Vec<usize> = word.split(['-', '.', '/']).map(str::len).collect();
    let digits = word.chars().all(|c| c.is_ascii_digit() || "-./".contains(c));
    digits && matches!(parts[..], [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 2 | 4])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> (Vec<(String, String)>, Vec<String>) {
        let Pasted { found, unread } = read(text, "US");
        (found.into_iter().map(|(who, note)| (who.written(), note)).collect(), unread)
    }

    #[test]
    fn any_spelling_in_any_order() {
        let numbers = |text: &str| {
            let (found, unread) = told(text);
            assert_eq!(unread, Vec::<String>::new(), "{text}");
            found
                .into_iter()
                .map(|(who, note)| if note.is_empty() { who } else { format!("{who} {note}") })
                .collect::<Vec<_>>()
        };
        let both = ["+14155552671", "+12125550187"];
        for text in [
            "(415) 555-2671\n212-555-0187",
            "(415) 555-2671, 212.555.0187",
            "+1 415 555 2671; +1 212 555 0187;",
            "+14155552671 +12125550187",
            "4155552671 2125550187",
            "415-555-2671 212-555-0187",
            "\"+14155552671\",\"tel:+12125550187\"",
            "\r\n<4155552671>\t001 212 5550187\r\n",
        ] {
            assert_eq!(numbers(text), both, "{text}");
        }
        assert_eq!(
            numbers("+49*, +1202555????\ncountry:FR\nUnited Kingdom"),
            ["+49*", "+1202555????", "country:FR", "country:GB"]
        );
        assert_eq!(
            numbers("Bob Smith, (415) 555-2671, since 2026-11-23"),
            ["+14155552671 Bob Smith since 2026-11-23"]
        );
        assert_eq!(numbers("called 3 times from +49 (0)30 901820."), ["+4930901820 called 3 times from"]);
        assert_eq!(numbers("Jean, France, +33 1 42 68 53 00"), ["+33142685300 Jean France"]);
        assert_eq!(numbers("+1 415 555 2671 3 times"), ["+14155552671 3 times"]);
    }

    #[test]
    fn what_cannot_be_read_is_handed_back() {
        let (found, unread) = told("Name;Number\nBob\n555-12345\n415*, +14155552671 99999999999999999999");
        assert_eq!(found, [("+14155552671".to_owned(), String::new())]);
        assert_eq!(unread, ["Name", "Number", "Bob", "555-12345", "415*", "99999999999999999999"]);
    }

    proptest! {
        #[test]
        fn takes_any_text(text in "[ -~\n]{0,200}|.{0,100}") {
            let _ = read(&text, "DE");
        }

        #[test]
        fn finds_every_number(numbers in prop::collection::vec(2_000_000_u32..9_999_999, 1..20), parts in "[,;\n|]") {
            let texts: Vec<_> = numbers.iter().map(|n| format!("+49 30 {n}")).collect();
            let Pasted { found, unread } = read(&texts.join(&parts), "US");
            prop_assert_eq!((found.len(), unread.len()), (numbers.len(), 0));
        }
    }
}
