//! Which calls are shown: those whose caller, line, rule or agent has the words that were typed.

use std::collections::VecDeque;

use crate::storage::call_log::Summary;

/// The filter, and what it let through when it last looked.
#[derive(Default)]
pub(super) struct Filter {
    /// What was typed.
    pub(super) query: String,
    seen: Option<Seen>,
    rows: Vec<usize>,
}

/// What the rows were found for: if it is the same again, so are they.
#[derive(PartialEq, Eq)]
struct Seen {
    query: String,
    count: usize,
    newest: Option<i64>,
    oldest: Option<i64>,
}

impl Filter {
    /// The places of the calls to show, in their order.
    pub(super) fn rows(&mut self, calls: &VecDeque<Summary>) -> &[usize] {
        let seen = Seen {
            query: self.query.clone(),
            count: calls.len(),
            newest: calls.front().map(|call| call.id),
            oldest: calls.back().map(|call| call.id),
        };
        if self.seen.as_ref() != Some(&seen) {
            let query = Query::of(&seen.query);
            let found = calls.iter().enumerate().filter(|(_, call)| query.fits(call));
            self.rows = found.map(|(index, _)| index).collect();
            self.seen = Some(seen);
        }
        &self.rows
    }
}

struct Query {
    words: Vec<String>,
    /// The digits, if it was a number that was typed; without leading zeros, which numbers with a
    /// country code do not have.
    digits: Option<String>,
}

impl Query {
    fn of(text: &str) -> Self {
        let is_number = text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        Self {
            words: text.split_whitespace().map(str::to_lowercase).collect(),
            digits: is_number.then(|| digits.trim_start_matches('0').to_owned()),
        }
    }

    fn fits(&self, call: &Summary) -> bool {
        let numbers = [call.from.as_deref(), Some(call.to.as_str())];
        if let Some(digits) = &self.digits
            && numbers.into_iter().flatten().any(|number| number.contains(digits.as_str()))
        {
            return true;
        }
        let text = text_of(call);
        self.words.iter().all(|word| text.contains(word))
    }
}

/// All words that a call can be found by.
fn text_of(call: &Summary) -> String {
    let rule = call.overruled.as_deref().or(call.rule_name.as_deref()).unwrap_or("fallback");
    let from = call.from.as_deref().unwrap_or("withheld");
    let line = call.line.as_deref().unwrap_or(&call.to);
    let agent = call.agent.as_deref().unwrap_or_default();
    format!("{from} {line} {rule} {} {agent}", call.outcome).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Summary {
        Summary {
            from: Some("+14155552671".into()),
            to: "+14155550100".into(),
            line: Some("Main line".into()),
            rule_name: Some("VIP callers".into()),
            outcome: "connect".into(),
            agent: Some("Reception".into()),
            ..Summary::default()
        }
    }

    #[test]
    fn a_call_is_found_by_any_of_its_words_and_spellings() {
        for query in ["", "main", "VIP rec", "(415) 555-2671", "0415 555", "connect"] {
            assert!(Query::of(query).fits(&call()), "{query}");
        }
        for query in ["sales", "VIP sales", "777", "withheld"] {
            assert!(!Query::of(query).fits(&call()), "{query}");
        }
        assert!(Query::of("withheld").fits(&Summary::default()));
        assert!(Query::of("fallback").fits(&Summary::default()));
    }
}
