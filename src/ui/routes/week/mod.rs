//! The page of a week: who answers when, line by line. Working it out is the service's business; here are
//! only what is wanted, and how it is shown.

mod blocks;
mod head;
mod legend;
mod tip;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use egui::{Label, Ui};

use crate::retell::payload;
use crate::routing::Problem;
use crate::routing::week::{Day, days};
use crate::service::messages::Command;
use crate::service::weeks::{ShownWeek, WeekWish};
use crate::ui::app::{Action, Actions, State};
use crate::ui::help::{Page, help_button};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::roster::{Column, Odd, Roster};
use crate::ui::widgets::shell::Place;
use crate::ui::widgets::{Button, EmptyState, Screen, card, problem_line, safe_text, zone_words};
use blocks::blocks;
use head::Head;

/// So many problems of a table are told.
const PROBLEMS: usize = 5;

/// The page, while it is open.
#[derive(Default)]
pub(super) struct WeekPage {
    head: Head,
    asked: Option<Asked>,
}

/// What was asked for last.
struct Asked {
    wish: WeekWish,
    /// How many failures there had been.
    failures: u64,
}

impl WeekPage {
    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let mut back = false;
        let wish = self.head.wish(state);
        self.ask(&wish, state, actions);
        let about = "Who answers an ordinary caller: one whom no rule, list or contact file names, and who calls for the first time";
        Screen::new("Who answers when", about).wide().no_scroll().show(
            ui,
            |ui| {
                back = super::back_button(ui);
                if let Some(page) = Page::find("week") {
                    help_button(ui, page, "the week");
                }
            },
            |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                let week = state.week.as_deref();
                self.head.ui(ui, state, week);
                // The week before stays until the new one is there.
                match week.filter(|week| self.head.fits(state, week)) {
                    Some(week) => self.week_ui(ui, state, week, actions),
                    None if self.has_failed(state) => failed_ui(ui, &mut self.asked),
                    None => drop(ui.label(text::soft(palette(ui), "Working it out…"))),
                }
            },
        );
        !back
    }

    fn ask(&mut self, wish: &WeekWish, state: &State, actions: &mut Actions) {
        let is_there = state.week.as_ref().is_some_and(|week| week.wish == *wish);
        let is_asked = self.asked.as_ref().is_some_and(|asked| asked.wish == *wish);
        if !is_there && !is_asked {
            self.asked = Some(Asked { wish: wish.clone(), failures: state.failures });
            actions.push(Action::Send(Command::ShowWeek(wish.clone())));
        }
    }

    fn has_failed(&self, state: &State) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.failures < state.failures)
    }

    fn week_ui(&self, ui: &mut Ui, state: &State, week: &ShownWeek, actions: &mut Actions) {
        let lines = match &week.lines {
            Ok(lines) => lines,
            Err(problems) => return problems_ui(ui, problems),
        };
        let Some(line) = self.head.line(lines) else { return no_lines_ui(ui, actions) };
        let zone = zone_of(&week.wish);
        let days = days(&line.shifts, week.wish.monday, zone);
        legend::ui(ui, line);
        let columns = columns(week, &days, state.now.with_timezone(&zone).date_naive());
        let (blocks, places) = blocks(line, &days);
        let clock = line.shifts.first().map(|shift| shift.from.with_timezone(&zone).format("%Z").to_string());
        let corner =
            (&*clock.unwrap_or_default(), &*format!("Times are those in {}", zone_words(zone.name())));
        let roster =
            Roster { corner, columns: &columns, blocks: &blocks, now: now_in(&days, state.now, zone) };
        let pressed = roster.show(ui, |ui, index| tip::ui(ui, line, zone, places[index].1.shift));
        if let Some(pressed) = pressed {
            let at = places[pressed.block].1.moment(pressed.second);
            let own_agent = line.call.default_agent.as_deref();
            let payload =
                payload::sample(line.call.from.number(), &line.call.to, own_agent, at.timestamp_millis());
            actions.push(Action::TryAgainst(payload, self.head.is_draft()));
        }
    }
}

fn zone_of(wish: &WeekWish) -> Tz {
    wish.table.time_zone()
}

/// The Monday of the week of a day.
fn monday_of(date: NaiveDate) -> NaiveDate {
    let back = Days::new(u64::from(date.weekday().num_days_from_monday()));
    date.checked_sub_days(back).unwrap_or(date)
}

fn columns(week: &ShownWeek, days: &[Day], today: NaiveDate) -> Vec<Column> {
    use crate::routing::week::ClockChange::{Skipped, Twice};
    let named = days.iter().zip(&week.names);
    named
        .map(|(day, names)| {
            let put = day.changes.iter().map(|change| match change {
                Skipped(..) => "clocks go forward",
                Twice(..) => "clocks go back",
            });
            let about: Vec<&str> = names.iter().map(String::as_str).chain(put).collect();
            let odd = day.changes.iter().filter_map(|change| match *change {
                Skipped(from_s, to_s) => Some(Odd { from_s, to_s, words: "skipped" }),
                // What comes twice has blocks side by side.
                Twice(..) => None,
            });
            Column {
                title: day.date.format("%a %-d %b").to_string(),
                about: safe_text(&about.join(" · ")).into_owned(),
                is_today: day.date == today,
                odd: odd.collect(),
            }
        })
        .collect()
}

/// The column of this moment, and the second of its day.
fn now_in(days: &[Day], now: DateTime<Utc>, zone: Tz) -> Option<(usize, u32)> {
    use chrono::Timelike;
    let local = now.with_timezone(&zone);
    let day = days.iter().position(|day| day.date == local.date_naive())?;
    Some((day, local.time().num_seconds_from_midnight()))
}

fn failed_ui(ui: &mut Ui, asked: &mut Option<Asked>) {
    card(ui, |ui| {
        problem_line(ui, "The week could not be worked out");
        if ui.add(Button::secondary("Try again").small()).clicked() {
            *asked = None;
        }
    });
}

fn problems_ui(ui: &mut Ui, problems: &[Problem]) {
    card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        ui.label(text::strong("This table cannot answer calls as it is, so there is nothing to show"));
        ui.add(Label::new(text::soft(palette(ui), "Put this right first:")).wrap());
        for problem in problems.iter().take(PROBLEMS) {
            problem_line(ui, &safe_text(&format!("{}: {}", problem.place, problem.message)));
        }
        if problems.len() > PROBLEMS {
            ui.label(text::faint(palette(ui), format!("And {} more", problems.len() - PROBLEMS)));
        }
    });
}

fn no_lines_ui(ui: &mut Ui, actions: &mut Actions) {
    let empty = EmptyState {
        icon: icons::CALENDAR,
        title: "No lines yet",
        text: "A week is shown for one of your phone numbers. Add the first under Lines & agents.",
    };
    card(ui, |ui| {
        empty.show(ui, |ui| {
            if ui.add(Button::secondary("Go to Lines & agents")).clicked() {
                actions.push(Action::Go(Place::Lines));
            }
        });
    });
}
