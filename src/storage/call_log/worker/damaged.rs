//! What the log's thread does with a log that is damaged, or that a newer program wrote.

use std::time::Instant;
use std::{fs, io};

use chrono::DateTime;
use sha2::{Digest, Sha256};

use super::super::database::{DatabaseError, Place};
use super::super::rescue::{OVER, Rescue, beside};
use super::Worker;
use crate::storage::{Trouble, atomic};

impl Worker {
    /// Goes on with what was not taken over yet when the program ended.
    pub(super) fn go_on_rescuing(&mut self) -> Result<(), DatabaseError> {
        let Place::File(path) = self.place.clone() else { return Ok(()) };
        match Rescue::unfinished(self.database()?, &path) {
            Some(Ok(rescue)) if self.rescue.is_none() => self.rescue = Some(rescue),
            Some(Err(gone)) => {
                self.database()?.connection.execute_batch(OVER)?;
                let message = format!(
                    "What was left of the damaged call log could not be taken over, as its file is gone: {}",
                    gone.display()
                );
                self.told.troubles.send_modify(|troubles| troubles.push(Trouble::new(message)));
            }
            Some(Ok(_)) | None => {}
        }
        Ok(())
    }

    /// Takes over what comes next from a damaged log.
    pub(super) fn rescue_more(&mut self) -> Result<(), DatabaseError> {
        self.database()?;
        let Some((mut rescue, database)) = self.rescue.take().zip(self.database.as_mut()) else {
            return Ok(());
        };
        let is_done = rescue.step(database);
        self.told.bell.news();
        if !matches!(is_done, Ok(true)) {
            self.rescue = Some(rescue);
            return is_done.map(|_| ());
        }
        self.dirty_since.get_or_insert_with(Instant::now);
        let message =
            format!("{} calls of the damaged call log were taken over into the new one", rescue.saved);
        self.told.troubles.send_modify(|troubles| troubles.push(Trouble::kept_at(message, rescue.kept)));
        Ok(())
    }

    /// Keeps a damaged log beside and goes on with what could be saved of it, or a fresh one.
    pub(super) fn put_aside(&mut self, reason: &str) -> Result<(), DatabaseError> {
        let Place::File(path) = self.place.clone() else { return Ok(()) };
        // The open connection may know all that the files no longer do.
        let saved = self.database.take().and_then(|database| database.save_whole(&path));
        let disk = |error: io::Error| DatabaseError::Disk(error.to_string());
        let at = DateTime::from_timestamp_millis(self.last_ms).unwrap_or_default();
        let kept = atomic::name_aside(&path, "corrupt", at);
        let mut is_kept = false;
        // The log itself last: a fresh one beside a leftover WAL would be damaged again.
        for tail in ["-wal", "-shm", ""] {
            match fs::rename(beside(&path, tail), beside(&kept, tail)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(disk(error)),
                moved => is_kept = moved.is_ok(),
            }
        }
        let begun = if let Some(saved) = saved {
            fs::rename(saved, &path).map_err(disk)?;
            "all its calls were saved into a new one"
        } else {
            self.rescue = Rescue::of(&kept);
            "a new one was begun"
        };
        let trouble = if is_kept {
            let message = format!(
                "The call log was damaged ({reason}); {begun}, and the damaged one is kept: {}",
                kept.display()
            );
            Trouble::kept_at(message, kept)
        } else {
            Trouble::new(format!("The call log was damaged ({reason}); {begun}: {}", path.display()))
        };
        self.told.troubles.send_modify(|troubles| troubles.push(trouble));
        Ok(())
    }

    /// For a log that a newer program wrote.
    pub(super) fn stay_in_memory(&mut self) {
        let Place::File(path) = &self.place else { return };
        self.standing = Some(format!(
            "The call log was written by a newer Switchboard and is left untouched, so calls are only logged until the program ends; install the newer program: {}",
            path.display()
        ));
        self.place = Place::Memory(hex::encode(Sha256::digest(path.as_os_str().as_encoded_bytes())));
        self.retry_at = None;
    }
}
