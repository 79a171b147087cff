//! The controls for conditions on the call itself.

use egui::{Grid, Response, Ui};
use serde_json::Value;

use super::day_of_month::Settings as Days;
use super::medium::Settings as Medium;
use super::month_window::Settings as Window;
use super::sample::Settings as Sample;
use super::sip_header::{Operator, Settings as Header, is_name};
use crate::plugins::EditorContext;
use crate::plugins::dates::YearDay;
use crate::plugins::editing::{edit, number_ui};
use crate::routing;
use crate::ui::theme::{palette, space, text};
use crate::ui::widgets::{Field, TextField, select, year_day_select, zone_words};

pub(super) fn medium_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, Medium { is }| {
        let options = [(routing::Medium::Call, "A call"), (routing::Medium::Text, "A text message")];
        Field::new("What comes in").show(ui, |ui| select(ui, "medium", 200.0, is, &options));
        let words = "Retell asks about text messages only where a number's inbound SMS webhook is set";
        ui.label(text::help(palette(ui), words));
    });
}

pub(super) fn month_window_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    edit(ui, settings, |ui, Window { from, to }| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            year_day_ui(ui, "From", from);
            year_day_ui(ui, "To", to);
        });
        let year = if from > to { ", over New Year" } else { "" };
        let words = format!(
            "Every year{year}, both days included; days begin and end in {}",
            zone_words(&context.table.zone)
        );
        ui.label(text::help(palette(ui), &words));
    });
}

fn year_day_ui(ui: &mut Ui, label: &str, chosen: &mut YearDay) {
    let error = chosen.check().err();
    Field::new(label).error(error.as_deref()).show_group(ui, |ui| {
        year_day_select(ui, label, chosen);
    });
}

pub(super) fn day_of_month_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, Days { days, last }| {
        Grid::new("days of the month").num_columns(7).min_col_width(48.0).show(ui, |ui| {
            for day in 1..=31 {
                let mut chosen = days.contains(&day);
                if ui.checkbox(&mut chosen, day.to_string()).changed() {
                    days.retain(|other| *other != day);
                    if chosen {
                        days.push(day);
                        days.sort_unstable();
                    }
                }
                if day % 7 == 0 {
                    ui.end_row();
                }
            }
        });
        ui.checkbox(last, "Last day of the month");
        let words =
            "A month that does not have a chosen day is passed over; the last day comes in every month";
        ui.label(text::help(palette(ui), words));
    });
}

pub(super) fn sample_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, Sample { percent, draw }| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let error = (!(1..=100).contains(percent)).then_some("From 1 to 100");
            number_ui(ui, Field::new("Percent of callers").error(error), "50", percent);
            let help = "Conditions with the same name draw the same callers; another name draws anew";
            let field = Field::new("Name of the draw").help(help).optional();
            field.show(ui, |ui| ui.add(TextField::new(draw).hint("Pilot").width(240.0)));
        });
        let words = "The same caller is always on the same side. Callers who hide their number are drawn by the line they call and the minute.";
        ui.label(text::help(palette(ui), words));
    });
}

pub(super) fn sip_header_ui(ui: &mut Ui, settings: &mut Value) {
    edit(ui, settings, |ui, Header { name, is, value }| {
        ui.horizontal_top(|ui| {
            let bad = !name.trim().is_empty() && !is_name(name.trim());
            let error = bad.then_some("Only what stands before the colon");
            let field = Field::new("Name of the header").error(error);
            field.show(ui, |ui| ui.add(TextField::new(name).hint("X-Campaign").width(200.0)));
            let options = Operator::ALL.map(|operator| (operator, operator.words(false)));
            let compared = |ui: &mut Ui| -> Response { select(ui, "comparison", 130.0, is, &options) };
            Field::new("Comparison").show(ui, compared);
            if *is != Operator::There {
                Field::new("Value").show(ui, |ui| ui.add(TextField::new(value).width(180.0)));
            }
        });
        let words = "Capital and small letters make no difference";
        ui.label(text::help(palette(ui), words));
    });
}

pub(super) fn default_agent_ui(ui: &mut Ui) {
    let words = "Holds when the line has an agent of its own at Retell. There is nothing to set.";
    ui.label(text::help(palette(ui), words));
}
