//! The certificate that this computer gets by itself: from Let's Encrypt's own test server (pebble) where
//! that is installed, and, for what goes wrong, from a stand-in that says so.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/https.rs"]
mod https;
#[path = "acme/pebble.rs"]
mod pebble;
#[path = "support/program.rs"]
mod program;
#[path = "acme/stand_in.rs"]
mod stand_in;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use https::{BODY, call};
use pebble::Place;
use program::Running;
use serde_json::json;
use stand_in::{Says, StandIn};
use switchboard::reach::{Certified, Doing, ReachState};
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event};
use tokio_rustls::rustls::pki_types::CertificateDer;

const HOST: &str = "calls.example.com";
/// Has this computer get its certificate from this authority.
fn get_from(running: &Running, directory: &str) {
    running.ask(Command::Open);
    let mut settings = running.opening().settings;
    settings.reach.way = Some("own_address".into());
    let own = json!({
        "address": format!("https://{HOST}"), "https": "automatic", "accepts_terms": true, "authority": directory,
    });
    settings.reach.settings.insert("own_address".into(), own);
    running.ask(Command::SaveSettings(settings));
}

/// Waits for how it stands with the certificate.
fn certified<T>(running: &Running, wanted: impl Fn(&Certified) -> Option<T>) -> T {
    running.hear(|event| match event {
        Event::Certified(Some(certified)) => wanted(&certified),
        _ => None,
    })
}

/// Waits until there is a certificate, and tells until when it is valid and when the next is asked for.
fn got(running: &Running) -> (DateTime<Utc>, DateTime<Utc>) {
    certified(running, |certified| match certified.now {
        Doing::Resting { renews_at } => Some((certified.valid_until?, renews_at)),
        _ => None,
    })
}

/// Waits until none was given for a reason of these words, and tells all of them and when it is asked again.
fn refused(running: &Running, words: &str) -> (String, DateTime<Utc>) {
    certified(running, |certified| match &certified.now {
        Doing::Failed { why, again_at } if why.reason.contains(words) => {
            Some((format!("{}. {}", why.reason, why.next), *again_at))
        }
        _ => None,
    })
}

fn assert_answered(running: &Running, root: &CertificateDer<'static>) {
    let answer = call(running, root, HOST).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
}

fn port(running: &Running) -> u16 {
    running.url.rsplit(':').next().unwrap().parse().unwrap()
}

fn kept(home: &Path) -> PathBuf {
    home.join("certificates").join(format!("{HOST}.pem"))
}

#[test]
fn a_certificate_is_got_from_the_real_test_authority_kept_and_renewed_in_time() {
    let name = "a_certificate_is_got_from_the_real_test_authority_kept_and_renewed_in_time";
    let Some(place) = Place::of(name) else { return };
    let home = tempfile::tempdir().unwrap();
    // The program's clock goes ahead; the certificate's dates are of the real one.
    let ahead = Arc::<AtomicI64>::default();
    let (days, right) = (ahead.clone(), Clock::system());
    let clock = Clock::turned_by(move || right.now() + TimeDelta::days(days.load(Ordering::Relaxed)));
    let running = Running::start_at(home.path(), clock.clone());
    let authority = place.start(port(&running));
    get_from(&running, &place.directory());
    let (until, renews_at) = got(&running);
    assert!((89..=90).contains(&(until - clock.now()).num_days()), "{until}");
    assert!((719..=720).contains(&(until - renews_at).num_hours()), "{renews_at}");
    assert_eq!(running.reached_at(), format!("https://{HOST}/"));
    let root = place.root();
    assert_answered(&running, &root);
    assert_eq!(running.call(BODY).0, 200, "plain http goes on");
    let files: Vec<_> = fs::read_dir(home.path().join("certificates")).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 2, "the account and the certificate: {files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
    let first = fs::read(kept(home.path())).unwrap();
    running.stop();

    // The next start uses what is kept, and needs nobody.
    drop(authority);
    let running = Running::of(program::start_at(home.path(), "127.0.0.1:0", clock));
    running.reached_at();
    assert_answered(&running, &root);

    // A third of its life is left. The authority has forgotten the account, so another is made; it does not
    // reach this computer, and calls go on over the certificate that there is.
    let authority = place.start(pebble::free_port());
    ahead.store(61, Ordering::Relaxed);
    let (why, again_at) = refused(&running, "calls.example.com, port 443");
    assert!(why.contains("it says “Failed to connect"), "{why}");
    assert!(again_at > running.program.clock().now());
    assert!(running.program.reach().borrow().address().is_some());
    let certificate = running.program.inside().watched.status().certificate.unwrap();
    assert!(certificate.valid_until.is_some() && certificate.trouble.unwrap().starts_with(&why));
    assert_answered(&running, &root);

    // It does, and another one takes the place of the first.
    drop(authority);
    let authority = place.start(port(&running));
    running.ask(Command::ReachAgain);
    let (renewed, _) = got(&running);
    assert!(renewed >= until);
    assert_ne!(fs::read(kept(home.path())).unwrap(), first);
    assert_answered(&running, &place.root());
    running.stop();
    drop(authority);
}

