//! Runs what makes this computer reachable, starts it again when it ends, and always knows how it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ServerConfig;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use url::Url;

use super::acme::{Certified, Keeper, World};
use super::certificate;
use super::child::{Child, Said};
use super::find::path_of;
use crate::plugins::Registry;
use crate::plugins::reach::{
    Authority, Certificate, CertificateFiles, Heard, Hearing, Obstacle, ReachPlace, Tool, Way,
};

/// The pause before a program that ended is started again; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// A program that ran for so long is started again at once when it ends.
const STEADY: Duration = Duration::from_mins(1);
/// A program that tells no address for so long has something that keeps it from it.
const SILENT: Duration = Duration::from_secs(45);
/// How often it is looked whether a certificate was renewed.
const RENEWED: Duration = Duration::from_secs(1);
/// How long everything may take to end.
const STOP: Duration = Duration::from_secs(6);

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The id of the plugin that offers the way.
    pub way: String,
    /// What is set for it.
    pub settings: Value,
    /// Where its program is, if not where it is looked for.
    pub program: Option<PathBuf>,
    /// The port that is to be reached.
    pub port: u16,
    /// Another number asks to begin anew.
    pub round: u64,
}

/// Whether this computer can be reached, as far as the one who makes it so says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ReachState {
    /// Nobody wants it.
    #[default]
    Off,
    /// Not known yet.
    Starting,
    /// At this address.
    Open(Url),
    /// Not, for this reason.
    Shut {
        /// What is in the way, and what to do.
        why: Obstacle,
        /// Whether it is tried again by itself.
        tries_again: bool,
    },
}

impl ReachState {
    /// The address at which this computer is reached.
    #[must_use]
    pub fn address(&self) -> Option<&Url> {
        match self {
            Self::Open(url) => Some(url),
            _ => None,
        }
    }
}

/// Does what was wished last, as long as somebody can wish.
pub struct Supervisor {
    reacher: Reacher,
    https: watch::Receiver<Option<Arc<ServerConfig>>>,
    task: JoinHandle<()>,
}

/// Says what is wanted, and how it is. Clones speak of the same.
#[derive(Clone)]
pub struct Reacher {
    wish: watch::Sender<Option<Wish>>,
    state: watch::Receiver<ReachState>,
    certified: watch::Receiver<Option<Certified>>,
}

impl Supervisor {
    /// Starts with nothing wished.
    #[must_use]
    pub fn start(runtime: &Handle, registry: Arc<Registry>, world: World) -> Self {
        let (wish, wishes) = watch::channel(None);
        let (told, state) = watch::channel(ReachState::Off);
        let (certificate, https) = watch::channel(None);
        let (told_certified, certified) = watch::channel(None);
        let tender = Tender { wishes, told, certificate, certified: told_certified, registry, world };
        let task = runtime.spawn(tender.run());
        Self { reacher: Reacher { wish, state, certified }, https, task }
    }

    /// What this computer answers https with, now and from now on; `None` while it does not.
    #[must_use]
    pub fn https(&self) -> watch::Receiver<Option<Arc<ServerConfig>>> {
        self.https.clone()
    }

    /// Who says what is wanted.
    #[must_use]
    pub fn reacher(&self) -> Reacher {
        self.reacher.clone()
    }

    /// Ends what runs, and waits for that. All who can wish must be gone.
    pub async fn stop(self) {
        drop(self.reacher);
        let _ = timeout(STOP, self.task).await;
    }
}

impl Reacher {
    /// From now on this is wanted. The same as before changes nothing.
    pub fn want(&self, wish: Option<Wish>) {
        tell(&self.wish, wish);
    }

    /// How it is, now and from now on.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<ReachState> {
        self.state.clone()
    }

    /// How it stands with a certificate that is got by itself, now and from now on; `None` while none is.
    #[must_use]
    pub fn certified(&self) -> watch::Receiver<Option<Certified>> {
        self.certified.clone()
    }
}

struct Tender {
    wishes: watch::Receiver<Option<Wish>>,
    told: watch::Sender<ReachState>,
    certificate: watch::Sender<Option<Arc<ServerConfig>>>,
    certified: watch::Sender<Option<Certified>>,
    registry: Arc<Registry>,
    world: World,
}

/// Something else is wanted now, or nothing any more.
struct Over;

impl Tender {
    async fn run(mut self) {
        while self.wishes.has_changed().is_ok() {
            let wish = self.wishes.borrow_and_update().clone();
            let Over = match wish {
                None => self.rest(ReachState::Off).await,
                Some(wish) => {
                    self.tell(ReachState::Starting);
                    self.keep(&wish).await
                }
            };
        }
    }

    /// Tries again and again.
    async fn keep(&mut self, wish: &Wish) -> Over {
        let mut pause = FIRST_PAUSE;
        loop {
            let begun = Instant::now();
            let why = match self.open(wish) {
                Err(why) => return self.rest(ReachState::Shut { why, tries_again: false }).await,
                Ok((None, Way::Program { .. })) => {
                    let why = Obstacle::new("Nothing is known of the program for this", "Choose another way");
                    return self.rest(ReachState::Shut { why, tries_again: false }).await;
                }
                Ok((_, Way::Address(url))) => return self.rest(ReachState::Open(url)).await,
                Ok((_, Way::Https { url, certificate })) => {
                    let over = match certificate {
                        Certificate::Files(files) => self.answer_https(&url, &files).await,
                        Certificate::Automatic { host, authority } => {
                            self.keep_certificate(&url, &host, &authority, wish.port).await
                        }
                    };
                    self.certificate.send_replace(None);
                    self.certified.send_replace(None);
                    return over;
                }
                Ok((Some(tool), Way::Program { args, env, hearing })) => {
                    match self.run_program(wish, tool, &args, &env, hearing).await {
                        Ok(over) => return over,
                        Err(why) => why,
                    }
                }
            };
            self.tell(ReachState::Shut { why, tries_again: true });
            if begun.elapsed() >= STEADY {
                pause = FIRST_PAUSE;
            }
            tokio::select! {
                _ = self.wishes.changed() => return Over,
                () = sleep(pause) => pause = (2 * pause).min(LONGEST_PAUSE),
            }
        }
    }

