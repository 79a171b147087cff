//! Which lines this program connected: what it wrote at Retell, and what stood there before. So a change
//! that somebody makes there is told from its own, and each line can be given back as it was.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::plugins::reach::address_of;
use crate::retell::account::{AccountNumber, NumberChange, Setting};
use crate::service::{TEXTS_PATH, WEBHOOK_PATH};

const FORMAT: u32 = super::FORMAT;

/// What was written at Retell, by the number of the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectedLines {
    format: u32,
    lines: BTreeMap<String, ConnectedLine>,
}

/// What was written for a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct ConnectedLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calls: Option<Address>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    texts: Option<Address>,
}

/// An address that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Address {
    /// What was written.
    is: String,
    /// What stood there before the line was connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    /// When it was written.
    at: DateTime<Utc>,
}

/// Who is asked about the calls of a line, as seen from this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// This computer.
    Here,
    /// Nobody.
    Nobody {
        /// This program had connected the line.
        was_here: bool,
    },
    /// This computer, at an address that it does not have any more.
    Before,
    /// Somebody else.
    Elsewhere {
        /// At this address.
        url: String,
        /// This program had connected the line.
        was_here: bool,
    },
}

impl Default for ConnectedLines {
    fn default() -> Self {
        Self { format: FORMAT, lines: BTreeMap::new() }
    }
}

impl ConnectedLines {
    /// Who is asked about the calls of this number, while this computer is reached at `address`.
    #[must_use]
    pub fn connection(&self, number: &AccountNumber, address: Option<&Url>) -> Connection {
        let written = self.lines.get(&number.number).and_then(|line| line.calls.as_ref());
        let was_here = written.is_some();
        let Some(url) = &number.webhook else { return Connection::Nobody { was_here } };
        let is_as_written = written.is_some_and(|written| written.is == *url);
        match address {
            Some(address) if leads_here(url, address) => Connection::Here,
            // It is not known at which address this computer is reached now, if at any.
            None if is_as_written => Connection::Here,
            Some(_) if is_as_written => Connection::Before,
            _ => Connection::Elsewhere { url: url.clone(), was_here },
        }
    }

    /// What connects this number to the computer that is reached at `address`: its calls, and its texts if
    /// they are to be asked about here too. Nothing where they are.
    #[must_use]
    pub fn connecting(number: &AccountNumber, address: &Url, texts: bool) -> Vec<NumberChange> {
        let calls = Setting::Webhook(Some(address_of(address, WEBHOOK_PATH)));
        let texts = texts.then(|| Setting::TextsWebhook(Some(address_of(address, TEXTS_PATH))));
        let is_here = |setting: &Setting| address_in(setting).is_some_and(|url| leads_here(url, address));
        std::iter::once(calls)
            .chain(texts)
            .map(|becomes| NumberChange { number: number.number.clone(), was: becomes.on(number), becomes })
            .filter(|change| !is_here(&change.was))
            .collect()
    }

    /// What gives this number back as it was before it was connected; nothing where it was not, or where
    /// somebody changed it since.
    #[must_use]
    pub fn giving_back(&self, number: &AccountNumber) -> Vec<NumberChange> {
        let change = |becomes: Setting, written: &Address| {
            let was = becomes.on(number);
            let is_ours = address_in(&was) == Some(&written.is);
            is_ours.then(|| NumberChange { number: number.number.clone(), was, becomes })
        };
        let Some(ConnectedLine { calls, texts }) = self.lines.get(&number.number) else { return Vec::new() };
        let calls = calls.as_ref().and_then(|written| change(Setting::Webhook(written.was.clone()), written));
        let texts =
            texts.as_ref().and_then(|written| change(Setting::TextsWebhook(written.was.clone()), written));
        calls.into_iter().chain(texts).collect()
    }

    /// What leads lines here again that were connected at another address than this.
    #[must_use]
    pub fn following(&self, numbers: &[AccountNumber], address: &Url) -> Vec<NumberChange> {
        let is_old = |change: &NumberChange| self.is_as_written(&change.number, &change.was);
        let all = numbers.iter().flat_map(|number| Self::connecting(number, address, true));
        all.filter(is_old).collect()
    }

    /// Whether this is what was written there last.
    #[must_use]
    pub fn is_as_written(&self, number: &str, setting: &Setting) -> bool {
        let Some(line) = self.lines.get(number) else { return false };
        let written = match setting {
            Setting::Webhook(_) => &line.calls,
            Setting::TextsWebhook(_) => &line.texts,
            Setting::Agents(_) => return false,
        };
        written.as_ref().is_some_and(|written| address_in(setting) == Some(&written.is))
    }

