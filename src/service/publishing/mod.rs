//! Which table is live, and when: publishing now, at a later time and until a time, going back,
//! bringing old versions back, and setting drafts aside that give way. A part of the control
//! thread.
//!
//! What is planned is the table as it was then. A draft without changes of its own follows the
//! live table; one with changes is never touched.

mod due;
mod from_outside;
mod gate;
mod on_files;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::control::Control;
use super::live::Live;
use super::messages::{Event, Level, LiveInfo, Planned};
use crate::routing::{Counts, Table, changes, moment_words};
use crate::storage::version::{Origin, Remarks, Until};
use crate::storage::{Home, PlanStore, Shelf, Trouble, Version};
pub use from_outside::DESPITE;
pub use gate::{Held, ready};
pub use on_files::{PublishedOnFiles, publish_on_files};

/// What publishing needs besides the tables themselves.
pub struct Publishing {
    /// What is planned, the next one first.
    plans: Vec<Planned>,
    store: PlanStore,
    shelf: Shelf<Arc<Table>>,
    /// The end of the live version, if it has one.
    until: Option<Until>,
    /// The live version was to go back and could not; told once.
    is_stuck: bool,
    /// Nothing planned is tried before this, as the disk refused.
    paused_until: Option<DateTime<Utc>>,
    /// What was told of that.
    told: Option<String>,
    /// The name of the owner on this computer; may be empty.
    user: String,
}

/// What happens to the draft when another table goes live.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Draft {
    /// It becomes that table.
    Becomes,
    /// It becomes that table if it has no changes of its own, and else stays as it is.
    Follows,
}

impl Publishing {
    /// Finds what is planned. `until` is the end of the live version, `at` is now.
    #[must_use]
    pub fn open(
        home: &Home,
        at: DateTime<Utc>,
        until: Option<Until>,
        user: String,
    ) -> (Self, Option<Trouble>) {
        let (store, plans, trouble) = PlanStore::open(home, at);
        let shelf = Shelf::of(home);
        (Self { plans, store, shelf, until, is_stuck: false, paused_until: None, told: None, user }, trouble)
    }
}

impl Control {
    /// Makes the draft live, for good or until a time. Test cases that fail are in the way, unless
    /// `despite` says why not.
    pub(super) fn publish(
        &mut self,
        table: Arc<Table>,
        note: &str,
        until: Option<DateTime<Utc>>,
        despite: &str,
    ) {
        let told = "The draft was not published";
        let ready = ready(table.clone(), &self.registry, despite).map_err(|held| held.words(OR_A_REASON));
        let (live, failing, until) =
            match ready.and_then(|(live, failing)| Ok((live, failing, self.end(until)?))) {
                Ok(allowed) => allowed,
                Err(why) => {
                    self.save_draft(table);
                    return self.fail(format!("{told}. {why}"));
                }
            };
        let remarks = Remarks { note: note.to_owned(), until, failing, ..Remarks::default() };
        if let Err(why) = self.put_live(live, remarks, Draft::Becomes) {
            self.save_draft(table);
            return self.fail(format!("{told}. {why}"));
        }
        self.tell_draft(None);
    }

    /// When and to which version what is published now goes back: while a version is live for a time
    /// only, to the one that was live before that.
    fn end(&self, until: Option<DateTime<Utc>>) -> Result<Option<Until>, String> {
        let Some(at) = until else { return Ok(None) };
        if at <= self.clock.now() {
            return Err("The time until which it shall be live is past; choose a later one".to_owned());
        }
        let back_to = self.publishing.until.map_or(self.live.version, |until| until.back_to);
        if back_to == 0 {
            return Err("There is no version to go back to; publish it for good".to_owned());
        }
        Ok(Some(Until { at, back_to }))
    }

