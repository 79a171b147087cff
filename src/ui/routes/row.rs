//! One rule in the list: a card that reads as a sentence, its menus and its keys.

use chrono::{DateTime, Utc};
use egui::{
    CornerRadius, Frame, Id, Key, Margin, Modifiers, Rect, Role, Sense, Shadow, Sides, Stroke, StrokeKind,
    Ui, WidgetInfo, vec2,
};
use egui_dnd::Handle;

use super::checks;
use super::edits::Deed;
use super::sentences::{outcome_ui, outline_ui};
use super::view::{ConditionView, RuleView};
use crate::routing::{Phase, moment_short};
use crate::ui::app::Findings;
use crate::ui::theme::{RADIUS, Tone, icons, palette, space, text};
use crate::ui::widgets::{
    Button, Chip, capital, context_menu, menu_danger, menu_item, menu_separator, more_menu, problem_line,
    safe_text, status, switch, warning_line,
};

/// How high a row is taken to be before it was first drawn, in points.
pub(super) const ROW_HEIGHT: f32 = 82.0;
/// From the left of a card to its words: grip and number.
const INDENT: f32 = 52.0;

/// One rule to be drawn.
pub(super) struct Row<'a> {
    pub(super) index: usize,
    pub(super) count: usize,
    pub(super) now: DateTime<Utc>,
    pub(super) rule: &'a RuleView,
    pub(super) problems: &'a [&'a str],
    pub(super) findings: &'a Findings,
    /// It is open in the editor.
    pub(super) is_open: bool,
    /// It is being dragged and floats over the others.
    pub(super) is_dragged: bool,
    /// It may be moved: all rules are shown.
    pub(super) can_move: bool,
}

/// Identity of a rule's row, by the rule's id.
pub(super) fn row_id(rule: &str) -> Id {
    Id::unique(("rule row", rule))
}

