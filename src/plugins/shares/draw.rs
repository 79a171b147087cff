//! Drawing one of several agents by percentage, so that a caller always gets the same one: each
//! agent draws a lot with the caller, and the best one wins. The order of the agents makes no
//! difference, and whoever joins, leaves or gets another share moves no more callers than must be
//! (weighted rendezvous hashing).

use chrono::{DateTime, Utc};

use crate::plugins::lot;
use crate::routing::{Call, Share, Table};

/// Agents to draw from.
pub(super) struct Draw {
    /// The name of the draw.
    name: String,
    parties: Vec<Party>,
}

struct Party {
    /// What its lot is drawn with: the agent's id.
    key: String,
    /// Its name, with the version where that tells it apart.
    name: String,
    percent: u32,
}

impl Draw {
    pub(super) fn of(share: &Share, table: &Table) -> Self {
        let parties = share.agents.iter().map(|part| {
            let twins = share.agents.iter().filter(|other| other.agent == part.agent).count();
            let name = table.agent(&part.agent).map_or(&part.agent, |agent| &agent.name);
            // Only where an agent is there several times do versions tell who is who: else a new
            // version of an agent keeps its callers.
            let of_version = part.version.as_ref().filter(|_| twins > 1);
            Party {
                key: of_version.map_or(part.agent.clone(), |version| format!("{} {version}", part.agent)),
                name: of_version.map_or(name.clone(), |version| format!("{name} (version {version})")),
                percent: part.percent.unwrap_or(0),
            }
        });
        Self { name: share.name.trim().to_owned(), parties: parties.collect() }
    }

    /// The same with equal parts.
    pub(super) fn even(mut self) -> Self {
        for party in &mut self.parties {
            party.percent = 1;
        }
        self
    }

    /// What an agent is called.
    pub(super) fn name(&self, place: usize) -> &str {
        self.parties.get(place).map_or("nobody", |party| party.name.as_str())
    }

    pub(super) fn len(&self) -> usize {
        self.parties.len()
    }

    /// "70% Ada, 30% Bo", in the order of the agents.
    pub(super) fn expected(&self) -> Vec<f64> {
        let sum: u32 = self.parties.iter().map(|party| party.percent).sum();
        let part = |party: &Party| f64::from(party.percent) / f64::from(sum.max(1));
        self.parties.iter().map(part).collect()
    }

    /// The place of the agent that this call draws.
    pub(super) fn draw(&self, call: &Call, at: DateTime<Utc>) -> usize {
        let waits = self.parties.iter().map(|party| self.wait(party, call, at));
        let first = waits.enumerate().min_by(|(_, one), (_, other)| one.total_cmp(other));
        first.map_or(0, |(place, _)| place)
    }

