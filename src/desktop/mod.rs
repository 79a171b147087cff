//! Manners on the desktop: the icon in the tray, starting with the computer, keeping it awake.
//!
//! One thread sees to all of it, so that the window never waits for the system; what is missing here
//! is told in a line and costs nothing else. What the tray says and does comes from outside (`follow`).

mod autostart;
mod awake;
mod follow;
mod told;
pub mod tray;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use arc_swap::ArcSwap;

pub use autostart::{Autostart, Starts};
pub use awake::Awake;
pub use follow::follow;
pub use told::{Notices, Told, Way, ways};

use awake::Keeper;
use tray::{Deeds, Tray};

/// How many wishes wait; what is wished again and again may be dropped.
const WISHES: usize = 64;
/// How long the desktop may take to answer.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked whether there is a tray.
const LOOK: Duration = Duration::from_secs(5);

/// What the program asks of the desktop.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Start with the computer, or no more.
    StartWithComputer(bool),
    /// Keep the computer awake, or no more.
    KeepAwake(bool),
    /// Say this in the tray.
    Tell(Box<Told>),
}

/// How it stands with all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manners {
    /// Whether the program starts with the computer.
    pub starts: Starts,
    /// Whether the computer is kept awake.
    pub awake: Awake,
    /// Whether its icon is in the tray; `None`: not known yet.
    pub has_tray: Option<bool>,
    /// What is to be said in the tray.
    pub told: Option<Box<Told>>,
}

/// Asks the desktop, and says how it stands. Clones are the same one.
#[derive(Clone)]
pub struct Desktop {
    manners: Arc<ArcSwap<Manners>>,
    wishes: SyncSender<Wish>,
}

impl Desktop {
    /// Sees to it from now on. `deeds` does what is chosen in the tray, `wake` is called after changes.
    pub fn start(
        autostart: Autostart,
        deeds: Deeds,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (wishes, received) = sync_channel(WISHES);
        let manners = Arc::new(ArcSwap::default());
        let desktop = Self { manners: manners.clone(), wishes };
        tray::on_choice(deeds);
        let worker = Worker { manners, autostart, keeper: Keeper::default(), wake: Box::new(wake) };
        thread::Builder::new().name("desktop".into()).spawn(move || worker.run(&received))?;
        Ok(desktop)
    }

    /// Asks for something; while the system is slow, what will be asked for again is left out.
    pub fn ask(&self, wish: Wish) {
        let _ = self.wishes.try_send(wish);
    }

    /// How it stands.
    #[must_use]
    pub fn manners(&self) -> Arc<Manners> {
        self.manners.load_full()
    }
}

struct Worker {
    manners: Arc<ArcSwap<Manners>>,
    autostart: Autostart,
    keeper: Keeper,
    wake: Box<dyn Fn() + Send>,
}

impl Worker {
    /// Until nobody can ask any more.
    fn run(mut self, wished: &Receiver<Wish>) {
        // Belongs to this thread.
        let mut tray = None;
        let starts = self.autostart.check();
        self.note(|manners| manners.starts = starts);
        loop {
            let has_tray = tray::is_here();
            self.note(|manners| manners.has_tray = Some(has_tray));
            match wished.recv_timeout(LOOK) {
                Ok(wish) => self.grant(wish, &mut tray),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn grant(&mut self, wish: Wish, tray: &mut Option<Tray>) {
        match wish {
            Wish::StartWithComputer(on) => {
                let starts = self.autostart.set(on);
                self.note(|manners| manners.starts = starts);
            }
            Wish::KeepAwake(on) => {
                let awake = self.keeper.keep(on);
                if let Awake::Refused(why) = &awake {
                    tracing::info!("the computer is not kept awake: {why}");
                }
                self.note(|manners| manners.awake = awake);
            }
            Wish::Tell(told) => {
                if tray::OF_THIS_THREAD {
                    *tray = tray.take().or_else(Tray::build).inspect(|tray| tray.tell(&told));
                }
                self.note(|manners| manners.told = Some(told));
            }
        }
    }

    /// Takes down how it stands, and says so if it is new.
    fn note(&self, change: impl FnOnce(&mut Manners)) {
        let before = self.manners.load_full();
        let mut now = Manners::clone(&before);
        change(&mut now);
        if now != *before {
            self.manners.store(Arc::new(now));
            (self.wake)();
        }
    }
}
