//! How the internet reaches this computer: what a plugin of that kind says of itself. It runs nothing:
//! it names the program that does the work, says how to start it, and understands what it prints.

use std::fmt;
use std::path::PathBuf;

use serde_json::Value;
use url::{Host, Url};

use super::Secrets;

/// The names of the secrets of all ways begin like this.
pub const SECRETS: &str = "reach.";

/// A way for the internet to reach this computer.
pub trait ReachKind: Send + Sync {
    /// What it is good for and what not, in a sentence or two.
    fn about(&self) -> &'static str;

    /// The settings that it starts with; they may still be incomplete.
    fn starter(&self) -> Value;

    /// The program that it needs on this computer; none where somebody else passes requests on.
    fn tool(&self) -> Option<&'static Tool> {
        None
    }

    /// How the port of this computer becomes reachable with these settings. Runs nothing.
    fn way(&self, settings: &Value, place: &ReachPlace<'_>) -> Result<Way, Obstacle>;

    /// Draws the controls for its settings. Gives a secret that is to be kept, if one was typed.
    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut Value,
        context: &ReachEditor<'_>,
    ) -> Option<SecretWish>;
}

/// A program that makes computers reachable.
#[derive(Debug, PartialEq, Eq)]
pub struct Tool {
    /// What people call it.
    pub name: &'static str,
    /// The name of its file, without the ending that Windows has for programs.
    pub program: &'static str,
    /// What makes it tell its version.
    pub version: &'static [&'static str],
    /// Folders in which its installers put it and that need not be searched for programs.
    pub places: &'static [&'static str],
    /// Where to get it.
    pub install: &'static str,
    /// Whom one signs up with.
    pub service: &'static str,
    /// What it needs to be signed up for.
    pub sign_up: &'static str,
    /// The page for that.
    pub sign_up_page: &'static str,
}

/// What is known when a way is opened.
#[derive(Clone, Copy, Debug)]
pub struct ReachPlace<'a> {
    /// The port on which calls are received on this computer.
    pub port: u16,
    /// What no file may hold.
    pub secrets: &'a Secrets,
}

impl ReachPlace<'_> {
    /// Where programs on this computer reach the port.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// What makes the port reachable.
pub enum Way {
    /// Somebody else passes requests on from this address.
    Address(Url),
    /// This computer itself answers https at this address.
    Https {
        /// The address.
        url: Url,
        /// Proves that this computer may answer there.
        certificate: Certificate,
    },
    /// A program does, for as long as it runs.
    Program {
        /// What it is started with.
        args: Vec<String>,
        /// What it finds in its environment, such as secrets, which others could read among its
        /// arguments.
        env: Vec<(&'static str, String)>,
        /// Understands what it prints.
        hearing: Box<dyn Hearing>,
    },
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(url) => f.debug_tuple("Address").field(&url.as_str()).finish(),
            Self::Https { url, .. } => f.debug_tuple("Https").field(&url.as_str()).finish(),
            Self::Program { args, .. } => f.debug_tuple("Program").field(args).finish(),
        }
    }
}

/// Where the certificate comes from with which this computer answers https itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// Something else keeps it in these files.
    Files(CertificateFiles),
    /// It is got and renewed by itself, for this name.
    Automatic {
        /// The name of this computer on the internet.
        host: String,
        /// Who gives it.
        authority: Authority,
    },
}

/// Who gives certificates to programs (by ACME, RFC 8555).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// What people call it.
    pub name: String,
    /// Where it is asked.
    pub directory: Url,
}

/// A certificate and its key, as the programs that get and renew certificates keep them (PEM).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, and after it those that vouch for it.
    pub chain: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Understands what a program prints, line by line.
pub trait Hearing: Send {
    /// What follows from this line, if anything does.
    fn hear(&mut self, line: &str) -> Option<Heard>;
}

/// What a program said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Requests to this address arrive here from now on.
    Open(Url),
    /// They do not, for this reason; the program goes on trying, or ends by itself.
    Shut(Obstacle),
}

/// Why this computer cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// What is in the way.
    pub reason: String,
    /// What to do.
    pub next: String,
}

impl Obstacle {
    /// An obstacle and the way out.
    #[must_use]
    pub fn new(reason: impl Into<String>, next: impl Into<String>) -> Self {
        Self { reason: reason.into(), next: next.into() }
    }
}

/// What the editor of a way may look at while it draws.
#[cfg(feature = "desktop")]
pub struct ReachEditor<'a> {
    /// The names of the secrets that this computer has.
    pub secrets: &'a std::collections::BTreeSet<String>,
    /// The port on which calls are received on this computer.
    pub port: u16,
}

/// A secret to be kept, or forgotten.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretWish {
    /// Its name, which may be shown.
    pub name: &'static str,
    /// The secret as typed; `None`: forget it.
    pub secret: Option<String>,
}

/// Reads a public address as people write it: with or without `https://`, with or without what is
/// added to it for Retell. The error says what to write instead.
pub fn read_address(text: &str) -> Result<Url, String> {
    const EXAMPLE: &str = "write it like https://calls.example.com";
    // All that Retell is told begins like this after the address.
    const OURS: &str = "/webhook/";
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("It is missing; {EXAMPLE}"));
    }
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let mut url = Url::parse(&whole).map_err(|_| format!("This is no address; {EXAMPLE}"))?;
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => return Err(format!("This is no address; {EXAMPLE}")),
    };
    match url.scheme() {
        "https" => {}
        // Nobody else can read along on the way to this computer itself.
        "http" if is_here => {}
        "http" => {
            return Err("It must begin with https://, or others could read along on the way".to_owned());
        }
        _ => return Err(format!("It must begin with https://; {EXAMPLE}")),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Leave user and password out; requests are known by Retell's signature".to_owned());
    }
    url.set_query(None);
    url.set_fragment(None);
    let base = url.path().split_once(OURS).map_or(url.path(), |(base, _)| base);
    let base = base.trim_end_matches('/').to_owned();
    url.set_path(&base);
    Ok(url)
}

/// A path added to a public address.
#[must_use]
pub fn address_of(base: &Url, path: &str) -> String {
    format!("{}{path}", base.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (written, read) in [
            ("calls.example.com", "https://calls.example.com/hook"),
            (" https://calls.example.com/ ", "https://calls.example.com/hook"),
            ("https://example.com/phone/webhook/inbound-sms", "https://example.com/phone/hook"),
            ("https://example.com/phone/?x=1#y", "https://example.com/phone/hook"),
            ("calls.example.com:8443", "https://calls.example.com:8443/hook"),
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/hook"),
        ] {
            assert_eq!(address_of(&read_address(written).unwrap(), "/hook"), read, "{written}");
        }
        for (written, says) in [
            ("", "missing"),
            ("calls example", "no address"),
            ("http://calls.example.com", "must begin with https://"),
            ("ftp://calls.example.com", "must begin with https://"),
            ("https://me:secret@calls.example.com", "user and password"),
        ] {
            let wrong = read_address(written).unwrap_err();
            assert!(wrong.contains(says), "{written}: {wrong}");
        }
    }
}
