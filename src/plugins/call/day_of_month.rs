//! The condition `call.day_of_month`: one of these days of any month, or its last, in the
//! table's zone. A day that a month does not have is passed over.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::plugins::dates::{YearDay, on_days, today};
use crate::plugins::{CompileContext, ConditionKind, settings, spoken};
use crate::routing::{Calendar, Call, Condition, Facts, Phrase, Region, Table, Verdict};

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// Days from 1 to 31.
    #[serde(default)]
    pub(super) days: Vec<u32>,
    /// The last day of each month, whichever it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) last: bool,
}

/// The kind of condition.
pub(super) struct Kind;

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        "day_of_month"
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!({ "days": [1] })
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { mut days, last } = settings::read(settings)?;
        if days.is_empty() && !last {
            return Err("no day is chosen; choose at least one".into());
        }
        if let Some(bad) = days.iter().find(|day| !(1..=31).contains(*day)) {
            return Err(format!("{bad} is not a day of a month; choose days from 1 to 31"));
        }
        days.sort_unstable();
        days.dedup();
        Ok(Box::new(OnDay { days, last, zone: spoken::zone(context.table)? }))
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::day_of_month_ui(ui, settings);
    }
}

struct OnDay {
    /// In order, each once.
    days: Vec<u32>,
    last: bool,
    zone: Tz,
}

impl Condition for OnDay {
    fn words(&self, negated: bool) -> Phrase {
        let last = self.last.then(|| "last".to_owned());
        Phrase::new()
            .plain(if negated { "the day of the month is not the " } else { "the day of the month is the " })
            .any(self.days.iter().map(|day| spoken::ordinal(u64::from(*day))).chain(last))
    }

    fn test(&self, _call: &Call, _facts: &Facts, at: DateTime<Utc>) -> Verdict {
        let date = today(at, self.zone);
        let remark = if is_last(date) { ", the last day of the month" } else { "" };
        Verdict::known(self.holds(date), format!("the date is {}{remark}", YearDay::of(date).words()))
    }

    fn region(&self, calendar: &Calendar) -> Region {
        on_days(calendar, self.zone, |date| self.holds(date))
    }
}

impl OnDay {
    fn holds(&self, date: NaiveDate) -> bool {
        self.days.contains(&date.day()) || (self.last && is_last(date))
    }
}

fn is_last(date: NaiveDate) -> bool {
    date.day() == u32::from(date.num_days_in_month())
}
