//! Asking for a file. The system's own dialog where there is one, on a thread of its own so that
//! the window goes on; where there is none, a dialog of ours that asks for the path as text.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use egui::{Context, Ui};
use rfd::AsyncFileDialog;

use super::{FileWish, HoursFile, SettingFile};
use crate::routing::grouped;
use crate::service::messages::ExportFormat;
use crate::ui::widgets::{Button, Dialog, Field, TextField};

/// No person closes a dialog sooner than this after asking for it: there was none.
const TOO_SOON: Duration = Duration::from_millis(400);
/// The name that is offered for an exported table.
const FILE_NAME: &str = "routing.json";
/// The name that is offered for a picture of the numbers.
const PICTURE_NAME: &str = "calls.png";
const REPORT_NAME: &str = "switchboard-diagnostics.zip";
const TO_WRITE: &str = "The file to write; one that exists is replaced";

/// What a file is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// To read a table from.
    Import,
    /// To write the draft to.
    Export,
    /// To read the hours of the schedule with this id from.
    OpenHours(String),
    /// To write hours to.
    SaveHours(HoursFile),
    /// To write these calls to.
    ExportCalls(ExportFormat, Arc<[i64]>),
    /// To write what helps those who help to.
    SaveDiagnostics,
    /// To write a picture of the numbers of the calls to.
    SaveNumbers,
    /// For a look-up to read from.
    LookUp(FileWish),
    /// For a setting of a plugin.
    Setting(SettingFile),
    /// To add a plugin from, a zip file or a folder.
    Plugin { folder: bool },
    /// To try the requests in it, or in the files of a folder.
    Try { folder: bool },
}

impl Wish {
    fn title(&self) -> String {
        match self {
            Self::Import => "Import a table".to_owned(),
            Self::Export => "Export the table".to_owned(),
            Self::OpenHours(_) => "Open hours from a file".to_owned(),
            Self::SaveHours(_) => "Save the hours as a file".to_owned(),
            Self::ExportCalls(_, ids) => format!("Save {} calls as a file", grouped(ids.len())),
            Self::SaveDiagnostics => "Save a report for support".to_owned(),
            Self::SaveNumbers => "Save the numbers as a picture".to_owned(),
            Self::Try { folder: false } => "Choose a file of requests".to_owned(),
            Self::Try { folder: true } => "Choose a folder of requests".to_owned(),
            Self::Plugin { folder: false } => "Choose the zip file of a plugin".to_owned(),
            Self::Plugin { folder: true } => "Choose the folder of a plugin".to_owned(),
            Self::LookUp(wish) => format!("Choose a file of {}", wish.what.to_lowercase()),
            Self::Setting(setting) => format!("Choose a file for “{}”", setting.title),
        }
    }

    /// The word that does it, what to choose, and how such a path looks.
    fn words(&self) -> (&'static str, &'static str, String) {
        match self {
            Self::Import => ("Import", "The file that holds the table", example(FILE_NAME)),
            Self::Export => ("Export", TO_WRITE, example(FILE_NAME)),
            Self::OpenHours(_) => ("Open", "The file that holds the hours", example("hours.txt")),
            Self::SaveHours(hours) => ("Save", TO_WRITE, example(&hours.name)),
            Self::ExportCalls(format, _) => ("Save", TO_WRITE, example(calls_name(*format))),
            Self::SaveDiagnostics => ("Save", TO_WRITE, example(REPORT_NAME)),
            Self::SaveNumbers => ("Save", TO_WRITE, example(PICTURE_NAME)),
            Self::Try { folder: false } => ("Try", "The file that holds requests", example("calls.har")),
            Self::Try { folder: true } => {
                ("Try", "The folder that holds files of requests", example("calls"))
            }
            Self::Plugin { folder: false } => {
                ("Add", "The zip file that holds the plugin", example("acme_crm.zip"))
            }
            Self::Plugin { folder: true } => {
                ("Add", "The folder that holds plugin.toml", example("acme_crm"))
            }
            Self::Setting(_) => ("Choose", "The file to read", example("data.csv")),
            Self::LookUp(wish) => {
                let ending = wish.endings.first().copied().unwrap_or_default();
                ("Choose", "The file to read", example(&format!("{}.{ending}", wish.what.to_lowercase())))
            }
        }
    }
}

