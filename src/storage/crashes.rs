//! What is kept of a part of the program that broke, for its owner to look at: each time in a file of
//! its own under `crashes/`, and never sent anywhere.
//!
//! It tells what broke, when, where in the program, and in which version. Words that a message was
//! put together from are left out, for they may come from a call: no number, name or key gets here.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::{io, thread};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Home, atomic, numbered, read};

const FORMAT: u32 = 1;
/// So many are kept; older ones go.
const KEPT: usize = 20;
/// So many wait to be written; more at once are let go of, for whoever broke must not wait.
const WAITING: usize = 16;
/// So much is kept of a file's place: what is before that tells of the machine it was built on.
const PARTS: usize = 4;
/// Messages of Rust itself that are put together from parts, up to where those parts begin.
const KNOWN: [&str; 8] = [
    "index out of bounds",
    "range start index",
    "range end index",
    "slice index starts at",
    "byte index",
    "called `Result::unwrap()` on an `Err` value",
    "assertion `left == right` failed",
    "attempt to",
];

/// Something that broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crash {
    /// The format of the file.
    pub format: u32,
    /// When it first did.
    pub at: DateTime<Utc>,
    /// The version of the program.
    pub version: String,
    /// What broke.
    pub what: What,
    /// How often in that run of the program, as far as it was noted.
    pub times: u32,
}

/// What broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum What {
    /// The whole program ended.
    Death {
        /// How, in the system's words.
        how: String,
    },
    /// A part of it, and the rest went on.
    Part {
        /// Where in the program: file, line and column.
        place: String,
        /// What that part does all day, by the name of its thread.
        thread: String,
        /// Why, as far as that tells of nobody.
        why: String,
    },
}

impl Crash {
    fn new(what: What, at: DateTime<Utc>) -> Self {
        Self { format: FORMAT, at, version: env!("CARGO_PKG_VERSION").to_owned(), what, times: 1 }
    }

    /// The end of the program; `how` it ended, in the system's words.
    #[must_use]
    pub fn death(how: &str, at: DateTime<Utc>) -> Self {
        Self::new(What::Death { how: how.to_owned() }, at)
    }

    /// What is told of it in a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.what {
            What::Death { how } => format!("The program ended ({how}) and was started again"),
            What::Part { why, .. } => format!("A part of the program broke, and the rest went on: {why}"),
        }
    }

    /// Where it broke, for those who can put it right.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.what {
            What::Death { .. } => format!("version {}", self.version),
            What::Part { place, thread, .. } => {
                format!("{place} (thread “{thread}”), version {}", self.version)
            }
        }
    }

    /// Keeps it. Tells the file.
    pub fn keep(&self, home: &Home) -> io::Result<PathBuf> {
        let folder = home.crashes_folder();
        let number = numbered::highest(&folder) + 1;
        let file = self.write(&folder, number)?;
        for old in numbered::all(&folder).into_iter().skip(KEPT) {
            fs::remove_file(numbered::file(&folder, old))?;
        }
        Ok(file)
    }

    fn write(&self, folder: &Path, number: u32) -> io::Result<PathBuf> {
        let file = numbered::file(folder, number);
        atomic::write_json(&file, self)?;
        Ok(file)
    }

    /// All that is kept, the last one first.
    #[must_use]
    pub fn all(home: &Home) -> Vec<Self> {
        let folder = home.crashes_folder();
        let read = |number| read::read_json(&numbered::file(&folder, number), FORMAT).ok();
        numbered::all(&folder).into_iter().filter_map(read).collect()
    }
}

/// Keeps what breaks in this process from now on, besides what is done about it already. `now` tells the
/// time. What breaks waits for nothing: the disk is another thread's business.
pub fn keep_what_breaks(
    home: &Home,
    now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static,
) -> io::Result<()> {
    let (tell, told) = sync_channel(WAITING);
    let home = home.clone();
    thread::Builder::new().name("crashes".into()).spawn(move || write_all(&home, &told))?;
    let before = take_hook();
    set_hook(Box::new(move |panic| {
        before(panic);
        // When many break at once, the first tell enough.
        let _ = tell.try_send(Crash::new(part(panic), now()));
    }));
    Ok(())
}

