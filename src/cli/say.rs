//! Says things on the terminal, where text from callers, contacts, plugins and files must neither move
//! the cursor nor pose as a line of its own.

use std::io::{ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::routing::safe_text;

/// A line as it may be printed; what stands before its first word stays.
pub(super) fn line(told: &str) -> String {
    let rest = told.trim_start_matches('\n');
    format!("{}{}", &told[..told.len() - rest.len()], safe_text(rest))
}

/// Something could not be written.
static IS_LOST: AtomicBool = AtomicBool::new(false);

/// Prints text as it is, with an end of line. That nobody reads on (`… | head`) is no failure.
pub(super) fn print(mut out: impl Write, text: &str) {
    if let Err(cause) = writeln!(out, "{text}")
        && cause.kind() != ErrorKind::BrokenPipe
        && !IS_LOST.swap(true, Ordering::Relaxed)
    {
        let _ = writeln!(std::io::stderr(), "switchboard: not all could be written ({cause})");
    }
}

/// Whether something could not be written, as on a full disk.
pub(super) fn is_lost() -> bool {
    IS_LOST.load(Ordering::Relaxed)
}

/// Prints a line to standard output.
macro_rules! say {
    ($($told:tt)*) => { $crate::cli::say::whole(&$crate::cli::say::line(&format!($($told)*))) };
}

/// Prints a line to standard error.
macro_rules! complain {
    ($($told:tt)*) => {
        $crate::cli::say::print(std::io::stderr(), &$crate::cli::say::line(&format!($($told)*)))
    };
}

/// Prints text of our own, of any number of lines, to standard output.
pub(super) fn whole(text: &str) {
    print(std::io::stdout(), text);
}

/// Prints JSON to standard output.
pub(super) fn json(told: &impl Serialize) -> serde_json::Result<()> {
    whole(&serde_json::to_string_pretty(told)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_stays_one() {
        assert_eq!(line("\nNote: a\nb\u{1b}[2J\u{202e}"), "\nNote: a b [2J");
    }
}