    /// Keeps in mind what was changed at Retell.
    pub(super) fn keep(&mut self, change: &NumberChange, at: DateTime<Utc>) {
        let line = self.lines.entry(change.number.clone()).or_default();
        let slot = match &change.becomes {
            Setting::Webhook(_) => &mut line.calls,
            Setting::TextsWebhook(_) => &mut line.texts,
            Setting::Agents(_) => return self.forget_empty(&change.number),
        };
        let before = match slot.take() {
            // It was connected before, at another address.
            Some(written) if address_in(&change.was) == Some(&written.is) => written.was,
            _ => address_in(&change.was).cloned(),
        };
        let is_given_back = address_in(&change.becomes) == before.as_ref();
        *slot = address_in(&change.becomes).filter(|_| !is_given_back).map(|is| Address {
            is: is.clone(),
            was: before,
            at,
        });
        self.forget_empty(&change.number);
    }

    fn forget_empty(&mut self, number: &str) {
        if self.lines.get(number) == Some(&ConnectedLine::default()) {
            self.lines.remove(number);
        }
    }
}

/// The address that is set, if that is what is set and one is.
fn address_in(setting: &Setting) -> Option<&String> {
    match setting {
        Setting::Webhook(url) | Setting::TextsWebhook(url) => url.as_ref(),
        Setting::Agents(_) => None,
    }
}

/// Whether a URL is one of ours under this address. Calls and texts are answered at both.
fn leads_here(url: &str, address: &Url) -> bool {
    let Ok(url) = Url::parse(url.trim()) else { return false };
    let is = |path: &str| Url::parse(&address_of(address, path)).is_ok_and(|ours| ours == url);
    is(WEBHOOK_PATH) || is(TEXTS_PATH)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const AT: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn number(webhook: Option<&str>) -> AccountNumber {
        AccountNumber {
            number: "+14155550123".into(),
            webhook: webhook.map(Into::into),
            ..AccountNumber::default()
        }
    }

    fn url(host: &str) -> Url {
        format!("https://{host}").parse().unwrap()
    }

    #[test]
    fn who_is_asked_about_a_line_is_told_apart() {
        let (a, b) = (url("a.example"), url("b.example"));
        let mut connected = ConnectedLines::default();
        let line = number(Some("https://old.example/hook"));
        let elsewhere = |was_here| Connection::Elsewhere { url: "https://old.example/hook".into(), was_here };
        assert_eq!(connected.connection(&line, Some(&a)), elsewhere(false));
        assert_eq!(connected.connection(&number(None), Some(&a)), Connection::Nobody { was_here: false });
        // Pasted by hand, in any of the two fields.
        let pasted = number(Some("https://a.example/webhook/inbound-sms"));
        assert_eq!(connected.connection(&pasted, Some(&a)), Connection::Here);

        let [change] = &ConnectedLines::connecting(&line, &a, false)[..] else { panic!() };
        connected.keep(change, AT);
        let ours = number(Some("https://a.example/webhook/inbound"));
        assert!(ConnectedLines::connecting(&ours, &a, false).is_empty());
        assert_eq!(connected.connection(&ours, Some(&a)), Connection::Here);
        assert_eq!(connected.connection(&ours, None), Connection::Here);
        assert_eq!(connected.connection(&ours, Some(&b)), Connection::Before);
        assert_eq!(connected.connection(&line, Some(&a)), elsewhere(true));
        assert_eq!(connected.connection(&number(None), Some(&a)), Connection::Nobody { was_here: true });
    }

    #[test]
    fn a_line_follows_its_address_and_is_given_back_as_it_was() {
        let (a, b) = (url("a.example"), url("b.example"));
        let mut connected = ConnectedLines::default();
        let mut line = number(Some("https://old.example/hook"));
        for address in [&a, &b] {
            for change in ConnectedLines::connecting(&line, address, true) {
                connected.keep(&change, AT);
                match change.becomes {
                    Setting::Webhook(url) => line.webhook = url,
                    Setting::TextsWebhook(url) => line.texts_webhook = url,
                    Setting::Agents(_) => {}
                }
            }
        }
        let following = connected.following(&[line.clone()], &a);
        assert_eq!(following.len(), 2, "calls and texts");
        assert!(connected.following(&[number(Some("https://other.example"))], &a).is_empty());
        let back = connected.giving_back(&line);
        let becomes: Vec<_> = back.iter().map(|change| change.becomes.clone()).collect();
        let old = Some("https://old.example/hook".to_owned());
        assert_eq!(becomes, [Setting::Webhook(old), Setting::TextsWebhook(None)]);
        for change in &back {
            connected.keep(change, AT);
        }
        assert_eq!(connected, ConnectedLines::default());
        assert!(connected.giving_back(&line).is_empty());
    }
}
