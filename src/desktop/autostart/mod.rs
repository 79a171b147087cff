//! Starts with the computer, without its window. What the system has is what counts, so that switching
//! it off there is honoured; at each start it is looked whether it still leads to this program.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(not(any(windows, target_os = "macos")), path = "linux.rs")]
mod system;

use std::io;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::storage::Home;

use system::Entries;

/// Whether the program starts with the computer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Starts {
    /// It was not looked yet.
    #[default]
    Unknown,
    /// It does not.
    No,
    /// It does.
    Yes,
    /// Another copy of the program does, with the same files.
    Another(PathBuf),
    /// It cannot be had here, for this reason.
    Refused(String),
}

/// What the system is to start.
#[derive(Clone, Debug)]
struct Entry {
    /// Tells it from those of other folders.
    name: String,
    program: PathBuf,
    arguments: Vec<String>,
}

/// What the system has under that name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    program: PathBuf,
    /// It was not switched off in the system's own settings.
    is_on: bool,
    /// It is what would be written now.
    is_ours: bool,
}

/// Sees to it that the program starts with the computer.
#[derive(Debug)]
pub struct Autostart {
    entry: Entry,
    entries: Option<Entries>,
}

impl Autostart {
    /// For this program with these files.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        // The program inside of an AppImage lies at another place each time.
        let image = std::env::var_os("APPIMAGE").map(PathBuf::from);
        let program = image.or_else(|| std::env::current_exe().ok()).unwrap_or_default();
        Self::new(home, program, Entries::of_user())
    }

    fn new(home: &Home, program: PathBuf, entries: Option<Entries>) -> Self {
        let (mut name, mut arguments) = ("switchboard".to_owned(), vec!["--hidden".to_owned()]);
        if home.portable {
            let folder = home.data.to_string_lossy().into_owned();
            let short = hex::encode(&Sha256::digest(folder.as_bytes())[..4]);
            name = format!("switchboard-{short}");
            arguments.extend(["--home".to_owned(), folder]);
        }
        Self { entry: Entry { name, program, arguments }, entries }
    }

    /// Whether it does, after putting right what a move of the program or a newer version made wrong.
    #[must_use]
    pub fn check(&self) -> Starts {
        self.tell(|entries| match entries.find(&self.entry)? {
            Some(found) if found.is_on && !found.is_ours => {
                if found.program != self.entry.program && found.program.exists() {
                    return Ok(Starts::Another(found.program));
                }
                entries.write(&self.entry)?;
                Ok(Starts::Yes)
            }
            Some(Found { is_on: true, .. }) => Ok(Starts::Yes),
            _ => Ok(Starts::No),
        })
    }

    /// From now on it does, or does not.
    #[must_use]
    pub fn set(&self, on: bool) -> Starts {
        self.tell(|entries| {
            if on {
                entries.write(&self.entry)?;
            } else {
                entries.remove(&self.entry)?;
            }
            Ok(if on { Starts::Yes } else { Starts::No })
        })
    }

    fn tell(&self, look: impl FnOnce(&Entries) -> io::Result<Starts>) -> Starts {
        match &self.entries {
            None => Starts::Refused("the system names no place for it".to_owned()),
            Some(entries) => look(entries).unwrap_or_else(|cause| Starts::Refused(cause.to_string())),
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    fn autostart(folder: &std::path::Path, program: &str) -> Autostart {
        let home = Home::at(&folder.join("my \"files\" $HOME 100%")).unwrap();
        Autostart::new(&home, folder.join(program), Some(Entries::at(&folder.join("autostart"))))
    }

    #[test]
    fn it_is_switched_on_and_off_and_what_the_system_says_counts() {
        let folder = tempfile::tempdir().unwrap();
        let ours = autostart(folder.path(), "switchboard");
        assert_eq!(ours.check(), Starts::No);
        assert_eq!((ours.set(true), ours.check()), (Starts::Yes, Starts::Yes));
        let file = fs::read_dir(folder.path().join("autostart")).unwrap().next().unwrap().unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("--hidden") && text.contains(r#"\\"files\\" \\$HOME 100%%""#), "{text}");
        // As desktops do when it is switched off in their own settings.
        fs::write(&file, text.clone() + "Hidden=true\n").unwrap();
        assert_eq!(ours.check(), Starts::No);
        fs::write(&file, text.replace("enabled=true", "enabled=false")).unwrap();
        assert_eq!(ours.check(), Starts::No);
        assert_eq!((ours.set(true), ours.check()), (Starts::Yes, Starts::Yes));
        assert_eq!((ours.set(false), ours.check()), (Starts::No, Starts::No));
        assert!(!file.exists());
        assert_eq!(ours.set(false), Starts::No);
    }

    #[test]
    fn a_program_that_was_moved_is_found_and_another_copy_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (before, after) = (autostart(folder.path(), "old place"), autostart(folder.path(), "new"));
        fs::write(folder.path().join("old place"), "").unwrap();
        assert_eq!(before.set(true), Starts::Yes);
        assert_eq!(after.check(), Starts::Another(folder.path().join("old place")));
        assert_eq!(before.check(), Starts::Yes);
        fs::remove_file(folder.path().join("old place")).unwrap();
        assert_eq!(after.check(), Starts::Yes);
        let file = fs::read_dir(folder.path().join("autostart")).unwrap().next().unwrap().unwrap().path();
        assert!(fs::read_to_string(file).unwrap().contains("/new\""));
    }

    #[test]
    fn where_nothing_can_be_written_it_is_said() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("autostart"), "a file in the way").unwrap();
        assert!(matches!(autostart(folder.path(), "x").set(true), Starts::Refused(_)));
    }
}
