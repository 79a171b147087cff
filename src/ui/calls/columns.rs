//! The columns of the list of calls: how wide each is, and what stands in it.

use std::collections::BTreeSet;

use egui::{CursorIcon, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::{ended, marks};
use crate::routing::Medium;
use crate::service::messages::Command;
use crate::storage::Settings;
use crate::storage::call_log::Summary;
use crate::storage::call_log::search::Order;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{self, Tone, icons, space, text};
use crate::ui::widgets::{self, Button, OutcomeKind, menu_button, menu_item, safe_text, time_ago};
use chrono::{DateTime, Utc};

/// Titles, widths in points, and by what weight they share what is left.
const COLUMNS: [(&str, f32, f32); 9] = [
    ("Time", 80.0, 0.0),
    ("Caller", 128.0, 0.5),
    ("Line", 0.0, 0.8),
    ("Rule", 0.0, 1.2),
    ("Outcome", 94.0, 0.0),
    ("Agent", 0.0, 1.0),
    ("Marks", 82.0, 0.0),
    ("ms", 42.0, 0.0),
    ("Table", 40.0, 0.0),
];

const GAP: f32 = 10.0;

/// What is left out first where it is narrow; the detail of a call tells it too.
const LEFT_OUT_FIRST: [usize; 4] = [8, 7, 2, 6];

/// The least width at which a name can be told, in points.
const NAME: f32 = 100.0;

/// These are always shown.
const ALWAYS: [&str; 2] = ["Time", "Caller"];

/// The menu of the columns that are shown.
pub(super) fn choice_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let hidden = &state.settings.hidden_columns;
    let button = Button::icon(icons::COLUMNS, "Choose columns").selected(!hidden.is_empty());
    menu_button(ui, button, |ui| {
        for (title, ..) in COLUMNS.iter().filter(|(title, ..)| !ALWAYS.contains(title)) {
            let is_hidden = hidden.contains(*title);
            let icon = if is_hidden { icons::MINUS } else { icons::CHECK };
            let words = if *title == "ms" { "Milliseconds" } else { title };
            let words = if is_hidden { format!("Show {words}") } else { format!("Hide {words}") };
            if menu_item(ui, icon, &words).clicked() {
                let mut hidden_columns = hidden.clone();
                if !hidden_columns.remove(*title) {
                    hidden_columns.insert((*title).to_owned());
                }
                let settings = Settings { hidden_columns, ..state.settings.clone() };
                actions.push(Action::Send(Command::SaveSettings(settings)));
            }
        }
    });
}

/// The places of all columns in a row; `None` for those that are hidden or that there is no room for.
fn layout(row: Rect, hidden: &BTreeSet<String>) -> [Option<Rect>; 9] {
    let inner = row.shrink2(egui::vec2(space::M, 0.0));
    let mut shown = COLUMNS.map(|(title, ..)| !hidden.contains(title));
    let mut left_out = LEFT_OUT_FIRST.iter();
    let (spare, all_weights) = loop {
        let columns =
            || COLUMNS.iter().zip(shown).filter(|(_, is_shown)| *is_shown).map(|(column, _)| column);
        let fixed: f32 = columns().map(|column| column.1 + GAP).sum();
        let spare = (inner.width() - fixed + GAP).max(0.0);
        let names = columns().filter(|column| column.1 == 0.0).count() as f32;
        match left_out.next() {
            Some(&column) if spare < names * NAME => shown[column] = false,
            _ => break (spare, columns().map(|column| column.2).sum::<f32>()),
        }
    };
    let mut x = inner.left();
    std::array::from_fn(|index| {
        let (_, least, weight) = COLUMNS[index];
        shown[index].then(|| {
            // Where no name is shown, nothing takes what is left.
            let width = least + spare * weight / all_weights.max(f32::MIN_POSITIVE);
            let place = Rect::from_min_max(pos2(x, row.top()), pos2(x + width, row.bottom()));
            x += width + GAP;
            place
        })
    })
}

/// In which order a click on a title puts the calls, and what that is called. A second click on the
/// time turns it round.
fn order_of(title: &str, now: Order) -> Option<(Order, &'static str)> {
    Some(match title {
        "Time" if now == Order::Newest => (Order::Oldest, "Oldest first"),
        "Time" => (Order::Newest, "Newest first"),
        "Caller" => (Order::Caller, "Sort by caller"),
        "Line" => (Order::Line, "Sort by line"),
        "Rule" => (Order::Rule, "Sort by rule"),
        "Agent" => (Order::Agent, "Sort by agent"),
        "ms" => (Order::Slowest, "Slowest first"),
        _ => return None,
    })
}

