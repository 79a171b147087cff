//! The busiest hours, as a map of the week.

use egui::Ui;

use super::hours::{hour_label, hour_words};
use super::{Pick, of_all};
use crate::service::numbers::Numbers;
use crate::storage::call_log::search::HourOfWeek;
use crate::ui::widgets::charts::{Heat, heat};
use crate::ui::widgets::section;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const FULL: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) fn week_ui(ui: &mut Ui, numbers: &Numbers) -> Option<Pick> {
    let mut pick = None;
    let about = busiest(numbers);
    section(ui, "Busiest hours", &about, |ui| {
        let columns: Vec<String> = (0..24).map(hour_label).collect();
        let map = Heat {
            rows: &DAYS,
            columns: &columns,
            value: &|day, hour| numbers.week[day][hour],
            about: &|day, hour| {
                let calls = of_all(numbers.week[day][hour], numbers.calls);
                format!("{}, {}: {calls}", FULL[day], hour_words(hour))
            },
        };
        pick = heat(ui, "week", map).map(|(day, hour)| {
            let zone = numbers.wish.zone.name().to_owned();
            Pick::HourOfWeek(HourOfWeek { day: day as u8, hour: hour as u8, zone })
        });
    });
    pick
}

/// "Tue, 10:00 to 11:00".
pub(in crate::ui::calls) fn hour_of_week(hour: &HourOfWeek) -> String {
    let day = DAYS.get(usize::from(hour.day)).copied().unwrap_or_default();
    format!("{day}, {}", hour_words(usize::from(hour.hour)))
}

/// "Most calls come on Tuesday, 10:00 to 11:00".
fn busiest(numbers: &Numbers) -> String {
    let all = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    // Of several that are alike the first.
    let most = all.rev().max_by_key(|(day, hour)| numbers.week[*day][*hour]);
    most.map(|(day, hour)| format!("Most calls come on {}, {}", FULL[day], hour_words(hour)))
        .unwrap_or_default()
}
