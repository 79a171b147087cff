//! Ways to share calls among several agents: by percentage, in turn, and the agent that the caller
//! knows. All of them choose from the call and its facts alone; the turn that is next is a fact.

mod draw;
#[cfg(feature = "desktop")]
mod editor;
mod round_robin;
mod sticky;
mod weighted;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};

use super::{Ask, ChoiceKind, FactInfo, Fault, Host, LookUp, Manifest, Plugin, Turns};
use crate::routing::{Facts, Kind, Share, Table, Value};
pub(super) use sticky::remembered;

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    Shares { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

/// The fact that says which turn of a round is next.
#[must_use]
pub fn turn_fact(of: &str) -> String {
    format!("shares.turn.{of}")
}

struct Shares {
    manifest: Manifest,
}

impl Plugin for Shares {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn choices(&self) -> &[&'static dyn ChoiceKind] {
        &[&weighted::Kind, &round_robin::Kind, &sticky::Kind]
    }

    fn facts(&self, table: &Table) -> BTreeMap<String, FactInfo> {
        let info = |(of, title)| {
            let title = format!("Next turn in {title}");
            (turn_fact(of), FactInfo { kind: Kind::Number, title, example: "17".into() })
        };
        rounds(table).map(info).collect()
    }

    fn look_up(&self, table: &Table, host: &Host) -> Option<Arc<dyn LookUp>> {
        let rounds = rounds(table).map(|(of, _)| of.to_owned()).collect();
        Some(Arc::new(NextTurns { rounds, turns: host.turns.clone() }))
    }
}

/// All rounds of a table: what each is known by, and what people call it.
fn rounds(table: &Table) -> impl Iterator<Item = (&str, String)> {
    let in_turn = table.shares().filter(|(_, share)| share.how == round_robin::ID);
    in_turn.map(|(rule, share)| {
        let of = share.known_as(rule);
        let title = match table.rule(rule) {
            Some(rule) if share.name.trim().is_empty() => format!("“{}”", rule.name),
            _ if share.name.trim().is_empty() => "the fallback".to_owned(),
            _ => format!("“{of}”"),
        };
        (of, title)
    })
}

/// What is wrong with the agents of a share whose percentages count.
fn check_percent(share: &Share) -> Result<(), String> {
    let sum: u64 = share.agents.iter().map(|part| u64::from(part.percent.unwrap_or(0))).sum();
    if sum == 100 {
        return Ok(());
    }
    Err(format!("the shares are {sum}% together; make them 100%"))
}

/// Tells whose turn it is.
struct NextTurns {
    rounds: Vec<String>,
    turns: Option<Arc<dyn Turns>>,
}

impl LookUp for NextTurns {
    fn ask(&self, _: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        let mut facts = Facts::default();
        for of in &self.rounds {
            match &self.turns {
                Some(turns) => facts.set(turn_fact(of), Value::Number(turns.next(of) as f64)),
                None => facts.set_missing(turn_fact(of), "nobody counts turns here"),
            }
        }
        future::ready(Ok(facts)).boxed()
    }
}
