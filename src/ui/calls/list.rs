//! The list of answered calls, newest on top. Only the rows in sight are laid out. Once the
//! person has scrolled away, new calls do not move what is looked at; a pill brings them in.

use std::collections::HashMap;

use egui::{
    Color32, CornerRadius, EventFilter, Frame, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

use super::columns;
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::decision;
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, RADIUS, Tone, icons, space};
use crate::ui::widgets::{Button, time_ago};

const ROW: f32 = 40.0;
const HEADER: f32 = 34.0;

/// How the list is scrolled, and what it keeps from frame to frame.
#[derive(Default)]
pub(super) struct CallList {
    /// The first row in sight while scrolled away from the top.
    anchor: Option<Anchor>,
    /// The newest call that was seen at the top.
    newest_seen: Option<i64>,
    /// Scroll so that this row is in sight.
    go_to: Option<usize>,
    /// The end that older calls were asked for at, and how often something had failed by then.
    asked_before: Option<(i64, u64)>,
    callers: Callers,
}

struct Anchor {
    id: i64,
    row: usize,
    /// How much of the row is above the upper edge, in points.
    above: f32,
}

/// Numbers as people write them: working that out takes longer than drawing a row.
#[derive(Default)]
struct Callers {
    country: String,
    known: HashMap<String, String>,
}

impl Callers {
    fn words(&mut self, state: &State, number: &str) -> &str {
        if self.country != state.draft.country || self.known.len() > 10_000 {
            self.country.clone_from(&state.draft.country);
            self.known.clear();
        }
        self.known.entry(number.to_owned()).or_insert_with(|| state.number(Some(number)))
    }
}

