//! The routes screen used as a person would, and drawn to be looked at.
#![cfg(feature = "desktop")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use egui::{Key, Modifiers, Role, Theme};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use support::desk::{Desk, Routes, busy_shop, click, fill, routes_window, rule, shop};
use support::{save_picture, window};
use switchboard::routing::{Action as Act, AgentVersion, Rule, Table};
use switchboard::service::messages::Command;
use switchboard::ui::app::{Action, Actions};
use switchboard::ui::publishing::{PublishDialog, discard_ui};
use switchboard::ui::routes::RoutesScreen;

fn routes_sized(table: Table, size: [f32; 2], theme: Theme) -> Routes {
    routes_window(Desk::new(table, RoutesScreen::default()), size, theme)
}

fn routes(table: Table) -> Routes {
    routes_sized(table, [792.0, 584.0], Theme::Light)
}

fn names(harness: &Routes) -> Vec<&str> {
    harness.state().state.draft.rules.iter().map(|rule| rule.name.as_str()).collect()
}

fn rule_named<'a>(harness: &'a Routes, name: &str) -> &'a Rule {
    harness.state().state.draft.rules.iter().find(|rule| rule.name == name).unwrap()
}

fn click_as(harness: &mut Routes, role: Role, label: &str) {
    harness.get_by_role_and_label(role, label).scroll_to_me();
    harness.run();
    harness.get_by_role_and_label(role, label).click();
    harness.run();
}

/// A key with the keyboard on a row.
fn key(harness: &mut Routes, row: &str, modifiers: Modifiers, key: Key) {
    harness.get_by_label(row).focus();
    harness.run();
    harness.key_press_modifiers(modifiers, key);
    harness.run();
}

fn letters(harness: &mut Routes, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run();
}

fn three() -> Table {
    let mut table = shop();
    for name in ["A", "B", "C"] {
        let then = serde_json::json!({ "action": "keep" });
        table.rules.push(rule(serde_json::json!({ "id": name, "name": name, "then": then })));
    }
    table
}

#[test]
fn three_rules_are_built_by_clicks_and_typing_alone() {
    let mut harness = routes(shop());
    click(&mut harness, "Add the first rule");
    letters(&mut harness, "Block list");
    click(&mut harness, "Add a condition");
    click(&mut harness, "Number withheld");
    click_as(&mut harness, Role::RadioButton, "Reject");
    click(&mut harness, "Back to routes");

    click(&mut harness, "Add a rule");
    letters(&mut harness, "Office hours");
    click(&mut harness, "Add a condition");
    click(&mut harness, "Opening hours");
    click_as(&mut harness, Role::ComboBox, "Agent");
    click(&mut harness, "Reception");
    click(&mut harness, "Back to routes");

    click(&mut harness, "Add a rule");
    letters(&mut harness, "Sales");
    click(&mut harness, "Add a condition");
    click(&mut harness, "Line called");
    click(&mut harness, "Or another condition beside 1");
    click(&mut harness, "Number withheld");
    click(&mut harness, "Condition 1.2 must not hold");
    click(&mut harness, "New agent…");
    letters(&mut harness, "Night desk");
    fill(&mut harness, "Agent ID at Retell", "agent_night");
    assert!(harness.query_by_label_contains("“After hours” is this agent already").is_some());
    fill(&mut harness, "Agent ID at Retell", "agent_77");
    click(&mut harness, "Save");
    fill(&mut harness, "Version", "prod");
    click(&mut harness, "Back to routes");

    for row in ["Rule 1: Block list", "Rule 2: Office hours", "Rule 3: Sales"] {
        assert!(harness.query_by_label(row).is_some(), "{row}");
    }
    let table = &harness.state().state.draft;
    assert_eq!(table.rules[0].then.action, Act::Reject);
    assert_eq!(table.rules[0].when[0].any_of[0].condition, "caller.withheld");
    let connect = |agent: &str, version| Act::Connect { agent: agent.to_owned(), version };
    assert_eq!(table.rules[1].then.action, connect("reception", None));
    assert_eq!(table.rules[1].when[0].any_of[0].settings["schedule"], "office");
    let tests = &table.rules[2].when[0].any_of;
    assert_eq!((tests.len(), tests[0].not, tests[1].not), (2, false, true));
    let version = Some(AgentVersion::Tag("prod".to_owned()));
    assert_eq!(table.rules[2].then.action, connect("night-desk", version));
    assert_eq!(table.agent("night-desk").unwrap().retell_id, "agent_77");
    assert_eq!(harness.state().state.problems, [], "nothing is left unfinished");
}

