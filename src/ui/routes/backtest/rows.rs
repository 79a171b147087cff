//! The calls that the draft answers otherwise, each in a row that can be opened.

use egui::{
    Align, CornerRadius, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::service::backtest::{Changed, Fate, Kind};
use crate::ui::app::State;
use crate::ui::calls::moment;
use crate::ui::decision;
use crate::ui::theme::{RADIUS_SMALL, Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, capital, safe_text};

/// How high a row is, in points.
const ROW: f32 = 34.0;
/// So many rows of a kind are shown until all are wanted.
const SHOWN: usize = 10;
/// How wide the time and the caller are, in points.
const NARROW: [f32; 2] = [136.0, 136.0];
/// How much of the width the line takes at most.
const LINE: f32 = 150.0;

/// Draws them, the newest first. Gives the id of the call that was pressed.
pub(super) fn rows_ui(ui: &mut Ui, state: &State, kind: Kind, calls: &[&Changed]) -> Option<i64> {
    let mut opened = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    let all = ui.scope_id().with(("all", kind as u8));
    let shows_all = calls.len() <= SHOWN || ui.data(|data| data.get_temp(all)).unwrap_or(false);
    let shown = if shows_all { calls.len() } else { SHOWN };
    for changed in &calls[..shown] {
        if ui.push_id(changed.call.id, |ui| row_ui(ui, state, changed)).inner {
            opened = Some(changed.call.id);
        }
    }
    if !shows_all {
        let name = format!("Show all calls {}", kind.words());
        let words = format!("Show all {}", calls.len());
        if ui.add(Button::quiet(&words).with_icon(icons::CHEVRON_DOWN).small().name(&name)).clicked() {
            ui.data_mut(|data| data.insert_temp(all, true));
        }
    }
    opened
}

fn row_ui(ui: &mut Ui, state: &State, changed: &Changed) -> bool {
    let p = palette(ui);
    let at = moment(&changed.call).with_timezone(&decision::zone(state));
    let time = at.format("%a %-d %b, %H:%M").to_string();
    let caller = state.number(changed.call.from.as_deref());
    let line = changed.call.line.as_deref().unwrap_or(&changed.call.to);
    let (now, then) = words(changed);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let name = format!("Call from {caller}, {time}: {now} → {then}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), safe_text(&name)));
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, CornerRadius::same(RADIUS_SMALL), p.sunken);
    }
    let [time_width, caller_width] = NARROW;
    let mut left = rect.left() + space::S;
    let mut next = |width: f32| {
        let cell = Rect::from_min_max(pos2(left, rect.top()), pos2(left + width, rect.bottom()));
        left += width + space::M;
        cell
    };
    let cells = [next(time_width), next(caller_width), next(LINE.min(rect.width() * 0.16))];
    let change = next(0.0).with_max_x(rect.right() - space::XL);
    let soft = [p.text_soft, p.text, p.text_soft];
    for ((cell, words), colour) in cells.into_iter().zip([time.as_str(), &caller, line]).zip(soft) {
        in_cell(ui, cell, |ui| label(ui, RichText::new(safe_text(words)).color(colour)));
    }
    in_cell(ui, change, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        // Both have to be told apart, so neither may take all the room.
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width() * 0.48);
            label(ui, RichText::new(now).color(p.text_soft));
        });
        ui.label(text::icon(icons::ARROW_RIGHT, p.text_faint));
        let colour = if matches!(changed.draft, Fate::Nobody) { p.tone(Tone::Reject).text } else { p.text };
        label(ui, RichText::new(then).font(text::medium(text::BODY)).color(colour));
    });
    let open = Rect::from_min_max(pos2(rect.right() - space::XL, rect.top()), rect.max);
    in_cell(ui, open, |ui| drop(ui.label(text::icon(icons::CHEVRON_RIGHT, p.text_faint))));
    response.clicked()
}

/// What becomes of it now, and by the draft.
fn words(changed: &Changed) -> (String, String) {
    let fate = |fate: &Fate| safe_text(&capital(&fate.words())).into_owned();
    let then = match changed.kind {
        Kind::Told => format!("Told otherwise: {}", safe_text(&changed.told.join(", "))),
        Kind::Rejected | Kind::Elsewhere => fate(&changed.draft),
    };
    (fate(&changed.live), then)
}

fn label(ui: &mut Ui, words: RichText) {
    ui.add(Label::new(words).truncate().selectable(false));
}

fn in_cell(ui: &mut Ui, cell: Rect, add: impl FnOnce(&mut Ui)) {
    let place = UiBuilder::new().max_rect(cell).layout(Layout::left_to_right(Align::Center));
    add(&mut ui.new_child(place));
}