impl Row<'_> {
    /// Draws it. `height` is how high it was in the frame before, and then how high it is now: a
    /// row out of sight is only given its room.
    pub(super) fn ui(&self, ui: &mut Ui, handle: Option<Handle<'_>>, height: &mut f32) -> Option<Deed> {
        let id = row_id(&self.rule.id);
        let mut deed = keys(ui, id);
        let rect = Rect::from_min_size(ui.next_widget_position(), vec2(ui.available_width(), *height));
        let response = ui.interact(rect, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.words()));
        ui.ctx().accesskit_node_builder(id, |node| node.set_description(self.rule.sentence.as_str()));
        if response.gained_focus() {
            response.scroll_to_me(None);
        }
        if !ui.is_rect_visible(rect) {
            ui.advance_cursor_after_rect(rect);
            return deed.filter(|deed| self.allows(*deed));
        }

        let p = palette(ui);
        let over = ui.rect_contains_pointer(rect);
        let shadow = if self.is_dragged { ui.visuals().popup_shadow } else { Shadow::NONE };
        let shown = Frame::new()
            .fill(p.surface)
            .shadow(shadow)
            .stroke(Stroke::new(1.0, p.border))
            .corner_radius(CornerRadius::same(RADIUS))
            .inner_margin(Margin { left: 8, right: 12, top: 8, bottom: 10 })
            .show(ui, |ui| {
                ui.take_available_width();
                ui.spacing_mut().item_spacing.y = space::XS;
                ui.push_id(&self.rule.id, |ui| {
                    deed = self.head_ui(ui, handle).or(deed);
                    self.sentence_ui(ui);
                    self.problems_ui(ui);
                });
            });
        let card = shown.response.rect;
        *height = card.height();
        let marked = (self.is_open && !response.has_focus()) || self.is_dragged;
        outline_ui(ui, card, marked, over);
        if response.has_focus() {
            let ring = Stroke::new(2.0, p.focus);
            let radius = CornerRadius::same(RADIUS + 2);
            ui.painter().rect_stroke(card.expand(2.0), radius, ring, StrokeKind::Middle);
        }
        context_menu(&response, |ui| deed = self.menu_ui(ui).or(deed));
        if response.clicked() {
            response.request_focus();
            deed = deed.or(Some(Deed::Open));
        }
        deed.filter(|deed| self.allows(*deed))
    }

    fn words(&self) -> String {
        let off = if self.rule.enabled { "" } else { ", off" };
        let phase = match self.phase() {
            Phase::NotYet => ", not yet",
            Phase::Now => "",
            Phase::Expired => ", expired",
        };
        format!("Rule {}{off}{phase}: {}", self.index + 1, self.rule.name)
    }

    fn phase(&self) -> Phase {
        self.rule.period.phase(self.now)
    }

    /// It takes no part now, and is drawn paler.
    fn is_pale(&self) -> bool {
        !self.rule.enabled || self.phase() != Phase::Now
    }

    fn allows(&self, deed: Deed) -> bool {
        match deed {
            Deed::Up | Deed::Top => self.can_move && self.index > 0,
            Deed::Down | Deed::Bottom => self.can_move && self.index + 1 < self.count,
            _ => true,
        }
    }

    fn head_ui(&self, ui: &mut Ui, handle: Option<Handle<'_>>) -> Option<Deed> {
        let rule = self.rule;
        let ((), deed) = Sides::new().shrink_left().height(28.0).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                self.grip_ui(ui, handle);
                if self.is_pale() {
                    ui.set_opacity(0.6);
                }
                ui.add(egui::Label::new(text::strong(&rule.name)).truncate());
                if !rule.note.is_empty() {
                    ui.add_space(space::S);
                    ui.add(egui::Label::new(text::faint(palette(ui), &rule.note)).truncate());
                }
            },
            |ui| {
                let mut deed = None;
                more_menu(ui, &format!("More about {}", rule.name), |ui| deed = self.menu_ui(ui));
                let mut on = rule.enabled;
                if switch(ui, &mut on, &format!("{} is on", rule.name)).changed() {
                    deed = Some(Deed::Switch);
                }
                if !rule.enabled {
                    status(ui, Tone::Neutral, "Off");
                }
                deed.or(self.phase_ui(ui))
            },
        );
        deed
    }

    /// That its time has not come, or is over: then it can be removed right here.
    fn phase_ui(&self, ui: &mut Ui) -> Option<Deed> {
        match self.phase() {
            Phase::Now => None,
            Phase::NotYet => {
                status(ui, Tone::Neutral, "Not yet");
                None
            }
            Phase::Expired => {
                status(ui, Tone::Neutral, "Expired");
                let name = format!("Remove expired rule {}", self.rule.name);
                let remove = Button::secondary("Remove").with_icon(icons::TRASH).small().name(&name);
                ui.add(remove).clicked().then_some(Deed::Delete)
            }
        }
    }

    /// Grip and number: what the row is dragged by.
    fn grip_ui(&self, ui: &mut Ui, handle: Option<Handle<'_>>) {
        let p = palette(ui);
        let can_move = self.can_move;
        let draw = |ui: &mut Ui| {
            let (rect, response) = ui.allocate_exact_size(vec2(INDENT - space::S, 28.0), Sense::hover());
            let middle = egui::Align2::CENTER_CENTER;
            let (grip, number) = rect.split_left_right_at_x(rect.left() + 20.0);
            ui.painter().text(number.center(), middle, self.index + 1, text::medium(13.0), p.text_faint);
            if can_move {
                let name = format!("Drag {}", self.rule.name);
                response.widget_info(|| WidgetInfo::labeled(Role::Unknown, ui.is_enabled(), &name));
                let colour = if response.hovered() { p.text_soft } else { p.border_strong };
                ui.painter().text(grip.center(), middle, icons::GRIP, text::icon_font(16.0), colour);
            }
        };
        match handle.filter(|_| can_move) {
            Some(handle) => drop(handle.ui(ui, draw)),
            None => draw(ui),
        }
        ui.add_space(space::S);
    }

    fn sentence_ui(&self, ui: &mut Ui) {
        indented(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
                if self.is_pale() {
                    ui.set_opacity(0.6);
                }
                conditions_ui(ui, &self.rule.when);
                self.period_ui(ui);
                outcome_ui(ui, &self.rule.then);
            });
        });
    }

    /// From when until when, if not always: "until 31 Dec, 18:00".
    fn period_ui(&self, ui: &mut Ui) {
        let period = &self.rule.period;
        if let Some(problem) = &self.rule.period_problem {
            let chip = Chip::new("unfinished dates").unfinished(true).show(ui);
            chip.response.on_hover_text(capital(problem));
            return;
        }
        let ends = [("from", period.from), ("until", period.until)];
        let words: Vec<_> = ends
            .iter()
            .filter_map(|(word, at)| Some(format!("{word} {}", moment_short(&(*at)?, self.now))))
            .collect();
        if !words.is_empty() {
            let chip = Chip::new(&words.join(" ")).icon(icons::CALENDAR).show(ui);
            chip.response.on_hover_text(capital(&period.words()));
        }
    }

    fn problems_ui(&self, ui: &mut Ui) {
        let unset = &self.rule.unset;
        let findings = || self.findings.of_rule(&self.rule.id);
        if self.problems.is_empty() && unset.is_empty() && findings().next().is_none() {
            return;
        }
        indented(ui, |ui| {
            for problem in self.problems {
                ui.add_space(2.0);
                problem_line(ui, problem);
            }
            for words in unset {
                ui.add_space(2.0);
                warning_line(ui, &safe_text(words));
            }
            checks::lines_ui(ui, findings());
        });
    }

    fn menu_ui(&self, ui: &mut Ui) -> Option<Deed> {
        let switch = if self.rule.enabled { "Switch off" } else { "Switch on" };
        let rows: [&[(char, &str, Deed)]; 4] = [
            &[(icons::PENCIL, "Edit", Deed::Open)],
            &[
                (icons::PLUS, "Add above", Deed::AddAbove),
                (icons::PLUS, "Add below", Deed::AddBelow),
                (icons::DUPLICATE, "Duplicate", Deed::Duplicate),
                (icons::POWER, switch, Deed::Switch),
            ],
            &[
                (icons::ARROW_UP, "Move up", Deed::Up),
                (icons::ARROW_DOWN, "Move down", Deed::Down),
                (icons::CHEVRON_UP, "Move to top", Deed::Top),
                (icons::CHEVRON_DOWN, "Move to bottom", Deed::Bottom),
            ],
            &[(icons::TRASH, "Delete", Deed::Delete)],
        ];
        let mut chosen = None;
        for (group, items) in rows.into_iter().enumerate() {
            if group > 0 {
                menu_separator(ui);
            }
            for &(icon, words, deed) in items {
                let clicked = ui.add_enabled_ui(self.allows(deed), |ui| match deed {
                    Deed::Delete => menu_danger(ui, icon, words).clicked(),
                    _ => menu_item(ui, icon, words).clicked(),
                });
                if clicked.inner {
                    chosen = Some(deed);
                }
            }
        }
        chosen
    }
}

