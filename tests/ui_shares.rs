//! Agents who share calls, set up as a person would, and what each got so far.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::Theme;
use egui_kittest::kittest::Queryable;
use serde_json::json;
use support::desk::{Desk, Routes, click, fill, routes_window, rule, shop};
use support::save_picture;
use switchboard::plugins::lists::Hits;
use switchboard::routing::{Action as Act, Share, Table};
use switchboard::service::messages::{Command, ListHits, ShareCounts};
use switchboard::storage::call_log::Connected;
use switchboard::ui::app::Action;
use switchboard::ui::routes::RoutesScreen;

fn routes(table: Table, size: [f32; 2], theme: Theme) -> Routes {
    routes_window(Desk::new(table, RoutesScreen::default()), size, theme)
}

fn shared_shop() -> Table {
    let mut table = shop();
    let share = |how: &str, agents: serde_json::Value| json!({ "share": { "how": how, "agents": agents } });
    let percent = |agent: &str, percent: u32| json!({ "agent": agent, "percent": percent });
    let open = json!({ "condition": "hours.open", "settings": { "schedule": "office" } });
    let mut sticky = share("shares.sticky", json!([percent("reception", 60), percent("sales-desk", 40)]));
    sticky["share"]["settings"] = json!({ "within": 30, "unit": "days" });
    let versions = json!([
        { "agent": "reception", "version": 3, "percent": 90 }, { "agent": "reception", "version": 4, "percent": 10 },
    ]);
    table.rules = vec![
        rule(json!({ "id": "pilot", "name": "Pilot", "when": [{ "any_of": [open] }],
            "then": { "action": share("shares.weighted", json!([percent("reception", 70), percent("sales-desk", 25), percent("night", 5)])) } })),
        rule(json!({ "id": "team", "name": "Team in turn",
            "then": { "action": share("shares.round_robin", json!([{ "agent": "reception" }, { "agent": "sales-desk" }])) } })),
        rule(json!({ "id": "known", "name": "Whom they know", "then": { "action": sticky } })),
        rule(
            json!({ "id": "versions", "name": "New prompt", "then": { "action": share("shares.weighted", versions) } }),
        ),
        rule(json!({ "id": "half", "name": "Half done",
            "then": { "action": share("shares.weighted", json!([percent("reception", 50), percent("", 20)])) } })),
    ];
    table
}

fn share_of<'a>(harness: &'a Routes, rule: &str) -> &'a Share {
    let Act::Share(share) = &harness.state().state.draft.rule(rule).unwrap().then.action else {
        panic!("no share")
    };
    share
}

fn percents(share: &Share) -> Vec<Option<u32>> {
    share.agents.iter().map(|one| one.percent).collect()
}

fn open(harness: &mut Routes, rule: &str) {
    harness.state_mut().screen.open_rule(rule);
    harness.run();
}

fn got(agent: &str, version: Option<&str>, calls: u64) -> Connected {
    Connected { agent_id: Some(agent.into()), agent_version: version.map(Into::into), calls }
}

#[test]
fn a_share_is_made_from_the_agent_who_answered_alone() {
    let mut table = shop();
    let then = json!({ "action": { "connect": { "agent": "reception" } } });
    table.rules = vec![rule(json!({ "id": "all", "name": "All", "then": then }))];
    let mut harness = routes(table, [1000.0, 900.0], Theme::Light);
    open(&mut harness, "all");
    click(&mut harness, "Share");
    let share = share_of(&harness, "all");
    assert_eq!(share.agents[0].agent, "reception");
    assert_eq!(percents(share), [Some(50), Some(50)]);
    assert!(harness.query_all_by_label_contains("No agent is chosen").next().is_some());
    click(&mut harness, "Remove agent 2");
    assert!(harness.query_all_by_label_contains("Together 50%, and it should be 100%").next().is_some());
    click(&mut harness, "Add an agent");
    assert_eq!(share_of(&harness, "all").agents[1].agent, "night", "the next one who has no share yet");
    assert_eq!(percents(share_of(&harness, "all")), [Some(50), Some(50)]);
    fill(&mut harness, "Percent of agent 1", "70");
    harness.get_by_label_contains("Together 120%");
    fill(&mut harness, "Percent of agent 2", "30");
    harness.get_by_label("Together 100%");
    assert!(harness.state().state.problems.is_empty(), "{:?}", harness.state().state.problems);
    click(&mut harness, "Add an agent");
    click(&mut harness, "Spread evenly");
    assert_eq!(percents(share_of(&harness, "all")), [Some(34), Some(33), Some(33)]);
    fill(&mut harness, "Version of agent 2", "4");
    assert_eq!(share_of(&harness, "all").agents[1].version.as_ref().unwrap().to_string(), "4");
    // Back and forth loses nothing.
    click(&mut harness, "Reject");
    click(&mut harness, "Share");
    assert_eq!(percents(share_of(&harness, "all")), [Some(34), Some(33), Some(33)]);
}

