//! Changes phone numbers at Retell: only what is still as it was when the change was shown, each number
//! for itself, and remembered so that it can be taken back.

use chrono::{DateTime, Utc};

use super::{Account, Accounts, words};
use crate::retell::ApiKey;
use crate::retell::account::{AccountError, AccountNumber, NumberChange, Setting};
use crate::routing::Table;
use crate::service::control::Control;
use crate::service::messages::{AccountNews, Event, Level, Note};

/// What was changed at Retell last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// When.
    pub at: DateTime<Utc>,
    /// What was changed.
    pub changes: Vec<NumberChange>,
    /// What was not, and why; a sentence each.
    pub failed: Vec<String>,
}

impl Changed {
    /// What takes all of it back.
    #[must_use]
    pub fn back(&self) -> Vec<NumberChange> {
        self.changes.iter().rev().map(NumberChange::back).collect()
    }
}

impl Accounts {
    /// Makes these changes, as far as everything is still as they say it was. `None` if changes are being
    /// made already. Lines are called as in this table.
    pub async fn change(
        &self,
        key: ApiKey,
        wanted: Vec<NumberChange>,
        table: &Table,
        now: DateTime<Utc>,
    ) -> Option<Changed> {
        let _sign = super::Sign::put_up(&self.0.is_changing)?;
        let _turn = self.0.turn.lock().await;
        let mut changed = Changed { at: now, ..Changed::default() };
        let mut numbers = match self.0.client.numbers(&key).await {
            Ok(numbers) => numbers,
            Err(error) => {
                changed.failed.push(error.to_string());
                return Some(changed);
            }
        };
        for of_number in wanted.chunk_by(|a, b| a.number == b.number) {
            let Some(first) = of_number.first() else { continue };
            let name = name_of(&first.number, table);
            let result = match numbers.iter_mut().find(|known| known.number == first.number) {
                None => Err(AccountError::NotThere),
                Some(number) if of_number.iter().any(|change| change.was.on(number) != change.was) => {
                    changed.failed.push(format!(
                        "“{name}” was changed at Retell meanwhile and stays as it is there; look at it again"
                    ));
                    continue;
                }
                Some(number) => self.set(&key, number, of_number).await,
            };
            match result {
                Ok(()) => changed.changes.extend_from_slice(of_number),
                Err(error) => {
                    changed.failed.push(format!("“{name}” was not changed. {error}"));
                    // What keeps one from being changed keeps the others too.
                    if error.may_pass() || matches!(error, AccountError::BadKey | AccountError::Payment) {
                        break;
                    }
                }
            }
        }
        self.keep_changed(numbers, &changed, now).await;
        Some(changed)
    }

    async fn set(
        &self,
        key: &ApiKey,
        number: &mut AccountNumber,
        changes: &[NumberChange],
    ) -> Result<(), AccountError> {
        let settings: Vec<&Setting> = changes.iter().map(|change| &change.becomes).collect();
        *number = self.0.client.change(key, &number.number, &settings).await?;
        Ok(())
    }

    async fn keep_changed(&self, numbers: Vec<AccountNumber>, changed: &Changed, now: DateTime<Utc>) {
        let mut connected = (*self.connected()).clone();
        changed.changes.iter().for_each(|change| connected.keep(change, now));
        if connected != *self.connected() {
            self.keep_connected(connected).await;
        }
        if !changed.changes.is_empty() {
            self.0.changed.store(Some(changed.clone().into()));
        }
        // Agents are as they were told; they are asked for again within the hour.
        if let Some(known) = self.known() {
            self.keep_known(Account { asked_at: now, numbers, ..(*known).clone() }).await;
        }
    }
}

impl Control {
    /// Changes numbers at Retell, and tells the window what came of it.
    pub(in crate::service) fn change_at_retell(&self, changes: Vec<NumberChange>) {
        let Some(key) = self.engine.keys().first().cloned() else {
            return self.fail("Retell changes nothing without your API key; paste it in Settings".to_owned());
        };
        let (account, feed, now) = (self.account.clone(), self.feed.clone(), self.clock.now());
        let table = self.draft.clone();
        let recheck = self.checking.handle();
        feed.send(Event::Account(AccountNews { is_changing: true, ..self.account_news() }));
        self.runtime.spawn(async move {
            let Some(Changed { changes, failed, .. }) = account.change(key, changes, &table, now).await
            else {
                return;
            };
            feed.send(Event::Account(account.news()));
            recheck.again();
            for change in changes {
                let text = words::after(&change, &name_of(&change.number, &table));
                tracing::info!("{text}");
                feed.send(Event::Note(Note { level: Level::Info, text }));
            }
            for text in failed {
                tracing::warn!("{text}");
                feed.send(Event::Failed(Note { level: Level::Error, text }));
            }
        });
    }
}

/// What people call this number.
fn name_of(number: &str, table: &Table) -> String {
    table.line_by_number(number).map_or_else(|| number.to_owned(), |line| line.name.clone())
}
