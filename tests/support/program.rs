//! The whole program on a fresh folder and a port of its own, and requests to it as Retell sends
//! them.
#![allow(dead_code, reason = "each test file uses a part")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use switchboard::guard::Guarded;
use switchboard::program::{Link, Options, Program};
use switchboard::reach::ReachState;
use switchboard::retell::{ApiKey, signature};
use switchboard::routing::{Action, Agent, Line, Outcome, Rule, Table, Test};
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event, Opening, Serving};
use switchboard::storage::Home;
use switchboard::storage::call_log::{LogReader, Record};

/// The key of the tests.
pub const KEY: &str = "key_0123456789abcdef0123456789ab";
/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A running program.
pub struct Running {
    pub program: Program,
    pub link: Link,
    pub url: String,
}

impl Running {
    /// Starts on this folder, with the key of the tests.
    pub fn start(home: &Path) -> Self {
        Self::start_at(home, Clock::system())
    }

    /// The same by this clock.
    pub fn start_at(home: &Path, clock: Clock) -> Self {
        Self::of(start_at(home, "127.0.0.1:0", clock))
    }

    /// Gives this program the key of the tests.
    pub fn of(program: Program) -> Self {
        let serving = program.wait_until_tried();
        let Serving::Listening(addr) = serving else { panic!("{serving:?}") };
        let link = program.connect(|| ());
        let running = Self { program, link, url: format!("http://{addr}") };
        running.opening();
        running.ask(Command::SetKey(KEY.into()));
        running.hear(|event| matches!(event, Event::Keys(keys) if keys.current.is_some()).then_some(()));
        running
    }

    pub fn ask(&self, command: Command) {
        self.link.commands.send(command).unwrap();
    }

    /// Waits for an event that `wanted` takes; others are passed over.
    pub fn hear<T>(&self, wanted: impl Fn(Event) -> Option<T>) -> T {
        hear(&self.link, wanted)
    }

    /// Waits for a state of being reached, the one of now included.
    pub fn reach<T>(&self, wanted: impl Fn(&ReachState) -> Option<T>) -> T {
        let now = self.program.reach().borrow().clone();
        wanted(&now).unwrap_or_else(|| {
            self.hear(|event| if let Event::Reach(state) = event { wanted(&state) } else { None })
        })
    }

    /// Waits until it is reached, and says where.
    pub fn reached_at(&self) -> String {
        self.reach(|state| state.address().map(ToString::to_string))
    }

    /// Waits until it is not, and says why and what to do.
    pub fn not_reached(&self) -> String {
        self.reach(|state| match state {
            ReachState::Shut { why, .. } => Some(format!("{}. {}", why.reason, why.next)),
            _ => None,
        })
    }

    pub fn opening(&self) -> Opening {
        self.hear(|event| if let Event::Opened(opening) = event { Some(*opening) } else { None })
    }

    pub fn publish(&self, table: Table) -> u32 {
        self.ask(Command::Publish {
            table: Arc::new(table),
            note: String::new(),
            until: None,
            despite: String::new(),
        });
        self.hear(|event| match event {
            Event::Published(live) => Some(live.version),
            Event::Failed(note) => panic!("{}", note.text),
            _ => None,
        })
    }

    /// Posts a body as Retell does, and gives status and answer.
    pub fn call(&self, body: &str) -> (u16, String) {
        self.call_at("/webhook/inbound", body)
    }

    /// The same at another address.
    pub fn call_at(&self, path: &str, body: &str) -> (u16, String) {
        let at = self.program.clock().now().timestamp_millis();
        let signature = signature::sign(&ApiKey::new(KEY), body.as_bytes(), at);
        post(&format!("{}{path}", self.url), body, Some(&signature))
    }

    pub fn post(&self, body: &str, signature: Option<&str>) -> (u16, String) {
        post(&format!("{}/webhook/inbound", self.url), body, signature)
    }

    pub fn stop(self) {
        drop(self.link);
        self.program.stop().unwrap();
    }
}

pub fn start(home: &Path, listen: &str) -> Program {
    start_at(home, listen, Clock::system())
}

pub fn start_at(home: &Path, listen: &str, clock: Clock) -> Program {
    start_guarded(home, listen, clock, Guarded::default())
}

/// As a guard starts it.
pub fn start_guarded(home: &Path, listen: &str, clock: Clock, guarded: Guarded) -> Program {
    let home = Home::at(home).unwrap();
    let options = Options { home, listen: Some(listen.parse().unwrap()), clock };
    Program::start_guarded(options, guarded).unwrap()
}

pub fn hear<T>(link: &Link, wanted: impl Fn(Event) -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        match link.events.next() {
            Some(event) => {
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    }
    panic!("nothing of the kind was heard");
}

pub fn post(url: &str, body: &str, signature: Option<&str>) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into();
    let mut request = agent.post(url).content_type("application/json");
    if let Some(signature) = signature {
        request = request.header("x-retell-signature", signature);
    }
    let mut response = request.send(body.as_bytes()).unwrap();
    (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
}

/// All that is logged in this folder, oldest first.
pub fn logged(home: &Path) -> Vec<Record> {
    let mut records = LogReader::of(&Home::at(home).unwrap()).newest(1_000_000, 0).unwrap();
    records.reverse();
    records
}

/// Two lines, two agents, and no rules.
pub fn table() -> Table {
    let mut table = Table::empty("US", "America/New_York");
    table.lines = vec![
        Line { id: "main".into(), name: "Main line".into(), number: "+12137771235".into() },
        Line { id: "sales".into(), name: "Sales line".into(), number: "+12137771236".into() },
    ];
    table.agents = vec![
        Agent {
            id: "reception".into(),
            name: "Reception".into(),
            retell_id: "agent_reception".into(),
            ..Agent::default()
        },
        Agent {
            id: "vip".into(),
            name: "VIP desk".into(),
            retell_id: "agent_vip".into(),
            ..Agent::default()
        },
    ];
    table
}

/// A rule with one condition (or none) that connects an agent.
pub fn rule(name: &str, test: Option<(&str, serde_json::Value)>, agent: &str) -> Rule {
    Rule {
        id: name.to_lowercase().replace(' ', "-"),
        name: name.into(),
        note: String::new(),
        enabled: true,
        from: None,
        until: None,
        when: test
            .map(|(condition, settings)| Test { condition: condition.into(), not: false, settings }.into())
            .into_iter()
            .collect(),
        then: Outcome {
            action: Action::Connect { agent: agent.into(), version: None },
            ..Outcome::default()
        },
    }
}

/// A payload as Retell sends it.
pub fn payload(from: &str, to: &str, call_id: &str) -> String {
    format!(
        r#"{{"event":"call_inbound","event_timestamp":{},"call_inbound":{{"call_id":"{call_id}","from_number":"{from}","to_number":"{to}"}}}}"#,
        Clock::system().now().timestamp_millis()
    )
}