/// What the keys do. Enter opens, as on every button.
const KEYS: [(Modifiers, Key, Deed); 8] = [
    (Modifiers::ALT, Key::ArrowUp, Deed::Up),
    (Modifiers::ALT, Key::ArrowDown, Deed::Down),
    (Modifiers::ALT, Key::Home, Deed::Top),
    (Modifiers::ALT, Key::End, Deed::Bottom),
    (Modifiers::COMMAND, Key::D, Deed::Duplicate),
    (Modifiers::NONE, Key::Delete, Deed::Delete),
    (Modifiers::NONE, Key::Backspace, Deed::Delete),
    (Modifiers::NONE, Key::Space, Deed::Switch),
];

/// What the row that has the keyboard is told by keys.
fn keys(ui: &Ui, id: Id) -> Option<Deed> {
    if !ui.memory(|memory| memory.has_focus(id)) {
        return None;
    }
    ui.input_mut(|input| {
        let pressed = |(modifiers, key, deed)| input.consume_key(modifiers, key).then_some(deed);
        KEYS.into_iter().find_map(pressed)
    })
}

fn indented(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    Frame::new().inner_margin(Margin { left: INDENT as i8, ..Margin::ZERO }).show(ui, |ui| {
        ui.take_available_width();
        add(ui);
    });
}

/// The conditions as chips: groups joined by "and", those of a group by "or".
fn conditions_ui(ui: &mut Ui, when: &[Vec<ConditionView>]) {
    let p = palette(ui);
    if when.is_empty() {
        ui.label(egui::RichText::new("Any call").color(p.text_faint));
    }
    for (group, conditions) in when.iter().enumerate() {
        if group > 0 {
            ui.label(text::faint(p, "and"));
        }
        for (index, condition) in conditions.iter().enumerate() {
            if index > 0 {
                ui.label(text::faint(p, "or"));
            }
            let chip = Chip::phrase(&condition.words).unfinished(condition.problem.is_some()).show(ui);
            if let Some(problem) = &condition.problem {
                chip.response.on_hover_text(capital(problem));
            }
        }
    }
}
