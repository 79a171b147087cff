//! The command line, with the real program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use support::{KEY, payload, post, rule, table};
use switchboard::routing::Table;

fn switchboard(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard"));
    command.arg("--home").arg(home).env_remove("SWITCHBOARD_HOME").env_remove("RETELL_API_KEY");
    // A test never opens a window on the screen of whoever runs it.
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn write_table(folder: &Path, table: &Table) -> std::path::PathBuf {
    let file = folder.join("table.json");
    std::fs::write(&file, serde_json::to_string_pretty(table).unwrap()).unwrap();
    file
}

fn vip_table() -> Table {
    let mut table = table();
    table.rules = vec![
        rule("Sales", Some(("line.is", json!({"lines": ["sales"]}))), "reception"),
        rule("VIP", Some(("caller.number", json!({"numbers": ["+1 (213) 777-1234"]}))), "vip"),
    ];
    table
}

#[test]
fn route_tells_the_decision_and_why() {
    let home = tempfile::tempdir().unwrap();
    let file = write_table(home.path(), &vip_table());
    let (code, out, err) = run(switchboard(home.path())
        .args([
            "route",
            "--from",
            "213-777-1234",
            "--to",
            "Main line",
            "--at",
            "2026-05-01T10:00:00+02:00",
            "--table",
        ])
        .arg(&file));
    assert_eq!((code, err.as_str()), (0, ""));
    for words in
        ["Retell will connect VIP desk, by rule “VIP”", "Sales does not match", "VIP decides", "agent_vip"]
    {
        assert!(out.contains(words), "{words}\n{out}");
    }

    let (code, out, _) = run(switchboard(home.path())
        .args(["route", "--json", "--from", "withheld", "--to", "+12137771235", "--table"])
        .arg(&file));
    let decided: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert_eq!(decided["decision"]["by"], "fallback");
    assert_eq!(decided["answer"], json!({"call_inbound": {}}));

    let (code, out, _) = run(switchboard(home.path())
        .args(["route", "--text", "--from", "withheld", "--to", "+12137771235", "--table"])
        .arg(&file));
    assert_eq!(code, 0);
    assert!(out.contains("Nobody answers the text") && out.contains("chat_inbound"), "{out}");
}

#[test]
fn route_tells_which_rules_are_out_of_their_time() {
    let home = tempfile::tempdir().unwrap();
    let mut table = vip_table();
    table.rules[0].until = Some("2026-04-30T18:00".into());
    table.rules[1].from = Some("2026-06-01T00:00".into());
    let file = write_table(home.path(), &table);
    let (code, out, err) = run(switchboard(home.path())
        .args(["route", "--from", "213-777-1234", "--to", "Sales line"])
        .args(["--at", "2026-05-01T10:00:00+02:00", "--table"])
        .arg(&file));
    assert_eq!((code, err.as_str()), (0, ""));
    for words in [
        "by the fallback",
        "Sales has expired: until Thu 30 Apr 2026, 18:00",
        "VIP does not take part yet: from Mon 1 Jun 2026, 00:00",
    ] {
        assert!(out.contains(words), "{words}\n{out}");
    }
}

#[test]
fn check_tells_what_stands_out() {
    let home = tempfile::tempdir().unwrap();
    let mut table = vip_table();
    table.rules.push(rule("Everyone", None, "reception"));
    table.rules.push(rule("Never", Some(("caller.withheld", json!({}))), "vip"));
    let file = write_table(home.path(), &table);
    let (code, out, err) = run(switchboard(home.path()).arg("check").arg(&file));
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().position(|line| line.contains("\"Never\"")).unwrap() - 1;
    let told = format!("{}:{line}: warning: Rule “Never” never decides: “Everyone” above", file.display());
    assert!(out.contains(&told) && out.contains("No problems"), "{told}\n{out}");
    assert!(err.contains("1 warning"), "{err}");
    assert_eq!(code, 0, "warnings are no reason to stop a script");

    let (code, out, _) = run(switchboard(home.path()).args(["check", "--json"]).arg(&file));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, report["problems"].as_array().map(Vec::len)), (0, Some(0)));
    let findings = report["findings"].as_array().unwrap();
    let hidden = findings.iter().find(|told| told["finding"]["kind"] == "hidden").unwrap();
    assert_eq!((&hidden["line"], &hidden["finding"]["level"]), (&json!(line), &json!("warning")));
}

