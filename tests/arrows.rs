//! The arrows of `ARCHITECTURE.md`: which floor may use which. A floor that names another one
//! it may not know fails here, with the file and line.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// Each floor, and the floors that it may use besides itself.
const ARROWS: [(&str, &[&str]); 13] = [
    ("guard", &[]),
    ("routing", &[]),
    ("retell", &["routing"]),
    ("plugins", &["routing"]),
    ("reach", &["plugins"]),
    ("storage", &["routing"]),
    ("service", &["reach", "plugins", "storage", "retell", "routing"]),
    ("server", &["guard", "service", "retell", "routing"]),
    ("local", &["service", "storage"]),
    ("program", &["guard", "local", "server", "service", "reach", "plugins", "storage", "routing"]),
    ("desktop", &["service", "storage", "routing"]),
    ("ui", &["desktop", "program", "service", "reach", "plugins", "storage", "retell", "routing"]),
    (
        "cli",
        &[
            "ui", "desktop", "program", "guard", "local", "server", "service", "reach", "plugins", "storage",
            "retell", "routing",
        ],
    ),
];

/// A plugin's own editor is drawn with the window's parts; nothing else of a plugin knows them.
fn is_editor(file: &Path) -> bool {
    let name = file.file_name().unwrap().to_string_lossy();
    file.components().any(|part| part.as_os_str() == "plugins") && name.starts_with("edit")
}

fn sources(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let entries = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.is_dir() || path.extension().is_some_and(|e| e == "rs"))
        .flat_map(|path| sources(&path))
        .collect()
}

fn floor_sources(floor: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folder = src.join(floor);
    if folder.is_dir() { sources(&folder) } else { vec![src.join(format!("{floor}.rs"))] }
}

/// `use crate::{..}` would hide which floors are named from the check of lines.
fn grouped_imports(file: &Path) -> Option<String> {
    let text = fs::read_to_string(file).unwrap();
    text.contains("crate::{").then(|| format!("{}: import each floor on a line of its own", file.display()))
}

#[test]
fn every_floor_uses_only_the_floors_it_may() {
    let mut wrong = Vec::new();
    for (floor, may_use) in ARROWS {
        let files = floor_sources(floor);
        assert!(!files.is_empty(), "{floor} is gone: tell this test");
        for file in files {
            wrong.extend(grouped_imports(&file));
            for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
                for (other, _) in ARROWS {
                    let names_it = line.contains(&format!("crate::{other}::"));
                    let may =
                        other == floor || may_use.contains(&other) || (other == "ui" && is_editor(&file));
                    if names_it && !may {
                        wrong.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_ground_touches_no_disk_network_clock_or_window() {
    let forbidden =
        ["std::fs", "std::net", "std::io", "tokio", "Utc::now", "Instant::now", "egui", "rusqlite", "ureq"];
    for file in floor_sources("routing") {
        let text = fs::read_to_string(&file).unwrap();
        for word in forbidden {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn no_floor_is_missing_here() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(src).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
        let is_known =
            ["lib", "main"].contains(&name.as_str()) || ARROWS.iter().any(|(floor, _)| *floor == name);
        assert!(is_known, "src/{name} has no arrows");
    }
}
