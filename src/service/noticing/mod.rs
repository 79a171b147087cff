//! Tells the owner and others of calls and outages, after the answer. Who is told has a lane of their
//! own (`lane`), so that one who cannot be reached holds up nobody else, and no call ever waits: what
//! happened is only put down here, and left out where too much waits. `words` says it for people.

mod lane;
mod words;

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};

use self::lane::Lane;
pub use self::lane::NoticeReport;
use super::clock::Clock;
use super::feed::Feed;
use super::live::Live;
use super::messages::Event;
use crate::plugins::{Notice, Registry};
use crate::storage::call_log::Summary;
use crate::storage::{Pause, Settings, UsedNotice};

/// Tells on the screen of this computer, which others in the room see too.
const DESKTOP: &str = "notify_desktop";
/// So much that happened may wait to be given to those who are told.
const MOST_WAITING: usize = 1000;

/// Tells of what happens. Clones tell the same people.
#[derive(Clone)]
pub struct Noticing {
    happened: mpsc::Sender<Happened>,
    using: watch::Sender<Using>,
    left_out: Arc<AtomicU64>,
}

/// Who is told, and by which plugins.
#[derive(Clone)]
pub(super) struct Using {
    notices: Vec<UsedNotice>,
    pause: Option<Pause>,
    /// Phone numbers are hidden from others in the room.
    hides_numbers: bool,
    registry: Arc<Registry>,
}

/// Something that happened.
enum Happened {
    /// A call was answered, by this table; and who is to be told of it, by ids.
    Call { call: Box<Summary>, live: Arc<Live>, tell: Vec<String> },
    /// Calls do not arrive, or do again.
    Outage { over: bool, words: String },
}

impl Noticing {
    /// Tells of what happens from now on; nobody yet.
    #[must_use]
    pub fn start(runtime: &Handle, registry: Arc<Registry>, feed: Feed, clock: Clock) -> Self {
        let (happened, hears) = mpsc::channel(MOST_WAITING);
        let (using, used) =
            watch::channel(Using { notices: Vec::new(), pause: None, hides_numbers: false, registry });
        let left_out = Arc::new(AtomicU64::new(0));
        let desk = Desk { lanes: BTreeMap::new(), using: used, feed, clock, left_out: left_out.clone() };
        runtime.spawn(desk.run(hears));
        Self { happened, using, left_out }
    }

    /// Tells these people from now on, or once a pause is over.
    pub fn use_settings(&self, settings: &Settings) {
        let notices = &settings.notices;
        let names = notices.iter().map(|used| (used.id.clone(), used.name.clone())).collect();
        self.using.send_modify(|using| {
            using.registry.host().notices.replace(names);
            notices.clone_into(&mut using.notices);
            using.pause = settings.notices_paused;
            using.hides_numbers = settings.hide_numbers;
        });
    }

    /// Has these plugins tell them from now on.
    pub fn set_registry(&self, registry: Arc<Registry>) {
        self.using.send_modify(|using| using.registry = registry);
    }

    /// Tells the window anew how it goes.
    pub fn tell_window(&self) {
        self.using.send_modify(|_| ());
    }

    /// A call was answered. Never waits.
    pub(super) fn call(&self, call: &Summary, live: Arc<Live>, tell: Vec<String>) {
        // Without anybody to tell, a call pays nothing.
        if !call.is_test && self.using.borrow().notices.iter().any(|used| used.enabled) {
            self.put_down(Happened::Call { call: Box::new(call.clone()), live, tell });
        }
    }

    /// Calls do not arrive, or do again (`over`), in a sentence. Never waits.
    pub fn outage(&self, over: bool, words: &str) {
        self.put_down(Happened::Outage { over, words: words.to_owned() });
    }

    fn put_down(&self, happened: Happened) {
        if self.happened.try_send(happened).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Gives to each what they are to be told.
struct Desk {
    lanes: BTreeMap<String, Lane>,
    using: watch::Receiver<Using>,
    feed: Feed,
    clock: Clock,
    left_out: Arc<AtomicU64>,
}

impl Desk {
    async fn run(mut self, mut hears: mpsc::Receiver<Happened>) {
        loop {
            tokio::select! {
                changed = self.using.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    self.open_lanes();
                }
                happened = hears.recv() => match happened {
                    Some(happened) => self.give(&happened),
                    None => return,
                },
            }
        }
    }

    fn open_lanes(&mut self) {
        let using = self.using.borrow_and_update().clone();
        self.lanes.retain(|id, _| using.notices.iter().any(|used| used.id == *id));
        for used in using.notices {
            let id = used.id.clone();
            let lane =
                self.lanes.entry(id).or_insert_with(|| Lane::open(self.feed.clone(), self.clock.clone()));
            lane.use_now(used, using.pause, using.registry.clone());
        }
        self.tell_window();
    }

    fn give(&mut self, happened: &Happened) {
        // What was set up a moment ago counts.
        if self.using.has_changed().unwrap_or_default() {
            self.open_lanes();
        }
        let left_out = self.left_out.swap(0, Ordering::Relaxed);
        let notice = LazyCell::new(|| self.notice(happened));
        let hides = self.using.borrow().hides_numbers;
        for (id, lane) in &self.lanes {
            lane.count_left_out(left_out);
            let mut is_seen_by_others = false;
            let wants = |used: &UsedNotice| {
                is_seen_by_others = hides && used.plugin == DESKTOP;
                happened.of_interest_to(id, used)
            };
            if lane.wants(wants) {
                lane.put(if is_seen_by_others { words::without_numbers(&notice) } else { notice.clone() });
            }
        }
    }

    fn notice(&self, happened: &Happened) -> Notice {
        match happened {
            Happened::Call { call, live, .. } => words::call(call, &live.table),
            Happened::Outage { over, words } => words::outage(*over, words, self.clock.now()),
        }
    }

    fn tell_window(&self) {
        let all: Vec<NoticeReport> = self.lanes.values().map(Lane::report).collect();
        self.feed.send(Event::Notices(all));
    }
}

impl Happened {
    fn of_interest_to(&self, id: &str, used: &UsedNotice) -> bool {
        let of = used.of;
        match self {
            Self::Outage { .. } => of.outages,
            Self::Call { call, tell, .. } => {
                let is_rejected = call.outcome == "reject";
                let by_fallback = call.fallback_used || (call.rule_id.is_none() && call.overruled.is_none());
                of.calls
                    || (of.rejected && is_rejected)
                    || (of.fallback && by_fallback)
                    || tell.iter().any(|told| told == id)
            }
        }
    }
}

/// Tells a notice once, now, to see whether it arrives. The error is a sentence for the owner.
pub async fn test(used: UsedNotice, registry: Arc<Registry>, clock: &Clock) -> Result<(), String> {
    let notice = words::test(&used.name, clock.now());
    lane::tell_once(&used, &registry, Arc::from([notice])).await
}
