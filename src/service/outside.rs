//! What is asked of the running program from outside of it, and done on the control thread as what the
//! window asks for is. How it comes in is the local line's business.

use std::fmt;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Weak};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::control::{BROKEN, Control};
use super::keys::KeyChange;
use super::messages::Command;
use crate::routing::Table;
use crate::storage::Secret;

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Make the draft live.
    Publish {
        /// The draft as it was looked at: another one is not published.
        table: Arc<Table>,
        /// A remark of the owner's.
        note: String,
        /// Why it is published although test cases fail; empty if they must pass.
        despite: String,
    },
    /// Change the API keys.
    Keys(KeyChange),
    /// Keep a secret under this name, or forget it.
    Secret {
        /// Its name, which may be shown.
        name: String,
        /// The secret; `None`: forget it.
        secret: Option<Secret>,
    },
    /// Run again as the owner made it.
    LeaveSafeMode,
}

/// What is told: what was done, or why it was not, in a sentence.
pub type Told = Result<String, String>;

/// Something asked, with the way back for what is told.
#[derive(Clone)]
pub struct Question {
    asked: Asked,
    told: mpsc::Sender<Told>,
}

impl fmt::Debug for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.asked.fmt(formatter)
    }
}

/// Reaches the control thread, and does not keep it from ending.
#[derive(Clone)]
pub struct Asking(Weak<SyncSender<Command>>);

impl Asking {
    /// By way of what the program keeps as long as it runs.
    #[must_use]
    pub fn of(commands: &Arc<SyncSender<Command>>) -> Self {
        Self(Arc::downgrade(commands))
    }

    /// Asks, and waits for what is told.
    pub async fn ask(&self, asked: Asked) -> Told {
        let (told, mut hears) = mpsc::channel(1);
        let sent = match self.0.upgrade() {
            Some(commands) => commands.try_send(Command::FromOutside(Box::new(Question { asked, told }))),
            None => return Err(ENDING.to_owned()),
        };
        match sent {
            Ok(()) => hears.recv().await.unwrap_or_else(|| Err(BROKEN.to_owned())),
            Err(TrySendError::Full(_)) => Err("Switchboard is busy; try it once more".to_owned()),
            Err(TrySendError::Disconnected(_)) => Err(ENDING.to_owned()),
        }
    }
}

const ENDING: &str = "Switchboard is ending just now; try it once more";

impl Control {
    pub(super) fn answer_outside(&mut self, Question { asked, told }: Question) {
        let answer = match asked {
            Asked::Publish { table, note, despite } => self.publish_from_outside(table, note, &despite),
            Asked::Keys(change) => self.change_keys(&change),
            Asked::Secret { name, secret } => {
                self.keep_secret(&name, secret.as_ref()).map(|()| "It counts from now on".to_owned())
            }
            Asked::LeaveSafeMode => self.leave_safe_mode_telling(),
        };
        // Whoever asked may have gone.
        let _ = told.try_send(answer);
    }
}