/// The titles; a click on one sorts by it.
pub(super) fn header_ui(ui: &mut Ui, row: Rect, state: &State, order: &mut Order) {
    let p = theme::palette(ui);
    for (index, place) in layout(row, &state.settings.hidden_columns).into_iter().enumerate() {
        let title = COLUMNS[index].0;
        let words = RichText::new(title).font(text::medium(text::SMALL));
        cell(ui, place, index >= 7, |ui| {
            let Some((wanted, name)) = order_of(title, *order) else {
                ui.label(words.color(p.text_soft));
                return;
            };
            let is_sorted = if title == "Time" { order.is_by_time() } else { wanted == *order };
            ui.spacing_mut().item_spacing.x = 3.0;
            let colour = if is_sorted { p.text } else { p.text_soft };
            let label = ui.add(Label::new(words.color(colour)).sense(Sense::click()).selectable(false));
            if is_sorted {
                let is_up = matches!(order, Order::Newest | Order::Slowest);
                ui.label(text::icon(if is_up { icons::CHEVRON_DOWN } else { icons::CHEVRON_UP }, colour));
            }
            label.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
            if label.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(name).clicked() {
                *order = wanted;
            }
        });
    }
}

/// Who called whom, as people write it.
pub(super) struct Ends {
    /// The caller by name, else by number; or why there is neither.
    pub(super) caller: String,
    /// The number, where there is a name too, and the country.
    pub(super) about_caller: String,
    /// The line by its name, else by its number.
    pub(super) line: String,
}

/// One call.
pub(super) fn row_ui(ui: &mut Ui, row: Rect, state: &State, call: &Summary, ends: &Ends) {
    let Ends { caller, about_caller, line: called } = ends;
    let [time, from, line, rule, outcome, agent, marked, took, version] =
        layout(row, &state.settings.hidden_columns);
    let p = theme::palette(ui);
    let words = |ui: &mut Ui, words: &str| ui.add(Label::new(safe_text(words)).truncate());
    cell(ui, time, false, |ui| {
        let at = moment(call);
        let ago = RichText::new(time_ago(at, state.now)).color(p.text_soft);
        ui.add(Label::new(ago).truncate()).on_hover_text(decision::exact(state, at));
    });
    cell(ui, from, false, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if call.medium == Medium::Text {
            ui.label(text::icon(icons::MESSAGE, p.text_soft)).on_hover_text("A text message");
        }
        let strong = RichText::new(safe_text(caller)).font(text::medium(text::BODY)).color(p.text);
        let label = ui.add(Label::new(strong).truncate());
        if !about_caller.is_empty() {
            label.on_hover_text(safe_text(about_caller));
        }
    });
    cell(ui, line, false, |ui| words(ui, called));
    cell(ui, rule, false, |ui| rule_ui(ui, call));
    cell(ui, outcome, false, |ui| {
        if let Some(kind) = kind_of(call) {
            widgets::outcome_badge(ui, kind);
        }
    });
    let became = state.ends.get(&call.id).and_then(ended::short);
    let (above, below) = match agent.filter(|_| became.is_some()) {
        Some(place) if call.agent.is_some() => {
            let (above, below) = place.shrink2(vec2(0.0, 4.0)).split_top_bottom_at_fraction(0.58);
            (Some(above), Some(below))
        }
        both => (agent, both),
    };
    cell(ui, above, false, |ui| {
        if let Some(name) = &call.agent {
            decision::agent_ui(ui, state, name);
        }
    });
    cell(ui, marked, false, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for mark in marks::of(call) {
            marks::mark_ui(ui, &mark);
        }
    });
    if let Some(became) = became {
        cell(ui, below, false, |ui| {
            ui.add(Label::new(text::faint(p, safe_text(&became))).truncate());
        });
    }
    cell(ui, took, true, |ui| ui.label(text::code(decision::milliseconds(call.took_us))));
    cell(ui, version, true, |ui| {
        // None was published then, so none is kept.
        if call.version > 0 {
            let hover = format!("Version {} of the table decided", call.version);
            ui.label(text::soft(p, format!("v{}", call.version))).on_hover_text(hover);
        }
    });
}

