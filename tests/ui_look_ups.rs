//! Look-ups added, seen to, tested, ordered and deleted as a person would, with a plugin made for
//! it, and drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use egui_kittest::kittest::NodeT;
use egui_kittest::kittest::Queryable;
use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};
use serde_json::{Value, json};
use support::desk::{Desk, Routes, busy_shop, click, fill, routes_window};
use support::{looks, save_picture};
use switchboard::plugins::{
    Column, FactInfo, Health, Host, Inspection, Look, LookUp, LookUpEditor, LookUpKind, LookUpWish, Manifest,
    Plugin, Registry, Sample, Tested,
};
use switchboard::routing::{Call, Caller, Facts, Kind, Table, UsedLookUp, Value as Fact};
use switchboard::service::messages::{Command, Level};
use switchboard::ui::app::{Action, FileWish};
use switchboard::ui::routes::RoutesScreen;
use switchboard::ui::widgets::{Button, TextField, section};

/// A plugin that reads a file of prices, if it did.
struct Prices(Manifest);

struct PricesKind;

fn prices() -> Box<dyn Plugin> {
    let manifest = json!({ "id": "prices", "name": "Prices", "version": "1.0.0", "contract": 1,
        "summary": "What callers pay", "offers": [] });
    Box::new(Prices(serde_json::from_value(manifest).unwrap()))
}

impl Plugin for Prices {
    fn manifest(&self) -> &Manifest {
        &self.0
    }

    fn look_up_kind(&self) -> Option<&dyn LookUpKind> {
        Some(&PricesKind)
    }
}

impl LookUpKind for PricesKind {
    fn starter(&self, _: &Table) -> Value {
        json!({ "file": "", "currency": "USD" })
    }

    fn facts(&self, used: &UsedLookUp) -> BTreeMap<String, FactInfo> {
        let info =
            FactInfo { kind: Kind::Number, title: format!("{}: rate", used.name), example: "3".into() };
        BTreeMap::from([("prices.rate".to_owned(), info)])
    }

    fn check(&self, used: &UsedLookUp, _: &Table) -> Result<(), String> {
        if used.settings["file"] == "" { Err("no file is chosen; choose one".into()) } else { Ok(()) }
    }

    fn open(&self, _: &UsedLookUp, _: &Table, _: &Host) -> Result<Arc<dyn LookUp>, String> {
        Err("it is only drawn here".into())
    }

    fn inspect(&self, _: Look<'_>, _: &Host) -> BoxFuture<'static, Inspection> {
        future::ready(Inspection::of(Health::Good, "12 prices")).boxed()
    }

    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut Value,
        context: &LookUpEditor<'_>,
    ) -> Option<LookUpWish> {
        section(ui, "File", "", |ui| {
            let mut currency = settings["currency"].as_str().unwrap_or_default().to_owned();
            if ui.add(TextField::new(&mut currency)).accessible_name("Currency").changed() {
                settings["currency"] = currency.into();
            }
            let columns =
                context.inspection.and_then(|found| found.sample.as_ref()).map(|sample| &sample.columns);
            for column in columns.into_iter().flatten() {
                ui.label(&column.name);
            }
            let wish = LookUpWish::ChooseFile { field: "file", what: "Prices", endings: &["csv"] };
            ui.add(Button::secondary("Choose a file…")).clicked().then_some(wish)
        })
        .inner
    }
}

fn used(id: &str, name: &str, file: &str) -> UsedLookUp {
    serde_json::from_value(json!({ "id": id, "name": name, "plugin": "prices",
        "settings": { "file": file, "currency": "USD" } }))
    .unwrap()
}

fn priced_shop() -> Table {
    let mut table = busy_shop();
    table.look_ups = vec![used("retail", "Retail", "/a.csv"), used("trade", "Trade prices", "/b.csv")];
    table
}

