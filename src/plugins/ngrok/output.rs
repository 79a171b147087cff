//! Understands what ngrok prints: a JSON object on each line, and plain words when it gives up.

use serde::Deserialize;
use url::Url;

use crate::plugins::reach::{Heard, Hearing, Obstacle};

/// What was understood so far.
#[derive(Default)]
pub(super) struct Output {
    address: Option<Url>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Line {
    msg: String,
    url: String,
    err: String,
}

/// ngrok's own numbers of what went wrong, and what follows from them.
const TROUBLES: [(&str, &str, &str); 9] = [
    ("ERR_NGROK_4018", "ngrok does not know who you are", TOKEN),
    ("ERR_NGROK_105", "ngrok does not know this token", TOKEN),
    ("ERR_NGROK_106", "ngrok does not know this token", TOKEN),
    ("ERR_NGROK_107", "ngrok does not take this token any more", TOKEN),
    (
        "ERR_NGROK_108",
        "ngrok runs somewhere else already, and your account allows it once",
        "End the other one; ngrok's dashboard shows where it runs, under Agents",
    ),
    (
        "ERR_NGROK_334",
        "Another program uses this domain already",
        "End the other one; ngrok's dashboard shows where it runs, under Endpoints",
    ),
    ("ERR_NGROK_319", "This domain is not one of your account", DOMAIN),
    ("ERR_NGROK_320", "This domain is not one of your account", DOMAIN),
    ("ERR_NGROK_121", "This ngrok is too old for ngrok's servers", "Install the newest ngrok"),
];
const TOKEN: &str = "Copy your authtoken again from ngrok's dashboard, and save it in Settings, under ngrok";
const DOMAIN: &str = "Copy the domain again from ngrok's dashboard under Domains";

impl Hearing for Output {
    fn hear(&mut self, line: &str) -> Option<Heard> {
        let Line { msg, url, err } = serde_json::from_str(line).unwrap_or_default();
        match msg.as_str() {
            "started tunnel" => {
                self.address = Url::parse(&url).ok();
                return self.address.clone().map(Heard::Open);
            }
            // After it was cut off.
            "client session established" | "tunnel session started" => {
                return self.address.clone().map(Heard::Open);
            }
            _ => {}
        }
        if let Some((_, reason, next)) = TROUBLES.iter().find(|(code, ..)| has(line, code)) {
            return Some(Heard::Shut(Obstacle::new(*reason, *next)));
        }
        let is_cut_off = ["session closed", "heartbeat timeout", "failed to reconnect session"]
            .iter()
            .any(|words| msg.contains(words));
        let is_real = !err.is_empty() && err != "<nil>";
        (is_cut_off && is_real).then(|| {
            let next = "Look whether this computer is online; it is tried again by itself";
            Heard::Shut(Obstacle::new("ngrok lost its connection to ngrok's servers", next))
        })
    }
}

/// Whether this number stands there and not only one that begins like it.
fn has(line: &str, code: &str) -> bool {
    line.match_indices(code).any(|(at, _)| !line[at + code.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ngrok_prints_is_understood() {
        let mut output = Output::default();
        for (line, says) in [
            (r#"{"lvl":"info","msg":"no configuration paths supplied","t":"2026-03-05T18:00:00Z"}"#, ""),
            (r#"{"lvl":"info","msg":"client session established","obj":"tunnels.session","t":"2026"}"#, ""),
            (
                r#"{"addr":"http://127.0.0.1:8787","lvl":"info","msg":"started tunnel","name":"command_line","obj":"tunnels","t":"2026","url":"https://shop.ngrok-free.app"}"#,
                "open https://shop.ngrok-free.app/",
            ),
            (
                r#"{"err":"read tcp 10.0.0.2:1->3.1.1.1:443: i/o timeout","lvl":"eror","msg":"session closed, starting reconnect backoff","t":"2026"}"#,
                "ngrok lost its connection to ngrok's servers",
            ),
            (
                r#"{"lvl":"info","msg":"client session established","t":"2026"}"#,
                "open https://shop.ngrok-free.app/",
            ),
            (
                r#"{"err":"authentication failed: Usage of ngrok requires a verified account and authtoken.\n\nERR_NGROK_4018\r\n","lvl":"eror","msg":"failed to auth","t":"2026"}"#,
                "ngrok does not know who you are",
            ),
            ("ERROR:  ERR_NGROK_334", "Another program uses this domain already"),
            ("ERROR:  ERR_NGROK_3340", ""),
            ("ERROR:  ERR_NGROK_1052", ""),
            ("not {json", ""),
        ] {
            let said = match output.hear(line) {
                Some(Heard::Open(url)) => format!("open {url}"),
                Some(Heard::Shut(obstacle)) => obstacle.reason,
                None => String::new(),
            };
            assert_eq!(said, says, "{line}");
        }
    }
}
