//! What plugins are told of files and tables that the owner filled in.

use serde_json::{Value as Json, json};
use switchboard::plugins::Host;
use switchboard::plugins::dropped::{Filled, Setting, Source};
use switchboard::routing::Value;

use super::{drop_in, find, manifest, ready_with};

const FILE: &str = "[settings.people]\ntype = \"file\"\ntitle = \"People\"\n";
const TABLE: &str = "[settings.people]\ntype = \"table\"\ntitle = \"People\"\n\
    [settings.people.columns.number]\ntype = \"phone\"\ntitle = \"Number\"\nrequired = true\n\
    [settings.people.columns.vip]\ntype = \"yesno\"\ntitle = \"Is a VIP\"\n\
    [settings.people.columns.points]\ntype = \"number\"\ntitle = \"Points\"\nmax = 10\n";
const SAYS: &str = "export const facts = (_, settings) => ({ 'crm.name': JSON.stringify(settings.people) });";

async fn says(more: &str, people: Json) -> Result<String, String> {
    let filled: Filled = [("people".to_owned(), people)].into_iter().collect();
    let working =
        ready_with(&manifest("acme", "plugin.js", more), "plugin.js", SAYS.as_bytes(), filled).unwrap();
    let found = find(&working, &Host::default()).await.map_err(|fault| fault.to_string())?;
    let Some(Value::Text(said)) = found.facts.get("crm.name") else { panic!("{found:?}") };
    Ok(said.clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_file_it_sees_the_text_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        json!(file.to_str().unwrap())
    };
    assert_eq!(says(FILE, file("a.csv", "Ada;7\n".as_bytes())).await.unwrap(), "\"Ada;7\\n\"");
    assert_eq!(says(FILE, json!("")).await.unwrap(), "null");
    for (people, part) in [
        (file("large", &vec![b'x'; 41 * 1024]), "the file large is larger than 40 KB"),
        (file("odd", &[0xff, 0xfe]), "the file odd is no text"),
        (json!(folder.path().join("gone").to_str().unwrap()), "the file gone cannot be read"),
        (json!(folder.path().to_str().unwrap()), "cannot be read"),
    ] {
        let why = says(FILE, people).await.unwrap_err();
        assert!(why.contains(part), "{part}: {why}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_table_it_sees_rows_with_every_column() {
    let rows = json!([{ "number": "+14155552671", "vip": true }, { "number": "+493012345678", "points": 3 }]);
    let said = says(TABLE, rows).await.unwrap();
    let wanted = json!([
        { "number": "+14155552671", "vip": true, "points": null },
        { "number": "+493012345678", "vip": false, "points": 3 },
    ]);
    assert_eq!(serde_json::from_str::<Json>(&said).unwrap(), wanted);
}

#[test]
fn what_is_wrong_with_a_file_or_a_row_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let setting = |more: &str| -> Setting {
        drop_in(folder.path(), "acme", &manifest("acme", "plugin.js", more), "plugin.js", b"");
        Source::read(&folder.path().join("acme")).unwrap().manifest.settings["people"].clone()
    };
    let (file, table) = (setting(FILE), setting(TABLE));
    for (setting, value, part) in [
        (&file, json!("people.csv"), "People needs the file's whole path"),
        (&table, json!("x"), "People is a table"),
        (&table, json!([1]), "People is a table"),
        (&table, json!([{}]), "People, row 1: Number is needed"),
        (
            &table,
            json!([{ "number": "+14155552671" }, { "number": "12" }]),
            "People, row 2: Number is no phone number",
        ),
        (&table, json!([{ "number": "+14155552671", "points": 11 }]), "row 1: Points must be at most 10"),
        (&table, json!([{ "number": "+14155552671", "more": 1 }]), "there is no column “more”"),
    ] {
        let why = setting.check(&value).unwrap_err();
        assert!(why.contains(part), "{part}: {why}");
    }
    assert_eq!(table.check(&json!([])), Ok(()));
    assert_eq!(file.check(&json!("/srv/people.csv")), Ok(()));
}
