//! Hours as other programs and people write them into a file: brought to the one line of text that
//! a schedule keeps.

use encoding_rs::{UTF_8, WINDOWS_1252};

use super::clock::read;
use crate::routing::capital;

/// A file with more characters than this holds something else than hours.
const MAX_CHARS: usize = 20_000;

/// The hours in a file. The error is a sentence without its end.
pub fn hours_in(bytes: &[u8]) -> Result<String, String> {
    let (text, _, has_other_letters) = UTF_8.decode(bytes);
    let text = if has_other_letters { WINDOWS_1252.decode(bytes).0 } else { text };
    let strange = |c: char| c.is_control() && !c.is_whitespace();
    if text.contains(strange) || text.chars().count() > MAX_CHARS {
        return Err("This file is no text of opening hours; choose another".to_owned());
    }
    let hours = one_line(&text);
    if hours.is_empty() {
        return Err("This file is empty; choose another".to_owned());
    }
    read(&hours).map(|_| hours).map_err(|error| capital(&error.to_string()))
}

/// The same hours without line breaks. Lines that say nothing together are rules of their own.
#[must_use]
pub fn one_line(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    let together = lines.join(" ");
    let joins = [';', ',', '|'];
    let mut apart = String::new();
    for line in &lines {
        if !apart.is_empty() {
            let goes_on = apart.ends_with(joins) || line.starts_with(joins);
            apart.push_str(if goes_on { " " } else { "; " });
        }
        apart.push_str(line);
    }
    if read(&together).is_err() && read(&apart).is_ok() { apart } else { together }
}
