//! Telling the owner and others of calls: by web, by mail, on the desktop and by plugins of one's own,
//! with stand-ins for all who are told. No call ever waits for it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod by_mail;
mod by_plugin;
mod by_web;
#[cfg(all(feature = "desktop", target_os = "linux"))]
mod on_desktop;
#[cfg(all(feature = "desktop", target_os = "linux"))]
#[path = "../support/serving.rs"]
mod serving;
mod stand_ins;
#[path = "../support/program.rs"]
mod support;

use std::path::Path;

use serde_json::{Value, json};
use support::{KEY, Running, rule, table};
use switchboard::routing::{Action, Outcome, Table};
use switchboard::service::NoticeReport;
use switchboard::service::messages::{Command, Event};
use switchboard::storage::{Secret, UsedNotice};

/// One who is told, as it stands in the file of settings.
pub(crate) fn notice(id: &str, plugin: &str, of: &Value, settings: &Value) -> UsedNotice {
    let json =
        json!({ "id": id, "name": format!("The {id}"), "plugin": plugin, "of": of, "settings": settings });
    serde_json::from_value(json).unwrap()
}

/// A program that tells these, with secrets by their names.
pub(crate) fn telling(home: &Path, notices: &[UsedNotice], secrets: &[(&str, &str)]) -> Running {
    let settings = json!({ "format": 1, "notices": notices });
    std::fs::write(home.join("settings.json"), settings.to_string()).unwrap();
    let running = Running::start(home);
    for (name, secret) in secrets {
        running.ask(Command::SetSecret { name: (*name).to_owned(), secret: Secret::new(secret) });
        running.hear(|event| matches!(event, Event::Secrets(names) if names.contains(*name)).then_some(()));
    }
    running
}

/// A table whose first rule tells `tell` of calls on the main line; the sales line is rejected.
pub(crate) fn rules(tell: &[&str]) -> Table {
    let mut table = table();
    let mut main = rule("Main", Some(("line.is", json!({ "lines": ["main"] }))), "reception");
    main.then.tell = tell.iter().map(|id| (*id).to_owned()).collect();
    let mut sales = rule("Sales", Some(("line.is", json!({ "lines": ["sales"] }))), "vip");
    sales.then = Outcome { action: Action::Reject, ..Outcome::default() };
    table.rules = vec![main, sales];
    table
}

pub(crate) const MAIN: &str = "+12137771235";
pub(crate) const SALES: &str = "+12137771236";
pub(crate) const CALLER: &str = "+14155552671";

/// Calls, and must be answered.
pub(crate) fn call(running: &Running, to: &str, id: &str) {
    let (status, _) = running.call(&support::payload(CALLER, to, id));
    assert_eq!(status, 200, "{KEY}");
}

/// How it goes with one of them, once that is as wanted.
pub(crate) fn report(running: &Running, id: &str, wanted: impl Fn(&NoticeReport) -> bool) -> NoticeReport {
    running.hear(|event| match event {
        Event::Notices(all) => all.into_iter().find(|report| report.id == id && wanted(report)),
        _ => None,
    })
}