fn routes_sized(table: Table, size: [f32; 2], theme: egui::Theme) -> Routes {
    let desk = Desk::with(Registry::of(vec![prices()]), table, RoutesScreen::default());
    let mut harness = routes_window(desk, size, theme);
    click(&mut harness, "Contacts & look-ups…");
    harness
}

fn look_ups(table: Table) -> Routes {
    routes_sized(table, [792.0, 584.0], egui::Theme::Light)
}

/// What was asked of the service so far: the ids of what is looked at, and whether it is tested.
fn asked(harness: &mut Routes) -> Vec<(String, Option<Caller>)> {
    let actions = std::mem::take(&mut harness.state_mut().actions);
    let commands = actions.into_iter().map(|action| match action {
        Action::Send(Command::Inspect(wanted)) => (wanted.id, wanted.test.map(|call| call.from)),
        other => panic!("{other:?}"),
    });
    commands.collect()
}

fn names(harness: &Routes) -> Vec<&str> {
    harness.state().state.draft.look_ups.iter().map(|used| used.name.as_str()).collect()
}

#[test]
fn one_is_added_set_up_and_renamed() {
    let mut harness = look_ups(busy_shop());
    assert!(harness.query_by_label("Nothing is looked up yet").is_some());
    click(&mut harness, "Add a look-up");
    click(&mut harness, "Prices");
    assert_eq!(names(&harness), ["Prices"]);
    assert_eq!(asked(&mut harness), [("prices".to_owned(), None)], "it is looked at at once");
    let problems = &harness.state().state.problems;
    let said = problems.iter().find(|problem| problem.field == "look_ups[0].settings").unwrap();
    assert_eq!(
        (said.place.as_str(), said.message.as_str()),
        ("Look-up “Prices”", "no file is chosen; choose one")
    );
    fill(&mut harness, "Currency", "EUR");
    assert_eq!(harness.state().state.draft.look_ups[0].settings["currency"], "EUR");
    assert!(!asked(&mut harness).is_empty(), "other settings, another look");
    click(&mut harness, "Choose a file…");
    let wish = FileWish { look_up: "prices".into(), field: "file", what: "Prices", endings: &["csv"] };
    assert!(matches!(&harness.state().actions[..], [Action::ChooseFile(asked)] if *asked == wish));
    harness.state_mut().actions.clear();
    click(&mut harness, "More about this look-up");
    click(&mut harness, "Rename…");
    fill(&mut harness, "Name", "Rates");
    click(&mut harness, "Save");
    assert_eq!(names(&harness), ["Rates"]);
    assert_eq!(
        harness.state().edits,
        ["Add look-up “Prices”", "Change look-up “Prices”", "Rename look-up “Prices”"]
    );
    click(&mut harness, "Back to look-ups");
    click(&mut harness, "Back to routes");
    assert!(harness.query_by_label("Contacts & look-ups…").is_some());
}

#[test]
fn they_are_switched_and_ordered() {
    let mut harness = look_ups(priced_shop());
    click(&mut harness, "Switch off Retail");
    assert!(!harness.state().state.draft.look_ups[0].enabled);
    assert!(harness.query_by_label("Off").is_some());
    click(&mut harness, "More about Retail");
    assert!(harness.query_by_label("Move up").is_none(), "the first cannot go up");
    click(&mut harness, "Move down");
    assert_eq!(names(&harness), ["Trade prices", "Retail"]);
}

#[test]
fn one_that_a_rule_needs_stays_and_says_so() {
    let mut table = priced_shop();
    table.look_ups.truncate(1);
    table.rules[1].then.variables.insert("rate".into(), "{{prices.rate|2}}".into());
    let mut harness = look_ups(table);
    asked(&mut harness);
    assert!(harness.query_by_label("Used by 1 rule").is_some());
    let delete = |harness: &mut Routes| {
        click(harness, "More about Retail");
        click(harness, "Delete look-up");
    };
    delete(&mut harness);
    assert_eq!(names(&harness), ["Retail"]);
    let [Action::Tell(note)] = &harness.state().actions[..] else { panic!("nothing was said") };
    assert_eq!(note.level, Level::Warning);
    assert!(note.text.contains("used by rule “Greeting”"), "{}", note.text);
    harness.state_mut().actions.clear();
    let mut free = Table::clone(&harness.state().state.draft);
    free.rules[1].then.variables.clear();
    harness.state_mut().state.set_draft(Arc::new(free));
    harness.run();
    delete(&mut harness);
    assert_eq!(names(&harness), [""; 0]);
}

