//! Web look-ups set up by eye, as a person would: from an example, with a secret, taking values
//! from the answer to a test. And drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui_kittest::kittest::Queryable;
use serde_json::{Value, json};
use support::desk::{Desk, Routes, busy_shop, click, fill, routes_window};
use support::{looks, save_picture};
use switchboard::plugins::{Health, Inspection, Tested};
use switchboard::routing::{Call, Caller, Facts, Table, Value as Fact};
use switchboard::service::messages::Command;
use switchboard::ui::app::Action;
use switchboard::ui::routes::RoutesScreen;

const NAME: &str = "https://crm.example.com authorization";

fn routes(table: Table, size: [f32; 2], theme: egui::Theme) -> Routes {
    let desk = Desk::new(table, RoutesScreen::default());
    let mut harness = routes_window(desk, size, theme);
    click(&mut harness, "Contacts & look-ups…");
    harness
}

fn with_one(settings: &Value) -> Table {
    let mut table = busy_shop();
    let used = json!({ "id": "crm", "name": "CRM", "plugin": "http", "settings": settings });
    table.look_ups.push(serde_json::from_value(used).unwrap());
    table
}

fn crm() -> Table {
    with_one(&json!({
        "url": "https://crm.example.com/customers?phone={{caller.number}}",
        "send": [{ "as": "bearer" }, { "as": "header", "name": "X-Shop", "value": "12" }],
        "facts": [
            { "name": "tier", "title": "Customer tier", "pointer": "/customer/tier", "if_none": "new" },
            { "name": "orders", "pointer": "/customer/orders", "type": "number" },
        ],
        "remember_s": 600,
        "refresh": true,
    }))
}

fn settings(harness: &Routes) -> &Value {
    &harness.state().state.draft.look_ups[0].settings
}

fn answered(harness: &mut Routes, id: &str) {
    let call = Call::new(Caller::Number("+14155552671".into()), "+14155550123");
    let mut facts = Facts::default();
    facts.set("crm.tier", Fact::Text("gold".into()));
    let answer = json!({
        "customer": { "name": "Ada Lovelace", "tier": "gold", "orders": 7, "isVip": true, "tags": ["a", "b"], "note": null },
        "visits": [{ "on": "2026-03-01" }],
    });
    let detail = "GET https://crm.example.com/customers?phone=%2B14155552671\nAuthorization: Bearer ••••••\n\n200\n{…}";
    let test = Tested { call, facts: Ok(facts), took_ms: 123.4, detail: detail.into(), answer: Some(answer) };
    let found = Inspection {
        test: Some(test),
        ..Inspection::of(Health::Good, "Its last answer came after 120 ms, on 2 March, 10:00")
    };
    harness.state_mut().state.inspected(id.into(), found);
    harness.run();
}

/// The secrets that were to be kept or forgotten so far.
fn kept(harness: &mut Routes) -> Vec<(String, Option<String>)> {
    let actions = std::mem::take(&mut harness.state_mut().actions);
    let commands = actions.into_iter().filter_map(|action| match action {
        Action::Send(Command::SetSecret { name, secret }) => {
            Some((name, secret.map(|secret| secret.expose().to_owned())))
        }
        _ => None,
    });
    commands.collect()
}

