//! The screen of plugins, used as a person would: allowing one that was dropped in, filling in what it
//! has to know, and looking at how it is doing.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use egui::Theme;
use egui_kittest::{Harness, kittest::Queryable};
use serde_json::json;
use support::desk::{Desk, click, fill, now, shop};
use support::{looks, save_picture, window};
use switchboard::plugins::dropped::{Card, Kept, Line, Report, Standing, Yard};
use switchboard::plugins::{Registry, Secrets, Tested};
use switchboard::routing::{Call, Caller, Facts, Value};
use switchboard::service::messages::{Command, PluginWish};
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::plugins::PluginsScreen;

type Desktop = Harness<'static, Desk<PluginsScreen>>;

const MANIFEST: &str = r#"
id = "acme_crm"
name = "Acme CRM"
version = "1.2.0"
contract = 1
summary = "Knows our customers, and which of them are VIPs"
run = "plugin.js"
offers = ["facts"]

[allow]
fetch = ["https://api.acme.example/"]

[settings.token]
type = "secret"
title = "Access token"
required = true

[settings.limit]
type = "number"
title = "Open orders of a VIP"
help = "From so many on a customer counts as a VIP"
min = 1
default = 3

[settings.only_open]
type = "yesno"
title = "Only open orders count"

[settings.people]
type = "table"
title = "People of ours"

[settings.people.columns.number]
type = "phone"
title = "Number"
required = true

[settings.people.columns.vip]
type = "yesno"
title = "VIP"

[settings.prices]
type = "file"
title = "Prices"

[facts."crm.name"]
type = "text"
title = "Name in Acme CRM"
example = "Ada Lovelace"

[facts."crm.vip"]
type = "yesno"
title = "Is a VIP in Acme CRM"
example = "yes"
"#;

/// What the window is told of a folder with this plugin, allowed or not.
fn cards(folder: &Path, allowed: bool) -> (Vec<Card>, Registry) {
    let plugin = folder.join("acme_crm");
    std::fs::create_dir_all(&plugin).unwrap();
    std::fs::write(plugin.join("plugin.toml"), MANIFEST).unwrap();
    std::fs::write(plugin.join("plugin.js"), "export const facts = () => ({});").unwrap();
    std::fs::create_dir_all(folder.join("half_done")).unwrap();
    let secrets = Secrets::default();
    secrets.replace([("plugin acme_crm token".into(), "hunter22".into())].into());
    let mut yard = Yard::new(folder.to_owned(), secrets);
    let mut kept = BTreeMap::new();
    yard.look(&kept, 0);
    if allowed {
        let mark = yard.manifest("acme_crm").unwrap().allow.mark();
        kept.insert("acme_crm".to_owned(), Kept { allowed: Some(mark), ..Kept::default() });
        while yard.working("acme_crm").is_none() {
            yard.look(&kept, 0);
            std::thread::yield_now();
        }
    }
    let registry = Registry::built_in().with_dropped(yard.plugins(&kept));
    let mut cards = yard.cards(&kept);
    for card in &mut cards {
        card.folder = PathBuf::from("/home/ada/plugins").join(&card.id);
    }
    (cards, registry)
}

fn screen(allowed: bool, size: [f32; 2], theme: Theme) -> Desktop {
    let folder = tempfile::tempdir().unwrap();
    let (mut cards, registry) = cards(folder.path(), allowed);
    let draw = |ui: &mut egui::Ui, desk: &mut Desk<PluginsScreen>| {
        let mut actions = Actions::new();
        let all = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
        ui.scope_builder(all, |ui| desk.screen.ui(ui, &desk.state, &mut actions));
        desk.take(actions);
    };
    if allowed {
        let line = |minutes, text: &str| Line {
            at: now() - chrono::TimeDelta::minutes(minutes),
            text: text.to_owned(),
        };
        cards[0].report = Report {
            asks: 1240,
            faults: 2,
            p50_us: Some(640),
            p99_us: Some(8_200),
            last_error: Some(line(95, "TypeError: fetch: the server could not be reached (plugin.js:12:9)")),
            paused: None,
            log: vec![line(2, "asked about +4930123456"), line(7, "no customer with this number")],
        };
    }
    let mut desk = Desk::with(registry, shop(), PluginsScreen::default());
    desk.state.plugins = cards.into();
    let mut harness = window(size, theme).with_pixels_per_point(support::scale()).build_ui_state(draw, desk);
    harness.run();
    harness
}

fn wishes(harness: &Desktop) -> Vec<&PluginWish> {
    let actions = harness.state().actions.iter();
    let wishes = actions.filter_map(|action| match action {
        Action::Send(Command::Plugin(wish)) => Some(wish),
        _ => None,
    });
    wishes.collect()
}

