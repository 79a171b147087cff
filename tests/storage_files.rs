//! The files in the user's folders: home, atomic writes, the table's versions, settings, keys.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use switchboard::routing::Table;
use switchboard::storage::read::{self, parse_json};
use switchboard::storage::secrets::KeySource;
use switchboard::storage::table_store::StoreError;
use switchboard::storage::{
    Home, HomeError, Keys, Opened, Plan, PlanStore, ReadError, Secret, SecretStore, Settings, SettingsStore,
    Shelf, TableStore, ThemeChoice, atomic,
};
use tempfile::TempDir;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + second, 0).unwrap()
}

fn home() -> (TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(folder.path()).unwrap();
    home.prepare().unwrap();
    (folder, home)
}

fn table(country: &str) -> Table {
    Table::empty(country, "America/New_York")
}

fn open(home: &Home, second: i64) -> (TableStore<Table>, Opened<Table>) {
    TableStore::open(home, at(second), || table("US"))
}

fn beside(file: &Path, word: &str) -> Vec<PathBuf> {
    let name = format!("{}.{word}-", file.file_name().unwrap().to_str().unwrap());
    let entries = fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap());
    entries.filter(|e| e.file_name().to_str().unwrap().starts_with(&name)).map(|e| e.path()).collect()
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

// Home.

#[test]
fn everything_is_inside_a_named_folder_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().join("a/b");
    let home = Home::locate(Some(&named)).unwrap();
    home.prepare().unwrap();
    for part in ["plugins", "versions", "logs"] {
        assert!(named.join(part).is_dir(), "{part}");
        #[cfg(unix)]
        assert_eq!(mode(&named.join(part)), 0o700);
    }
    assert_eq!(home.routing_file(), named.join("routing.json"));
    assert_eq!(home.calls_file(), named.join("calls.sqlite3"));
    home.prepare().unwrap();
}

#[test]
fn an_impossible_home_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let inside_a_file = file.join("home");
    let error = Home::at(&inside_a_file).unwrap().prepare().unwrap_err().to_string();
    assert!(error.contains("--home") && error.ends_with(inside_a_file.to_str().unwrap()), "{error}");
}

#[test]
fn a_second_program_is_refused_until_the_first_one_ends() {
    let (_folder, home) = home();
    let leftover = home.config.join(".switchboard-x.tmp");
    fs::write(&leftover, "half").unwrap();

    let held = home.lock().unwrap();
    assert!(!leftover.exists(), "what a crash left behind is cleared away");
    assert!(matches!(home.lock(), Err(HomeError::InUse { .. })));
    drop(held);
    home.lock().unwrap();
}

// Atomic writes.

#[test]
fn a_reader_sees_the_old_or_the_new_content_never_a_part() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let contents = [vec![b'a'; 200_000], vec![b'b'; 100_000]];
    atomic::write(&file, &contents[0]).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 1..60 {
                atomic::write(&file, &contents[turn % 2]).unwrap();
            }
            done.store(true, Ordering::Release);
        });
        while !done.load(Ordering::Acquire) {
            assert!(contents.contains(&fs::read(&file).unwrap()));
        }
    });
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no leftovers");
    #[cfg(unix)]
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_failed_write_leaves_the_old_content() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::create_dir(&file).unwrap();
    assert!(atomic::write(&file, b"new").is_err());
    assert!(file.is_dir());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no leftovers");
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::write(&real, "old").unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    atomic::write(&link, b"new").unwrap();
    assert!(link.is_symlink());
    assert_eq!(fs::read(&real).unwrap(), b"new");
}

// Reading.

