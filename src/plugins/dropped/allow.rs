//! What a plugin may do besides answering. Nothing of it counts before the owner allows it, and a
//! plugin that asks for something else asks anew.

use std::net::IpAddr;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::{Host, Url};

/// What a plugin asks to be allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The beginnings of the addresses that it asks: `https://api.acme.example/`.
    #[serde(default)]
    pub fetch: Vec<String>,
    /// Whether these may be inside of the owner's own network.
    #[serde(default)]
    pub own_network: bool,
}

impl Allow {
    /// What is wrong with it.
    pub(super) fn problem(&self) -> Option<String> {
        self.fetch.iter().find_map(|text| {
            let bad = |what: &str| Some(format!("“{text}” under [allow] fetch {what}"));
            match Url::parse(text) {
                Ok(url) if !matches!(url.scheme(), "http" | "https") || !url.has_host() => {
                    bad("is no address of a server; write one like https://api.acme.example/")
                }
                Ok(url)
                    if !url.username().is_empty() || url.query().is_some() || url.fragment().is_some() =>
                {
                    bad("must be only the beginning of an address, without user, ? or #")
                }
                Ok(url) if !self.own_network && is_own(&url) => {
                    bad("is inside of a network of one's own; add own_network = true")
                }
                Ok(_) => None,
                Err(why) => bad(&format!("cannot be read ({why})")),
            }
        })
    }

    /// What it asks for, a sentence each; none for a plugin that only thinks.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let asks = self.fetch.iter().map(|text| {
            let open = if text.starts_with("http:") { ", without encryption" } else { "" };
            format!("Ask {text} about each call{open}")
        });
        let own = self.own_network.then(|| "Reach servers inside of your own network".to_owned());
        asks.chain(own).collect()
    }

    /// Tells one set of rights from another.
    #[must_use]
    pub fn mark(&self) -> String {
        let mut all = self.fetch.clone();
        all.sort();
        all.push(self.own_network.to_string());
        let hash = Sha256::digest(all.join("\n"));
        hex::encode(&hash[..8])
    }

    /// Where it may go.
    pub(super) fn places(&self) -> Vec<Url> {
        self.fetch.iter().filter_map(|text| Url::parse(text).ok()).collect()
    }
}

fn is_own(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => !crate::plugins::web::is_public(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => !crate::plugins::web::is_public(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => name == "localhost" || name.rsplit('.').next() == Some("local"),
        None => false,
    }
}
