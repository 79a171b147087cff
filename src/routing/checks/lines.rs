//! What a rule does against what its lines have at Retell: an agent of their own takes rejected
//! calls too, and without one nothing can be kept.

use super::board::Board;
use super::cells::{self, Cells};
use super::finding::{FindingKind, Findings, Level, Place, names};
use super::hidden::Reach;
use crate::routing::{Action, Aspect, Line, Outcome, Values};

/// More pieces than this of the calls that reach the fallback are not followed.
const PIECES: usize = 200;

pub(super) fn find(board: &Board<'_>, reach: &Reach, findings: &mut Findings<'_>) {
    if board.knowledge.default_agents.is_empty() {
        return;
    }
    for (laid, reached) in board.rules.iter().zip(reach) {
        let place = Place::Rule(laid.rule.id.clone());
        look_at(board, &laid.rule.then, reached.as_deref().unwrap_or_default(), place, findings);
    }
    // A rule that is not finished may be the one that takes the rest.
    if board.is_complete {
        let taken: Vec<Cells> =
            board.rules.iter().filter(|laid| laid.ends()).flat_map(|laid| laid.boxes.clone()).collect();
        let rest = cells::minus(&[Cells::default()], &taken, PIECES).unwrap_or_default();
        look_at(board, &board.table.fallback, &rest, Place::Fallback, findings);
    }
    outage(board, findings);
}

fn look_at(board: &Board<'_>, then: &Outcome, reached: &[Cells], place: Place, findings: &mut Findings<'_>) {
    let has_agent = match then.action {
        Action::Reject => true,
        Action::Keep => false,
        _ => return,
    };
    let met = lines(board, has_agent).filter(|line| meets(board, reached, line, has_agent));
    say(has_agent, &met.collect::<Vec<_>>(), place, findings);
}

/// Lines of which it is known that they have an agent of their own, or that they have none.
fn lines<'b>(board: &'b Board<'_>, has_agent: bool) -> impl Iterator<Item = &'b Line> {
    let known = move |line: &&Line| board.knowledge.default_agents.get(&line.number) == Some(&has_agent);
    board.table.lines.iter().filter(known)
}

/// Whether some of the calls are to this line, with or without an agent of its own.
fn meets(board: &Board<'_>, reached: &[Cells], line: &Line, has_agent: bool) -> bool {
    let this = Values::of([line.number.as_str()]);
    let agent = Values::of([if has_agent { "yes" } else { "no" }]);
    reached.iter().any(|cells| {
        let here = board.space.with(cells.clone(), Aspect::Line, &this);
        here.and_then(|here| board.space.with(here, Aspect::DefaultAgent, &agent)).is_some()
    })
}

fn say(has_agent: bool, lines: &[&Line], place: Place, findings: &mut Findings<'_>) {
    if lines.is_empty() {
        return;
    }
    let one = lines.len() == 1;
    let all = names(lines.iter().map(|line| line.name.as_str()));
    let (has, its, it) = if one { ("has", "its", "it") } else { ("have", "their", "they") };
    let (kind, message) = if has_agent {
        let message = format!(
            "cannot reject calls to {all}, which {has} an agent of {its} own at Retell, and that agent takes rejected calls; \
             take it off the line there, or connect an agent here that ends such calls"
        );
        (FindingKind::RejectCannotWork, message)
    } else {
        let message = format!(
            "keeps the line's own agent, but {all} {has} none at Retell, so {it} would drop the call; \
             connect an agent here, or set one for the line there"
        );
        (FindingKind::NothingToKeep, message)
    };
    let finding = findings.say(Level::Error, kind, place, message);
    finding.lines = lines.iter().map(|line| line.id.clone()).collect();
}

/// Lines that nobody answers while this computer is off.
fn outage(board: &Board<'_>, findings: &mut Findings<'_>) {
    for line in lines(board, false) {
        let message = "has no agent of its own at Retell: while this computer is off, its calls are dropped; \
             set one for the line there, unless you want to be able to reject calls";
        let place = Place::Line(line.id.clone());
        findings.say(Level::Warning, FindingKind::NoSafetyNet, place, message.to_owned());
    }
}