#[test]
fn check_runs_the_test_cases() {
    let home = tempfile::tempdir().unwrap();
    for (outcome, code_wanted, summary) in [("reject", 1, "1 test fails"), ("keep", 0, "1 test passes")] {
        let mut table = vip_table();
        table.fallback = switchboard::routing::Outcome::default();
        let test = json!({ "id": "t", "name": "Strangers", "from": "withheld", "to": "main",
            "at": "2026-11-25T10:00", "expect": { "outcome": outcome } });
        table.test_cases = vec![serde_json::from_value(test).unwrap()];
        table.rules.clear();
        let file = write_table(home.path(), &table);
        let (code, out, err) = run(switchboard(home.path()).arg("check").arg(&file));
        assert_eq!(code, code_wanted, "{out}{err}");
        assert!(err.contains(summary), "{err}");
        assert_eq!(out.contains("test: “Strangers” fails. The line's own agent"), code == 1, "{out}");
        let (code, out, _) = run(switchboard(home.path()).args(["check", "--json"]).arg(&file));
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((code, &report["tests"][0]["passes"]), (code_wanted, &json!(outcome == "keep")));
        assert_eq!(report["tests"][0]["wrong"].as_array().map(Vec::len), Some(code.try_into().unwrap()));
    }
}

#[test]
fn check_says_that_tests_were_not_run_where_the_table_cannot_decide() {
    let home = tempfile::tempdir().unwrap();
    let mut table = vip_table();
    table.rules.push(rule("Ghost", None, "nobody"));
    let test = json!({ "id": "t", "name": "Strangers", "from": "withheld", "to": "main",
        "at": "2026-11-25T10:00", "expect": { "outcome": "keep" } });
    table.test_cases = vec![serde_json::from_value(test).unwrap()];
    let file = write_table(home.path(), &table);
    let (code, _, err) = run(switchboard(home.path()).arg("check").arg(&file));
    assert_eq!(code, 1);
    assert!(err.contains("1 test not run"), "{err}");
    let (code, out, _) = run(switchboard(home.path()).args(["check", "--json"]).arg(&file));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["tests"][0]["passes"]), (1, &json!(null)));
}

#[test]
fn check_names_file_line_field_and_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let file = write_table(home.path(), &vip_table());
    let (code, out, _) = run(switchboard(home.path()).arg("check").arg(&file));
    assert_eq!(code, 0, "{out}");

    let mut bad = vip_table();
    bad.rules[1].id = "sales".into();
    bad.rules.push(rule("Ghost", Some(("hours.open", json!({"schedule": "nowhere"}))), "nobody"));
    let file = write_table(home.path(), &bad);
    let (code, out, err) = run(switchboard(home.path()).arg("check").arg(&file));
    assert_eq!(code, 1);
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().position(|line| line.contains("\"nobody\"")).unwrap() + 1;
    assert!(
        out.contains(&format!(
            "{}:{line}: Rule “Ghost”: the agent “nobody” is not in the table",
            file.display()
        )),
        "{out}"
    );
    assert!(
        out.contains("rules[2].then.action.connect.agent")
            && out.contains("used twice")
            && out.contains("nowhere"),
        "{out}"
    );
    assert!(err.contains("3 problems"), "{err}");

    std::fs::write(&file, text.replace("\"lines\": [", "\"lines\": [[")).unwrap();
    let (code, _, err) = run(switchboard(home.path()).arg("check").arg(&file));
    assert_eq!(code, 2);
    assert!(err.contains("Line") && err.contains("table.json"), "{err}");

    std::fs::write(&file, text.replace("\"format\": 1", "\"format\": 99")).unwrap();
    let (code, _, err) = run(switchboard(home.path()).arg("check").arg(&file));
    assert_eq!(code, 2);
    assert!(err.contains("newer"), "{err}");

    let (code, _, err) = run(switchboard(home.path()).args(["check", "no-such-file.json"]));
    assert_eq!(code, 2);
    assert!(err.contains("no-such-file.json"), "{err}");
}

