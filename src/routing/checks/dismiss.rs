//! Findings that the owner put aside, with the reason. It holds as long as what the finding is
//! about stays as it is, whatever else is edited.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::finding::{Finding, FindingKind, Place};
use crate::routing::Table;

/// A finding that was put aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dismissed {
    /// The kind of finding.
    pub kind: String,
    /// What it is about, as `rule:saturday`: its place first, then the rules that it names.
    pub about: Vec<String>,
    /// Tells whether that is still as it was.
    pub digest: String,
    /// The owner's reason; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Puts a finding aside; what was put aside and is no more is forgotten.
pub fn dismiss(table: &mut Table, finding: &Finding, reason: &str) {
    let about = about(finding);
    let is_there = |about: &[String]| about.iter().all(|thing| value_of(table, thing).is_some());
    let kind = finding.kind.name();
    let mut kept: Vec<Dismissed> = table.dismissed.clone();
    kept.retain(|old| is_there(&old.about) && !(old.kind == kind && old.about == about));
    let digest = digest(table, finding, &about);
    kept.push(Dismissed { kind, about, digest, reason: reason.trim().to_owned() });
    table.dismissed = kept;
}

/// Lets a finding that was put aside count again.
pub fn bring_back(table: &mut Table, finding: &Finding) {
    let (kind, about) = (finding.kind.name(), about(finding));
    table.dismissed.retain(|old| old.kind != kind || old.about != about);
}

/// Why a finding was put aside, if it was and is still the same.
pub(super) fn reason(table: &Table, finding: &Finding) -> Option<String> {
    if table.dismissed.is_empty() {
        return None;
    }
    let (kind, about) = (finding.kind.name(), about(finding));
    let old = table.dismissed.iter().find(|old| old.kind == kind && old.about == about)?;
    (old.digest == digest(table, finding, &about)).then(|| old.reason.clone())
}

fn about(finding: &Finding) -> Vec<String> {
    let place = match &finding.place {
        Place::Rule(id) => format!("rule:{id}"),
        Place::Fallback => "fallback".to_owned(),
        Place::Line(id) => format!("line:{id}"),
        Place::Agent(id) => format!("agent:{id}"),
        Place::LookUp(id) => format!("look-up:{id}"),
    };
    std::iter::once(place).chain(finding.others.iter().map(|id| format!("rule:{id}"))).collect()
}

fn digest(table: &Table, finding: &Finding, about: &[String]) -> String {
    let things: Vec<Value> = about.iter().filter_map(|thing| value_of(table, thing)).collect();
    let mut texts = BTreeSet::new();
    for thing in &things {
        texts_in(thing, &mut texts);
    }
    let schedules = table.schedules.iter().filter(|schedule| texts.contains(&*schedule.id));
    let lists = table.lists.iter().filter(|list| texts.contains(&*list.id));
    let shared: Vec<Value> =
        schedules
            .map(|schedule| json!([schedule.id, schedule.zone, schedule.hours]))
            .chain(lists.map(|list| {
                json!([list.id, list.entries.iter().map(|entry| &entry.what).collect::<Vec<_>>()])
            }))
            .collect();
    // A gap is about the rules of a whole line: what tells it from another is when it is.
    let words = (finding.kind == FindingKind::Gap).then_some(&finding.message);
    let hash = Sha256::digest(json!([things, shared, words]).to_string());
    hex::encode(&hash[..8])
}

/// What of a thing matters: all but its name and note.
fn value_of(table: &Table, thing: &str) -> Option<Value> {
    let mut value = match thing.split_once(':') {
        Some(("rule", id)) => serde_json::to_value(table.rule(id)?),
        Some(("line", id)) => serde_json::to_value(table.line(id)?),
        Some(("agent", id)) => serde_json::to_value(table.agent(id)?),
        Some(("look-up", id)) => serde_json::to_value(table.look_up(id)?),
        _ => serde_json::to_value(&table.fallback),
    }
    .ok()?;
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, _| name != "name" && name != "note");
    }
    Some(value)
}

/// All texts that stand somewhere in a value.
pub(super) fn texts_in<'v>(value: &'v Value, texts: &mut BTreeSet<&'v str>) {
    match value {
        Value::String(text) => drop(texts.insert(text)),
        Value::Array(items) => items.iter().for_each(|item| texts_in(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| texts_in(field, texts)),
        _ => {}
    }
}
