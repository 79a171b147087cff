//! The sockets: who may connect for how long, and which address leads where.
//!
//! Thin on purpose. What a request means and what is answered is the [`Receiver`](crate::service::Receiver)'s
//! business; this floor only sees to it that slow, broken or hostile connections cost
//! no genuine call its answer.

mod bind;
mod connections;
mod holder;
mod keep;
mod limits;
mod routes;
mod run;

pub use bind::{BindError, Sockets, bind, next_free};
pub use holder::Holder;
pub use keep::keep;
pub use limits::Limits;
pub use routes::HEALTH_PATH;
pub use run::{Https, run};
