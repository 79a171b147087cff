//! Hears from the service. The only place where events arrive; nothing is drawn here.

use std::sync::Arc;
use std::time::Duration;

use egui::Context;

use crate::routing::{Table, grouped};
use crate::service::messages::{Command, Event, Level, LiveInfo, Note, Opening};
use crate::storage::call_log::{Record, Refused, Summary};
use crate::storage::{ThemeChoice, Trouble};
use crate::ui::guided_start::GuidedStartScreen;
use crate::ui::{theme, widgets};

use super::outbox::Flushed;
use super::{App, Findings, HELD, State, TestResults};

/// How many events one frame hears; more wait for the next, so that no flood stops the drawing.
const EVENTS_PER_FRAME: usize = 1000;
/// When a busy service is asked again.
const ASK_AGAIN: Duration = Duration::from_millis(50);

impl App {
    /// Takes in what happened since the last frame, and sends what waits.
    pub fn logic(&mut self, ctx: &Context) {
        for heard in 0.. {
            if heard == EVENTS_PER_FRAME {
                ctx.request_repaint();
                break;
            }
            let Some(event) = self.events.next() else { break };
            self.unless_it_breaks("Something of what happened may not be shown.", |app| app.hear(event));
        }
        if let Some(text) = self.to_copy.take() {
            ctx.copy_text(text);
            self.messages.mention("Copied", self.clock.now());
        }
        if self.events.take_lagging() {
            self.edited = false;
            self.outbox.send(Command::Open);
        }
        if let Some((wish, file)) = self.files.chosen() {
            self.file_chosen(wish, file, ctx.theme() == egui::Theme::Dark);
        }
        if let Some(state) = &mut self.state {
            state.now = self.clock.now();
            if let Some(desktop) = &self.desktop {
                state.manners = desktop.manners();
            }
            if state.settings.theme != self.theme {
                self.theme = state.settings.theme;
                theme::set_preference(ctx, preference(self.theme));
            }
        }
        self.mind_closing(ctx);
        self.hear_asked();
        self.flush(ctx);
    }

    /// Sends what waits, as far as the service takes it.
    pub(super) fn flush(&mut self, ctx: &Context) {
        match self.outbox.flush() {
            Flushed::Empty => {}
            Flushed::Busy => ctx.request_repaint_after(ASK_AGAIN),
            Flushed::Gone if self.cut_off => {}
            Flushed::Gone => {
                self.cut_off = true;
                let text = "Nothing can be saved any more; close this window and start Switchboard again";
                self.tell(&Note { level: Level::Error, text: text.to_owned() });
            }
        }
    }

    fn hear(&mut self, event: Event) {
        match (event, &mut self.state) {
            (Event::Opened(opening), _) => self.open(*opening),
            // What else was heard before is older than what is about to be told.
            (
                event @ (Event::Call(_)
                | Event::Again { .. }
                | Event::Refused(_)
                | Event::Log(_)
                | Event::Note(_)
                | Event::Failed(_)),
                None,
            ) => self.early.push(event),
            (_, None) => {}
            (event, Some(_)) => self.hear_open(event),
        }
    }

    /// Everything was told: at the start, or again because this window had fallen behind.
    fn open(&mut self, opening: Opening) {
        let now = self.clock.now();
        self.told_up_to = opening.calls.first().map_or(0, |call| call.id);
        let before = self.state.take();
        let is_first = before.is_none();
        let mut state = State::new(self.registry.clone(), opening, now);
        if let Some(before) = before {
            let told = state.draft.clone();
            let State {
                draft,
                not_saved,
                tables,
                log_trouble,
                troubles,
                record,
                tried,
                tried_draft,
                bench,
                front_door,
                public_door,
                inspected,
                tests,
                ..
            } = before;
            // An answer may be among what was missed.
            let failures = before.failures + 1;
            state = State {
                not_saved,
                tables,
                log_trouble,
                troubles,
                record,
                failures,
                tried,
                tried_draft,
                bench,
                front_door,
                public_door,
                inspected,
                tests,
                ..state
            };
            if self.edited {
                state.set_draft(draft);
            } else if draft != told {
                self.history.record("Change from outside".to_owned(), draft, now);
            }
        }
        self.outbox.saved();
        self.is_guided |= is_first && GuidedStartScreen::is_called_for(&state);
        self.state = Some(state);
        for event in std::mem::take(&mut self.early) {
            self.hear(event);
        }
    }

