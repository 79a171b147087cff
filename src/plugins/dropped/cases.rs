//! The test cases of a plugin, in its `tests.json`: calls with the facts that must come of them, and
//! what servers answer meanwhile.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::run::Working;
use super::setting::secret_name;
use super::{Allow, Code, Desk, SettingKind, Source, fetch};
use crate::plugins::{Ask, Found, Host, LookUp as _, Notice, Secrets, Telling};
use crate::routing::{Call, Caller, Value};

/// All test cases of a plugin.
pub struct Cases(Vec<Case>);

/// One of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is about.
    pub name: String,
    /// The call.
    call: Option<CaseCall>,
    /// What it is to tell, instead of being asked about the call.
    notice: Option<Notice>,
    /// What is filled in, secrets included.
    #[serde(default)]
    settings: Map<String, Json>,
    /// What servers answer.
    #[serde(default)]
    fetch: Vec<Reply>,
    /// The facts that must come of it; null for one that must be missing.
    #[serde(default)]
    facts: BTreeMap<String, Json>,
    /// A part of the error that must come of it.
    error: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseCall {
    from: Option<String>,
    #[serde(default = "usual_line")]
    to: String,
    #[serde(default)]
    agent: Option<String>,
    #[serde(default)]
    at: DateTime<Utc>,
}

fn usual_line() -> String {
    "+14155550123".to_owned()
}

/// What a server answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    url: String,
    #[serde(default = "ok")]
    status: u16,
    /// A text, or JSON.
    #[serde(default)]
    body: Json,
    /// A part that what is sent must have.
    sent: Option<String>,
}

fn ok() -> u16 {
    200
}

/// What is answered in the place of servers.
#[derive(Clone, Debug)]
pub(super) struct Replies(Vec<Reply>);

impl Replies {
    /// No server can be reached.
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn answer(&self, wanted: &[u8], allow: &Allow) -> Result<Vec<u8>, String> {
        let url = fetch::address(wanted, allow)?;
        let reply = self.0.iter().find(|reply| reply.url == url.as_str());
        let reply = reply.ok_or_else(|| format!("the test case says nothing of what {url} answers"))?;
        if let Some(part) = reply.sent.as_ref().filter(|part| !fetch::sends(wanted, part)) {
            return Err(format!("what is sent to {url} must have “{part}” in it"));
        }
        let body = match &reply.body {
            Json::Null => String::new(),
            Json::String(text) => text.clone(),
            json => json.to_string(),
        };
        Ok(fetch::reply(reply.status, &body))
    }
}

impl Cases {
    /// Reads the test cases in a plugin's folder; none if there is no such file. The error is a sentence.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let file = folder.join("tests.json");
        if !file.exists() {
            return Ok(Self(Vec::new()));
        }
        let text = fs::read_to_string(&file).map_err(|why| format!("tests.json cannot be read ({why})"))?;
        serde_json::from_str(&text).map(Self).map_err(|why| format!("tests.json: {why}"))
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Case> {
        self.0.iter()
    }
}

impl Case {
    /// Asks the plugin, and says what is not as it must be.
    pub async fn run(&self, source: &Source, code: &Arc<Code>) -> Result<(), String> {
        let manifest = &source.manifest;
        let (mut filled, mut secrets) = (self.settings.clone(), BTreeMap::new());
        for (name, setting) in &manifest.settings {
            if setting.kind == SettingKind::Secret
                && let Some(Json::String(secret)) = filled.remove(name)
            {
                secrets.insert(secret_name(&manifest.id, name), Arc::from(secret));
            }
        }
        for (name, _) in manifest.settings.iter().filter(|(_, setting)| setting.kind == SettingKind::File) {
            if let Some(Json::String(path)) = filled.get_mut(name) {
                *path = source.folder.join(&*path).display().to_string();
            }
        }
        if let Some(unknown) = filled.keys().find(|name| !manifest.settings.contains_key(*name)) {
            return Err(format!("“{unknown}” is no setting of the plugin"));
        }
        let host = Host { secrets: Secrets::default(), ..Host::default() };
        host.secrets.replace(secrets);
        let desk = Arc::<Desk>::default();
        let working = Arc::new(Working::new(manifest.clone(), code.clone(), filled, desk));
        if let Some(notice) = self.notice.clone() {
            let telling = Telling { notices: [notice].into(), settings: Map::new(), host };
            let told = working.rehearse(&telling, Replies(self.fetch.clone())).await;
            return match (told, &self.error) {
                (Ok(()), Some(error)) => Err(format!("it should have failed with “{error}”")),
                (Err(why), Some(error)) if why.contains(error) => Ok(()),
                (told, _) => told,
            };
        }
        let call = self.call.clone().ok_or("it has neither a call nor a notice; write one of them")?;
        let CaseCall { from, to, agent, at } = call;
        let from = from.map_or(Caller::Withheld, Caller::Number);
        let call = Arc::new(Call { default_agent: agent, ..Call::new(from, to) });
        let found = working.rehearsal(&host, Replies(self.fetch.clone())).find(Ask { call, at }).await;
        match (found, &self.error) {
            (Ok(_), Some(error)) => Err(format!("it should have failed with “{error}”")),
            (Ok(found), None) => self.compare(&found),
            (Err(fault), Some(error)) if fault.to_string().contains(error) => Ok(()),
            (Err(fault), _) => Err(fault.to_string()),
        }
    }

    fn compare(&self, Found { facts, .. }: &Found) -> Result<(), String> {
        for (name, wanted) in &self.facts {
            let found = facts.get(name).map_or(Json::Null, plain);
            let is_same = match (wanted.as_f64(), found.as_f64()) {
                (Some(wanted), Some(found)) => (wanted - found).abs() <= f64::EPSILON,
                _ => *wanted == found,
            };
            if !is_same {
                return Err(format!("{name} is {found}, and should be {wanted}"));
            }
        }
        Ok(())
    }
}

/// A value as a plugin would write it.
#[must_use]
fn plain(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::YesNo(yes) => json!(yes),
        Value::Time(time) => json!(time.to_rfc3339()),
        Value::List(items) => json!(items),
    }
}
