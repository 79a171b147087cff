//! What became of calls, as the window shows it: in the line of a call and in its details, and the
//! switch that lets Retell tell.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;
#[path = "support/watching.rs"]
mod watching;

use egui::Theme;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use switchboard::routing::CallEnd;
use switchboard::service::messages::Command;
use switchboard::ui::app::{Action, Actions, State};
use switchboard::ui::calls::CallsScreen;
use switchboard::ui::settings::SettingsScreen;
use switchboard::ui::widgets::shell::Place;
use watching::{call, framed, full_state, record};

struct World {
    state: State,
    calls: CallsScreen,
    settings: SettingsScreen,
    place: Place,
    actions: Actions,
}

fn window(size: [f32; 2], theme: Theme, place: Place) -> Harness<'static, World> {
    let mut state = full_state();
    state.ended(vec![
        (
            59,
            CallEnd {
                started_ms: Some(1_795_460_592_000),
                duration_ms: Some(240_000),
                reason: Some("user_hangup".into()),
                summary: Some("Anna booked a table for four on Friday at eight.".into()),
                sentiment: Some("Positive".into()),
                successful: Some(true),
                result: Some("booked".into()),
                ..CallEnd::default()
            },
        ),
        (58, CallEnd { duration_ms: Some(9_000), successful: Some(false), ..CallEnd::default() }),
    ]);
    state.record = Some(record(call(59)));
    let world = World {
        state,
        calls: CallsScreen::default(),
        settings: SettingsScreen::default(),
        place,
        actions: Actions::new(),
    };
    let show = |ui: &mut egui::Ui, world: &mut World| {
        let World { state, calls, settings, place, actions } = world;
        framed(ui, *place, |ui| match place {
            Place::Settings => settings.ui(ui, state, actions),
            _ => calls.ui(ui, state, actions),
        });
    };
    let mut harness = support::window(size, theme).build_ui_state(show, world);
    harness.run();
    harness
}

#[test]
fn lines_and_details_tell_what_became_of_calls() {
    let mut harness = window([1400.0, 1400.0], Theme::Light, Place::Calls);
    harness.get_by_label("4 min · booked");
    harness.get_by_label("9 s · not successful");
    harness.get_by_label_contains(", 4 min · booked").click();
    harness.run();
    harness.get_by_label("What became of it");
    harness.get_by_label("The caller hung up");
    harness.get_by_label("Anna booked a table for four on Friday at eight.");
}

#[test]
fn the_switch_shows_the_address_to_paste() {
    let mut harness = window([1400.0, 2400.0], Theme::Light, Place::Settings);
    assert!(harness.query_by_label_contains("/webhook/events").is_none());
    harness.get_by_label("Take call events").click();
    harness.run();
    let last = harness.state().actions.last();
    let Some(Action::Send(Command::SaveSettings(settings))) = last else { panic!("{last:?}") };
    assert!(settings.take_call_events);
    harness.state_mut().state.settings = settings.clone();
    harness.run();
    harness.get_by_label_contains("http://127.0.0.1:8787/webhook/events");
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let mut harness = window(size, theme, Place::Calls);
        support::save_picture(&mut harness, &format!("call-ends-{look}"));
        harness.get_by_label_contains(", 4 min · booked").click();
        harness.run();
        support::save_picture(&mut harness, &format!("call-ends-detail-{look}"));
    }
}
