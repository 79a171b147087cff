//! Every widget drawn in light and dark, as a picture to be looked at, and held to basic facts.
//! The pictures are left in `target/pictures/`.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod open;
#[path = "../support/mod.rs"]
mod support;
mod window;

use chrono::{DateTime, Utc};
use egui::{Theme, Ui};
use egui_kittest::Harness;
use support::{save_picture, window};
use switchboard::plugins::hours::weekly::Span;
use switchboard::ui::theme::{Tone, icons, space};
use switchboard::ui::widgets::week::week_grid;
use switchboard::ui::widgets::*;

const JSON: &str = r#"{
  "call_inbound": {
    "override_agent_id": "agent_8f3b",
    "dynamic_variables": { "name": "Anna", "open": "yes" },
    "metadata": { "rule": 3, "tags": ["vip", null], "paid": true }
  }
}"#;

struct State {
    on: bool,
    off: bool,
    name: String,
    key: String,
    note: String,
    agent: u8,
    look: u8,
    week: Vec<Span>,
    messages: Messages,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

impl Default for State {
    fn default() -> Self {
        let mut messages = Messages::default();
        messages.tell(Level::Success, "Version 13 is live", now());
        let error = "Port 8787 is taken by another program. Choose another port in Settings.";
        messages.tell(Level::Error, error, now());
        let weekday = |day| Span { day, from_min: 540, to_min: 1020 };
        let mut week: Vec<_> = (0..5).map(weekday).collect();
        week[2].to_min = 750;
        week.insert(3, Span { day: 2, from_min: 810, to_min: 1200 });
        week.push(Span { day: 5, from_min: 1320, to_min: 1440 + 150 });
        Self {
            on: true,
            off: false,
            name: "Main line".to_owned(),
            key: "key_0123456789abcdef".to_owned(),
            note: String::new(),
            agent: 1,
            look: 0,
            week,
            messages,
        }
    }
}

fn draw(name: &str, size: [f32; 2], add: impl FnMut(&mut Ui, &mut State)) {
    draw_after(name, size, |_| (), add);
}

/// Draws, lets `act` do something, and takes the picture then.
fn draw_after(
    name: &str,
    size: [f32; 2],
    act: impl Fn(&mut Harness<'_, State>),
    mut add: impl FnMut(&mut Ui, &mut State),
) {
    for theme in [Theme::Light, Theme::Dark] {
        let shade = if theme == Theme::Light { "light" } else { "dark" };
        let scale = support::scale();
        let mut harness = window(size, theme)
            .with_pixels_per_point(scale)
            .build_ui_state(|ui: &mut Ui, state: &mut State| add(ui, state), State::default());
        harness.run();
        act(&mut harness);
        let picture = save_picture(&mut harness, &format!("{name}-{shade}"));
        assert_eq!(picture.width(), (size[0] * scale) as u32);
        let first = picture.get_pixel(4, 4);
        let others = picture.pixels().filter(|pixel| *pixel != first).count();
        assert!(others > 5_000, "{name} is nearly blank in {shade}");
        let is_dark = first.0[..3].iter().map(|v| u32::from(*v)).sum::<u32>() < 384;
        assert_eq!(is_dark, theme == Theme::Dark, "{name} has the wrong ground in {shade}");
    }
}

fn page(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(space::XL as i8).show(ui, |ui| {
        ui.take_available_width();
        add(ui);
    });
}

#[test]
fn controls() {
    draw("controls", [900.0, 640.0], |ui, state| {
        page(ui, |ui| {
            section(ui, "Buttons", "One main action; the others stand back", buttons_ui);
            section(ui, "Chips and badges", "", chips_ui);
            section(ui, "Choices", "", |ui| choices_ui(ui, state));
        });
    });
}

fn buttons_ui(ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        ui.add(Button::primary("Publish").with_icon(icons::PUBLISH));
        ui.add(Button::secondary("Duplicate").with_icon(icons::DUPLICATE));
        ui.add(Button::quiet("Discard"));
        ui.add(Button::danger("Delete rule").with_icon(icons::TRASH));
        ui.add_enabled(false, Button::primary("Nothing to publish"));
        ui.add(Button::icon(icons::PENCIL, "Rename"));
        more_menu(ui, "More about this rule", |_| ());
    });
    let add = Button::secondary("Add a condition").with_icon(icons::PLUS);
    let filter = Button::secondary("Filter").with_trailing(icons::CHEVRON_DOWN);
    let chosen = Button::secondary("Chosen").with_icon(icons::FILTER);
    ui.horizontal_wrapped(|ui| {
        ui.add(add.small());
        ui.add(Button::quiet("Copy").with_icon(icons::COPY).small());
        ui.add(filter.small());
        ui.add(chosen.small().selected(true));
    });
}

