//! What the checks say of the draft, ready to be asked by rule.

use std::collections::HashMap;
use std::sync::Arc;

use crate::routing::Table;
use crate::routing::checks::{Finding, Level, Place};

/// What the checks say of the draft, as of the last check.
#[derive(Default)]
pub struct Findings {
    /// The draft that was checked.
    of: Option<Arc<Table>>,
    all: Arc<[Finding]>,
    /// Which of them are about a rule and count, by the rule's id.
    of_rules: HashMap<String, Vec<usize>>,
}

impl Findings {
    /// All that a check of this draft found.
    #[must_use]
    pub fn new(of: Arc<Table>, all: Arc<[Finding]>) -> Self {
        let mut of_rules: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, finding) in all.iter().enumerate().filter(|(_, finding)| finding.dismissed.is_none()) {
            if let Place::Rule(id) = &finding.place {
                of_rules.entry(id.clone()).or_default().push(index);
            }
        }
        Self { of: Some(of), all, of_rules }
    }

    /// Whether they are about this draft, and not about one before it.
    #[must_use]
    pub fn are_of(&self, draft: &Arc<Table>) -> bool {
        self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, draft) || of == draft)
    }

    /// Those that count, in the order of the table.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.all.iter().filter(|finding| finding.dismissed.is_none())
    }

    /// Those that the owner put aside.
    pub fn dismissed(&self) -> impl Iterator<Item = &Finding> {
        self.all.iter().filter(|finding| finding.dismissed.is_some())
    }

    /// Those that count and are about this rule.
    pub fn of_rule(&self, id: &str) -> impl Iterator<Item = &Finding> {
        self.of_rules.get(id).into_iter().flatten().map(|index| &self.all[*index])
    }

    /// Those that count and are about the fallback.
    pub fn of_fallback(&self) -> impl Iterator<Item = &Finding> {
        self.open().filter(|finding| finding.place == Place::Fallback)
    }

    /// "1 error, 2 warnings and 3 hints"; `None` where there are none.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let count = |level| self.open().filter(|finding| finding.level == level).count();
        let words = Level::ALL.into_iter().map(|level| (count(level), level.word().to_lowercase()));
        let words: Vec<String> = words
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect();
        let (last, first) = words.split_last()?;
        Some(if first.is_empty() { last.clone() } else { format!("{} and {last}", first.join(", ")) })
    }

    /// The gravest level of those that count.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.open().map(|finding| finding.level).min()
    }
}
