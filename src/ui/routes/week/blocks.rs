//! The parts of shifts as blocks of the roster.

use crate::routing::week::{Day, LineWeek, Piece, TakenBy, Taker, Turn, Who};
use crate::ui::theme::Tone;
use crate::ui::widgets::roster::{Block, Look, Pattern};
use crate::ui::widgets::safe_text;

/// The blocks, and of each the day and the part that it shows.
pub(super) fn blocks<'w>(line: &'w LineWeek, days: &[Day]) -> (Vec<Block<'w>>, Vec<(usize, Piece)>) {
    let places: Vec<(usize, Piece)> = days
        .iter()
        .enumerate()
        .flat_map(|(day, of)| of.pieces.iter().map(move |piece| (day, *piece)))
        .collect();
    let block = |(day, piece): &(usize, Piece)| {
        let shift = &line.shifts[piece.shift];
        let taker = line.taker(shift);
        Block {
            day: *day,
            from_s: piece.from_s,
            to_s: piece.to_s,
            lane: match piece.turn {
                Turn::Once => (0, 1),
                Turn::First => (0, 2),
                Turn::Second => (1, 2),
            },
            look: look(taker),
            lines: [safe_text(&who(&taker.who)).into_owned(), safe_text(&by(&taker.by)).into_owned()],
            has_more: !shift.others.is_empty(),
            is_rough: shift.is_sampled,
            name: safe_text(&line.piece_words(&days[*day], piece)).into_owned(),
        }
    };
    let blocks = places.iter().map(block).collect();
    (blocks, places)
}

/// What something that takes calls looks like.
pub(super) fn look(taker: &Taker) -> Look<'_> {
    let agents = match &taker.who {
        Who::Agents(agents) => agents.iter().map(|agent| agent.id.as_str()).collect(),
        _ => Vec::new(),
    };
    let tone = match taker.who {
        Who::Agents(_) => Tone::Connect,
        Who::LineAgent => Tone::Keep,
        Who::RejectedInVain => Tone::Warning,
        Who::NoAgent | Who::Rejected => Tone::Reject,
    };
    let pattern = match taker.by {
        TakenBy::Rule { .. } => Pattern::Plain,
        TakenBy::Fallback => Pattern::Gap,
        TakenBy::Override { .. } => Pattern::Hatched,
    };
    Look { agents, tone, pattern }
}

/// Who answers, in as few words as stand on a block.
pub(super) fn who(who: &Who) -> String {
    match who {
        Who::Agents(agents) => agents.iter().map(|agent| agent.name.as_str()).collect::<Vec<_>>().join(", "),
        Who::LineAgent | Who::RejectedInVain => "Line’s own agent".to_owned(),
        Who::NoAgent => "Dropped".to_owned(),
        Who::Rejected => "Rejected".to_owned(),
    }
}

fn by(by: &TakenBy) -> String {
    match by {
        TakenBy::Rule { name, .. } => name.clone(),
        TakenBy::Fallback => "No rule: fallback".to_owned(),
        TakenBy::Override { words, .. } => words.clone(),
    }
}
