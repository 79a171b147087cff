//! The calls that were found for the screen "Calls": the ids of all of them, and the rows of those
//! that were looked at.

use std::collections::HashMap;
use std::sync::Arc;

use crate::storage::call_log::Summary;
use crate::storage::call_log::search::{Found, Matches, Order};

/// So many rows are held; more than a person scrolls over without a pause.
const ROWS_MAX: usize = 4000;

/// What was found, in the order that was asked for: newest first unless it says otherwise.
#[derive(Clone, Debug)]
pub struct FoundCalls {
    /// The number of the question that was answered; 0 before the first answer.
    pub question: u64,
    /// How much of the log was looked through, in percent.
    pub looked_through: u8,
    /// In which order.
    pub order: Order,
    /// More fit, but only the newest [`Order::MOST`] were put in order.
    pub is_cut: bool,
    /// Why nothing could be looked for, if so.
    pub trouble: Option<String>,
    /// Those that came since the answer, newest last.
    newer: Vec<i64>,
    ids: Arc<[i64]>,
    rows: HashMap<i64, Summary>,
}

impl FoundCalls {
    /// What can be shown before anything was asked: the newest calls.
    #[must_use]
    pub fn newest(calls: &[Summary]) -> Self {
        Self {
            question: 0,
            looked_through: 100,
            order: Order::Newest,
            is_cut: false,
            trouble: None,
            newer: Vec::new(),
            ids: calls.iter().map(|call| call.id).collect(),
            rows: calls.iter().map(|call| (call.id, call.clone())).collect(),
        }
    }

    /// Takes in an answer.
    pub fn take_in(&mut self, Found { question, matches }: Found) {
        if question < self.question {
            return;
        }
        let is_same = question == self.question;
        self.question = question;
        let Matches { ids, rows, are_newer, looked_through, order, is_cut } = match matches {
            Ok(matches) => matches,
            Err(why) => {
                self.trouble = Some(why);
                (self.newer, self.ids) = (Vec::new(), Arc::default());
                return;
            }
        };
        self.trouble = None;
        self.looked_through = looked_through;
        self.add_rows(rows);
        if !are_newer {
            (self.newer, self.ids) = (Vec::new(), ids);
            (self.order, self.is_cut) = (order, is_cut);
        } else if is_same {
            self.newer.extend(ids.iter().rev());
        }
    }

    /// Takes in rows that were asked for.
    pub fn add_rows(&mut self, rows: Vec<Summary>) {
        if self.rows.len() + rows.len() > ROWS_MAX {
            self.rows.clear();
        }
        self.rows.extend(rows.into_iter().map(|call| (call.id, call)));
    }

    /// Lets go of the rows of a caller.
    pub fn forget(&mut self, caller: &str) {
        self.rows.retain(|_, call| call.from.as_deref() != Some(caller));
    }

    /// All ids, in order.
    #[must_use]
    pub fn ids(&self) -> Arc<[i64]> {
        if self.newer.is_empty() {
            return Arc::clone(&self.ids);
        }
        self.newer.iter().rev().chain(self.ids.iter()).copied().collect()
    }

    /// Retell asked once more about a call.
    pub fn asked_again(&mut self, id: i64, attempts: u32) {
        if let Some(call) = self.rows.get_mut(&id) {
            call.attempts = attempts;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.newer.len() + self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The call at this place.
    #[must_use]
    pub fn id(&self, place: usize) -> Option<i64> {
        match self.newer.len().checked_sub(place + 1) {
            Some(newer) => self.newer.get(newer).copied(),
            None => self.ids.get(place - self.newer.len()).copied(),
        }
    }

    /// Where a call is.
    #[must_use]
    pub fn place(&self, id: i64) -> Option<usize> {
        if self.order != Order::Newest {
            return self.ids.iter().position(|other| *other == id);
        }
        if let Ok(newer) = self.newer.binary_search(&id) {
            return Some(self.newer.len() - 1 - newer);
        }
        let place = self.ids.binary_search_by(|other| id.cmp(other)).ok()?;
        Some(self.newer.len() + place)
    }

    /// A call as lists show it, if its row was loaded.
    #[must_use]
    pub fn row(&self, id: i64) -> Option<&Summary> {
        self.rows.get(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(question: u64, ids: &[i64], are_newer: bool) -> Found {
        Found { question, matches: Ok(Matches { ids: ids.into(), are_newer, ..Matches::default() }) }
    }

    #[test]
    fn newer_calls_stand_in_front_of_those_they_belong_to() {
        let mut found = FoundCalls::newest(&[Summary { id: 9, ..Summary::default() }]);
        assert_eq!((found.len(), found.id(0), found.id(1)), (1, Some(9), None));
        found.take_in(told(1, &[9, 5, 2], false));
        found.take_in(told(1, &[14, 12], true));
        found.take_in(told(1, &[15], true));
        let ids: Vec<_> = (0..found.len()).filter_map(|place| found.id(place)).collect();
        assert_eq!(ids, [15, 14, 12, 9, 5, 2]);
        assert!(ids.iter().enumerate().all(|(place, id)| found.place(*id) == Some(place)));
        assert_eq!(found.place(7), None);
        found.take_in(told(2, &[14, 2], false));
        found.take_in(told(1, &[16], true));
        assert_eq!((found.len(), found.id(0)), (2, Some(14)), "what is told too late is not mixed in");
    }
}
