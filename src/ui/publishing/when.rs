//! When to publish: now or at a later time, for good or until a time.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use egui::{Label, Response, Ui};

use super::{LATER, NOW, Words, halves_ui};
use crate::routing::{moment_words, read_moment};
use crate::ui::app::State;
use crate::ui::decision::zone;
use crate::ui::theme::{CONTROL_HEIGHT, palette, space, text};
use crate::ui::widgets::{Button, Field, TextField, capital, segmented, time_until, toggle};

/// The section that asks when.
#[derive(Default)]
pub(super) struct When {
    later: bool,
    at: String,
    ends: bool,
    until: String,
}

/// When to publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moments {
    /// Without one, now.
    pub(super) at: Option<DateTime<Utc>>,
    /// When to go back, if ever.
    pub(super) until: Option<DateTime<Utc>>,
}

/// What is wrong with the fields; empty where nothing was typed yet.
#[derive(Default)]
pub(super) struct Wrong {
    at: Option<String>,
    until: Option<String>,
}

impl When {
    /// What the button says that publishes.
    pub(super) fn button(&self) -> Words {
        if self.later { LATER } else { NOW }
    }

    /// What the fields say.
    pub(super) fn moments(&self, state: &State) -> Result<Moments, Wrong> {
        let zone = zone(state);
        let read = |text: &str, name: &str| -> Result<DateTime<Utc>, Option<String>> {
            if text.trim().is_empty() {
                return Err(None);
            }
            let moment = read_moment(text, zone).map_err(|wrong| Some(capital(&wrong)))?;
            let moment = moment.with_timezone(&Utc);
            if moment <= state.now {
                Err(Some(format!("{name} is past; choose a later time")))
            } else {
                Ok(moment)
            }
        };
        let at = if self.later { read(&self.at, "This time").map(Some) } else { Ok(None) };
        let until = if self.ends { read(&self.until, "This end").map(Some) } else { Ok(None) };
        match (at, until) {
            (Ok(at), Ok(Some(until))) if at.is_some_and(|at| until <= at) => {
                let until = Some("It ends before it begins; choose a later time".to_owned());
                Err(Wrong { at: None, until })
            }
            (Ok(at), Ok(until)) => Ok(Moments { at, until }),
            (at, until) => Err(Wrong { at: at.err().flatten(), until: until.err().flatten() }),
        }
    }

    /// Draws the question whether now or later, and for good or not.
    pub(super) fn choice_ui(&mut self, ui: &mut Ui) {
        Field::new("When").show_group(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.set_min_height(CONTROL_HEIGHT);
                segmented(ui, &mut self.later, &[(false, "Now"), (true, "Later")]);
                ui.add_space(space::S);
                toggle(ui, &mut self.ends, "Goes back by itself");
            });
        });
    }

    /// Draws the fields for the moments that were asked for, side by side where there is room, and what
    /// follows.
    pub(super) fn moments_ui(&mut self, ui: &mut Ui, state: &State) {
        let zone = zone(state);
        let wrong = self.moments(state).err().unwrap_or_default();
        let now = state.now.with_timezone(&zone);
        let start = read_moment(&self.at, zone).ok().filter(|at| self.later && *at > now).unwrap_or(now);
        let at = |ui: &mut Ui, typed: &mut String| {
            moment_ui(ui, "Publish on", typed, wrong.at.as_deref(), now, now);
        };
        let until = |ui: &mut Ui, typed: &mut String| {
            moment_ui(ui, "Go back on", typed, wrong.until.as_deref(), start, now);
        };
        match (self.later, self.ends) {
            (true, true) => halves_ui(ui, |ui| at(ui, &mut self.at), |ui| until(ui, &mut self.until)),
            (true, false) => at(ui, &mut self.at),
            (false, true) => until(ui, &mut self.until),
            (false, false) => {}
        }
        for words in self.consequences(state) {
            ui.add(Label::new(text::help(palette(ui), words)).wrap());
        }
    }

    /// What follows that people might not think of.
    fn consequences(&self, state: &State) -> Vec<String> {
        let mut told = Vec::new();
        let zone = zone(state);
        let words = |at: DateTime<Utc>| moment_words(&at.with_timezone(&zone));
        let end = state.live_until();
        if self.ends {
            let back_to = end.map_or(state.live.version, |until| until.back_to);
            told.push(format!(
                "Then calls are answered as by version {back_to} again. Times are in {}",
                zone.name().replace('_', " ")
            ));
        }
        if let (Some(until), false) = (end, self.later) {
            told.push(format!(
                "Version {} was to end on {}; what you publish now takes its place, and that end is off",
                state.live.version,
                words(until.at)
            ));
        }
        if self.later {
            told.push(
                "The table is published as it is now; what you edit from here on stays in the draft"
                    .to_owned(),
            );
        }
        let plans = state.plans.iter().filter(|plan| plan.failed.is_none());
        told.extend(plans.map(|plan| {
            format!("Already planned for {}; it will take the place of what is live then", words(plan.at))
        }));
        told
    }
}

/// A field for a moment, with helpers that count from `start`.
fn moment_ui(
    ui: &mut Ui,
    label: &str,
    typed: &mut String,
    wrong: Option<&str>,
    start: DateTime<Tz>,
    now: DateTime<Tz>,
) -> Response {
    let read = read_moment(typed, start.timezone()).ok();
    let help = match &read {
        Some(at) => format!("{} · {}", moment_words(at), time_until(at.to_utc(), now.to_utc())),
        None => "Day and time, such as 2026-12-24 18:00".to_owned(),
    };
    Field::new(label).help(&help).error(wrong).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let field = TextField::new(typed).hint("2026-12-24 18:00").mono().width(190.0);
            let mut response = ui.add(field.id_salt(label));
            for (word, long, days, midnight) in [
                ("Midnight", "at midnight", 1, true),
                ("+1 day", "1 day later", 1, false),
                ("+1 week", "1 week later", 7, false),
            ] {
                let name = format!("{label} {long}");
                if ui.add(Button::secondary(word).small().name(&name)).clicked()
                    && let Some(later) = later(read.filter(|_| !midnight).unwrap_or(start), days, midnight)
                {
                    *typed = later;
                    response.mark_changed();
                }
            }
            response
        })
        .inner
    })
}

/// So many days later by the clock on the wall, or at the beginning of that day.
fn later(from: DateTime<Tz>, days: u64, midnight: bool) -> Option<String> {
    let wall = from.naive_local().checked_add_days(Days::new(days))?;
    Some(wall.format(if midnight { "%Y-%m-%d 00:00" } else { "%Y-%m-%d %H:%M" }).to_string())
}
