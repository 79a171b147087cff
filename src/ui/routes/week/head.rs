//! What the week is shown of: draft or live table, line, and which week.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate};
use egui::Ui;

use super::monday_of;
use crate::routing::Table;
use crate::routing::week::LineWeek;
use crate::service::weeks::{ShownWeek, WeekWish};
use crate::ui::app::State;
use crate::ui::theme::{CONTROL_HEIGHT, icons, palette, space, text};
use crate::ui::widgets::{Button, date_select, safe_text, segmented, select};

/// The room that all but the choice of the line takes, in points.
const OTHERS: f32 = 632.0;
/// So many lines of those that decide alike are named.
const NAMED: usize = 2;

/// Which table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Which {
    #[default]
    Draft,
    Live,
}

/// What is chosen.
#[derive(Default)]
pub(super) struct Head {
    which: Which,
    /// The id of a line; the first, without one.
    line: Option<String>,
    /// A day of the week; today, without one.
    date: Option<NaiveDate>,
}

impl Head {
    pub(super) fn is_draft(&self) -> bool {
        self.which == Which::Draft
    }

    fn table<'s>(&self, state: &'s State) -> &'s Arc<Table> {
        if self.is_draft() { &state.draft } else { &state.live.table }
    }

    /// What has to be worked out for this.
    pub(super) fn wish(&self, state: &State) -> WeekWish {
        let table = Arc::clone(self.table(state));
        let date = self.date.unwrap_or_else(|| today(&table, state));
        WeekWish { table, overrides: Arc::clone(&state.overrides), monday: monday_of(date) }
    }

    /// Whether this is the week that is wanted, perhaps as it was before a change.
    pub(super) fn fits(&self, state: &State, week: &ShownWeek) -> bool {
        week.wish.monday == self.wish(state).monday
    }

    /// The line that is chosen, or else the first.
    pub(super) fn line<'w>(&self, lines: &'w [LineWeek]) -> Option<&'w LineWeek> {
        let chosen = lines.iter().find(|line| Some(&line.line) == self.line.as_ref());
        chosen.or(lines.first())
    }

    /// Draws the choices.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, week: Option<&ShownWeek>) {
        let width = (ui.available_width() - OTHERS).clamp(110.0, 260.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(space::S, space::S);
            // So that all of the row stands on one line.
            ui.spacing_mut().interact_size.y = CONTROL_HEIGHT;
            let live = format!("Live v{}", state.live.version);
            segmented(ui, &mut self.which, &[(Which::Draft, "Draft"), (Which::Live, &live)]);
            if let Some(lines) = week.and_then(|week| week.lines.as_deref().ok()) {
                self.line_ui(ui, width, state, lines);
            }
            self.when_ui(ui, state);
            if week.is_some_and(|week| week.wish != self.wish(state)) {
                ui.label(text::faint(palette(ui), "Working it out…"));
            }
        });
    }

    /// Lines that decide alike are one choice.
    fn line_ui(&mut self, ui: &mut Ui, width: f32, state: &State, lines: &[LineWeek]) {
        let Some(shown) = self.line(lines) else { return };
        let mut groups: Vec<Vec<&LineWeek>> = Vec::new();
        for line in lines {
            match groups.iter_mut().find(|group| group[0].is_like(line)) {
                Some(group) => group.push(line),
                None => groups.push(vec![line]),
            }
        }
        let table = self.table(state);
        let name = |line: &&LineWeek| {
            table.line(&line.line).map_or_else(String::new, |line| safe_text(&line.name).into_owned())
        };
        let words = |group: &Vec<&LineWeek>| match group.len() {
            1 => name(&group[0]),
            2 if lines.len() == 2 => "Both lines".to_owned(),
            all if all == lines.len() => format!("All {all} lines"),
            many => {
                let names: Vec<String> = group.iter().take(NAMED).map(name).collect();
                let more = many - names.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("{}{more}", names.join(if more.is_empty() { " and " } else { ", " }))
            }
        };
        let named: Vec<(String, String)> =
            groups.iter().map(|group| (group[0].line.clone(), words(group))).collect();
        let options: Vec<(String, &str)> =
            named.iter().map(|(id, words)| (id.clone(), words.as_str())).collect();
        let of_shown = groups.iter().find(|group| group.iter().any(|line| line.line == shown.line));
        let mut chosen = of_shown.map_or_else(String::new, |group| group[0].line.clone());
        if select(ui, "week line", width, &mut chosen, &options).accessible_name("Line").changed() {
            self.line = Some(chosen);
        }
    }

    fn when_ui(&mut self, ui: &mut Ui, state: &State) {
        let today = today(self.table(state), state);
        let date = self.date.unwrap_or(today);
        if ui.add(Button::icon(icons::CHEVRON_LEFT, "The week before")).clicked() {
            self.date = date.checked_sub_days(Days::new(7));
        }
        let is_now = monday_of(date) == monday_of(today);
        if ui.add(Button::secondary("This week").selected(is_now)).clicked() {
            self.date = None;
        }
        if ui.add(Button::icon(icons::CHEVRON_RIGHT, "The week after")).clicked() {
            self.date = date.checked_add_days(Days::new(7));
        }
        let mut chosen = date;
        if date_select(ui, "Week of", &mut chosen, today.year()) {
            self.date = Some(chosen);
        }
        if self.date == Some(today) {
            self.date = None;
        }
    }
}

/// The day at the business.
fn today(table: &Table, state: &State) -> NaiveDate {
    let zone: chrono_tz::Tz = table.time_zone();
    state.now.with_timezone(&zone).date_naive()
}
