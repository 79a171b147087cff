//! By mail, through a mail server that stands in for the owner's.

use serde_json::{Value, json};
use switchboard::service::messages::{Command, Event};

use super::stand_ins::Mail;
use super::{MAIN, call, notice, report, rules, telling};

fn settings(mail: &Mail) -> Value {
    json!({
        "to": ["ada@example.com", "Bo <bo@example.com>"],
        "from": "Switchboard <calls@example.com>",
        "server": "127.0.0.1",
        "security": "None, port 25",
        "port": mail.addr.port(),
        "user": "calls",
    })
}

const PASSWORD: (&str, &str) = ("plugin notify_mail post password", "hunter22");

#[test]
fn a_mail_is_sent_with_what_happened() {
    let mail = Mail::start(false);
    let home = tempfile::tempdir().unwrap();
    let used = notice("post", "notify_mail", &json!({}), &settings(&mail));
    let running = telling(home.path(), &[used], &[PASSWORD]);
    running.publish(rules(&["post"]));
    call(&running, MAIN, "one");
    let said = mail.heard();
    for part in [
        "AUTH PLAIN",
        "MAIL FROM:<calls@example.com>",
        "RCPT TO:<ada@example.com>",
        "RCPT TO:<bo@example.com>",
        "Subject: (415) 555-2671 called Main line: connected to Reception",
        "To: ada@example.com, Bo <bo@example.com>",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    report(&running, "post", |report| report.told == 1);
    running.stop();
}

#[test]
fn what_a_mail_server_refuses_is_said_in_words() {
    let mail = Mail::start(true);
    let home = tempfile::tempdir().unwrap();
    let used = notice("post", "notify_mail", &json!({}), &settings(&mail));
    let running = telling(home.path(), std::slice::from_ref(&used), &[PASSWORD]);
    let changed = |name: &str, value: Value| {
        let mut used = used.clone();
        used.settings.insert(name.to_owned(), value);
        used
    };
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (used, part) in [
        (used.clone(), "the mail server did not take it (nobody of that name here)"),
        (changed("port", json!(free)), "the mail server could not be reached"),
        (changed("from", json!("nobody")), "“nobody” is no e-mail address"),
        (changed("server", json!("203.0.113.7")), "a password is not sent without encryption"),
        (changed("server", json!("")), "Mail server is needed"),
    ] {
        running.ask(Command::TryNotice(Box::new(used)));
        let result = running
            .hear(|event| if let Event::NoticeTried { result, .. } = event { Some(result) } else { None });
        let why = result.unwrap_err();
        assert!(why.contains(part), "{part}\n{why}");
    }
    running.stop();
}
