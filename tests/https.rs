//! This computer answers https itself, with the owner's certificate: real files, real handshakes.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/https.rs"]
mod https;
#[path = "support/program.rs"]
mod program;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use https::{BODY, call};
use program::{PATIENCE, Running};
use serde_json::json;
use switchboard::reach::ReachState;
use switchboard::service::messages::Event;
use tokio_rustls::rustls::pki_types::CertificateDer;

/// Writes a new certificate for `localhost` and its key into the folder.
fn certificate(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    fs::write(folder.join("privkey.pem"), made.signing_key.serialize_pem()).unwrap();
    fs::write(folder.join("fullchain.pem"), made.cert.pem()).unwrap();
    made.cert.der().clone()
}

/// Starts a program that answers https with what is in these files of the folder.
fn start(folder: &Path) -> Running {
    let home = folder.join("home");
    fs::create_dir_all(&home).unwrap();
    let settings = json!({
        "address": "https://localhost:8443",
        "certificate": folder.join("fullchain.pem"),
        "key": folder.join("privkey.pem"),
    });
    let reach = json!({ "way": "own_address", "settings": { "own_address": settings } });
    fs::write(home.join("settings.json"), json!({ "format": 1, "reach": reach }).to_string()).unwrap();
    Running::start(&home)
}

fn assert_answered(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with(r#"{"call_inbound":{}}"#), "{answer}");
}

#[test]
fn calls_are_answered_over_https_and_over_http_on_the_same_port() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = certificate(folder.path());
    let running = start(folder.path());
    running.reached_at();
    assert_answered(&call(&running, &certificate, "localhost").unwrap());
    assert_eq!(running.call(BODY).0, 200, "a tunnel beside it goes on");
    running.stop();
}

#[test]
fn a_renewed_certificate_is_used_at_once_and_one_that_cannot_be_read_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let first = certificate(folder.path());
    let running = start(folder.path());
    running.reached_at();
    assert_answered(&call(&running, &first, "localhost").unwrap());

    // Half a renewal: the certificate of before is used on.
    fs::write(folder.path().join("fullchain.pem"), "-----BEGIN CERTIFICATE-----\nAAAA").unwrap();
    std::thread::sleep(Duration::from_secs(2));
    assert_answered(&call(&running, &first, "localhost").unwrap());

    let second = certificate(folder.path());
    let end = Instant::now() + PATIENCE;
    let answer = loop {
        match call(&running, &second, "localhost") {
            Ok(answer) => break answer,
            Err(error) if Instant::now() > end => panic!("the new one is never used: {error}"),
            Err(_not_yet) => std::thread::sleep(Duration::from_millis(100)),
        }
    };
    assert_answered(&answer);
    assert!(call(&running, &first, "localhost").is_err(), "the old one is not used any more");
    running.stop();
}

#[test]
fn what_is_wrong_with_the_files_is_said_and_put_right_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let running = start(folder.path());
    let said = running.not_reached();
    assert!(said.contains("fullchain.pem cannot be read"), "{said}");
    assert!(said.contains("in PEM form"), "{said}");

    // A certificate with the key of another.
    certificate(folder.path());
    let key = fs::read(folder.path().join("privkey.pem")).unwrap();
    certificate(folder.path());
    fs::write(folder.path().join("privkey.pem"), key).unwrap();
    let said = running.reach(|state| match state {
        ReachState::Shut { why, .. } if why.reason.contains("with this key") => Some(why.next.clone()),
        _ => None,
    });
    assert!(said.contains("made together"), "{said}");

    let certificate = certificate(folder.path());
    running.reached_at();
    assert_answered(&call(&running, &certificate, "localhost").unwrap());
    running.stop();
}

#[test]
fn who_breaks_off_the_handshake_is_told_of_in_words() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let running = start(folder.path());
    running.reached_at();
    let elsewhere = tempfile::tempdir().unwrap();
    let other = certificate(elsewhere.path());
    assert!(call(&running, &other, "localhost").is_err());
    let reason =
        running.hear(|event| if let Event::Refused(refused) = event { Some(refused.reason) } else { None });
    assert!(reason.contains("whether the certificate is for the address"), "{reason}");
    running.stop();
}