fn calls_name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "calls.csv",
        ExportFormat::JsonLines => "calls.jsonl",
    }
}

fn example(name: &str) -> String {
    format!("/home/you/{name}")
}

enum Answer {
    File(PathBuf),
    Cancelled,
    NoDialog,
}

/// What is being asked for.
#[derive(Default)]
enum Asking {
    #[default]
    Nothing,
    System(Wish, Receiver<Answer>),
    Typed(Wish, String),
}

/// Asks for files, one at a time.
pub(super) struct Files {
    asking: Asking,
    system_dialogs: bool,
}

impl Default for Files {
    fn default() -> Self {
        Self { asking: Asking::Nothing, system_dialogs: true }
    }
}

impl Files {
    /// From now on paths are typed, even where the system has dialogs.
    pub(super) fn type_paths(&mut self) {
        self.system_dialogs = false;
    }

    /// Asks for nothing any longer.
    pub(super) fn close(&mut self) {
        self.asking = Asking::Nothing;
    }

    /// Begins to ask, unless something is being asked already.
    pub(super) fn ask(&mut self, ctx: &Context, wish: Wish) {
        if !matches!(self.asking, Asking::Nothing) {
            return;
        }
        let asked = self.system_dialogs.then(|| ask_system(ctx, &wish)).flatten();
        self.asking = match asked {
            Some(answer) => Asking::System(wish, answer),
            None => Asking::Typed(wish, String::new()),
        };
    }

    /// The file, once the system's dialog has given one.
    pub(super) fn chosen(&mut self) -> Option<(Wish, PathBuf)> {
        let Asking::System(wish, answer) = &self.asking else { return None };
        match answer.try_recv() {
            Err(TryRecvError::Empty) => None,
            Ok(Answer::NoDialog) => {
                self.asking = Asking::Typed(wish.clone(), String::new());
                None
            }
            Ok(Answer::Cancelled) | Err(TryRecvError::Disconnected) => {
                self.asking = Asking::Nothing;
                None
            }
            Ok(Answer::File(file)) => {
                let wish = wish.clone();
                self.asking = Asking::Nothing;
                Some((wish, file))
            }
        }
    }

    /// Draws our own dialog while it is open; gives the file once there is one.
    pub(super) fn ui(&mut self, ui: &Ui) -> Option<(Wish, PathBuf)> {
        let Asking::Typed(wish, path) = &mut self.asking else { return None };
        let (title, (yes, help, hint)) = (wish.title(), wish.words());
        let (fits, error) = (file_of(path).is_some(), unfit(path));
        let ((), pressed, close) = Dialog::new(&title).width(520.0).show(
            ui,
            |ui| {
                let help = format!("{help}. This computer shows no file dialogs, so type its whole path");
                let field = Field::new("Path of the file").help(&help).error(error);
                let field = field.show(ui, |ui| ui.add(TextField::new(path).hint(&hint).mono()));
                if ui.memory(|memory| memory.focused().is_none()) {
                    field.request_focus();
                }
            },
            |ui| {
                let yes = ui.add_enabled(fits, Button::primary(yes)).clicked();
                let enter = fits && ui.input(|input| input.key_pressed(egui::Key::Enter));
                let no = ui.add(Button::secondary("Cancel")).clicked();
                if yes || enter { Some(true) } else { no.then_some(false) }
            },
        );
        let answer = pressed.or(close.then_some(false))?;
        let (wish, file) = (wish.clone(), file_of(path));
        self.asking = Asking::Nothing;
        if answer { file.map(|file| (wish, file)) } else { None }
    }
}

