//! Claims the files for this program.

use crate::storage::{Home, HomeError, HomeLock, Trouble};

/// Claims the files. A folder that cannot be written is no reason not to answer calls by the
/// tables that it holds. Tells too how the program before this one died, if it did.
pub(super) fn claim(
    home: &Home,
    died: Option<String>,
) -> Result<(Option<HomeLock>, Vec<Trouble>), HomeError> {
    let mut troubles: Vec<_> = died.map(|died| started_again(&died)).into_iter().collect();
    match home.prepare().and_then(|()| home.lock()) {
        Ok(lock) => Ok((Some(lock), troubles)),
        Err(error @ HomeError::Unwritable { .. }) if home.routing_file().exists() => {
            troubles.push(Trouble::new(format!("Nothing can be saved. {error}")));
            Ok((None, troubles))
        }
        Err(error) => Err(error),
    }
}

/// Tells that the program died.
fn started_again(died: &str) -> Trouble {
    tracing::error!("the program broke off ({died}) and was started again");
    Trouble::new(format!(
        "Switchboard broke off ({died}) and was started again at once; calls that arrived meanwhile waited for it"
    ))
}
