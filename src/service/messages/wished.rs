//! What comes along with what the window asks for.

use std::sync::Arc;

use crate::plugins::dropped::Filled;
use crate::routing::{Call, Table};

/// What is done with a plugin that was dropped in; each has the name of its folder.
#[derive(Clone, Debug)]
pub enum PluginWish {
    /// Allow it what it asks for, and let it work.
    Allow(String),
    /// Let it work, or no longer.
    Switch {
        /// Which.
        id: String,
        /// Whether it works.
        on: bool,
    },
    /// Tell it what it has to know.
    Fill {
        /// Which.
        id: String,
        /// What was filled in.
        filled: Filled,
    },
    /// Remove it, its settings and its secrets. Its folder is kept beside.
    Remove(String),
    /// Ask it about a call. Answered by [`super::Event::PluginTried`] or [`super::Event::Failed`].
    Try {
        /// Which.
        id: String,
        /// The call.
        call: Call,
    },
    /// Make the folder that plugins are dropped into.
    MakeFolder,
}

/// A look-up in use to be looked at.
#[derive(Clone, Debug)]
pub struct Inspect {
    /// Its id.
    pub id: String,
    /// The table that it is used in.
    pub table: Arc<Table>,
    /// The call to test it with; without one it is only looked at.
    pub test: Option<Call>,
}

/// In which form calls are saved to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A table that spreadsheets open.
    Csv,
    /// A JSON object on each line, with everything.
    JsonLines,
}

/// A picture that is still to be made, as that takes a while: PNG, or why it could not be made.
#[derive(Clone)]
pub struct Picture(pub Arc<dyn Fn() -> Result<Vec<u8>, String> + Send + Sync>);

impl std::fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Picture")
    }
}
