//! The condition `call.sample`: some percent of callers, drawn from the number itself, so that a
//! caller is always on the same side, whatever else changes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::plugins::{CompileContext, ConditionKind, lot, settings};
use crate::routing::{Call, Condition, Facts, Phrase, Table, Verdict};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// How many of a hundred callers, from 1 to 100.
    #[serde(default)]
    pub(super) percent: u32,
    /// The name of the draw. Conditions with the same name draw the same lot for a caller, in
    /// any rule; another name draws anew.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) draw: String,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "sample"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "percent": 50 })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { percent, draw } = settings::read(settings)?;
        if !(1..=100).contains(&percent) {
            return Err(format!("{percent} percent is not a sample; choose a number from 1 to 100"));
        }
        Ok(Box::new(InSample { percent, draw: draw.trim().to_owned() }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::sample_ui(ui, settings);
    }
}

/// States no region: who is drawn follows from a hash of the number.
struct InSample {
    percent: u32,
    draw: String,
}

impl InSample {
    /// The lot of a call, from 1 to 100. It must never change: callers would change sides.
    fn lot(&self, call: &Call, at: DateTime<Utc>) -> u32 {
        (lot::of(&self.draw, call, at) % 100) as u32 + 1
    }
}

impl Condition for InSample {
    fn words(&self, negated: bool) -> Phrase {
        let phrase = Phrase::new()
            .plain(if negated { "the caller is not among " } else { "the caller is among " })
            .strong(format!("{}%", self.percent))
            .plain(" of callers");
        if self.draw.is_empty() {
            return phrase;
        }
        phrase.plain(" drawn for ").strong(&self.draw)
    }

    fn test(&self, call: &Call, _facts: &Facts, at: DateTime<Utc>) -> Verdict {
        let lot = self.lot(call, at);
        let is_in = lot <= self.percent;
        let who = if call.from.number().is_some() {
            "the caller"
        } else {
            "the number is withheld, so this minute's call to the line"
        };
        let (side, percent) = (if is_in { "within" } else { "not within" }, self.percent);
        Verdict::known(is_in, format!("{who} has lot {lot} of 100, {side} the first {percent}"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::routing::Caller;

    fn sample(percent: u32, draw: &str) -> InSample {
        InSample { percent, draw: draw.into() }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn call(from: Caller) -> Call {
        Call::new(from, "+14155550123")
    }

    fn lots(draw: &str) -> Vec<u32> {
        let numbers = (0..10_000).map(|index| Caller::Number(format!("+1415{:07}", 2_000_000 + index)));
        numbers.map(|from| sample(50, draw).lot(&call(from), DateTime::UNIX_EPOCH)).collect()
    }

    #[test]
    fn the_share_is_what_was_asked_for() {
        for draw in ["", "pilot"] {
            let lots = lots(draw);
            for percent in 1..=100 {
                let drawn = lots.iter().filter(|lot| **lot <= percent).count() as f64 / 100.0;
                // Four standard deviations at half of 10,000 are 2 points.
                assert!((drawn - f64::from(percent)).abs() < 2.0, "{percent}: {drawn} {draw}");
            }
        }
    }

    #[test]
    fn draws_of_other_names_are_independent() {
        let both = lots("a").iter().zip(lots("b")).filter(|(a, b)| **a <= 50 && *b <= 50).count();
        assert!((2_300..2_700).contains(&both), "{both}");
    }

    #[test]
    fn lots_never_change() {
        // Written down once; another value here means that every owner's callers change sides.
        let from = Caller::Number("+14155552671".into());
        assert_eq!(sample(50, "").lot(&call(from.clone()), DateTime::UNIX_EPOCH), 20);
        assert_eq!(sample(50, "pilot").lot(&call(from), DateTime::UNIX_EPOCH), 56);
    }

    #[test]
    fn withheld_callers_keep_their_side_for_a_minute() {
        let lot = |time: &str| sample(50, "").lot(&call(Caller::Withheld), at(time));
        assert_eq!(lot("2026-03-02T15:00:00Z"), lot("2026-03-02T15:00:59Z"));
        let lots: std::collections::HashSet<u32> =
            (0..60).map(|minute| lot(&format!("2026-03-02T15:{minute:02}:00Z"))).collect();
        assert!(lots.len() > 30, "different minutes draw anew");
    }

    proptest! {
        #[test]
        fn the_same_caller_is_always_on_the_same_side(
            from in "\\+[1-9][0-9]{6,14}", percent in 1_u32..=100, more in 0_u32..=100, seconds in 0_i64..4_000_000_000,
        ) {
            let call = call(Caller::Number(from));
            let test = |percent, at| sample(percent, "x").test(&call, &Facts::default(), at).answer;
            let later = DateTime::from_timestamp(seconds, 0).unwrap();
            prop_assert_eq!(test(percent, DateTime::UNIX_EPOCH), test(percent, later));
            // Who is in a small sample stays in when it grows.
            if test(percent, later) == true.into() {
                prop_assert_eq!(test((percent + more).min(100), later), true.into());
            }
        }
    }
}
