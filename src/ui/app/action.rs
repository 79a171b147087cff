//! What a person did on a screen, as it leaves it: the app's logic makes of it a change of the draft, a
//! command for the service, or a way to another screen.

use std::sync::Arc;

use crate::desktop::Wish;
use crate::routing::Table;
use crate::service::messages::{Command, ExportFormat, Note};
use crate::ui::at_retell::ChangeWish;
use crate::ui::closures::ClosingStart;
use crate::ui::widgets::shell::Place;

/// What a person did.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "made once a click, so its size does not matter")]
pub enum Action {
    /// Changed the draft. The words name the step for undo: "Delete rule “Block list”".
    Edit {
        /// What was done.
        what: String,
        /// The draft as it is now.
        table: Table,
    },
    /// Takes back the last edit.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Asks the service for something.
    Send(Command),
    /// Goes to another screen.
    Go(Place),
    /// Shows the guided start.
    OpenGuidedStart,
    /// Goes to the routes screen and opens this rule.
    OpenRule(String),
    /// Goes to the routes screen and opens what happens to all other calls.
    OpenFallback,
    /// Goes to the routes screen and opens this test case; all of them, without one.
    OpenTest(Option<String>),
    /// Goes to the routes screen and shows which past calls the draft would answer otherwise.
    OpenBacktest,
    /// Goes to the routes screen and opens the look-up in use with this id.
    OpenLookUp(String),
    /// Goes to the routes screen and shows all that the checks say.
    OpenChecks,
    /// Goes to the routes screen and shows all versions of the table.
    OpenVersions,
    /// Goes to the routes screen and shows this version of the table.
    OpenVersion(u32),
    /// Opens "Try a call" filled in like this payload, for the moment that it tells, or else this one (in ms
    /// since 1970 UTC).
    TryPayload(String, i64),
    /// The same with a payload that tells its moment, against the draft (`true`) or the live table.
    TryAgainst(String, bool),
    /// Goes to the routes screen and shows who answers when.
    OpenWeek,
    /// Copies a text, and says so.
    Copy(String),
    /// Tells the owner something.
    Tell(Note),
    /// Asks for a file, then imports the table in it.
    ImportTable,
    /// Asks for a file, then writes the draft to it.
    ExportTable,
    /// Asks for a file, then reads the hours of the schedule with this id from it.
    OpenHours(String),
    /// Asks for a file, then writes hours to it.
    SaveHours(HoursFile),
    /// Asks for a file, then writes these calls to it.
    ExportCalls(ExportFormat, Arc<[i64]>),
    /// Asks for a file, then saves to it what helps those who help.
    SaveDiagnostics,
    /// Asks for a file, then writes the numbers of the calls to it as a picture.
    SaveNumbers,
    /// Asks for a file of requests, or a folder of such files, then tries them.
    ChooseToTry {
        /// A folder, not a file.
        folder: bool,
    },
    /// Asks for a file that a look-up reads, then puts its path into the settings.
    ChooseFile(FileWish),
    /// Asks for a file, then fills its path into a setting of a plugin.
    ChooseSetting(SettingFile),
    /// Asks for a plugin, a zip file or a folder, then adds it.
    ChoosePlugin {
        /// A folder, not a file.
        folder: bool,
    },
    /// Opens the publish dialog.
    Publish,
    /// Asks, then puts the live table in the place of the draft.
    Discard,
    /// Opens the dialog that closes lines for a time, or sends everything to one agent. Filled in
    /// like this, if so.
    Close(Option<ClosingStart>),
    /// Shows what stands above the rules, now and to come, and what did lately.
    ShowClosures,
    /// Shows what would change at Retell, and changes it once that is agreed to.
    ChangeAtRetell(ChangeWish),
    /// Asks something of the desktop.
    Desktop(Wish),
    /// Answers calls on, without the window.
    ToBackground,
    /// Asks whether to quit.
    AskToQuit,
    /// Ends the program.
    Quit,
    /// Takes away one of [`State::troubles`](super::State::troubles).
    DismissTrouble(usize),
}

/// The hours of a schedule that become a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursFile {
    /// The name that is offered for the file: `office-hours.txt`.
    pub name: String,
    /// The hours.
    pub hours: String,
}

/// A file that a look-up in use reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileWish {
    /// The id of the look-up.
    pub look_up: String,
    /// The field of its settings that holds the path.
    pub field: &'static str,
    /// What kind of file it is: "Contacts".
    pub what: &'static str,
    /// What the names of such files end with: `csv`.
    pub endings: &'static [&'static str],
}

/// A setting of a plugin that is a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingFile {
    /// Whose setting it is, as its secrets are kept under.
    pub owner: String,
    /// The name of the setting.
    pub field: String,
    /// What it is called in the form.
    pub title: String,
}

/// What people did in this frame, in order.
pub type Actions = Vec<Action>;
