//! What came of the test cases of the draft, as far as screens ask for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::service::Tested;

/// What came of the test cases when they were last run.
#[derive(Clone, Debug, Default)]
pub struct TestResults {
    /// `None`: the draft cannot decide anything as it is.
    results: Option<Arc<[Tested]>>,
    /// By the id of a rule, the places of those that say something about it.
    by_rule: BTreeMap<String, Vec<usize>>,
}

impl TestResults {
    /// What the service told.
    #[must_use]
    pub fn new(results: Option<Arc<[Tested]>>) -> Self {
        let mut by_rule = BTreeMap::<String, Vec<usize>>::new();
        for (place, tested) in results.iter().flat_map(|results| results.iter()).enumerate() {
            for rule in tested.rules() {
                by_rule.entry(rule.to_owned()).or_default().push(place);
            }
        }
        Self { results, by_rule }
    }

    /// Whether the tests could be run.
    #[must_use]
    pub fn were_run(&self) -> bool {
        self.results.is_some()
    }

    /// All results, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = &Tested> {
        self.results.iter().flat_map(|results| results.iter())
    }

    /// What came of the test case with this id.
    #[must_use]
    pub fn of(&self, id: &str) -> Option<&Tested> {
        self.iter().find(|tested| tested.id == id)
    }

    /// Those that say something about the rule with this id.
    pub fn of_rule(&self, rule: &str) -> impl Iterator<Item = &Tested> {
        let places = self.by_rule.get(rule).into_iter().flatten();
        places.filter_map(|place| self.results.as_ref()?.get(*place))
    }

    /// Whether some test says something about the rule with this id.
    #[must_use]
    pub fn cover(&self, rule: &str) -> bool {
        self.by_rule.contains_key(rule)
    }

    /// Those that fail.
    pub fn failing(&self) -> impl Iterator<Item = &Tested> {
        self.iter().filter(|tested| !tested.passes())
    }
}
