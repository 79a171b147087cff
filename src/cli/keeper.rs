//! Who has the files: a running program, which is asked to change them, or nobody.

use super::Failure;
use crate::local::{self, AskError};
use crate::service::Status;
use crate::storage::Home;

/// Who has them.
pub(super) enum Keeper {
    /// A program that runs.
    Program(Box<Status>),
    /// Nobody, so that a command changes them itself.
    Nobody,
}

impl Keeper {
    pub(super) fn of(home: &Home) -> Result<Self, Failure> {
        match local::status(home) {
            Ok(status) => Ok(Self::Program(Box::new(status))),
            Err(AskError::Nobody) if home.is_in_use() => Err(
                "Switchboard is running with these files and cannot be reached; end it and start it again"
                    .into(),
            ),
            Err(AskError::Nobody) => Ok(Self::Nobody),
            Err(error) => Err(error.into()),
        }
    }
}
