//! Where the program keeps its files, and who may use them.
//!
//! Knows the folders and the names in them; what the files say is read and written elsewhere.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::atomic;

/// Claimed by the program while it runs.
const LOCK: &str = "switchboard.lock";
/// Claimed by the first process of a start: the guard, also while it starts the program again.
const START_LOCK: &str = "switchboard-start.lock";
/// How long claiming waits for one who only looks whether it is claimed.
const LOOKERS: Duration = Duration::from_millis(200);

/// The environment variable that moves all files to one folder, as `--home` does.
pub const HOME_VARIABLE: &str = "SWITCHBOARD_HOME";

/// The two folders everything lives in; one and the same when the owner named a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// `routing.json`, `settings.json`, `secrets.json`, `plugins/`.
    pub config: PathBuf,
    /// `versions/`, `drafts/`, `planned.json`, `account.json`, `connected.json`, `calls.sqlite3`,
    /// `certificates/`, `logs/`, `crashes/`.
    pub data: PathBuf,
    /// The owner named the folder: nothing may be kept outside it, secrets included.
    pub portable: bool,
}

/// Why the program's folders cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The system names no folder for this user.
    #[error(
        "This computer names no folder for your settings; start Switchboard with --home and a folder of your choice"
    )]
    Nowhere,
    /// A folder cannot be made or written.
    #[error("Switchboard cannot write to its folder ({cause}); allow it there, or start with --home and another folder: {}", folder.display())]
    Unwritable {
        /// The folder meant.
        folder: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Another running program holds these files.
    #[error("Switchboard is already running with these files; use that window, or start with --home and another folder: {}", folder.display())]
    InUse {
        /// The folder whose files are held.
        folder: PathBuf,
    },
}

/// Held while the program runs, so that no second one works on the same files. The system lets go
/// of it when the process ends, however it ends.
#[derive(Debug)]
pub struct HomeLock {
    _file: File,
}

impl Home {
    /// The folder named by the owner (`explicit`, else `SWITCHBOARD_HOME`), else the system's
    /// usual ones for this user. Makes nothing yet.
    pub fn locate(explicit: Option<&Path>) -> Result<Self, HomeError> {
        Self::locate_among(explicit, std::env::var_os(HOME_VARIABLE))
    }

    fn locate_among(explicit: Option<&Path>, variable: Option<OsString>) -> Result<Self, HomeError> {
        let named = explicit
            .map(Path::to_path_buf)
            .or_else(|| variable.filter(|value| !value.is_empty()).map(PathBuf::from));
        if let Some(folder) = named {
            return Self::at(&folder);
        }
        let dirs = directories::ProjectDirs::from("", "", "Switchboard").ok_or(HomeError::Nowhere)?;
        Ok(Self {
            config: dirs.config_dir().to_path_buf(),
            // Not the roaming folder on Windows: a database must not be copied about while in use.
            data: dirs.data_local_dir().to_path_buf(),
            portable: false,
        })
    }

    /// Everything inside `folder`, which need not exist yet.
    pub fn at(folder: &Path) -> Result<Self, HomeError> {
        // Fixed now, so that a later change of the working directory moves nothing.
        let folder = std::path::absolute(folder)
            .map_err(|cause| HomeError::Unwritable { folder: folder.to_path_buf(), cause })?;
        Ok(Self { config: folder.clone(), data: folder, portable: true })
    }

    /// The draft of the table.
    #[must_use]
    pub fn routing_file(&self) -> PathBuf {
        self.config.join("routing.json")
    }

    /// What stands above the rules for a time.
    #[must_use]
    pub fn overrides_file(&self) -> PathBuf {
        self.config.join("overrides.json")
    }

    /// Calls to try, by name.
    #[must_use]
    pub fn presets_file(&self) -> PathBuf {
        self.config.join("presets.json")
    }

