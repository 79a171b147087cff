//! The shifts of one line: what stands above the rules, then the rules from the top, each taking what
//! is left of the week, then the fallback.

use chrono::{DateTime, Days, Utc};

use super::asking::Asking;
use super::others::Others;
use super::{LineWeek, NamedAgent, Shift, TakenBy, Taker, WeekOf, Who, first_moment};
use crate::routing::checks::{About, Bits, Board, Cells, Kept, Knowledge, Laid, Somebody, TIMES};
use crate::routing::{
    Action, Aspect, Calendar, Call, Caller, Line, Override, Overrides, Ranges, Share, Table, Times, Values,
};

pub(super) fn of(week: &WeekOf<'_>) -> Option<Vec<LineWeek>> {
    let zone = week.zone();
    let from = first_moment(week.monday, zone)?;
    let until = first_moment(week.monday.checked_add_days(Days::new(7))?, zone)?;
    let knowledge = Knowledge::default();
    let calendar = Calendar::within(from, until);
    let board = Board::of(week.table, week.vocabulary, &knowledge, &calendar, from, &mut Kept::default())?;
    let mut rules: Vec<OnBoard<'_>> = board.rules.iter().map(|laid| (laid, true)).collect();
    rules.extend(board.too_odd.iter().map(|laid| (laid, false)));
    rules.sort_by_key(|(laid, _)| laid.place);
    rules.retain(|(laid, _)| laid.ends());
    let lines = week.table.lines.iter();
    Some(
        lines
            .map(|line| OfLine { week, board: &board, rules: &rules, line, from, until }.work_out())
            .collect(),
    )
}

/// A rule that ends, and whether its boxes are exact.
pub(super) type OnBoard<'b> = (&'b Laid<'b>, bool);

struct OfLine<'b> {
    week: &'b WeekOf<'b>,
    board: &'b Board<'b>,
    rules: &'b [OnBoard<'b>],
    line: &'b Line,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// The times that are given to takers so far.
struct Given {
    takers: Vec<Taker>,
    /// Which times are taken, and by whom.
    times: Vec<(usize, Times)>,
    free: Times,
}

impl Given {
    fn take(&mut self, taker: usize, times: &Times) {
        if !times.is_empty() {
            self.times.push((taker, times.clone()));
            self.free = self.free.and(&times.complement());
        }
    }
}

