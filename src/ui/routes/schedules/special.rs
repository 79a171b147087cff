//! The days on which a schedule differs from its week: public holidays (`holidays`), and the
//! owner's own, each a line that opens for editing.

use chrono::{Datelike, NaiveDate, Weekday};
use egui::{Label, Sides, Ui};

use super::holidays::open_hours;
use crate::plugins::dates::{YearDay, month_name};
use crate::plugins::hours::calendar::Holiday;
use crate::plugins::hours::days::{Days, When, nth_words, weekday_words};
use crate::plugins::hours::plan::{Plan, Row, Special};
use crate::plugins::hours::spans_words;
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{
    Button, Field, TextField, date_select, menu_button, menu_item, safe_text, select, year_day_select,
};

/// What is open in the list of special days.
#[derive(Default)]
pub(super) struct Opened {
    /// The row of the plan that is edited.
    row: Option<usize>,
    /// Whether all public holidays are listed.
    pub(super) all_holidays: bool,
}

/// A kind of day that an owner can choose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Date,
    Range,
    Yearly,
    YearlyRange,
    Nth,
    Easter,
}

const KINDS: [(Kind, &str); 6] = [
    (Kind::Date, "One date"),
    (Kind::Range, "Several days in a row"),
    (Kind::Yearly, "A day every year"),
    (Kind::YearlyRange, "Several days every year"),
    (Kind::Nth, "A weekday of a month"),
    (Kind::Easter, "Around Easter"),
];

/// Draws the owner's own days.
pub(super) fn special_ui(
    ui: &mut Ui,
    plan: &mut Plan,
    known: &[Holiday],
    today: NaiveDate,
    open: &mut Opened,
) {
    ui.horizontal(|ui| {
        ui.label(text::strong("Special days"));
        let button = Button::secondary("Add a special day").with_icon(icons::PLUS).small();
        menu_button(ui, button, |ui| {
            for (kind, words) in KINDS {
                if menu_item(ui, icons::CALENDAR, words).clicked() {
                    let when = When::Days(vec![kind.starter(today)]);
                    open.row = Some(plan.rows.len());
                    plan.rows.push(Row::Special(Special { when, hours: Vec::new(), name: String::new() }));
                }
            }
        });
    });
    let follows_holidays = plan.on_holidays().is_some();
    let listed_above = |name: &str| follows_holidays && known.iter().any(|holiday| holiday.name == name);
    let mut removed = None;
    let mut any = false;
    for (index, row) in plan.rows.iter_mut().enumerate() {
        let is_open = open.row == Some(index);
        let asked = match row {
            Row::Special(Special { when: When::Holidays, .. }) => continue,
            Row::Special(special) if listed_above(&special.name) && !is_open => continue,
            Row::Special(special) => ui.push_id(index, |ui| row_ui(ui, special, today, is_open)).inner,
            Row::Written(words) => written_ui(ui, words),
        };
        any = true;
        match asked {
            Some(Asked::Toggle) => open.row = (!is_open).then_some(index),
            Some(Asked::Remove) => removed = Some(index),
            None => {}
        }
    }
    if !any {
        let words = "None of your own yet: a company holiday, a day with shorter hours, the first Monday of each month";
        ui.add(Label::new(text::help(palette(ui), words)).wrap());
    }
    if let Some(index) = removed {
        plan.rows.remove(index);
        open.row = None;
    }
}

enum Asked {
    Toggle,
    Remove,
}

fn row_ui(ui: &mut Ui, special: &mut Special, today: NaiveDate, is_open: bool) -> Option<Asked> {
    let p = palette(ui);
    let title = special.title();
    let title = safe_text(&title).into_owned();
    let When::Days(days) = &special.when else { return None };
    let mut words: Vec<String> = days.iter().take(2).map(Days::words).collect();
    if days.len() > 2 {
        words.push(format!("{} more", days.len() - 2));
    }
    let when = if special.name.is_empty() { String::new() } else { format!("{} · ", words.join(", ")) };
    let about = format!("{when}{}", spans_words(&special.hours));
    let ((), asked) = Sides::new().shrink_left().truncate().height(28.0).show(
        ui,
        |ui| {
            ui.add(Label::new(text::body(&title)).truncate());
            ui.add(Label::new(text::faint(p, about)).truncate());
        },
        |ui| {
            let remove = ui.add(Button::icon(icons::X, &format!("Remove {title}")).small()).clicked();
            let (word, name) =
                if is_open { ("Done", format!("Close {title}")) } else { ("Edit", format!("Edit {title}")) };
            let toggle = ui.add(Button::secondary(word).small().name(&name)).clicked();
            remove.then_some(Asked::Remove).or(toggle.then_some(Asked::Toggle))
        },
    );
    if is_open {
        egui::Frame::new()
            .fill(p.sunken)
            .corner_radius(crate::ui::theme::RADIUS_SMALL)
            .inner_margin(egui::Margin::same(space::M as i8))
            .show(ui, |ui| {
                ui.take_available_width();
                ui.spacing_mut().item_spacing.y = space::S;
                edit_ui(ui, special, today);
            });
    }
    asked
}

fn edit_ui(ui: &mut Ui, special: &mut Special, today: NaiveDate) {
    if let When::Days(days) = &mut special.when
        && let [days] = days.as_mut_slice()
    {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            days_ui(ui, days, today);
        });
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        Field::new("Name of the day").optional().show(ui, |ui| {
            let field = TextField::new(&mut special.name).hint("Company holiday").width(220.0);
            ui.add(field.id_salt("special name"))
        });
        Field::new("Hours").show_group(ui, |ui| open_hours(ui, "special day", &mut special.hours));
    });
}

