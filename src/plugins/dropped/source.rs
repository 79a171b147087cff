//! A plugin as it lies in its folder: the manifest and the file that is run, read and checked, and
//! not run.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::sandbox::{Code, MAX_FILE, Trouble};
use super::setting;
use crate::plugins::{CONTRACTS, Manifest, Offer};

/// The largest manifest, in bytes.
const MAX_MANIFEST: usize = 64 * 1024;
/// The largest script, in bytes.
const MAX_SCRIPT: usize = 1024 * 1024;
/// The most facts that one plugin yields.
const MAX_FACTS: usize = 50;
/// How long a plugin may ask to take, in milliseconds. The longest leaves some of the time that all
/// look-ups have together.
const BUDGET_MS: std::ops::RangeInclusive<u64> = 10..=1400;

/// A plugin as it was read.
#[derive(Debug)]
pub struct Source {
    /// What it says of itself.
    pub manifest: Manifest,
    pub(super) folder: PathBuf,
    code: Vec<u8>,
}

impl Source {
    /// Reads the plugin in a folder. The error is a sentence for its author.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let manifest = read(&folder.join("plugin.toml"), MAX_MANIFEST)?;
        let manifest =
            String::from_utf8(manifest).map_err(|_| "the file plugin.toml is no text (not UTF-8)")?;
        let manifest: Manifest = toml::from_str(&manifest).map_err(|why| toml_words(&manifest, &why))?;
        let id = folder.file_name().unwrap_or_default().to_string_lossy();
        if let Some(why) = problem(&manifest, &id) {
            return Err(format!("in plugin.toml: {why}"));
        }
        let run = manifest.run.clone().unwrap_or_default();
        let most = if is_script(&run) { MAX_SCRIPT } else { MAX_FILE };
        let code = read(&folder.join(&run), most)?;
        Ok(Self { manifest, folder: folder.to_owned(), code })
    }

    /// Makes its code ready, which runs it. May take two seconds.
    pub fn load(&self, now_ms: i64) -> Result<Code, Trouble> {
        if !is_script(self.manifest.run.as_deref().unwrap_or_default()) {
            return Code::of_module(&self.code);
        }
        let script = std::str::from_utf8(&self.code)
            .map_err(|_| Trouble::Refused("the file plugin.js is no text (not UTF-8)".to_owned()))?;
        if script.contains('\0') {
            return Err(Trouble::Refused("the file plugin.js has a zero byte in it".to_owned()));
        }
        Code::of_script(script, now_ms)
    }
}

/// Whether this can be the id of a plugin, and so the name of its folder.
#[must_use]
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

fn is_script(run: &str) -> bool {
    run == "plugin.js"
}

fn read(file: &Path, most: usize) -> Result<Vec<u8>, String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let info = fs::symlink_metadata(file).map_err(|why| format!("the file {name} cannot be read ({why})"))?;
    if !info.is_file() {
        return Err(format!("the file {name} is no ordinary one"));
    }
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(most as u64 + 1).read_to_end(&mut bytes))
        .map_err(|why| format!("the file {name} cannot be read ({why})"))?;
    if bytes.len() > most {
        return Err(format!("the file {name} is larger than {} KB", most / 1024));
    }
    Ok(bytes)
}

/// What is wrong with a manifest, with the line.
fn toml_words(text: &str, why: &toml::de::Error) -> String {
    let line = why.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let words = why.message().replace('\n', " ");
    match line {
        Some(line) => format!("in plugin.toml, line {line}: {words}"),
        None => format!("in plugin.toml: {words}"),
    }
}

fn problem(manifest: &Manifest, folder: &str) -> Option<String> {
    let Manifest { id, name, version, contract, run, budget_ms, .. } = manifest;
    if !is_id(id) {
        return Some(format!("“{id}” cannot be an id; use a-z, 0-9 and _"));
    }
    if id != folder {
        return Some(format!("its id is “{id}” and its folder “{folder}”; give both the same name"));
    }
    if super::super::built_in().iter().any(|plugin| plugin.manifest().id == *id) {
        return Some(format!("“{id}” is the id of a built-in plugin; choose another"));
    }
    for (what, text) in [("name", name), ("version", version), ("summary", &manifest.summary)] {
        if text.trim().is_empty() || text.chars().count() > 200 {
            return Some(format!("its {what} is empty, or longer than 200 letters"));
        }
    }
    if !CONTRACTS.contains(contract) {
        let served = CONTRACTS.map(|number| number.to_string()).collect::<Vec<_>>().join(" and ");
        return Some(format!(
            "it was written for contract {contract}, and this program serves {served}; look for a newer version of one of them"
        ));
    }
    if !matches!(run.as_deref(), Some("plugin.js" | "plugin.wasm")) {
        return Some("run must be \"plugin.js\" or \"plugin.wasm\"".to_owned());
    }
    let offers = &manifest.offers;
    let is_one = |offer: &Offer| matches!(offer, Offer::Facts | Offer::Notice);
    if offers.is_empty()
        || !offers.iter().all(is_one)
        || !manifest.conditions.is_empty()
        || !manifest.choices.is_empty()
    {
        return Some(
            "offers must be [\"facts\"], [\"notice\"] or both: plugins that are dropped in give facts, which rules \
             compare, and tell somebody of calls"
                .to_owned(),
        );
    }
    if budget_ms.is_some_and(|budget| !BUDGET_MS.contains(&budget)) {
        return Some(format!("budget_ms must be between {} and {}", BUDGET_MS.start(), BUDGET_MS.end()));
    }
    facts_problem(manifest)
        .or_else(|| manifest.allow.problem())
        .or_else(|| setting::problem(&manifest.settings))
}

fn facts_problem(manifest: &Manifest) -> Option<String> {
    let facts = &manifest.facts;
    if !manifest.offers.contains(&Offer::Facts) {
        let is_odd = !facts.is_empty();
        return is_odd
            .then(|| "it yields facts, and its offers do not say so; add \"facts\" to offers".to_owned());
    }
    if facts.is_empty() || facts.len() > MAX_FACTS {
        return Some(format!("it must yield between 1 and {MAX_FACTS} facts"));
    }
    facts.iter().find_map(|(name, info)| {
        let mut parts = name.split('.');
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        };
        let first = parts.next().unwrap_or_default();
        if !is_part(first) || parts.clone().next().is_none() || !parts.all(is_part) {
            return Some(format!(
                "“{name}” cannot be the name of a fact; write one like {}.vip",
                manifest.id
            ));
        }
        if super::super::built_in().iter().any(|plugin| plugin.manifest().id == first) {
            return Some(format!("facts that begin with “{first}.” are the program's own; rename “{name}”"));
        }
        info.title.trim().is_empty().then(|| format!("the fact “{name}” has no title"))
    })
}
