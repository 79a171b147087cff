//! The screen of settings, used as a person would.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::Theme;
use egui_kittest::{Harness, kittest::Queryable};
use support::desk::{Desk, click, fill, shop};
use support::window;
use switchboard::service::messages::{Command, Keys, Serving};
use switchboard::storage::ThemeChoice;
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::settings::SettingsScreen;

type Desktop = Harness<'static, Desk<SettingsScreen>>;

fn settings(keys: Keys) -> Desktop {
    let draw = |ui: &mut egui::Ui, desk: &mut Desk<SettingsScreen>| {
        let mut actions = Actions::new();
        desk.screen.ui(ui, &desk.state, &mut actions);
        desk.take(actions);
    };
    let mut desk = Desk::new(shop(), SettingsScreen::default());
    desk.state.keys = keys;
    desk.state.serving = Serving::Listening("127.0.0.1:8787".parse().unwrap());
    window([792.0, 1400.0], Theme::Light).build_ui_state(draw, desk)
}

fn key(has_previous: bool, from_environment: bool) -> Keys {
    Keys { current: Some("••••••••89ab".into()), has_previous, from_environment }
}

fn says(harness: &Desktop, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

fn sent(harness: &Desktop) -> String {
    let words = harness.state().actions.iter().map(|action| match action {
        Action::Send(Command::SetKey(key)) => format!("key {key:?}"),
        Action::Send(Command::ForgetPreviousKey) => "forget".to_owned(),
        Action::Send(Command::SaveSettings(settings)) => format!("{} {:?}", settings.listen, settings.theme),
        Action::Send(Command::SetSecret { name, secret: None }) => format!("forget {name}"),
        Action::Copy(text) => format!("copy {text}"),
        other => panic!("{other:?}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[test]
fn whether_rejected_calls_count_is_chosen() {
    let mut harness = settings(Keys::default());
    click(&mut harness, "Rejected calls count as earlier calls");
    assert!(harness.state().state.draft.history.without_rejected);
    click(&mut harness, "Rejected calls count as earlier calls");
    assert!(!harness.state().state.draft.history.without_rejected);
    assert_eq!(harness.state().edits, ["Leave rejected calls out", "Count rejected calls"]);
}

#[test]
fn the_language_of_callers_from_a_country_is_chosen_and_removed() {
    let mut harness = settings(Keys::default());
    click(&mut harness, "Add a country");
    fill(&mut harness, "Search: Add a country", "switz");
    click(&mut harness, "Switzerland (German)");
    let languages = |harness: &Desktop| serde_json::json!(harness.state().state.draft.languages);
    assert_eq!(languages(&harness), serde_json::json!({ "CH": "de" }));
    click(&mut harness, "Language of callers from Switzerland");
    click(&mut harness, "French");
    assert_eq!(languages(&harness), serde_json::json!({ "CH": "fr" }));
    assert!(says(&harness, "else German") && harness.state().state.problems.is_empty());
    support::save_picture(&mut harness, "settings-languages");
    click(&mut harness, "Remove Switzerland");
    assert_eq!(languages(&harness), serde_json::json!({}));
}

#[test]
fn a_key_is_pasted_and_nothing_but_blanks_is_not() {
    let mut harness = settings(Keys::default());
    fill(&mut harness, "Paste your API key", "   ");
    assert!(says(&harness, "nothing but blanks"));
    click(&mut harness, "Save the API key");
    fill(&mut harness, "Paste your API key", "key_1");
    click(&mut harness, "Save the API key");
    assert_eq!(sent(&harness), "key \"key_1\"");
    harness.state_mut().state.keys = key(false, false);
    harness.run();
    assert!(says(&harness, "••••••••89ab") && !says(&harness, "Paste your API key"));
}

#[test]
fn a_key_is_replaced_and_removed_and_the_one_before_forgotten() {
    let mut harness = settings(key(true, false));
    click(&mut harness, "Forget the key before");
    click(&mut harness, "Replace the API key");
    fill(&mut harness, "Paste your API key", "key_2");
    click(&mut harness, "Cancel");
    click(&mut harness, "Remove the API key");
    assert!(says(&harness, "Both keys are forgotten, and every call is refused"));
    click(&mut harness, "Cancel");
    click(&mut harness, "Remove the API key");
    click(&mut harness, "Remove the key");
    assert_eq!(sent(&harness), "forget, key \"\"");
}

#[test]
fn a_key_from_the_environment_is_shown_and_stays() {
    let harness = settings(key(false, true));
    assert!(says(&harness, "RETELL_API_KEY") && says(&harness, "••••••••89ab"));
    assert!(!says(&harness, "Replace the API key") && !says(&harness, "Remove the API key"));
}

#[test]
fn the_port_who_can_reach_it_and_the_look_are_saved() {
    let mut harness = settings(key(false, false));
    click(&mut harness, "Copy the webhook address");
    fill(&mut harness, "Port", "99999");
    assert!(says(&harness, "from 1 to 65535") && !says(&harness, "Use this port"));
    fill(&mut harness, "Port", "9000");
    click(&mut harness, "Use this port");
    click(&mut harness, "Who can reach it");
    click(&mut harness, "All network addresses");
    click(&mut harness, "Dark");
    assert_eq!(
        sent(&harness),
        "copy http://127.0.0.1:8787/webhook/inbound, 127.0.0.1:9000 System, 0.0.0.0:8787 System, 127.0.0.1:8787 Dark"
    );
    let state = &mut harness.state_mut().state;
    state.settings.listen = "0.0.0.0:8787".parse().unwrap();
    state.settings.theme = ThemeChoice::Dark;
    harness.run();
    assert!(says(&harness, "Others in your network can reach this port"));
}

#[test]
fn country_and_zone_are_searched_for_and_change_the_draft() {
    let mut harness = settings(key(false, false));
    click(&mut harness, "Home country");
    fill(&mut harness, "Search: Home country", "germ");
    click(&mut harness, "Germany");
    click(&mut harness, "Time zone");
    fill(&mut harness, "Search: Time zone", "berlin");
    click(&mut harness, "Europe/Berlin");
    let draft = &harness.state().state.draft;
    assert_eq!((draft.country.as_str(), draft.zone.as_str()), ("DE", "Europe/Berlin"));
    assert_eq!(harness.state().edits, ["Change the home country", "Change the time zone"]);
    assert!(says(&harness, "it is Monday 16:05 there"));
}

#[test]
fn secrets_of_look_ups_are_listed_and_forgotten() {
    let mut harness = settings(Keys::default());
    harness.run();
    assert!(!says(&harness, "Secrets of look-ups"), "there are none");
    let name = "https://crm.example.com authorization";
    harness.state_mut().state.secrets.insert(name.into());
    harness.run();
    click(&mut harness, &format!("Forget the secret {name}"));
    click(&mut harness, "Forget it");
    assert_eq!(sent(&harness), format!("forget {name}"));
}
