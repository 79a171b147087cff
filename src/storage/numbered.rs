//! Folders whose files are named by a number, such as `000012.json`.

use std::fs;
use std::path::{Path, PathBuf};

/// The file with this number.
pub(super) fn file(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:06}.json"))
}

/// The numbers of all files, highest first.
pub(super) fn all(folder: &Path) -> Vec<u32> {
    let number = |name: &str| name.strip_suffix(".json")?.parse().ok();
    let mut numbers: Vec<u32> = names_in(folder).iter().filter_map(|name| number(name)).collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers
}

/// The highest number in any file's name, rejected ones too, so that none is given twice.
pub(super) fn highest(folder: &Path) -> u32 {
    let number = |name: &str| name.split_once(".json")?.0.parse().ok();
    names_in(folder).iter().filter_map(|name| number(name)).max().unwrap_or(0)
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