#[test]
fn diff_tells_what_changes_in_sentences_and_by_its_exit_code() {
    let home = tempfile::tempdir().unwrap();
    let (code, out, err) = run(switchboard(home.path()).arg("diff"));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("nothing was published yet"), "{err}");

    let version = |number: u32, table: &Table| {
        let version =
            json!({ "format": 1, "version": number, "published_at": "2026-05-01T08:00:00Z", "table": table });
        std::fs::create_dir_all(home.path().join("versions")).unwrap();
        std::fs::write(home.path().join(format!("versions/{number:06}.json")), version.to_string()).unwrap();
    };
    let mut table = vip_table();
    version(1, &table);
    table.rules.swap(0, 1);
    version(2, &table);
    let same = write_table(home.path(), &table);
    table.fallback = rule("", None, "vip").then;
    std::fs::write(home.path().join("routing.json"), serde_json::to_string(&table).unwrap()).unwrap();

    let (code, out, err) = run(switchboard(home.path()).args(["diff", "v1", "2"]));
    assert_eq!((code, err.as_str()), (1, ""));
    assert_eq!(out, "From version 1 to version 2:\n  Rule “VIP” moved to the top\n");
    let (code, out, _) = run(switchboard(home.path()).args(["diff", "2"]).arg(&same));
    assert_eq!(code, 0);
    assert!(out.starts_with("No differences between version 2 and "), "{out}");

    let (code, out, _) = run(switchboard(home.path()).args(["diff", "--json"]));
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 1);
    assert_eq!(
        told,
        json!({
            "from": "version 2 (live)",
            "to": "the draft",
            "changes": [{
                "kind": "changed",
                "about": "fallback",
                "words": "The fallback now connects VIP desk (was: keeps the line's own agent)",
            }],
        })
    );
    let file = home.path().join("versions/000001.json");
    let (code, out, _) = run(switchboard(home.path()).arg("diff").arg(file).arg("1"));
    assert_eq!(code, 0, "a version's file holds a table too: {out}");

    for (args, told) in [
        (&["diff", "7"][..], "000007.json"),
        (&["diff", "nowhere.json"], "nowhere.json"),
        (&["diff", "1", "2", "3"], "unexpected argument"),
    ] {
        let (code, out, err) = run(switchboard(home.path()).args(args));
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains(told), "{err}");
    }
}

#[test]
fn serve_answers_what_sign_signed_and_stops_when_told() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("routing.json"), serde_json::to_string(&vip_table()).unwrap()).unwrap();
    let mut serving = switchboard(home.path())
        .args(["--unguarded", "serve", "--listen", "127.0.0.1:0"])
        .env("RETELL_API_KEY", KEY)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(serving.stderr.take().unwrap()).lines();
    let line = said.next().unwrap().unwrap();
    let url = line.split_whitespace().last().unwrap().to_owned();
    assert!(line.starts_with("Answering calls at http://127.0.0.1:"), "{line}");

    let body = payload("+12137771234", "+12137771235", "call_1");
    let mut signing = switchboard(home.path())
        .args(["sign", "--body", "-"])
        .env("RETELL_API_KEY", KEY)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    signing.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
    let header = String::from_utf8(signing.wait_with_output().unwrap().stdout).unwrap();
    let signature = header.trim().strip_prefix("x-retell-signature: ").unwrap();
    let (status, answer) = post(&url, &body, Some(signature));
    assert_eq!(status, 200);
    assert!(answer.contains("agent_vip"), "{answer}");

    #[cfg(unix)]
    {
        Command::new("kill").arg(serving.id().to_string()).status().unwrap();
        assert!(serving.wait().unwrap().success());
        assert!(said.any(|line| line.unwrap() == "Stopping"));
    }
    #[cfg(not(unix))]
    {
        serving.kill().unwrap();
        serving.wait().unwrap();
    }
}

