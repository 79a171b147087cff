//! The call log: every answered call and every refused request, in one `SQLite` file.
//!
//! One thread writes ([`LogWriter`]), anyone reads ([`LogReader`]), another thread searches
//! ([`search::Search`]). A sick disk never holds up a
//! caller: rows wait in memory and [`LogHealth`] says so.

mod afterwards;
mod database;
mod ends;
mod known;
mod numbers;
mod reader;
mod record;
mod refusals;
mod rescue;
pub mod search;
pub mod told;
mod worker;
mod writer;

pub use afterwards::Afterwards;
pub use ends::EndNews;
pub use known::Known;
pub use numbers::{Counted, DecidedCalls, Ids};
pub use reader::LogReader;
pub use record::{Connected, Detail, Past, Record, Refused, Step, Summary};
pub use writer::{LogError, LogHealth, LogWriter, Ticket};

/// As many rows wait in memory at most, and again as many on their way to the writing thread.
const WAITING_MAX: usize = 10_000;
