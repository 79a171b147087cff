//! What the window knows of the test bench, besides the last trials.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::plugins::Person;
use crate::retell::diagnosis::Diagnosis;
use crate::service::messages::{BenchEvent, BurstPart, FileTried, FilesPart};
use crate::storage::Preset;

/// What was told of the test bench.
#[derive(Default)]
pub struct Benched {
    /// Calls to try, by name.
    pub presets: Vec<Preset>,
    /// The words that people were looked for by last, and who was found.
    pub people: Option<(String, Vec<Person>)>,
    /// The files that were tried last.
    pub files: Option<FilesRun>,
    /// What is to be said of the signature that was looked into last.
    pub signature: Option<Diagnosis>,
    /// How many signatures were looked into.
    pub signatures: u64,
    /// The last burst of calls.
    pub burst: Option<BurstRun>,
    /// How many pieces of work were begun.
    runs: AtomicU64,
}

/// What came of requests in files so far.
#[derive(Debug, Default)]
pub struct FilesRun {
    /// The number that they were asked for with.
    pub run: u64,
    /// How many there are, once that is known.
    pub total: Option<usize>,
    /// Those that were tried.
    pub rows: Vec<FileTried>,
    /// Why none were tried, or no more.
    pub why_not: Option<String>,
    /// There are no more to come.
    pub is_done: bool,
}

/// How the calls of a burst went so far.
#[derive(Debug, Default)]
pub struct BurstRun {
    /// The number that it was asked for with.
    pub run: u64,
    /// How many calls there are.
    pub total: u32,
    /// How long those took that were answered, in microseconds, the quickest first.
    pub sorted_us: Vec<u64>,
    /// Why others got no answer, and how many.
    pub failed: BTreeMap<String, usize>,
    /// There are no more to come.
    pub is_done: bool,
    /// How long it took in all.
    pub seconds: f64,
}

impl Benched {
    /// A number for a new piece of work.
    #[must_use]
    pub fn next_run(&self) -> u64 {
        self.runs.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Takes in what was told.
    pub fn hear(&mut self, event: BenchEvent) {
        match event {
            BenchEvent::People { words, people } => self.people = Some((words, people)),
            BenchEvent::Presets(presets) => self.presets = presets,
            BenchEvent::Files(part) => self.hear_files(part),
            BenchEvent::Signature(found) => {
                self.signature = Some(found);
                self.signatures += 1;
            }
            BenchEvent::Burst(part) => self.hear_burst(part),
        }
    }

    /// Whether a part is of the newest work of its kind that this window asked for; `known` is the last
    /// that it heard of. A late part of what was asked for before must not take its place.
    fn is_newest(&self, run: u64, known: Option<u64>) -> bool {
        run <= self.runs.load(Ordering::Relaxed) && known.is_none_or(|known| known <= run)
    }

    fn hear_files(&mut self, FilesPart { run, total, rows, why_not, is_done }: FilesPart) {
        if !self.is_newest(run, self.files.as_ref().map(|files| files.run)) {
            return;
        }
        let files = match &mut self.files {
            Some(files) if files.run == run => files,
            other => other.insert(FilesRun { run, ..FilesRun::default() }),
        };
        files.total = total;
        files.rows.extend(rows);
        (files.why_not, files.is_done) = (why_not, is_done);
    }

    fn hear_burst(&mut self, BurstPart { run, total, took_us, failed, is_done, seconds }: BurstPart) {
        if !self.is_newest(run, self.burst.as_ref().map(|burst| burst.run)) {
            return;
        }
        let burst = match &mut self.burst {
            Some(burst) if burst.run == run => burst,
            other => other.insert(BurstRun { run, ..BurstRun::default() }),
        };
        burst.total = total;
        burst.sorted_us.extend(took_us);
        burst.sorted_us.sort_unstable();
        for why in failed {
            *burst.failed.entry(why).or_default() += 1;
        }
        (burst.is_done, burst.seconds) = (is_done, seconds);
    }
}
