//! Finding calls in a log of any length while somebody types.
//!
//! All words that a call can be found by stand in a file of their own, beside the log and made from
//! it: the thread that writes calls never touches it, and it can be made anew at any time. A thread
//! of its own keeps it up to date and answers what is asked; what is asked later takes the place of
//! what was asked before.

mod filter;
mod index;
mod order;
mod searcher;
mod source;
mod tags;
mod words;

pub use filter::{DecidedBy, Filter, HourOfWeek};
pub use order::Order;
pub use searcher::{Found, Matches, Search};

pub(super) use searcher::Bell;
