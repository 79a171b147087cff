//! Goes through the log, newest call first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::decider::{Decider, Past};
use super::told::told_otherwise;
use super::{Backtest, Changed, Fate, KEPT, Kind, LeftOut, NoBacktest, OfRule, Reach};
use crate::plugins::Registry;
use crate::retell::payload;
use crate::routing::{Medium, Table};
use crate::storage::call_log::{Known, LogReader, Summary};
use crate::storage::{Home, version};

/// So many calls are read at a time.
const PAGE: usize = 250;

/// What a backtest goes by.
pub struct Given {
    /// The table whose answers are wanted.
    pub draft: Arc<Table>,
    /// The table that answers calls.
    pub live: Arc<Table>,
    /// The id of a rule of the draft whose calls are counted.
    pub rule: Option<String>,
    /// How far back to look.
    pub reach: Reach,
    /// The calls.
    pub log: LogReader,
    /// Where the tables of those days are.
    pub home: Home,
    /// The plugins.
    pub registry: Arc<Registry>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// Decides the calls of the last days by the draft and by the live table. `progress` hears how many
/// calls are done and how many there are; where it says no, that is the end.
pub fn backtest(
    given: &Given,
    mut progress: impl FnMut(usize, usize) -> bool,
) -> Result<Backtest, NoBacktest> {
    let decider = |table: &Arc<Table>| Decider::of(table.clone(), given.registry.clone()).map(Arc::new);
    let draft = decider(&given.draft).map_err(NoBacktest::Table)?;
    let live = decider(&given.live).map_err(NoBacktest::Table)?;
    let since = (given.now - given.reach.time()).timestamp_millis();
    let there = usize::try_from(given.log.count_since(since)?).unwrap_or(usize::MAX);
    let total = there.min(given.reach.most());
    let mut run =
        Run { given, days: HashMap::new(), names: BTreeMap::new(), found: empty(given, live, draft) };
    run.found.is_cut = there > total;
    let (mut done, mut before) = (0, None);
    loop {
        if !progress(done, total) {
            return Err(NoBacktest::Cancelled);
        }
        let page = given.log.known(PAGE.min(total - done), since, before)?;
        let Some((last, _)) = page.last() else { break };
        before = Some((last.at_ms, last.id));
        run.found.oldest = DateTime::from_timestamp_millis(last.at_ms);
        done += page.len();
        for (call, known) in page {
            run.add(call, known);
        }
    }
    let Run { names, mut found, .. } = run;
    found.not_asked =
        names.into_iter().map(|(fact, count)| (found.draft_or_live_title(&fact), count)).collect();
    found.changed.sort_by_key(|changed| changed.kind);
    Ok(found)
}

fn empty(given: &Given, live: Arc<Decider>, draft: Arc<Decider>) -> Backtest {
    Backtest {
        decided: 0,
        texts: 0,
        oldest: None,
        reach: given.reach,
        is_cut: false,
        changed: Vec::new(),
        counts: BTreeMap::new(),
        left_out: LeftOut::default(),
        not_asked: BTreeMap::new(),
        unsure: 0,
        rule: given.rule.clone().map(|id| OfRule { id, ..OfRule::default() }),
        live,
        draft,
    }
}

impl Backtest {
    fn draft_or_live_title(&self, fact: &str) -> String {
        let title = self.draft.title(fact);
        if title == fact { self.live.title(fact) } else { title }
    }
}

struct Run<'a> {
    given: &'a Given,
    /// By version, which facts were looked up for calls.
    days: HashMap<u32, Arc<BTreeSet<String>>>,
    /// Facts that nobody asked for, with how many calls lack them.
    names: BTreeMap<String, usize>,
    found: Backtest,
}

impl Run<'_> {
    fn add(&mut self, call: Summary, known: Known) {
        let left_out = &mut self.found.left_out;
        let count = match &call {
            Summary { is_test: true, .. } => Some(&mut left_out.tests),
            Summary { unreadable: true, .. } => Some(&mut left_out.unreadable),
            Summary { overruled: Some(_), .. } => Some(&mut left_out.overruled),
            Summary { fallback_used: true, .. } => Some(&mut left_out.broken),
            _ => None,
        };
        if let Some(count) = count {
            *count += 1;
            return;
        }
        let read = (
            payload::parse_pasted(&known.request).ok(),
            DateTime::from_timestamp_millis(call.at_ms),
            known.facts,
        );
        let (Some(inbound), Some(at), Some(facts)) = read else {
            left_out.unreadable += 1;
            return;
        };
        let looked_up = self.looked_up(call.version);
        self.decide(call, Past { inbound, at, facts, looked_up });
    }

    fn decide(&mut self, call: Summary, past: Past) {
        let found = &mut self.found;
        let (live, draft) = (found.live.clone(), found.draft.clone());
        let (now, then) = (live.prepare(&past), draft.prepare(&past));
        found.decided += 1;
        found.texts += usize::from(call.medium == Medium::Text);
        let lacking: BTreeSet<&String> = live.not_asked(&now).chain(draft.not_asked(&then)).collect();
        if !lacking.is_empty() {
            found.unsure += usize::from(live.is_unsure(&now) || draft.is_unsure(&then));
            for fact in lacking {
                *self.names.entry(fact.clone()).or_default() += 1;
            }
        }
        if let Some(rule) = &mut found.rule {
            draft.count(rule, &then);
        }
        let (by_live, by_draft) = (live.decide(&now), draft.decide(&then));
        let (live, draft) = (live.fate(&by_live, &now.call), draft.fate(&by_draft, &then.call));
        let mut told = Vec::new();
        let kind = match (live.is_same(&draft), &draft) {
            (false, Fate::Nobody) => Kind::Rejected,
            (false, _) => Kind::Elsewhere,
            // Of agents who share calls it is not known who is told something.
            (true, Fate::OneOf(_)) if by_live.action != by_draft.action => return,
            (true, _) => {
                told = told_otherwise(&by_live, &by_draft);
                if told.is_empty() {
                    return;
                }
                Kind::Told
            }
        };
        let count = found.counts.entry(kind).or_default();
        *count += 1;
        if *count <= KEPT {
            found.changed.push(Changed { kind, call, live, draft, told, past });
        }
    }

    /// The facts that were looked up for calls by this version. One that is not kept tells nothing.
    fn looked_up(&mut self, number: u32) -> Arc<BTreeSet<String>> {
        let Given { home, registry, .. } = self.given;
        let read = || {
            let version = version::version::<Table>(home, number);
            Arc::new(version.map(|version| registry.looked_up(&version.table)).unwrap_or_default())
        };
        self.days.entry(number).or_insert_with(read).clone()
    }
}
