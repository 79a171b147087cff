//! The entries of a list in rows, of which only those in sight are laid out.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use egui::{CornerRadius, Frame, Label, Layout, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, pos2, vec2};

use super::edits::name_of;
use crate::plugins::lists::{Hits, Who, counts};
use crate::routing::{Entry, List, grouped};
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, RADIUS, Tone, icons, space, text};
use crate::ui::widgets::{Button, safe_text, status, time_ago};

const ROW: f32 = 40.0;
const HEADER: f32 = 34.0;
const GAP: f32 = 12.0;
const ADDED: &str = "Added";
/// Below this width in points a row has no room for the day that an entry was added.
const ROOMY: f32 = 800.0;

/// Titles, widths in points, and by what weight they share what is left.
const COLUMNS: [(&str, f32, f32); 6] = [
    ("Caller", 196.0, 0.25),
    ("Note", 0.0, 1.0),
    ("Calls, last", 112.0, 0.0),
    (ADDED, 88.0, 0.0),
    ("Until", 94.0, 0.0),
    ("", 2.0 * CONTROL_HEIGHT_SMALL + space::XS, 0.0),
];

/// What is wanted of the entry at a place.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    Change(usize),
    Remove(usize),
}

/// Draws the entries at the places `rows`.
pub(super) fn rows_ui(
    ui: &mut Ui,
    state: &State,
    list: &List,
    rows: &[u32],
    today: NaiveDate,
) -> Option<Wanted> {
    let p = theme::palette(ui);
    let frame = Frame::new().fill(p.surface).stroke(Stroke::new(1.0, p.border)).corner_radius(RADIUS);
    let mut wanted = None;
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let (header, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER), Sense::hover());
        for ((title, ..), rect) in COLUMNS.iter().zip(layout(header)).filter(|(_, rect)| rect.width() > 0.0) {
            cell(ui, rect, |ui| ui.label(text::help(p, *title).font(text::medium(text::SMALL))));
        }
        ui.painter().hline(header.x_range(), header.bottom(), Stroke::new(1.0, p.border));
        if rows.is_empty() {
            ui.add_space(space::XL);
            ui.vertical_centered(|ui| ui.label(text::soft(p, "No entry fits the search")));
            ui.add_space(space::XL);
            return;
        }
        ScrollArea::vertical().id_salt(("entries", &list.id)).auto_shrink([false, true]).show_rows(
            ui,
            ROW,
            rows.len(),
            |ui, range| {
                for place in &rows[range] {
                    let index = *place as usize;
                    let Some(entry) = list.entries.get(index) else { continue };
                    ui.push_id(index, |ui| wanted = row_ui(ui, state, list, entry, index, today).or(wanted));
                }
            },
        );
    });
    wanted
}

fn row_ui(
    ui: &mut Ui,
    state: &State,
    list: &List,
    entry: &Entry,
    index: usize,
    today: NaiveDate,
) -> Option<Wanted> {
    let p = theme::palette(ui);
    let (row, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    if response.contains_pointer() {
        ui.painter().rect_filled(row, CornerRadius::ZERO, p.sunken);
    }
    ui.painter().hline(row.x_range(), row.bottom() - 0.5, Stroke::new(1.0, p.border));
    let [caller, note, calls, added, until, buttons] = layout(row);
    let home = &state.draft.country;
    let who = Who::read(&entry.what, home);
    let name = safe_text(&name_of(entry, home)).into_owned();
    let is_past = !counts(entry, today);
    cell(ui, caller, |ui| caller_ui(ui, who.as_ref(), &name, is_past));
    cell(ui, note, |ui| {
        if who.is_none() {
            status(ui, Tone::Warning, "Cannot be read");
        }
        cut(ui, text::soft(p, safe_text(&entry.note)), &entry.note);
    });
    cell(ui, calls, |ui| hits_ui(ui, state, list, index));
    if added.width() > 0.0 {
        cell(ui, added, |ui| ui.label(text::soft(p, day(entry.added)).size(13.0)));
    } else if let (Some(_), true) = (entry.added, response.contains_pointer()) {
        response.on_hover_text(format!("Added {}", day(entry.added)));
    }
    cell(ui, until, |ui| match entry.until {
        Some(_) if is_past => {
            status(ui, Tone::Neutral, "Expired")
                .on_hover_text(format!("It counted until {}", day(entry.until)));
        }
        None => drop(ui.label(text::faint(p, "Always"))),
        until => drop(ui.label(text::soft(p, day(until)).size(13.0))),
    });
    cell(ui, buttons, |ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        let (change, remove) = (format!("Change {name}"), format!("Remove {name}"));
        let change = ui.add(Button::icon(icons::PENCIL, &change).tooltip("Change…").small());
        let remove = ui.add(Button::icon(icons::TRASH, &remove).tooltip("Remove").small());
        if change.gained_focus() || remove.gained_focus() {
            ui.scroll_to_rect(row, None);
        }
        if change.clicked() {
            return Some(Wanted::Change(index));
        }
        remove.clicked().then_some(Wanted::Remove(index))
    })
}

