//! Files of contacts as tables use them: facts, defaults, several files, and the condition.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use switchboard::plugins::{Ask, Health, Inspection, OpenLookUp, Registry};
use switchboard::routing::{Answer, Call, Caller, Facts, Table, Test, Vocabulary, compile};

const CUSTOMERS: &str = "\u{feff}Customer;Phone;Mobile;Tier;Balance;VIP\r\n\
    Jürgen Groß;030 901820;0151 23456789;gold;1.234,50;ja\r\n\
    Anna Berg;+1 415 555 2671;;;12;nein\r\n\
    Carl Doppel;030/901820;;silver;;vielleicht\r\n\
    Dora;ask Mary;;;;\r\n";
const STAFF: &str = "Name,Number,Tier\nBob,+14155552672,staff\nAnna,+1 (415) 555-2671,staff\n";

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// A table at home in Germany that uses these: id, name and settings.
fn table(uses: &[(&str, &str, Value)]) -> Table {
    let mut table = Table::empty("DE", "Europe/Berlin");
    for (id, name, settings) in uses {
        let file = json!({ "id": id, "name": name, "plugin": "contacts", "settings": settings });
        table.look_ups.push(serde_json::from_value(file).unwrap());
    }
    table
}

fn both(folder: &Path) -> Table {
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    table(&[
        (
            "customers",
            "Customers",
            json!({ "file": file("customers.csv", CUSTOMERS), "facts": [
                { "column": "Customer", "name": "name" },
                { "column": "tier", "name": "tier", "default": "new" },
                { "column": "Balance", "name": "balance", "type": "number" },
                { "column": "VIP", "name": "vip", "type": "yes_no", "default": "no" },
            ] }),
        ),
        (
            "staff",
            "Staff",
            json!({ "file": file("staff.csv", STAFF), "facts": [
                { "column": "Name", "name": "name" }, { "column": "Tier", "name": "tier" },
            ] }),
        ),
    ])
}

fn ask(number: Option<&str>) -> Ask {
    let from = number.map_or(Caller::Withheld, |number| Caller::Number(number.into()));
    Ask { call: Arc::new(Call::new(from, "+4930111")), at: super::at("2026-03-02T15:00:00Z") }
}

fn facts(registry: &Registry, table: &Table, number: Option<&str>) -> Facts {
    let mut facts = Facts::default();
    for OpenLookUp { look_up, .. } in registry.look_ups(table) {
        facts.merge(block_on(look_up.ask(ask(number))).unwrap());
    }
    facts
}

fn say(facts: &Facts, name: &str) -> String {
    let missing = || format!("({})", facts.why_missing(name).unwrap_or("nothing"));
    facts.get(name).map_or_else(missing, switchboard::routing::Value::words)
}

#[test]
fn facts_come_from_the_first_file_that_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let (registry, table) = (Registry::built_in(), both(folder.path()));
    assert!(compile(&table, &registry).is_ok());
    let names = [
        "contact.known",
        "contact.source",
        "contact.in.customers",
        "contact.in.staff",
        "contact.name",
        "contact.tier",
        "contact.balance",
        "contact.vip",
    ];
    let nobody = "(the caller is not a contact)";
    let hidden = "(the caller's number is withheld)";
    for (number, expected) in [
        (Some("+4930901820"), ["yes", "Customers", "yes", "no", "Jürgen Groß", "gold", "1234.5", "yes"]),
        (Some("+4915123456789"), ["yes", "Customers", "yes", "no", "Jürgen Groß", "gold", "1234.5", "yes"]),
        // Customers does not know her tier, and Staff does.
        (Some("+14155552671"), ["yes", "Customers", "yes", "yes", "Anna Berg", "staff", "12", "no"]),
        (Some("+14155552672"), ["yes", "Staff", "no", "yes", "Bob", "staff", nobody, "no"]),
        (Some("+14155550000"), ["no", nobody, "no", "no", nobody, "new", nobody, "no"]),
        (None, ["no", hidden, "no", "no", hidden, "new", hidden, "no"]),
    ] {
        let facts = facts(&registry, &table, number);
        assert_eq!(names.map(|name| say(&facts, name)), expected, "{number:?}");
    }
    let declared = registry.facts(&table);
    let found = facts(&registry, &table, Some("+4930901820"));
    for (name, value) in found.iter().filter(|(name, _)| name.starts_with("contact.")) {
        assert_eq!(declared.get(name).map(|info| info.kind), Some(value.kind()), "{name}");
    }
}

