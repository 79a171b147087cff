//! The condition `call.month_window`: from one day of the year to another, every year, in the
//! table's zone. Both days belong to it; a window may go over New Year.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::plugins::dates::{YearDay, on_days, today};
use crate::plugins::{CompileContext, ConditionKind, settings, spoken};
use crate::routing::{Calendar, Call, Condition, Facts, Phrase, Region, Table, Verdict};

/// What the owner set.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// The first day.
    pub(super) from: YearDay,
    /// The last day.
    pub(super) to: YearDay,
}

impl Default for Settings {
    fn default() -> Self {
        Self { from: YearDay { month: 12, day: 20 }, to: YearDay { month: 1, day: 6 } }
    }
}

impl Settings {
    fn contains(self, day: YearDay) -> bool {
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            self.from <= day || day <= self.to
        }
    }
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "month_window"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!(Settings::default())
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let window: Settings = settings::read(settings)?;
        window.from.check()?;
        window.to.check()?;
        Ok(Box::new(InWindow { window, zone: spoken::zone(context.table)? }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::month_window_ui(ui, settings, context);
    }
}

struct InWindow {
    window: Settings,
    zone: Tz,
}

impl Condition for InWindow {
    fn words(&self, negated: bool) -> Phrase {
        let Settings { from, to } = self.window;
        let phrase = Phrase::new().plain(if negated { "the date is not " } else { "the date is " });
        if from == to {
            return phrase.strong(from.words());
        }
        phrase.plain("from ").strong(from.words()).plain(" to ").strong(to.words())
    }

    fn test(&self, _call: &Call, _facts: &Facts, at: DateTime<Utc>) -> Verdict {
        let day = YearDay::of(today(at, self.zone));
        Verdict::known(self.window.contains(day), format!("the date is {}", day.words()))
    }

    fn region(&self, calendar: &Calendar) -> Region {
        on_days(calendar, self.zone, |date| self.window.contains(YearDay::of(date)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::*;

    use super::*;

    fn window(from: (u32, u32), to: (u32, u32)) -> Settings {
        let day = |(day, month)| YearDay { month, day };
        Settings { from: day(from), to: day(to) }
    }

    #[test]
    fn goes_over_new_year_and_knows_leap_days() {
        for (from, to, date, expected) in [
            ((20, 12), (6, 1), "2026-12-20", true),
            ((20, 12), (6, 1), "2026-12-31", true),
            ((20, 12), (6, 1), "2027-01-01", true),
            ((20, 12), (6, 1), "2027-01-06", true),
            ((20, 12), (6, 1), "2027-01-07", false),
            ((20, 12), (6, 1), "2026-12-19", false),
            ((1, 6), (31, 8), "2026-08-31", true),
            ((1, 6), (31, 8), "2026-09-01", false),
            ((24, 12), (24, 12), "2026-12-24", true),
            ((24, 12), (24, 12), "2026-12-25", false),
            ((1, 2), (29, 2), "2026-02-28", true),
            ((1, 2), (29, 2), "2028-02-29", true),
            ((1, 2), (28, 2), "2028-02-29", false),
            ((29, 2), (29, 2), "2026-02-28", false),
            ((29, 2), (29, 2), "2026-03-01", false),
            ((1, 3), (28, 2), "2028-02-29", false),
        ] {
            let day = YearDay::of(date.parse().unwrap());
            assert_eq!(window(from, to).contains(day), expected, "{from:?} to {to:?}, {date}");
        }
    }

    fn any_date() -> impl Strategy<Value = NaiveDate> {
        (1999_i32..2101, 1_u32..=366)
            .prop_filter_map("not in this year", |(year, day)| NaiveDate::from_yo_opt(year, day))
    }

    fn any_day() -> impl Strategy<Value = YearDay> {
        // Any day that exists in a leap year.
        (1_u32..=366).prop_map(|day| YearDay::of(NaiveDate::from_yo_opt(2024, day).unwrap()))
    }

    proptest! {
        #[test]
        fn a_window_is_the_days_walked_from_its_first_to_its_last(
            from in any_day(), to in any_day(), date in any_date(),
        ) {
            let in_leap_year = |day: YearDay| NaiveDate::from_ymd_opt(2024, day.month, day.day).unwrap();
            let mut walked = in_leap_year(from);
            let mut met = vec![YearDay::of(walked)];
            while walked != in_leap_year(to) {
                let next = walked.succ_opt().unwrap();
                walked = if next.year() == 2024 { next } else { NaiveDate::from_yo_opt(2024, 1).unwrap() };
                met.push(YearDay::of(walked));
            }
            let day = YearDay::of(date);
            prop_assert_eq!(Settings { from, to }.contains(day), met.contains(&day));
        }

        #[test]
        fn every_day_is_in_a_window_or_in_the_rest_of_the_year(
            from in any_day(), to in any_day(), date in any_date(),
        ) {
            prop_assume!(from != to);
            let day = YearDay::of(date);
            let (window, rest) = (Settings { from, to }, Settings { from: to, to: from });
            prop_assert!(window.contains(day) || rest.contains(day));
            prop_assert_eq!(window.contains(day) && rest.contains(day), day == from || day == to);
        }
    }
}