    /// Made durable, then swapped in: a call meets the old table or the new one, and a crash leaves
    /// the old one or the new one. The error says why nothing changed.
    fn put_live(&mut self, mut live: Live, remarks: Remarks, draft: Draft) -> Result<(), String> {
        let table = live.table.clone();
        let now = self.clock.now();
        let remarks = Remarks {
            by: if remarks.by.is_empty() { self.publishing.user.clone() } else { remarks.by },
            changes: Some(Counts::of(&changes(&self.live.table, &table, &*self.registry))),
            ..remarks
        };
        let becomes = draft == Draft::Becomes || self.draft == self.live.table;
        let published = match draft {
            Draft::Becomes => self.tables.publish(&table, now, remarks),
            Draft::Follows => self.tables.publish_beside(&table, now, remarks),
        };
        let published = published.map_err(|error| error.to_string())?;
        self.tell_trouble(published.trouble);
        let info = published.value.info();
        let Version { version, published_at, remarks, .. } = published.value;
        live.version = version;
        self.engine.go_live(Arc::new(live));
        self.live = LiveInfo { version, published_at, table: table.clone() };
        (self.publishing.until, self.publishing.is_stuck) = (remarks.until, false);
        self.feed.send(Event::Version(info));
        self.feed.send(Event::Published(self.live.clone()));
        self.tell_loose_ends();
        match draft {
            Draft::Becomes => self.draft = table,
            Draft::Follows if becomes && self.draft != table => {
                let why = format!("The draft follows version {version}, which is live now");
                self.replace_draft(table, "Follow the live table", why);
            }
            Draft::Follows => self.tell_draft(None),
        }
        Ok(())
    }

    /// Plans a publish. The draft stays as it is.
    pub(super) fn plan(
        &mut self,
        table: Arc<Table>,
        note: String,
        (at, until): (DateTime<Utc>, Option<DateTime<Utc>>),
        despite: String,
    ) {
        let now = self.clock.now();
        let wrong = if at <= now {
            Some("That time is past; choose a later one".to_owned())
        } else if until.is_some_and(|until| until <= at) {
            Some("It would end before it begins; choose a later end".to_owned())
        } else {
            ready(table.clone(), &self.registry, &despite).err().map(|held| held.words(OR_A_REASON))
        };
        if let Some(wrong) = wrong {
            return self.fail(format!("Nothing was planned. {wrong}"));
        }
        let taken = self.publishing.plans.iter().map(|plan| plan.id).max().unwrap_or_default();
        let plan = Planned {
            id: now.timestamp_millis().max(taken + 1),
            at,
            until,
            note,
            despite,
            planned_at: now,
            by: self.publishing.user.clone(),
            failed: None,
            table,
        };
        let words = self.moment(at);
        let mut plans = self.publishing.plans.clone();
        plans.push(plan);
        plans.sort_by_key(|plan| plan.at);
        match self.save_plans(plans) {
            Ok(()) => self.tell(Level::Info, format!("It will be published on {words}")),
            Err(why) => self.fail(format!("Nothing was planned. {why}")),
        }
    }

    /// Takes a plan away. Its table is kept where nothing else holds it.
    pub(super) fn cancel_plan(&mut self, id: i64) {
        let (gone, plans): (Vec<_>, Vec<_>) =
            self.publishing.plans.iter().cloned().partition(|plan| plan.id == id);
        let Some(plan) = gone.into_iter().next() else { return self.tell_plans() };
        let words = self.moment(plan.at);
        let kept = self.keep_planned(&plan.table, &format!("Was planned to be published on {words}"));
        let done = kept.and_then(|()| self.save_plans(plans));
        match done {
            Ok(()) => self.tell(Level::Info, format!("What was planned for {words} will not be published")),
            Err(why) => self.fail(format!("It is still planned for {words}. {why}")),
        }
    }

    /// Lets the live version stay, which was to go back by itself.
    pub(super) fn stay_live(&mut self) {
        if self.publishing.until.is_none() {
            return;
        }
        match self.tables.stay(self.live.version) {
            Ok(info) => {
                self.publishing.until = None;
                self.feed.send(Event::Version(info));
                self.tell(Level::Info, format!("Version {} stays live", self.live.version));
            }
            Err(error) => self.fail(error),
        }
    }

    /// Makes an old version's table live again, as the next version. A draft with changes is set
    /// aside.
    pub(super) fn bring_back(&mut self, number: u32) {
        let told = format!("Version {number} was not brought back");
        let live = match self.build(number) {
            Ok(live) => live,
            Err(why) => return self.fail(format!("{told}. {why}")),
        };
        let table = live.table.clone();
        let draft = self.draft.clone();
        let why = format!("Set aside as version {number} was brought back");
        let remarks = Remarks { origin: Origin::BroughtBack { from: number }, ..Remarks::default() };
        let done = self.keep_aside(&draft, &why).and_then(|()| self.put_live(live, remarks, Draft::Becomes));
        if let Err(why) = done {
            return self.fail(format!("{told}. {why}"));
        }
        let why = format!("The draft is now as version {number} was; undo brings the one before back");
        self.tell_replaced(table, &format!("Bring back version {number}"), why);
        self.tell_draft(None);
    }

