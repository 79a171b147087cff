//! Having this computer reached, in the window: chosen, told how it is, and put right.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use chrono::{DateTime, TimeDelta, Utc};
use egui::Theme;
use egui_kittest::{Harness, kittest::Queryable};
use support::desk::{Desk, click, fill, shop};
use support::{looks, save_picture, window};
use switchboard::plugins::reach::Obstacle;
use switchboard::reach::{Certified, Doing, Found, ReachState};
use switchboard::service::messages::{Command, Keys, Serving};
use switchboard::service::{Beat, HEARTBEAT_ADDRESS, Health, Heartbeat, Proof, Timeline};
use switchboard::storage::Settings;
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::settings::SettingsScreen;

type Desktop = Harness<'static, Desk<SettingsScreen>>;

fn desk() -> Desk<SettingsScreen> {
    let mut desk = Desk::new(shop(), SettingsScreen::default());
    desk.state.keys = Keys { current: Some("••••••••89ab".into()), ..Keys::default() };
    desk.state.serving = Serving::Listening("127.0.0.1:8787".parse().unwrap());
    let here = Found { path: "/usr/local/bin/cloudflared".into(), version: "2026.2.1".into() };
    let tools = [("cloudflare", Some(here)), ("ngrok", None), ("tailscale", None)];
    desk.state.tools = tools.into_iter().map(|(id, found)| (id.to_owned(), found)).collect();
    desk
}

fn settings(desk: Desk<SettingsScreen>, size: [f32; 2], theme: Theme) -> Desktop {
    let draw = |ui: &mut egui::Ui, desk: &mut Desk<SettingsScreen>| {
        let mut actions = Actions::new();
        desk.screen.ui(ui, &desk.state, &mut actions);
        desk.take(actions);
    };
    let mut harness = window(size, theme).with_pixels_per_point(support::scale()).build_ui_state(draw, desk);
    harness.run();
    harness
}

