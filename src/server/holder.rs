//! Who listens on a port that is taken, as far as the system tells this user.

use std::fmt;

use listeners::Protocol;

/// This program's own name among those that run.
const OWN_NAME: &str = "switchboard";

/// Who holds a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Another Switchboard: a copy of the folder, or another user's.
    Switchboard {
        /// Its process.
        process: u32,
    },
    /// Another program.
    Program {
        /// Its name.
        name: String,
        /// Its process.
        process: u32,
    },
    /// The system does not say, which mostly means that it is another user's.
    Hidden,
}

impl Holder {
    /// Who holds this port. Looks at all processes, which takes some milliseconds.
    pub(super) fn of(port: u16) -> Self {
        let Ok(process) = listeners::get_process_by_port(port, Protocol::TCP) else { return Self::Hidden };
        let name = process.name.trim_end_matches(".exe").to_owned();
        if name.eq_ignore_ascii_case(OWN_NAME) {
            return Self::Switchboard { process: process.pid };
        }
        Self::Program { name, process: process.pid }
    }
}

/// "Port 8787 is already used by …", and what to do.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switchboard { process } => write!(
                f,
                "another Switchboard (process {process}), which runs with other files or for another user: \
                 quit that one"
            ),
            Self::Program { name, process } => {
                write!(f, "the program “{name}” (process {process}): close that program")
            }
            Self::Hidden => {
                f.write_str("another program, perhaps of another user of this computer: close that program")
            }
        }
    }
}