#[test]
fn what_is_planned_survives_being_killed_and_is_published_without_a_window() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("routing.json"), serde_json::to_string(&vip_table()).unwrap()).unwrap();
    let serve = || {
        let mut serving = switchboard(home.path())
            .args(["--unguarded", "serve", "--listen", "127.0.0.1:0"])
            .env("RETELL_API_KEY", KEY)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(serving.stderr.take().unwrap()).lines().map(Result::unwrap);
        let mut told = Vec::new();
        while !told.iter().any(|line: &String| line.starts_with("Answering calls at")) {
            told.push(said.next().expect("it serves"));
        }
        serving.kill().unwrap();
        serving.wait().unwrap();
        told.join("\n")
    };
    serve();
    let mut table = vip_table();
    table.rules.swap(0, 1);
    let plan = json!({ "format": 1, "plans": [
        { "id": 1, "at": "2026-05-01T08:00:00Z", "planned_at": "2026-04-01T08:00:00Z", "note": "May", "table": table },
    ] });
    std::fs::write(home.path().join("planned.json"), plan.to_string()).unwrap();
    let told = serve();
    assert!(told.contains("Version 2 was planned for Fri 1 May 2026, 04:00"), "{told}");
    let told = serve();
    assert!(!told.contains("Version"), "{told}");
    let versions = std::fs::read_dir(home.path().join("versions")).unwrap().count();
    assert_eq!(versions, 2);
    let (code, out, _) = run(switchboard(home.path()).args(["diff", "1", "live"]));
    assert_eq!(code, 1);
    assert!(out.contains("Rule “VIP” moved to the top"), "{out}");
}

#[test]
fn serving_without_a_window_tells_what_became_of_a_bad_file() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("routing.json"), "{ \"format\": 1,\n oops }").unwrap();
    let mut serving = switchboard(home.path())
        .args(["--unguarded", "serve", "--listen", "127.0.0.1:0"])
        .env("RETELL_API_KEY", KEY)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(serving.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = said.find(|line| line.contains("routing.json")).unwrap();
    assert!(line.contains("Line 2") && line.contains("rejected"), "{line}");
    assert!(said.any(|line| line.starts_with("Answering calls at ")));
    serving.kill().unwrap();
    serving.wait().unwrap();
}