impl OfLine<'_> {
    fn work_out(&self) -> LineWeek {
        let stranger = self.board.stranger(self.line);
        let own_agent = self.own_agent();
        let call = Call {
            default_agent: own_agent.filter(|has| *has).map(|_| "agent".to_owned()),
            ..Call::new(Caller::Number(stranger.number.clone()), self.line.number.clone())
        };
        let of_rules = self.rules.iter().map(|(laid, _)| Taker {
            by: TakenBy::Rule { id: laid.rule.id.clone(), name: laid.rule.name.clone() },
            who: self.who(&laid.rule.then.action),
        });
        let fallback = Taker { by: TakenBy::Fallback, who: self.who(&self.week.table.fallback.action) };
        let free = Times::of([(self.from.timestamp(), self.until.timestamp())]);
        let takers = of_rules.chain([fallback]).collect();
        let mut given = Given { takers, times: Vec::new(), free };
        self.overrides(&mut given);
        let by_rules = given.free.clone();
        let sampled = self.rules_take(&stranger, &call, &mut given);
        let rest = given.free.clone();
        given.take(self.rules.len(), &rest);
        let others = Others::of(self.board, self.rules, self.line, &by_rules);
        let shifts = cut(&given.times, &others, &sampled);
        LineWeek { line: self.line.id.clone(), call, takers: given.takers, shifts }
    }

    fn own_agent(&self) -> Option<bool> {
        self.week.own_agents.get(&self.line.number).copied()
    }

    /// What stands above the rules, from one change to the next.
    fn overrides(&self, given: &mut Given) {
        let Overrides { overrides, .. } = self.week.overrides;
        let mut changes: Vec<DateTime<Utc>> =
            overrides.iter().flat_map(|over| [over.from, over.until]).collect();
        changes.retain(|at| self.from < *at && *at < self.until);
        changes.extend([self.from, self.until]);
        changes.sort_unstable();
        changes.dedup();
        for ends in changes.windows(2) {
            let Some(over) = self.week.overrides.over(Some(&self.line.id), ends[0]) else { continue };
            let taker = Taker { by: taken_by(over, self.week.table), who: self.who_overrides(over) };
            let known = given.takers.iter().position(|known| *known == taker);
            let place = known.unwrap_or_else(|| {
                given.takers.push(taker);
                given.takers.len() - 1
            });
            // Whole seconds: what begins within one counts from the next.
            let second = |at: DateTime<Utc>| at.timestamp() + i64::from(at.timestamp_subsec_nanos() > 0);
            given.take(place, &Ranges::of([(second(ends[0]), second(ends[1]))]));
        }
    }

    /// Lets the rules take what is left, from the top. Gives the times at which what a condition says of
    /// its own changes.
    fn rules_take(&self, stranger: &Somebody, call: &Call, given: &mut Given) -> Times {
        let mut asking = Asking::new(call, self.week.facts);
        let mut sampled = Ranges::none();
        for (place, (laid, is_exact)) in self.rules.iter().enumerate() {
            if given.free.is_empty() {
                break;
            }
            let mut sure: Bits = self.board.space.no_time();
            let mut open = Vec::new();
            for cells in laid.boxes.iter().filter_map(|cells| self.ordinary(cells, stranger, call)) {
                let is_stated = *is_exact && cells.dims().all(|dim| self.is_stated(dim));
                match cells.atoms(TIMES) {
                    _ if !is_stated => open.push(cells),
                    Some(atoms) => sure = sure.or(atoms),
                    None => sure = self.board.space.no_time().complement(),
                }
            }
            let sure = self.board.space.times_with(Some(&sure)).and(&given.free);
            given.take(place, &sure);
            let mut asked = Ranges::none();
            let mut changes = false;
            for cells in open {
                let times = self.board.space.times_of(&cells).and(&given.free);
                let answer = asking.ask(laid, &times);
                given.take(place, &answer.yes);
                asked = asked.or(&times);
                changes |= answer.changes;
            }
            if changes {
                sampled = sampled.or(&asked);
            }
        }
        sampled
    }

    /// Of these calls, those that are like the ordinary one as far as regions say.
    fn ordinary(&self, cells: &Cells, stranger: &Somebody, call: &Call) -> Option<Cells> {
        let here = self.board.to_line(cells.clone(), self.line)?;
        let here = self.board.by(here, stranger)?;
        let has_agent = if call.default_agent.is_some() { Aspect::YES } else { "no" };
        self.board.space.with(here, Aspect::DefaultAgent, &Values::of([has_agent]))
    }

    /// Whether it is known what the ordinary call is in this dimension.
    fn is_stated(&self, dim: u32) -> bool {
        let about = self.board.space.about(dim);
        about.is_some_and(|about| !matches!(about, About::Aspect(Aspect::Named(_) | Aspect::Own)))
    }

    fn who(&self, action: &Action) -> Who {
        let table = self.week.table;
        match (action, self.own_agent()) {
            (Action::Connect { agent, .. }, _) => Who::Agents(vec![named(agent, table)]),
            (Action::Share(Share { agents, .. }), _) => {
                Who::Agents(agents.iter().map(|part| named(&part.agent, table)).collect())
            }
            (Action::Keep | Action::GoOn, Some(false)) => Who::NoAgent,
            (Action::Keep | Action::GoOn, _) => Who::LineAgent,
            (Action::Reject, Some(true)) => Who::RejectedInVain,
            (Action::Reject, _) => Who::Rejected,
        }
    }

    /// As [`crate::routing::Compiled::overrule`] has it.
    fn who_overrides(&self, over: &Override) -> Who {
        let table = self.week.table;
        match &over.then.action {
            Action::Connect { agent, .. } if table.agent(agent).is_some() => self.who(&over.then.action),
            Action::Keep | Action::Reject => self.who(&over.then.action),
            Action::Connect { .. } | Action::Share(_) | Action::GoOn => self.who(&table.fallback.action),
        }
    }
}

fn taken_by(over: &Override, table: &Table) -> TakenBy {
    TakenBy::Override { id: over.id.clone(), words: over.full_words(table) }
}

fn named(id: &str, table: &Table) -> NamedAgent {
    let name = table.agent(id).map_or(id, |agent| &agent.name);
    NamedAgent { id: id.to_owned(), name: name.to_owned() }
}

/// Cuts the week wherever something changes, and joins what is the same.
fn cut(given: &[(usize, Times)], others: &Others, sampled: &Times) -> Vec<Shift> {
    let mut edges: Vec<(i64, usize)> = given
        .iter()
        .flat_map(|(taker, times)| times.spans().filter_map(move |(from, _)| Some((*from?, *taker))))
        .collect();
    edges.sort_unstable();
    let end = given.iter().filter_map(|(_, times)| times.bounds().last().copied()).max().unwrap_or_default();
    let mut moments: Vec<i64> = edges.iter().map(|(from, _)| *from).collect();
    moments.extend(others.bounds().chain(sampled.bounds()));
    moments.push(end);
    moments.sort_unstable();
    moments.dedup();
    let mut shifts: Vec<Shift> = Vec::new();
    for ends in moments.windows(2) {
        let (from, until) = (ends[0], ends[1]);
        let taker =
            edges[..edges.partition_point(|(start, _)| *start <= from)].last().map_or(0, |(_, taker)| *taker);
        let (Some(from_at), Some(until_at)) =
            (DateTime::from_timestamp(from, 0), DateTime::from_timestamp(until, 0))
        else {
            continue;
        };
        let shift = Shift {
            from: from_at,
            until: until_at,
            taker,
            others: others.at(from, taker),
            is_sampled: sampled.contains(&from),
        };
        match shifts.last_mut() {
            Some(last) if last.is_followed_by(&shift) => last.until = shift.until,
            _ => shifts.push(shift),
        }
    }
    shifts
}

impl Shift {
    fn is_followed_by(&self, next: &Self) -> bool {
        self.taker == next.taker && self.others == next.others && self.is_sampled == next.is_sampled
    }
}