#[test]
fn keys_move_switch_duplicate_open_and_delete() {
    let mut harness = routes(three());
    key(&mut harness, "Rule 3: C", Modifiers::ALT, Key::ArrowUp);
    assert_eq!(names(&harness), ["A", "C", "B"]);
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    harness.run();
    assert_eq!(names(&harness), ["C", "A", "B"], "the keyboard stays with the rule");
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    harness.run();
    assert_eq!(names(&harness), ["C", "A", "B"], "it is at the top already");
    key(&mut harness, "Rule 1: C", Modifiers::ALT, Key::ArrowDown);
    assert_eq!(names(&harness), ["A", "C", "B"]);

    key(&mut harness, "Rule 2: C", Modifiers::NONE, Key::Space);
    assert!(!rule_named(&harness, "C").enabled);
    assert!(harness.query_by_label("Edit rule").is_none(), "space switches and does not open");
    key(&mut harness, "Rule 2, off: C", Modifiers::NONE, Key::Space);
    assert!(rule_named(&harness, "C").enabled);

    key(&mut harness, "Rule 1: A", Modifiers::COMMAND, Key::D);
    assert_eq!(names(&harness), ["A", "A (copy)", "C", "B"]);
    harness.key_press(Key::Delete);
    harness.run();
    assert_eq!(names(&harness), ["A", "C", "B"], "the copy had the keyboard");
    key(&mut harness, "Rule 2: C", Modifiers::NONE, Key::Enter);
    assert!(harness.query_by_label("Edit rule").is_some());
    assert_eq!(
        harness.state().edits.last().map(String::as_str),
        Some("Delete rule “A (copy)”"),
        "opening is no edit"
    );
}

#[test]
fn rules_are_dragged_by_their_grips() {
    let mut harness = routes(three());
    let grip = |harness: &Routes, name: &str| harness.get_by_label(&format!("Drag {name}")).rect().center();
    let (from, to) = (grip(&harness, "A"), grip(&harness, "C") + egui::vec2(0.0, 24.0));
    harness.drag_at(from);
    harness.run_steps(2);
    // A drag begins with a small move, as every mouse makes it.
    harness.hover_at(from + egui::vec2(0.0, 4.0));
    harness.run_steps(2);
    for step in 1..=8 {
        harness.hover_at(from + (to - from) * step as f32 / 8.0);
        harness.run_steps(2);
    }
    support::save_more(&mut harness, "routes-dragging");
    assert!(harness.state().edits.is_empty(), "nothing is moved before the drop");
    harness.drop_at(to);
    harness.run_steps(12);
    assert_eq!(names(&harness), ["B", "C", "A"]);
    assert_eq!(harness.state().edits, ["Move rule “A” to the bottom"]);
}

#[test]
fn the_menu_offers_all_that_can_be_done_with_a_rule() {
    let mut harness = routes(three());
    for (rule, item, order) in [
        ("B", "Move to top", &["B", "A", "C"][..]),
        ("B", "Move to bottom", &["A", "C", "B"]),
        ("B", "Duplicate", &["A", "C", "B", "B (copy)"]),
        ("C", "Delete", &["A", "B", "B (copy)"]),
    ] {
        click(&mut harness, &format!("More about {rule}"));
        click(&mut harness, item);
        assert_eq!(names(&harness), order, "{item}");
    }
    click(&mut harness, "More about A");
    support::save_more(&mut harness, "routes-menu");
    click(&mut harness, "Switch off");
    assert!(!rule_named(&harness, "A").enabled);
    assert!(harness.query_by_label("Off").is_some(), "the word, not the colour alone");

    harness.get_by_label("Rule 2: B").click_secondary();
    harness.run();
    click(&mut harness, "Add above");
    assert_eq!(names(&harness), ["A", "New rule", "B", "B (copy)"]);
    letters(&mut harness, "Holidays");
    assert_eq!(names(&harness)[1], "Holidays", "a new rule's name is there to be typed over");
    let renamed = harness.state().edits.last().unwrap();
    assert_eq!(renamed, "Rename rule “New rule”");
}

