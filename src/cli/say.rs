//! Says things on the terminal, where text from callers, contacts, plugins and files must neither move
//! the cursor nor pose as a line of its own.

use std::io::Write;

use crate::routing::safe_text;

/// A line as it may be printed; what stands before its first word stays.
pub(super) fn line(told: &str) -> String {
    let rest = told.trim_start_matches('\n');
    format!("{}{}", &told[..told.len() - rest.len()], safe_text(rest))
}

/// Prints text as it is, with an end of line, to where it may be that nobody reads on (`… | head`).
pub(super) fn print(mut out: impl Write, text: &str) {
    let _ = writeln!(out, "{text}");
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

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_stays_one() {
        assert_eq!(line("\nNote: a\nb\u{1b}[2J\u{202e}"), "\nNote: a b [2J");
    }
}
