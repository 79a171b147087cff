//! Reads what nobody may see: from standard input, never from arguments, which others on this computer can
//! read.

use std::io::{IsTerminal, Read, stdin};

use super::Failure;
use crate::storage::Secret;

/// More than this is no secret but a file.
const MOST: u64 = 16 * 1024;

/// Reads a secret; on a terminal it is asked for and does not show. `what` it is called: "API key".
pub(super) fn read(what: &str) -> Result<Secret, Failure> {
    let typed = if stdin().is_terminal() {
        rpassword::prompt_password(format!("{what} (it does not show): "))?
    } else {
        let mut text = String::new();
        stdin()
            .take(MOST)
            .read_to_string(&mut text)
            .map_err(|_| format!("this is no {what}, but no text"))?;
        text
    };
    let secret = Secret::new(&typed);
    let secret = secret.ok_or_else(|| {
        format!("there is no {what} on standard input; send it there: switchboard … < FILE, or run it in a terminal and paste it")
    })?;
    if secret.expose().contains(|c: char| c.is_control()) {
        return Err(format!("there are several lines on standard input; send the {what} alone").into());
    }
    Ok(secret)
}