#[test]
fn a_rule_and_the_fallback_are_changed_in_the_editor() {
    let mut harness = routes(busy_shop());
    click(&mut harness, "Rule 1: Block list");
    fill(&mut harness, "Name", "Blocked");
    fill(&mut harness, "Note", "Since May");
    let table = &harness.state().state.draft;
    assert_eq!((&*table.rules[0].name, &*table.rules[0].note), ("Blocked", "Since May"));
    click(&mut harness, "Remove condition 1.2: Number withheld");
    assert_eq!(harness.state().state.draft.rules[0].when[0].any_of.len(), 1);
    click(&mut harness, "Back to routes");

    click(&mut harness, "Fallback: all other calls");
    click_as(&mut harness, Role::RadioButton, "Keep");
    assert_eq!(harness.state().state.draft.fallback.action, Act::Keep);
    assert!(harness.query_by_label("The agent set on the line at Retell answers").is_some());
    click_as(&mut harness, Role::RadioButton, "Connect");
    let night = Act::Connect { agent: "night".to_owned(), version: None };
    assert_eq!(harness.state().state.draft.fallback.action, night, "the choice made before is back");
    assert!(harness.query_by_role_and_label(Role::RadioButton, "Add and go on").is_none());
}

#[test]
fn variables_take_facts_and_show_an_example() {
    let mut harness = routes(three());
    click(&mut harness, "Rule 1: A");
    click(&mut harness, "Add a variable");
    fill(&mut harness, "Value of variable 1", "You call from ");
    assert!(harness.state().state.draft.rules[0].then.variables.is_empty(), "it has no name yet");
    fill(&mut harness, "Name of variable 1", "greeting");
    click(&mut harness, "Insert a fact into variable 1");
    click(&mut harness, "Caller's country");
    let variables = &harness.state().state.draft.rules[0].then.variables;
    let value = variables["greeting"].clone();
    assert!(value.starts_with("You call from {{caller.country"), "{value}");
    assert!(harness.query_by_label_contains("For example: You call from ").is_some());
    fill(&mut harness, "Value of variable 1", "{{caller.number");
    assert!(
        harness.query_all_by_label_contains("opens a placeholder and does not close it").next().is_some()
    );
    click(&mut harness, "Remove variable 1");
    assert!(harness.state().state.draft.rules[0].then.variables.is_empty());
}

#[test]
fn bad_json_changes_nothing_and_is_still_there_on_coming_back() {
    let mut harness = routes(three());
    click(&mut harness, "Rule 1: A");
    fill(&mut harness, "Metadata", "{ \"team\": \"sales\" }");
    let good = harness.state().state.draft.rules[0].then.metadata.clone();
    assert_eq!(good.as_ref().unwrap()["team"], "sales");
    fill(&mut harness, "Metadata", "{ \"team\": }");
    let told = "Line 1, column 11: expected value. Until then the last good text counts.";
    assert!(harness.query_by_label(told).is_some());
    assert_eq!(harness.state().state.draft.rules[0].then.metadata, good);
    click(&mut harness, "Back to routes");
    click(&mut harness, "Rule 1: A");
    let field = harness.get_by_role_and_label(Role::MultilineTextInput, "Metadata");
    assert_eq!(field.value().as_deref(), Some("{ \"team\": }"));
    fill(&mut harness, "Metadata", "");
    assert_eq!(harness.state().state.draft.rules[0].then.metadata, None);
}

#[test]
fn problems_stand_at_their_rule_and_in_its_editor() {
    let mut harness = routes_sized(busy_shop(), [1712.0, 1024.0], Theme::Light);
    let problem = "No agent is chosen; choose who answers";
    assert_eq!(harness.query_all_by_label(problem).count(), 1);
    harness.state_mut().screen.open_rule("half");
    harness.run();
    assert_eq!(harness.query_all_by_label(problem).count(), 2, "beside the list");
    click_as(&mut harness, Role::ComboBox, "Agent");
    harness.get_all_by_role_and_label(Role::Button, "Reception").last().unwrap().click();
    harness.run();
    assert_eq!(harness.query_all_by_label(problem).count(), 0);
}

