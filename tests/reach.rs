//! How the internet reaches this computer: the program runs stand-ins for the real tunnels, reads where
//! they lead, starts them again, and ends them with itself.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;
#[path = "support/tunnels.rs"]
mod tunnels;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use program::{PATIENCE, Running};
use serde_json::{Value, json};
use switchboard::reach::ReachState;
use switchboard::service::messages::{Command, Event};
use switchboard::storage::{Secret, Settings};

/// Starts a program that is reached this way, by a stand-in.
fn start(home: &Path, way: &str, settings: &Value, tool: Option<&Path>) -> Running {
    let mut reach = json!({ "way": way, "settings": { way: settings } });
    if let Some(tool) = tool {
        reach["programs"] = json!({ way: tool });
    }
    fs::write(home.join("settings.json"), json!({ "format": 1, "reach": reach }).to_string()).unwrap();
    Running::start(home)
}

fn until(what: &str, wanted: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !wanted() {
        assert!(Instant::now() < end, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn settings(running: &Running) -> Settings {
    running.ask(Command::Open);
    running.opening().settings
}

const QUICK: &str = r#"echo "$@" >"$0.args"
echo "2026-03-05T17:43:01Z INF Requesting new quick Tunnel on trycloudflare.com..." >&2
echo "2026-03-05T17:43:05Z INF |  https://two-words.trycloudflare.com                 |" >&2
echo "2026-03-05T17:43:06Z INF Registered tunnel connection connIndex=0 protocol=quic" >&2
exec sleep 600"#;

const FUNNEL: &str = r#"echo "$@" >"$0.args"
printf 'Available on the internet:\n\nhttps://shop.pango-lin.ts.net/\n|-- proxy http://127.0.0.1:1\n\nPress Ctrl+C to exit.\n'
exec sleep 600"#;

#[test]
fn each_program_is_started_for_our_port_and_its_address_read() {
    for (way, settings, script, address, args) in [
        (
            "cloudflare",
            json!({ "kind": "quick" }),
            QUICK,
            "https://two-words.trycloudflare.com/",
            "tunnel --no-autoupdate --url http://127.0.0.1:PORT",
        ),
        ("tailscale", json!({}), FUNNEL, "https://shop.pango-lin.ts.net/", "funnel http://127.0.0.1:PORT"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let tool = tunnels::program(home.path(), way, script);
        let running = start(home.path(), way, &settings, Some(&tool));
        assert_eq!(running.reached_at(), address);
        let port = running.url.rsplit_once(':').unwrap().1;
        let given = fs::read_to_string(tool.with_extension("args")).unwrap();
        assert_eq!(given.trim(), args.replace("PORT", port), "{way}");
        running.stop();
    }
}

#[test]
fn an_own_address_needs_no_program_and_one_that_cannot_be_is_told() {
    let home = tempfile::tempdir().unwrap();
    let running = start(home.path(), "own_address", &json!({ "address": "calls.example.com/" }), None);
    assert_eq!(running.reached_at(), "https://calls.example.com/");
    let mut settings = settings(&running);
    let wrong = json!({ "address": "http://calls.example.com" });
    settings.reach.settings.insert("own_address".into(), wrong);
    running.ask(Command::SaveSettings(settings.clone()));
    assert!(running.not_reached().contains("must begin with https://"));
    settings.reach.way = None;
    running.ask(Command::SaveSettings(settings));
    running.reach(|state| (*state == ReachState::Off).then_some(()));
    running.stop();
}

#[test]
fn a_program_that_ends_is_started_again_and_its_new_address_known() {
    let home = tempfile::tempdir().unwrap();
    let script = r#"n=$(cat "$0.n" 2>/dev/null || echo 0); n=$((n+1)); echo $n >"$0.n"
echo "2026-03-05T17:43:05Z INF |  https://number-$n.trycloudflare.com  |" >&2
echo "2026-03-05T17:43:06Z INF Registered tunnel connection connIndex=0 protocol=quic" >&2
if [ $n = 1 ]; then while ! [ -e "$0.end" ]; do sleep 0.05; done; echo "fatal: out of luck" >&2; exit 1; fi
exec sleep 600"#;
    let tool = tunnels::program(home.path(), "cloudflared", script);
    let running = start(home.path(), "cloudflare", &json!({ "kind": "quick" }), Some(&tool));
    assert_eq!(running.reached_at(), "https://number-1.trycloudflare.com/");
    fs::write(tool.with_extension("end"), "").unwrap();
    let why = running.not_reached();
    assert!(why.contains("cloudflared ended by itself") && why.contains("out of luck"), "{why}");
    assert_eq!(running.reached_at(), "https://number-2.trycloudflare.com/");
    running.stop();
}

#[test]
fn a_program_that_is_not_there_is_named_and_started_once_it_is() {
    let home = tempfile::tempdir().unwrap();
    let tool = home.path().join("ngrok");
    let running = start(home.path(), "ngrok", &json!({ "domain": "shop.ngrok-free.app" }), Some(&tool));
    let why = running.not_reached();
    assert!(
        why.contains("ngrok is not on this computer") && why.contains("https://ngrok.com/download"),
        "{why}"
    );
    running.ask(Command::LookForTools);
    let tools = || running.hear(|event| if let Event::Tools(tools) = event { Some(tools) } else { None });
    until("ngrok not to be found", || tools()["ngrok"].is_none());

    tunnels::ngrok(home.path(), "https://shop.ngrok-free.app");
    assert_eq!(running.reached_at(), "https://shop.ngrok-free.app/");
    running.ask(Command::LookForTools);
    let found = tools()["ngrok"].clone().unwrap();
    assert_eq!((found.path, found.version.as_str()), (tool, "3.30.0"));
    running.stop();
}

#[test]
fn a_token_is_given_to_the_program_alone_and_waited_for() {
    let home = tempfile::tempdir().unwrap();
    let script = r#"echo "$TUNNEL_TOKEN|$*" >"$0.seen"
echo '2026-03-05T17:43:06Z INF Registered tunnel connection connIndex=0 location=iad05' >&2
exec sleep 600"#;
    let tool = tunnels::program(home.path(), "cloudflared", script);
    let running = start(home.path(), "cloudflare", &json!({ "address": "calls.example.com" }), Some(&tool));
    assert!(running.not_reached().contains("token is missing"));
    let secret = Secret::new("eyJhIjoi");
    running.ask(Command::SetSecret { name: "reach.cloudflare.token".into(), secret });
    assert_eq!(running.reached_at(), "https://calls.example.com/");
    let seen = fs::read_to_string(tool.with_extension("seen")).unwrap();
    assert_eq!(seen.trim(), "eyJhIjoi|tunnel --no-autoupdate run");
    let kept = fs::read_to_string(home.path().join("settings.json")).unwrap();
    assert!(!kept.contains("eyJhIjoi"), "{kept}");
    running.stop();
}

#[test]
fn the_program_ends_when_it_is_not_wanted_and_with_us() {
    let home = tempfile::tempdir().unwrap();
    let tool = tunnels::ngrok(home.path(), "https://shop.ngrok-free.app");
    let running = start(home.path(), "ngrok", &json!({}), Some(&tool));
    running.reached_at();
    let first = tunnels::pid(&tool).unwrap();
    assert!(tunnels::runs(&first));
    let mut settings = settings(&running);
    let way = settings.reach.way.take();
    running.ask(Command::SaveSettings(settings.clone()));
    running.reach(|state| (*state == ReachState::Off).then_some(()));
    assert!(!tunnels::runs(&first), "ended before it is said to be off");

    settings.reach.way = way;
    running.ask(Command::SaveSettings(settings));
    running.reached_at();
    let second = tunnels::pid(&tool).unwrap();
    assert!(second != first && tunnels::runs(&second));
    running.stop();
    assert!(!tunnels::runs(&second), "ended before we have");
}

#[test]
fn the_program_ends_even_if_we_are_killed() {
    let home = tempfile::tempdir().unwrap();
    let tool = tunnels::ngrok(home.path(), "https://shop.ngrok-free.app");
    let settings = json!({ "format": 1, "listen": "127.0.0.1:0", "reach": { "way": "ngrok", "programs": { "ngrok": tool } } });
    fs::write(home.path().join("settings.json"), settings.to_string()).unwrap();
    let mut ours = std::process::Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(["--unguarded", "serve", "--home"])
        .arg(home.path())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    until("the tunnel to run", || tunnels::pid(&tool).is_some());
    let pid = tunnels::pid(&tool).unwrap();
    assert!(tunnels::runs(&pid));
    ours.kill().unwrap();
    ours.wait().unwrap();
    until("the tunnel to end", || !tunnels::runs(&pid));
}