fn bad(content: &[u8]) -> read::FileError {
    match parse_json::<Table>(Path::new("routing.json"), content, 1) {
        Err(ReadError::Bad(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_error_names_line_column_field_and_file() {
    let text = "{\n\"format\": 1,\n\"country\": \"US\", \"zone\": \"UTC\",\n\"lines\": [{\"id\": \"a\", \"name\": 7, \"number\": \"+1\"}]\n}";
    let error = bad(text.as_bytes());
    assert_eq!((error.line, error.field.as_str()), (4, "lines[0].name"));
    assert_eq!(
        error.to_string(),
        "Line 4, column 31, field lines[0].name: a text in quotes belongs here, and not the number 7; correct it: routing.json"
    );

    let error = bad(b"{\"format\": 1,, }");
    assert_eq!((error.line, error.column), (1, 14));
    assert!(error.advice.contains("comma"));

    let error = bad(b"{\n\"format\": 1, \"country\": \"\xFF\"}");
    assert_eq!((error.line, error.column), (2, 26));
    assert!(error.to_string().contains("UTF-8"));

    assert!(bad(b"{\"format\": 1, \"countri\": 1}").message.contains("countri"));
    assert!(bad(b"").message.contains("ends before"));
    assert!(bad("[".repeat(100_000).as_bytes()).line > 0);
}

#[test]
fn a_byte_order_mark_is_no_trouble_and_trailing_text_is() {
    let good = serde_json::to_vec(&table("US")).unwrap();
    let marked = [b"\xEF\xBB\xBF".as_slice(), &good].concat();
    assert_eq!(parse_json::<Table>(Path::new("t"), &marked, 1).unwrap(), table("US"));
    assert_eq!(bad(&[good.as_slice(), b"x"].concat()).line, 1);
}

#[test]
fn a_newer_format_is_recognised_before_its_content_is_judged() {
    let error = parse_json::<Table>(Path::new("t"), br#"{"unheard": [], "format": 2}"#, 1).unwrap_err();
    assert_eq!(error, ReadError::Newer { file: "t".into(), found: 2, known: 1 });
}

#[test]
fn a_huge_file_is_refused() {
    let (_folder, home) = home();
    let file = fs::File::create(home.routing_file()).unwrap();
    file.set_len(read::MAX_BYTES + 1).unwrap();
    let error = read::read_json::<Table>(&home.routing_file(), 1).unwrap_err().to_string();
    assert!(error.contains("16 MB"), "{error}");
}

// The table.

#[test]
fn a_fresh_home_runs_the_starter_as_version_1() {
    let (_folder, home) = home();
    let (store, opened) = open(&home, 0);
    assert_eq!((opened.live.version, &opened.draft), (1, &table("US")));
    assert!(opened.troubles.is_empty());
    assert_eq!(store.versions().len(), 1);
    let text = fs::read_to_string(home.routing_file()).unwrap();
    assert!(text.starts_with("{\n  \"format\": 1,") && text.ends_with("}\n"), "{text}");
    #[cfg(unix)]
    assert_eq!(mode(&home.routing_file()), 0o600);
}

#[test]
fn a_table_brought_along_is_published_as_version_1() {
    let (_folder, home) = home();
    atomic::write_json(&home.routing_file(), &table("DE")).unwrap();
    let (_, opened) = open(&home, 0);
    assert_eq!((opened.live.version, opened.live.table), (1, table("DE")));
}

#[test]
fn drafts_and_versions_survive_a_restart() {
    let (_folder, home) = home();
    let (mut store, _) = open(&home, 0);
    store.save_draft(&table("FR"), at(1)).unwrap();
    let published = store.publish(&table("DE"), at(2), "Summer").unwrap();
    assert_eq!((published.value.version, published.trouble), (2, None));
    store.save_draft(&table("IT"), at(3)).unwrap();
    drop(store);

    let (store, opened) = open(&home, 4);
    assert_eq!((opened.live.table, opened.draft), (table("DE"), table("IT")));
    assert_eq!((opened.live.remarks.note.as_str(), opened.live.published_at), ("Summer", at(2)));
    assert!(opened.troubles.is_empty());
    let versions: Vec<_> = store.versions().into_iter().map(|v| (v.version, v.remarks.note)).collect();
    assert_eq!(versions, [(2, "Summer".to_owned()), (1, String::new())]);
    assert_eq!(store.load(1).unwrap().table, table("US"));
    assert!(matches!(store.load(9), Err(ReadError::Missing { .. })));
}

#[test]
fn a_crash_after_publishing_leaves_the_new_version_and_the_old_draft() {
    let (_folder, home) = home();
    let (mut store, _) = open(&home, 0);
    store.save_draft(&table("FR"), at(1)).unwrap();
    // What `publish` does first; the draft is written after it.
    store.publish_beside(&table("DE"), at(2), "").unwrap();
    drop(store);
    let (_, opened) = open(&home, 3);
    assert_eq!((opened.live.version, opened.live.table, opened.draft), (2, table("DE"), table("FR")));
    assert!(opened.troubles.is_empty());
}

fn plan(id: i64, second: i64) -> Plan<Table> {
    Plan {
        id,
        at: at(second),
        until: None,
        note: "Summer".into(),
        despite: String::new(),
        planned_at: at(0),
        by: String::new(),
        failed: None,
        table: table("DE"),
    }
}

#[test]
fn plans_survive_a_restart_and_a_file_cut_anywhere_is_never_lost() {
    let (_folder, home) = home();
    let (store, plans, trouble) = PlanStore::open::<Table>(&home, at(0));
    assert_eq!((plans.len(), trouble), (0, None));
    store.save(&[plan(1, 90), plan(2, 60)]).unwrap();
    let (_, plans, _) = PlanStore::open::<Table>(&home, at(1));
    assert_eq!(plans, [plan(2, 60), plan(1, 90)], "the next one first");

    let whole = fs::read(home.planned_file()).unwrap();
    for cut in 0..whole.len() - 1 {
        fs::write(home.planned_file(), &whole[..cut]).unwrap();
        let (_, plans, trouble) = PlanStore::open::<Table>(&home, at(2));
        let trouble = trouble.unwrap_or_else(|| panic!("cut at {cut}"));
        assert!(plans.is_empty());
        assert_eq!(fs::read(trouble.kept.unwrap()).unwrap(), &whole[..cut]);
    }

    fs::write(home.planned_file(), r#"{"format": 2}"#).unwrap();
    let (store, _, trouble) = PlanStore::open::<Table>(&home, at(3));
    assert!(trouble.unwrap().message.contains("newer Switchboard"));
    assert!(matches!(store.save(&[plan(1, 1)]), Err(StoreError::Sealed(_))));
    assert_eq!(fs::read_to_string(home.planned_file()).unwrap(), r#"{"format": 2}"#);
}

#[test]
fn drafts_set_aside_are_kept_until_they_are_thrown_away() {
    let (_folder, home) = home();
    let shelf = Shelf::of(&home);
    shelf.put(table("DE"), "First", at(1)).unwrap();
    shelf.put(table("FR"), "Second", at(2)).unwrap();
    // One that cannot be read hides no other, and its number is not given again.
    fs::write(home.drafts_folder().join("000007.json"), "{").unwrap();
    shelf.put(table("IT"), "Third", at(3)).unwrap();
    let kept: Vec<_> = shelf.list().into_iter().map(|kept| (kept.number, kept.why)).collect();
    assert_eq!(kept, [(8, "Third".to_owned()), (2, "Second".to_owned()), (1, "First".to_owned())]);
    assert_eq!(shelf.load(2).unwrap(), table("FR"));
    shelf.remove(2).unwrap();
    assert!(shelf.remove(2).is_err() && shelf.load(2).is_err());
    assert_eq!(shelf.list().len(), 2);
}

#[test]
fn a_table_cut_anywhere_never_runs_and_is_never_lost() {
    let (_folder, home) = home();
    let (mut store, _) = open(&home, 0);
    store.publish(&table("DE"), at(0), "").unwrap();
    let whole = fs::read(home.routing_file()).unwrap();
    // Without its last newline it is still whole.
    for cut in 0..whole.len() - 1 {
        fs::write(home.routing_file(), &whole[..cut]).unwrap();
        let (_, opened) = open(&home, 7);
        assert_eq!((opened.live.version, opened.draft), (2, table("DE")), "cut at {cut}");
        let [trouble] = opened.troubles.as_slice() else { panic!("cut at {cut}") };
        assert_eq!(fs::read(trouble.kept.as_ref().unwrap()).unwrap(), &whole[..cut]);
        assert!(trouble.message.contains("version 2"), "{}", trouble.message);
        assert_eq!(fs::read(home.routing_file()).unwrap(), whole);
    }
    assert_eq!(beside(&home.routing_file(), "rejected").len(), whole.len() - 1, "names are unique");
}

#[test]
fn a_damaged_version_gives_way_to_the_one_before() {
    let (_folder, home) = home();
    let (mut store, _) = open(&home, 0);
    store.publish(&table("DE"), at(0), "").unwrap();
    let file = home.versions_folder().join("000002.json");
    fs::write(&file, "{").unwrap();

    let (mut store, opened) = open(&home, 1);
    assert_eq!((opened.live.version, &opened.live.table), (1, &table("US")));
    assert_eq!(opened.draft, table("DE"), "the draft is its own file");
    assert!(opened.troubles[0].message.contains("Version 2"), "{:?}", opened.troubles);
    assert_eq!(beside(&file, "rejected").len(), 1);
    let next = store.publish(&table("FR"), at(2), "").unwrap().value;
    assert_eq!(next.version, 3, "no number is given twice");
}

#[test]
fn with_nothing_readable_a_new_table_runs_and_the_rest_is_kept() {
    let (_folder, home) = home();
    fs::write(home.versions_folder().join("000004.json"), "x").unwrap();
    fs::write(home.routing_file(), "y").unwrap();
    let (_, opened) = open(&home, 0);
    assert_eq!((opened.live.version, opened.live.table), (5, table("US")));
    assert_eq!(opened.troubles.iter().filter(|trouble| trouble.kept.is_some()).count(), 2);
}

#[test]
fn without_a_readable_version_the_draft_answers_and_that_is_said() {
    let (_folder, home) = home();
    fs::write(home.versions_folder().join("000004.json"), "x").unwrap();
    atomic::write_json(&home.routing_file(), &table("DE")).unwrap();
    let (_, opened) = open(&home, 0);
    assert_eq!((opened.live.version, opened.live.table), (5, table("DE")));
    assert!(opened.troubles[1].message.contains("The draft answers calls"), "{:?}", opened.troubles);
}

#[test]
fn a_newer_file_is_left_untouched_and_seals_the_store() {
    for newer in ["routing.json", "versions/000002.json"] {
        let (_folder, home) = home();
        open(&home, 0);
        let file = home.config.join(newer);
        let text = r#"{"format": 2, "unheard": "of"}"#;
        fs::write(&file, text).unwrap();

        let (mut store, opened) = open(&home, 1);
        assert_eq!(opened.live.version, 1, "the newest that is understood runs");
        assert!(opened.troubles[0].message.contains("newer Switchboard"), "{:?}", opened.troubles);
        assert!(matches!(store.save_draft(&table("DE"), at(2)), Err(StoreError::Sealed(_))));
        assert!(matches!(store.publish(&table("DE"), at(2), ""), Err(StoreError::Sealed(_))));
        assert!(store.sealed().is_some());
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        assert_eq!(store.versions().len(), 1);
    }
}

#[test]
fn a_newer_table_alone_runs_the_starter_without_writing() {
    let (_folder, home) = home();
    fs::write(home.routing_file(), r#"{"format": 2}"#).unwrap();
    let (store, opened) = open(&home, 0);
    assert_eq!((opened.live.version, opened.live.table), (0, table("US")));
    assert!(store.versions().is_empty());
}

#[test]
fn a_disk_that_refuses_still_lets_the_table_run() {
    let (_folder, home) = home();
    fs::remove_dir(home.versions_folder()).unwrap();
    fs::write(home.versions_folder(), "in the way").unwrap();
    let (_, opened) = open(&home, 0);
    assert_eq!((opened.live.version, opened.live.table), (0, table("US")));
    assert!(opened.troubles[0].message.contains("Nothing was saved"), "{:?}", opened.troubles);
}

#[test]
fn an_edit_from_outside_is_seen_once_and_taken() {
    let (_folder, home) = home();
    let (mut store, _) = open(&home, 0);
    assert!(store.outside_edit().is_none());

    atomic::write_json(&home.routing_file(), &table("DE")).unwrap();
    assert_eq!(store.outside_edit().unwrap().unwrap(), table("DE"));
    assert!(store.outside_edit().is_none());

    fs::write(home.routing_file(), "{ half").unwrap();
    assert!(matches!(store.outside_edit(), Some(Err(ReadError::Bad(_)))));
    assert!(store.outside_edit().is_none(), "told once");
    assert_eq!(fs::read(home.routing_file()).unwrap(), b"{ half", "left to its author");
}

#[test]
fn an_edit_from_outside_is_never_written_over() {
    let (_folder, home) = home();
    let (mut store, _) = open(&home, 0);
    for (turn, theirs) in ["{ half", "{}"].into_iter().enumerate() {
        fs::write(home.routing_file(), theirs).unwrap();
        let saved = store.save_draft(&table("DE"), at(5)).unwrap();
        let kept = saved.trouble.unwrap().kept.unwrap();
        assert_eq!(fs::read_to_string(kept).unwrap(), theirs);
        assert_eq!(beside(&home.routing_file(), "outside").len(), turn + 1);
    }
    assert!(store.save_draft(&table("FR"), at(5)).unwrap().trouble.is_none());
    fs::remove_file(home.routing_file()).unwrap();
    store.save_draft(&table("FR"), at(5)).unwrap();
}

// Settings.

#[test]
fn settings_survive_a_restart_and_damage() {
    let (_folder, home) = home();
    let (mut store, mut settings, troubles) = SettingsStore::open(&home, at(0));
    assert_eq!((settings.clone(), troubles.len()), (Settings::default(), 0));
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8787");
    settings.listen = "127.0.0.1:9000".parse().unwrap();
    settings.theme = ThemeChoice::Dark;
    store.save(&settings, at(0)).unwrap();
    assert_eq!(SettingsStore::open(&home, at(1)).1, settings);

    // A wrong theme does not change the port, neither now nor at the next start.
    let text = fs::read_to_string(home.settings_file()).unwrap().replace("dark", "pink");
    fs::write(home.settings_file(), text).unwrap();
    let (_, read, troubles) = SettingsStore::open(&home, at(2));
    assert_eq!((read.listen, read.theme), (settings.listen, ThemeChoice::System));
    assert!(troubles[0].message.contains("theme"), "{troubles:?}");
    assert_eq!(beside(&home.settings_file(), "rejected").len(), 1);
    let (_, read, troubles) = SettingsStore::open(&home, at(3));
    assert_eq!((read.listen, troubles.len()), (settings.listen, 0));
}

#[test]
fn newer_settings_are_used_as_far_as_understood_and_left_untouched() {
    let (_folder, home) = home();
    let text = r#"{"format": 2, "listen": "127.0.0.1:9000", "theme": {"name": "dark"}}"#;
    fs::write(home.settings_file(), text).unwrap();
    let (mut store, settings, troubles) = SettingsStore::open(&home, at(0));
    assert_eq!((settings.listen.port(), troubles.len()), (9000, 1));
    assert!(store.save(&settings, at(0)).is_err());
    assert_eq!(fs::read_to_string(home.settings_file()).unwrap(), text);
}

// Keys.

fn keys(current: &str, previous: &str) -> Keys {
    Keys { current: Secret::new(current), previous: Secret::new(previous) }
}

#[test]
fn keys_are_trimmed_kept_private_and_never_printed() {
    let (_folder, home) = home();
    let (mut store, none, _) = SecretStore::open_with(&home, None, at(0));
    assert_eq!(none, Keys::default());
    assert_eq!(store.source(), KeySource::File(home.secrets_file()));

    let saved = store.save(&keys(" key_new\r\n", "key_old")).unwrap();
    assert_eq!(saved.current.as_ref().unwrap().expose(), "key_new");
    assert!(!format!("{saved:?}{store:?}").contains("key_"));
    #[cfg(unix)]
    assert_eq!(mode(&home.secrets_file()), 0o600);
    assert_eq!(SecretStore::open_with(&home, None, at(1)).1, keys("key_new", "key_old"));

    store.save(&keys("  ", "")).unwrap();
    assert_eq!(SecretStore::open_with(&home, None, at(2)).1, Keys::default());
}

#[test]
fn the_environment_wins_over_what_is_stored() {
    let (_folder, home) = home();
    SecretStore::open_with(&home, None, at(0)).0.save(&keys("stored", "")).unwrap();
    let (mut store, found, _) = SecretStore::open_with(&home, Some(" given \n"), at(1));
    assert_eq!((found, store.source()), (keys("given", ""), KeySource::Environment));
    assert_eq!(store.save(&keys("other", "")).unwrap(), keys("given", ""));
    let (store, found, _) = SecretStore::open_with(&home, Some("  "), at(2));
    assert_eq!(found, keys("other", ""));
    assert_ne!(store.source(), KeySource::Environment);
}

#[test]
fn an_unreadable_key_file_is_kept_and_a_newer_one_untouched() {
    let (_folder, home) = home();
    fs::write(home.secrets_file(), r#"{"format": 1, "retell_api_key": key_secret}"#).unwrap();
    let (mut store, found, troubles) = SecretStore::open_with(&home, None, at(0));
    assert_eq!(found, Keys::default());
    assert!(!troubles[0].message.contains("key_secret"), "{troubles:?}");
    assert_eq!(beside(&home.secrets_file(), "rejected").len(), 1);
    store.save(&keys("again", "")).unwrap();

    fs::write(home.secrets_file(), r#"{"format": 2}"#).unwrap();
    let (mut store, _, troubles) = SecretStore::open_with(&home, None, at(1));
    assert_eq!(troubles.len(), 1);
    assert!(store.save(&keys("again", "")).is_err());
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_made_private() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, home) = home();
    SecretStore::open_with(&home, None, at(0)).0.save(&keys("k", "")).unwrap();
    fs::set_permissions(home.secrets_file(), fs::Permissions::from_mode(0o644)).unwrap();
    let _ = SecretStore::open_with(&home, None, at(1));
    assert_eq!(mode(&home.secrets_file()), 0o600);
}

#[test]
fn named_secrets_are_kept_beside_the_keys_and_shown_to_nobody() {
    let (_folder, home) = home();
    let secret = Secret::new;
    let (mut store, ..) = SecretStore::open_with(&home, None, at(0));
    store.save(&keys("key_1", "")).unwrap();
    store.set("https://crm.example.com authorization", secret(" tok_1\n").as_ref()).unwrap();
    store.set("https://other.example.com ?key", secret("tok_2").as_ref()).unwrap();
    store.save(&keys("key_2", "key_1")).unwrap();
    assert!(!format!("{store:?}").contains("tok_"), "{store:?}");
    let (mut store, found, troubles) = SecretStore::open_with(&home, Some("given"), at(1));
    assert_eq!((found, troubles), (keys("given", ""), Vec::new()));
    assert_eq!(store.named()["https://crm.example.com authorization"].expose(), "tok_1");
    store.set("https://crm.example.com authorization", None).unwrap();
    let (store, found, _) = SecretStore::open_with(&home, None, at(2));
    assert_eq!(found, keys("key_2", "key_1"), "what the environment says is not stored");
    assert_eq!(store.named().keys().collect::<Vec<_>>(), ["https://other.example.com ?key"]);
}