fn file_of(path: &str) -> Option<PathBuf> {
    let path = Path::new(path.trim().trim_matches('"'));
    path.is_absolute().then(|| path.to_path_buf())
}

fn unfit(path: &str) -> Option<&'static str> {
    let begun = !path.trim().is_empty();
    (begun && file_of(path).is_none()).then_some("Type the whole path, beginning with the top folder")
}

fn ask_system(ctx: &Context, wish: &Wish) -> Option<Receiver<Answer>> {
    let dialog = AsyncFileDialog::new().set_title(wish.title());
    let (sender, answer) = sync_channel(1);
    let ctx = ctx.clone();
    // Some systems want a dialog to be begun where the window is; waiting is for another thread.
    let table = |dialog: AsyncFileDialog| dialog.add_filter("Table", &["json"]).set_file_name(FILE_NAME);
    let hours = |dialog: AsyncFileDialog| dialog.add_filter("Opening hours", &["txt"]);
    let waiting = match wish {
        Wish::Import => wait_elsewhere(table(dialog).pick_file(), sender, ctx),
        Wish::Export => wait_elsewhere(table(dialog).save_file(), sender, ctx),
        Wish::OpenHours(_) => {
            let dialog = hours(dialog).add_filter("All files", &["*"]);
            wait_elsewhere(dialog.pick_file(), sender, ctx)
        }
        Wish::SaveHours(wish) => {
            wait_elsewhere(hours(dialog).set_file_name(&wish.name).save_file(), sender, ctx)
        }
        Wish::ExportCalls(format, _) => {
            wait_elsewhere(dialog.set_file_name(calls_name(*format)).save_file(), sender, ctx)
        }
        Wish::SaveDiagnostics => {
            let dialog = dialog.add_filter("Zip file", &["zip"]).set_file_name(REPORT_NAME);
            wait_elsewhere(dialog.save_file(), sender, ctx)
        }
        Wish::SaveNumbers => {
            let dialog = dialog.add_filter("Picture", &["png"]).set_file_name(PICTURE_NAME);
            wait_elsewhere(dialog.save_file(), sender, ctx)
        }
        Wish::Plugin { folder: false } => {
            wait_elsewhere(dialog.add_filter("Plugin", &["zip"]).pick_file(), sender, ctx)
        }
        Wish::Plugin { folder: true } | Wish::Try { folder: true } => {
            wait_elsewhere(dialog.pick_folder(), sender, ctx)
        }
        Wish::Try { folder: false } => {
            let endings = ["json", "jsonl", "har", "txt", "sh"];
            let dialog = dialog.add_filter("Requests", &endings).add_filter("All files", &["*"]);
            wait_elsewhere(dialog.pick_file(), sender, ctx)
        }
        Wish::Setting(_) => wait_elsewhere(dialog.pick_file(), sender, ctx),
        Wish::LookUp(wish) => {
            let dialog = dialog.add_filter(wish.what, wish.endings).add_filter("All files", &["*"]);
            wait_elsewhere(dialog.pick_file(), sender, ctx)
        }
    };
    waiting.then_some(answer)
}

fn wait_elsewhere(
    asked: impl Future<Output = Option<rfd::FileHandle>> + Send + 'static,
    answer: SyncSender<Answer>,
    ctx: Context,
) -> bool {
    let wait = move || {
        let started = Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let file = runtime.ok().and_then(|runtime| runtime.block_on(asked));
        let said = match file {
            Some(file) => Answer::File(file.path().to_path_buf()),
            None if started.elapsed() < TOO_SOON => Answer::NoDialog,
            None => Answer::Cancelled,
        };
        // The window may be gone by now.
        let _ = answer.send(said);
        ctx.request_repaint();
    };
    thread::Builder::new().name("file-dialog".into()).spawn(wait).is_ok()
}