#[test]
fn what_was_expected_and_what_came_stand_side_by_side() {
    let mut harness = routes(shared_shop(), [1000.0, 1200.0], Theme::Light);
    open(&mut harness, "pilot");
    let asked = |harness: &Routes| {
        let is_count = |action: &&Action| matches!(action, Action::Send(Command::CountShares { rule: Some(rule) }) if rule == "pilot");
        harness.state().actions.iter().filter(is_count).count()
    };
    assert_eq!(asked(&harness), 1, "asked once, not in each frame");
    let connected = vec![got("reception", None, 68), got("sales-desk", Some("3"), 30), got("gone", None, 9)];
    harness.state_mut().state.shares =
        Some(ShareCounts { rule: Some("pilot".into()), days: 30, connected: Ok(connected) });
    harness.run();
    harness.get_by_label("70% to be expected  ·  69.4% in the last 30 days (68 of 98)");
    harness.get_by_label("25% to be expected  ·  30.6% in the last 30 days (30 of 98)");
    harness.get_by_label("5% to be expected  ·  0% in the last 30 days (0 of 98)");
    harness.state_mut().state.total_calls += 1;
    harness.run();
    assert_eq!(asked(&harness), 1, "a busy day is not counted call by call");
    harness.state_mut().state.now += chrono::TimeDelta::seconds(10);
    harness.run();
    assert_eq!(asked(&harness), 2, "asked again after a call and a rest");
    open(&mut harness, "versions");
    let connected =
        vec![got("reception", Some("3"), 9), got("reception", Some("4"), 1), got("reception", None, 7)];
    harness.state_mut().state.shares =
        Some(ShareCounts { rule: Some("versions".into()), days: 30, connected: Ok(connected) });
    harness.run();
    harness.get_by_label("90% to be expected  ·  90% in the last 30 days (9 of 10)");
}

#[test]
fn rules_with_shares_read_as_sentences() {
    let harness = routes(shared_shop(), [1000.0, 900.0], Theme::Light);
    for (name, sentence) in [
        ("Rule 1: Pilot", "Office hours is open → Reception 70%, Sales desk 25%, After hours 5%"),
        ("Rule 2: Team in turn", "any call → Reception, Sales desk"),
        ("Rule 5: Half done", "any call → unfinished share"),
    ] {
        use egui_kittest::kittest::NodeT;
        let row = harness.get_by_label(name);
        assert_eq!(row.accesskit_node().description().as_deref(), Some(sentence));
    }
}

#[test]
fn entries_of_a_list_tell_their_calls() {
    let mut table = shop();
    let entries = json!([{ "what": "+12025550100" }, { "what": "+1900*" }]);
    table.lists = vec![
        serde_json::from_value(json!({ "id": "block", "name": "Block list", "entries": entries })).unwrap(),
    ];
    let mut harness = routes(table, [1000.0, 640.0], Theme::Light);
    click(&mut harness, "Lists…");
    click(&mut harness, "Open Block list");
    let asked = harness
        .state()
        .actions
        .iter()
        .any(|action| matches!(action, Action::Send(Command::CountHits { list, .. }) if list == "block"));
    assert!(asked);
    let (entries, now) = (harness.state().state.draft.lists[0].entries.clone(), harness.state().state.now);
    let hits = vec![Hits { calls: 1234, last_ms: now.timestamp_millis() - 7_200_000 }, Hits::default()];
    harness.state_mut().state.hits = Some(ListHits { entries, hits: Ok(hits) });
    harness.run();
    harness.get_by_label("1,234, 2 h ago");
    harness.get_by_label("None");
    save_picture(&mut harness, "list-hits");
}

#[test]
fn pictures() {
    for (size, theme, look) in support::looks() {
        let mut harness = routes(shared_shop(), size, theme);
        save_picture(&mut harness, &format!("shares-{look}"));
        for id in ["pilot", "known", "half", "team"] {
            open(&mut harness, id);
            let connected =
                vec![got("reception", None, 68), got("sales-desk", None, 30), got("night", None, 2)];
            harness.state_mut().state.shares =
                Some(ShareCounts { rule: Some(id.into()), days: 30, connected: Ok(connected) });
            harness.run();
            if let Some(heading) = harness.query_by_label("Agents") {
                heading.scroll_to_me();
            }
            harness.run();
            save_picture(&mut harness, &format!("share-{id}-{look}"));
        }
    }
}
