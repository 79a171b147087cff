//! Understands what cloudflared prints: lines of a time, a level, words, and fields such as
//! `connIndex=0`.

use std::collections::BTreeSet;

use serde::Deserialize;
use url::Url;

use crate::plugins::reach::{Heard, Hearing, Obstacle, read_address};

/// What was understood so far.
pub(super) struct Output {
    address: Option<Url>,
    /// The connections to Cloudflare, by their index.
    connections: BTreeSet<u32>,
    /// The port that a named tunnel has to pass requests on to.
    port: Option<u16>,
    /// The owner wrote the address down, so Cloudflare's word on it does not count.
    is_given: bool,
}

/// What Cloudflare keeps of a named tunnel.
#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    ingress: Vec<Ingress>,
}

#[derive(Deserialize)]
struct Ingress {
    hostname: Option<String>,
    #[serde(default)]
    service: String,
}

/// Words that tell why there is no tunnel, and what follows from them.
const TROUBLES: [(&str, &str, &str); 8] = [
    ("Tunnel token is not valid", "The token is none of a Cloudflare tunnel", COPY_TOKEN),
    ("Invalid tunnel secret", "Cloudflare does not take this token any more", COPY_TOKEN),
    ("Unauthorized", "Cloudflare does not take this token", COPY_TOKEN),
    ("Tunnel not found", "This tunnel is gone from your Cloudflare account", COPY_TOKEN),
    ("failed to request quick Tunnel", "Cloudflare gave no address for a quick tunnel", QUICK),
    ("Error unmarshaling QuickTunnel", "Cloudflare gave no address for a quick tunnel", QUICK),
    ("no such host", "cloudflared cannot find Cloudflare", ONLINE),
    ("network is unreachable", "cloudflared cannot reach Cloudflare", ONLINE),
];
const COPY_TOKEN: &str = "Copy the token again from the tunnel's page at Cloudflare, and save it in Settings, under Cloudflare Tunnel";
const QUICK: &str = "Look whether this computer is online, wait some minutes, or use a named tunnel, which comes with a promise";
const ONLINE: &str = "Look whether this computer is online; it is tried again by itself";

impl Output {
    pub(super) fn quick() -> Self {
        Self { address: None, connections: BTreeSet::new(), port: None, is_given: false }
    }

    pub(super) fn named(address: Option<Url>, port: u16) -> Self {
        Self { is_given: address.is_some(), address, connections: BTreeSet::new(), port: Some(port) }
    }

    fn open(&self) -> Option<Heard> {
        let address = self.address.clone().filter(|_| !self.connections.is_empty())?;
        Some(Heard::Open(address))
    }

    /// What Cloudflare passes on where.
    fn configured(&mut self, config: &Config) -> Option<Heard> {
        let port = self.port.filter(|_| !self.is_given)?;
        let mut hosts = config.ingress.iter().filter_map(|ingress| {
            Some((ingress.hostname.as_deref().filter(|name| !name.is_empty())?, &ingress.service))
        });
        let wanted = "In the tunnel's page at Cloudflare, under Public Hostnames, set the service to";
        let ours =
            hosts.clone().find(|(_, service)| Url::parse(service).is_ok_and(|url| url.port() == Some(port)));
        if let Some((host, _)) = ours {
            self.address = read_address(host).ok();
            return self.open();
        }
        self.address = None;
        let reason = match hosts.next() {
            Some((host, service)) => {
                format!("The tunnel passes {host} on to {service}, and calls are received on port {port}")
            }
            None => "The tunnel has no public hostname yet".to_owned(),
        };
        Some(Heard::Shut(Obstacle::new(reason, format!("{wanted} http://localhost:{port}"))))
    }
}

impl Hearing for Output {
    fn hear(&mut self, line: &str) -> Option<Heard> {
        if let Some(url) = quick_address(line).filter(|_| self.port.is_none()) {
            self.address = Some(url);
            return self.open();
        }
        if line.contains("Registered tunnel connection") && !line.contains("Unregistered") {
            let is_first = self.connections.is_empty();
            self.connections.insert(index(line));
            return self.open().filter(|_| is_first);
        }
        let is_lost =
            ["Unregistered tunnel connection", "Connection terminated", "Lost connection with the edge"]
                .iter()
                .any(|words| line.contains(words));
        if is_lost && self.connections.remove(&index(line)) && self.connections.is_empty() {
            return Some(Heard::Shut(Obstacle::new("cloudflared lost its connection to Cloudflare", ONLINE)));
        }
        if line.contains("Updated to new configuration") {
            return self.configured(&config(line)?);
        }
        // Connections are made several at a time; while one stands, trouble with another is none.
        if !self.connections.is_empty() {
            return None;
        }
        let (_, reason, next) = TROUBLES.iter().find(|(words, ..)| line.contains(words))?;
        Some(Heard::Shut(Obstacle::new(*reason, *next)))
    }
}

