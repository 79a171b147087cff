//! `switchboard status`: what stands above the rules, now and to come, and whether calls are answered.

use std::process::ExitCode;

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::overriding::{Hand, Running};
use super::{Args, Failure};
use crate::routing::{Override, Phase, left, moment_near, who_answers};

/// How many of those that are over are told.
const LATELY: usize = 5;

/// How to tell it.
#[derive(Debug, ClapArgs)]
pub(super) struct StatusArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, status: &StatusArgs) -> Result<ExitCode, Failure> {
    let hand = Hand::open(args)?;
    let running = hand.running(args);
    if status.json {
        println!("{}", serde_json::to_string_pretty(&told(&hand, &running))?);
    } else {
        print(&hand, &running);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(hand: &Hand, running: &Running) {
    say!(
        "{}",
        match running {
            Running::Answers(addr) => format!("Switchboard answers calls on port {}", addr.port()),
            Running::Troubled(addr) => {
                format!(
                    "Switchboard answers on port {}, but something is wrong; look into its window",
                    addr.port()
                )
            }
            Running::Silent(addr) =>
                format!("Switchboard is running, but nothing answers on port {}", addr.port()),
            Running::No => "Switchboard is not running".to_owned(),
        }
    );
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
    let zone = hand.table.zone.parse().unwrap_or(chrono_tz::Tz::UTC);
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
        Running::Answers(addr) | Running::Troubled(addr) => (true, true, Some(addr)),
        Running::Silent(addr) => (true, false, Some(addr)),
        Running::No => (false, false, None),
    };
    json!({
        "running": is_running,
        "answers": answers,
        "healthy": matches!(running, Running::Answers(_)),
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
