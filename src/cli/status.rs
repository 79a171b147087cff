//! `switchboard status`: how the running program is doing, and what stands above the rules, now and to
//! come.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::overriding::{Hand, Running};
use super::{Args, Failure, say};
use crate::local;
use crate::routing::{Override, Phase, count, left, moment_near, who_answers};
use crate::service::outside::Asked;
use crate::service::{CertificateStatus, Status, WatcherStatus};

/// How many of those that are over are told.
const LATELY: usize = 5;

/// How to tell it.
#[derive(Debug, ClapArgs)]
pub(super) struct StatusArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,

    /// End with exit code 1 unless calls are answered
    #[arg(long)]
    check: bool,

    /// Have the running program leave safe mode: everything that was left out runs again
    #[arg(long, conflicts_with_all = ["json", "check"])]
    leave_safe_mode: bool,
}

pub(super) fn run(args: &Args, status: &StatusArgs) -> Result<ExitCode, Failure> {
    if status.leave_safe_mode {
        say!("{}", local::have_done(&args.home()?, &Asked::LeaveSafeMode)??);
        return Ok(ExitCode::SUCCESS);
    }
    let hand = Hand::open(args)?;
    let running = hand.running(args);
    if status.json {
        say::json(&told(&hand, &running))?;
    } else {
        print(&hand, &running);
    }
    let is_good = match &running {
        Running::Tells(status) => status.is_good(),
        running => matches!(running, Running::Answers(_)),
    };
    Ok(if status.check && !is_good { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// How the program is doing, line by line.
fn in_words(hand: &Hand, running: &Running) -> Vec<String> {
    let told = match running {
        Running::Tells(status) => return told_in_words(hand, status),
        Running::Answers(addr) => format!("Switchboard answers calls on port {}", addr.port()),
        Running::Troubled(addr) => {
            format!(
                "Switchboard answers on port {}, but something is wrong; look into its window",
                addr.port()
            )
        }
        Running::Silent(addr) => {
            format!("Switchboard is running, but nothing answers on port {}", addr.port())
        }
        Running::No => "Switchboard is not running".to_owned(),
    };
    vec![told]
}

/// The same, as it says itself.
fn told_in_words(hand: &Hand, status: &Status) -> Vec<String> {
    let counted = &status.counted;
    let zone = hand.table.time_zone();
    let since = moment_near(&status.started.with_timezone(&zone), hand.now);
    let mut lines = vec![
        format!("Switchboard {}: {}", status.version, status.standing.words),
        format!(
            "Live version {} · {} answered, {} refused since {since}",
            status.live_version,
            count(counted.answered() as usize, "call", "calls"),
            count(counted.refused as usize, "request", "requests")
        ),
    ];
    lines.extend(status.safe_mode.clone());
    lines.extend(status.reached.as_ref().map(|url| format!("Retell reaches it at {url}")));
    lines.extend(status.certificate.as_ref().map(|certificate| certificate_words(certificate, zone)));
    lines.extend(status.watcher.as_ref().map(|watcher| watcher_words(watcher, zone, hand.now)));
    lines.extend(status.log_trouble.clone());
    lines.extend(status.plugins.iter().filter_map(|plugin| {
        let (name, standing) = (&plugin.name, &plugin.standing);
        Some(format!("Plugin {name}: {standing}; {}", plugin.attention.as_ref()?))
    }));
    lines
}

fn certificate_words(certificate: &CertificateStatus, zone: Tz) -> String {
    let until = certificate.valid_until.map(|until| until.with_timezone(&zone).format("%-d %b %Y"));
    match (until, &certificate.trouble) {
        (Some(until), None) => format!("Its certificate is valid until {until}"),
        (Some(until), Some(why)) => {
            format!("Its certificate is valid until {until} and could not be renewed. {why}")
        }
        (None, None) => "A certificate is being asked for".to_owned(),
        (None, Some(why)) => format!("There is no certificate. {why}"),
    }
}

fn watcher_words(watcher: &WatcherStatus, zone: Tz, now: DateTime<Utc>) -> String {
    let name = &watcher.name;
    let told = watcher.told_at.map(|at| format!(", told {}", moment_near(&at.with_timezone(&zone), now)));
    let why = watcher.trouble.as_ref().map(|why| format!(". {why}"));
    format!("Watched from outside by {name}{}{}", told.unwrap_or_default(), why.unwrap_or_default())
}

fn print(hand: &Hand, running: &Running) {
    for line in in_words(hand, running) {
        say!("{line}");
    }
    let all = hand.store.current();
    let now = all.standing(Phase::Now, hand.now);
    if now.is_empty() {
        say!("Open: the rules decide");
    }
    for over in now {
        say!("{} · {}", over.words(&hand.table, hand.now), left(over.until, hand.now));
        print_more(hand, over);
    }
    for (heading, phase, most) in [("To come", Phase::NotYet, usize::MAX), ("Lately", Phase::Expired, LATELY)]
    {
        let standing = all.standing(phase, hand.now);
        if !standing.is_empty() {
            say!("\n{heading}");
        }
        for over in standing.into_iter().take(most) {
            say!("{}", over.words(&hand.table, hand.now));
            print_more(hand, over);
        }
    }
}

fn print_more(hand: &Hand, over: &Override) {
    let zone = hand.table.time_zone();
    let mut more = vec![who_answers(&over.then.action, &hand.table), over.set_words(zone, hand.now)];
    if !over.reason.is_empty() {
        more.insert(0, over.reason.clone());
    }
    if let Some(ended) = &over.ended {
        let at = moment_near(&ended.at.with_timezone(&zone), hand.now);
        more.push(format!("ended by {}, {at}", ended.by));
    } else if over.phase(hand.now) != Phase::Expired
        && let Some(loose) = over.loose_end(&hand.table)
    {
        more.push(loose.to_owned());
    }
    say!("  {}", more.join(" · "));
}

fn told(hand: &Hand, running: &Running) -> Value {
    let all = hand.store.current();
    let standing = |phase| -> Vec<Value> {
        all.standing(phase, hand.now).into_iter().map(|over| told_one(hand, over)).collect()
    };
    let (is_running, answers, listen) = match running {
        Running::Tells(status) => (true, status.listen.is_some(), status.listen.as_ref()),
        Running::Answers(addr) | Running::Troubled(addr) => (true, true, Some(addr)),
        Running::Silent(addr) => (true, false, Some(addr)),
        Running::No => (false, false, None),
    };
    json!({
        "running": is_running,
        "answers": answers,
        "healthy": match running {
            Running::Tells(status) => {
                status.is_good() && status.log_trouble.is_none() && status.safe_mode.is_none()
            }
            running => matches!(running, Running::Answers(_)),
        },
        "status": if let Running::Tells(status) = running { json!(status) } else { Value::Null },
        "listen": listen,
        "open": all.standing(Phase::Now, hand.now).is_empty(),
        "in_force": standing(Phase::Now),
        "coming": standing(Phase::NotYet),
        "over": standing(Phase::Expired),
    })
}

fn told_one(hand: &Hand, over: &Override) -> Value {
    let line = over.line.as_deref().and_then(|id| hand.table.line(id));
    json!({
        "words": over.words(&hand.table, hand.now),
        "who_answers": who_answers(&over.then.action, &hand.table),
        "line_name": line.map(|line| &line.name),
        "seconds_left": (over.until - hand.now).num_seconds().max(0),
        "loose_end": over.loose_end(&hand.table),
        "override": over,
    })
}