fn days_ui(ui: &mut Ui, days: &mut Days, today: NaiveDate) {
    let mut kind = Kind::of(days);
    Field::new("When").show(ui, |ui| {
        let response = select(ui, "kind of day", 200.0, &mut kind, &KINDS);
        if response.changed() {
            *days = kind.starter(days.first_after(today).unwrap_or(today));
        }
        response
    });
    let this_year = today.year();
    let error = days.check().err().map(|error| super::super::sentences::capital(&error));
    match days {
        Days::Once { from, to } if kind == Kind::Date => {
            Field::new("Date").show_group(ui, |ui| date_select(ui, "Date", from, this_year));
            *to = *from;
        }
        Days::Once { from, to } => {
            let changed =
                Field::new("First day").show_group(ui, |ui| date_select(ui, "First", from, this_year));
            if changed && *to <= *from {
                *to = from.succ_opt().unwrap_or(*from);
            }
            let field = Field::new("Last day").error(error.as_deref());
            field.show_group(ui, |ui| date_select(ui, "Last", to, this_year));
            if *to == *from {
                *to = from.succ_opt().unwrap_or(*from);
            }
        }
        Days::Yearly { from, to } if kind == Kind::Yearly => {
            Field::new("Day").show_group(ui, |ui| year_day_select(ui, "Day", from));
            *to = *from;
        }
        Days::Yearly { from, to } => {
            Field::new("First day").show_group(ui, |ui| year_day_select(ui, "First", from));
            Field::new("Last day").show_group(ui, |ui| year_day_select(ui, "Last", to));
        }
        Days::Nth { month, nth, weekday, offset } => {
            nth_ui(ui, month, nth, weekday);
            offset_ui(ui, offset, "it");
        }
        Days::Easter { offset } => offset_ui(ui, offset, "Easter Sunday"),
    }
}

fn nth_ui(ui: &mut Ui, month: &mut Option<u32>, nth: &mut i8, weekday: &mut Weekday) {
    Field::new("Which").show_group(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let turns = [1, 2, 3, 4, 5, -1].map(|nth| (nth, nth_words(nth)));
            select(ui, "turn", 110.0, nth, &turns).accessible_name("Which one of the month");
            let weekdays: Vec<(Weekday, &str)> = (0..7)
                .filter_map(|day| Weekday::try_from(day).ok())
                .map(|day| (day, weekday_words(day)))
                .collect();
            select(ui, "weekday", 130.0, weekday, &weekdays).accessible_name("Weekday");
            let mut months = vec![(None, "every month")];
            months.extend((1..=12).map(|month| (Some(month), month_name(month))));
            select(ui, "month", 130.0, month, &months).accessible_name("Month");
        });
    });
}

fn offset_ui(ui: &mut Ui, offset: &mut i16, what: &str) {
    Field::new("Days before or after").show_group(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            if ui.add(Button::icon(icons::MINUS, "A day earlier")).clicked() {
                *offset = offset.saturating_sub(1).max(-365);
            }
            let days = offset.unsigned_abs();
            let unit = if days == 1 { "day" } else { "days" };
            let words = match *offset {
                0 => format!("On {}", if what == "it" { "that day" } else { what }),
                1.. => format!("{days} {unit} after {what}"),
                _ => format!("{days} {unit} before {what}"),
            };
            ui.label(text::body(words));
            if ui.add(Button::icon(icons::PLUS, "A day later")).clicked() {
                *offset = offset.saturating_add(1).min(365);
            }
        });
    });
}

/// A rule that was written by hand and says more than a special day.
fn written_ui(ui: &mut Ui, words: &str) -> Option<Asked> {
    let p = palette(ui);
    let words = safe_text(words);
    let ((), remove) = Sides::new().shrink_left().truncate().height(28.0).show(
        ui,
        |ui| {
            ui.add(Label::new(text::code(&*words)).truncate());
            ui.add(Label::new(text::faint(p, "written by hand; change it in the text below")).truncate());
        },
        |ui| ui.add(Button::icon(icons::X, &format!("Remove {words}")).small()).clicked(),
    );
    remove.then_some(Asked::Remove)
}

impl Kind {
    fn of(days: &Days) -> Self {
        match days {
            Days::Once { from, to } if from == to => Self::Date,
            Days::Once { .. } => Self::Range,
            Days::Yearly { from, to } if from == to => Self::Yearly,
            Days::Yearly { .. } => Self::YearlyRange,
            Days::Nth { .. } => Self::Nth,
            Days::Easter { .. } => Self::Easter,
        }
    }

    /// A day of this kind to begin with, near a date.
    fn starter(self, near: NaiveDate) -> Days {
        let week_later = near.checked_add_days(chrono::Days::new(7)).unwrap_or(near);
        match self {
            Self::Date => Days::Once { from: near, to: near },
            Self::Range => Days::Once { from: near, to: week_later },
            Self::Yearly => Days::Yearly { from: YearDay::of(near), to: YearDay::of(near) },
            Self::YearlyRange => Days::Yearly { from: YearDay::of(near), to: YearDay::of(week_later) },
            Self::Nth => Days::Nth { month: None, nth: 1, weekday: near.weekday(), offset: 0 },
            Self::Easter => Days::Easter { offset: 0 },
        }
    }
}
