//! The time that a call is tried for: now, or any other where the business is.

use chrono::{DateTime, DurationRound, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use egui::{Response, Ui};

use crate::ui::app::State;
use crate::ui::theme::{icons, space};
use crate::ui::widgets::{Button, Field, TextField, zone_select, zone_words};

const FORMATS: [&str; 4] = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];

/// The room that the button beside the field takes, in points.
const NOW_WIDTH: f32 = 84.0;

/// A date and a time as they are typed.
pub(super) struct TimeField {
    /// Goes along with the clock, a step each minute.
    pub(super) follows_now: bool,
    text: String,
    /// Another time zone than the business's, if one was chosen.
    zone: Option<Tz>,
}

impl Default for TimeField {
    fn default() -> Self {
        Self { follows_now: true, text: String::new(), zone: None }
    }
}

impl TimeField {
    /// A moment in Unix milliseconds; without one, now.
    pub(super) fn at_ms(moment: Option<i64>, zone: Tz) -> Self {
        let Some(at) = moment.and_then(DateTime::from_timestamp_millis) else { return Self::default() };
        let local = at.with_timezone(&zone);
        let format = if at.timestamp() % 60 == 0 { FORMATS[0] } else { FORMATS[1] };
        Self { follows_now: false, text: local.format(format).to_string(), zone: None }
    }

    /// Writes down the present minute, if that is what is followed.
    pub(super) fn keep_up(&mut self, now: DateTime<Utc>, zone: Tz) {
        if self.follows_now {
            let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
            self.text = minute.with_timezone(&self.zone.unwrap_or(zone)).format(FORMATS[0]).to_string();
        }
    }

    /// The moment, or what is wrong with what was typed. `zone` is the business's.
    pub(super) fn at(&self, zone: Tz) -> Result<DateTime<Utc>, String> {
        let zone = self.zone.unwrap_or(zone);
        let text = self.text.trim();
        let naive = FORMATS
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
            .ok_or("This is not a date and time. Write it like 2026-11-23 14:05")?;
        match zone.from_local_datetime(&naive) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Ok(at.with_timezone(&Utc)),
            LocalResult::None => {
                Err("The clocks go forward over this time, so it does not exist. Choose one an hour later"
                    .to_owned())
            }
        }
    }

    /// Draws the field.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State) {
        let zone = crate::ui::decision::zone(state);
        let error = self.at(zone).err();
        let field = Field::new("Date and time").error(error.as_deref());
        field.show(ui, |ui| ui.horizontal(|ui| self.row_ui(ui)).inner);
        let shown = format!("Time in {}", zone_words(self.zone.unwrap_or(zone).name()));
        let (_, chosen) = zone_select(ui, &shown);
        if let Some(chosen) = chosen.and_then(|name| name.parse().ok()) {
            self.move_to(chosen, zone);
        }
    }

    /// Writes the same moment as it is told in another time zone.
    fn move_to(&mut self, chosen: Tz, business: Tz) {
        let at = self.at(business).ok();
        self.zone = Some(chosen).filter(|zone| *zone != business);
        if let Some(at) = at {
            let seconds = at.timestamp() % 60;
            let format = if seconds == 0 { FORMATS[0] } else { FORMATS[1] };
            self.text = at.with_timezone(&chosen).format(format).to_string();
        }
    }

    fn row_ui(&mut self, ui: &mut Ui) -> Response {
        let width = ui.available_width() - NOW_WIDTH - space::S;
        let field = TextField::new(&mut self.text).hint("2026-11-23 14:05").width(width);
        let response = ui.add(field.mono().id_salt("time"));
        if response.changed() {
            self.follows_now = false;
        }
        let now = Button::secondary("Now").with_icon(icons::CLOCK).selected(self.follows_now);
        if ui.add(now.tooltip("Go along with the clock")).clicked() {
            self.follows_now = true;
        }
        response
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(text: &str) -> Result<String, String> {
        let field = TimeField { follows_now: false, text: text.to_owned(), zone: None };
        field.at(Tz::America__New_York).map(|at| at.to_rfc3339())
    }

    #[test]
    fn a_time_is_read_where_the_business_is() {
        assert_eq!(at("2026-11-23 14:05").unwrap(), "2026-11-23T19:05:00+00:00");
        assert_eq!(at(" 2026-07-01T09:00:30 ").unwrap(), "2026-07-01T13:00:30+00:00");
        assert!(at("23.11.2026").unwrap_err().contains("Write it like"));
        assert!(at("2026-03-08 02:30").unwrap_err().contains("go forward"));
    }

    #[test]
    fn a_moment_can_be_written_and_read_again() {
        let field = TimeField::at_ms(Some(1_800_000_001_000), Tz::Europe__Berlin);
        assert_eq!(field.at(Tz::Europe__Berlin).unwrap().timestamp(), 1_800_000_001);
        assert!(TimeField::at_ms(None, Tz::UTC).follows_now);
    }

    #[test]
    fn another_time_zone_tells_the_same_moment() {
        let mut field = TimeField::at_ms(Some(1_800_000_000_000), Tz::Europe__Berlin);
        field.move_to(Tz::Asia__Tokyo, Tz::Europe__Berlin);
        assert_eq!(field.text, "2027-01-15 17:00");
        assert_eq!(field.at(Tz::Europe__Berlin).unwrap().timestamp(), 1_800_000_000);
        field.text = "2027-01-15 18:00".to_owned();
        assert_eq!(field.at(Tz::Europe__Berlin).unwrap().timestamp(), 1_800_003_600);
    }
}
