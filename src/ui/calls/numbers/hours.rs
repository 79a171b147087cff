//! The calls of today, hour by hour, against a usual day.

use chrono::{NaiveDate, TimeZone, Timelike};
use egui::{CornerRadius, Sense, Stroke, Ui, vec2};

use super::Pick;
use crate::service::numbers::Numbers;
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::theme::{self, Tone, text};
use crate::ui::widgets::charts::{Column, columns};
use crate::ui::widgets::section;

const HEIGHT: f32 = 170.0;

pub(super) fn hours_ui(ui: &mut Ui, state: &State, numbers: &Numbers) -> Option<Pick> {
    let day = numbers.today.format("%A").to_string();
    let about = match &numbers.usual {
        Some(usual) if usual.days == 1 => format!("The lines show last {day}"),
        Some(usual) => format!("The lines show the average of the last {} {day}s", usual.days),
        None => format!("The usual is shown once the log has a whole {day} of before"),
    };
    let mut pick = None;
    section(ui, "Calls per hour today", &about, |ui| {
        if numbers.usual.is_some() {
            legend_ui(ui, &day);
        }
        let now = state.now.with_timezone(&decision::zone(state)).hour() as usize;
        let parts: Vec<Column> = (0..24).map(|hour| column(numbers, &day, hour, now)).collect();
        pick = columns(ui, "hours today", HEIGHT, &parts)
            .and_then(|hour| hour_begin(state, numbers.today, hour))
            .map(Pick::Hour);
    });
    pick
}

fn column(numbers: &Numbers, day: &str, hour: usize, now: usize) -> Column {
    let calls = numbers.hours_today[hour];
    let usual = numbers.usual.as_ref().map(|usual| usual.hours[hour]);
    let came = match calls {
        _ if hour > now => "still to come".to_owned(),
        0 => "no call".to_owned(),
        1 => "1 call".to_owned(),
        calls => format!("{calls} calls"),
    };
    let usually = usual.map(|usual| format!("; a usual {day} has {}", rounded(usual))).unwrap_or_default();
    Column {
        value: calls as f32,
        usual,
        label: hour_label(hour),
        about: format!("{} today: {came}{usually}", hour_words(hour)),
        can_click: calls > 0,
    }
}

fn legend_ui(ui: &mut Ui, day: &str) {
    let p = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 18.0;
        let (rect, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
        ui.painter().rect_filled(rect, CornerRadius::same(3), p.tone(Tone::Accent).solid);
        ui.label(text::help(p, "Today"));
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 12.0), Sense::hover());
        ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(2.0, p.text_soft));
        ui.label(text::help(p, format!("A usual {day}")));
    });
}

/// Each third hour has a label.
pub(super) fn hour_label(hour: usize) -> String {
    if hour.is_multiple_of(3) { format!("{hour}:00") } else { String::new() }
}

/// "14:00 to 15:00".
pub(super) fn hour_words(hour: usize) -> String {
    format!("{hour}:00 to {}:00", hour + 1)
}

fn rounded(value: f32) -> String {
    if value >= 10.0 || value.fract() < 0.05 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// When an hour of a day begins; none where the clocks skip it.
fn hour_begin(state: &State, day: NaiveDate, hour: usize) -> Option<chrono::DateTime<chrono::Utc>> {
    let local = day.and_hms_opt(hour as u32, 0, 0)?;
    decision::zone(state).from_local_datetime(&local).earliest().map(|at| at.to_utc())
}
