//! Understands what `tailscale funnel` prints for people.

use url::Url;

use crate::plugins::reach::{Heard, Hearing, Obstacle};

/// What was understood so far.
#[derive(Default)]
pub(super) struct Output {
    /// What the next address in the text is.
    next: Next,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Next {
    #[default]
    Unknown,
    /// Where this computer is reached.
    Address,
    /// Where Funnel is switched on.
    SwitchOn,
}

/// Words that tell why there is no Funnel, and what follows from them.
const TROUBLES: [(&str, &str, &str); 7] = [
    ("Logged out", "This computer is not logged in to Tailscale", LOG_IN),
    ("NeedsLogin", "This computer is not logged in to Tailscale", LOG_IN),
    ("appear to be running", "Tailscale does not run on this computer", "Start Tailscale, and log in"),
    (
        "Access denied",
        "Tailscale does not let you switch Funnel on",
        "Run this once in a terminal: sudo tailscale set --operator=$USER",
    ),
    (
        "listener already exists",
        "Funnel passes on to something else on this computer already",
        "End that, or run this once in a terminal: tailscale funnel reset",
    ),
    (
        "shields-up",
        "Tailscale lets no connections in on this computer",
        "Switch on “Allow incoming connections” in Tailscale's menu",
    ),
    (
        "Available within your tailnet",
        "Tailscale shows this computer only to your own devices",
        "Allow Funnel for it in Tailscale's admin console under Access controls",
    ),
];
const LOG_IN: &str = "Log in with Tailscale's menu, or run this in a terminal: tailscale up";

impl Hearing for Output {
    fn hear(&mut self, line: &str) -> Option<Heard> {
        let line = line.trim();
        if line.starts_with("Available on the internet") {
            self.next = Next::Address;
        } else if line.starts_with("To enable, visit") {
            self.next = Next::SwitchOn;
        } else if let Some(url) = Url::parse(line).ok().filter(|url| url.scheme() == "https") {
            return match std::mem::take(&mut self.next) {
                Next::Address => Some(Heard::Open(url)),
                Next::SwitchOn => {
                    let next = format!("Open {url} and allow it; it goes on by itself then");
                    let reason = "Funnel is not switched on yet in your Tailscale account";
                    Some(Heard::Shut(Obstacle::new(reason, next)))
                }
                Next::Unknown => None,
            };
        }
        let (_, reason, next) = TROUBLES.iter().find(|(words, ..)| line.contains(words))?;
        Some(Heard::Shut(Obstacle::new(*reason, *next)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tailscale_prints_is_understood() {
        let open = "Available on the internet:\n\nhttps://shop.pango-lin.ts.net/\n|-- proxy http://127.0.0.1:8787\n\nPress Ctrl+C to exit.";
        let off = "\nFunnel is not enabled on your tailnet.\nTo enable, visit:\n\n         https://login.tailscale.com/f/funnel?node=nho4\n";
        for (printed, says) in [
            (open.to_owned(), vec!["open https://shop.pango-lin.ts.net/"]),
            (
                format!("{off}\nSuccess.\n{open}"),
                vec![
                    "Open https://login.tailscale.com/f/funnel?node=nho4 and allow it; it goes on by itself then",
                    "open https://shop.pango-lin.ts.net/",
                ],
            ),
            ("Logged out.".into(), vec![LOG_IN]),
            (
                "failed to connect to local tailscaled; it doesn't appear to be running (sudo systemctl start tailscaled ?)".into(),
                vec!["Start Tailscale, and log in"],
            ),
            (
                "sending serve config: Access denied: serve config denied\n\nUse 'sudo tailscale funnel 8787'.".into(),
                vec!["Run this once in a terminal: sudo tailscale set --operator=$USER"],
            ),
            ("https://elsewhere.example/\nhello".into(), vec![]),
        ] {
            let mut output = Output::default();
            let said = printed.lines().filter_map(|line| output.hear(line)).map(|heard| match heard {
                Heard::Open(url) => format!("open {url}"),
                Heard::Shut(obstacle) => obstacle.next,
            });
            assert_eq!(said.collect::<Vec<_>>(), says, "{printed}");
        }
    }
}