fn says(harness: &Desktop, words: &str) -> bool {
    harness.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn a_new_plugin_says_what_it_asks_for_and_is_allowed() {
    let mut harness = screen(false, [1000.0, 640.0], Theme::Light);
    for words in
        ["Waits for you to allow it", "Ask https://api.acme.example/ about each call", "Cannot be used"]
    {
        assert!(says(&harness, words), "{words}");
    }
    assert!(says(&harness, "plugin.toml cannot be read"));
    for (button, folder) in [("Add a plugin from a zip file", false), ("Add a plugin from a folder", true)] {
        click(&mut harness, button);
        let asked = harness.state().actions.last();
        assert!(matches!(asked, Some(Action::ChoosePlugin { folder: is }) if *is == folder), "{asked:?}");
    }
    click(&mut harness, "Show the folder of plugins");
    assert!(matches!(wishes(&harness)[..], [PluginWish::OpenFolder(None)]));
    harness.state_mut().actions.clear();
    click(&mut harness, "Allow Acme CRM");
    assert!(matches!(wishes(&harness)[..], [PluginWish::Allow(id)] if id == "acme_crm"));
}

#[test]
fn its_page_has_a_form_a_trial_and_a_way_out() {
    let mut harness = screen(true, [1000.0, 1600.0], Theme::Light);
    click(&mut harness, "Open Acme CRM");
    for words in
        ["At work", "Asked 1240 times, failed 2 times", "Mostly 0.6 ms, at times 8.2 ms", "no customer"]
    {
        assert!(says(&harness, words), "{words}");
    }
    fill(&mut harness, "Open orders of a VIP", "0");
    assert!(says(&harness, "Open orders of a VIP must be at least 1"));
    click(&mut harness, "Save the settings");
    assert!(wishes(&harness).is_empty(), "what is wrong is not saved");
    fill(&mut harness, "Open orders of a VIP", "5");
    click(&mut harness, "Save the settings");
    let [PluginWish::Fill { filled, .. }] = wishes(&harness)[..] else { panic!("{:?}", wishes(&harness)) };
    assert_eq!(filled["limit"], json!(5.0));
    fill(&mut harness, "Access token", "another");
    click(&mut harness, "Keep Access token");
    let kept = harness.state().actions.iter().any(|action| {
        matches!(action, Action::Send(Command::SetSecret { name, secret: Some(_) }) if name == "plugin acme_crm token")
    });
    assert!(kept);
    fill(&mut harness, "Caller to try with", "+493012345678");
    click(&mut harness, "Try this plugin");
    assert!(matches!(wishes(&harness).last(), Some(PluginWish::Try { .. })));
    let mut facts = Facts::default();
    facts.set("crm.vip", Value::YesNo(true));
    let call = Call::new(Caller::Number("+493012345678".into()), "+14155550123");
    let tested = Tested { call, facts: Ok(facts), took_ms: 0.7, detail: String::new(), answer: None };
    harness.state_mut().state.plugin_tried = Some(("acme_crm".into(), Box::new(tested)));
    harness.run();
    assert!(says(&harness, "Is a VIP in Acme CRM"));
    click(&mut harness, "More about this plugin");
    click(&mut harness, "Show its folder");
    assert!(matches!(wishes(&harness).last(), Some(PluginWish::OpenFolder(Some(id))) if id == "acme_crm"));
    click(&mut harness, "More about this plugin");
    click(&mut harness, "Remove…");
    click(&mut harness, "Remove it");
    assert!(matches!(wishes(&harness).last(), Some(PluginWish::Remove(_))));
    click(&mut harness, "Back to plugins");
    assert!(says(&harness, "Added by you"));
}

#[test]
fn rows_and_files_are_filled_in() {
    let mut harness = screen(true, [1000.0, 2200.0], Theme::Light);
    click(&mut harness, "Open Acme CRM");
    click(&mut harness, "Add a row to People of ours");
    fill(&mut harness, "Number", "12");
    assert!(says(&harness, "row 1: Number is no phone number"));
    fill(&mut harness, "Number", "+14155552671");
    click(&mut harness, "VIP");
    click(&mut harness, "Add a row to People of ours");
    click(&mut harness, "Remove row 2");
    click(&mut harness, "Choose Prices");
    let Some(Action::ChooseSetting(setting)) = harness.state().actions.last() else {
        panic!("nothing asked")
    };
    assert_eq!((setting.owner.as_str(), setting.field.as_str()), ("acme_crm", "prices"));
    let setting = setting.clone();
    harness.state_mut().screen.take_file(&setting, "/home/ada/prices.csv");
    harness.run();
    click(&mut harness, "Save the settings");
    let Some(PluginWish::Fill { filled, .. }) = wishes(&harness).last() else {
        panic!("{:?}", wishes(&harness))
    };
    assert_eq!(filled["people"], json!([{ "number": "+14155552671", "vip": true }]));
    assert_eq!(filled["prices"], json!("/home/ada/prices.csv"));
}

#[test]
fn it_looks_right() {
    for (size, theme, look) in looks() {
        save_picture(&mut screen(false, size, theme), &format!("plugins-asks-{look}"));
        let mut harness = screen(true, size, theme);
        save_picture(&mut harness, &format!("plugins-added-{look}"));
        click(&mut harness, "Open Acme CRM");
        save_picture(&mut harness, &format!("plugin-page-{look}"));
    }
    let harness = screen(true, [1000.0, 640.0], Theme::Dark);
    assert_eq!(harness.state().state.plugins[0].standing, Standing::On);
}