    fn hear_open(&mut self, event: Event) {
        let Some(state) = &mut self.state else { return };
        match event {
            // Heard by `open`.
            Event::Opened(_) => {}
            Event::Serving(serving) => state.serving = serving,
            Event::Keys(keys) => state.keys = keys,
            Event::Secrets(names) => state.secrets = names,
            Event::Settings(settings) => state.settings = settings,
            Event::Draft { problems, changes, not_saved } => {
                self.outbox.saved();
                (state.problems, state.changes, state.not_saved) = (problems, changes, not_saved);
            }
            Event::Tested(results) => state.tests_of_draft = TestResults::new(results),
            Event::Backtest(found) => state.take_backtest(found),
            Event::Checked { draft, findings } => state.findings = Findings::new(draft, findings),
            Event::DraftReplaced { table, step, why } => self.replace_draft(table, step, why),
            Event::HoursRead { schedule, hours } => self.take_hours(&schedule, hours),
            Event::Published(live) => self.published(live),
            Event::SafeMode(safe_mode) => state.safe_mode = safe_mode,
            Event::Clock(skew) => state.skew = skew,
            Event::Crashes(crashes) => self.dialogs.crashes.take_in(crashes),
            Event::Overrides(overrides) => state.overrides = overrides,
            Event::Version(info) => state.add_version(info),
            Event::VersionTable { version, table } => drop(state.tables.insert(version, table)),
            Event::Plans(plans) => state.plans = plans,
            Event::KeptDrafts(kept) => state.kept_drafts = kept,
            Event::Trouble(trouble) => self.trouble(trouble),
            Event::Call(call) => add_call(state, call, self.told_up_to),
            Event::Again { id, attempts } => {
                if let Some(call) = state.calls.iter_mut().find(|call| call.id == id) {
                    call.attempts = attempts;
                }
                state.found.asked_again(id, attempts);
            }
            Event::Found(found) => state.found.take_in(found),
            Event::OldCalls(old) => state.old_calls = old,
            Event::TotalCalls(total) => state.total_calls = total,
            Event::Numbers(told) => state.numbers = Some(told),
            Event::Caller(calls) => state.caller = Some(calls),
            Event::Exporting(progress) => state.exporting = progress,
            Event::ToCopy(text) => self.to_copy = Some(text),
            Event::Erased { number, calls } => self.erased(&number, calls),
            Event::Rows { asked: _, rows } => state.found.add_rows(rows),
            Event::Shares(counts) => state.shares = Some(counts),
            Event::Hits(hits) => state.hits = Some(hits),
            Event::Ends(ends) => state.ended(ends),
            Event::Record(record) => state.record = Some(record),
            Event::Refused(refused) => add_refused(state, refused),
            Event::Week(week) => state.week = Some(week),
            Event::Tried(tried) if tried.trial.draft.is_some() => state.tried_draft = Some(tried),
            Event::Tried(tried) => state.tried = Some(tried),
            Event::Bench(event) => state.bench.hear(event),
            Event::FrontDoor(sent) if sent.is_public => state.public_door = Some(sent),
            Event::FrontDoor(sent) => state.front_door = Some(sent),
            Event::Registry(registry) => state.set_registry(registry),
            Event::Plugins(cards) => state.plugins = cards,
            Event::PluginTried { id, tested } => state.plugin_tried = Some((id, tested)),
            Event::Notices(reports) => state.notices.take_in(reports),
            Event::NoticeTried { id, result } => state.notices.tried = Some((id, result)),
            Event::Account(account) => state.account = account,
            Event::Proof(proof) => state.proof = proof,
            Event::Certified(certified) => state.certified = certified,
            Event::Heartbeat(heartbeat) => state.heartbeat = heartbeat,
            Event::Reach(reach) => state.reach = reach,
            Event::Tools(tools) => state.tools = tools,
            Event::LookUpsChanged => state.look_up_changes += 1,
            Event::Inspected { id, found } => state.inspected(id, *found),
            Event::Log(trouble) => state.log_trouble = trouble,
            Event::Note(note) => self.tell(&note),
            Event::Failed(note) => {
                state.failures += 1;
                self.tell(&note);
            }
        }
    }

