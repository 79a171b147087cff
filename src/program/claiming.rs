//! Claims the files for this program.

use chrono::{DateTime, Utc};

use crate::storage::{Crash, Home, HomeError, HomeLock, Trouble};

/// Claims the files. A folder that cannot be written is no reason not to answer calls by the
/// tables that it holds. Tells too how the program before this one died, if it did.
pub(super) fn claim(
    home: &Home,
    died: Option<String>,
    now: DateTime<Utc>,
) -> Result<(Option<HomeLock>, Vec<Trouble>), HomeError> {
    let claimed = home.prepare().and_then(|()| home.lock());
    let mut troubles: Vec<_> = died.map(|died| started_again(&died, home, now)).into_iter().collect();
    match claimed {
        Ok(lock) => Ok((Some(lock), troubles)),
        Err(error @ HomeError::Unwritable { .. }) if home.routing_file().exists() => {
            troubles.push(Trouble::new(format!("Nothing can be saved. {error}")));
            Ok((None, troubles))
        }
        Err(error) => Err(error),
    }
}

/// Tells that the program died, and keeps what is known of it.
fn started_again(died: &str, home: &Home, now: DateTime<Utc>) -> Trouble {
    tracing::error!("the program broke off ({died}) and was started again");
    let kept = Crash::death(died, now).keep(home).ok();
    let message =
        "Switchboard broke off and was started again at once; calls that arrived meanwhile waited for it";
    Trouble { message: message.to_owned(), kept }
}