fn says(harness: &Desktop, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

/// The settings that were saved last.
fn saved(harness: &Desktop) -> Settings {
    let saved = harness.state().actions.iter().rev().find_map(|action| match action {
        Action::Send(Command::SaveSettings(settings)) => Some(settings.clone()),
        _ => None,
    });
    saved.unwrap()
}

#[test]
fn a_way_is_chosen_set_used_and_stopped() {
    let mut harness = settings(desk(), [792.0, 1400.0], Theme::Light);
    assert!(says(&harness, "Not set up"));
    click(&mut harness, "Own address");
    fill(&mut harness, "Public address", "http://calls.example.com");
    assert!(says(&harness, "It must begin with https://"));
    fill(&mut harness, "Public address", "calls.example.com");
    click(&mut harness, "Use Own address");
    let used = saved(&harness);
    assert_eq!(used.reach.way.as_deref(), Some("own_address"));
    assert_eq!(used.reach.settings["own_address"]["address"], "calls.example.com");

    harness.state_mut().state.settings = used;
    harness.run();
    fill(&mut harness, "Public address", "phones.example.com");
    click(&mut harness, "Use these settings");
    assert_eq!(saved(&harness).reach.settings["own_address"]["address"], "phones.example.com");
    harness.state_mut().state.settings = saved(&harness);
    harness.run();
    click(&mut harness, "Stop using Own address");
    let stopped = saved(&harness).reach;
    assert_eq!((stopped.way, stopped.settings.len()), (None, 1), "what was set is kept");
}

#[test]
fn a_program_that_is_not_here_is_got_and_a_token_goes_to_the_key_store() {
    let mut harness = settings(desk(), [792.0, 1400.0], Theme::Light);
    click(&mut harness, "ngrok");
    assert!(says(&harness, "ngrok is not on this computer") && says(&harness, "Get ngrok"));
    click(&mut harness, "Look again");
    fill(&mut harness, "Authtoken", "2abc");
    click(&mut harness, "Save the token");
    fill(&mut harness, "Where the program is", "/opt/ngrok/ngrok");
    click(&mut harness, "Use ngrok");
    assert_eq!(saved(&harness).reach.programs["ngrok"], std::path::Path::new("/opt/ngrok/ngrok"));
    let is_kept = |action: &Action| matches!(action, Action::Send(Command::SetSecret { name, secret: Some(secret) }) if name == "reach.ngrok.token" && secret.expose() == "2abc");
    assert!(harness.state().actions.iter().any(is_kept));
    let asks = |action: &Action| matches!(action, Action::Send(Command::LookForTools));
    assert!(harness.state().actions.iter().any(asks));
    click(&mut harness, "Cloudflare Tunnel");
    assert!(says(&harness, "cloudflared 2026.2.1"));
}

/// Calls arrive, and did not for ten minutes some hours ago.
fn proof(now: DateTime<Utc>) -> Proof {
    let mut timeline = Timeline::default();
    let minutes = |ago: i64| now - TimeDelta::minutes(ago);
    for ago in (0..=600).rev() {
        let is_down = (300..310).contains(&ago);
        let down = Health::Tunnel("calls.example.com cannot be reached".into());
        timeline.add(if is_down { &down } else { &Health::Good }, minutes(ago));
    }
    Proof { health: Some(Health::Good), took_ms: 82, timeline, ..Proof::default() }
}

#[test]
fn how_it_is_is_told_with_the_address_or_what_to_do() {
    for (size, theme, look) in looks() {
        let mut desk = desk();
        desk.state.settings.reach.way = Some("cloudflare".into());
        desk.state.reach = ReachState::Open("https://calls.example.com/".parse().unwrap());
        *desk.state.proof = proof(desk.state.now);
        let size = [size[0] - 208.0, size[1] - 60.0];
        let mut harness = settings(desk, size, theme);
        assert!(says(&harness, "at calls.example.com, proved just now, in 82 ms"));
        assert!(says(&harness, "1 outage in the last 24 hours") && says(&harness, "the tunnel is down"));
        save_picture(&mut harness, &format!("reach-open-{look}"));
        click(&mut harness, "Copy the address for Retell");
        let copied = harness.state().actions.iter().any(
            |action| matches!(action, Action::Copy(text) if text == "https://calls.example.com/webhook/inbound"),
        );
        assert!(copied);

        let why = Obstacle::new(
            "cloudflared lost its connection to Cloudflare",
            "Look whether this computer is online",
        );
        harness.state_mut().state.reach = ReachState::Shut { why, tries_again: true };
        harness.run();
        assert!(says(&harness, "lost its connection") && says(&harness, "It is tried again by itself"));
        click(&mut harness, "ngrok");
        save_picture(&mut harness, &format!("reach-shut-{look}"));
        click(&mut harness, "Try now");
        let again =
            harness.state().actions.iter().any(|action| matches!(action, Action::Send(Command::ReachAgain)));
        assert!(again);
    }
}

#[test]
fn an_outside_watcher_is_set_told_of_and_forgotten() {
    for (size, theme, look) in looks() {
        let mut harness = settings(desk(), [size[0] - 208.0, 1700.0], theme);
        fill(&mut harness, "Address of the watcher", "http://hc-ping.com/2f1b");
        assert!(says(&harness, "It must begin with https://"));
        fill(&mut harness, "Address of the watcher", " https://hc-ping.com/2f1b ");
        click(&mut harness, "Save the address");
        let is_kept = |action: &Action| matches!(action, Action::Send(Command::SetSecret { name, secret: Some(secret) }) if name == HEARTBEAT_ADDRESS && secret.expose() == "https://hc-ping.com/2f1b");
        assert!(harness.state().actions.iter().any(is_kept));

        harness.state_mut().state.secrets.insert(HEARTBEAT_ADDRESS.to_owned());
        let told_at = Some(harness.state().state.now - TimeDelta::seconds(40));
        let watcher = Some("hc-ping.com".to_owned());
        for (beat, told_at, words) in [
            (Beat::None, None, "It is told for the first time"),
            (Beat::Held, None, "It is told once it is proved that calls arrive"),
            (Beat::Told, told_at, "hc-ping.com was told 40 s ago"),
            (Beat::Held, told_at, "was told 40 s ago and not since, as it is not proved that calls arrive"),
            (Beat::Failed("It does not answer within 10 seconds".into()), told_at, "may raise a false alarm"),
        ] {
            let name = words.split(' ').next_back().unwrap_or_default().to_owned();
            harness.state_mut().state.heartbeat = Heartbeat { watcher: watcher.clone(), told_at, beat };
            harness.run();
            assert!(says(&harness, words), "{words}");
            save_picture(&mut harness, &format!("watcher-{name}-{look}"));
        }
        assert!(says(&harness, "It does not answer within 10 seconds"));
        assert!(!says(&harness, "Secrets of look-ups"), "it is forgotten where it was entered");
        click(&mut harness, "Tell it now");
        click(&mut harness, "Forget the address");
        let is_forgotten = |action: &Action| matches!(action, Action::Send(Command::SetSecret { name, secret: None }) if name == HEARTBEAT_ADDRESS);
        assert!(harness.state().actions.iter().any(is_forgotten));
        let asks = |action: &Action| matches!(action, Action::Send(Command::Prove));
        assert!(harness.state().actions.iter().any(asks));
    }
}

#[test]
fn a_certificate_by_itself_is_chosen_and_how_it_stands_is_told() {
    for (size, theme, look) in looks() {
        let mut harness = settings(desk(), [size[0] - 208.0, 1500.0], theme);
        click(&mut harness, "Own address");
        fill(&mut harness, "Public address", "calls.example.com");
        click(&mut harness, "This computer, certificate by itself");
        assert!(says(&harness, "pass port 443 on to port 8787 of this computer"));
        click(&mut harness, "I accept the terms of Let's Encrypt");
        click(&mut harness, "Use Own address");
        let used = saved(&harness);
        let own = &used.reach.settings["own_address"];
        assert_eq!((&own["https"], &own["accepts_terms"]), (&"automatic".into(), &true.into()));

        harness.state_mut().state.settings = used;
        let now = harness.state().state.now;
        let why = || {
            Obstacle::new(
                "Let's Encrypt could not reach this computer at calls.example.com, port 443",
                "Let your router pass port 443 on to port 8787 of this computer",
            )
        };
        let shut = || ReachState::Shut { why: why(), tries_again: true };
        let open = || ReachState::Open("https://calls.example.com/".parse().unwrap());
        let (until, again_at) = (Some(now + TimeDelta::days(89)), now + TimeDelta::minutes(5));
        let rests = Doing::Resting { renews_at: now + TimeDelta::days(59) };
        let failed = || Doing::Failed { why: why(), again_at };
        for (name, reach, valid_until, doing, words) in [
            ("asked", ReachState::Starting, None, Doing::Asking, "being asked for at Let's Encrypt"),
            ("none", shut(), None, failed(), "Let's Encrypt is asked again 10:10"),
            (
                "there",
                open(),
                until,
                rests,
                "valid until 20 Feb 2027, and renewed by itself from 21 Jan 2027 on",
            ),
            ("renewed", open(), until, Doing::Asking, "being renewed at Let's Encrypt"),
            ("not-renewed", open(), until, failed(), "could not be renewed; it is valid until 20 Feb 2027"),
        ] {
            let state = &mut harness.state_mut().state;
            state.reach = reach;
            let authority = "Let's Encrypt".to_owned();
            state.certified = Some(Certified { authority, valid_until, now: doing });
            harness.run();
            assert!(says(&harness, words), "{words}");
            save_picture(&mut harness, &format!("certificate-{name}-{look}"));
        }
        click(&mut harness, "Ask now");
        let asks = |action: &Action| matches!(action, Action::Send(Command::ReachAgain));
        assert!(harness.state().actions.iter().any(asks));

        // Files of before this choice are still files, and go when something else speaks https.
        click(&mut harness, "This computer, own certificate");
        fill(&mut harness, "Certificate", "/etc/ssl/fullchain.pem");
        assert!(says(&harness, "Both are needed"));
        click(&mut harness, "Something in front of it");
        click(&mut harness, "Use these settings");
        let saved = saved(&harness).reach.settings["own_address"].clone();
        assert_eq!((saved.get("https"), saved.get("certificate")), (None, None));
    }
}
