//! The ground floor: calls, facts, tables, rules, and deciding.
//!
//! Pure. Nothing here reads a disk, a network, a clock or a window, and no plugin is named:
//! the registry is handed in as a [`Vocabulary`], the time as an argument.

mod call;
mod compile;
mod condition;
mod decide;
mod diff;
mod fact;
pub mod number;
mod outcome;
mod period;
mod phrase;
mod problem;
mod rule;
mod table;
mod template;
mod trace;

pub use call::{Call, Caller};
pub use compile::{Compiled, compile};
pub use condition::{Answer, Condition, Verdict, Vocabulary};
pub use diff::{Change, changes};
pub use fact::{Facts, Kind, Value};
pub use outcome::{Action, AgentVersion, Object, Outcome};
pub use period::{Period, Phase, Wrong, moment_short, moment_words, read_moment, write_moment};
pub use phrase::{Phrase, capital, grouped};
pub use problem::Problem;
pub use rule::{AnyOf, Rule, Test};
pub use table::{Agent, Entry, FORMAT, Line, List, Schedule, Table, UsedLookUp, fresh_id};
pub use template::Template;
pub use trace::{By, Decided, Decision, GroupTrace, RuleTrace, RuleVerdict, TestTrace};
