//! `close`, `open` and `status`, with the real program, running and not.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::{KEY, PATIENCE, payload, post, rule, table};
use switchboard::retell::{ApiKey, signature};
use switchboard::service::Clock;

fn switchboard(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.arg("--home").arg(home).args(args).env_remove("SWITCHBOARD_HOME").env_remove("RETELL_API_KEY");
    command.env("USER", "ada");
    command
}

/// The exit code, and what was said on both ways.
fn run(home: &Path, args: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = switchboard(home, args).output().unwrap();
    let said = [stdout, stderr].concat();
    (status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[track_caller]
fn says(home: &Path, args: &[&str], code: i32, parts: &[&str]) {
    let (ended, said) = run(home, args);
    assert_eq!(ended, code, "{args:?}: {said}");
    for part in parts {
        assert!(said.contains(part), "{args:?} does not say “{part}”: {said}");
    }
}

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let mut table = table();
    table.rules = vec![rule("Everybody", None, "reception")];
    table.schedules = serde_json::from_value(serde_json::json!([
        { "id": "office", "name": "Office hours", "hours": "Mo-Fr 09:00-17:00" },
        { "id": "never", "name": "Museum", "hours": "off" },
    ]))
    .unwrap();
    std::fs::write(home.path().join("routing.json"), serde_json::to_string(&table).unwrap()).unwrap();
    home
}

#[test]
fn closing_and_opening_work_while_nothing_runs() {
    let home = home();
    let home = home.path();
    says(home, &["status"], 0, &["Switchboard is not running", "Open: the rules decide"]);
    says(home, &["open"], 0, &["Nothing stood above the rules"]);
    says(home, &["close", "--until", "30m"], 1, &["--with AGENT, --keep or --reject"]);
    says(
        home,
        &["close", "--until", "30m", "--reject", "--reason", "Staff meeting"],
        0,
        &[
            "Closed until ",
            "(America/New_York), callers are rejected",
            "30 min left",
            "cannot reject",
            "is not running",
        ],
    );
    says(
        home,
        &["close", "--until", "1h", "--line", "sales LINE"],
        0,
        &["Sales line closed until", "1 h left"],
    );
    says(home, &["close", "--until", "2099-12-24T12:00", "--keep"], 1, &["longer than a year"]);
    let next_year =
        (Clock::system().now() + chrono::TimeDelta::days(300)).format("%Y-%m-%d 09:00").to_string();
    says(
        home,
        &["close", "--from", &next_year, "--until", "2h", "--to", "vip desk"],
        0,
        &["Everything to VIP desk from ", "VIP desk answers"],
    );
    says(
        home,
        &["status"],
        0,
        &[
            "Closed until",
            "Staff meeting · callers are rejected · Set by ada on the command line",
            "To come",
            "Everything to VIP desk from",
        ],
    );
    let route = ["route", "--from", "withheld", "--to", "Main line"];
    says(
        home,
        &route,
        0,
        &[
            "Retell will end the call, as an override stands above the rules: Closed until",
            "(Staff meeting), set by ada",
            "Without it the rules would decide: Retell will connect Reception, by rule “Everybody”",
            "Everybody decides",
        ],
    );

    let (_, said) = run(home, &["status", "--json"]);
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&told["open"], &told["running"]), (&Value::Bool(false), &Value::Bool(false)));
    assert_eq!(
        (told["in_force"].as_array().unwrap().len(), told["coming"].as_array().unwrap().len()),
        (2, 1)
    );
    assert_eq!(told["in_force"][0]["override"]["reason"], "Staff meeting");

    says(
        home,
        &["open", "--line", "Main line"],
        1,
        &["for all lines there is: Closed until", "open without --line"],
    );
    says(
        home,
        &["open", "--line", "Sales line"],
        1,
        &["Ended: Sales line closed until", "this line is not open"],
    );
    says(home, &["open"], 0, &["Ended: Closed until", "Still to come: Everything to VIP desk"]);
    says(home, &["open", "--coming"], 0, &["Ended: Everything to VIP desk"]);
    says(home, &["status"], 0, &["Open: the rules decide", "Lately", "ended by ada on the command line"]);
    says(home, &route, 0, &["Retell will connect Reception, by rule “Everybody”"]);
}