impl CallList {
    /// Draws the list; a click on a row selects it.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        rows: &[usize],
        selected: &mut Option<i64>,
        actions: &mut Actions,
    ) {
        let p = theme::palette(ui);
        let frame = Frame::new().fill(p.surface).stroke(Stroke::new(1.0, p.border)).corner_radius(RADIUS);
        frame.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let (header, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER), Sense::hover());
            columns::header_ui(ui, header);
            ui.painter().hline(header.x_range(), header.bottom(), Stroke::new(1.0, p.border));
            if rows.is_empty() {
                ui.add_space(space::XL);
                ui.vertical_centered(|ui| {
                    decision::quiet(ui, "None of the calls loaded here fits the filter");
                });
                ui.add_space(space::M);
            }
            let body = ui.available_rect_before_wrap();
            self.body_ui(ui, state, rows, selected, actions);
            self.pill_ui(ui, state, rows, body);
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
        rows: &[usize],
        selected: &mut Option<i64>,
        actions: &mut Actions,
    ) {
        let has_older = state.total_calls > state.calls.len() as u64;
        let mut area = ScrollArea::vertical().id_salt("calls").auto_shrink(false);
        if let Some(offset) = self.wanted_offset(state, rows, ui.available_height()) {
            area = area.vertical_scroll_offset(offset);
        }
        let lines = rows.len() + usize::from(has_older);
        let output = area.show_rows(ui, ROW, lines, |ui, range| {
            for row in range {
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
                match rows.get(row) {
                    Some(index) => self.row_ui(ui, rect, state, rows, (row, *index), selected),
                    None => self.older_ui(ui, rect, state, actions),
                }
            }
        });
        self.remember(output.state.clamped_offset().y, state, rows);
    }

    /// Where to scroll to, if not where the list is already.
    fn wanted_offset(&mut self, state: &State, rows: &[usize], height: f32) -> Option<f32> {
        if let Some(row) = self.go_to.take() {
            let top = self.anchor.as_ref().map_or(0.0, |anchor| anchor.row as f32 * ROW + anchor.above);
            let (first, end) = (row as f32 * ROW, (row + 1) as f32 * ROW);
            let wanted = if first < top { first } else { (end - height).max(top) };
            return Some(wanted.max(0.0));
        }
        let anchor = self.anchor.as_ref()?;
        let row = rows.iter().position(|index| state.calls[*index].id == anchor.id);
        match row {
            Some(row) if row != anchor.row => Some(row as f32 * ROW + anchor.above),
            Some(_) => None,
            None => Some(0.0),
        }
    }

    fn remember(&mut self, offset: f32, state: &State, rows: &[usize]) {
        let id_at = |row: usize| rows.get(row).map(|index| state.calls[*index].id);
        let row = (offset / ROW) as usize;
        self.anchor = id_at(row).filter(|_| offset > 1.0).map(|id| Anchor {
            id,
            row,
            above: offset - row as f32 * ROW,
        });
        if self.anchor.is_none() {
            self.newest_seen = id_at(0).or(self.newest_seen);
        }
    }

    fn row_ui(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        state: &State,
        rows: &[usize],
        (row, index): (usize, usize),
        selected: &mut Option<i64>,
    ) {
        let p = theme::palette(ui);
        let call = &state.calls[index];
        let is_selected = *selected == Some(call.id);
        let withheld = if call.unreadable { "Could not be read" } else { "Withheld" };
        let caller = match &call.from {
            Some(number) => self.callers.words(state, number).to_owned(),
            None => withheld.to_owned(),
        };
        let line = match &call.line {
            Some(name) => name.clone(),
            None if call.to.is_empty() => "Unknown".to_owned(),
            None => self.callers.words(state, &call.to).to_owned(),
        };
        let ends = columns::Ends { caller, line };
        let response = ui.interact(rect, row_id(call.id), Sense::click());
        response.widget_info(|| {
            let ago = time_ago(columns::moment(call), state.now);
            let words = columns::spoken(call, &ends, &ago);
            WidgetInfo::selected(Role::ListBoxOption, true, is_selected, words)
        });
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
        columns::row_ui(ui, rect, state, call, &ends);
        if response.has_focus() {
            let ring = Stroke::new(2.0, p.focus);
            ui.painter().rect_stroke(rect.shrink(1.0), CornerRadius::same(4), ring, egui::StrokeKind::Inside);
            self.keys(ui, state, rows, row, selected);
        }
        if response.clicked() {
            *selected = (!is_selected).then_some(call.id);
            response.request_focus();
        }
    }

    /// Up and down walk through the rows; what is looked into goes along.
    fn keys(&mut self, ui: &Ui, state: &State, rows: &[usize], row: usize, selected: &mut Option<i64>) {
        let id = row_id(state.calls[rows[row]].id);
        let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
        // Taken away, or the next row would find it pressed too in this same frame.
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let to = match (pressed(Key::ArrowUp), pressed(Key::ArrowDown)) {
            (true, _) => row.checked_sub(1),
            (_, true) => Some(row + 1),
            _ => None,
        };
        if let Some((to, index)) = to.and_then(|to| Some((to, *rows.get(to)?))) {
            let call = state.calls[index].id;
            ui.memory_mut(|memory| memory.request_focus(row_id(call)));
            self.go_to = Some(to);
            if selected.is_some() {
                *selected = Some(call);
            }
        }
    }

    fn older_ui(&mut self, ui: &mut Ui, rect: Rect, state: &State, actions: &mut Actions) {
        let before = state.calls.back().map(|call| call.id);
        let asks = before.map(|id| (id, state.failures));
        let middle = egui::Layout::top_down(egui::Align::Center);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).layout(middle));
        ui.add_space((ROW - CONTROL_HEIGHT_SMALL) / 2.0);
        let wanted = asks.is_none() || self.asked_before != asks;
        let words = if wanted { "Load older calls" } else { "Loading older calls…" };
        if ui.add_enabled(wanted, Button::secondary(words).small()).clicked() {
            self.asked_before = asks;
            actions.push(Action::Send(Command::LoadCalls { before }));
        }
    }

    fn pill_ui(&mut self, ui: &mut Ui, state: &State, rows: &[usize], body: Rect) {
        if self.anchor.is_none() {
            return;
        }
        let Some(seen) = self.newest_seen else { return };
        let count = rows.iter().take_while(|index| state.calls[**index].id > seen).count();
        let words = match count {
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
            self.anchor = None;
            self.go_to = Some(0);
            ui.ctx().request_repaint();
        }
    }
}

fn row_id(call: i64) -> Id {
    Id::unique("call row").with(call)
}
