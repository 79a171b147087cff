//! On the desktop: a stand-in for the desktop's bus hears the notice; without a bus there is one clear
//! line. And the chime, with a stand-in for the player.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use serde_json::json;
use switchboard::retell::{ApiKey, signature};
use switchboard::service::Clock;
use switchboard::service::messages::{Command, Event};

use super::serving::{Serving, serve};
use super::support::{KEY, payload, post};
use super::{CALLER, MAIN, notice, telling};

/// A bus at this socket; what its desktop is asked to show: a line, and what else there is to say.
fn desktop(socket: &Path) -> Receiver<(String, String)> {
    let listener = UnixListener::bind(socket).unwrap();
    let (tell, shown) = sync_channel(10);
    let serve = move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let tell = tell.clone();
            let talk = move || drop(talk(&stream, &tell));
            std::thread::Builder::new().name("desktop".into()).spawn(talk).unwrap();
        }
    };
    std::thread::Builder::new().name("bus".into()).spawn(serve).unwrap();
    shown
}

/// One conversation, as the D-Bus specification has it: who it is in lines, then messages.
fn talk(mut out: &UnixStream, tell: &SyncSender<(String, String)>) -> std::io::Result<()> {
    let mut reader = BufReader::new(out);
    reader.read_exact(&mut [0])?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.split_whitespace().next() {
            Some("BEGIN") => break,
            Some("AUTH") => out.write_all(b"OK 0123456789abcdef0123456789abcdef\r\n")?,
            _ => out.write_all(b"ERROR\r\n")?,
        }
    }
    loop {
        let mut head = [0; 16];
        reader.read_exact(&mut head)?;
        let (body_len, serial, fields_len) = (number(&head, 4), number(&head, 8), number(&head, 12));
        let mut fields = vec![0; fields_len.next_multiple_of(8)];
        reader.read_exact(&mut fields)?;
        let mut body = vec![0; body_len];
        reader.read_exact(&mut body)?;
        let calls = |member: &[u8]| fields.windows(member.len()).any(|part| part == member);
        if calls(b"Notify\0") {
            // The program's name, what it takes the place of, an icon, then the two.
            let (_, at) = text(&body, 0);
            let (_, at) = text(&body, at.next_multiple_of(4) + 4);
            let (summary, at) = text(&body, at);
            tell.send((summary, text(&body, at).0)).unwrap();
            out.write_all(&reply(serial, b'u', &7_u32.to_le_bytes()))?;
        } else if calls(b"Hello\0") {
            out.write_all(&reply(serial, b's', b"\x04\0\0\0:1.7\0"))?;
        } else {
            out.write_all(&reply(serial, b's', b"\0\0\0\0\0"))?;
        }
    }
}

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// A text in a message, and where it ends.
fn text(body: &[u8], at: usize) -> (String, usize) {
    let begin = at.next_multiple_of(4) + 4;
    let end = begin + number(body, begin - 4);
    (String::from_utf8(body[begin..end].to_vec()).unwrap(), end + 1)
}

/// The answer to the call with this serial: one value of this type.
fn reply(serial: usize, kind: u8, value: &[u8]) -> Vec<u8> {
    let mut reply = vec![b'l', 2, 1, 1];
    reply.extend((value.len() as u32).to_le_bytes());
    reply.extend(1_u32.to_le_bytes());
    reply.extend(15_u32.to_le_bytes());
    reply.extend(b"\x05\x01u\0");
    reply.extend((serial as u32).to_le_bytes());
    reply.extend([8, 1, b'g', 0, 1, kind, 0, 0]);
    reply.extend(value);
    reply
}

/// A program that tells the desktop of every call, with its bus at this socket, and one call.
fn told_of_a_call(home: &Path, socket: &Path) -> Serving {
    let settings = json!({ "format": 1, "notices": [notice("desk", "notify_desktop", &json!({ "calls": true }), &json!({}))] });
    std::fs::write(home.join("settings.json"), settings.to_string()).unwrap();
    let bus = format!("unix:path={}", socket.display());
    let serving = Serving::of(serve(home).env("RETELL_API_KEY", KEY).env("DBUS_SESSION_BUS_ADDRESS", bus));
    let body = payload(CALLER, MAIN, "one");
    let now = Clock::system().now().timestamp_millis();
    let signed = signature::sign(&ApiKey::new(KEY), body.as_bytes(), now);
    let (status, _) = post(&format!("http://{}/webhook/inbound", serving.addr), &body, Some(&signed));
    assert_eq!(status, 200);
    serving
}

#[test]
fn the_desktop_shows_what_happened() {
    let home = tempfile::tempdir().unwrap();
    let socket = home.path().join("bus");
    let shown = desktop(&socket);
    let _serving = told_of_a_call(home.path(), &socket);
    let (summary, body) = shown.recv_timeout(Duration::from_secs(30)).expect("nothing was shown");
    assert!(summary.contains("called") && summary.ends_with("left to the line's own agent"), "{summary}");
    assert!(body.contains("No rule took it"), "{body}");
}

#[test]
fn without_a_desktop_there_is_one_clear_line_and_the_call_is_answered() {
    let home = tempfile::tempdir().unwrap();
    let mut serving = told_of_a_call(home.path(), &home.path().join("nowhere"));
    let line =
        serving.hear("the notice “The desk” was not told: this desktop shows no notices; use another kind");
    assert!(!line.contains("panicked"), "{line}");
}

#[test]
fn a_player_is_handed_a_sound() {
    let home = tempfile::tempdir().unwrap();
    let player = home.path().join("player");
    let heard = home.path().join("heard");
    let script = format!("#!/bin/sh\nhead -c 4 \"$1\" > {}\n", heard.display());
    std::fs::write(&player, script).unwrap();
    std::fs::set_permissions(&player, std::fs::Permissions::from_mode(0o700)).unwrap();
    let running = telling(home.path(), &[], &[]);
    let tried = |player: &str| {
        let used = notice("chime", "notify_sound", &json!({}), &json!({ "player": player }));
        running.ask(Command::TryNotice(Box::new(used)));
        running.hear(|event| if let Event::NoticeTried { result, .. } = event { Some(result) } else { None })
    };
    assert_eq!(tried(player.to_str().unwrap()), Ok(()));
    assert_eq!(std::fs::read(heard).unwrap(), b"RIFF");
    let gone = tried("no-such-player").unwrap_err();
    assert!(gone.contains("“no-such-player” is not here"), "{gone}");
    let mute = tried("false").unwrap_err();
    assert!(mute.contains("false could not play it"), "{mute}");
    running.stop();
}
