//! Notices: the part of a plugin that tells somebody of calls and outages, after the answer. It may
//! take time and may fail; nothing waits for it, and who asks it tries again.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Host;

/// A way to tell somebody.
pub trait NoticeKind: Send + Sync {
    /// What is wrong with settings that the form cannot see, in a sentence that says what to do.
    /// Secrets are not among them.
    fn check(&self, _settings: &Map<String, Value>) -> Result<(), String> {
        Ok(())
    }

    /// Tells it. The error is a sentence for the owner. It is cut off when it takes too long, and may
    /// be dropped at any await.
    fn tell(&self, telling: Telling) -> BoxFuture<'static, Result<(), String>>;
}

/// What is told, and how.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What happened, in the order of time; never empty. Several, where much happens at once.
    pub notices: Arc<[Notice]>,
    /// The settings, secrets filled in.
    pub settings: Map<String, Value>,
    /// What may be used of the world.
    pub host: Host,
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notice {
    /// What kind of thing.
    pub kind: NoticeOf,
    /// In a line: "Ada Lovelace called Main line: connected to Reception".
    pub title: String,
    /// What else there is to say; may be empty.
    pub text: String,
    /// When, with the owner's time zone: `2026-05-01T10:00:00+02:00`.
    pub at: String,
    /// The call, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<NoticeCall>,
}

/// What kind of thing somebody is told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeOf {
    /// A call or a text was answered.
    #[default]
    Call,
    /// Calls do not arrive any more.
    Outage,
    /// They arrive again.
    Recovery,
    /// The owner tries whether notices arrive.
    Test,
}

/// A call as somebody is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticeCall {
    /// Its number in the log.
    pub id: i64,
    /// The caller's number; `None` if withheld.
    pub from: Option<String>,
    /// The caller's name, if it is known.
    pub caller: Option<String>,
    /// The number that was called.
    pub to: String,
    /// What the owner calls that line.
    pub line: Option<String>,
    /// `call` or `text`.
    pub medium: String,
    /// `connect`, `keep` or `reject`.
    pub outcome: String,
    /// The name of the agent connected.
    pub agent: Option<String>,
    /// The name of the rule that decided; `None` for the fallback.
    pub rule: Option<String>,
    /// Something failed on the way, and the fallback answered for it.
    pub broke: bool,
}

impl Telling {
    /// All of it in a line.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.notices[..] {
            [] => String::new(),
            [only] => only.title.clone(),
            [first, more @ ..] => format!("{}, and {} more", first.title, more.len()),
        }
    }

    /// All of it in lines: what else there is to say of one, or each of several with its time.
    #[must_use]
    pub fn text(&self) -> String {
        if let [only] = &self.notices[..] {
            return only.text.clone();
        }
        let lines = self.notices.iter().map(|notice| {
            let time = notice.at.get(11..16).unwrap_or_default();
            format!("{time} {}", notice.title)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// As plugins are told: the first, with the others under `more`.
    #[must_use]
    pub fn record(&self) -> Value {
        let mut all = self.notices.iter().map(|notice| json!(notice));
        let mut record = all.next().unwrap_or_default();
        let more: Vec<Value> = all.collect();
        if !more.is_empty() {
            record["more"] = Value::Array(more);
        }
        record
    }

    /// A setting that is a text; empty where nothing is filled in.
    #[must_use]
    pub fn setting(&self, name: &str) -> &str {
        self.settings.get(name).and_then(Value::as_str).unwrap_or_default().trim()
    }

    /// A setting that is yes or no.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.settings.get(name) == Some(&Value::Bool(true))
    }
}

/// A text for those who read some HTML in what they are told: nothing in it is a mark.
pub(in crate::plugins) fn unmarked(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
