//! When a rule applies: groups of conditions, each with its plugin's own controls.

use egui::{CornerRadius, Frame, Margin, Popup, ScrollArea, Sense, Stroke, Ui};

use crate::plugins::{ConditionEntry, EditorContext, fact};
use crate::routing::{AnyOf, Test, Vocabulary};
use crate::ui::app::State;
use crate::ui::help::{Page, help_button};
use crate::ui::theme::{self, RADIUS_SMALL, icons, palette, space, text};
use crate::ui::widgets::{Button, row_button, safe_text, section, toggle};

/// Draws all groups and lets them be changed.
pub(super) fn when_ui(ui: &mut Ui, state: &State, when: &mut Vec<AnyOf>) {
    section(ui, "When", "All of these must hold", |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        if when.is_empty() {
            let words = "No conditions: the rule is for any call";
            ui.label(egui::RichText::new(words).color(palette(ui).text_soft));
        }
        for (index, group) in when.iter_mut().enumerate() {
            if index > 0 {
                and_ui(ui);
            }
            ui.push_id(index, |ui| group_ui(ui, state, index, group));
        }
        when.retain(|group| !group.any_of.is_empty());
        ui.add_space(space::XS);
        let button = Button::secondary("Add a condition").with_icon(icons::PLUS);
        if let Some(test) = condition_menu(ui, state, button) {
            when.push(AnyOf::from(test));
        }
    });
}

/// The word between two groups, on a hairline.
fn and_ui(ui: &mut Ui) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        ui.label(text::label("and").color(p.text_soft));
        let (rect, _) = ui.allocate_exact_size(egui::vec2(ui.available_width(), 1.0), Sense::hover());
        ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, p.border));
    });
}

fn group_ui(ui: &mut Ui, state: &State, group: usize, any: &mut AnyOf) {
    let several = any.any_of.len() > 1;
    if several {
        ui.label(text::help(palette(ui), "Any of these"));
    }
    let mut removed = None;
    for (index, test) in any.any_of.iter_mut().enumerate() {
        if index > 0 {
            ui.label(text::faint(palette(ui), "or"));
        }
        let position = if several { format!("{}.{}", group + 1, index + 1) } else { (group + 1).to_string() };
        let remove = ui.push_id(index, |ui| test_ui(ui, state, &position, test)).inner;
        if remove {
            removed = Some(index);
        }
    }
    if let Some(index) = removed {
        any.any_of.remove(index);
    }
    let name = format!("Or another condition beside {}", group + 1);
    if let Some(test) = condition_menu(ui, state, Button::quiet("or…").small().name(&name)) {
        any.any_of.push(test);
    }
}

/// One condition. Says whether it is to be removed.
fn test_ui(ui: &mut Ui, state: &State, position: &str, test: &mut Test) -> bool {
    let p = palette(ui);
    let entry = state.registry.find_condition(&test.condition);
    let title = entry.map_or(test.condition.as_str(), |entry| entry.info.title.as_str()).to_owned();
    let frame = Frame::new()
        .fill(p.canvas)
        .stroke(Stroke::new(1.0, p.border))
        .corner_radius(CornerRadius::same(RADIUS_SMALL))
        .inner_margin(Margin::same(space::M as i8));
    frame
        .show(ui, |ui| {
            ui.take_available_width();
            ui.spacing_mut().item_spacing.y = space::S;
            let ((), remove) = egui::Sides::new().shrink_left().truncate().height(32.0).show(
                ui,
                |ui| {
                    let label = ui.label(text::strong(&title));
                    if let Some(entry) = entry {
                        label.on_hover_text(&entry.info.help);
                    }
                },
                |ui| {
                    let name = format!("Remove condition {position}: {title}");
                    let remove = ui.add(Button::icon(icons::X, &name).small()).clicked();
                    toggle(ui, &mut test.not, "Must not hold")
                        .accessible_name(format!("Condition {position} must not hold"));
                    if let Some(page) = entry.and_then(|entry| Page::about(&entry.info.title)) {
                        help_button(ui, page, &format!("condition {position}: {title}"));
                    }
                    remove
                },
            );
            if let Some(entry) = entry {
                let context = EditorContext { table: &state.draft, facts: &state.facts, now: state.now };
                entry.kind.editor_ui(ui, &mut test.settings, &context);
            }
            words_ui(ui, state, test);
            remove
        })
        .inner
}

/// How the condition reads, or what is still missing.
fn words_ui(ui: &mut Ui, state: &State, test: &Test) {
    match state.registry.condition(test, &state.draft) {
        Ok(condition) => {
            let words = format!("Holds when {}", condition.words(test.not));
            let words = crate::ui::widgets::safe_text(&words).into_owned();
            ui.add(egui::Label::new(text::help(palette(ui), words)).wrap());
        }
        Err(problem) => crate::ui::widgets::problem_line(ui, &problem),
    }
}

/// A button with all conditions behind it, by plugin. Gives back the one that was chosen, with
/// the settings that it starts with.
fn condition_menu(ui: &mut Ui, state: &State, button: Button<'_>) -> Option<Test> {
    let button = ui.add(button);
    let menu = Popup::menu(&button).style(theme::menu_style).gap(4.0);
    menu.show(|ui| {
        ui.set_width(320.0);
        ScrollArea::vertical().max_height(380.0).show(ui, |ui| conditions_ui(ui, state)).inner
    })?
    .inner
}

fn conditions_ui(ui: &mut Ui, state: &State) -> Option<Test> {
    let mut chosen = None;
    let mut last = "";
    for entry in state.registry.conditions() {
        let plugin = entry.plugin.manifest();
        if plugin.id != last {
            last = &plugin.id;
            heading_ui(ui, &plugin.name);
        }
        if entry_ui(ui, &entry) {
            let settings = entry.kind.starter(&state.draft);
            chosen = Some(Test { condition: entry.id(), not: false, settings });
        }
    }
    for plugin in state.registry.dropped() {
        let manifest = plugin.manifest();
        heading_ui(ui, &manifest.name);
        for (name, fact) in &manifest.facts {
            let help = format!("As {} says, such as {}", manifest.name, fact.example);
            if row_button(ui, &safe_text(&fact.title), &safe_text(&help)) {
                chosen = Some(fact::test_for(name, fact.kind));
            }
        }
    }
    chosen
}

fn heading_ui(ui: &mut Ui, plugin: &str) {
    Frame::new().inner_margin(Margin { left: 10, top: 6, bottom: 2, right: 0 }).show(ui, |ui| {
        ui.label(text::faint(palette(ui), safe_text(plugin)));
    });
}

/// A row of two lines: title, and what it tests.
fn entry_ui(ui: &mut Ui, entry: &ConditionEntry<'_>) -> bool {
    row_button(ui, &entry.info.title, &entry.info.help)
}