    fn replace_draft(&mut self, table: Arc<Table>, step: String, why: String) {
        let Some(state) = &mut self.state else { return };
        if table != state.draft {
            self.history.pause();
            self.history.record(step, state.draft.clone(), state.now);
        }
        state.set_draft(table.clone());
        self.screens.forget_texts();
        if self.outbox.is_saving() {
            // An edit made just before is on its way and would be saved over what is shown now.
            self.outbox.save(table);
        }
        self.tell(&Note { level: Level::Info, text: why });
    }

    /// Nothing of this caller may stay in sight.
    fn erased(&mut self, number: &str, calls: u64) {
        let Some(state) = &mut self.state else { return };
        let caller = state.number(Some(number));
        state.calls.retain(|call| call.from.as_deref() != Some(number));
        state.total_calls = state.total_calls.saturating_sub(calls);
        state.found.forget(number);
        let is_theirs = |record: &Record| record.summary.from.as_deref() == Some(number);
        if state.record.as_deref().is_some_and(is_theirs) {
            state.record = None;
        }
        state.caller = None;
        let text = match calls {
            1 => format!("1 call of {caller} was erased"),
            calls => format!("{} calls of {caller} were erased", grouped(calls as usize)),
        };
        self.tell(&Note { level: Level::Info, text });
    }

    fn published(&mut self, live: LiveInfo) {
        let Some(state) = &mut self.state else { return };
        let text = format!("Version {} is live", live.version);
        state.live = live;
        // One undo leads back to what was published.
        self.history.pause();
        self.messages.tell(widgets::Level::Success, text, state.now);
    }

    /// Stays in sight until it is dismissed.
    fn trouble(&mut self, trouble: Trouble) {
        let Some(state) = &mut self.state else { return };
        let text = trouble.message.clone();
        state.troubles.push(trouble);
        self.tell(&Note { level: Level::Error, text });
    }
}

fn preference(choice: ThemeChoice) -> egui::ThemePreference {
    match choice {
        ThemeChoice::System => egui::ThemePreference::System,
        ThemeChoice::Light => egui::ThemePreference::Light,
        ThemeChoice::Dark => egui::ThemePreference::Dark,
    }
}

/// Puts a call in its place; calls that end at the same time may be told in another order.
fn add_call(state: &mut State, call: Summary, told_up_to: i64) {
    let place = state.calls.partition_point(|other| other.id > call.id);
    let known = state.calls.get(place).is_some_and(|other| other.id == call.id);
    if known || call.id <= told_up_to {
        return;
    }
    state.total_calls += 1;
    state.calls.insert(place, call);
    if state.calls.len() > HELD {
        state.calls.pop_back();
    }
}

fn add_refused(state: &mut State, refused: Refused) {
    let alike = |row: &Refused| row.code == refused.code && row.peer == refused.peer;
    let known = state.refused.iter().position(alike).and_then(|place| state.refused.remove(place));
    state.refused.push_front(match known {
        Some(row) => Refused {
            at_ms: row.at_ms.min(refused.at_ms),
            last_ms: row.last_ms.max(refused.last_ms),
            count: row.count + refused.count,
            ..refused
        },
        None => refused,
    });
    state.refused.truncate(HELD);
}
