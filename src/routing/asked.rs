//! A call put to the conditions of a table. A condition that several tests ask is asked once per call,
//! as it says the same of the same call.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::compiled::{CompiledRule, CompiledTest};
use super::{Answer, Call, Compiled, Condition, Facts};

/// What is asked of each rule.
pub(super) struct Asked<'a> {
    pub(super) call: &'a Call,
    pub(super) facts: &'a Facts,
    pub(super) at: DateTime<Utc>,
    /// What shared conditions said of this call, by their places.
    said: RefCell<Vec<Option<Answer>>>,
}

impl<'a> Asked<'a> {
    pub(super) fn of(table: &Compiled, call: &'a Call, facts: &'a Facts, at: DateTime<Utc>) -> Self {
        Self { call, facts, at, said: RefCell::new(vec![None; table.shared]) }
    }

    pub(super) fn answer(&self, test: &CompiledTest) -> Answer {
        let known = test.place.and_then(|place| self.said.borrow()[place]);
        let answer = known.unwrap_or_else(|| {
            let answer = test.condition.answer(self.call, self.facts, self.at);
            if let Some(place) = test.place {
                self.said.borrow_mut()[place] = Some(answer);
            }
            answer
        });
        if test.not { answer.negate() } else { answer }
    }
}

/// Gives each condition that several tests ask a place, and tells how many there are.
pub(super) fn find_shared(rules: &mut [CompiledRule]) -> usize {
    let key = |condition: &Arc<dyn Condition>| Arc::as_ptr(condition).cast::<()>();
    let mut uses = HashMap::<_, usize>::new();
    for test in rules.iter().flat_map(|rule| &rule.when).flatten() {
        *uses.entry(key(&test.condition)).or_default() += 1;
    }
    let mut places = HashMap::new();
    for test in rules.iter_mut().flat_map(|rule| &mut rule.when).flatten() {
        let key = key(&test.condition);
        if uses.get(&key).is_some_and(|uses| *uses > 1) {
            let next = places.len();
            test.place = Some(*places.entry(key).or_insert(next));
        }
    }
    places.len()
}