    /// How long an agent would take to come first in a race that it wins as often as its percentage
    /// says.
    fn wait(&self, party: &Party, call: &Call, at: DateTime<Utc>) -> f64 {
        if party.percent == 0 {
            return f64::INFINITY;
        }
        let lot = lot::of(&format!("{}\n{}", self.name, party.key), call, at);
        // Evenly between 0 and 1, both left out; 53 bits is what such a number holds exactly.
        let even = ((lot >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        -even.ln() / f64::from(party.percent)
    }

    /// Why a lot was drawn for this call.
    pub(super) fn why(&self, call: &Call, place: usize) -> String {
        let name = self.name(place);
        match call.from.number() {
            Some(_) => format!("the caller's number draws {name}, now and on every other call"),
            None => format!("the number is withheld, so the line and the minute draw {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::routing::{AgentVersion, Caller, Sharer};

    fn share(name: &str, parts: &[(&str, u32)]) -> Share {
        let part = |(agent, percent): &(&str, u32)| Sharer {
            agent: (*agent).to_owned(),
            version: None,
            percent: Some(*percent),
        };
        Share { name: name.into(), agents: parts.iter().map(part).collect(), ..Share::default() }
    }

    fn table() -> Table {
        Table::empty("US", "America/New_York")
    }

    fn calls() -> impl Iterator<Item = Call> {
        (0..10_000).map(|n| Call::new(Caller::Number(format!("+1415{:07}", 2_000_000 + n)), "+14155550123"))
    }

    /// Who gets each of many callers, by id.
    fn drawn(share: &Share) -> Vec<String> {
        let draw = Draw::of(share, &table());
        calls().map(|call| share.agents[draw.draw(&call, DateTime::UNIX_EPOCH)].agent.clone()).collect()
    }

    #[test]
    fn each_gets_its_share() {
        for parts in [
            vec![("a", 50), ("b", 50)],
            vec![("a", 90), ("b", 10)],
            vec![("a", 1), ("b", 99)],
            vec![("a", 34), ("b", 33), ("c", 33)],
            vec![("a", 60), ("b", 25), ("c", 10), ("d", 5)],
            vec![("a", 100), ("b", 0)],
        ] {
            for name in ["", "pilot"] {
                let drawn = drawn(&share(name, &parts));
                for (agent, percent) in &parts {
                    let got = drawn.iter().filter(|got| got == agent).count() as f64 / 100.0;
                    // Four standard deviations at half of 10,000 are 2 points.
                    assert!((got - f64::from(*percent)).abs() < 2.0, "{agent} of {parts:?}: {got}");
                }
            }
        }
    }

    #[test]
    fn lots_never_change() {
        // Written down once; another value here means that every owner's callers change sides.
        let of = |name: &str| {
            let drawn = drawn(&share(name, &[("ada", 50), ("bo", 30), ("cy", 20)]));
            drawn[..12].iter().map(|id| id.chars().next().unwrap()).collect::<String>()
        };
        assert_eq!((of("").as_str(), of("pilot").as_str()), ("bbbaabaacaab", "bbaaaaabcacb"));
    }

    #[test]
    fn who_joins_or_grows_takes_callers_and_moves_none_between_others() {
        let before = drawn(&share("", &[("a", 50), ("b", 50)]));
        for (parts, wins) in [
            (vec![("a", 40), ("b", 40), ("c", 20)], "c"),
            (vec![("a", 25), ("b", 75)], "b"),
            (vec![("b", 100)], "b"),
        ] {
            let after = drawn(&share("", &parts));
            let moved: Vec<_> = before.iter().zip(&after).filter(|(was, is)| was != is).collect();
            assert!(!moved.is_empty() && moved.iter().all(|(_, is)| *is == wins), "{parts:?}");
        }
    }

    #[test]
    fn versions_of_one_agent_share_calls_and_a_new_version_keeps_its_callers() {
        let mut one = share("", &[("a", 50), ("b", 50)]);
        let before = drawn(&one);
        one.agents[0].version = Some(AgentVersion::Number(4));
        assert_eq!(drawn(&one), before);
        let mut twins = share("", &[("a", 50), ("a", 50)]);
        twins.agents[0].version = Some(AgentVersion::Number(3));
        twins.agents[1].version = Some(AgentVersion::Number(4));
        let draw = Draw::of(&twins, &table());
        let first = calls().filter(|call| draw.draw(call, DateTime::UNIX_EPOCH) == 0).count();
        assert!((4_800..5_200).contains(&first), "{first}");
    }

    proptest! {
        #[test]
        fn order_and_time_move_nobody(
            from in "\\+[1-9][0-9]{6,14}",
            percents in prop::collection::vec(0_u32..100, 1..8),
            turn in 0_usize..8,
            seconds in 0_i64..4_000_000_000,
        ) {
            let ids: Vec<String> = (0..percents.len()).map(|n| format!("agent-{n}")).collect();
            let parts: Vec<(&str, u32)> =
                ids.iter().map(String::as_str).zip(percents.iter().map(|percent| percent + 1)).collect();
            let mut turned = parts.clone();
            turned.rotate_left(turn % parts.len());
            turned.reverse();
            let call = Call::new(Caller::Number(from), "+14155550123");
            let later = DateTime::from_timestamp(seconds, 0).unwrap();
            let chosen = |parts: &[(&str, u32)], at| {
                let share = share("", parts);
                share.agents[Draw::of(&share, &table()).draw(&call, at)].agent.clone()
            };
            prop_assert_eq!(chosen(&parts, DateTime::UNIX_EPOCH), chosen(&turned, later));
        }
    }
}
