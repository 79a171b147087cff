//! Writes calls to a file for others, beside everything else: with its progress told, and until it is
//! cancelled. The file appears whole or not at all.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono_tz::Tz;

use super::messages::ExportFormat;
use crate::routing::CallEnd;
use crate::storage::call_log::{LogReader, Record, told};

/// So many calls are read at a time.
const CHUNK: usize = 200;
/// So often the progress is told.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// What is to be written, and where.
pub(super) struct Export {
    pub(super) file: PathBuf,
    pub(super) format: ExportFormat,
    pub(super) ids: Arc<[i64]>,
    pub(super) zone: Tz,
    pub(super) cancelled: Arc<AtomicBool>,
}

/// How it ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// So many calls were written.
    Written(usize),
    Cancelled,
}

impl Export {
    /// Writes the file. `tell` hears how many calls are done.
    pub(super) fn write(&self, log: &LogReader, mut tell: impl FnMut(usize)) -> Result<Ended, String> {
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let unfinished = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
        let unfinished = unfinished.map_err(|error| self.failed(&error))?;
        let mut writer = Writer::begin(BufWriter::new(unfinished), self.format, self.zone)
            .map_err(|error| self.failed(&error))?;
        let mut told_at = Instant::now();
        let mut done = 0;
        for ids in self.ids.chunks(CHUNK) {
            if self.cancelled.load(Ordering::Relaxed) {
                return Ok(Ended::Cancelled);
            }
            let calls = log.records_and_ends(ids).map_err(|error| error.to_string())?;
            for (record, end) in &calls {
                writer.add(record, end.as_ref()).map_err(|error| self.failed(&error))?;
            }
            done += ids.len();
            if told_at.elapsed() >= TELL_EVERY {
                tell(done);
                told_at = Instant::now();
            }
        }
        let unfinished = writer.end().map_err(|error| self.failed(&error))?;
        unfinished.as_file().sync_all().map_err(|error| self.failed(&error))?;
        unfinished.persist(&self.file).map_err(|error| self.failed(&error.error))?;
        Ok(Ended::Written(done))
    }

    fn failed(&self, cause: &std::io::Error) -> String {
        format!("The calls were not saved ({cause}); choose another folder: {}", self.file.display())
    }
}

type File = BufWriter<tempfile::NamedTempFile>;

enum Writer {
    Csv(Box<csv::Writer<File>>, Tz),
    JsonLines(File),
}

impl Writer {
    fn begin(mut file: File, format: ExportFormat, zone: Tz) -> std::io::Result<Self> {
        Ok(match format {
            ExportFormat::JsonLines => Self::JsonLines(file),
            ExportFormat::Csv => {
                // Without this mark spreadsheets take letters beyond ASCII for others.
                file.write_all("\u{feff}".as_bytes())?;
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(told::TITLES)?;
                Self::Csv(Box::new(writer), zone)
            }
        })
    }

    fn add(&mut self, record: &Record, end: Option<&CallEnd>) -> std::io::Result<()> {
        match self {
            Self::Csv(writer, zone) => Ok(writer.write_record(told::row(record, end, zone))?),
            Self::JsonLines(file) => writeln!(file, "{}", told::json(record, end)),
        }
    }

    fn end(self) -> std::io::Result<tempfile::NamedTempFile> {
        let file = match self {
            Self::Csv(writer, _) => writer.into_inner().map_err(csv::IntoInnerError::into_error)?,
            Self::JsonLines(file) => file,
        };
        file.into_inner().map_err(std::io::IntoInnerError::into_error)
    }
}
