//! The overrides on disk: `overrides.json`, written by the program and by the command line while it
//! runs, and by hand.
//!
//! Changes are made under a lock and upon what the file says at that moment, so that two who change
//! it lose nothing of each other. What cannot be read stays where it is until something is written,
//! and is kept beside then; meanwhile the last good ones count. What the disk refuses counts as
//! long as the program runs.

use std::fs::{File, TryLockError};
use std::io;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{Home, ReadError, Trouble, atomic, read};
use crate::routing::{OVERRIDES_FORMAT, Override, Overrides};

/// How long a change waits for another one to be finished.
const LOCK_WAIT: Duration = Duration::from_secs(3);
const LOCK_POLL: Duration = Duration::from_millis(10);

type Fingerprint = [u8; 32];

/// Keeps `overrides.json`.
#[derive(Debug)]
pub struct OverrideStore {
    file: PathBuf,
    lock_file: PathBuf,
    /// A copy of what could be read last, for a start that finds something else.
    last_good_file: PathBuf,
    /// Fingerprint of the file as it was last taken or written; `None`: there was none.
    known: Option<Fingerprint>,
    /// Fingerprint of content that could not be read and was told of.
    told: Option<Fingerprint>,
    /// The file was not there when it was last looked at. Some editors leave a moment between
    /// taking away the old and putting the new.
    was_missing: bool,
    current: Overrides,
    /// Changed here, but not on the disk.
    unsaved: Vec<Override>,
}

/// A change that was made.
#[derive(Debug)]
pub struct Changed<T> {
    /// What came of it.
    pub value: T,
    /// Why it counts only as long as this program runs, if so.
    pub not_saved: Option<String>,
    /// Something the owner should know of.
    pub trouble: Option<Trouble>,
}

impl OverrideStore {
    /// Reads the overrides; touches nothing.
    #[must_use]
    pub fn open(home: &Home) -> (Self, Option<Trouble>) {
        let mut store = Self {
            file: home.overrides_file(),
            lock_file: home.data.join("overrides.lock"),
            last_good_file: home.data.join("overrides-last-good.json"),
            known: None,
            told: None,
            was_missing: false,
            current: Overrides::default(),
            unsaved: Vec::new(),
        };
        let trouble = match store.load() {
            Ok((print, overrides)) => {
                (store.known, store.current) = (print, overrides);
                None
            }
            Err(error) => {
                store.told = store.fingerprint();
                store.current = read::read_json(&store.last_good_file, OVERRIDES_FORMAT).unwrap_or_default();
                Some(Trouble::new(format!("The closures of the last good file count. {error}")))
            }
        };
        (store, trouble)
    }

    /// Those that count.
    #[must_use]
    pub fn current(&self) -> &Overrides {
        &self.current
    }

    /// Makes a change upon what the file says now. An error of `apply` changes nothing.
    pub fn change<T>(
        &mut self,
        at: DateTime<Utc>,
        apply: impl FnOnce(&mut Overrides) -> Result<T, String>,
    ) -> Result<Changed<T>, String> {
        let lock = self.lock();
        let mut trouble = None;
        let (mut changed, mut refused) = match self.load() {
            Ok((_, overrides)) => (overrides, None),
            Err(ReadError::Bad(error)) => match self.set_aside(at) {
                Ok(kept) => {
                    let told = format!("The closures' file could not be read, and is kept beside. {error}");
                    trouble = Some(Trouble::kept_at(told, kept));
                    (self.current.clone(), None)
                }
                Err(cause) => (self.current.clone(), Some(format!("{error} ({cause})"))),
            },
            Err(error) => (self.current.clone(), Some(error.to_string())),
        };
        for over in &self.unsaved {
            changed.put(over.clone());
        }
        let before = changed.clone();
        let value = apply(&mut changed)?;
        match &lock {
            Ok(_) => {}
            Err(cause) => refused = refused.or(Some(cause.to_string())),
        }
        let written = match refused {
            Some(reason) => Err(reason),
            None => atomic::write_json(&self.file, &changed).map_err(|cause| {
                format!("{cause}; make room or allow writing there: {}", self.file.display())
            }),
        };
        let news = changed.overrides.iter().filter(|over| !before.overrides.contains(over)).cloned();
        let news: Vec<_> = news.collect();
        self.current = changed;
        let not_saved = match written {
            Ok(bytes) => {
                self.known = Some(Sha256::digest(&bytes).into());
                self.unsaved.clear();
                self.keep_last_good();
                None
            }
            Err(reason) => {
                for over in news {
                    self.unsaved.retain(|other| other.id != over.id);
                    self.unsaved.push(over);
                }
                Some(reason)
            }
        };
        Ok(Changed { value, not_saved, trouble })
    }

    /// Takes over what someone else wrote, once per change; `None` if there is nothing new. What
    /// cannot be read stays as it is, as they may be half way through. Cheap enough to ask each second.
    pub fn outside_edit(&mut self) -> Option<Result<(), ReadError>> {
        let now = self.fingerprint();
        if now == self.known || (now.is_some() && now == self.told) {
            self.was_missing = false;
            return None;
        }
        if now.is_none() && !std::mem::replace(&mut self.was_missing, true) {
            return None;
        }
        Some(match self.load() {
            Ok((print, overrides)) => {
                (self.known, self.told) = (print, None);
                self.current = overrides;
                for over in &self.unsaved {
                    self.current.put(over.clone());
                }
                self.keep_last_good();
                Ok(())
            }
            Err(error) => {
                self.told = now;
                Err(error)
            }
        })
    }

    fn load(&self) -> Result<(Option<Fingerprint>, Overrides), ReadError> {
        match read::read_bytes(&self.file) {
            Ok(bytes) => {
                let overrides = read::parse_json(&self.file, &bytes, OVERRIDES_FORMAT)?;
                Ok((Some(Sha256::digest(&bytes).into()), overrides))
            }
            Err(ReadError::Missing { .. }) => Ok((None, Overrides::default())),
            Err(error) => Err(error),
        }
    }

    fn fingerprint(&self) -> Option<Fingerprint> {
        read::read_bytes(&self.file).ok().map(|bytes| Sha256::digest(&bytes).into())
    }

    fn set_aside(&self, at: DateTime<Utc>) -> io::Result<PathBuf> {
        let bytes = std::fs::read(&self.file)?;
        atomic::copy_aside(&self.file, &bytes, "rejected", at)
    }

    /// Keeps a copy of what counts. A failure is no trouble: the file itself is there.
    pub fn keep_last_good(&self) {
        if self.told.is_some() {
            return;
        }
        let kept = read::read_json::<Overrides>(&self.last_good_file, OVERRIDES_FORMAT);
        if kept.as_ref().ok() != Some(&self.current) && (kept.is_ok() || self.known.is_some()) {
            let _ = atomic::write_json(&self.last_good_file, &self.current);
        }
    }

    /// Waits until nobody else changes the file. The system lets go of the lock when the holder ends.
    fn lock(&self) -> io::Result<File> {
        let file = File::options().create(true).truncate(false).write(true).open(&self.lock_file)?;
        let until = Instant::now() + LOCK_WAIT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LOCK_POLL),
                Err(TryLockError::WouldBlock) => {
                    return Err(io::Error::other("another Switchboard is changing the closures; try again"));
                }
                Err(TryLockError::Error(cause)) => return Err(cause),
            }
        }
    }
}
