//! What `close`, `open` and `status` share: the names of the table, the overrides' file, and whether
//! a program is running that follows it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Args, Failure, table};
use crate::local;
use crate::routing::{Overrides, Table};
use crate::server::HEALTH_PATH;
use crate::service::{Clock, Status};
use crate::storage::{Home, OverrideStore, Settings, read};

/// How long a running program may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// Everything at hand.
pub(super) struct Hand {
    pub(super) home: Home,
    /// The table that answers calls.
    pub(super) table: Table,
    pub(super) store: OverrideStore,
    pub(super) now: DateTime<Utc>,
}

/// How a program on the same files is doing.
pub(super) enum Running {
    /// It says so itself.
    Tells(Box<Status>),
    /// It answers.
    Answers(SocketAddr),
    /// It answers, but says that something is wrong.
    Troubled(SocketAddr),
    /// It runs, but nothing answers there.
    Silent(SocketAddr),
    /// There is none.
    No,
}

impl Hand {
    pub(super) fn open(args: &Args) -> Result<Self, Failure> {
        let home = args.home()?;
        let (_, table) = table::live_or(args, None).map_err(|error| {
            let is_new = !home.routing_file().exists() && !home.versions_folder().exists();
            if is_new {
                format!("no table was made here yet; start Switchboard first: {}", home.config.display())
                    .into()
            } else {
                error
            }
        })?;
        let (store, trouble) = OverrideStore::open(&home);
        if let Some(trouble) = trouble {
            complain!("{}", trouble.message);
        }
        Ok(Self { home, table, store, now: Clock::system().now() })
    }

    /// The id of the line of this name or number.
    pub(super) fn line(&self, spelled: &str) -> Result<String, Failure> {
        let wanted = spelled.trim();
        let lines = &self.table.lines;
        let number = crate::routing::number::parse(wanted, &self.table.country);
        let found = lines.iter().find(|line| line.name.to_lowercase() == wanted.to_lowercase());
        let found = found.or_else(|| lines.iter().find(|line| Some(&line.number) == number.as_ref()));
        let names = || named_all(lines.iter().map(|line| line.name.as_str()));
        Ok(found
            .ok_or_else(|| format!("no line is called “{wanted}”; the table has {}", names()))?
            .id
            .clone())
    }

    /// The id of the agent of this name.
    pub(super) fn agent(&self, spelled: &str) -> Result<String, Failure> {
        let wanted = spelled.trim();
        let agents = &self.table.agents;
        let found = agents.iter().find(|agent| agent.name.to_lowercase() == wanted.to_lowercase());
        let names = || named_all(agents.iter().map(|agent| agent.name.as_str()));
        Ok(found
            .ok_or_else(|| format!("no agent is called “{wanted}”; the table has {}", names()))?
            .id
            .clone())
    }

    /// Changes the overrides on the disk.
    pub(super) fn change<T>(
        &mut self,
        apply: impl FnOnce(&mut Overrides) -> Result<T, String>,
    ) -> Result<T, Failure> {
        self.home.prepare()?;
        let changed = self.store.change(self.now, apply)?;
        if let Some(trouble) = changed.trouble {
            complain!("{}", trouble.message);
        }
        match changed.not_saved {
            Some(reason) => Err(format!("nothing was changed: {reason}").into()),
            None => Ok(changed.value),
        }
    }

    /// When what was changed counts.
    pub(super) fn say_when(&self, args: &Args) {
        match self.running(args) {
            Running::No => say!("Switchboard is not running; this counts as soon as it does"),
            _ => say!("A running Switchboard follows within a second or two"),
        }
    }

    pub(super) fn running(&self, args: &Args) -> Running {
        if let Ok(status) = local::status(&self.home) {
            return Running::Tells(Box::new(status));
        }
        // Without a line to it, its port says whether it is there.
        let settings: Settings = read::read_json(&self.home.settings_file(), u32::MAX).unwrap_or_default();
        let listen = args.listen.unwrap_or(settings.listen);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .http_status_as_error(false)
            .build()
            .into();
        if !self.home.is_in_use() {
            return Running::No;
        }
        let asked = agent.get(format!("http://{}{HEALTH_PATH}", reached_at(listen))).call();
        let said = asked.ok().and_then(|mut answer| answer.body_mut().read_to_string().ok());
        match said.as_deref() {
            Some("ok") => Running::Answers(listen),
            Some("degraded") => Running::Troubled(listen),
            _ => Running::Silent(listen),
        }
    }
}

/// Names for a sentence.
pub(super) fn named_all<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| format!("“{name}”")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
