//! The window as a whole: what it knows and what it does with what people and the service say.

mod state;

pub use state::{Action, Actions, HELD, State};