fn quick_address(line: &str) -> Option<Url> {
    let word = line.split_whitespace().find(|word| word.starts_with("https://"))?;
    let url = Url::parse(word).ok()?;
    let host = url.host_str()?;
    (host.ends_with(".trycloudflare.com") && host != "api.trycloudflare.com").then_some(url)
}

fn index(line: &str) -> u32 {
    let digits = line.split_once("connIndex=").map_or("", |(_, rest)| rest);
    digits
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_default()
}

/// The JSON text that stands as a quoted text behind `config=`.
fn config(line: &str) -> Option<Config> {
    let (_, rest) = line.split_once("config=")?;
    let quoted = serde_json::Deserializer::from_str(rest).into_iter::<String>().next()?.ok()?;
    serde_json::from_str(&quoted).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn words(output: &mut Output, lines: &str) -> Vec<String> {
        let said = lines.lines().filter_map(|line| output.hear(line));
        said.map(|heard| match heard {
            Heard::Open(url) => format!("open {url}"),
            Heard::Shut(Obstacle { reason, .. }) => reason,
        })
        .collect()
    }

    const QUICK: &str = "\
2026-03-05T17:43:01Z INF Requesting new quick Tunnel on trycloudflare.com...
2026-03-05T17:43:05Z INF +------------------------------------------------------------------+
2026-03-05T17:43:05Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |
2026-03-05T17:43:05Z INF |  https://seasonal-deck-organisms-sf.trycloudflare.com              |
2026-03-05T17:43:05Z INF +------------------------------------------------------------------+
2026-03-05T17:43:05Z INF Version 2026.2.1
2026-03-05T17:43:06Z INF Registered tunnel connection connIndex=0 connection=a6 event=0 ip=198.41.192.107 location=iad05 protocol=quic";

    #[test]
    fn a_quick_tunnel_is_open_once_it_is_connected() {
        let mut output = Output::quick();
        assert_eq!(words(&mut output, QUICK), ["open https://seasonal-deck-organisms-sf.trycloudflare.com/"]);
        let lost = "2026-03-05T18:00:00Z ERR Connection terminated error=\"timeout: no recent network activity\" connIndex=0";
        assert_eq!(words(&mut output, lost), ["cloudflared lost its connection to Cloudflare"]);
        let again = "2026-03-05T18:00:09Z INF Registered tunnel connection connIndex=0 protocol=http2";
        assert_eq!(words(&mut output, again), ["open https://seasonal-deck-organisms-sf.trycloudflare.com/"]);
        let offline = "2026-03-05T17:43:01Z ERR failed to request quick Tunnel: Post \"https://api.trycloudflare.com/tunnel\": dial tcp: lookup api.trycloudflare.com: no such host";
        assert_eq!(words(&mut Output::quick(), offline), ["Cloudflare gave no address for a quick tunnel"]);
    }

    #[test]
    fn a_named_tunnel_tells_its_hostname_and_where_it_leads() {
        let registered = "2026-03-05T17:43:06Z INF Registered tunnel connection connIndex=2 location=iad05";
        let config = |service: &str| {
            format!(
                r#"2026-03-05T17:43:07Z INF Updated to new configuration config="{{\"ingress\":[{{\"hostname\":\"calls.example.com\",\"originRequest\":{{}},\"service\":\"{service}\"}},{{\"service\":\"http_status:404\"}}],\"warp-routing\":{{\"enabled\":false}}}}" version=3"#
            )
        };
        let mut output = Output::named(None, 8787);
        assert!(words(&mut output, registered).is_empty());
        assert_eq!(words(&mut output, &config("http://localhost:8787")), ["open https://calls.example.com/"]);
        assert_eq!(
            words(&mut output, &config("http://localhost:9000")),
            [
                "The tunnel passes calls.example.com on to http://localhost:9000, and calls are received on port 8787"
            ]
        );
        let mut output = Output::named(Some(read_address("calls.example.com").unwrap()), 8787);
        assert_eq!(words(&mut output, registered), ["open https://calls.example.com/"]);
        assert!(words(&mut output, &config("http://localhost:9000")).is_empty(), "the owner's word counts");
    }

    #[test]
    fn what_is_wrong_with_a_token_is_told() {
        for (line, says) in [
            ("Provided Tunnel token is not valid.", "none of a Cloudflare tunnel"),
            (
                "2026-03-05T17:43:06Z ERR Register tunnel error from server side error=\"Unauthorized: Invalid tunnel secret\" connIndex=0",
                "does not take this token any more",
            ),
        ] {
            let said = words(&mut Output::named(None, 8787), line);
            assert!(said[0].contains(says), "{said:?}");
        }
        assert!(
            words(&mut Output::named(None, 8787), "2026-03-05T17:43:06Z INF GOOS: linux, config={")
                .is_empty()
        );
    }
}
