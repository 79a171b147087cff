//! The columns of the list of calls: which there are, where each stands in a row, and how wide it was
//! drawn. What stands in them is `columns`' business.

use std::collections::{BTreeMap, BTreeSet};

use egui::{CursorIcon, Id, Key, Rangef, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::service::messages::Command;
use crate::storage::Settings;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, space};

/// A column's title, its width in points, and by what weight it shares what is left.
type Column = (&'static str, f32, f32);

pub(super) const COLUMNS: [Column; 9] = [
    ("Time", 92.0, 0.0),
    ("Caller", 140.0, 0.5),
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

/// So wide is what an edge is seized by, in points.
const EDGE: f32 = 10.0;
/// So far a key moves it.
const KEY_STEP: f32 = 8.0;

/// Where each column stands, from left to right; `None` for those that are hidden or that there is no room
/// for.
pub(super) type Places = [Option<Rangef>; COLUMNS.len()];

/// Widths that the person gave to columns, in points, by their titles.
type Widths = BTreeMap<String, u16>;

/// An edge that is being drawn.
#[derive(Default)]
pub(super) struct Edges {
    /// The column before it, and how wide that is meanwhile.
    drawn: Option<(usize, f32)>,
}

impl Edges {
    /// Where the columns stand in `row`.
    pub(super) fn places(&self, row: Rect, settings: &Settings) -> Places {
        let mut widths = settings.column_widths.clone();
        if let Some((column, width)) = self.drawn {
            widths.insert(COLUMNS[column].0.to_owned(), width as u16);
        }
        places(row.x_range(), &settings.hidden_columns, &widths)
    }

    /// The edges between the titles: drawn to another place, or with a double click back to the usual one.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        row: Rect,
        places: &Places,
        state: &State,
        actions: &mut Actions,
    ) {
        let last = places.iter().rposition(Option::is_some);
        let mut still_drawn = false;
        for (column, place) in places.iter().enumerate() {
            let Some(place) = place.filter(|_| Some(column) != last) else { continue };
            let (title, ..) = COLUMNS[column];
            let middle = place.max + GAP / 2.0;
            let edge = Rect::from_center_size(pos2(middle, row.center().y), vec2(EDGE, row.height()));
            let response =
                ui.interact(edge, Id::unique("edge of a column").with(title), Sense::click_and_drag());
            response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, format!("Width of {title}")));
            let is_seized = response.dragged() || response.is_pointer_button_down_on();
            if is_seized || response.hovered() || response.has_focus() {
                ui.set_cursor_icon(CursorIcon::ResizeColumn);
                let p = theme::palette(ui);
                let stroke = Stroke::new(
                    2.0,
                    if response.hovered() && !is_seized { p.border_strong } else { p.accent },
                );
                ui.painter().vline(middle, row.y_range().shrink(6.0), stroke);
            }
            let key = |key| response.has_focus() && ui.input(|input| input.key_pressed(key));
            let by_key = f32::from(i8::from(key(Key::ArrowRight)) - i8::from(key(Key::ArrowLeft))) * KEY_STEP;
            if response.double_clicked() {
                self.drawn = None;
                keep(state, actions, |widths| widths.remove(title));
            } else if response.dragged() {
                // Where there was no room for more, it goes on from what it came to.
                let is_drawn =
                    |(drawn, width): &(usize, f32)| *drawn == column && *width < place.span() + 1.5;
                let width = self.drawn.filter(is_drawn).map_or(place.span(), |(_, width)| width);
                self.drawn = Some((column, (width + response.drag_delta().x).max(least(column))));
                still_drawn = true;
            } else if by_key != 0.0 || response.drag_stopped() {
                // What it came to: there may be no room for more.
                let width = (place.span() + by_key).max(least(column)).round() as u16;
                keep(state, actions, |widths| widths.insert(title.to_owned(), width));
                // Until the settings are saved.
                self.drawn = Some((column, f32::from(width)));
                still_drawn = true;
            }
        }
        let is_kept = |(column, width): &(usize, f32)| {
            state.settings.column_widths.get(COLUMNS[*column].0) == Some(&(*width as u16))
        };
        if !still_drawn && self.drawn.as_ref().is_some_and(is_kept) {
            self.drawn = None;
        }
    }

    /// All columns as they are usually.
    pub(super) fn forget(&mut self) {
        self.drawn = None;
    }
}

fn keep(state: &State, actions: &mut Actions, change: impl FnOnce(&mut Widths) -> Option<u16>) {
    let mut column_widths = state.settings.column_widths.clone();
    change(&mut column_widths);
    if column_widths != state.settings.column_widths {
        let settings = Settings { column_widths, ..state.settings.clone() };
        actions.push(Action::Send(Command::SaveSettings(settings)));
    }
}

/// How narrow a column may become.
fn least(column: usize) -> f32 {
    let (_, usual, _) = COLUMNS[column];
    if usual > 0.0 { usual } else { NAME * 0.7 }
}

