//! `switchboard open`: ends what stands above the rules.

use std::process::ExitCode;

use clap::Args as ClapArgs;

use super::overriding::Hand;
use super::{Args, Failure};
use crate::routing::{Override, Phase};
use crate::service::overriding::{Door, who};

/// What to open.
#[derive(Debug, ClapArgs)]
pub(super) struct OpenArgs {
    /// Only this line [default: all lines]
    #[arg(long, value_name = "NAME")]
    line: Option<String>,

    /// Call off what is still to come, too
    #[arg(long)]
    coming: bool,
}

pub(super) fn run(args: &Args, open: &OpenArgs) -> Result<ExitCode, Failure> {
    let mut hand = Hand::open(args)?;
    let now = hand.now;
    let line = open.line.as_deref().map(|name| hand.line(name)).transpose()?;
    let is_meant = |over: &Override| {
        let counts = match over.phase(now) {
            Phase::Now => true,
            Phase::NotYet => open.coming,
            Phase::Expired => false,
        };
        counts && (line.is_none() || over.line == line)
    };
    let by = who(Door::CommandLine);
    let is_any = hand.store.current().overrides.iter().any(is_meant);
    let ended = if is_any {
        hand.change(|all| {
            let ids: Vec<_> =
                all.overrides.iter().filter(|over| is_meant(over)).map(|over| over.id.clone()).collect();
            Ok(all.end(&ids, &by, now))
        })?
    } else {
        Vec::new()
    };
    for over in &ended {
        say!("Ended: {}", over.words(&hand.table, now));
    }
    let coming = hand.store.current().standing(Phase::NotYet, now);
    for over in coming.iter().filter(|over| line.is_none() || over.line == line) {
        say!("Still to come: {} (open --coming calls it off)", over.words(&hand.table, now));
    }
    if let Some(over) = line.as_deref().and_then(|line| hand.store.current().over(Some(line), now)) {
        let words = over.words(&hand.table, now);
        return Err(format!(
            "this line is not open, as for all lines there is: {words}; open without --line ends it"
        )
        .into());
    }
    if ended.is_empty() {
        say!("Nothing stood above the rules");
    } else {
        hand.say_when(args);
    }
    Ok(ExitCode::SUCCESS)
}