#[test]
fn the_condition_knows_contacts_and_never_guesses() {
    let folder = tempfile::tempdir().unwrap();
    let (registry, table) = (Registry::built_in(), both(folder.path()));
    let mut broken = table.clone();
    broken.look_ups[0].settings["file"] = json!(folder.path().join("gone.csv"));
    for (table, files, number, answer, why) in [
        (&table, json!([]), Some("+14155552672"), Answer::Yes, "+1 415-555-2672 is in Staff"),
        (
            &table,
            json!(["customers"]),
            Some("+14155552672"),
            Answer::No,
            "+1 415-555-2672 is not in Customers",
        ),
        (
            &table,
            json!(["customers", "staff"]),
            Some("+4930901820"),
            Answer::Yes,
            "030 901820 is in Customers",
        ),
        (&table, json!([]), Some("+14155550000"), Answer::No, "+1 415-555-0000 is not a contact"),
        (&table, json!([]), None, Answer::No, "the caller's number is withheld"),
        (&broken, json!([]), Some("+14155552672"), Answer::Yes, "+1 415-555-2672 is in Staff"),
        (
            &broken,
            json!([]),
            Some("+14155550000"),
            Answer::Unknown,
            "whether +1 415-555-0000 is a contact is not known: Customers: the file is not there; put it back, or choose another",
        ),
    ] {
        let test =
            Test { condition: "contacts.known".into(), not: false, settings: json!({ "files": files }) };
        let condition = registry.condition(&test, table).unwrap();
        let verdict = condition.test(&ask(number).call, &facts(&registry, table, number), ask(number).at);
        assert_eq!((verdict.answer, verdict.why.as_str()), (answer, why));
    }
    let mut off = table.clone();
    off.look_ups[1].enabled = false;
    let nothing = Table::empty("DE", "Europe/Berlin");
    for (table, files, part) in [
        (&off, json!(["staff"]), "“Staff” is switched off"),
        (&table, json!(["gone"]), "“gone” is not in the table"),
        (&nothing, json!([]), "no file of contacts yet"),
    ] {
        let test =
            Test { condition: "contacts.known".into(), not: false, settings: json!({ "files": files }) };
        let said = registry.condition(&test, table).unwrap_err();
        assert!(said.contains(part), "{said}");
    }
}

fn inspect(registry: &Registry, table: &Table, test: Option<&Ask>) -> Inspection {
    block_on(registry.inspect(&table.look_ups[0], table, test))
}

#[test]
fn looking_at_a_file_tells_what_is_in_it_and_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::built_in();
    let mut table = both(folder.path());
    let found = inspect(&registry, &table, Some(&ask(Some("+4930901820"))));
    assert_eq!(found.health, Health::Good);
    assert!(found.summary.starts_with("4 contacts with 3 numbers, as saved on "), "{}", found.summary);
    assert!(found.summary.ends_with(" (CSV with semicolons, UTF-8)"), "{}", found.summary);
    assert_eq!(
        found.remarks,
        [
            "1 number stands in several rows, of which the first counts: 030 901820 in rows 2 and 4",
            "1 row has no number that can be read: row 5 “ask Mary”",
        ]
    );
    let sample = found.sample.unwrap();
    let keys: Vec<_> =
        sample.columns.iter().filter(|column| column.is_key).map(|column| column.name.as_str()).collect();
    assert_eq!(keys, ["Phone", "Mobile"]);
    assert_eq!(sample.rows[0][0], "Jürgen Groß");
    let tested = found.test.unwrap().facts.unwrap();
    assert_eq!(say(&tested, "contact.name"), "Jürgen Groß");

    table.look_ups[0].settings["facts"][0]["name"] = json!("two words");
    let found = inspect(&registry, &table, None);
    assert_eq!(
        (found.health, found.sample.is_some()),
        (Health::Bad, true),
        "the columns help to put it right"
    );
    assert!(found.summary.starts_with("“two words” cannot be the name of a fact"), "{}", found.summary);

    for (name, bytes, part) in [
        ("book.xlsx", &b"PK\x03\x04\0\0"[..], "This is a workbook of a spreadsheet"),
        ("empty.csv", b"", "The file is empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0", "There is no text in this file"),
        ("cities.csv", b"Name,City\nAnna,Berlin\n", "No column of phone numbers was found"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        table.look_ups[0].settings = json!({ "file": path });
        let found = inspect(&registry, &table, None);
        assert_eq!(found.health, Health::Bad);
        assert!(found.summary.starts_with(part), "{}", found.summary);
    }
    let abroad = folder.path().join("abroad.csv");
    std::fs::write(&abroad, "Name,Phone\nAnna,030 90001820\nBob,030 90001821\nCarl,+49 30 901820\n").unwrap();
    for (file, numbers) in [(folder.path().join("cities.csv"), json!([])), (abroad, json!(["Phone"]))] {
        table.look_ups[0].settings = json!({ "file": file, "numbers": numbers });
        table.country = "US".into();
        let remarks = inspect(&registry, &table, None).remarks;
        let why = "Numbers without a country code are read as numbers of United States, the home country under Settings";
        assert!(remarks.iter().any(|remark| remark == why), "{remarks:?}");
    }
    table.look_ups[0].settings = json!({ "file": folder.path() });
    assert!(inspect(&registry, &table, None).summary.starts_with("This is a folder"));
}

/// Also where its settings keep it from being asked at all.
#[test]
fn a_test_is_answered_whatever_is_wrong() {
    let registry = Registry::built_in();
    for (plugin, settings, reason) in [
        ("http", json!({ "url": "http://crm.example.com/" }), "The address is not encrypted; "),
        ("http", json!({ "url": 3 }), "Its settings cannot be read"),
        ("gone", json!({}), ""),
    ] {
        let mut table = table(&[("crm", "CRM", settings)]);
        table.look_ups[0].plugin = plugin.into();
        let tested = inspect(&registry, &table, Some(&ask(Some("+4930901820")))).test.unwrap();
        let found = tested.facts.unwrap_err();
        assert!(found.to_lowercase().starts_with(&reason.to_lowercase()), "{found}");
    }
}