#[test]
fn no_field_of_the_editor_moves_when_problems_come_or_go() {
    let mut harness = routes(busy_shop());
    click(&mut harness, "Rule 5: Half done");
    let places = |harness: &Routes| {
        ["Name", "Note", "Version"].map(|name| harness.get_by_role_and_label(Role::TextInput, name).rect())
    };
    let (with, problems) = (places(&harness), std::mem::take(&mut harness.state_mut().state.problems));
    assert!(!problems.is_empty());
    harness.run();
    assert_eq!(places(&harness), with);
    assert!(harness.query_by_label("To be put right").is_none());
}

#[test]
fn many_rules_can_be_searched_and_stay_in_place_meanwhile() {
    let mut harness = routes(many());
    assert!(harness.query_by_label("Rule 60: Customer 60").is_some(), "rules out of sight are there too");
    fill(&mut harness, "Search the rules", "customer 42");
    assert!(harness.query_by_label("1 of 60 rules · clear the search to move them").is_some());
    assert!(harness.query_by_label("Drag Customer 42").is_none());
    key(&mut harness, "Rule 42: Customer 42", Modifiers::ALT, Key::ArrowUp);
    assert!(harness.state().edits.is_empty());
    click(&mut harness, "Clear");
    key(&mut harness, "Rule 42: Customer 42", Modifiers::ALT, Key::ArrowUp);
    assert_eq!(names(&harness)[40], "Customer 42");
}

#[test]
fn the_list_can_be_narrowed_to_the_calls_of_a_line() {
    let mut table = many();
    table.rules.truncate(8);
    let line = |id: &str, not: bool| {
        serde_json::json!({ "id": format!("{id}{not}"), "name": format!("{id} {not}"),
            "when": [{ "any_of": [{ "condition": "line.is", "not": not, "settings": { "lines": [id] } }] }],
            "then": { "action": "keep" } })
    };
    for (id, not) in [("main", false), ("sales", false), ("main", true)] {
        table.rules.push(rule(line(id, not)));
    }
    let mut harness = routes(table);
    click_as(&mut harness, Role::ComboBox, "Only rules that calls to this line can match");
    click(&mut harness, "Sales line");
    assert!(harness.query_by_label("10 of 11 rules · clear the search to move them").is_some());
    assert!(harness.query_by_label("Rule 9: main false").is_none());
    assert!(harness.query_by_label("Rule 11: main true").is_some());
}

#[test]
fn schedules_are_made_changed_and_kept_while_a_rule_needs_them() {
    let mut harness = routes_sized(busy_shop(), [792.0, 900.0], Theme::Light);
    click(&mut harness, "Schedules…");
    assert!(harness.query_by_label("Open now, closes 12:30").is_some());
    click(&mut harness, "More about Office hours");
    click(&mut harness, "Delete schedule");
    let told = format!("{:?}", harness.state().actions);
    assert!(told.contains("rule “Callers from abroad”, rule “Office hours”"), "{told}");
    assert_eq!(harness.state().state.draft.schedules.len(), 1);

    click(&mut harness, "Add a schedule");
    letters(&mut harness, "Weekends");
    fill(&mut harness, "Hours on Friday", "9-17, 22:00-02:00");
    let schedule = |harness: &Routes| harness.state().state.draft.schedules[1].clone();
    assert!(schedule(&harness).hours.contains("Fr 09:00-17:00,22:00-02:00"), "{:?}", schedule(&harness));
    click_as(&mut harness, Role::Button, "Time zone");
    fill(&mut harness, "Search: Time zone", "berlin");
    click(&mut harness, "Europe/Berlin");
    assert_eq!(schedule(&harness).zone.as_deref(), Some("Europe/Berlin"));
    fill(&mut harness, "The same as text", "Mo-Fr nine to five");
    assert!(harness.query_by_label("Cannot be read").is_some());
    assert!(harness.query_by_label("The text below cannot be read").is_some());
    fill(&mut harness, "The same as text", "sunrise-sunset");
    assert!(harness.query_by_label("These hours say more than can be edited by eye").is_some());
    let name = schedule(&harness).name;
    click(&mut harness, &format!("More about {name}"));
    click(&mut harness, "Delete schedule");
    assert_eq!(harness.state().state.draft.schedules.len(), 1);
    click(&mut harness, "Back to routes");
    assert!(harness.query_by_label("Add a rule").is_some());
}