#[test]
fn one_is_set_up_from_an_example_and_a_test() {
    let mut harness = routes(busy_shop(), [792.0, 2000.0], egui::Theme::Light);
    click(&mut harness, "Add a look-up");
    click(&mut harness, "Web look-up");
    click(&mut harness, "Start from");
    click(&mut harness, "Search by phone number");
    assert_eq!(settings(&harness)["url"], "https://crm.example.com/customers?phone={{caller.number}}");
    fill(&mut harness, "Address", "http://crm.example.com/c");
    assert!(harness.query_by_label_contains("The address is not encrypted; write https").is_some());
    fill(&mut harness, "Address", "https://crm.example.com/c?p=");
    click(&mut harness, "Add a placeholder to the address");
    click(&mut harness, "caller.digits");
    assert_eq!(settings(&harness)["url"], "https://crm.example.com/c?p={{caller.digits}}");

    assert!(harness.query_by_label("Not on this computer").is_some());
    fill(&mut harness, "The secret for Authorization", "  tok_1 ");
    click(&mut harness, "Save the secret");
    assert_eq!(kept(&mut harness), [(NAME.to_owned(), Some("tok_1".to_owned()))]);
    let file = serde_json::to_string(&*harness.state().state.draft).unwrap();
    assert!(!file.contains("tok_1"), "it is no part of the table");
    harness.state_mut().state.secrets.insert(NAME.into());
    harness.run();
    assert!(harness.query_by_label("Kept on this computer").is_some());
    click(&mut harness, "Forget the secret");
    assert_eq!(kept(&mut harness), [(NAME.to_owned(), None)]);

    answered(&mut harness, "web-look-up");
    click(&mut harness, "Take /customer/isVip");
    click(&mut harness, "Take /customer/tags");
    let facts = settings(&harness)["facts"].as_array().unwrap().clone();
    assert_eq!(facts[2], json!({ "name": "is_vip", "pointer": "/customer/isVip", "type": "yesno" }));
    assert_eq!(facts[3], json!({ "name": "tags", "pointer": "/customer/tags", "type": "list" }));
    click(&mut harness, "Leave out /customer/isVip");
    assert_eq!(settings(&harness)["facts"].as_array().unwrap().len(), 3);
    let known = &harness.state().state.facts;
    assert_eq!(known["web-look-up.tags"].title, "Web look-up: tags");
    assert!(known.contains_key("web-look-up.found"));
    let mut problems = harness.state().state.problems.iter();
    assert!(problems.all(|problem| problem.rule.as_deref() == Some("half")), "it can be published");
}

#[test]
fn facts_follow_the_name_until_something_uses_them() {
    let mut harness = routes(crm(), [792.0, 2000.0], egui::Theme::Light);
    click(&mut harness, "Open CRM");
    let rename = |harness: &mut Routes, name: &str| {
        click(harness, "More about this look-up");
        click(harness, "Rename…");
        fill(harness, "Name", name);
        click(harness, "Save");
    };
    rename(&mut harness, "Shop");
    assert!(harness.query_by_label("Patience and memory").is_some(), "its page stays open");
    assert!(harness.state().state.facts.contains_key("shop.tier"));
    let mut used = Table::clone(&harness.state().state.draft);
    used.rules[1].then.variables.insert("tier".into(), "{{shop.tier}}".into());
    harness.state_mut().state.set_draft(std::sync::Arc::new(used));
    harness.run();
    rename(&mut harness, "Store");
    assert!(harness.state().state.facts.contains_key("shop.tier"));
    assert_eq!(harness.state().state.draft.look_ups[0].name, "Store");
}

#[test]
fn a_body_is_posted_and_bad_json_is_told() {
    let mut harness = routes(crm(), [792.0, 2000.0], egui::Theme::Light);
    click(&mut harness, "Open CRM");
    click(&mut harness, "Method");
    click(&mut harness, "POST");
    click(&mut harness, "JSON");
    assert_eq!(settings(&harness)["body"]["json"], "{\n  \"phone\": \"{{caller.number}}\"\n}");
    fill(&mut harness, "Body", "{\"phone\": {{caller.number}}}");
    assert!(harness.query_by_label_contains("put placeholders in quotes").is_some());
    click(&mut harness, "Form");
    assert_eq!(settings(&harness)["body"], json!({ "form": "phone={{caller.number}}" }));
}

#[test]
fn pictures() {
    for (size, theme, look) in looks() {
        let size = [size[0] - 208.0, size[1] - 56.0];
        let mut harness = routes(busy_shop(), size, theme);
        click(&mut harness, "Add a look-up");
        click(&mut harness, "Web look-up");
        save_picture(&mut harness, &format!("web-look-up-new-{look}"));
        let tall = [size[0], 1900.0];
        let mut harness = routes(crm(), tall, theme);
        click(&mut harness, "Open CRM");
        harness.state_mut().state.secrets.insert(NAME.into());
        answered(&mut harness, "crm");
        save_picture(&mut harness, &format!("web-look-up-{look}"));
        click(&mut harness, "Method");
        click(&mut harness, "POST");
        click(&mut harness, "JSON");
        click(&mut harness, "Add something that is sent along");
        save_picture(&mut harness, &format!("web-look-up-post-{look}"));
    }
}
