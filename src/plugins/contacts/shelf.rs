//! Files of contacts at work: each is read once, however many tables use it, and again when it
//! changes. A save that is half done, locked or gone costs nothing: the last good one stays.
//!
//! A file is looked at each second rather than asking the system for events: those do not come from
//! network shares, and get lost when a program saves by putting another file in the place of the
//! first. Looking costs one question about size and time.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::watch;

use super::book::Book;
use super::settings::Reading;
use super::trouble::{MOST_BYTES, Trouble};
use crate::plugins::{News, NewsOf};

type Files = Mutex<HashMap<Reading, Arc<Shelved>>>;

/// All files at work.
#[derive(Default)]
pub(super) struct Shelf {
    files: Arc<Files>,
    pace: Pace,
}

/// How often things are done.
#[derive(Clone, Copy)]
struct Pace {
    /// How often a file is looked at; one that stays the same from one look to the next is whole.
    look: Duration,
    /// How many looks one that seems to be half a file is waited for.
    patience: u32,
    /// How long a file that nobody uses any more is kept ready.
    kept: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { look: Duration::from_secs(1), patience: 15, kept: Duration::from_mins(1) }
    }
}

/// A file at work.
pub(super) struct Shelved {
    status: watch::Receiver<Status>,
    used: Mutex<Instant>,
    /// Ends the thread that watches it, when dropped.
    _watcher: SyncSender<()>,
}

/// What is known of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Status {
    /// Whether it was tried to read it.
    pub(super) is_tried: bool,
    /// What was read last without anything wrong.
    pub(super) good: Option<Arc<Book>>,
    /// What was read since and cannot be used.
    pub(super) rejected: Option<Arc<Book>>,
    /// What is wrong with the file as it is now.
    pub(super) trouble: Option<Trouble>,
}

impl Shelf {
    /// The file of this reading, which begins to be read now if it is not already.
    pub(super) fn get(&self, reading: Reading, news: &News) -> Arc<Shelved> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(&reading) {
            *file.used.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            return file.clone();
        }
        let (sender, status) = watch::channel(Status::default());
        let (watcher, ended) = sync_channel(1);
        let worker = Worker {
            reading: reading.clone(),
            status: sender,
            news: news.clone(),
            ended,
            files: Arc::downgrade(&self.files),
            pace: self.pace,
        };
        let file = Arc::new(Shelved { status, used: Mutex::new(Instant::now()), _watcher: watcher });
        // Without a thread the status is never tried, and asking says that it is still being read.
        if thread::Builder::new().name("contacts".into()).spawn(move || worker.run()).is_ok() {
            files.insert(reading, file.clone());
        }
        file
    }
}

impl Shelved {
    /// What is known of it, as soon as it was tried to read it.
    pub(super) async fn status(&self) -> Status {
        let mut status = self.status.clone();
        // An error says that nobody reads it any more: what is known stays known.
        let _ = status.wait_for(|status| status.is_tried).await;
        status.borrow().clone()
    }
}

/// What a file's content changes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    saved: Option<SystemTime>,
    /// Another file put in its place has another.
    place: u64,
}

impl Stamp {
    fn of(file: &Path) -> Result<Self, Trouble> {
        let about = std::fs::metadata(file).map_err(|error| Trouble::of(&error))?;
        match about.len() {
            _ if about.is_dir() => Err(Trouble::Folder),
            bytes if bytes > MOST_BYTES => Err(Trouble::TooBig(bytes)),
            bytes => Ok(Self { bytes, saved: about.modified().ok(), place: place(&about) }),
        }
    }
}

