//! The numbers of the calls: how many came when, what became of them, who called. They are counted by
//! the service; here they are drawn, and a click shows the calls behind a number.

mod hours;
mod look_ups;
mod picture;
mod shares;
mod week;

pub(super) use week::hour_of_week;

use chrono::{DateTime, TimeDelta, Utc};
use egui::Ui;

use crate::routing::grouped;
use crate::service::messages::{Command, Picture};
use crate::service::numbers::{Numbers, NumbersTold, NumbersWish, Span};
use crate::storage::call_log::search::{DecidedBy, HourOfWeek};
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{icons, space};
use crate::ui::widgets::{self, Banner, Button, EmptyState, Level, segmented};

/// The least time between two counts of the same, and how much longer than a count they rest.
const REST: TimeDelta = TimeDelta::seconds(2);
const REST_FACTOR: i32 = 20;

/// The calls that are to be shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Pick {
    Outcome(String),
    Agent(String),
    Decided(DecidedBy),
    Caller(String),
    /// Those of the hour that begins then.
    Hour(DateTime<Utc>),
    HourOfWeek(HourOfWeek),
    LookUpFailed,
}

/// The tab "Numbers".
pub(super) struct NumbersTab {
    span: Span,
    asked: Option<Asked>,
}

/// What was asked for last.
struct Asked {
    wish: NumbersWish,
    at: DateTime<Utc>,
    /// How many calls there were.
    total_calls: u64,
    /// How often something had failed.
    failures: u64,
}

impl Default for NumbersTab {
    fn default() -> Self {
        Self { span: Span::Days(30), asked: None }
    }
}

impl NumbersTab {
    /// How far back calls are counted.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// The numbers as a picture, if they are known.
    pub(super) fn picture(&self, state: &State, is_dark: bool) -> Option<Picture> {
        Some(picture::picture(state, self.shown(state)?, is_dark))
    }

    /// Draws the choice of the time and the button that saves a picture, from the right.
    pub(super) fn bar_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let shown = self.shown(state);
        ui.add_enabled_ui(shown.is_some(), |ui| {
            if ui.add(Button::icon(icons::DOWNLOAD, "Save these numbers as a picture")).clicked() {
                actions.push(Action::SaveNumbers);
            }
        });
        super::hide_ui(ui, state, actions);
        let spans = [
            (Span::All, "All"),
            (Span::Days(30), "30 days"),
            (Span::Days(7), "7 days"),
            (Span::Today, "Today"),
        ];
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            let spans: Vec<_> = spans.into_iter().rev().collect();
            segmented(ui, &mut self.span, &spans);
        });
    }

    /// Draws the numbers. Gives the calls that are to be shown.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> Option<Pick> {
        if state.total_calls == 0 {
            let nothing = EmptyState {
                icon: icons::CHART,
                title: "No numbers yet",
                text: "Once calls have come in, this shows how many there are and when, what became of \
                       them, and who calls most",
            };
            widgets::card(ui, |ui| nothing.show(ui, |_| ()));
            return None;
        }
        self.ask(ui, state, actions);
        let mut pick = None;
        decision::scrolled(ui, "numbers", |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            if let Some(why) = self.trouble(state) {
                Banner::new(Level::Error, "The calls could not be counted").detail(why).show(ui, |_| ());
            }
            match self.shown(state) {
                Some(numbers) => pick = numbers_ui(ui, state, numbers),
                None if self.trouble(state).is_none() => decision::quiet(ui, "Counting…"),
                None => {}
            }
        });
        pick
    }

    fn wish(&self, state: &State) -> NumbersWish {
        NumbersWish { span: self.span, zone: decision::zone(state) }
    }

    /// What was told of what is wanted.
    fn told<'a>(&self, state: &'a State) -> Option<&'a NumbersTold> {
        state.numbers.as_ref().filter(|told| told.wish == self.wish(state))
    }

    fn shown<'a>(&self, state: &'a State) -> Option<&'a Numbers> {
        self.told(state)?.numbers.as_deref().ok()
    }

    fn trouble<'a>(&self, state: &'a State) -> Option<&'a str> {
        self.told(state)?.numbers.as_ref().err().map(String::as_str)
    }

    /// Asks if something else is wanted, if the answer did not come, or if there are other calls by
    /// now; not so often that counting would keep a processor busy.
    fn ask(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        let wish = self.wish(state);
        let told = self.told(state);
        let due = match (&self.asked, told) {
            (Some(asked), _) if asked.wish != wish => state.now,
            (None, _) => state.now,
            (Some(asked), told) => {
                let answer = told.filter(|told| told.at >= asked.at);
                let Some(told) = answer else {
                    if asked.failures != state.failures {
                        self.asked = None;
                        ui.ctx().request_repaint();
                    }
                    return;
                };
                let today = state.now.with_timezone(&wish.zone).date_naive();
                let is_of_today = told.numbers.as_ref().map_or(true, |numbers| numbers.today == today);
                let is_up_to_date = asked.total_calls == state.total_calls && is_of_today;
                if is_up_to_date && told.numbers.is_ok() {
                    return;
                }
                told.at + REST + TimeDelta::from_std(told.took).unwrap_or_default() * REST_FACTOR
            }
        };
        if let Ok(wait) = (due - state.now).to_std()
            && !wait.is_zero()
        {
            return ui.ctx().request_repaint_after(wait);
        }
        self.asked = Some(Asked {
            wish: wish.clone(),
            at: state.now,
            total_calls: state.total_calls,
            failures: state.failures,
        });
        actions.push(Action::Send(Command::CountCalls(wish)));
    }
}

