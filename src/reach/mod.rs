//! Keeps this computer reachable: finds the programs that do it, runs the one that was chosen for as
//! long as it is wanted, and starts it again when it ends.
//!
//! How each is started and what its words mean, its plugin says (`plugins::reach`); who wants it, and
//! what its state means for the owner, is the service's business.

mod acme;
mod certificate;
mod child;
mod find;
mod supervisor;

pub use acme::{Certified, Doing, Shelf, World};
pub use find::{Found, find};
pub use supervisor::{ReachState, Reacher, Supervisor, Wish};