fn places(row: Rangef, hidden: &BTreeSet<String>, widths: &Widths) -> Places {
    let inner = Rangef::new(row.min + space::M, row.max - space::M);
    // How wide a column is at least, and how wide it was drawn.
    let drawn = COLUMNS.map(|(title, ..)| widths.get(title).map(|width| f32::from(*width)));
    let floor = |column: usize| drawn[column].map_or(COLUMNS[column].1, |width| width.min(least(column)));
    let mut shown = COLUMNS.map(|(title, ..)| !hidden.contains(title));
    let mut left_out = LEFT_OUT_FIRST.iter();
    let (spare, names) = loop {
        let columns = || (0..COLUMNS.len()).filter(|column| shown[*column]);
        let fixed: f32 = columns().map(|column| floor(column) + GAP).sum();
        let names = columns().filter(|column| floor(*column) == 0.0).count() as f32;
        let spare = (inner.span() - fixed + GAP).max(0.0);
        match left_out.next() {
            Some(&column) if spare < names * NAME => shown[column] = false,
            _ => break (spare, names),
        }
    };
    // What was drawn wider gets that as far as names can still be told in the others.
    let wanted = |column: usize| drawn[column].map_or(0.0, |width| width - floor(column));
    let columns = || (0..COLUMNS.len()).filter(|column| shown[*column]);
    let all_wanted: f32 = columns().map(wanted).sum();
    let given = (spare - names * NAME).clamp(0.0, all_wanted);
    let part = given / all_wanted.max(f32::MIN_POSITIVE);
    let weight = |column: usize| if drawn[column].is_some() { 0.0 } else { COLUMNS[column].2 };
    // Where no name is shown, nothing takes what is left.
    let all_weights = columns().map(weight).sum::<f32>().max(f32::MIN_POSITIVE);
    let mut x = inner.min;
    std::array::from_fn(|column| {
        shown[column].then(|| {
            let more = wanted(column) * part + (spare - given) * weight(column) / all_weights;
            let place = Rangef::new(x, x + floor(column) + more);
            x = place.max + GAP;
            place
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(width: f32, hidden: &[&str], widths: &[(&str, u16)]) -> Places {
        let hidden = hidden.iter().map(|title| (*title).to_owned()).collect();
        let widths = widths.iter().map(|(title, width)| ((*title).to_owned(), *width)).collect();
        let places = places(Rangef::new(0.0, width), &hidden, &widths);
        assert!(places.iter().flatten().all(|place| place.max <= width + 0.01), "{places:?}");
        places
    }

    fn shown(places: &Places) -> Vec<&'static str> {
        COLUMNS.iter().zip(places).filter(|(_, place)| place.is_some()).map(|(column, _)| column.0).collect()
    }

    fn width(places: &Places, title: &str) -> f32 {
        let column = COLUMNS.iter().position(|column| column.0 == title);
        column.and_then(|column| places[column]).map_or(0.0, Rangef::span)
    }

    #[test]
    fn names_can_be_told_in_a_narrow_list() {
        assert_eq!(shown(&laid_out(1100.0, &[], &[])).len(), 9);
        let narrow = laid_out(712.0, &[], &[]);
        assert_eq!(shown(&narrow), ["Time", "Caller", "Rule", "Outcome", "Agent", "Marks"]);
        assert_eq!(shown(&laid_out(572.0, &[], &[])), ["Time", "Caller", "Rule", "Outcome", "Agent"]);
        let narrow = laid_out(712.0, &["Rule", "Agent"], &[]);
        assert_eq!(shown(&narrow), ["Time", "Caller", "Line", "Outcome", "Marks", "ms", "Table"]);
    }

    #[test]
    fn a_column_is_as_wide_as_it_was_drawn_and_the_others_can_still_be_read() {
        let usual = laid_out(1600.0, &[], &[]);
        let drawn = laid_out(1600.0, &[], &[("Rule", 500)]);
        assert!((width(&drawn, "Rule") - 500.0).abs() < 0.5, "{drawn:?}");
        assert!(width(&drawn, "Line") < width(&usual, "Line"));
        // Far wider than there is room for: no column goes, and each keeps what its words need.
        for row in [1000.0, 1600.0] {
            let far = laid_out(row, &[], &[("Rule", 5000), ("Caller", 4000)]);
            assert_eq!(shown(&far), shown(&laid_out(row, &[], &[])), "{row}");
            for (title, least) in [("Time", 80.0), ("Caller", 140.0), ("Agent", 80.0), ("Outcome", 94.0)] {
                assert!(width(&far, title) >= least, "{row} {title} {far:?}");
            }
        }
        // And narrower than it can be read: the least that it needs, if that little is all it was given.
        assert!(width(&laid_out(1600.0, &[], &[("Line", 70)]), "Line") >= 70.0);
        let all: Vec<_> = COLUMNS.iter().map(|column| (column.0, 60)).collect();
        assert_eq!(shown(&laid_out(900.0, &[], &all)).len(), 9);
    }
}
