//! What is said back to Retell: who takes the call, and what that agent is told.
//!
//! Everything is optional. An answer that names nobody leaves the call to the number's own
//! agent at Retell, or rejects it where the number has none.

use std::collections::BTreeMap;

use hyper::body::Bytes;
use serde_json::{Map, Value};

use super::payload::event;
use crate::routing::{AgentVersion, Medium};

/// The largest answer that is sent, in bytes. Retell names no limit; this one keeps an
/// answer quick and its record small.
pub const MAX_BYTES: usize = 64 * 1024;

/// An answer to `call_inbound` or `chat_inbound`, before it is written down.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// What is answered: a call or a text message. Tells the name that all stands under.
    pub medium: Medium,
    /// The agent that takes the call.
    pub override_agent_id: Option<String>,
    /// That agent's version; Retell's choice if absent.
    pub override_agent_version: Option<AgentVersion>,
    /// What fills the `{{name}}` places in the agent's prompt. Retell wants text throughout.
    pub dynamic_variables: BTreeMap<String, String>,
    /// Comes back in the call's events and stays with its record at Retell.
    pub metadata: Option<Map<String, Value>>,
    /// Settings for this call only: `{agent?, retell_llm?, conversation_flow?}`.
    pub agent_override: Option<Map<String, Value>>,
}

/// An answer as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The JSON, at most [`MAX_BYTES`].
    pub bytes: Bytes,
    /// What had to be left out to keep to that, by its name in the JSON. Mostly empty.
    pub left_out: Vec<String>,
}

impl Answer {
    /// Writes the answer. What is too much is left out in this order, least missed first:
    /// the metadata, the agent's settings, the longest variables, version and agent.
    #[must_use]
    pub fn to_bytes(&self) -> Written {
        let whole = self.to_json();
        if whole.len() <= MAX_BYTES {
            return Written { bytes: whole.into(), left_out: Vec::new() };
        }
        let mut small = self.clone();
        let mut left_out = Vec::new();
        let mut json = whole;
        while json.len() > MAX_BYTES {
            small.leave_out(json.len() - MAX_BYTES, &mut left_out);
            json = small.to_json();
        }
        Written { bytes: json.into(), left_out }
    }

    fn to_json(&self) -> String {
        let Self {
            medium,
            override_agent_id,
            override_agent_version,
            dynamic_variables,
            metadata,
            agent_override,
        } = self;
        let mut call = Map::new();
        if let Some(id) = override_agent_id {
            call.insert("override_agent_id".into(), id.as_str().into());
        }
        match override_agent_version {
            Some(AgentVersion::Number(number)) => {
                call.insert("override_agent_version".into(), (*number).into());
            }
            Some(AgentVersion::Tag(tag)) => {
                call.insert("override_agent_version".into(), tag.as_str().into());
            }
            None => {}
        }
        if !dynamic_variables.is_empty() {
            let texts = dynamic_variables.iter().map(|(k, v)| (k.clone(), v.as_str().into()));
            call.insert("dynamic_variables".into(), Value::Object(texts.collect()));
        }
        for (name, object) in [("metadata", metadata), ("agent_override", agent_override)] {
            if let Some(object) = object.as_ref().filter(|object| !object.is_empty()) {
                call.insert(name.into(), Value::Object(object.clone()));
            }
        }
        serde_json::json!({ event(*medium): call }).to_string()
    }

    /// Removes the next part, or as many of the longest variables as make up `excess` bytes.
    fn leave_out(&mut self, excess: usize, left_out: &mut Vec<String>) {
        if self.metadata.take().is_some() {
            left_out.push("metadata".into());
        } else if self.agent_override.take().is_some() {
            left_out.push("agent_override".into());
        } else if !self.dynamic_variables.is_empty() {
            // As written, with quotes and escapes, colon and comma.
            let written = |text: &str| Value::from(text).to_string().len() + 1;
            let sized = |(name, text): (&String, &String)| (written(name) + written(text), name.clone());
            let mut by_size: Vec<_> = self.dynamic_variables.iter().map(sized).collect();
            by_size.sort_by(|a, b| b.cmp(a));
            let mut freed = 0;
            for (size, name) in by_size {
                if freed >= excess {
                    break;
                }
                freed += size;
                self.dynamic_variables.remove(&name);
                left_out.push(format!("dynamic_variables.{name}"));
            }
        } else if self.override_agent_version.take().is_some() {
            left_out.push("override_agent_version".into());
        } else if self.override_agent_id.take().is_some() {
            left_out.push("override_agent_id".into());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use serde_json::json;

    fn object(value: &Value) -> Option<Map<String, Value>> {
        value.as_object().cloned()
    }

    #[test]
    fn an_empty_answer_is_the_shortest_legal_one() {
        let answer = Answer { metadata: Some(Map::new()), ..Answer::default() };
        assert_eq!(&answer.to_bytes().bytes[..], br#"{"call_inbound":{}}"#);
    }

    #[test]
    fn every_part_stands_under_call_inbound_with_retells_name() {
        let answer = Answer {
            medium: Medium::Call,
            override_agent_id: Some("agent_1".into()),
            override_agent_version: Some(AgentVersion::Number(3)),
            dynamic_variables: [("name".into(), "Zo\u{eb} \"Z\"".into())].into(),
            metadata: object(&json!({"rule": 7})),
            agent_override: object(&json!({"agent": {"language": "de-DE"}})),
        };
        let sent: Value = serde_json::from_slice(&answer.to_bytes().bytes).unwrap();
        let expected = json!({"call_inbound": {
            "override_agent_id": "agent_1",
            "override_agent_version": 3,
            "dynamic_variables": {"name": "Zo\u{eb} \"Z\""},
            "metadata": {"rule": 7},
            "agent_override": {"agent": {"language": "de-DE"}},
        }});
        assert_eq!(sent, expected);
    }

    #[test]
    fn a_version_is_a_number_or_a_tag() {
        for (version, json) in
            [(AgentVersion::Number(2), "2"), (AgentVersion::Tag("prod".into()), "\"prod\"")]
        {
            assert_eq!(serde_json::to_string(&version).unwrap(), json);
            assert_eq!(serde_json::from_str::<AgentVersion>(json).unwrap(), version);
        }
    }

    #[test]
    fn what_is_too_long_goes_in_order_and_is_named() {
        let mut answer = Answer {
            medium: Medium::Call,
            override_agent_id: Some("agent_1".into()),
            override_agent_version: Some(AgentVersion::Tag("prod".into())),
            dynamic_variables: [
                ("short".into(), "kept".into()),
                ("long".into(), "x".repeat(40_000)),
                ("longer".into(), "\n".repeat(50_000)),
            ]
            .into(),
            metadata: object(&json!({"note": "m"})),
            agent_override: None,
        };
        let written = answer.to_bytes();
        assert_eq!(written.left_out, ["metadata", "dynamic_variables.longer"]);
        let sent: Value = serde_json::from_slice(&written.bytes).unwrap();
        let call = &sent["call_inbound"];
        assert_eq!(call["override_agent_id"], "agent_1");
        assert_eq!(call["dynamic_variables"]["short"], "kept");
        assert_eq!(call["dynamic_variables"]["long"].as_str().unwrap().len(), 40_000);

        answer.override_agent_id = Some("a".repeat(MAX_BYTES));
        assert_eq!(&answer.to_bytes().bytes[..], br#"{"call_inbound":{}}"#);
    }
}
