//! The table that answers calls at this moment: compiled, with its look-ups opened. Built whole
//! and then swapped in, so that no call ever meets half a table.

use std::sync::Arc;

use crate::plugins::{OpenLookUp, Registry};
use crate::routing::{Compiled, Problem, Table, compile};

/// A table at work.
pub struct Live {
    /// Which published version it is; 0 for a draft that is only tried.
    pub version: u32,
    /// The table as written.
    pub table: Arc<Table>,
    /// The table ready to decide.
    pub compiled: Compiled,
    /// What is asked about each call.
    pub look_ups: Vec<OpenLookUp>,
}

impl Live {
    /// Makes a table ready to answer calls, or tells what is wrong with it.
    pub fn build(version: u32, table: Arc<Table>, registry: &Registry) -> Result<Self, Vec<Problem>> {
        let compiled = compile(&table, registry)?;
        let look_ups = registry.look_ups(&table);
        Ok(Self { version, table, compiled, look_ups })
    }
}
