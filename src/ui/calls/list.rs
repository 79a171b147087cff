//! The list of answered calls, newest on top. Only the rows in sight are laid out, and only they are
//! asked of the log. Once the person has scrolled away, new calls do not move what is looked at; a
//! pill brings them in.

use std::collections::{HashMap, HashSet};

use egui::{
    Color32, CornerRadius, EventFilter, Frame, Id, Key, Modifiers, Rect, Role, Sense, Stroke, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::places::{Edges, Places};
use super::{columns, ended};
use crate::routing::number;
use crate::service::messages::Command;
use crate::storage::call_log::Summary;
use crate::storage::call_log::search::Order;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{self, RADIUS, Tone, icons, space};
use crate::ui::widgets::{Button, LongList, time_ago};

const ROW: f32 = 40.0;
const HEADER: f32 = 34.0;
/// More new calls than this at once are simply there.
const SLIDE_MAX: usize = 8;
/// In about this time, in seconds, most of a new row has slid in.
const SLIDE_S: f64 = 0.12;
/// So many rows are asked for beyond those in sight, on either side.
const BEYOND: usize = 60;

/// How the list is scrolled, and what it keeps from frame to frame.
#[derive(Default)]
pub(super) struct CallList {
    scroll: LongList,
    /// The first row in sight while scrolled away from the top.
    anchor: Option<Anchor>,
    /// The newest call that was seen at the top.
    newest_seen: Option<i64>,
    /// Scroll so that this row is in sight.
    go_to: Option<usize>,
    /// The rows that were asked for, and how often something had failed by then.
    asked: (HashSet<i64>, u64),
    callers: Callers,
    pub(super) edges: Edges,
    /// New calls are sliding in: so much of them is still above the upper edge, in points.
    sliding: f64,
}

struct Anchor {
    id: i64,
    /// How much of the row is above the upper edge, in points.
    above: f64,
}

/// Numbers as people write them, and where they are from: working that out takes longer than drawing
/// a row.
#[derive(Default)]
struct Callers {
    of: (String, bool),
    known: HashMap<String, Number>,
}

#[derive(Clone)]
struct Number {
    words: String,
    /// The country's two letters, and its name.
    code: String,
    country: &'static str,
}

impl Callers {
    fn number(&mut self, state: &State, number: &str) -> &Number {
        let of = (state.draft.country.clone(), state.settings.hide_numbers);
        if self.of != of || self.known.len() > 10_000 {
            self.of = of;
            self.known.clear();
        }
        self.known.entry(number.to_owned()).or_insert_with(|| {
            let code = number::country_of(number).unwrap_or_default();
            let country = number::country_name(&code).unwrap_or_default();
            Number { words: state.number(Some(number)), code, country }
        })
    }
}

impl CallList {
    /// Begins at the top again: something else is looked for.
    pub(super) fn restart(&mut self) {
        self.anchor = None;
        self.newest_seen = None;
        self.sliding = 0.0;
        self.go_to = Some(0);
    }

    /// Draws the list; a click on a row selects it, one on a title sorts. `nothing` is said where there is
    /// none.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        (nothing, order): (&str, &mut Order),
        selected: &mut Option<i64>,
        actions: &mut Actions,
    ) {
        let p = theme::palette(ui);
        let frame = Frame::new().fill(p.surface).stroke(Stroke::new(1.0, p.border)).corner_radius(RADIUS);
        frame.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let (header, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER), Sense::hover());
            let beside_bar = Rect::from_min_max(header.min, header.max - vec2(LongList::BAR, 0.0));
            let places = self.edges.places(beside_bar, &state.settings);
            columns::header_ui(ui, beside_bar, &places, order);
            self.edges.ui(ui, beside_bar, &places, state, actions);
            ui.painter().hline(header.x_range(), header.bottom(), Stroke::new(1.0, p.border));
            if state.found.is_empty() {
                ui.add_space(space::XL);
                ui.vertical_centered(|ui| decision::quiet(ui, nothing));
                ui.add_space(space::M);
            }
            let body = ui.available_rect_before_wrap();
            self.body_ui(ui, state, &places, selected, actions);
            self.pill_ui(ui, state, body);
        });
        let is_fresh =
            state.calls.front().is_some_and(|call| state.now.timestamp_millis() - call.at_ms < 60_000);
        // Only to count on "12 s ago": new calls bring their own frame.
        ui.ctx().request_repaint_after(std::time::Duration::from_secs(if is_fresh { 1 } else { 60 }));
    }

    fn body_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        places: &Places,
        selected: &mut Option<i64>,
        actions: &mut Actions,
    ) {
        let height = f64::from(ui.available_height());
        if let Some(top) = self.wanted_top(state, height) {
            self.scroll.scroll_to(top);
        } else if self.anchor.is_none() && state.found.order == Order::Newest {
            self.slide(ui, state);
        }
        let mut scroll = self.scroll;
        let mut seen = None;
        scroll.show(ui, Id::unique("calls"), (state.found.len(), ROW), |ui, rect, place| {
            let (first, _) = seen.unwrap_or((place, place));
            seen = Some((first, place));
            let Some(id) = state.found.id(place) else { return };
            self.row_ui(ui, (rect, places), state, (place, id), selected);
        });
        self.scroll = scroll;
        self.remember(state);
        if let Some((first, last)) = seen {
            self.ask(state, first, last, actions);
        }
    }

    /// Where to scroll to, if not where the list is already.
    fn wanted_top(&mut self, state: &State, height: f64) -> Option<f64> {
        let row_height = f64::from(ROW);
        let anchored = self.anchor.as_ref().map(|anchor| {
            let place = state.found.place(anchor.id);
            place.map_or(0.0, |place| place as f64 * row_height + anchor.above)
        });
        let Some(row) = self.go_to.take() else { return anchored };
        let top = anchored.unwrap_or(0.0);
        let (first, end) = (row as f64 * row_height, (row + 1) as f64 * row_height);
        Some(if first < top { first } else { (end - height).max(top) })
    }

    /// At the top, new calls slide in and push the others down.
    fn slide(&mut self, ui: &Ui, state: &State) {
        let new = self.newest_seen.and_then(|seen| state.found.place(seen)).unwrap_or_default();
        if (1..=SLIDE_MAX).contains(&new) {
            self.sliding += new as f64 * f64::from(ROW);
        } else if new > SLIDE_MAX {
            self.sliding = 0.0;
        }
        if self.sliding > 0.0 {
            let part = f64::from(ui.input(|input| input.stable_dt)) / SLIDE_S;
            self.sliding = (self.sliding * (1.0 - part.min(1.0)) - 1.0).max(0.0);
            ui.ctx().request_repaint();
        }
        self.scroll.scroll_to(self.sliding);
    }

    fn remember(&mut self, state: &State) {
        // Whoever turns the wheel meanwhile, scrolls from there.
        let is_sliding = self.sliding > 0.0 && (self.scroll.top() - self.sliding).abs() < 0.5;
        if !is_sliding {
            self.sliding = 0.0;
        }
        let top = if is_sliding { 0.0 } else { self.scroll.top() };
        let place = (top / f64::from(ROW)) as usize;
        self.anchor = state
            .found
            .id(place)
            .filter(|_| top > 1.0)
            .map(|id| Anchor { id, above: top - place as f64 * f64::from(ROW) });
        if self.anchor.is_none() {
            self.newest_seen = state.found.id(0).or(self.newest_seen);
        }
    }

    /// Asks for rows in sight that are not there yet, and for some around them.
    fn ask(&mut self, state: &State, first: usize, last: usize, actions: &mut Actions) {
        let (asked, failures) = &mut self.asked;
        asked.retain(|id| state.found.row(*id).is_none());
        if *failures != state.failures {
            asked.clear();
            *failures = state.failures;
        }
        let is_missing = |id: &i64| state.found.row(*id).is_none() && !asked.contains(id);
        let of = |places: std::ops::Range<usize>| places.filter_map(|place| state.found.id(place));
        if !of(first..last + 1).any(|id| is_missing(&id)) {
            return;
        }
        let around = first.saturating_sub(BEYOND)..last + 1 + BEYOND;
        let missing: Vec<i64> = of(around).filter(is_missing).collect();
        asked.extend(&missing);
        actions.push(Action::Send(Command::LoadRows(missing)));
    }

    fn row_ui(
        &mut self,
        ui: &mut Ui,
        (rect, places): (Rect, &Places),
        state: &State,
        (place, id): (usize, i64),
        selected: &mut Option<i64>,
    ) {
        let p = theme::palette(ui);
        let is_selected = *selected == Some(id);
        let response = ui.interact(rect, row_id(id), Sense::click());
        let fill = match (is_selected, response.hovered()) {
            (true, _) => p.tone(Tone::Accent).soft,
            (false, true) => p.sunken,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, CornerRadius::ZERO, fill);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, p.border));
        if is_selected {
            let bar = Rect::from_min_size(rect.min, vec2(3.0, ROW - 1.0));
            ui.painter().rect_filled(bar, CornerRadius::ZERO, p.accent);
        }
        if let Some(call) = state.found.row(id) {
            let ends = self.ends(state, call);
            response.widget_info(|| {
                let ago = time_ago(columns::moment(call), state.now);
                let became = state.ends.get(&call.id).and_then(ended::short);
                let became = became.map(|words| format!(", {words}")).unwrap_or_default();
                let words = format!("{}{became}", columns::spoken(call, &ends, &ago));
                WidgetInfo::selected(Role::ListBoxOption, true, is_selected, words)
            });
            columns::row_ui(ui, (rect, places), state, call, &ends);
        } else {
            let words = "A call that is being loaded";
            response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_selected, words));
            columns::blank_ui(ui, rect, places);
        }
        if response.has_focus() {
            let ring = Stroke::new(2.0, p.focus);
            ui.painter().rect_stroke(rect.shrink(1.0), CornerRadius::same(4), ring, egui::StrokeKind::Inside);
            self.keys(ui, state, (place, id), selected);
        }
        if response.clicked() {
            *selected = (!is_selected).then_some(id);
            response.request_focus();
        }
    }

    fn ends(&mut self, state: &State, call: &Summary) -> columns::Ends {
        let withheld = if call.unreadable { "Could not be read" } else { "Withheld" };
        let from = call.from.as_deref().map(|number| self.callers.number(state, number).clone());
        let to = (!call.to.is_empty()).then(|| self.callers.number(state, &call.to));
        // Most callers are of the line's own country, so it would only be in the way.
        let is_from_elsewhere =
            |from: &&Number| !from.country.is_empty() && to.is_none_or(|to| to.code != from.code);
        let country =
            from.as_ref().filter(is_from_elsewhere).map(|from| from.code.clone()).unwrap_or_default();
        let (caller, about_caller) = match (&call.caller_name, from) {
            (Some(name), Some(from)) => (name.clone(), format!("{}, {}", from.words, from.country)),
            (None, Some(from)) => (from.words, from.country.to_owned()),
            (_, None) => (withheld.to_owned(), String::new()),
        };
        let line = match (&call.line, to) {
            (Some(name), _) => name.clone(),
            (None, None) => "Unknown".to_owned(),
            (None, Some(to)) => to.words.clone(),
        };
        columns::Ends { caller, about_caller: about_caller.trim_end_matches(", ").to_owned(), country, line }
    }

    /// Up and down walk through the rows; what is looked into goes along.
    fn keys(&mut self, ui: &Ui, state: &State, (place, id): (usize, i64), selected: &mut Option<i64>) {
        let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(row_id(id), arrows));
        // Taken away, or the next row would find it pressed too in this same frame.
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let to = match (pressed(Key::ArrowUp), pressed(Key::ArrowDown)) {
            (true, _) => place.checked_sub(1),
            (_, true) => Some(place + 1),
            _ => None,
        };
        if let Some((to, call)) = to.and_then(|to| Some((to, state.found.id(to)?))) {
            ui.memory_mut(|memory| memory.request_focus(row_id(call)));
            self.go_to = Some(to);
            if selected.is_some() {
                *selected = Some(call);
            }
        }
    }

    fn pill_ui(&mut self, ui: &mut Ui, state: &State, body: Rect) {
        // In another order, new calls stand among the others.
        if self.anchor.is_none() || state.found.order != Order::Newest {
            return;
        }
        let Some(seen) = self.newest_seen else { return };
        // The one that was seen may be gone.
        let words = match state.found.place(seen).unwrap_or_default() {
            0 => return,
            1 => "1 new call".to_owned(),
            count => format!("{count} new calls"),
        };
        let width = 130.0;
        let rect = Rect::from_min_size(
            pos2(body.center().x - width / 2.0, body.top() + space::S),
            vec2(width, 32.0),
        );
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect));
        if ui.add(Button::primary(&words).with_icon(icons::ARROW_UP).wide()).clicked() {
            self.restart();
            ui.ctx().request_repaint();
        }
    }
}

fn row_id(call: i64) -> Id {
    Id::unique("call row").with(call)
}