#[test]
fn the_table_goes_out_and_in() {
    let mut harness = routes(three());
    for item in ["Import table…", "Export table…"] {
        click(&mut harness, "More about the table");
        click(&mut harness, item);
    }
    let actions = &harness.state().actions;
    assert!(matches!(actions[..], [Action::ImportTable, Action::ExportTable]), "{actions:?}");
}

type Publishing = Harness<'static, Desk<(PublishDialog, bool)>>;

fn publishing(table: Table) -> Publishing {
    let mut desk = Desk::new(shop(), (PublishDialog::default(), true));
    desk.take(vec![Action::Edit { what: String::new(), table }]);
    publishing_at(desk)
}

fn publishing_at(desk: Desk<(PublishDialog, bool)>) -> Publishing {
    let mut harness = window([792.0, 584.0], Theme::Light).build_ui_state(
        |ui: &mut egui::Ui, desk: &mut Desk<(PublishDialog, bool)>| {
            let mut actions = Actions::new();
            if desk.screen.1 {
                desk.screen.1 = desk.screen.0.ui(ui, &desk.state, &mut actions);
            }
            desk.take(actions);
        },
        desk,
    );
    harness.run();
    harness
}

#[test]
fn publishing_tells_what_changes_and_sends_the_draft() {
    let mut harness = publishing(three());
    assert!(harness.query_by_label_contains("Rule “A” is new, at the top").is_some());
    letters_of(&mut harness, "Autumn");
    click(&mut harness, "Publish now");
    let desk = harness.state();
    let [Action::Send(Command::Publish { table, note, until: None, .. })] = &desk.actions[..] else {
        panic!("{:?}", desk.actions);
    };
    assert_eq!((table, &**note, desk.screen.1), (&desk.state.draft, "Autumn", false));
}

fn letters_of(harness: &mut Publishing, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run();
}

#[test]
fn problems_keep_a_draft_from_being_published_and_lead_to_their_rule() {
    let mut harness = publishing(busy_shop());
    assert!(harness.query_by_label("2 things must be put right first").is_some());
    click(&mut harness, "Publish now");
    assert!(harness.state().actions.is_empty(), "the button is off");
    let open = harness.get_all_by_label("Open Rule “Half done”").next().unwrap();
    open.click();
    harness.run();
    let desk = harness.state();
    assert!(matches!(&desk.actions[..], [Action::OpenRule(id)] if id == "half"));
    assert!(!desk.screen.1, "the dialog makes room");
}

#[test]
fn a_text_that_cannot_be_read_holds_back_the_draft() {
    let mut harness = routes(three());
    let unread = |harness: &Routes| {
        let Desk { screen, state, .. } = harness.state();
        screen.unread(&state.draft)
    };
    click(&mut harness, "Rule 1: A");
    fill(&mut harness, "Metadata", "{ \"team\": }");
    let found = unread(&harness);
    assert_eq!((found.len(), &*found[0].place, found[0].rule.as_deref()), (1, "Rule “A”", Some("A")));
    assert_eq!(found[0].message, "The metadata cannot be read; put the text right, or clear it");
    click_as(&mut harness, Role::RadioButton, "Reject");
    assert_eq!(unread(&harness), [], "nothing is kept with a call that nobody answers");
    click_as(&mut harness, Role::RadioButton, "Keep");
    assert_eq!(unread(&harness).len(), 1);
    fill(&mut harness, "Metadata", "");
    assert_eq!(unread(&harness), []);

    click(&mut harness, "Back to routes");
    click(&mut harness, "Fallback: all other calls");
    click(&mut harness, "Agent settings as JSON");
    fill(&mut harness, "Agent settings", "{");
    let mut desk = Desk::new(shop(), (PublishDialog::default(), true));
    desk.take(vec![Action::Edit { what: String::new(), table: three() }]);
    desk.state.unread = unread(&harness);
    let mut harness = publishing_at(desk);
    assert!(harness.query_by_label("One thing must be put right first").is_some());
    click(&mut harness, "Publish now");
    assert!(harness.state().actions.is_empty(), "the button is off");
    click(&mut harness, "Open The fallback");
    assert!(matches!(harness.state().actions[..], [Action::OpenFallback]));
}

