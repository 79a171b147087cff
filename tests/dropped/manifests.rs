//! What is wrong with a manifest is told in a sentence, with the line where there is one; and the schema
//! that editors use takes what the program takes, and refuses what it refuses, as far as a schema can tell.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use switchboard::plugins::Registry;

use super::{manifest, ready};

/// Who finds out about a mistake.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    /// Editors too, by the schema.
    InEditors,
    /// Only the program: it takes more than a schema to tell.
    ByTheProgram,
}
use Seen::{ByTheProgram, InEditors};

/// Manifests with a mistake, with a part of what is said of it.
fn mistakes() -> Vec<(String, &'static str, Seen)> {
    let good = manifest("acme", "plugin.js", "");
    let instead = |from: &str, to: &str| good.replace(from, to);
    let more = |more: &str| manifest("acme", "plugin.js", more);
    let setting = |fields: &str| more(&format!("[settings.a]\ntitle = \"A\"\n{fields}"));
    vec![
        (
            instead("contract = 1", "contract = 7"),
            "written for contract 7, and this program serves 1;",
            InEditors,
        ),
        (instead("id = \"acme\"", "id = \"other\""), "give both the same name", ByTheProgram),
        (instead("id = \"acme\"", "id = \"Acme!\""), "cannot be an id", InEditors),
        (instead("name = \"Acme CRM\"\n", ""), "missing field `name`", InEditors),
        (instead("name = \"Acme CRM\"\n", "name = \" \"\n"), "its name is empty", InEditors),
        (instead("plugin.js", "../plugin.js"), "run must be", InEditors),
        (instead("run = \"plugin.js\"\n", ""), "run must be", InEditors),
        (instead("[\"facts\"]", "[\"condition\"]"), "offers must be", InEditors),
        (instead("[\"facts\"]", "[]"), "offers must be", InEditors),
        (instead("[\"facts\"]", "[\"notice\"]"), "its offers do not say so", InEditors),
        (good[..good.find("[facts").unwrap()].to_owned(), "between 1 and 50 facts", InEditors),
        (instead("crm.vip", "caller.vip"), "are the program's own", InEditors),
        (instead("crm.vip", "vip"), "cannot be the name of a fact", InEditors),
        (instead("\"yesno\"", "\"maybe\""), "unknown variant `maybe`", InEditors),
        (more("colour = 1"), "line 10: unknown field `colour`", InEditors),
        (more("budget_ms = 5000"), "between 10 and 1400", InEditors),
        (more("[allow]\nfetch = [\"acme.example\"]"), "cannot be read", InEditors),
        (more("[allow]\nfetch = [\"http://192.168.1.5/\"]"), "add own_network = true", ByTheProgram),
        (more("[allow]\nfetch = [\"https://a.example/?q=1\"]"), "only the beginning", InEditors),
        (setting("type = \"choice\""), "has no options", InEditors),
        (setting("type = \"secret\"\ndefault = \"x\""), "has a default", InEditors),
        (setting("type = \"file\"\ndefault = \"/x\""), "is a file and has a default", InEditors),
        (setting("type = \"number\"\nmin = 3\ndefault = 1"), "must be at least 3", ByTheProgram),
        (setting("type = \"text\"\nwhen = \"b\""), "depends on “b”", ByTheProgram),
        (setting("type = \"table\""), "is a table and has no columns", InEditors),
        (
            setting("type = \"text\"\n[settings.a.columns.b]\ntype = \"text\"\ntitle = \"B\""),
            "is no table",
            InEditors,
        ),
        (
            setting("type = \"table\"\n[settings.a.columns.b]\ntype = \"secret\"\ntitle = \"B\""),
            "is of a type that no column can have",
            InEditors,
        ),
        ("id = ".into(), "line 1", ByTheProgram),
    ]
}

#[test]
fn each_mistake_has_a_sentence() {
    for (text, part, _) in mistakes() {
        let why = ready(&text, "plugin.js", b"").err().unwrap_or_default();
        assert!(why.contains("plugin.toml") && why.contains(part), "{part}\n{why}");
    }
    assert!(ready(&manifest("acme", "plugin.js", ""), "plugin.js", b"").is_ok());
}

fn schema() -> Json {
    serde_json::from_str(include_str!("../../assets/plugin.schema.json")).unwrap()
}

fn read(file: &Path) -> Json {
    toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The manifests in the folders of this one.
fn manifests(folder: &str) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
    let files = folders.map(|entry| entry.unwrap().path().join("plugin.toml"));
    files.filter(|file| file.exists()).collect()
}

#[test]
fn editors_are_told_the_same_by_the_schema() {
    let whole = jsonschema::validator_for(&schema()).unwrap();
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/plugin-template/plugin.toml");
    for file in manifests("assets/plugins").into_iter().chain([template]) {
        let errors: Vec<String> = whole.iter_errors(&read(&file)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
    for (text, part, seen) in mistakes() {
        let Ok(manifest) = toml::from_str::<Json>(&text) else { continue };
        assert_eq!(!whole.is_valid(&manifest), seen == InEditors, "{part}");
    }
    let mut built_in = schema();
    let fields = built_in.as_object_mut().unwrap();
    let defs = ["$schema", "$defs", "properties"].map(|name| (name.to_owned(), fields.remove(name).unwrap()));
    // What is referred to stays where it is, and only that part is asked for.
    let mut of_built_in: serde_json::Map<String, Json> = defs.into_iter().collect();
    let properties = of_built_in.remove("properties").unwrap();
    of_built_in.insert("$ref".into(), json!("#/$defs/built_in"));
    let text = serde_json::to_string(&of_built_in).unwrap().replace("#/properties/", "#/$defs/of_all/");
    let mut of_built_in: Json = serde_json::from_str(&text).unwrap();
    let properties = serde_json::to_string(&properties).unwrap().replace("#/properties/", "#/$defs/of_all/");
    of_built_in["$defs"]["of_all"] = serde_json::from_str(&properties).unwrap();
    let of_built_in = jsonschema::validator_for(&of_built_in).unwrap();
    let files = manifests("src/plugins");
    assert_eq!(files.len(), Registry::built_in().plugins().count());
    for file in files {
        let errors: Vec<String> =
            of_built_in.iter_errors(&read(&file)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

#[test]
fn the_schema_names_all_words_of_the_program() {
    // Facts that begin with the id of a built-in plugin are refused.
    let reserved =
        schema()["properties"]["facts"]["propertyNames"]["not"]["pattern"].as_str().unwrap().to_owned();
    let mut ids: Vec<String> =
        Registry::built_in().plugins().map(|plugin| plugin.manifest().id.clone()).collect();
    ids.sort();
    assert_eq!(reserved, format!("^({})\\.", ids.join("|")));
}
