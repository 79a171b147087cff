//! The wire between Retell and this program: who sent it ([`signature`]), what it says
//! ([`payload`]), what is said back ([`answer`]), what Retell tells of an account ([`account`]).
//!
//! Knows nothing of rules and reads no clock: the time is passed in as Unix milliseconds.

pub mod account;
pub mod answer;
pub mod diagnosis;
pub mod event;
pub mod number;
pub mod payload;
pub mod signature;

pub use answer::Answer;
pub use payload::{Inbound, Unreadable};
pub use signature::{ApiKey, Refusal, Verified};
