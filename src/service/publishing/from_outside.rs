//! Publishing from the command line while the program runs. A part of the control thread.

use std::sync::Arc;

use super::{Draft, Remarks, ready};
use crate::routing::Table;
use crate::service::control::Control;
use crate::service::outside::Told;

/// What can be done on the command line about tests that fail, besides putting that right.
pub const DESPITE: &str =
    "publish it all the same with --despite and the reason, which stays with the version";
/// The draft is not what its owner looked at.
pub(super) const CHANGED: &str = "The draft was changed while it was looked at; publish it again to see how";

impl Control {
    /// Makes the draft live, if it still is as it was looked at. Its file stays as its owner laid it out.
    pub(in crate::service) fn publish_from_outside(
        &mut self,
        table: Arc<Table>,
        note: String,
        despite: &str,
    ) -> Told {
        // What was written to its file up to this moment.
        self.look_around();
        if self.draft != table {
            return Err(CHANGED.to_owned());
        }
        let (live, failing) = ready(table, &self.registry, despite).map_err(|held| held.words(DESPITE))?;
        self.put_live(live, Remarks { note, failing, ..Remarks::default() }, Draft::Follows)?;
        Ok(format!("Version {} is live", self.live.version))
    }
}
