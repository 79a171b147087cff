//! The list of rules: search, drag and drop, the fallback at its end.

use std::collections::HashMap;

use egui::{
    CornerRadius, Frame, Id, Label, Margin, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo,
    vec2,
};
use egui_dnd::{DragAxis, DragDropConfig, dnd};

use super::checks;
use super::edits::{self, Deed, Done};
use super::row::{ROW_HEIGHT, Row, row_id};
use super::sentences::{outcome_ui, outline_ui};
use super::view::View;
use super::{Target, problems_of};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{RADIUS, icons, palette, space, text};
use crate::ui::widgets::{
    Button, EmptyState, TextField, card, problem_line, safe_text, select, warning_line,
};

/// From how many rules on the list can be searched.
const SEARCHED: usize = 8;
/// Room kept at the end for the fallback, in points.
const FALLBACK_HEIGHT: f32 = 58.0;

/// What a person wants of the list.
pub(super) enum Asked {
    /// To have this in the editor.
    Open(Target),
    /// To start from an example.
    Start,
    /// To see all that the checks say.
    Checks,
}

/// What the list remembers from frame to frame.
#[derive(Default)]
pub(super) struct List {
    words: String,
    line: Option<usize>,
    /// How high each row was drawn last.
    heights: HashMap<String, f32>,
}

impl List {
    /// Draws it; gives back what is wanted.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        view: &View,
        open: Option<&Target>,
        actions: &mut Actions,
    ) -> Option<Asked> {
        if view.rules.len() > SEARCHED || self.is_filtered() {
            self.search_ui(ui, state);
        }
        let mut asked = checks::strip_ui(ui, state).then_some(Asked::Checks);
        scrolled(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            if !view.rules.is_empty() {
                let wanted = self.rows_ui(ui, state, view, open, actions).map(Asked::Open);
                asked = wanted.or(asked.take());
                return;
            }
            let (adds, starts) = empty_ui(ui);
            if adds {
                asked = act(ui, edits::add(&state.draft, 0), actions).map(Asked::Open);
            } else if starts {
                asked = Some(Asked::Start);
            }
        });
        let is_open = open == Some(&Target::Fallback);
        if fallback_ui(ui, state, view, is_open) {
            asked = Some(Asked::Open(Target::Fallback));
        }
        asked
    }

    fn is_filtered(&self) -> bool {
        !self.words.trim().is_empty() || self.line.is_some()
    }

    fn search_ui(&mut self, ui: &mut Ui, state: &State) {
        ui.horizontal(|ui| {
            let lines = &state.draft.lines;
            let line_width = if lines.is_empty() { 0.0 } else { 200.0 + space::S };
            let clear_width = if self.is_filtered() { 80.0 } else { 0.0 };
            let width = (ui.available_width() - line_width - clear_width).min(360.0);
            ui.add(TextField::new(&mut self.words).hint("Search the rules").width(width).id_salt("search"))
                .accessible_name("Search the rules");
            if !lines.is_empty() {
                let mut options = vec![(None, "All lines")];
                options.extend(lines.iter().enumerate().map(|(n, line)| (Some(n), line.name.as_str())));
                select(ui, "line", 200.0, &mut self.line, &options)
                    .accessible_name("Only rules that calls to this line can match");
            }
            if self.is_filtered() && ui.add(Button::quiet("Clear")).clicked() {
                *self = Self::default();
            }
        });
    }

    fn rows_ui(
        &mut self,
        ui: &mut Ui,
        state: &State,
        view: &View,
        open: Option<&Target>,
        actions: &mut Actions,
    ) -> Option<Target> {
        let words = self.words.to_lowercase();
        let shown: Vec<usize> =
            (0..view.rules.len()).filter(|&index| view.rules[index].is_found(&words, self.line)).collect();
        let filtered = self.is_filtered();
        if filtered {
            let found = match shown.len() {
                0 => "No rule fits this search".to_owned(),
                n => format!("{n} of {} rules · clear the search to move them", view.rules.len()),
            };
            ui.label(text::help(palette(ui), found));
        }
        let heights = &mut self.heights;
        let mut asked: Option<(usize, Deed)> = None;
        let config = DragDropConfig { click_tolerance: 3.0, ..DragDropConfig::mouse() };
        let list = ui.scope_id().with("order");
        let dragged = dnd(ui, list)
            .with_mouse_config(config)
            .with_drag_axis(DragAxis::Vertical)
            .with_animation_time(0.15)
            .show(
                shown.iter().map(|&index| (&view.rules[index].id, index)),
                |ui, (id, index), handle, item| {
                    let problems: Vec<&str> = problems_of(state, id).collect();
                    let is_open = matches!(open, Some(Target::Rule(open)) if open == id);
                    let row = Row {
                        index,
                        now: state.now,
                        count: view.rules.len(),
                        rule: &view.rules[index],
                        problems: &problems,
                        findings: &state.findings,
                        is_open,
                        is_dragged: item.dragged,
                        can_move: !filtered,
                    };
                    let height = heights.entry(id.clone()).or_insert(ROW_HEIGHT);
                    if let Some(deed) = row.ui(ui, Some(handle), height) {
                        asked = Some((index, deed));
                    }
                },
            );
        if let Some(update) = dragged.final_update().filter(|_| !filtered) {
            // The place is told as it was before the rule was taken out of the list.
            let to = if update.from < update.to { update.to - 1 } else { update.to };
            return act(ui, edits::shift(&state.draft, update.from, to)?, actions);
        }
        match asked? {
            (index, Deed::Open) => Some(Target::Rule(view.rules[index].id.clone())),
            (index, deed) => act(ui, edits::apply(&state.draft, index, deed)?, actions),
        }
    }
}