/// What breaks in the same place again is the same again.
fn write_all(home: &Home, told: &Receiver<Crash>) {
    let mut known: BTreeMap<String, (PathBuf, Crash)> = BTreeMap::new();
    for crash in told {
        let place = crash.place();
        let kept = match known.get_mut(&place) {
            None => crash.keep(home).map(|file| drop(known.insert(place, (file, crash)))),
            Some((file, first)) => {
                first.times += 1;
                // Ever more seldom, or a fault in each call would keep the disk busy.
                if first.times.is_power_of_two() { atomic::write_json(file, first).map(drop) } else { Ok(()) }
            }
        };
        if let Err(error) = kept {
            tracing::warn!("what broke was not kept: {error}");
        }
    }
}

fn part(panic: &PanicHookInfo<'_>) -> What {
    let payload = panic.payload();
    let why = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        // Written in the program as it is.
        (Some(words), _) => (*words).to_owned(),
        (None, Some(words)) => without_parts(words),
        (None, None) => String::from("for no known reason"),
    };
    let place = panic
        .location()
        .map_or_else(String::new, |at| format!("{}:{}:{}", end_of(at.file()), at.line(), at.column()));
    let thread = thread::current().name().unwrap_or("without a name").to_owned();
    What::Part { place, thread, why }
}

/// A message without what it was put together from.
fn without_parts(words: &str) -> String {
    let known = KNOWN.iter().find(|known| words.starts_with(*known));
    let words = known.map_or("its message is left out, as it may tell of a call", |known| known);
    words.to_owned()
}

/// The end of a file's path, of a crate's from its name on.
fn end_of(file: &str) -> String {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    let registry = parts.windows(2).position(|two| two == ["registry", "src"]);
    let from = registry.map_or(parts.len().saturating_sub(PARTS), |at| at + 3);
    parts.get(from..).unwrap_or_default().join("/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path()).unwrap();
        home.prepare().unwrap();
        (folder, home)
    }

    #[test]
    fn the_last_twenty_are_kept() {
        let (_folder, home) = home();
        for second in 0..30 {
            let at = DateTime::from_timestamp(1_795_000_000 + second, 0).unwrap();
            Crash::death(&format!("signal: {second}"), at).keep(&home).unwrap();
        }
        let all = Crash::all(&home);
        assert_eq!(all.len(), KEPT);
        assert_eq!(all[0].words(), "The program ended (signal: 29) and was started again");
    }

    #[test]
    fn no_word_of_a_call_and_no_folder_of_a_machine_is_kept() {
        let number = "+12135550199";
        for words in [
            format!("no such caller: {number}"),
            format!("called `Result::unwrap()` on an `Err` value: Unknown(\"{number}\")"),
            format!("byte index 3 is not a char boundary; it is inside 'é' of `{number}é`"),
        ] {
            assert!(!without_parts(&words).contains("555"), "{words}");
        }
        assert_eq!(without_parts("index out of bounds: the len is 3 but the index is 7"), KNOWN[0]);
        assert_eq!(end_of("src/ui/app/ui.rs"), "src/ui/app/ui.rs");
        let far = end_of("/home/anna/.cargo/registry/src/host/egui-0.37.0/src/ui.rs");
        assert_eq!(far, "egui-0.37.0/src/ui.rs");
    }

    #[test]
    fn what_breaks_often_is_one_file() {
        let (_folder, home) = home();
        let (tell, told) = sync_channel(100);
        let what = |line: u32| What::Part {
            place: format!("src/a.rs:{line}:1"),
            thread: "service".into(),
            why: "it is".into(),
        };
        for line in [1, 1, 1, 1, 2] {
            tell.send(Crash::new(what(line), DateTime::default())).unwrap();
        }
        drop(tell);
        write_all(&home, &told);
        let times: Vec<u32> = Crash::all(&home).iter().map(|crash| crash.times).collect();
        assert_eq!(times, [1, 4]);
    }
}
