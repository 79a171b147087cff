//! The slowest look-ups.

use egui::Ui;

use super::Pick;
use crate::routing::grouped;
use crate::service::numbers::{LookUpTimes, Numbers};
use crate::ui::decision::{self, milliseconds};
use crate::ui::theme::{self, Tone};
use crate::ui::widgets::charts::{Ranked, ranking};
use crate::ui::widgets::section;

pub(super) fn look_ups_ui(ui: &mut Ui, numbers: &Numbers) -> Option<Pick> {
    let about = format!(
        "In the last {} calls of this time: what nineteen of twenty answers of each took at most",
        grouped(numbers.timed_calls)
    );
    let mut pick = None;
    section(ui, "Slowest look-ups", &about, |ui| {
        if numbers.look_ups.is_empty() {
            return decision::quiet(ui, "No look-up was asked");
        }
        let p = theme::palette(ui);
        let row = |times: &LookUpTimes| {
            let LookUpTimes { name, asked, failed, median_us, slow_us } = times;
            let tone = if *failed > 0 { Tone::Warning } else { Tone::Accent };
            let late = match failed {
                0 => String::new(),
                failed => format!(", {} late or failed", grouped(*failed as usize)),
            };
            let asked = grouped(*asked as usize);
            Ranked {
                name: name.clone(),
                value: *slow_us as f32,
                words: format!("{} ms{late}", milliseconds(*slow_us)),
                colour: p.tone(tone).solid,
                about: format!(
                    "{name}: asked {asked} times{late}; half of the answers took at most {} ms, nineteen of \
                     twenty at most {} ms",
                    milliseconds(*median_us),
                    milliseconds(*slow_us)
                ),
                can_click: *failed > 0,
            }
        };
        let rows: Vec<Ranked> = numbers.look_ups.iter().map(row).collect();
        pick = ranking(ui, "look-ups", &rows).map(|_| Pick::LookUpFailed);
    });
    pick
}