    /// How the program itself is set up.
    #[must_use]
    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.json")
    }

    /// API keys, where the system's own key store is not used.
    #[must_use]
    pub fn secrets_file(&self) -> PathBuf {
        self.config.join("secrets.json")
    }

    /// Dropped-in plugins, a folder each.
    #[must_use]
    pub fn plugins_folder(&self) -> PathBuf {
        self.config.join("plugins")
    }

    /// What the owner allowed dropped-in plugins and told them.
    #[must_use]
    pub fn plugins_file(&self) -> PathBuf {
        self.config.join("plugins.json")
    }

    /// Published versions of the table.
    #[must_use]
    pub fn versions_folder(&self) -> PathBuf {
        self.data.join("versions")
    }

    /// Drafts that were set aside.
    #[must_use]
    pub fn drafts_folder(&self) -> PathBuf {
        self.data.join("drafts")
    }

    /// What is planned to be published.
    #[must_use]
    pub fn planned_file(&self) -> PathBuf {
        self.data.join("planned.json")
    }

    /// What Retell told of the owner's account.
    #[must_use]
    pub fn account_file(&self) -> PathBuf {
        self.data.join("account.json")
    }

    /// Which lines were connected at Retell from here.
    #[must_use]
    pub fn connected_file(&self) -> PathBuf {
        self.data.join("connected.json")
    }

    /// Keys and certificates that this computer got by itself.
    #[must_use]
    pub fn certificates_folder(&self) -> PathBuf {
        self.data.join("certificates")
    }

    /// When calls arrived, and when they did not.
    #[must_use]
    pub fn outages_file(&self) -> PathBuf {
        self.data.join("outages.json")
    }

    /// There while calls are answered without the window; for the guard's next start.
    #[must_use]
    pub fn background_mark(&self) -> PathBuf {
        self.data.join("window-closed")
    }

    /// The call log.
    #[must_use]
    pub fn calls_file(&self) -> PathBuf {
        self.data.join("calls.sqlite3")
    }

    /// The words that calls are found by, made from the call log and made anew if it is gone.
    #[must_use]
    pub fn search_file(&self) -> PathBuf {
        self.data.join("calls-search.sqlite3")
    }

    /// What is known of parts of the program that broke.
    #[must_use]
    pub fn crashes_folder(&self) -> PathBuf {
        self.data.join("crashes")
    }

    /// What the program says of its own running.
    #[must_use]
    pub fn logs_folder(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// Where what runs on this computer asks the running program, where sockets are files.
    #[must_use]
    pub fn local_socket(&self) -> PathBuf {
        self.data.join("switchboard.socket")
    }

    /// Makes the folders, for this user's eyes only, and makes sure they can be written to.
    /// Folders that are already there keep the permissions their owner gave them.
    pub fn prepare(&self) -> Result<(), HomeError> {
        let folders = [
            self.config.clone(),
            self.data.clone(),
            self.plugins_folder(),
            self.versions_folder(),
            self.drafts_folder(),
            self.logs_folder(),
            self.crashes_folder(),
            self.certificates_folder(),
        ];
        for folder in folders {
            make_private(&folder)
                .and_then(|()| tempfile::tempfile_in(&folder).map(drop))
                .map_err(|cause| HomeError::Unwritable { folder, cause })?;
        }
        Ok(())
    }

    /// Whether a running program has claimed these files.
    #[must_use]
    pub fn is_in_use(&self) -> bool {
        let opened = File::options().write(true).open(self.data.join(LOCK));
        opened.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Claims these files for this process, and clears away what a crash left half written.
    pub fn lock(&self) -> Result<HomeLock, HomeError> {
        let lock = self.claim(LOCK, LOOKERS)?;
        atomic::sweep(&self.config);
        for folder in [
            &self.data,
            &self.versions_folder(),
            &self.drafts_folder(),
            &self.crashes_folder(),
            &self.certificates_folder(),
        ] {
            atomic::sweep(folder);
        }
        Ok(lock)
    }

    /// Claims starts on these files for this process, which starts the program again when it breaks
    /// off: so that no other start gets in between.
    pub fn lock_starts(&self) -> Result<HomeLock, HomeError> {
        self.claim(START_LOCK, Duration::ZERO)
    }

    fn claim(&self, name: &str, patience: Duration) -> Result<HomeLock, HomeError> {
        let folder = self.data.clone();
        let opened = File::options().create(true).truncate(false).write(true).open(folder.join(name));
        let file = match opened {
            Ok(file) => file,
            Err(cause) => return Err(HomeError::Unwritable { folder, cause }),
        };
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(HomeLock { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LOOKERS / 20),
                Err(TryLockError::WouldBlock) => return Err(HomeError::InUse { folder }),
                Err(TryLockError::Error(cause)) => return Err(HomeError::Unwritable { folder, cause }),
            }
        }
    }
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn the_command_line_wins_over_the_variable_which_wins_over_the_system() {
        let (line, variable) = (Path::new("/a"), Some(OsString::from("/b")));
        let home = |explicit, variable| Home::locate_among(explicit, variable);

        assert_eq!(home(Some(line), variable.clone()).unwrap().config, Path::new("/a"));
        assert_eq!(home(None, variable).unwrap().data, Path::new("/b"));
        if let Ok(usual) = home(None, Some(OsString::new())) {
            assert!(!usual.portable, "an empty variable is as good as none");
        }
    }

    #[test]
    fn a_folder_named_in_part_does_not_move_with_the_working_directory() {
        assert!(Home::at(Path::new("here")).unwrap().config.is_absolute());
    }
}