/// All numbers. Gives the calls that are to be shown.
fn numbers_ui(ui: &mut Ui, state: &State, numbers: &Numbers) -> Option<Pick> {
    decision::quiet(ui, &summary(state, numbers));
    let mut picks = vec![hours::hours_ui(ui, state, numbers)];
    if numbers.calls > 0 {
        picks.push(shares::pair_ui(ui, [shares::outcomes(ui, numbers), shares::agents(ui, state, numbers)]));
        picks.push(shares::pair_ui(
            ui,
            [shares::rules(ui, state, numbers), shares::callers(ui, state, numbers)],
        ));
        picks.push(week::week_ui(ui, numbers));
        picks.push(look_ups::look_ups_ui(ui, numbers));
    }
    picks.into_iter().flatten().next()
}

/// "1,284 calls since 25 Oct 2026, from 310 numbers; 12 hid theirs. Tests are not counted".
fn summary(state: &State, numbers: &Numbers) -> String {
    let calls = match numbers.calls {
        1 => "1 call".to_owned(),
        calls => format!("{} calls", grouped(calls as usize)),
    };
    let since = numbers.since.with_timezone(&decision::zone(state)).format("%-d %b %Y");
    let when = if numbers.wish.span == Span::Today { "today".to_owned() } else { format!("since {since}") };
    let from = match numbers.different_callers {
        0 => String::new(),
        1 => ", from 1 number".to_owned(),
        callers => format!(", from {} different numbers", grouped(callers as usize)),
    };
    let hid = match numbers.withheld {
        0 => String::new(),
        hid => format!("; {} hid the number", grouped(hid as usize)),
    };
    format!("{calls} {when}{from}{hid}. Texts count as calls, your own tests do not")
}

/// "1 call", "12 calls, 8 % of all".
fn of_all(calls: u64, all: u64) -> String {
    let words = if calls == 1 { "1 call".to_owned() } else { format!("{} calls", grouped(calls as usize)) };
    format!("{words}, {} of all", percent(calls, all))
}

fn percent(calls: u64, all: u64) -> String {
    let share = calls as f64 * 100.0 / all.max(1) as f64;
    match share {
        share if share > 0.0 && share < 1.0 => "less than 1 %".to_owned(),
        share => format!("{share:.0} %"),
    }
}
