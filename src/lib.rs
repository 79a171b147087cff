//! Switchboard decides which AI voice agent answers each call.
//!
//! The map, from the ground up; each floor uses only the floors below it (`ARCHITECTURE.md`):
//!
//! - `guard`: the first process, which starts the program and starts it again when it dies.
//! - `routing`: calls, facts, tables, rules, and deciding. Pure: no disk, network, clock or window.
//! - `retell`: the wire. Payload, answer, signature. Knows nothing of rules.
//! - `plugins`: the contract, the registry, and the built-in conditions and look-ups.
//! - `reach`: runs the tunnels that make this computer reachable.
//! - `storage`: the files in the user's folders and the call log.
//! - `service`: a call's way from bytes to answer.
//! - `server`: sockets, limits, routes.
//! - `local`: what runs on this computer asks the running program.
//! - `program`: puts the floors together.
//! - `desktop`: the tray, starting with the computer, keeping it awake (feature `desktop`).
//! - `ui`: the window (feature `desktop`).
//! - `cli`: what the command line says.

pub mod cli;
#[cfg(feature = "desktop")]
pub mod desktop;
pub mod guard;
pub mod local;
pub mod plugins;
pub mod program;
pub mod reach;
pub mod retell;
pub mod routing;
pub mod server;
pub mod service;
pub mod storage;
#[cfg(feature = "desktop")]
pub mod ui;