#[cfg(unix)]
fn place(about: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn place(_: &Metadata) -> u64 {
    0
}

/// Reads a file and watches it, on a thread of its own, as a share that does not answer must not
/// hold up other files.
struct Worker {
    reading: Reading,
    status: watch::Sender<Status>,
    news: News,
    ended: Receiver<()>,
    files: Weak<Files>,
    pace: Pace,
}

impl Worker {
    fn run(self) {
        let mut before = None;
        let mut looks = 0;
        let mut done = None;
        loop {
            let now = Stamp::of(&self.reading.file);
            looks = if before.as_ref() == Some(&now) { looks + 1 } else { 0 };
            let is_first = before.is_none();
            match &now {
                // A program that puts another file in its place leaves none for a moment.
                Err(trouble) if is_first || looks > 0 => {
                    done = None;
                    self.fail(trouble.clone(), None);
                }
                Ok(stamp) if done != Some(*stamp) && (is_first || looks > 0) => {
                    let takes_half = is_first || looks >= self.pace.patience;
                    done = self.read(*stamp, takes_half).then_some(*stamp);
                }
                _ => {}
            }
            before = Some(now);
            if !self.goes_on() {
                return;
            }
        }
    }

    /// Waits for the next look. Says whether there is to be one.
    fn goes_on(&self) -> bool {
        if self.ended.recv_timeout(self.pace.look) != Err(RecvTimeoutError::Timeout) {
            return false;
        }
        let Some(files) = self.files.upgrade() else { return false };
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        let is_unused = files.get(&self.reading).is_none_or(|file| {
            let used = *file.used.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::strong_count(file) == 1 && used.elapsed() > self.pace.kept
        });
        if is_unused {
            files.remove(&self.reading);
        }
        !is_unused
    }

    /// Reads it as it was at this stamp. Says whether that is settled: then it is not read again until
    /// it changes. One that seems to be half a file is only taken when it stays like this.
    fn read(&self, stamp: Stamp, takes_half: bool) -> bool {
        let file = &self.reading.file;
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.fail(Trouble::of(&error), None);
                return false;
            }
        };
        if Stamp::of(file).as_ref() != Ok(&stamp) {
            return false;
        }
        match Book::read(&bytes, &self.reading, stamp.saved) {
            Ok(book) if book.is_cut_off && !takes_half => return false,
            // Many programs empty a file before they write it anew.
            Err(Trouble::Empty) if !takes_half => return false,
            Ok(book) => match book.trouble.clone() {
                Some(trouble) => self.fail(trouble, Some(Arc::new(book))),
                None => self.take(Arc::new(book)),
            },
            Err(trouble) => self.fail(trouble, None),
        }
        true
    }

    fn take(&self, book: Arc<Book>) {
        let before = self.status.borrow().clone();
        let contacts = super::report::count_words(book.contacts(), "contact");
        self.status.send_replace(Status { is_tried: true, good: Some(book), rejected: None, trouble: None });
        if before.trouble.is_some() && before.good.is_some() {
            self.news.tell(NewsOf::Recovered(format!("{} is in order again, with {contacts}", self.name())));
        } else {
            self.news.tell(NewsOf::Changed);
        }
    }

    fn fail(&self, trouble: Trouble, rejected: Option<Arc<Book>>) {
        let before = self.status.borrow().clone();
        if before.trouble.as_ref() == Some(&trouble) {
            return;
        }
        let kept = before.good.as_ref().map(|book| super::report::count_words(book.contacts(), "contact"));
        let text = format!("{}: {trouble}", self.name());
        self.status.send_replace(Status {
            is_tried: true,
            good: before.good,
            rejected,
            trouble: Some(trouble),
        });
        match kept {
            Some(contacts) => {
                let text = format!("{text}. Until then the {contacts} read before are used");
                self.news.tell(NewsOf::Trouble(text));
            }
            None => self.news.tell(NewsOf::Changed),
        }
    }

    /// The file as people know it.
    fn name(&self) -> String {
        let file = &self.reading.file;
        file.file_name()
            .map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::plugins::contacts::settings::Settings;

    const PATIENCE: Duration = Duration::from_secs(30);

    struct Bench {
        folder: tempfile::TempDir,
        shelf: Shelf,
        news: News,
        told: Arc<Mutex<Vec<String>>>,
    }

    impl Bench {
        fn new() -> Self {
            let told = Arc::<Mutex<Vec<String>>>::default();
            let heard = told.clone();
            let news = News::to(move |news| match news {
                NewsOf::Trouble(text) | NewsOf::Recovered(text) => heard.lock().unwrap().push(text),
                NewsOf::Changed => {}
            });
            let pace = Pace { look: Duration::from_millis(20), patience: 20, kept: Duration::ZERO };
            let shelf = Shelf { files: Arc::default(), pace };
            Self { folder: tempfile::tempdir().unwrap(), shelf, news, told }
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("customers.csv")
        }

        fn open(&self) -> Arc<Shelved> {
            let file = self.path().display().to_string();
            self.shelf.get(Settings { file, ..Settings::default() }.reading("US"), &self.news)
        }

        /// Puts a file in the place of the one before, as many programs save.
        fn save(&self, text: &str) {
            let beside = self.folder.path().join("beside");
            fs::write(&beside, text).unwrap();
            fs::rename(beside, self.path()).unwrap();
        }
    }

    fn until(file: &Shelved, what: &str, wanted: impl Fn(&Status) -> bool) -> Status {
        let end = Instant::now() + PATIENCE;
        loop {
            let status = file.status.borrow().clone();
            if wanted(&status) {
                return status;
            }
            assert!(Instant::now() < end, "waited in vain until {what}: {status:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn name_of(status: &Status) -> Option<String> {
        let book = status.good.as_ref()?;
        Some(book.cell(book.find("+14155552671")?, "Name")?.to_owned())
    }

    #[test]
    fn a_change_is_read_and_the_last_good_one_stays_through_trouble() {
        let bench = Bench::new();
        bench.save("Name,Phone\nAnna,(415) 555-2671\n");
        let file = bench.open();
        until(&file, "it is read", |status| name_of(status).as_deref() == Some("Anna"));
        bench.save("Name,Phone\nBob,(415) 555-2671\n");
        until(&file, "it is read again", |status| name_of(status).as_deref() == Some("Bob"));
        fs::write(bench.path(), "Name,Phone\nCarl,(415) 555-2671\n").unwrap();
        until(&file, "it is read after writing", |status| name_of(status).as_deref() == Some("Carl"));
        assert_eq!(*bench.told.lock().unwrap(), [""; 0], "nobody is told of what is in order");
        for (bytes, trouble) in [
            (Some(&b""[..]), Trouble::Empty),
            (None, Trouble::Gone),
            (Some(b"PK\x03\x04..."), Trouble::OtherKind("a workbook of a spreadsheet")),
            (Some(b"Name,City\nAnna,Berlin\n"), Trouble::NoNumbers),
        ] {
            match bytes {
                Some(bytes) => fs::write(bench.path(), bytes).unwrap(),
                None => fs::remove_file(bench.path()).unwrap(),
            }
            let status =
                until(&file, "the trouble is seen", |status| status.trouble.as_ref() == Some(&trouble));
            assert_eq!(name_of(&status).as_deref(), Some("Carl"), "{trouble:?}");
        }
        bench.save("Name,Phone\nDora,(415) 555-2671\n");
        until(&file, "it is well again", |status| name_of(status).as_deref() == Some("Dora"));
        let told = bench.told.lock().unwrap();
        assert_eq!(
            told.first().unwrap(),
            "customers.csv: the file is empty; save it again, or choose another. Until then the 1 contact read before are used"
        );
        assert_eq!(told.last().unwrap(), "customers.csv is in order again, with 1 contact");
        assert_eq!(told.len(), 5, "{told:?}");
    }

    #[test]
    fn half_a_save_is_waited_for_and_then_taken_as_it_is() {
        let bench = Bench::new();
        bench.save("Name,Phone\nAnna,(415) 555-2671\n");
        let file = bench.open();
        until(&file, "it is read", |status| name_of(status).as_deref() == Some("Anna"));
        let half = "Name,Phone\nBob,(415) 555-2671\nCa";
        fs::write(bench.path(), half).unwrap();
        let begun = Instant::now();
        until(&file, "it is taken after all", |status| name_of(status).as_deref() == Some("Bob"));
        assert!(begun.elapsed() >= Duration::from_millis(20) * 20, "it was waited for");
        fs::write(bench.path(), "").unwrap();
        let begun = Instant::now();
        until(&file, "it is said to be empty", |status| status.trouble == Some(Trouble::Empty));
        assert!(begun.elapsed() >= Duration::from_millis(20) * 20, "it was waited for");
    }

    #[test]
    fn all_who_read_a_file_alike_share_it_and_nobody_watches_it_afterwards() {
        let bench = Bench::new();
        bench.save("Name,Phone\nAnna,(415) 555-2671\n");
        let (one, other) = (bench.open(), bench.open());
        assert!(Arc::ptr_eq(&one, &other));
        drop((one, other));
        let end = Instant::now() + PATIENCE;
        while !bench.shelf.files.lock().unwrap().is_empty() {
            assert!(Instant::now() < end, "it is still watched");
            thread::sleep(Duration::from_millis(5));
        }
    }
}