#[test]
fn each_refusal_is_told_in_words_and_plain_answering_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let running = Running::start(home.path());
    for (says, words, next) in [
        (
            Says::Wrong("connection", "Timeout"),
            "could not reach this computer at calls.example.com, port 443",
            "router",
        ),
        (
            Says::Wrong("unauthorized", "No ALPN"),
            "Something else than this computer answers",
            "leads to your own router",
        ),
        (
            Says::Wrong("dns", "NXDOMAIN"),
            "does not find calls.example.com on the internet",
            "lead to the public address",
        ),
        (Says::Wrong("caa", "forbids"), "may give no certificates for it", "CAA records"),
        (
            Says::NoOrder(400, "rejectedIdentifier"),
            "gives no certificates for calls.example.com",
            "a domain of yours",
        ),
        (Says::NoOrder(500, "serverInternal"), "has troubles of its own", "nothing to do"),
        (Says::Html, "answers what cannot be understood", "nothing to do"),
    ] {
        let authority = StandIn::start(says);
        get_from(&running, &authority.directory());
        let (why, again_at) = refused(&running, words);
        assert!(why.contains(next), "{why}");
        let pause = again_at - running.program.clock().now();
        assert!(pause > TimeDelta::seconds(30) && pause <= TimeDelta::minutes(5), "{pause}");
        running.reach(|state| match state {
            ReachState::Shut { why, tries_again: true } if why.reason.contains(words) => Some(()),
            _ => None,
        });
        assert_eq!(running.call(BODY).0, 200);
    }
    // Asked too often: not before the authority says so.
    let authority = StandIn::start(Says::NoOrder(429, "rateLimited"));
    get_from(&running, &authority.directory());
    let (_, again_at) = refused(&running, "asked too often");
    let pause = again_at - running.program.clock().now();
    assert!(pause > TimeDelta::hours(25) && pause <= TimeDelta::hours(26), "{pause}");

    // An authority that is not there.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    get_from(&running, &format!("http://{nobody}/directory"));
    let (why, _) = refused(&running, "cannot be asked");
    assert!(why.contains("online"), "{why}");
    running.stop();
}

#[test]
fn nobody_is_asked_before_the_terms_are_accepted() {
    let home = tempfile::tempdir().unwrap();
    let authority = StandIn::start(Says::Html);
    let own = json!({ "address": format!("https://{HOST}"), "https": "automatic", "authority": authority.directory() });
    let reach = json!({ "way": "own_address", "settings": { "own_address": own } });
    fs::write(home.path().join("settings.json"), json!({ "format": 1, "reach": reach }).to_string()).unwrap();
    let running = Running::start(home.path());
    let said = running.not_reached();
    assert!(said.contains("accept its terms"), "{said}");
    assert_eq!(authority.asked(), 0);
    assert!(matches!(*running.program.reach().borrow(), ReachState::Shut { tries_again: false, .. }));
    running.stop();
}
