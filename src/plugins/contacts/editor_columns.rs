//! What each column of a file is: a phone number, a fact, or nothing that matters.

use egui::{Align, Label, Layout, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use super::settings::{CellKind, ColumnFact, Settings, fact_name};
use crate::plugins::{Column, Sample};
use crate::ui::theme::{CONTROL_HEIGHT, Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, TextField, divider, safe_text, select};

const ROW: f32 = CONTROL_HEIGHT + 2.0 * space::XS;
/// How wide the columns after the first are, in points.
const WIDTHS: [f32; 3] = [150.0, 150.0, 130.0];
const GAP: f32 = 12.0;

/// What a column is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Nothing,
    Number,
    Fact(CellKind),
}

const USES: [(Use, &str); 5] = [
    (Use::Nothing, "Not used"),
    (Use::Number, "Phone number"),
    (Use::Fact(CellKind::Text), "Text"),
    (Use::Fact(CellKind::Number), "Number"),
    (Use::Fact(CellKind::YesNo), "Yes or no"),
];

pub(super) fn columns_ui(ui: &mut Ui, settings: &mut Settings, sample: &Sample) {
    let p = palette(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    row(ui, 24.0, |ui, [column, used, name, default]| {
        for (rect, words) in [
            (column, "Column"),
            (used, "Used as"),
            (name, "Name after “contact.”"),
            (default, "If there is none"),
        ] {
            cell(ui, rect, |ui| ui.label(text::help(p, words)));
        }
    });
    for (index, column) in sample.columns.iter().enumerate() {
        divider(ui);
        let shown = sample.rows.iter().map(|row| row.get(index).map_or("", String::as_str));
        let example = shown.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
        ui.push_id(&column.name, |ui| column_ui(ui, settings, sample, column, example));
    }
    let is_there = |fact: &ColumnFact| {
        sample.columns.iter().any(|column| column.name.to_lowercase() == fact.column.trim().to_lowercase())
    };
    let mut removed = None;
    for (index, fact) in settings.facts.iter().enumerate().filter(|(_, fact)| !is_there(fact)) {
        divider(ui);
        if gone_ui(ui, fact) {
            removed = Some(index);
        }
    }
    removed.map(|index| settings.facts.remove(index));
}

fn column_ui(ui: &mut Ui, settings: &mut Settings, sample: &Sample, column: &Column, example: &str) {
    let p = palette(ui);
    let title = safe_text(&column.name);
    let at = settings
        .facts
        .iter()
        .position(|fact| fact.column.trim().to_lowercase() == column.name.to_lowercase());
    row(ui, ROW, |ui, [first, used, name, default]| {
        cell(ui, first, |ui| {
            ui.add(Label::new(text::label(&*title)).truncate());
            ui.add(Label::new(text::faint(p, safe_text(example))).truncate());
        });
        let before = match at {
            Some(index) => Use::Fact(settings.facts[index].kind),
            None if column.is_key => Use::Number,
            None => Use::Nothing,
        };
        let mut now = before;
        cell(ui, used, |ui| {
            select(ui, "use", used.width(), &mut now, &USES)
                .accessible_name(format!("What “{title}” is used as"))
        });
        if let Some(fact) = at.and_then(|index| settings.facts.get_mut(index)) {
            cell(ui, name, |ui| {
                ui.add(TextField::new(&mut fact.name).mono().width(name.width()).id_salt("name"))
                    .accessible_name(format!("Name of the fact of “{title}”"))
            });
            cell(ui, default, |ui| {
                let mut text = fact.default.clone().unwrap_or_default();
                let field =
                    TextField::new(&mut text).hint("Not known").width(default.width()).id_salt("default");
                if ui.add(field).accessible_name(format!("If there is no “{title}”")).changed() {
                    fact.default = Some(text).filter(|text| !text.is_empty());
                }
            });
        }
        if now != before {
            use_as(settings, sample, column, at, now);
        }
    });
}

fn use_as(settings: &mut Settings, sample: &Sample, column: &Column, at: Option<usize>, now: Use) {
    let keys = || sample.columns.iter().filter(|column| column.is_key).map(|column| column.name.clone());
    match (at, now) {
        (Some(index), Use::Fact(kind)) => settings.facts[index].kind = kind,
        (Some(index), _) => drop(settings.facts.remove(index)),
        (None, Use::Fact(kind)) => {
            let name = fact_name(&column.name, &settings.facts);
            settings.facts.push(ColumnFact { column: column.name.clone(), name, kind, default: None });
        }
        (None, _) => {}
    }
    // A column of numbers that becomes a fact goes on holding numbers.
    match now {
        Use::Number if !column.is_key => settings.numbers = keys().chain([column.name.clone()]).collect(),
        Use::Nothing if column.is_key => {
            settings.numbers = keys().filter(|name| *name != column.name).collect();
        }
        _ => {}
    }
}

/// A fact whose column is not in the file. Says whether it is to be removed.
fn gone_ui(ui: &mut Ui, fact: &ColumnFact) -> bool {
    let p = palette(ui);
    let mut removed = false;
    row(ui, ROW, |ui, [first, used, name, default]| {
        cell(ui, first, |ui| {
            ui.label(text::icon(icons::TRIANGLE_ALERT, p.tone(Tone::Warning).text).size(14.0));
            ui.add(Label::new(text::label(safe_text(&fact.column))).truncate());
        });
        cell(ui, used, |ui| ui.label(text::soft(p, "Not in the file")));
        cell(ui, name, |ui| ui.add(Label::new(text::code(safe_text(&fact.name))).truncate()));
        cell(ui, default, |ui| {
            let words = format!("Remove the fact of “{}”", safe_text(&fact.column));
            removed = ui.add(Button::icon(icons::TRASH, &words).small()).clicked();
        });
    });
    removed
}

fn row(ui: &mut Ui, height: f32, add: impl FnOnce(&mut Ui, [Rect; 4])) {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let fixed: f32 = WIDTHS.iter().map(|width| width + GAP).sum();
    let mut x = row.left() + (row.width() - fixed).max(80.0);
    let rest = WIDTHS.map(|width| {
        x += GAP;
        let rect = Rect::from_min_max(pos2(x, row.top()), pos2(x + width, row.bottom()));
        x += width;
        rect
    });
    let first = row.with_max_x(rest[0].left() - GAP);
    add(ui, [first, rest[0], rest[1], rest[2]]);
}

fn cell<R>(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = Layout::left_to_right(Align::Center);
    add(&mut ui.new_child(UiBuilder::new().max_rect(rect).layout(layout)))
}
