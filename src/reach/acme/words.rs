//! Why the authority gave no certificate, in words for the owner: what is in the way, and what to do.

use instant_acme::{Error, Problem};

use crate::plugins::reach::{Authority, Obstacle};
use crate::plugins::web::WebError;

/// What the types of problems begin with (RFC 8555, section 6.7).
const KIND: &str = "urn:ietf:params:acme:error:";
/// What to do where nobody here can do anything.
const WAIT: &str = "There is nothing to do, unless it stays so for a day";
/// No more of the authority's own words than this.
const WORDS: usize = 240;

/// What it is about: who, for which name, on which port of this computer.
pub(super) struct About<'a> {
    pub(super) authority: &'a Authority,
    pub(super) host: &'a str,
    pub(super) port: u16,
}

impl About<'_> {
    pub(super) fn obstacle(&self, error: &Error) -> Obstacle {
        let name = &self.authority.name;
        match error {
            Error::Api(problem) => self.refused(problem),
            Error::Other(cause) if cause.is::<WebError>() => Obstacle::new(
                format!("{name} cannot be asked for a certificate: {cause}"),
                "Look whether this computer is online",
            ),
            Error::Unsupported(what) => Obstacle::new(
                format!("{name} gives no certificates in the way that is needed here ({what})"),
                "Choose a certificate of your own, or a tunnel",
            ),
            Error::Timeout(_) => Obstacle::new(format!("{name} does not answer in time"), WAIT),
            Error::Json(_) | Error::Str(_) => {
                Obstacle::new(format!("{name} answers what cannot be understood ({error})"), WAIT)
            }
            error => Obstacle::new(format!("The certificate could not be got ({error})"), WAIT),
        }
    }

    fn refused(&self, problem: &Problem) -> Obstacle {
        let Self { authority, host, port } = self;
        let name = &authority.name;
        // Subproblems say it of the name itself.
        let inner = problem.subproblems.first();
        let kind = inner.and_then(|inner| inner.r#type.as_deref()).or(problem.r#type.as_deref());
        let detail = inner.and_then(|inner| inner.detail.as_deref()).or(problem.detail.as_deref());
        let kind = kind.and_then(|kind| kind.strip_prefix(KIND)).unwrap_or_default();
        let (reason, next) = match kind {
            "connection" => (
                format!("{name} could not reach this computer at {host}, port 443"),
                format!(
                    "Let your router pass port 443 on to port {port} of this computer, let {host} lead to your \
                     router, and open the port under Receiving calls to all network addresses"
                ),
            ),
            "tls" | "unauthorized" | "incorrectResponse" => (
                format!("Something else than this computer answers at {host}, port 443"),
                format!(
                    "Look whether {host} leads to your own router, and whether that passes port 443 on to port \
                     {port} of this computer and to nothing else"
                ),
            ),
            "dns" => (
                format!("{name} does not find {host} on the internet"),
                format!("Where your domain is managed, let {host} lead to the public address of your router"),
            ),
            "caa" => (
                format!("Your domain says that {name} may give no certificates for it"),
                format!("Where your domain is managed, add {name} to its CAA records, or remove these"),
            ),
            "rateLimited" => (
                format!("{name} was asked too often of late and gives no certificate for {host} just now"),
                "There is nothing to do but wait".to_owned(),
            ),
            "rejectedIdentifier" | "malformed" => (
                format!("{name} gives no certificates for {host}"),
                "Choose a name of a domain of yours, such as calls.example.com".to_owned(),
            ),
            "serverInternal" => (format!("{name} has troubles of its own"), WAIT.to_owned()),
            _ => (
                format!("{name} refuses to give a certificate for {host}"),
                "Look what it says, and choose a certificate of your own or a tunnel if that does not help"
                    .to_owned(),
            ),
        };
        Obstacle::new(reason, format!("{next}{}", quoted(detail.unwrap_or_default())))
    }
}

/// The authority's own words, as the end of a sentence.
fn quoted(words: &str) -> String {
    let words: String = words.trim().chars().filter(|c| !c.is_control()).take(WORDS).collect();
    if words.is_empty() { String::new() } else { format!("; it says “{words}”") }
}

/// Whether asking again soon costs nothing and may well help: nobody judged the name.
pub(super) fn is_passing(error: &Error) -> bool {
    match error {
        Error::Api(problem) => problem.r#type.as_deref().is_none_or(|kind| kind.ends_with(":serverInternal")),
        _ => true,
    }
}