#[test]
fn a_draft_is_thrown_away_only_when_asked_twice() {
    let mut desk = Desk::new(shop(), true);
    desk.take(vec![Action::Edit { what: String::new(), table: three() }]);
    let mut harness = window([792.0, 584.0], Theme::Light).build_ui_state(
        |ui: &mut egui::Ui, desk: &mut Desk<bool>| {
            let mut actions = Actions::new();
            if desk.screen {
                desk.screen = discard_ui(ui, &desk.state, &mut actions);
            }
            desk.take(actions);
        },
        desk,
    );
    harness.run();
    assert!(harness.query_by_label_contains("3 changes are taken back").is_some());
    click(&mut harness, "Cancel");
    assert!(harness.state().actions.is_empty() && !harness.state().screen);
    harness.state_mut().screen = true;
    harness.run();
    click(&mut harness, "Discard draft");
    let sent = &harness.state().actions[..];
    assert!(matches!(sent, [Action::Send(Command::DiscardDraft)]));
}

/// Draws the screen in what the rail and the header leave of windows of several sizes.
fn in_looks(name: &str, table: &Table, prepare: impl Fn(&mut Routes)) {
    let mut looks = support::looks();
    if support::all_pictures() {
        looks.extend([([1400.0, 796.0], Theme::Light, "wide-light")]);
    }
    for (size, theme, look) in looks {
        let mut harness = routes_sized(table.clone(), [size[0] - 208.0, size[1] - 56.0], theme);
        prepare(&mut harness);
        save_picture(&mut harness, &format!("routes-{name}-{look}"));
    }
}

#[test]
fn pictures() {
    in_looks("full", &busy_shop(), |_| ());
    in_looks("editor", &busy_shop(), |harness| {
        click(harness, "Rule 3: Callers from abroad");
    });
}

/// The same, where all pictures are wanted.
fn in_looks_if_all(name: &str, table: &Table, prepare: impl Fn(&mut Routes)) {
    if support::all_pictures() {
        in_looks(name, table, prepare);
    }
}

#[test]
fn more_pictures() {
    in_looks_if_all("empty", &shop(), |_| ());
    in_looks_if_all("many", &many(), |_| ());
    in_looks_if_all("unfinished", &busy_shop(), |harness| {
        click(harness, "Rule 5: Half done");
        click(harness, "Add a condition");
    });
    in_looks_if_all("new-agent", &busy_shop(), |harness| {
        click(harness, "Rule 4: Office hours");
        click(harness, "New agent…");
        fill(harness, "Agent ID at Retell", "agent_night");
    });
    in_looks_if_all("variables", &busy_shop(), |harness| {
        click(harness, "Rule 2: Greeting");
    });
    in_looks_if_all("fallback", &busy_shop(), |harness| {
        click(harness, "Fallback: all other calls");
    });
    in_looks_if_all("no-schedules", &Table::empty("US", "America/New_York"), |harness| {
        click(harness, "Schedules…");
    });
}

fn many() -> Table {
    let mut table = shop();
    for n in 1..=60 {
        let then = ["reception", "night", "sales-desk"][n % 3];
        table.rules.push(rule(serde_json::json!({ "id": format!("r{n}"), "name": format!("Customer {n}"),
            "when": [{ "any_of": [{ "condition": "caller.number", "settings": { "numbers": [format!("+1415555{n:04}")] } }] }],
            "then": { "action": { "connect": { "agent": then } } } })));
    }
    table
}

#[test]
fn pictures_of_the_dialogs() {
    for (shade, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
        for name in ["publish", "blocked", "discard"] {
            if name != "publish" && !support::all_pictures() {
                continue;
            }
            let mut desk = Desk::new(shop(), PublishDialog::default());
            let mut table = busy_shop();
            if name != "blocked" {
                table.rules.retain(|rule| rule.id != "half");
            }
            desk.take(vec![Action::Edit { what: String::new(), table }]);
            let mut harness =
                window([792.0, 584.0], theme).with_pixels_per_point(support::scale()).build_ui_state(
                    move |ui: &mut egui::Ui, desk: &mut Desk<PublishDialog>| {
                        let mut actions = Actions::new();
                        if name == "discard" {
                            discard_ui(ui, &desk.state, &mut actions);
                        } else {
                            desk.screen.ui(ui, &desk.state, &mut actions);
                        }
                        desk.take(actions);
                    },
                    desk,
                );
            harness.run();
            save_picture(&mut harness, &format!("routes-{name}-{shade}"));
        }
    }
}

