//! The window: what is drawn and what a click means.
//!
//! Here live the look (`theme`), the parts that screens are made of (`widgets`), a folder for
//! each screen, and the `app` that holds them together. Nothing below this floor imports it,
//! except that a plugin's own editor uses the widgets.

mod agents;
pub mod app;
pub mod at_retell;
pub mod calls;
pub mod closures;
mod decision;
pub mod guided_start;
pub mod help;
mod leaving;
pub mod lines;
pub mod picture;
pub mod plugins;
pub mod publishing;
pub mod routes;
pub mod settings;
pub mod theme;
pub mod try_call;
pub mod widgets;
