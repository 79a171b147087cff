//! Those who are told of calls, set up as a person would: added, filled in, saved, tried, chosen in a
//! rule, removed.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::Theme;
use egui_kittest::{Harness, kittest::Queryable};
use serde_json::json;
use support::desk::{Desk, click, fill, now, shop};
use support::{looks, save_picture, window};
use switchboard::plugins::Registry;
use switchboard::service::NoticeReport;
use switchboard::service::messages::Command;
use switchboard::storage::{Settings, UsedNotice};
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::plugins::PluginsScreen;

type Desktop = Harness<'static, Desk<PluginsScreen>>;

fn screen(notices: Vec<UsedNotice>, size: [f32; 2], theme: Theme) -> Desktop {
    let draw = |ui: &mut egui::Ui, desk: &mut Desk<PluginsScreen>| {
        let mut actions = Actions::new();
        let all = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
        ui.scope_builder(all, |ui| desk.screen.ui(ui, &desk.state, &mut actions));
        desk.take(actions);
    };
    let mut desk = Desk::with(Registry::built_in(), shop(), PluginsScreen::default());
    desk.state.settings.notices = notices;
    let mut harness = window(size, theme).with_pixels_per_point(support::scale()).build_ui_state(draw, desk);
    harness.run();
    harness
}

fn mail() -> UsedNotice {
    let settings = json!({
        "to": ["ada@example.com"], "from": "calls@example.com", "server": "smtp.example.com", "user": "ada"
    });
    let used = json!({
        "id": "notify_mail", "name": "Mail to Ada", "plugin": "notify_mail", "of": { "outages": true }, "settings": settings
    });
    serde_json::from_value(used).unwrap()
}

fn saved(harness: &Desktop) -> &Settings {
    let commands = harness.state().actions.iter().rev();
    let saved = commands.filter_map(|action| match action {
        Action::Send(Command::SaveSettings(settings)) => Some(settings),
        _ => None,
    });
    saved.into_iter().next().expect("nothing was saved")
}

fn says(harness: &Desktop, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn one_is_added_filled_in_and_tried() {
    let mut harness = screen(Vec::new(), [1000.0, 1400.0], Theme::Light);
    assert!(says(&harness, "Nobody is told of anything yet"));
    click(&mut harness, "Add a notice");
    harness.get_by_role_and_label(egui::Role::Button, "Message to a web address").click();
    harness.run();
    fill(&mut harness, "Name", "");
    assert!(says(&harness, "Give it a name"));
    fill(&mut harness, "Name", "Sales channel");
    fill(&mut harness, "Address", "https://hooks.example.com/abc");
    click(&mut harness, "Keep Address");
    let kept = harness.state().actions.iter().any(|action| {
        matches!(action, Action::Send(Command::SetSecret { name, secret: Some(_) }) if name == "plugin notify_web notify_web address")
    });
    assert!(kept, "{:?}", harness.state().actions);
    click(&mut harness, "Every call");
    click(&mut harness, "Save the notice");
    let [used] = &saved(&harness).notices[..] else { panic!("one was to be saved") };
    assert_eq!((used.name.as_str(), used.plugin.as_str()), ("Sales channel", "notify_web"));
    assert!(used.of.calls && used.of.outages && used.enabled);

    let settings = saved(&harness).clone();
    let state = &mut harness.state_mut().state;
    state.settings = settings;
    state.secrets.insert("plugin notify_web notify_web address".into());
    harness.run();
    click(&mut harness, "Try this notice");
    let tried = harness.state().actions.last();
    assert!(
        matches!(tried, Some(Action::Send(Command::TryNotice(used))) if used.name == "Sales channel"),
        "{tried:?}"
    );
    for (result, words) in [
        (Ok(()), "look whether it arrived"),
        (Err("there is nothing at this address".to_owned()), "nothing at this"),
    ] {
        harness.state_mut().state.notices.tried = Some(("notify_web".into(), result));
        harness.run();
        assert!(says(&harness, words), "{words}");
    }
}

#[test]
fn one_that_does_not_get_through_says_why_and_can_be_removed() {
    let mut harness = screen(vec![mail()], [1000.0, 1400.0], Theme::Light);
    let why = "the mail server could not be reached (connection refused)".to_owned();
    let report = NoticeReport {
        id: "notify_mail".into(),
        told: 3,
        last_told: Some(now()),
        waiting: 2,
        lost: 1,
        trouble: Some((now(), why)),
    };
    harness.state_mut().state.notices.take_in(vec![report]);
    harness.run();
    assert!(says(&harness, "Does not get through") && says(&harness, "connection refused"));
    click(&mut harness, "Open Mail to Ada");
    for words in ["Told since the start", "3 messages", "Waits to be told", "Never told"] {
        assert!(says(&harness, words), "{words}");
    }
    fill(&mut harness, "From", "nobody");
    assert!(says(&harness, "“nobody” is no e-mail address"));
    click(&mut harness, "Mail to Ada is told");
    assert!(!saved(&harness).notices[0].enabled);
    click(&mut harness, "More about this notice");
    click(&mut harness, "Remove…");
    click(&mut harness, "Remove it");
    assert!(saved(&harness).notices.is_empty());
}

#[test]
fn a_pause_is_said_with_what_waits_and_can_be_ended() {
    let mut harness = screen(vec![mail()], [1000.0, 1400.0], Theme::Light);
    click(&mut harness, "Pause notices");
    click(&mut harness, "For an hour");
    let Some(Action::Send(Command::PauseNotices(Some(pause)))) = harness.state().actions.last() else {
        panic!("{:?}", harness.state().actions)
    };
    harness.state_mut().state.settings.notices_paused = Some(*pause);
    let report = NoticeReport { id: "notify_mail".into(), waiting: 3, ..NoticeReport::default() };
    harness.state_mut().state.notices.take_in(vec![report]);
    harness.run();
    for words in ["Notices are paused until", "told together afterwards. 3 wait", "Paused"] {
        assert!(says(&harness, words), "{words}");
    }
    assert!(!says(&harness, "Pause notices"));
    save_picture(&mut harness, "notices-paused");
    click(&mut harness, "Switch notices on again");
    assert!(matches!(harness.state().actions.last(), Some(Action::Send(Command::PauseNotices(None)))));
    harness.state_mut().state.now += chrono::TimeDelta::minutes(61);
    harness.run();
    assert!(!says(&harness, "Notices are paused"), "it is over by itself");
}

#[test]
fn it_looks_right() {
    for (size, theme, look) in looks() {
        let mut harness = screen(vec![mail()], size, theme);
        save_picture(&mut harness, &format!("notices-{look}"));
        click(&mut harness, "Open Mail to Ada");
        save_picture(&mut harness, &format!("notice-page-{look}"));
    }
}
