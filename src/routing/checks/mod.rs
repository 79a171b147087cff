//! What stands out about a table: rules that never decide, times that nobody thought of, rejects
//! that cannot work.
//!
//! Each rule is laid out as the set of calls that it matches, from [`super::Region`]s, and such
//! sets are cut out of each other. A finding is never a guess: it says only what follows for every
//! call of the coming year. What keeps a table from being published is not told here; see
//! [`super::Problem`].

mod agents;
mod board;
mod cells;
mod dismiss;
mod examples;
mod finding;
mod gaps;
mod hidden;
mod knowledge;
mod lines;
mod look_ups;
mod never;
mod overlap;
mod practice;
mod private;
mod repair;
mod sample;
mod space;
mod unknown;
mod week;
mod words;

use chrono::{DateTime, Utc};

use super::{Calendar, Table, Vocabulary};
pub(super) use board::{Board, Kept, Laid, Somebody};
pub(super) use cells::{Bits, Cells, meet, minus};
pub use dismiss::{Dismissed, bring_back, dismiss};
pub use examples::examples;
pub use finding::{Finding, FindingKind, Level, Place};
pub use knowledge::{InPractice, Knowledge};
pub use repair::{Repair, Repaired};
pub(super) use space::{About, TIMES};
pub use week::WeekSpan;
pub use words::spans_words;

/// Checks tables, one edit after the other. It keeps what edits leave as it was.
#[derive(Default)]
pub struct Checker {
    kept: Kept,
}

impl Checker {
    /// All findings about a table, as of `now`, in the order of the table. `None` if `cancelled`
    /// said that nobody wants them any more.
    pub fn check(
        &mut self,
        table: &Table,
        vocabulary: &dyn Vocabulary,
        knowledge: &Knowledge,
        now: DateTime<Utc>,
        cancelled: &dyn Fn() -> bool,
    ) -> Option<Vec<Finding>> {
        let mut findings = finding::Findings::new(table, now);
        never::expired(&mut findings);
        agents::find(&mut findings);
        agents::find_unset(&mut findings);
        agents::find_lost(knowledge, &mut findings);
        look_ups::find(knowledge, &mut findings);
        unknown::find(vocabulary, &mut findings);
        let calendar = Calendar::year_from(now);
        if let Some(board) = Board::of(table, vocabulary, knowledge, &calendar, now, &mut self.kept) {
            let reach = hidden::find(&board, &mut findings, cancelled)?;
            never::find(&board, &mut findings);
            overlap::find(&board, &reach, &mut findings, cancelled)?;
            gaps::find(&board, &mut findings);
            lines::find(&board, &reach, &mut findings);
            practice::find(&board, &mut findings);
        }
        private::find(vocabulary, &mut findings);
        Some(findings.finish())
    }
}