/// In place of a call that is not there yet.
pub(super) fn blank_ui(ui: &Ui, row: Rect, state: &State) {
    let p = theme::palette(ui);
    for place in layout(row, &state.settings.hidden_columns).into_iter().flatten() {
        let bar = Rect::from_center_size(place.center(), egui::vec2(place.width() * 0.9, 10.0));
        ui.painter().rect_filled(bar, egui::CornerRadius::same(4), p.sunken);
    }
}

fn rule_ui(ui: &mut Ui, call: &Summary) {
    let p = theme::palette(ui);
    if let Some(words) = &call.overruled {
        let colour = p.tone(Tone::Warning).text;
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(text::icon(icons::DOOR_CLOSED, colour));
        let words = RichText::new(safe_text(words)).color(colour);
        ui.add(Label::new(words).truncate()).on_hover_text("Stood above the rules");
    } else if let Some(name) = &call.rule_name {
        ui.add(Label::new(safe_text(name)).truncate());
    } else if call.fallback_used {
        let colour = p.tone(Tone::Warning).text;
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(text::icon(icons::TRIANGLE_ALERT, colour));
        let words = RichText::new(fallback_words(call)).color(colour);
        ui.add(Label::new(words).truncate());
    } else {
        ui.add(Label::new(RichText::new(fallback_words(call)).color(p.text_soft)).truncate());
    }
}

fn fallback_words(call: &Summary) -> &'static str {
    if call.fallback_used { "Fallback (something broke)" } else { "Fallback" }
}

fn cell<R>(ui: &mut Ui, place: Option<Rect>, at_the_right: bool, add: impl FnOnce(&mut Ui) -> R) {
    let Some(rect) = place else { return };
    let layout = if at_the_right {
        Layout::right_to_left(egui::Align::Center)
    } else {
        Layout::left_to_right(egui::Align::Center)
    };
    add(&mut ui.new_child(UiBuilder::new().max_rect(rect).layout(layout)));
}

/// When a call arrived.
pub(crate) fn moment(call: &Summary) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(call.at_ms).unwrap_or_default()
}

/// The badge of a call's outcome.
pub(super) fn kind_of(call: &Summary) -> Option<OutcomeKind> {
    match call.outcome.as_str() {
        "connect" => Some(OutcomeKind::Connect),
        "keep" => Some(OutcomeKind::Keep),
        "reject" => Some(OutcomeKind::Reject),
        _ => None,
    }
}

/// The row in one sentence, for those who do not see it.
pub(super) fn spoken(call: &Summary, ends: &Ends, ago: &str) -> String {
    let Ends { caller, about_caller: _, line } = ends;
    let rule = call.overruled.as_deref().or(call.rule_name.as_deref()).unwrap_or(fallback_words(call));
    let outcome = kind_of(call).map_or("", OutcomeKind::word);
    let agent = call.agent.as_deref().unwrap_or_default();
    let marks = marks::of(call);
    let marks: String = marks.iter().flat_map(|mark| [", ", mark.word.as_str()]).collect();
    let kind = if call.medium == Medium::Text { "Text, " } else { "" };
    safe_text(format!("{kind}{caller} to {line}, {rule}, {outcome} {agent}, {ago}{marks}").as_str())
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: f32, hidden: &[&str]) -> Vec<&'static str> {
        let row = Rect::from_min_size(pos2(0.0, 0.0), egui::vec2(width, 40.0));
        let places = layout(row, &hidden.iter().map(|title| (*title).to_owned()).collect());
        assert!(places.iter().flatten().all(|place| place.right() <= width), "{places:?}");
        COLUMNS.iter().zip(places).filter(|(_, place)| place.is_some()).map(|(column, _)| column.0).collect()
    }

    #[test]
    fn names_can_be_told_in_a_narrow_list() {
        assert_eq!(shown(1100.0, &[]).len(), 9);
        assert_eq!(shown(700.0, &[]), ["Time", "Caller", "Rule", "Outcome", "Agent", "Marks"]);
        assert_eq!(shown(560.0, &[]), ["Time", "Caller", "Rule", "Outcome", "Agent"]);
        let narrow = shown(700.0, &["Rule", "Agent"]);
        assert_eq!(narrow, ["Time", "Caller", "Line", "Outcome", "Marks", "ms", "Table"]);
    }
}
