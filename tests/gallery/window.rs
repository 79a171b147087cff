//! The rail, the header, a screen of rules and the toasts, together.

use super::{State, draw};
use egui::Ui;
use switchboard::ui::theme::{Tone, icons, palette, text};
use switchboard::ui::widgets::{
    Button, Chip, OutcomeKind, Screen, agent, card, more_menu, outcome_badge, shell, switch,
};

fn whole_window(ui: &mut Ui, state: &mut State) {
    // The harness leaves a margin that a window has not.
    let all = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
    ui.scope_builder(all, |ui| window_ui(ui, state));
}

fn window_ui(ui: &mut Ui, state: &mut State) {
    ui.set_clip_rect(ui.max_rect());
    let head = shell::Header {
        tone: Tone::Connect,
        state: "Answering calls on port 8787",
        detail: "live v12 · draft has 3 changes",
        brief: "live v12 · 3 changes",
        can_publish: true,
        obstacle: "",
        unread: 2,
        news: None,
    };
    shell::rail(ui, Some(shell::Place::Routes));
    shell::header(ui, &head, |ui| {
        ui.add(Button::secondary("Close").with_icon(icons::POWER));
    });
    egui::CentralPanel::no_frame().show(ui, |ui| {
        let about = "Rules are looked at from top to bottom; the first that matches answers the call";
        Screen::new("Routes", about).show(
            ui,
            |ui| {
                ui.add(Button::primary("Add a rule").with_icon(icons::PLUS));
                ui.add(Button::secondary("Import…").with_icon(icons::UPLOAD));
            },
            |ui| {
                for (n, (rule, name)) in
                    [("Office hours", "Reception"), ("VIP callers", "Sales"), ("Night", "After hours")]
                        .into_iter()
                        .enumerate()
                {
                    rule_card(ui, n + 1, rule, name, &mut state.on);
                }
            },
        );
    });
    state.messages.toasts_ui(ui);
}

fn rule_card(ui: &mut Ui, number: usize, rule: &str, name: &str, on: &mut bool) {
    card(ui, |ui| {
        ui.push_id(number, |ui| {
            egui::Sides::new().shrink_left().show(
                ui,
                |ui| {
                    let p = palette(ui);
                    ui.label(text::icon(icons::GRIP, p.text_faint));
                    ui.label(text::faint(p, number.to_string()));
                    ui.label(text::strong(rule));
                },
                |ui| {
                    more_menu(ui, &format!("More about {rule}"), |_| ());
                    switch(ui, on, &format!("{rule} is on"));
                    agent(ui, name, name);
                    ui.label(text::icon(icons::ARROW_RIGHT, palette(ui).text_faint));
                    outcome_badge(ui, OutcomeKind::Connect);
                },
            );
            ui.horizontal_wrapped(|ui| {
                Chip::new("to Main line").icon(icons::PHONE).clickable().show(ui);
                Chip::new("Office hours is open").icon(icons::CLOCK).clickable().show(ui);
                Chip::new("from anyone").icon(icons::USER).clickable().show(ui);
                ui.add(Button::quiet("Condition").with_icon(icons::PLUS).small());
            });
        });
    });
}

#[test]
fn window_at_its_smallest() {
    draw("window", [1000.0, 640.0], whole_window);
}

#[test]
fn window_narrow() {
    draw("window-narrow", [720.0, 560.0], whole_window);
}
