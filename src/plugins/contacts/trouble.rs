//! Why a file of contacts cannot be used, in sentences that say what to do.

use std::io::ErrorKind;

/// How large a file may be, in bytes.
pub(super) const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    #[error("the file is not there; put it back, or choose another")]
    Gone,
    #[error("this is a folder; choose a file in it")]
    Folder,
    #[error("the file may not be read; allow it to this user, or choose another")]
    Forbidden,
    #[error("the file cannot be read now ({0}); if another program holds it open, close that")]
    Unreadable(String),
    #[error("the file has {} MB, and up to {} MB are read; leave out columns that no rule needs", .0 / 1_048_576, MOST_BYTES / 1_048_576)]
    TooBig(u64),
    #[error("the file is empty; save it again, or choose another")]
    Empty,
    #[error("this is {0} and not a file of contacts; save it as CSV there, and choose that file")]
    OtherKind(&'static str),
    #[error("there is no text in this file; choose a CSV file or a vCard file")]
    NoText,
    #[error("no column of phone numbers was found; choose the column that holds them")]
    NoNumbers,
    #[error("the file has no column “{0}”; choose the column that holds the phone numbers")]
    NoColumn(String),
    #[error("none of its phone numbers can be read; choose another column for them")]
    NothingRead,
    #[error("there is no contact in this file; choose another")]
    NoContacts,
}

impl Trouble {
    pub(super) fn of(error: &std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::Gone,
            ErrorKind::PermissionDenied => Self::Forbidden,
            ErrorKind::IsADirectory => Self::Folder,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
