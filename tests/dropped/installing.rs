//! Adding plugins from folders and zip files: what is let in, and what is refused before anything of
//! it lies where plugins lie.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use switchboard::service::installing::install;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{at, drop_in, manifest};

/// A zip file of these files.
fn zip(file: &Path, files: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(File::create(file).unwrap());
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

/// What lies in the folder of plugins.
fn names(plugins: &Path) -> Vec<String> {
    let Ok(listed) = fs::read_dir(plugins) else { return Vec::new() };
    let mut names: Vec<_> = listed.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

const CODE: &[u8] = b"export const facts = () => ({});";

#[test]
fn a_folder_or_a_zip_file_becomes_a_plugin_and_an_update_keeps_the_one_before() {
    let home = tempfile::tempdir().unwrap();
    let plugins = home.path().join("plugins");
    let written = manifest("acme", "plugin.js", "");
    let from = home.path().join("wherever");
    drop_in(home.path(), "wherever", &written, "plugin.js", CODE);
    fs::create_dir_all(from.join(".git")).unwrap();
    fs::write(from.join(".git/config"), "").unwrap();
    let added = install(&from, &plugins, at()).unwrap();
    assert_eq!((added.manifest.id.as_str(), added.is_update), ("acme", false));
    assert_eq!(names(&plugins), ["acme"]);
    assert_eq!(names(&plugins.join("acme")), ["plugin.js", "plugin.toml"], "what tools leave stays out");

    let newer = written.replace("1.0.0", "2.0.0");
    for (what, top) in [("at the top", ""), ("in a folder", "acme-main/")] {
        let file = home.path().join("acme.zip");
        let (manifest, code, junk) =
            (format!("{top}plugin.toml"), format!("{top}plugin.js"), format!("__MACOSX/{top}._plugin.js"));
        zip(&file, &[(&manifest, newer.as_bytes()), (&code, CODE), (&junk, b"")]);
        let added = install(&file, &plugins, at()).unwrap();
        assert_eq!((added.manifest.version.as_str(), added.is_update), ("2.0.0", true), "{what}");
        assert_eq!(fs::read_to_string(plugins.join("acme/plugin.toml")).unwrap(), newer, "{what}");
    }
    let beside: Vec<_> =
        names(&plugins).into_iter().filter(|name| name.starts_with("acme.replaced-")).collect();
    assert_eq!(beside.len(), 2);
    assert_eq!(fs::read_to_string(plugins.join(&beside[0]).join("plugin.toml")).unwrap(), written);
}

#[test]
fn what_is_no_plugin_or_means_harm_is_refused_and_nothing_is_left() {
    let home = tempfile::tempdir().unwrap();
    let plugins = home.path().join("plugins");
    drop_in(&plugins, "acme", "what is there", "plugin.js", b"");
    let good = manifest("acme", "plugin.js", "");
    let toml = ("plugin.toml", good.as_bytes());
    let zeros = vec![0; 21 * 1024 * 1024];
    let many: Vec<String> = (0..300).map(|index| format!("f{index}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let deep = format!("{}plugin.js", "a/".repeat(20));
    let file = home.path().join("bad.zip");
    for (what, files, part) in [
        ("no manifest", vec![("plugin.js", CODE)], "there is no plugin.toml in it"),
        ("two of them", vec![("a/plugin.toml", CODE), ("b/plugin.toml", CODE)], "several plugins"),
        ("no id", vec![("plugin.toml", &b"name = 1"[..])], "missing field `id`"),
        ("an id that leads out", vec![("plugin.toml", &b"id = \"../evil\""[..])], "cannot be an id"),
        ("no code", vec![toml], "plugin.js cannot be read"),
        ("another contract", vec![("plugin.toml", &b"id = \"acme\"\ncontract = 9"[..])], "plugin.toml"),
        ("larger than it looks", vec![toml, ("plugin.js", &zeros)], "larger than 20 MB"),
        ("so many files", many, "more than 200 files"),
        ("so deep", vec![toml, (&deep, CODE)], "too deep"),
        ("for another system", vec![toml, ("..\\evil.js", CODE)], "leads out"),
    ] {
        zip(&file, &files);
        let why = install(&file, &plugins, at()).unwrap_err();
        assert!(why.starts_with("“bad.zip” was not added: ") && why.contains(part), "{what}: {why}");
        assert_eq!(names(&plugins), ["acme"], "{what}");
    }
    // No tool writes such names: they are put in the place of others.
    for (name, evil) in [("xx/evil.js", "../evil.js"), ("x/evil.js", "//evil.js")] {
        zip(&file, &[toml, ("plugin.js", CODE), (name, CODE)]);
        let bytes = fs::read(&file).unwrap();
        let (name, evil) = (name.as_bytes(), evil.as_bytes());
        let mut changed = Vec::new();
        let mut at_byte = 0;
        while at_byte < bytes.len() {
            let is_name = bytes[at_byte..].starts_with(name);
            changed.extend_from_slice(if is_name { evil } else { &bytes[at_byte..=at_byte] });
            at_byte += if is_name { name.len() } else { 1 };
        }
        fs::write(&file, changed).unwrap();
        let why = install(&file, &plugins, at()).unwrap_err();
        assert!(why.contains("leads out of its own folder"), "{why}");
        assert_eq!(names(&plugins), ["acme"]);
        assert!(!home.path().join("evil.js").exists() && !plugins.join("evil.js").exists());
    }
    fs::write(&file, b"no zip file").unwrap();
    for (from, part) in
        [(file.as_path(), "no zip file of a plugin"), (&home.path().join("gone"), "cannot be read")]
    {
        let why = install(from, &plugins, at()).unwrap_err();
        assert!(why.contains(part), "{why}");
    }
    assert_eq!(fs::read_to_string(plugins.join("acme/plugin.toml")).unwrap(), "what is there");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let home = tempfile::tempdir().unwrap();
    drop_in(home.path(), "from", &manifest("acme", "plugin.js", ""), "plugin.js", CODE);
    std::os::unix::fs::symlink("/etc/hostname", home.path().join("from/hostname")).unwrap();
    let why = install(&home.path().join("from"), &home.path().join("plugins"), at()).unwrap_err();
    assert!(why.contains("“hostname” is no ordinary file"), "{why}");
    assert!(names(&home.path().join("plugins")).is_empty());
}