#[test]
fn without_a_display_it_says_so_in_one_line_and_serves() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut program = switchboard(home.path())
        .args(["--unguarded", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(program.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = said.find(|line| line.contains("window")).unwrap();
    assert!(line.contains("calls are answered without one"), "{line}");
    let line = said.find(|line| line.starts_with("Answering calls at ")).unwrap();
    let url = line.split_whitespace().last().unwrap();
    assert_eq!(post(url, "{}", None).0, 401);
    program.kill().unwrap();
    program.wait().unwrap();
}

#[test]
fn a_home_that_cannot_be_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let (code, _, err) = run(switchboard(&file.join("home")).arg("serve"));
    assert_eq!(code, 1);
    assert!(err.starts_with("switchboard: ") && err.contains("cannot write to its folder"), "{err}");
    assert_eq!(err.trim().lines().count(), 1, "{err}");
}

#[test]
fn sign_without_a_key_says_where_to_get_one() {
    let home = tempfile::tempdir().unwrap();
    let (code, _, err) = run(switchboard(home.path()).args(["sign", "--body", "-"]).stdin(Stdio::null()));
    assert_eq!(code, 1);
    assert!(err.contains("RETELL_API_KEY"), "{err}");
}

#[test]
fn log_tells_the_calls() {
    use switchboard::storage::Home;
    use switchboard::storage::call_log::{LogWriter, Record, Summary};
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(switchboard(folder.path()).arg("log"));
    assert_eq!(code, 1);
    assert!(err.contains("there is no call log yet"), "{err}");

    let home = Home::at(folder.path()).unwrap();
    home.prepare().unwrap();
    let now = chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let log = LogWriter::open(&home, now).unwrap();
    for n in 0..30 {
        let summary = Summary {
            at_ms: (1_790_000_000 + n * 86_400) * 1000,
            from: Some(format!("+1415555{n:04}")),
            to: "+14155550100".into(),
            rule_name: Some("Night\u{1b}[2J".into()),
            outcome: "keep".into(),
            ..Summary::default()
        };
        log.record(Record { summary, ..Record::default() }).committed_blocking().unwrap();
    }
    let lines = |arguments: &[&str]| {
        let (code, out, err) = run(switchboard(folder.path()).arg("log").args(arguments));
        assert_eq!((code, err.as_str()), (0, ""));
        out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let last = lines(&[]);
    assert_eq!(last.len(), 20);
    assert!(last[0].contains("+14155550010") && last[19].contains("+14155550029"), "{last:?}");
    assert!(!last[0].contains('\u{1b}'));
    assert_eq!(lines(&["--since", "2026-09-01"]).len(), 30);
    assert_eq!(lines(&["--since", "2026-10-10"]).len(), 10 + 1);
    let told: Value = serde_json::from_str(&lines(&["--json"])[19]).unwrap();
    assert_eq!(told["caller"], "+14155550029");
    let (code, _, err) = run(switchboard(folder.path()).args(["log", "--since", "yesterday-ish"]));
    assert_eq!(code, 1);
    assert!(err.contains("is no time; give a date"), "{err}");

    let mut follow =
        switchboard(folder.path()).args(["log", "--follow"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(follow.stdout.take().unwrap()).lines();
    for _ in 0..20 {
        told.next().unwrap().unwrap();
    }
    let summary = Summary { at_ms: 1_800_000_000_000, outcome: "reject".into(), ..Summary::default() };
    log.record(Record { summary, ..Record::default() }).committed_blocking().unwrap();
    let new = told.next().unwrap().unwrap();
    follow.kill().unwrap();
    follow.wait().unwrap();
    assert!(new.contains("withheld") && new.contains("reject"), "{new}");
}

#[test]
fn route_takes_times_as_people_say_them_and_refuses_a_caller_who_is_none() {
    let home = tempfile::tempdir().unwrap();
    let file = write_table(home.path(), &vip_table());
    let route = |from: &str, at: &str| {
        let words = ["route", "--from", from, "--to", "Main line", "--at", at, "--table"];
        run(switchboard(home.path()).args(words).arg(&file))
    };
    assert_eq!(route("213-777-1234", "tomorrow 10:00").0, 0);
    let (code, _, err) = route("witheld", "17:00");
    assert!(
        code == 1 && err.contains("“witheld” is no phone number") && err.contains("or withheld"),
        "{err}"
    );
    let (code, _, err) = route("213-777-1234", "soon");
    assert!(code == 1 && err.contains("--at: “soon” is not a time"), "{err}");
}

#[test]
fn output_that_nobody_reads_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    for words in [["table", "example"], ["table", "conditions"], ["plugin", "guide"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let told = switchboard(home.path()).args(words).stdout(writer).output().unwrap();
        assert_eq!(told.status.code(), Some(0), "{words:?}");
        assert_eq!(String::from_utf8_lossy(&told.stderr), "", "{words:?}");
    }
}
