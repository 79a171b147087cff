#![allow(clippy::unwrap_used)]
use std::fs;
use std::path::Path;

use super::{Page, link, pages};
use crate::plugins::Registry;
use crate::ui::widgets::shell::Place;

#[test]
fn every_file_is_a_page_with_a_title_and_a_summary() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/help");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    assert_eq!(files.len(), pages().len());
    for path in files {
        let file = fs::read_to_string(&path).unwrap();
        let page = Page::find(path.file_stem().unwrap().to_str().unwrap()).unwrap();
        assert!(file.starts_with(&format!("# {}\n", page.title)), "{path:?} does not begin with its title");
        assert!(
            !page.summary().is_empty() && !page.summary().starts_with('#'),
            "{path:?} begins with no words"
        );
        assert!(page.text.len() < 6000, "{path:?} is longer than a page");
    }
    let mut titles: Vec<_> = pages().iter().map(|page| page.title).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), pages().len(), "two pages have the same title");
    assert_eq!(pages()[0].name, "start");
}

#[test]
fn links_lead_to_pages() {
    for page in pages() {
        for target in page.text.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
            let is_page = pages().iter().any(|other| link(other) == target.0);
            assert!(is_page || target.0.starts_with("https://"), "{} links to {}", page.name, target.0);
        }
    }
}

/// A new condition or screen needs a page in `assets/help/` that mentions it by its title.
#[test]
fn every_condition_and_every_screen_is_told_of() {
    for entry in Registry::built_in().conditions() {
        assert!(Page::about(&entry.info.title).is_some(), "no page tells of “{}”", entry.info.title);
    }
    for place in Place::ALL {
        assert!(Page::about(place.title()).is_some(), "no page tells of “{}”", place.title());
    }
}

/// What a screen opens by F1 is there: a name that is misspelled would open the list of pages.
#[test]
fn the_pages_that_parts_of_the_window_open_are_there() {
    for name in [
        "rules",
        "schedules",
        "lists",
        "checks",
        "backtest",
        "web-look-ups",
        "publishing",
        "try-a-call",
        "calls",
        "numbers",
        "lines",
        "plugins",
        "keys",
        "variables",
        "agent-settings",
        "when-something-breaks",
    ] {
        assert!(Page::find(name).is_some(), "no page is called {name}");
    }
}
