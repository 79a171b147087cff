//! The widgets used as a person would: by name, with pointer and keyboard.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use chrono::DateTime;
use egui::{Key, Role, Theme, Ui};
use egui_kittest::{Harness, kittest::Queryable};
use support::window;
use switchboard::plugins::hours::weekly::Span;
use switchboard::ui::theme::icons;
use switchboard::ui::widgets::week::week_grid;
use switchboard::ui::widgets::*;

fn harness<'a, S: 'a>(state: S, mut add: impl FnMut(&mut Ui, &mut S) + 'a) -> Harness<'a, S> {
    window([800.0, 600.0], Theme::Light).build_ui_state(move |ui: &mut Ui, s: &mut S| add(ui, s), state)
}

#[test]
fn a_toggle_turns_by_click_and_by_space() {
    let mut harness = harness(false, |ui, on| {
        toggle(ui, on, "Keep awake");
    });
    harness.get_by_role_and_label(Role::Switch, "Keep awake").click();
    harness.run();
    assert!(*harness.state());
    harness.get_by_label("Keep awake").focus();
    harness.run();
    harness.key_press(Key::Space);
    harness.run();
    assert!(!*harness.state());
}

#[test]
fn a_select_is_named_by_its_field_and_takes_the_choice() {
    let mut harness = harness(0, |ui, agent| {
        Field::new("Agent")
            .show(ui, |ui| select(ui, "agent", 200.0, agent, &[(0, "Sales"), (1, "Reception")]));
    });
    harness.get_by_role_and_label(Role::ComboBox, "Agent").click();
    harness.run();
    harness.get_by_label("Reception").click();
    harness.run();
    assert_eq!(*harness.state(), 1);
    assert!(harness.query_by_label("Sales").is_none(), "the list is closed");
}

#[test]
fn segments_choose_one() {
    let mut harness = harness(0, |ui, look| {
        segmented(ui, look, &[(0, "As the system"), (1, "Light"), (2, "Dark")]);
    });
    harness.get_by_label("Dark").click();
    harness.run();
    assert_eq!(*harness.state(), 2);
}

#[test]
fn a_field_shows_what_is_wrong_and_a_secret_can_be_revealed() {
    let mut harness = harness("key_1".to_owned(), |ui, key| {
        Field::new("API key")
            .error(Some("The key is too short. Copy it again."))
            .show(ui, |ui| ui.add(TextField::new(key).secret()));
    });
    assert!(harness.query_by_label("The key is too short. Copy it again.").is_some());
    let field = harness.get_by_role_and_label(Role::PasswordInput, "API key");
    field.focus();
    harness.run();
    harness.key_press(Key::End);
    harness.run();
    harness.get_by_role_and_label(Role::PasswordInput, "API key").type_text("23");
    harness.run();
    assert_eq!(harness.state(), "key_123");
    harness.get_by_label("Show").click();
    harness.run();
    let field = harness.get_by_role_and_label(Role::TextInput, "API key");
    assert_eq!(field.value().as_deref(), Some("key_123"));
}

#[test]
fn hours_can_be_typed_and_wrong_ones_change_nothing() {
    let mut harness = harness(Vec::<Span>::new(), |ui, week| {
        week_grid(ui, "office", week);
    });
    let mut type_hours = |hours: &str| {
        harness.get_by_label("Hours on Tuesday").focus();
        harness.run();
        harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
        harness.get_by_label("Hours on Tuesday").type_text(hours);
        harness.run();
        harness.state().clone()
    };
    let whole = Span { day: 1, from_min: 540, to_min: 1020 };
    assert_eq!(type_hours("9-17"), [whole]);
    assert_eq!(type_hours("9-17, later"), [whole]);
    let night = Span { day: 1, from_min: 1320, to_min: 1560 };
    assert_eq!(type_hours("22:00–02:00"), [night]);
}

#[test]
fn hours_can_be_painted_with_the_pointer() {
    let mut harness = harness(Vec::<Span>::new(), |ui, week| {
        week_grid(ui, "office", week);
    });
    let cells = harness.get_by_role(Role::Figure).rect();
    let at = |day: f32, hour: f32| {
        cells.min + egui::vec2(cells.width() * hour / 24.0, cells.height() * (day + 0.5) / 7.0)
    };
    let mut stroke = |from, to| {
        harness.drag_at(from);
        harness.run();
        harness.hover_at(to);
        harness.run();
        harness.drop_at(to);
        harness.run();
        harness.state().clone()
    };
    let span = |day, from: u16, to: u16| Span { day, from_min: from * 60, to_min: to * 60 };
    assert_eq!(stroke(at(0.0, 9.1), at(1.0, 16.9)), [span(0, 9, 17), span(1, 9, 17)]);
    assert_eq!(
        stroke(at(1.0, 12.0), at(3.0, 14.0)),
        [span(0, 9, 17), span(3, 11, 19)],
        "what begins on a span moves it"
    );
    assert_eq!(
        stroke(at(3.0, 11.05), at(3.0, 8.0)),
        [span(0, 9, 17), span(3, 8, 19)],
        "what begins at an end stretches it"
    );
    assert_eq!(
        stroke(at(3.0, 18.95), at(4.0, 2.0)),
        [span(0, 9, 17), span(3, 8, 26)],
        "into the next day too"
    );
}

#[test]
fn a_toast_goes_by_or_is_dismissed_and_the_list_keeps_it() {
    let mut messages = Messages::default();
    let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    messages.tell(Level::Success, "Version 13 is live", at);
    messages.tell(Level::Error, "The port is taken. Choose another.", at);
    let mut harness = harness(messages, |ui, messages| messages.toasts_ui(ui));
    assert!(harness.query_by_label("Version 13 is live").is_some());
    harness.run_steps(40);
    assert!(harness.query_by_label("Version 13 is live").is_none(), "ten seconds later");
    harness.get_by_label("Dismiss The port is taken. Choose another.").click();
    harness.run_steps(2);
    assert!(harness.query_by_label("The port is taken. Choose another.").is_none());
    assert_eq!(harness.state().kept().count(), 2);
}

struct Asked {
    is_open: bool,
    answer: Option<bool>,
}

fn confirm_ui(ui: &mut Ui, asked: &mut Asked) {
    ui.add(Button::secondary("Behind"));
    if asked.is_open {
        let question = Confirm {
            title: "Delete the rule?",
            text: "It is taken out of the draft.",
            yes: "Delete rule",
            danger: true,
        };
        asked.answer = question.ask(ui);
        asked.is_open = asked.answer.is_none();
    }
}

#[test]
fn a_dialog_closes_by_esc_and_keeps_the_keyboard() {
    let asked = || Asked { is_open: true, answer: None };
    let mut dialog = harness(asked(), confirm_ui);
    for _ in 0..4 {
        dialog.key_press(Key::Tab);
        dialog.run();
        assert!(!dialog.get_by_label("Behind").is_focused(), "the keyboard stays inside");
    }
    dialog.key_press(Key::Escape);
    dialog.run();
    assert_eq!(dialog.state().answer, Some(false));
    assert!(dialog.query_by_label("Delete rule").is_none());

    let mut dialog = harness(asked(), confirm_ui);
    assert!(dialog.get_by_label("Cancel").is_focused(), "the harmless answer comes first");
    dialog.get_by_label("Delete rule").click();
    dialog.run();
    assert_eq!(dialog.state().answer, Some(true));
}

#[test]
fn a_chip_can_be_removed_by_its_cross() {
    let mut harness = harness(false, |ui, removed| {
        *removed |= Chip::new("from Germany").negated(true).removable().show(ui).removed;
    });
    harness.get_by_label("Remove not from Germany").click();
    harness.run();
    assert!(*harness.state());
}

#[test]
fn a_menu_opens_by_its_button_and_closes_on_choice() {
    let mut harness = harness(0, |ui, copies| {
        more_menu(ui, "More about Night", |ui| {
            if menu_item(ui, icons::DUPLICATE, "Duplicate").clicked() {
                *copies += 1;
            }
            menu_separator(ui);
            menu_danger(ui, icons::TRASH, "Delete");
        });
    });
    harness.get_by_label("More about Night").click();
    harness.run();
    harness.get_by_label("Duplicate").click();
    harness.run();
    assert_eq!(*harness.state(), 1);
    assert!(harness.query_by_label("Delete").is_none(), "the menu is closed");
}

#[test]
fn a_panel_that_panics_can_be_tried_again() {
    let mut harness = harness(true, |ui, is_broken| {
        ui.label("Around");
        guarded_ui(ui, "Calls", |ui| {
            assert!(!*is_broken, "a fault in the panel");
            ui.label("All calls");
        });
    });
    assert!(harness.query_by_label("Around").is_some());
    assert!(harness.query_by_label("“Calls” could not be shown").is_some());
    *harness.state_mut() = false;
    harness.run();
    assert!(harness.query_by_label("All calls").is_none(), "it waits to be asked");
    harness.get_by_label("Try again").click();
    harness.run();
    assert!(harness.query_by_label("All calls").is_some());
}

#[test]
fn the_rail_says_where_to_go() {
    let mut harness = harness(shell::Place::Routes, |ui, place| {
        if let Some(asked) = shell::rail(ui, Some(*place)) {
            *place = asked;
        }
    });
    harness.get_by_label("Lines & agents").click();
    harness.run();
    assert_eq!(*harness.state(), shell::Place::Lines);
}

#[test]
fn a_screen_grows_no_wider_than_can_be_read() {
    let mut screen = window([2200.0, 600.0], Theme::Light).build_ui_state(
        |ui: &mut Ui, width: &mut f32| {
            Screen::new("Settings", "About").show(ui, |_| (), |ui| *width = ui.available_width());
        },
        0.0,
    );
    screen.run();
    assert!((1000.0..=1080.0).contains(screen.state()), "{}", screen.state());
}

#[test]
fn a_chip_shows_names_strong_and_is_cut_where_there_is_no_room() {
    let width_in = |parts: &'static [(String, bool)], room: f32| {
        let drawn = harness((), move |ui, ()| {
            ui.set_max_width(room);
            Chip::phrase(parts).show(ui);
        });
        drawn.get_by_label("from Germany or Austria").rect().width()
    };
    let parts = |strong: bool| -> &'static [(String, bool)] {
        let words = [("from ", false), ("Germany", strong), (" or ", false), ("Austria", strong)];
        Box::leak(words.map(|(words, strong)| (words.to_owned(), strong)).into())
    };
    assert!(width_in(parts(true), 400.0) > width_in(parts(false), 400.0), "strong letters are wider");
    assert!(width_in(parts(true), 100.0) <= 100.0);
}