/// Scrolls what leaves room for the fallback below it. The bar stands beside the cards, in the
/// margin of the screen.
fn scrolled(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let rows = ui.available_rect_before_wrap();
    let height = (rows.height() - FALLBACK_HEIGHT - space::M).max(120.0);
    let around = Rect::from_min_size(rows.min, vec2(rows.width() + space::L, height));
    let mut child = ui.new_child(UiBuilder::new().max_rect(around));
    ScrollArea::vertical().id_salt("rules").max_height(height).auto_shrink([false, true]).show(
        &mut child,
        |ui| {
            ui.set_max_width(rows.width());
            // Room for the ring around the first rule.
            ui.add_space(3.0);
            add(ui);
        },
    );
    let used = vec2(rows.width(), child.min_rect().height());
    ui.allocate_rect(Rect::from_min_size(rows.min, used), Sense::hover());
}

/// Hands the edit on, and the keyboard to the rule that is meant; gives back a new rule, to open.
pub(super) fn act(ui: &Ui, done: Done, actions: &mut Actions) -> Option<Target> {
    let Done { what, table, focus, opens } = done;
    actions.push(Action::Edit { what, table });
    let focus = focus?;
    if opens {
        return Some(Target::Rule(focus));
    }
    ui.memory_mut(|memory| memory.request_focus(row_id(&focus)));
    None
}

/// Says whether a rule is to be added, and whether an example is wanted.
fn empty_ui(ui: &mut Ui) -> (bool, bool) {
    let empty = EmptyState {
        icon: icons::ROUTE,
        title: "No rules yet: every call goes to the fallback",
        text: "A rule says which calls it is for and who answers them. The first rule that matches decides.",
    };
    card(ui, |ui| {
        empty.show(ui, |ui| {
            let add = Button::secondary("Add a rule").with_icon(icons::PLUS).name("Add the first rule");
            let start = Button::quiet("Start from an example…").with_icon(icons::LAYERS);
            (ui.add(add).clicked(), ui.add(start).clicked())
        })
    })
    .inner
}

/// What happens to calls that no rule matches. Says whether it was pressed.
fn fallback_ui(ui: &mut Ui, state: &State, view: &View, is_open: bool) -> bool {
    let p = palette(ui);
    let id = Id::unique("fallback row");
    let problems: Vec<String> = state
        .obstacles()
        .filter(|problem| problem.rule.is_none() && problem.field.starts_with("fallback"))
        .map(|problem| problem.message.clone())
        .collect();
    let height = ui.data(|data| data.get_temp(id)).unwrap_or(FALLBACK_HEIGHT);
    let rect = Rect::from_min_size(ui.next_widget_position(), vec2(ui.available_width(), height));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), "Fallback: all other calls"));
    let shown = Frame::new()
        .fill(p.sunken)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(CornerRadius::same(RADIUS))
        .inner_margin(Margin::symmetric(16, 12))
        .show(ui, |ui| {
            ui.take_available_width();
            ui.spacing_mut().item_spacing.y = space::XS;
            egui::Sides::new().shrink_left().height(26.0).show(
                ui,
                |ui| {
                    ui.add(Label::new(text::strong("All other calls")).truncate());

                    outcome_ui(ui, &view.fallback);
                },
                |ui| ui.label(text::faint(p, "Fallback · always last")),
            );
            for problem in &problems {
                problem_line(ui, problem);
            }
            for words in &view.fallback_unset {
                warning_line(ui, &safe_text(words));
            }
            checks::lines_ui(ui, state.findings.of_fallback());
        });
    let card = shown.response.rect;
    outline_ui(ui, card, is_open || response.has_focus(), response.hovered());
    ui.data_mut(|data| data.insert_temp(id, card.height()));
    response.clicked()
}