#[test]
fn bad_input_is_told_in_a_sentence_and_changes_nothing() {
    let home = home();
    let home = home.path();
    for (args, part) in [
        (&["--until", "soon"][..], "--until: “soon” is not a time; write it like 30m"),
        (&["--until", "30"], "30m for minutes"),
        (&["--until", "2020-01-01 09:00"], "over already"),
        (&["--until", "1h", "--from", "x"], "--from: “x” is not a time"),
        (
            &["--until", "2h", "--line", "Nobody's"],
            "no line is called “Nobody's”; the table has “Main line”, “Sales line”",
        ),
        (
            &["--until", "2h", "--to", "Nobody"],
            "no agent is called “Nobody”; the table has “Reception”, “VIP desk”",
        ),
        (&["--until", "next-opening"], "several schedules (Office hours, Museum)"),
        (&["--until", "next-opening:Museum"], "does not open again within a year"),
        (&["--until", "next-opening:Zoo"], "No schedule is called “Zoo”"),
    ] {
        let who: &[&str] = if args.contains(&"--to") { &[] } else { &["--keep"] };
        let args = [&["close"], args, who].concat();
        says(home, &args, 1, &[part]);
    }
    assert!(!home.join("overrides.json").exists());
    says(home, &["close", "--until", "1h", "--keep", "--reject"], 2, &["cannot be used with"]);
    says(home, &["close", "--until", "next-opening:office hours", "--keep"], 0, &["Closed until"]);
    let empty = tempfile::tempdir().unwrap();
    says(empty.path(), &["close", "--until", "1h", "--keep"], 1, &["no table was made here yet"]);
    says(empty.path(), &["status"], 1, &["no table was made here yet"]);

    let file = home.join("overrides.json");
    std::fs::write(&file, "{ \"format\": 99 }").unwrap();
    says(home, &["close", "--until", "1h", "--keep"], 1, &["nothing was changed", "newer Switchboard"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{ \"format\": 99 }");
    std::fs::write(&file, "oops").unwrap();
    says(home, &["status"], 0, &["Line 1", "Closed until"]);
    says(home, &["open"], 0, &["kept beside", "Ended: Closed until"]);
}

#[test]
fn a_running_program_follows() {
    let home = home();
    let mut serving = switchboard(home.path(), &["--unguarded", "serve", "--listen", "127.0.0.1:0"])
        .env("RETELL_API_KEY", KEY)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let line = BufReader::new(serving.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    let url = line.split_whitespace().last().unwrap().to_owned();
    let addr = url.trim_start_matches("http://").trim_end_matches("/webhook/inbound");
    let agent = |id: usize| {
        let body = payload("+12137771234", "+12137771235", &format!("call_{id}"));
        let at = Clock::system().now().timestamp_millis();
        let answer = post(&url, &body, Some(&signature::sign(&ApiKey::new(KEY), body.as_bytes(), at))).1;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer["call_inbound"]["override_agent_id"].clone()
    };
    let until = |wanted: &str, first: usize| {
        let end = Instant::now() + PATIENCE;
        let mut ids = first..;
        while agent(ids.next().unwrap()) != wanted {
            assert!(Instant::now() < end, "never {wanted}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    assert_eq!(agent(0), "agent_reception");
    let listen = ["--listen", addr];
    says(
        home.path(),
        &[&["close", "--until", "2h", "--to", "VIP desk"], &listen[..]].concat(),
        0,
        &["A running Switchboard follows"],
    );
    until("agent_vip", 1);
    let port = addr.rsplit(':').next().unwrap();
    let answers = format!("Answering calls on port {port}");
    says(home.path(), &[&["status"], &listen[..]].concat(), 0, &[&answers, "Everything to VIP desk until"]);
    // It says so itself, whatever port is named here.
    says(home.path(), &["status", "--listen", "127.0.0.1:9"], 0, &[&answers]);
    says(home.path(), &["open"], 0, &["Ended: Everything to VIP desk"]);
    until("agent_reception", 10_000);
    serving.kill().unwrap();
    serving.wait().unwrap();
}
