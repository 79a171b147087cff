//! What stands between a table and calls: whether it can decide at all, and its test cases.
//!
//! A version that comes back, by hand or by itself, and the very first one are let through: whatever
//! their tests say, calls must be answered, and in trouble the way back must be open.

use std::sync::Arc;

use crate::plugins::Registry;
use crate::routing::{Problem, Table};
use crate::service::live::Live;
use crate::service::test_cases::run_tests;
use crate::storage::version::Failing;

/// So many tests are named in a sentence.
const NAMED: usize = 3;

/// Why a table does not go live.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// It has faults that keep it from deciding.
    Problems(Vec<Problem>),
    /// Test cases fail, and no reason is given: which ones.
    Tests(String),
}

impl Held {
    /// In words; `or` is what can be done about tests besides putting them right.
    #[must_use]
    pub fn words(&self, or: &str) -> String {
        match self {
            Self::Problems(problems) => {
                let has = if problems.len() == 1 { "thing has" } else { "things have" };
                format!("{} {has} to be put right first", problems.len())
            }
            Self::Tests(which) => format!("{which}. Put that right, or {or}"),
        }
    }
}

/// Makes a table ready to go live, or tells what is in the way; see `pass`.
pub fn ready(table: Arc<Table>, registry: &Registry, despite: &str) -> Result<(Live, Option<Failing>), Held> {
    let live = Live::build(0, table, registry).map_err(Held::Problems)?;
    let failing = pass(&live, despite).map_err(Held::Tests)?;
    Ok((live, failing))
}

/// Runs the test cases of a table that is to go live. Those that fail are in the way, unless `despite`
/// says why it shall be published all the same; then they are given back, to be kept with the version.
/// The error says which, without what to do: "2 tests fail (“Nights are quiet”, “VIPs get through”)".
pub(super) fn pass(live: &Live, despite: &str) -> Result<Option<Failing>, String> {
    let failing = run_tests(live).into_iter().filter(|tested| !tested.passes());
    let tests: Vec<String> = failing.map(|tested| tested.name).collect();
    let reason = despite.trim();
    if tests.is_empty() {
        Ok(None)
    } else if reason.is_empty() {
        Err(sentence(&tests))
    } else {
        Ok(Some(Failing { tests, reason: reason.to_owned() }))
    }
}

fn sentence(tests: &[String]) -> String {
    let names: Vec<_> = tests.iter().take(NAMED).map(|name| format!("“{name}”")).collect();
    let more = if tests.len() > NAMED { ", …" } else { "" };
    let fail =
        if tests.len() == 1 { "1 test fails".to_owned() } else { format!("{} tests fail", tests.len()) };
    format!("{fail} ({}{more})", names.join(", "))
}