/// How many calls the entry stood for, and when the last of them came.
fn hits_ui(ui: &mut Ui, state: &State, list: &List, index: usize) {
    let p = theme::palette(ui);
    // What was counted for other entries says nothing of these.
    let counted = state.hits.as_ref().filter(|hits| Arc::ptr_eq(&hits.entries, &list.entries));
    match counted.map(|hits| hits.hits.as_ref().map(|hits| hits.get(index).copied().unwrap_or_default())) {
        None => drop(ui.label(text::faint(p, "…"))),
        Some(Err(why)) => drop(ui.label(text::faint(p, "Not known")).on_hover_text(why)),
        Some(Ok(Hits { calls: 0, .. })) => drop(ui.label(text::faint(p, "None"))),
        Some(Ok(Hits { calls, last_ms })) => {
            let newest = DateTime::from_timestamp_millis(last_ms).unwrap_or_default();
            let words = format!("{}, {}", grouped(calls as usize), time_ago(newest, state.now));
            ui.label(text::soft(p, words).size(13.0)).on_hover_text(decision::exact(state, newest));
        }
    }
}

fn caller_ui(ui: &mut Ui, who: Option<&Who>, name: &str, is_past: bool) {
    let p = theme::palette(ui);
    let (icon, colour) = match who {
        None => (icons::TRIANGLE_ALERT, p.tone(Tone::Warning).text),
        Some(Who::Number(_)) => (icons::PHONE, p.text_faint),
        Some(Who::Country(_)) => (icons::GLOBE, p.text_faint),
        Some(Who::Prefix(_) | Who::Pattern(_)) => (icons::HASH, p.text_faint),
    };
    ui.label(text::icon(icon, colour).size(14.0));
    let colour = if is_past { p.text_faint } else { p.text };
    cut(ui, text::label(name).color(colour), name);
}

/// Text cut where there is no room, whole when pointed at.
fn cut(ui: &mut Ui, words: egui::RichText, whole: &str) {
    let label = ui.add(Label::new(words).truncate());
    if label.intrinsic_size().is_some_and(|size| size.x > label.rect.width() + 0.5) {
        label.on_hover_text(safe_text(whole));
    }
}

fn day(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.format("%-d %b %Y").to_string())
}

/// The places of all columns in a row; one without width is left out.
fn layout(row: Rect) -> [Rect; 6] {
    let inner = row.shrink2(vec2(space::M, 0.0));
    let columns = COLUMNS.map(|(title, least, weight)| {
        let is_left_out = title == ADDED && inner.width() < ROOMY;
        if is_left_out { (-GAP, 0.0) } else { (least, weight) }
    });
    let fixed: f32 = columns.iter().map(|column| column.0).sum();
    let weights: f32 = columns.iter().map(|column| column.1).sum();
    let spare = (inner.width() - fixed - GAP * (columns.len() - 1) as f32).max(0.0);
    let mut x = inner.left();
    columns.map(|(least, weight)| {
        let width = least + spare * weight / weights;
        let rect = Rect::from_min_max(pos2(x, row.top()), pos2(x + width.max(0.0), row.bottom()));
        x += width + GAP;
        rect
    })
}

fn cell<R>(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = Layout::left_to_right(egui::Align::Center);
    add(&mut ui.new_child(UiBuilder::new().max_rect(rect).layout(layout)))
}
