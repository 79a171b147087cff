//! From when until when a rule takes part: two fields with helpers. What is typed goes into the
//! draft as it stands, and the draft's check says what cannot be read.

use chrono::{DateTime, Days, NaiveDateTime};
use chrono_tz::Tz;
use egui::{Response, Sides, Ui};

use crate::routing::{Period, Rule, moment_words, read_moment, write_moment};
use crate::ui::app::State;
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, Field, TextField, card, section};

/// From this width on, in points, the fields stand side by side.
const WIDE: f32 = 430.0;

/// One end of the period.
struct End<'a> {
    /// "From" or "Until".
    label: &'static str,
    /// What it means to leave it empty.
    empty: &'static str,
    text: &'a mut Option<String>,
    at: Option<DateTime<Tz>>,
    error: Option<String>,
    /// Where the helpers count from while there is nothing to count from.
    start: DateTime<Tz>,
}

/// Draws both ends; while there is none, a button that asks for them. `wanted` is whether it was
/// pressed.
pub(super) fn dates_ui(ui: &mut Ui, state: &State, rule: &mut Rule, wanted: &mut bool) {
    if rule.from.is_none() && rule.until.is_none() && !*wanted {
        *wanted = card(ui, none_ui).inner;
        return;
    }
    *wanted = true;
    let zone = crate::ui::decision::zone(state);
    let about = format!(
        "Before and after that the rule takes no part. Times are in {}",
        zone.name().replace('_', " ")
    );
    section(ui, "Dates", &about, |ui| {
        let (period, wrong) = Period::of(rule, zone);
        let error = |field: &str| {
            let (_, message) = wrong.iter().find(|(name, _)| *name == field)?;
            Some(crate::ui::widgets::capital(message))
        };
        let now = state.now.with_timezone(&zone);
        let from = End {
            label: "From",
            empty: "Empty: it takes part already",
            text: &mut rule.from,
            at: period.from,
            error: error("from"),
            start: now,
        };
        let until = End {
            label: "Until",
            empty: "Empty: it stays for good",
            text: &mut rule.until,
            at: period.until,
            error: error("until"),
            start: period.from.filter(|from| *from > now).unwrap_or(now),
        };
        if ui.available_width() < WIDE {
            from.ui(ui, now);
            ui.add_space(space::S);
            until.ui(ui, now);
        } else {
            ui.columns(2, |columns| {
                from.ui(&mut columns[0], now);
                until.ui(&mut columns[1], now);
            });
        }
    });
}

/// Says that there are no dates, with a button that asks for some.
fn none_ui(ui: &mut Ui) -> bool {
    let ((), wanted) = Sides::new().shrink_left().height(32.0).show(
        ui,
        |ui| {
            ui.label(text::heading("Dates"));
            ui.add(egui::Label::new(text::help(palette(ui), "Takes part at all times")).truncate());
        },
        |ui| {
            let button = Button::secondary("Set dates…").with_icon(icons::CALENDAR).small();
            ui.add(button.name("Set from when or until when")).clicked()
        },
    );
    wanted
}

impl End<'_> {
    fn ui(mut self, ui: &mut Ui, now: DateTime<Tz>) {
        ui.spacing_mut().item_spacing.y = space::S;
        let help = self.at.map_or_else(|| self.empty.to_owned(), |at| moment_words(&at));
        let error = self.error.take();
        Field::new(self.label)
            .optional()
            .help(&help)
            .error(error.as_deref())
            .show(ui, |ui| self.field_ui(ui));
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            self.helpers_ui(ui, now);
        });
    }

    fn field_ui(&mut self, ui: &mut Ui) -> Response {
        let mut typed = self.text.as_deref().map(|text| shown(text, self.at)).unwrap_or_default();
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let clear = if self.text.is_some() { 32.0 + space::XS } else { 0.0 };
            let field = TextField::new(&mut typed).hint("2026-12-24 09:00").mono();
            let field = ui.add(field.width(ui.available_width() - clear).id_salt(self.label));
            if field.changed() {
                *self.text = written(&typed);
            }
            let name = format!("Clear {}", self.label.to_lowercase());
            if self.text.is_some() && ui.add(Button::icon(icons::X, &name)).clicked() {
                *self.text = None;
            }
            field
        })
        .inner
    }

    fn helpers_ui(&mut self, ui: &mut Ui, now: DateTime<Tz>) {
        let name = format!("{} now", self.label);
        if ui.add(Button::secondary("Now").small().name(&name)).clicked() {
            *self.text = Some(write_moment(&now));
        }
        for (word, long, days) in [("+1 day", "1 day later", 1), ("+1 week", "1 week later", 7)] {
            let name = format!("{} {long}", self.label);
            if ui.add(Button::secondary(word).small().name(&name)).clicked() {
                let wall = self.at.unwrap_or(self.start).naive_local();
                *self.text = later(wall, days).or_else(|| self.text.take());
            }
        }
    }
}

/// The same time of day so many days later, as a table has it.
fn later(wall: NaiveDateTime, days: u64) -> Option<String> {
    let wall = wall.checked_add_days(Days::new(days))?;
    read_moment(&wall.format("%Y-%m-%d %H:%M").to_string(), Tz::UTC).ok().map(|at| write_moment(&at))
}

/// What stands in the field: a moment that can be read with a space instead of the file's T.
fn shown(text: &str, at: Option<DateTime<Tz>>) -> String {
    if at.is_some() { text.replacen('T', " ", 1) } else { text.to_owned() }
}

/// What the table gets of what was typed.
fn written(typed: &str) -> Option<String> {
    let is_moment = read_moment(typed, Tz::UTC).is_ok();
    let text = if is_moment { typed.trim().replacen(' ', "T", 1) } else { typed.to_owned() };
    (!text.trim().is_empty()).then_some(text)
}
