//! `switchboard close`: closes lines for a time, or sends everything to one agent, whatever the rules
//! say.

use std::process::ExitCode;

use clap::Args as ClapArgs;

use super::overriding::Hand;
use super::{Args, Failure};
use crate::routing::{Action, Outcome, What, Wish, closed_outcome, left, read_from, who_answers};
use crate::service::overriding::{Door, set, until, who};

/// What to close.
#[derive(Debug, ClapArgs)]
pub(super) struct CloseArgs {
    /// Until when: 30m, 2h, 17:00, 5pm, today, 2026-12-24T12:00, next-opening, next-opening:SCHEDULE
    #[arg(long, value_name = "WHEN")]
    until: String,

    /// From when on, such as 17:00 or 2026-12-24T12:00 [default: now]
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,

    /// Only this line [default: all lines]
    #[arg(long, value_name = "NAME")]
    line: Option<String>,

    /// Send everything to this agent instead of closing
    #[arg(long, value_name = "AGENT", conflicts_with_all = ["with", "keep", "reject"])]
    to: Option<String>,

    /// While closed this agent answers, and is told why and until when
    #[arg(long, value_name = "AGENT", conflicts_with_all = ["keep", "reject"])]
    with: Option<String>,

    /// While closed each line's own agent at Retell answers
    #[arg(long, conflicts_with = "reject")]
    keep: bool,

    /// While closed callers are rejected; works only on lines without an agent of their own at Retell
    #[arg(long)]
    reject: bool,

    /// Why, for people and for the agent
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

pub(super) fn run(args: &Args, close: &CloseArgs) -> Result<ExitCode, Failure> {
    let mut hand = Hand::open(args)?;
    let zone = hand.table.time_zone();
    let from = close.from.as_deref().map(|text| read_from(text, hand.now, zone)).transpose();
    let from = from.map_err(|wrong| format!("--from: {wrong}"))?.filter(|from| *from > hand.now);
    let end = until(&close.until, from.unwrap_or(hand.now), &hand.table);
    let end = end.map_err(|wrong| format!("--until: {wrong}"))?;
    let (what, then) = outcome(&hand, close)?;
    let line = close.line.as_deref().map(|name| hand.line(name)).transpose()?;
    // Chosen here, it is what "closed" means from now on.
    let keep = what == What::Closed && (close.with.is_some() || close.keep || close.reject);
    let wish = Wish { what, line, from, until: end, then, reason: close.reason.clone() };
    let (now, by) = (hand.now, who(Door::CommandLine));
    let over = hand.change(|all| set(all, wish, keep, &by, now))?;
    say!(
        "{} ({}), {}",
        over.words(&hand.table, now),
        zone.name(),
        who_answers(&over.then.action, &hand.table)
    );
    if over.from <= now {
        say!("{}", left(over.until, now));
    }
    if over.then.action == Action::Reject {
        say!("A line with an agent of its own at Retell cannot reject calls: that agent answers them");
    }
    hand.say_when(args);
    Ok(ExitCode::SUCCESS)
}

/// What happens to calls meanwhile: as asked for, or as it was chosen last.
fn outcome(hand: &Hand, close: &CloseArgs) -> Result<(What, Outcome), Failure> {
    let connect = |name: &str| Ok::<_, Failure>(Action::Connect { agent: hand.agent(name)?, version: None });
    if let Some(name) = &close.to {
        return Ok((What::Everything, Outcome { action: connect(name)?, ..Outcome::default() }));
    }
    let action = match (&close.with, close.keep, close.reject) {
        (Some(name), ..) => connect(name)?,
        (None, true, _) => Action::Keep,
        (None, false, true) => Action::Reject,
        (None, false, false) => {
            let kept = hand.store.current().when_closed.clone();
            return Ok((What::Closed, kept.ok_or(
                "it was not chosen yet what callers meet while closed; add --with AGENT, --keep or --reject, which is kept for the next time",
            )?));
        }
    };
    Ok((What::Closed, closed_outcome(action, true)))
}
