//! Days to choose calls by, in the business's time zone.

use chrono::{DateTime, Days as Count, NaiveDate, TimeDelta, Utc};
use egui::Ui;

use crate::service::numbers::{Span, day_begin};
use crate::ui::app::State;
use crate::ui::decision::zone;
use crate::ui::theme::{self, space, text};
use crate::ui::widgets::{Button, Dialog, Field, date_select};

/// Which days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Days {
    Today,
    Yesterday,
    /// So many up to now, today included.
    Last(u32),
    /// From the one to the other, both included.
    Between(NaiveDate, NaiveDate),
    /// The hour that begins then.
    Hour(DateTime<Utc>),
}

impl From<Span> for Option<Days> {
    fn from(span: Span) -> Self {
        match span {
            Span::Today => Some(Days::Today),
            Span::Days(days) => Some(Days::Last(days)),
            Span::All => None,
        }
    }
}

impl Days {
    pub(super) const USUAL: [Self; 4] = [Self::Today, Self::Yesterday, Self::Last(7), Self::Last(30)];

    /// "Last 7 days", "3 May to 12 May 2026".
    pub(super) fn words(self, state: &State) -> String {
        match self {
            Self::Hour(begin) => {
                let local = |at: DateTime<Utc>| at.with_timezone(&zone(state));
                let (from, to) = (local(begin), local(begin + TimeDelta::hours(1)));
                format!("{} to {}", from.format("%-d %b, %H:%M"), to.format("%H:%M"))
            }
            Self::Today => "Today".to_owned(),
            Self::Yesterday => "Yesterday".to_owned(),
            Self::Last(days) => format!("Last {days} days"),
            Self::Between(from, to) if from == to => from.format("%-d %b %Y").to_string(),
            Self::Between(from, to) => format!("{} to {}", from.format("%-d %b"), to.format("%-d %b %Y")),
        }
    }

    /// From when on, and before when.
    pub(super) fn between(self, state: &State) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let today = today(state);
        let back = |days: u32| today.checked_sub_days(Count::new(u64::from(days))).unwrap_or(today);
        let (from, to) = match self {
            Self::Hour(begin) => return (Some(begin), Some(begin + TimeDelta::hours(1))),
            Self::Today => (today, None),
            Self::Yesterday => (back(1), Some(back(1))),
            Self::Last(days) => (back(days.saturating_sub(1)), None),
            Self::Between(from, to) => (from.min(to), Some(from.max(to))),
        };
        let end = to.and_then(|to| to.succ_opt()).and_then(|day| begin(state, day));
        (begin(state, from), end)
    }
}

fn today(state: &State) -> NaiveDate {
    state.now.with_timezone(&zone(state)).date_naive()
}

fn begin(state: &State, day: NaiveDate) -> Option<DateTime<Utc>> {
    day_begin(zone(state), day)
}

/// How the dialog was closed.
pub(super) enum Ended {
    Cancelled,
    Chosen(Days),
}

/// The dialog in which both ends are chosen.
pub(super) struct DaysForm {
    from: NaiveDate,
    to: NaiveDate,
}

impl DaysForm {
    pub(super) fn new(chosen: Option<Days>, state: &State) -> Self {
        let today = today(state);
        match chosen {
            Some(Days::Between(from, to)) => Self { from, to },
            _ => Self { from: today.checked_sub_days(Count::new(6)).unwrap_or(today), to: today },
        }
    }

    /// Draws it; says how it was closed, once it is.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State) -> Option<Ended> {
        let this_year = chrono::Datelike::year(&today(state)) - 9;
        let Self { from, to } = self;
        let is_turned = from > to;
        let content = |ui: &mut Ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            Field::new("From").show_group(ui, |ui| date_select(ui, "From", from, this_year));
            Field::new("To").show_group(ui, |ui| date_select(ui, "To", to, this_year));
            if is_turned {
                ui.label(text::help(
                    theme::palette(ui),
                    "The first day is after the last, so both are swapped",
                ));
            }
        };
        let buttons = |ui: &mut Ui| {
            let shows = ui.add(Button::primary("Show these days")).clicked();
            (shows, ui.add(Button::secondary("Cancel")).clicked())
        };
        let ((), (shows, cancelled), closed) = Dialog::new("Calls of which days?").show(ui, content, buttons);
        if shows {
            return Some(Ended::Chosen(Days::Between((*from).min(*to), (*from).max(*to))));
        }
        (cancelled || closed).then_some(Ended::Cancelled)
    }
}
