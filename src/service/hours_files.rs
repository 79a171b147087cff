//! The hours of one schedule as a file of their own, out and in.

use std::path::Path;

use super::control::Control;
use super::messages::{Event, Level};
use crate::plugins::hours::hours_in;
use crate::storage::{atomic, read};

impl Control {
    pub(super) fn read_hours(&self, schedule: String, file: &Path) {
        let hours = read::read_bytes(file)
            .map_err(|error| error.to_string())
            .and_then(|bytes| hours_in(&bytes).map_err(|error| format!("{error}: {}", file.display())));
        match hours {
            Ok(hours) => self.feed.send(Event::HoursRead { schedule, hours }),
            Err(error) => self.fail(format!("The hours were not opened. {error}")),
        }
    }

    pub(super) fn write_hours(&self, file: &Path, hours: &str) {
        match atomic::write(file, format!("{hours}\n").as_bytes()) {
            Ok(()) => self.tell(Level::Info, format!("The hours were saved: {}", file.display())),
            Err(cause) => self.fail(format!(
                "The hours were not saved ({cause}); choose another folder: {}",
                file.display()
            )),
        }
    }
}