fn chips_ui(ui: &mut Ui) {
    let chips = [
        Chip::new("Calls to Main line").icon(icons::PHONE).clickable(),
        Chip::new("Office hours is open").icon(icons::CLOCK).removable(),
        Chip::new("from Germany").icon(icons::GLOBE).negated(true).removable(),
        Chip::new("choose a list").unfinished(true).clickable(),
        Chip::new("rejected").tone(Tone::Accent).removable(),
    ];
    ui.horizontal_wrapped(|ui| {
        for chip in chips {
            chip.show(ui);
        }
    });
    ui.horizontal_wrapped(|ui| {
        for kind in [OutcomeKind::Connect, OutcomeKind::Keep, OutcomeKind::Reject, OutcomeKind::GoOn] {
            outcome_badge(ui, kind);
        }
        status(ui, Tone::Connect, "Open now");
        status(ui, Tone::Warning, "Not tested");
        status(ui, Tone::Reject, "Unreachable");
        status(ui, Tone::Neutral, "Off");
    });
    ui.horizontal_wrapped(|ui| {
        for name in ["Reception", "Sales", "After hours", "Billing"] {
            agent(ui, name, name);
            ui.add_space(space::S);
        }
    });
    let part = |words: &str, strong| (words.to_owned(), strong);
    phrase(
        ui,
        &[
            part("Calls to ", false),
            part("Main line", true),
            part(" · when ", false),
            part("Office hours", true),
            part(" is open · from anyone → ", false),
            part("Reception", true),
        ],
    );
}

fn choices_ui(ui: &mut Ui, state: &mut State) {
    ui.horizontal_wrapped(|ui| {
        toggle(ui, &mut state.on, "Start with the computer");
        ui.add_space(space::L);
        toggle(ui, &mut state.off, "Keep awake");
        ui.add_space(space::L);
        switch(ui, &mut state.on, "Rule is on");
    });
    ui.horizontal(|ui| {
        let looks = [(0, "As the system"), (1, "Light"), (2, "Dark")];
        segmented(ui, &mut state.look, &looks);
        let agents = [(0, "Sales"), (1, "Reception")];
        select(ui, "agent", 200.0, &mut state.agent, &agents).accessible_name("Agent");
    });
}

#[test]
fn forms() {
    draw("forms", [900.0, 560.0], |ui, state| {
        page(ui, |ui| {
            section(ui, "Retell", "What the window needs to know to check who calls", |ui| {
                ui.spacing_mut().item_spacing.y = space::M;
                Field::new("Name").show(ui, |ui| ui.add(TextField::new(&mut state.name)));
                Field::new("API key")
                    .help("In Retell's dashboard under Settings, API keys")
                    .show(ui, |ui| ui.add(TextField::new(&mut state.key).secret()));
                Field::new("Port")
                    .error(Some("Port 80 needs an administrator. Choose one above 1024."))
                    .show(ui, |ui| ui.add(TextField::new(&mut state.name).width(120.0).id_salt("port")));
                Field::new("Note").optional().show(ui, |ui| {
                    ui.add(
                        TextField::new(&mut state.note).rows(3).hint("Why this rule is here").id_salt("note"),
                    )
                });
                Field::new("Agent").show(ui, |ui| {
                    select(ui, "agent", 240.0, &mut state.agent, &[(0, "Sales"), (1, "Reception")])
                });
            });
        });
    });
}

#[test]
fn week() {
    for (name, width) in [("week", 900.0), ("week-narrow", 520.0)] {
        draw(name, [width, if width < 620.0 { 720.0 } else { 420.0 }], |ui, state| {
            page(ui, |ui| {
                section(ui, "Office hours", "Calls in these hours · Europe/Berlin", |ui| {
                    week_grid(ui, "office", &mut state.week);
                });
            });
        });
    }
}

#[test]
fn reading() {
    draw("reading", [900.0, 1010.0], |ui, state| {
        page(ui, |ui| {
            Banner::new(Level::Info, "A new version of the table was read from its file").show(ui, |_| ());
            Banner::new(Level::Warning, "Two rules are hidden by others").show(ui, |_| ());
            Banner::new(Level::Error, "Port 8787 is taken by another program")
                .detail("No calls are answered. Close the other program, or take another port.")
                .show(ui, |ui| {
                    ui.add(Button::secondary("Use port 8788"));
                    ui.add(Button::quiet("Try again"));
                });
            section(ui, "Call", "", |ui| {
                key_value(ui, "From", "(415) 555-2671");
                key_value_ui(ui, "Outcome", |ui| {
                    outcome_badge(ui, OutcomeKind::Connect);
                });
                key_value(ui, "Answered in", "3 ms");
                ui.add_space(space::S);
                json_view(ui, "answer", JSON, 300.0);
            });
            card(ui, |ui| {
                EmptyState {
                    icon: icons::ROUTE,
                    title: "No rules yet",
                    text: "A rule says which agent answers which calls. Until there is one, the fallback answers all.",
                }
                .show(ui, |ui| ui.add(Button::primary("Add a rule").with_icon(icons::PLUS)));
            });
            card(ui, |ui| {
                state.messages.list_ui(ui, now() + chrono::TimeDelta::minutes(4));
            });
        });
    });
}

#[test]
fn dialog() {
    draw("dialog", [720.0, 440.0], |ui, state| {
        page(ui, |ui| {
            section(ui, "Behind", "", |ui| ui.label(&state.name));
        });
        let answer = Confirm {
            title: "Delete “Office hours”?",
            text: "The rule is taken out of the draft. What is live does not change until you publish.",
            yes: "Delete rule",
            danger: true,
        }
        .ask(ui);
        assert_eq!(answer, None);
    });
}
