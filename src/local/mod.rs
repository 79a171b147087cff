//! The local line: what runs on this computer, as this user, asks the running program over a socket in
//! its folder, or near it (on Windows over a named pipe). A second start has the window shown this way, `switchboard status` asks how it is doing.
//!
//! It speaks HTTP, so that other programs can ask too, and is no part of the port that calls arrive at.
//! `serving` answers, `ask` asks, `line` is the socket; what is told is made by others.

mod ask;
#[cfg_attr(not(unix), path = "pipe.rs")]
mod line;
mod serving;
mod summons;

pub use ask::{AskError, have_done, show, status, stop};
pub use serving::{Inside, listen_for_metrics, serve, serve_metrics};
pub use summons::{Summoned, Summons};
