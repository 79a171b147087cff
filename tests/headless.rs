//! The program without a window, as somebody runs it on a server: asked how it is doing, watched, ended,
//! and a report of it saved.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
#[path = "support/serving.rs"]
mod serving;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use program::{KEY, payload, post, rule, table};
use serde_json::Value;
use serving::{Serving, guarded, serve};
use switchboard::retell::{ApiKey, signature};

const CALLER: &str = "+12137770177";

fn put_rule(home: &Path) {
    let mut table = table();
    table.rules = vec![rule("Anna Canary", None, "vip")];
    std::fs::write(home.join("routing.json"), serde_json::to_vec(&table).unwrap()).unwrap();
}

fn call(serving: &Serving, id: &str) {
    let body = payload(CALLER, "+12137771235", id);
    let at = switchboard::service::Clock::system().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), at);
    let url = format!("http://{}/webhook/inbound", serving.addr);
    assert_eq!(post(&url, &body, Some(&signed)).0, 200);
}

fn ask(home: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.env_remove("SWITCHBOARD_HOME").env_remove("RETELL_API_KEY");
    command.arg("--home").arg(home).args(words).output().unwrap()
}

fn get(url: &str) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.get(url).call().unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

#[test]
fn it_says_how_it_is_doing_and_ends_when_it_is_asked_to() {
    let home = tempfile::tempdir().unwrap();
    put_rule(home.path());
    let mut serving = Serving::of(guarded(home.path()).env("RETELL_API_KEY", KEY));
    call(&serving, "call_1");
    assert_eq!(post(&format!("http://{}/webhook/inbound", serving.addr), "{}", None).0, 401);
    let told = ask(home.path(), &["status", "--check"]);
    let said = String::from_utf8(told.stdout).unwrap();
    assert!(told.status.success(), "{said}");
    let port = serving.addr.port();
    for words in
        [format!("Answering calls on port {port}"), "1 call answered, 1 request refused since".into()]
    {
        assert!(said.contains(&words), "{words}: {said}");
    }
    let told: Value = serde_json::from_slice(&ask(home.path(), &["status", "--json"]).stdout).unwrap();
    assert_eq!((&told["healthy"], &told["status"]["counted"]["connected"]), (&true.into(), &1.into()));
    let stopped = ask(home.path(), &["stop"]);
    assert_eq!(String::from_utf8_lossy(&stopped.stdout), "Switchboard has stopped\n");
    serving.hear("Stopping");
    assert!(serving.ended().success());
    let told = ask(home.path(), &["status", "--check"]);
    assert_eq!(told.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&told.stdout).contains("not running"));
    assert!(ask(home.path(), &["stop"]).status.success());
}

#[test]
fn numbers_are_told_on_a_port_of_their_own_and_never_where_calls_arrive() {
    let home = tempfile::tempdir().unwrap();
    put_rule(home.path());
    let mut serving =
        Serving::of(serve(home.path()).args(["--metrics", "127.0.0.1:0"]).env("RETELL_API_KEY", KEY));
    call(&serving, "call_1");
    call(&serving, "call_1");
    let said = serving.said.iter().find(|line| line.contains("Numbers for Prometheus")).unwrap();
    let url = said.split_whitespace().last().unwrap().to_owned();
    let (status, told) = get(&url);
    assert_eq!(status, 200);
    for line in [
        "# TYPE switchboard_calls_total counter",
        "switchboard_calls_total{outcome=\"connect\"} 1",
        "switchboard_repeated_requests_total 1",
        "switchboard_answering 1",
        "switchboard_answer_seconds_bucket{le=\"+Inf\"} 1",
        "switchboard_answer_seconds_count 1",
    ] {
        assert!(told.lines().any(|other| other == line), "{line}: {told}");
    }
    assert!(!told.contains("Canary") && !told.contains(&CALLER[1..]), "{told}");
    for path in ["status", "show", "stop"] {
        assert_eq!(get(&url.replace("metrics", path)).0, 404, "{path}");
    }
    for path in ["metrics", "status", "show", "stop"] {
        assert_eq!(get(&format!("http://{}/{path}", serving.addr)).0, 404, "{path}");
    }
    assert!(serving.stop().success());
}

#[test]
fn its_log_goes_to_standard_output_a_line_for_each_call_and_none_tells_a_number() {
    let home = tempfile::tempdir().unwrap();
    put_rule(home.path());
    let mut command = serve(home.path());
    command.args(["--log-format", "json"]).env("RETELL_API_KEY", KEY).stdin(Stdio::null());
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut all = Vec::new();
    let mut hear = |part: &str| {
        let line = lines.find(|line| {
            all.push(line.clone());
            line.contains(part)
        });
        serde_json::from_str::<Value>(&line.unwrap()).unwrap()
    };
    let said = hear("Answering calls at");
    let url = said["message"].as_str().unwrap().split_whitespace().last().unwrap().to_owned();
    let body = payload(CALLER, "+12137771235", "call_1");
    let at = switchboard::service::Clock::system().now().timestamp_millis();
    assert_eq!(post(&url, &body, Some(&signature::sign(&ApiKey::new(KEY), body.as_bytes(), at))).0, 200);
    let said = hear("a call was answered");
    assert_eq!(
        (&said["line"], &said["agent"], &said["outcome"]),
        (&"Main line".into(), &"VIP desk".into(), &"connect".into())
    );
    assert_eq!(post(&url, "{}", None).0, 401);
    assert!(hear("a request was refused")["reason"].as_str().unwrap().contains("not signed"));
    assert!(ask(home.path(), &["stop"]).status.success());
    assert!(process.wait().unwrap().success());
    let mut rest = String::new();
    process.stderr.take().unwrap().read_to_string(&mut rest).unwrap();
    all.push(rest);
    assert!(all.iter().all(|line| !line.contains(&CALLER[2..]) && !line.contains(KEY)), "{all:#?}");
}

/// What is sent to others tells of nobody.
#[test]
fn a_report_for_support_holds_no_key_no_number_and_no_name() {
    let home = tempfile::tempdir().unwrap();
    put_rule(home.path());
    let serving = Serving::of(serve(home.path()).env("RETELL_API_KEY", KEY).env("RUST_LOG", "info"));
    call(&serving, "call_1");
    let log = home.path().join("logs").join("switchboard.2026-01-01.log");
    let line = format!("2026-01-01T00:00:00Z  WARN “Anna Canary” asked for (213) 777-0177 with {KEY}\n");
    std::fs::write(log, line).unwrap();
    let file = home.path().join("report.zip");
    let saved = ask(home.path(), &["diagnostics", file.to_str().unwrap()]);
    assert!(saved.status.success(), "{saved:?}");
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
    let mut names = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        for secret in [&CALLER[2..], "777-0177", "Canary", "Main line", "VIP desk", KEY, "7771235"] {
            assert!(!text.contains(secret), "{secret} in {}: {text}", entry.name().unwrap());
        }
        names.push(entry.name().unwrap().into_owned());
    }
    for name in ["about.txt", "status.txt", "metrics.txt", "table.txt", "logs/switchboard.2026-01-01.log"] {
        assert!(names.iter().any(|other| other == name), "{name}: {names:?}");
    }
}
