//! What screens show of agents: their settings for a call with a control for each, the variables
//! that their prompts need, and a greeting as it will sound.
//!
//! Used by the editor of rules, by the dialog that changes an agent, and where decisions are shown.

mod control;
mod greeting;
mod needs;
mod settings;

pub(super) use greeting::{greeting_of, greeting_ui};
pub(super) use needs::NeedsEditor;
pub(super) use settings::SettingsEditor;