    fn open(&self, wish: &Wish) -> Result<(Option<&'static Tool>, Way), Obstacle> {
        let (_, kind) = self.registry.find_way(&wish.way).ok_or_else(|| {
            Obstacle::new(
                format!("The plugin “{}” is not known here", wish.way),
                "Choose another way to be reached, or add the plugin",
            )
        })?;
        let place = ReachPlace { port: wish.port, secrets: self.registry.secrets() };
        Ok((kind.tool(), kind.way(&wish.settings, &place)?))
    }

    /// Runs it until it ends, which is an obstacle, or something else is wanted.
    async fn run_program(
        &mut self,
        wish: &Wish,
        tool: &'static Tool,
        args: &[String],
        env: &[(&str, String)],
        mut hearing: Box<dyn Hearing>,
    ) -> Result<Over, Obstacle> {
        let program =
            path_of(tool, wish.program.as_deref(), std::env::var_os("PATH").as_ref()).ok_or_else(|| {
                let next = format!("Install it from {}; it is started as soon as it is there", tool.install);
                Obstacle::new(format!("{} is not on this computer", tool.name), next)
            })?;
        let mut child = Child::start(&program, args, env).map_err(|cause| {
            let next = format!("Install {} again from {}", tool.name, tool.install);
            Obstacle::new(format!("{} cannot be started ({cause})", tool.name), next)
        })?;
        let mut last_words = String::new();
        let mut told_why = None;
        let mut silence = std::pin::pin!(sleep(SILENT));
        let mut is_silent = true;
        loop {
            let said = tokio::select! {
                _ = self.wishes.changed() => {
                    child.stop().await;
                    return Ok(Over);
                }
                () = &mut silence, if is_silent => {
                    is_silent = false;
                    self.tell(ReachState::Shut { why: silent(tool, &last_words), tries_again: true });
                    continue;
                }
                said = child.next() => said,
            };
            match said {
                Said::Line(line) => {
                    tracing::debug!(program = tool.name, "{line}");
                    match hearing.hear(&line) {
                        Some(Heard::Open(url)) => {
                            (is_silent, told_why) = (false, None);
                            tracing::info!("{} is reached at {url}", tool.name);
                            self.tell(ReachState::Open(url));
                        }
                        Some(Heard::Shut(why)) => {
                            is_silent = false;
                            tracing::warn!("{}: {}", tool.name, why.reason);
                            told_why = Some(why.clone());
                            self.tell(ReachState::Shut { why, tries_again: true });
                        }
                        None if !line.trim().is_empty() => last_words = line,
                        None => {}
                    }
                }
                Said::Ended => return Err(told_why.unwrap_or_else(|| ended(tool, &last_words))),
            }
        }
    }

    /// Has https answered with this certificate, and with the one that takes its place, until something
    /// else is wanted.
    async fn answer_https(&mut self, url: &Url, files: &CertificateFiles) -> Over {
        let mut seen = None;
        loop {
            let stamp = certificate::stamp(files);
            if seen != Some(stamp) {
                seen = Some(stamp);
                match certificate::read(files) {
                    Ok(config) => {
                        self.certificate.send_replace(Some(config));
                        self.tell(ReachState::Open(url.clone()));
                    }
                    // The one before is as good as it was.
                    Err(why) if self.certificate.borrow().is_some() => {
                        tracing::warn!("{}. The certificate from before is used on", why.reason);
                    }
                    Err(why) => self.tell(ReachState::Shut { why, tries_again: true }),
                }
            }
            tokio::select! {
                _ = self.wishes.changed() => return Over,
                () = sleep(RENEWED) => {}
            }
        }
    }

    /// The same with one that is got and renewed by itself.
    async fn keep_certificate(&mut self, url: &Url, host: &str, authority: &Authority, port: u16) -> Over {
        let Self { wishes, told, certificate: https, certified, world, .. } = self;
        let keeper = Keeper { url, host, port, authority, world, https, told, certified };
        tokio::select! {
            _ = wishes.changed() => Over,
            never = keeper.keep() => match never {},
        }
    }

    /// Waits in this state until something else is wanted.
    async fn rest(&mut self, state: ReachState) -> Over {
        self.tell(state);
        let _ = self.wishes.changed().await;
        Over
    }

    fn tell(&self, state: ReachState) {
        tell(&self.told, state);
    }
}

/// Tells it, if it is news.
pub(super) fn tell<T: PartialEq>(told: &watch::Sender<T>, state: T) {
    told.send_if_modified(|known| {
        let is_news = *known != state;
        *known = state;
        is_news
    });
}

fn silent(tool: &Tool, last_words: &str) -> Obstacle {
    let reason = format!("{} runs, but tells no address", tool.name);
    Obstacle::new(reason, format!("Look whether this computer is online{}", quoted(last_words)))
}

fn ended(tool: &Tool, last_words: &str) -> Obstacle {
    Obstacle::new(
        format!("{} ended by itself", tool.name),
        format!("It is started again{}", quoted(last_words)),
    )
}

/// A program's own words, as the end of a sentence.
fn quoted(words: &str) -> String {
    const MOST: usize = 200;
    let words: String = words.trim().chars().filter(|c| !c.is_control()).take(MOST).collect();
    if words.is_empty() { String::new() } else { format!("; its last words were “{words}”") }
}