/// The shop with rules for a time: over, on, and still to come.
fn seasons() -> Table {
    let mut table = shop();
    let season = |id: &str, name: &str, from: Option<&str>, until: Option<&str>| {
        rule(serde_json::json!({ "id": id, "name": name, "from": from, "until": until,
            "when": [{ "any_of": [{ "condition": "line.is", "settings": { "lines": ["main"] } }] }],
            "then": { "action": { "connect": { "agent": "reception" } } } }))
    };
    table.rules = vec![
        season("summer", "Summer party", None, Some("2026-08-31T18:00")),
        season("fair", "Trade fair", Some("2026-11-20T08:00"), Some("2026-11-25T18:00")),
        season("xmas", "Christmas", Some("2026-12-24T09:00"), Some("2027-01-02T08:00")),
        season("always", "Office hours", None, None),
    ];
    table
}

#[test]
fn rules_for_a_time_say_so_and_go_with_one_click_when_it_is_over() {
    let mut harness = routes(seasons());
    for row in ["Rule 1, expired: Summer party", "Rule 2: Trade fair", "Rule 3, not yet: Christmas"] {
        assert!(harness.query_by_label(row).is_some(), "{row}");
    }
    for words in [
        "until 31 Aug, 18:00",
        "from 20 Nov, 08:00 until 25 Nov, 18:00",
        "from 24 Dec, 09:00 until 2 Jan 2027, 08:00",
        "Expired",
        "Not yet",
    ] {
        assert!(harness.query_by_label(words).is_some(), "{words}");
    }
    click(&mut harness, "Remove expired rule Summer party");
    assert_eq!(names(&harness), ["Trade fair", "Christmas", "Office hours"]);
    assert_eq!(harness.state().edits, ["Delete rule “Summer party”"]);
    // The clock goes on, and nothing else changes.
    harness.state_mut().state.now = "2026-11-25T23:00:00Z".parse().unwrap();
    harness.run();
    assert!(harness.query_by_label("Rule 1, expired: Trade fair").is_some());
}

#[test]
fn dates_are_typed_or_clicked_and_a_bad_one_is_told() {
    let mut harness = routes_sized(seasons(), [792.0, 900.0], Theme::Light);
    let ends = |harness: &Routes| {
        let Rule { from, until, .. } = rule_named(harness, "Office hours");
        (from.clone(), until.clone())
    };
    click(&mut harness, "Rule 4: Office hours");
    click(&mut harness, "Set from when or until when");
    click(&mut harness, "From now");
    click(&mut harness, "From 1 day later");
    click(&mut harness, "Until 1 week later");
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(ends(&harness), (some("2026-11-24T10:05"), some("2026-12-01T10:05")));
    assert!(harness.query_by_label("Tue 1 Dec 2026, 10:05").is_some());
    fill(&mut harness, "Until", "2026-11-24 09:0");
    assert!(harness.query_all_by_label_contains("write it like 2026-12-24 09:00").next().is_some());
    assert_eq!(ends(&harness).1, some("2026-11-24 09:0"), "what is typed stays");
    letters(&mut harness, "0");
    assert_eq!(ends(&harness).1, some("2026-11-24T09:00"));
    let told = "It ends before it begins; choose a later time for until";
    assert!(harness.query_all_by_label(told).next().is_some());
    click(&mut harness, "Clear from");
    assert_eq!(ends(&harness), (None, some("2026-11-24T09:00")));
    fill(&mut harness, "Until", "");
    assert_eq!(ends(&harness), (None, None));
    assert_eq!(harness.state().state.problems, []);
}