fn found(test: Option<Result<Facts, String>>) -> Inspection {
    let call = Call::new(Caller::Number("+14155552671".into()), "+14155550123");
    Inspection {
        remarks: vec!["3 prices cannot be read: rows 4, 8 and 15".into()],
        sample: Some(Sample {
            columns: vec![Column { name: "Rate".into(), is_key: false }],
            rows: Vec::new(),
        }),
        test: test.map(|facts| Tested { call, facts, took_ms: 3.2, detail: String::new(), answer: None }),
        ..Inspection::of(Health::Attention, "12 prices")
    }
}

#[test]
fn a_test_shows_what_is_found_out() {
    let mut harness = look_ups(priced_shop());
    click(&mut harness, "Open Retail");
    asked(&mut harness);
    assert!(harness.get_by_label("Test this look-up").accesskit_node().is_disabled(), "nobody is given");
    fill(&mut harness, "Caller to test with", "Bob");
    assert!(harness.query_by_label_contains("This is no phone number").is_some());
    fill(&mut harness, "Caller to test with", "(415) 555-2671");
    click(&mut harness, "Test this look-up");
    assert_eq!(asked(&mut harness), [("retail".into(), Some(Caller::Number("+14155552671".into())))]);
    let mut facts = Facts::default();
    facts.set("prices.rate", Fact::Number(7.0));
    harness.state_mut().state.inspected("retail".into(), found(Some(Ok(facts))));
    harness.run();
    for words in ["Asked about (415) 555-2671, answered after 3.2 ms", "7", "Needs attention", "Rate"] {
        assert!(harness.query_by_label(words).is_some(), "{words}");
    }
    // Looked at once more, it still shows the test; with other settings, it says that it is old.
    harness.state_mut().state.inspected("retail".into(), found(None));
    fill(&mut harness, "Currency", "EUR");
    assert!(harness.query_by_label("7").is_some());
    assert!(harness.query_by_label_contains("test again").is_some());
    // Where nobody could be asked, nothing is said of an answer.
    harness.state_mut().state.inspected("retail".into(), found(Some(Err("its secret is missing".into()))));
    harness.run();
    for words in ["Nothing was found out about (415) 555-2671", "Its secret is missing"] {
        assert!(harness.query_by_label(words).is_some(), "{words}");
    }
    assert!(harness.query_by_label_contains("answered after").is_none());
}

#[test]
fn it_is_looked_at_again_when_calls_came_in() {
    let mut harness = look_ups(priced_shop());
    asked(&mut harness);
    harness.run();
    assert_eq!(asked(&mut harness), []);
    harness.state_mut().state.total_calls += 1;
    harness.run();
    assert_eq!(asked(&mut harness).len(), 2);
}

#[test]
fn pictures() {
    for (size, theme, look) in looks() {
        let size = [size[0] - 208.0, size[1] - 56.0];
        let mut harness = routes_sized(priced_shop(), size, theme);
        harness.state_mut().state.inspected("retail".into(), found(None));
        harness.run();
        save_picture(&mut harness, &format!("look-ups-{look}"));
        click(&mut harness, "Open Retail");
        save_picture(&mut harness, &format!("look-up-{look}"));
        click(&mut harness, "Back to look-ups");
        click(&mut harness, "Back to routes");
        save_picture(&mut harness, &format!("look-ups-button-{look}"));
        let mut harness = routes_sized(busy_shop(), size, theme);
        save_picture(&mut harness, &format!("look-ups-empty-{look}"));
    }
}
