//! Which entries of a list are shown: made anew only when the draft, the search or the day changes.

use std::sync::Arc;

use chrono::NaiveDate;

use super::edits;
use crate::plugins::lists::{Who, counts};
use crate::routing::{Entry, List, Table};
use crate::ui::app::State;

/// Which entries are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Show {
    #[default]
    All,
    Expired,
    Unread,
}

/// The places of the entries that are shown.
#[derive(Default)]
pub(super) struct Found {
    of: Option<(Arc<Table>, String, NaiveDate, String, Show)>,
    pub(super) rows: Vec<u32>,
    /// How many of all entries are past their last day.
    pub(super) expired: usize,
    /// How many of all entries cannot be read.
    pub(super) unread: usize,
}

impl Found {
    pub(super) fn update(&mut self, state: &State, list: &List, query: &str, show: Show) {
        let today = edits::today(state);
        let is_same = self.of.as_ref().is_some_and(|(table, id, day, text, shown)| {
            Arc::ptr_eq(table, &state.draft)
                && (id, *day, text.as_str(), *shown) == (&list.id, today, query, show)
        });
        if is_same {
            return;
        }
        self.of = Some((Arc::clone(&state.draft), list.id.clone(), today, query.to_owned(), show));
        (self.expired, self.unread) = (0, 0);
        self.rows.clear();
        let search = Search::of(query);
        for (place, entry) in (0..).zip(list.entries.iter()) {
            let who = Who::read(&entry.what, &state.draft.country);
            let is_past = !counts(entry, today);
            self.expired += usize::from(is_past);
            self.unread += usize::from(who.is_none());
            let wanted = match show {
                Show::All => true,
                Show::Expired => is_past,
                Show::Unread => who.is_none(),
            };
            if wanted && search.fits(entry, who.as_ref()) {
                self.rows.push(place);
            }
        }
    }
}

/// What is searched for: words, or a number in any spelling.
struct Search {
    words: String,
    /// Its digits without zeros in front, which dial abroad or out of town.
    digits: String,
}

impl Search {
    fn of(query: &str) -> Self {
        let words = query.trim().to_lowercase();
        let is_number = words.chars().all(|c| c.is_ascii_digit() || " +-./()".contains(c));
        let digits: String = words.chars().filter(|c| is_number && c.is_ascii_digit()).collect();
        Self { digits: digits.trim_start_matches('0').to_owned(), words }
    }

    fn fits(&self, entry: &Entry, who: Option<&Who>) -> bool {
        let Entry { what, note, .. } = entry;
        if self.words.is_empty() || what.contains(&self.words) {
            return true;
        }
        if !self.digits.is_empty() && what.contains(&self.digits) {
            return true;
        }
        let country = match who {
            Some(Who::Country(code)) => crate::routing::number::country_name(code).unwrap_or_default(),
            _ => "",
        };
        [note, what, country].into_iter().any(|text| text.to_lowercase().contains(&self.words))
    }
}