    /// Puts a draft that was set aside in the place of the one that is edited, which is set aside
    /// in turn.
    pub(super) fn take_back_draft(&mut self, number: u32) {
        let table = match self.publishing.shelf.load(number) {
            Ok(table) => table,
            Err(error) => return self.fail(format!("The draft cannot be got back. {error}")),
        };
        let draft = self.draft.clone();
        if let Err(why) = self.keep_aside(&draft, "Set aside as an earlier draft was got back") {
            return self.fail(format!("The draft was not got back. {why}"));
        }
        let why = "The draft that was set aside is back; undo brings the one before back";
        if self.replace_draft(table, "Get back a draft", why) {
            self.remove_draft(number);
        }
        self.tell_kept();
    }

    /// Throws a draft away that was set aside.
    pub(super) fn remove_draft(&mut self, number: u32) {
        if let Err(error) = self.publishing.shelf.remove(number) {
            self.fail(format!("The draft that was set aside is still there. {error}"));
        }
        self.tell_kept();
    }

    /// Sends the table of a version.
    pub(super) fn load_version(&self, number: u32) {
        match self.tables.load(number) {
            Ok(Version { table, .. }) => {
                self.feed.send(Event::VersionTable { version: number, table: Arc::new(table) });
            }
            Err(error) => self.fail(format!("Version {number} cannot be shown. {error}")),
        }
    }

    /// Tells what is planned and which drafts are set aside.
    pub(super) fn tell_publishing(&self) {
        self.tell_plans();
        self.tell_kept();
    }

    /// An old version ready to answer calls. The error is why it is not.
    fn build(&self, number: u32) -> Result<Live, String> {
        let table = self.tables.load(number).map_err(|error| error.to_string())?.table;
        Live::build(0, Arc::new(table), &self.registry)
            .map_err(|problems| problems.first().map(ToString::to_string).unwrap_or_default())
    }

    /// Sets the table of a plan aside that is not done, unless the draft is the same.
    fn keep_planned(&self, table: &Arc<Table>, why: &str) -> Result<(), String> {
        if *table == self.draft { Ok(()) } else { self.keep_aside(table, why) }
    }

    /// Sets a table aside, unless the live table is the same.
    fn keep_aside(&self, table: &Arc<Table>, why: &str) -> Result<(), String> {
        if *table == self.live.table {
            return Ok(());
        }
        self.publishing.shelf.put(table.clone(), why, self.clock.now()).map_err(|error| error.to_string())?;
        self.tell_kept();
        Ok(())
    }

    fn drop_plan(&mut self, id: i64) -> Result<(), String> {
        self.save_plans(self.publishing.plans.iter().filter(|plan| plan.id != id).cloned().collect())
    }

    fn save_plans(&mut self, plans: Vec<Planned>) -> Result<(), String> {
        self.publishing.store.save(&plans).map_err(|error| error.to_string())?;
        self.publishing.plans = plans;
        self.tell_plans();
        Ok(())
    }

    fn tell_plans(&self) {
        self.feed.send(Event::Plans(self.publishing.plans.clone()));
    }

    fn tell_kept(&self) {
        self.feed.send(Event::KeptDrafts(self.publishing.shelf.list()));
    }

    /// A moment where the business is: "Thu 24 Dec 2026, 09:00".
    fn moment(&self, at: DateTime<Utc>) -> String {
        moment_words(&at.with_timezone(&self.live.table.time_zone()))
    }

    /// Tells something that nobody may miss: in the window, and in the log where there is none.
    fn alarm(&mut self, text: String) {
        tracing::warn!("{text}");
        let trouble = Trouble::new(text);
        self.troubles.push(trouble.clone());
        self.feed.send(Event::Trouble(trouble));
    }
}

/// What can be done about tests that fail, besides putting that right.
const OR_A_REASON: &str = "give a reason in the publish dialog";
