//! The columns of the list of calls: how wide each is, and what stands in it.

use std::collections::BTreeMap;

use egui::{CursorIcon, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::places::{COLUMNS, Places};
use super::{ended, marks};
use crate::routing::{Medium, number};
use crate::service::messages::Command;
use crate::storage::Settings;
use crate::storage::call_log::Summary;
use crate::storage::call_log::search::Order;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{self, Tone, icons, text};
use crate::ui::widgets::{self, Button, OutcomeKind, menu_button, menu_item, safe_text, time_ago};
use chrono::{DateTime, Utc};

/// So much of the caller's column the two letters of a country take, in points.
const COUNTRY: f32 = 26.0;

/// These are always shown.
const ALWAYS: [&str; 2] = ["Time", "Caller"];

/// The menu of the columns that are shown. Says whether their widths are to be the usual ones again.
pub(super) fn choice_ui(ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
    let hidden = &state.settings.hidden_columns;
    let has_widths = !state.settings.column_widths.is_empty();
    let mut is_usual = false;
    let button = Button::icon(icons::COLUMNS, "Choose columns").selected(!hidden.is_empty() || has_widths);
    menu_button(ui, button, |ui| {
        for (title, ..) in COLUMNS.iter().filter(|(title, ..)| !ALWAYS.contains(title)) {
            let is_hidden = hidden.contains(*title);
            let icon = if is_hidden { icons::EYE } else { icons::EYE_OFF };
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
        if has_widths && menu_item(ui, icons::UNDO, "Usual widths").clicked() {
            let settings = Settings { column_widths: BTreeMap::new(), ..state.settings.clone() };
            actions.push(Action::Send(Command::SaveSettings(settings)));
            is_usual = true;
        }
    });
    is_usual
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
pub(super) fn header_ui(ui: &mut Ui, row: Rect, places: &Places, order: &mut Order) {
    let p = theme::palette(ui);
    for (index, place) in cells(row, places).into_iter().enumerate() {
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
    /// The two letters of the country, where it is another than the line's.
    pub(super) country: String,
    /// The line by its name, else by its number.
    pub(super) line: String,
}

/// One call.
pub(super) fn row_ui(
    ui: &mut Ui,
    (row, places): (Rect, &Places),
    state: &State,
    call: &Summary,
    ends: &Ends,
) {
    let Ends { caller, about_caller, country, line: called } = ends;
    let [time, from, line, rule, outcome, agent, marked, took, version] = cells(row, places);
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
        let about = |response: egui::Response| {
            if !about_caller.is_empty() {
                response.on_hover_text(safe_text(about_caller));
            }
        };
        if country.is_empty() {
            return about(ui.add(Label::new(strong).truncate()));
        }
        let room = ui.available_width() - COUNTRY;
        about(
            ui.scope(|ui| {
                ui.set_max_width(room);
                ui.add(Label::new(strong).truncate())
            })
            .inner,
        );
        about(ui.label(text::faint(p, country)));
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
pub(super) fn blank_ui(ui: &Ui, row: Rect, places: &Places) {
    let p = theme::palette(ui);
    for place in cells(row, places).into_iter().flatten() {
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

/// The columns of a row.
fn cells(row: Rect, places: &Places) -> [Option<Rect>; COLUMNS.len()] {
    places.map(|place| place.map(|place| Rect::from_x_y_ranges(place, row.y_range())))
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
    let Ends { caller, about_caller: _, country, line } = ends;
    let rule = call.overruled.as_deref().or(call.rule_name.as_deref()).unwrap_or(fallback_words(call));
    let outcome = kind_of(call).map_or("", OutcomeKind::word);
    let agent = call.agent.as_deref().unwrap_or_default();
    let marks = marks::of(call);
    let marks: String = marks.iter().flat_map(|mark| [", ", mark.word.as_str()]).collect();
    let country = number::country_name(country).map(|name| format!(" from {name}")).unwrap_or_default();
    let kind = if call.medium == Medium::Text { "Text, " } else { "" };
    safe_text(format!("{kind}{caller}{country} to {line}, {rule}, {outcome} {agent}, {ago}{marks}").as_str())
        .into_owned()
}