#[test]
fn pictures_of_dates() {
    in_looks("dates", &seasons(), |_| ());
    in_looks_if_all("dates-editor", &seasons(), |harness| {
        click(harness, "Rule 3, not yet: Christmas");
        harness.get_by_label("Until 1 week later").scroll_to_me();
        harness.run();
    });
    in_looks_if_all("dates-none", &seasons(), |harness| {
        click(harness, "Rule 4: Office hours");
        harness.get_by_label("Set from when or until when").scroll_to_me();
        harness.run();
    });
}

#[test]
fn a_first_table_is_made_from_an_example() {
    let mut harness = routes(Table::empty("US", "America/New_York"));
    click(&mut harness, "Start from an example…");
    click(&mut harness, "Two locations");
    click(&mut harness, "Back to the examples");
    click(&mut harness, "Office with opening hours");
    fill(&mut harness, "Number of Main line", "555");
    assert!(harness.query_by_label_contains("This is not a complete phone number").is_some());
    click(&mut harness, "Use this example");
    assert!(harness.state().edits.is_empty(), "a wrong number is put right first");
    fill(&mut harness, "Number of Main line", "(415) 555-0123");
    fill(&mut harness, "Agent ID of Reception", " agent_1 ");
    click(&mut harness, "Use this example");
    assert_eq!(harness.state().edits, ["Start from “Office with opening hours”"]);
    let state = &harness.state().state;
    assert_eq!(state.draft.lines[0].number, "+14155550123");
    assert_eq!(state.draft.agents[0].retell_id, "agent_1");
    let left: Vec<_> = state.problems.iter().map(ToString::to_string).collect();
    let missing = "Agent “After hours”: has no agent ID; copy it from the agent's page at Retell";
    assert_eq!(left, [format!("{missing} (agents[1].retell_id)")]);
    assert!(harness.query_by_label("Rule 1: Office hours").is_some());
    assert!(harness.query_by_label("Use this example").is_none(), "the dialog is gone");
}

#[test]
fn an_example_replaces_rules_only_when_asked_for() {
    let mut harness = routes(busy_shop());
    click(&mut harness, "More about the table");
    click(&mut harness, "Start from an example…");
    click(&mut harness, "Two locations");
    assert!(harness.query_by_label("Your 6 rules are replaced").is_some());
    let number = harness.get_by_role_and_label(Role::TextInput, "Number of South");
    assert_eq!(number.value().as_deref(), Some("(415) 555-0124"), "one's own lines are there");
    let agent = harness.get_by_role_and_label(Role::ComboBox, "Agent for After hours");
    assert_eq!(agent.value().as_deref(), Some("After hours"), "one's own agents by name");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("Two locations").is_none() && harness.state().edits.is_empty());

    click(&mut harness, "More about the table");
    click(&mut harness, "Start from an example…");
    click(&mut harness, "Two locations");
    click(&mut harness, "Replace the rules");
    assert_eq!(names(&harness), ["North", "South"]);
    let lines: Vec<_> = harness.state().state.draft.lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(lines, ["Main line", "Sales line"], "lines keep their names");
}

#[test]
fn pictures_of_the_examples() {
    in_looks("starters", &Table::empty("US", "America/New_York"), |harness| {
        click(harness, "Start from an example…");
    });
    in_looks_if_all("starter-form", &busy_shop(), |harness| {
        click(harness, "More about the table");
        click(harness, "Start from an example…");
        click(harness, "Office with VIP callers and a block list");
    });
    in_looks_if_all("starter-done", &Table::empty("US", "America/New_York"), |harness| {
        click(harness, "Start from an example…");
        click(harness, "Office with VIP callers and a block list");
        click(harness, "Use this example");
    });
}

#[test]
fn a_rule_says_who_is_told() {
    let mut harness = routes_sized(busy_shop(), [1000.0, 2400.0], Theme::Light);
    let notices = serde_json::json!([{ "id": "slack", "name": "Sales channel", "plugin": "notify_web" }]);
    harness.state_mut().state.settings.notices = serde_json::from_value(notices).unwrap();
    click(&mut harness, "Rule 1: Block list");
    click(&mut harness, "Sales channel");
    assert_eq!(harness.state().state.draft.rules[0].then.tell, ["slack"]);
    harness.state_mut().state.settings.notices.clear();
    harness.run();
    click(&mut harness, "“slack”, which is not set up on this computer");
    assert!(harness.state().state.draft.rules[0].then.tell.is_empty());
}
