//! Lines as they are at Retell, wherever the window shows them: who is asked about their calls, what
//! becomes of calls while this computer is off, the dialog that changes the first after showing how, and
//! taking changes back.

mod all;
mod changed;
mod dialog;
mod line;

pub(in crate::ui) use all::connect_all_ui;
pub(in crate::ui) use changed::ChangedStrip;
pub use dialog::{ChangeDialog, ChangeWish};
pub(in crate::ui) use line::{LineAtRetell, agent_names, lift_ui};
