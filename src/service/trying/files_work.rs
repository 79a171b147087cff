//! Tries all requests in files for the window, and tells it part by part what came of them.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::FutureExt;
use tokio::task::spawn_blocking;

use super::batch::{Batch, try_requests};
use super::bench::Job;
use super::files::read_requests_while;
use super::messages::{BenchEvent, FileTried, FilesPart};
use crate::plugins::Registry;
use crate::routing::Table;
use crate::service::Feed;
use crate::service::control::BROKEN;
use crate::service::live::Live;
use crate::service::messages::Event;

/// So many rows go to the window at a time.
const ROWS: usize = 100;

/// Which files, and what their requests are tried against.
pub(super) struct FilesWork {
    pub(super) run: u64,
    pub(super) paths: Vec<PathBuf>,
    /// Takes the place of the live table, if it is there.
    pub(super) draft: Option<Arc<Table>>,
    pub(super) batch: Batch,
    pub(super) registry: Arc<Registry>,
    pub(super) feed: Feed,
    pub(super) job: Job,
}

impl FilesWork {
    /// Reads them and tries what is in them until it is stopped. Whatever breaks, a last part is told.
    pub(super) async fn run(self) {
        // There may be much to read, and once the window knows of it, it can be stopped.
        self.tell(self.part(None, Vec::new()));
        let ended = AssertUnwindSafe(self.work()).catch_unwind().await;
        let last = ended.unwrap_or_else(|_panic| Err(BROKEN.to_owned()));
        let last = last.unwrap_or_else(|why| FilesPart { why_not: Some(why), ..self.part(None, Vec::new()) });
        self.tell(FilesPart { is_done: true, ..last });
    }

    /// Gives the last part, or why there is none.
    async fn work(&self) -> Result<FilesPart, String> {
        let batch = match &self.draft {
            Some(draft) => Batch { live: self.at_work(draft)?, ..self.batch.clone() },
            None => self.batch.clone(),
        };
        let (paths, job) = (self.paths.clone(), self.job.clone());
        let read = spawn_blocking(move || read_requests_while(&paths, &|| job.is_on())).await;
        let requests = read.map_err(|_panic| BROKEN.to_owned())?;
        if !self.job.is_on() {
            return Err("It was stopped while the files were read".to_owned());
        }
        let total = Some(requests.len());
        self.tell(self.part(total, Vec::new()));
        let mut rows = Vec::new();
        try_requests(&batch, requests, |tried| {
            rows.push(tried);
            if rows.len() >= ROWS {
                self.tell(self.part(total, std::mem::take(&mut rows)));
            }
            self.job.is_on()
        })
        .await;
        Ok(self.part(total, rows))
    }

    fn at_work(&self, draft: &Arc<Table>) -> Result<Arc<Live>, String> {
        let built = Live::build(0, draft.clone(), &self.registry);
        built.map(Arc::new).map_err(|problems| {
            let first = problems.first().map(ToString::to_string).unwrap_or_default();
            format!("The draft cannot decide calls yet: {first}")
        })
    }

    fn part(&self, total: Option<usize>, rows: Vec<FileTried>) -> FilesPart {
        FilesPart { run: self.run, total, rows, ..FilesPart::default() }
    }

    fn tell(&self, part: FilesPart) {
        self.feed.send(Event::Bench(BenchEvent::Files(part)));
    }
}
