//! What can be changed on a phone number: who is asked about its calls and texts, and the agents of its
//! own. Each change says how it was, so that it can be shown, checked before it is made, and undone.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{AccountNumber, OwnAgent};

/// One thing that is set on a phone number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Who is asked about its calls.
    Webhook(Option<String>),
    /// Who is asked about its text messages.
    TextsWebhook(Option<String>),
    /// The agents that answer it where nobody else is named.
    Agents(Vec<OwnAgent>),
}

impl Setting {
    /// What of the same kind is set on this number.
    #[must_use]
    pub fn on(&self, number: &AccountNumber) -> Self {
        match self {
            Self::Webhook(_) => Self::Webhook(number.webhook.clone()),
            Self::TextsWebhook(_) => Self::TextsWebhook(number.texts_webhook.clone()),
            Self::Agents(_) => Self::Agents(number.agents.clone()),
        }
    }

    /// What it is called on the wire, and what is set.
    fn field(&self) -> (&'static str, Value) {
        match self {
            Self::Webhook(url) => ("inbound_webhook_url", json!(url)),
            Self::TextsWebhook(url) => ("inbound_sms_webhook_url", json!(url)),
            Self::Agents(agents) => ("inbound_agents", json!(agents)),
        }
    }
}

/// A change to a phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberChange {
    /// The number, with country code.
    pub number: String,
    /// How it is before.
    pub was: Setting,
    /// How it is to be, of the same kind.
    pub becomes: Setting,
}

impl NumberChange {
    /// The change that takes this one back.
    #[must_use]
    pub fn back(&self) -> Self {
        let Self { number, was, becomes } = self.clone();
        Self { number, was: becomes, becomes: was }
    }
}

/// The path that changes a phone number, with `PATCH`. Answered with the whole number.
#[must_use]
pub fn change_path(number: &str) -> String {
    // As the SDK has it: the plus sign stays, and a number has nothing else that means something.
    let digits = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '+');
    format!("/update-phone-number/{}", digits.collect::<String>())
}

/// The body that makes these settings; what is not named in it stays as it is.
#[must_use]
pub fn change_body(settings: &[&Setting]) -> Value {
    settings.iter().map(|setting| setting.field()).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_change_is_written_as_the_sdk_writes_it_and_can_be_taken_back() {
        let own: Vec<OwnAgent> = serde_json::from_value(
            json!([{ "agent_id": "agent_1", "weight": 0.5, "agent_version": 3 }, "agent_2"]),
        )
        .unwrap();
        let lift = NumberChange {
            number: "+14155550123".into(),
            was: Setting::Agents(own),
            becomes: Setting::Agents(Vec::new()),
        };
        assert_eq!(change_path(&lift.number), "/update-phone-number/+14155550123");
        assert_eq!(change_body(&[&lift.becomes]), json!({ "inbound_agents": [] }));
        assert_eq!(
            change_body(&[&lift.back().becomes, &Setting::Webhook(None)]),
            json!({
                "inbound_agents": [
                    { "agent_id": "agent_1", "weight": 0.5, "agent_version": 3 },
                    { "agent_id": "agent_2", "weight": 1 },
                ],
                "inbound_webhook_url": null,
            })
        );
    }
}
