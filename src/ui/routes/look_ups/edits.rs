//! What is done to look-ups in use, as changes of the draft.

use super::uses::rules_using;
use crate::plugins::Manifest;
use crate::routing::{Table, UsedLookUp, fresh_id, fresh_name};
use crate::service::messages::{Level, Note};
use crate::ui::app::{Action, State};
use crate::ui::routes::lists::edit;

/// Uses a plugin once more; gives the id of that use too.
pub(super) fn add(state: &State, manifest: &Manifest) -> Option<(Action, String)> {
    let (plugin, kind) = state.registry.usable().find(|(plugin, _)| plugin.manifest().id == manifest.id)?;
    let table = &*state.draft;
    let wanted = &plugin.manifest().name;
    let is_taken = |name: &str| table.look_ups.iter().any(|used| used.name.eq_ignore_ascii_case(name));
    let name = fresh_name(wanted, is_taken);
    let id = fresh_id(&name, table.look_ups.iter().map(|used| used.id.as_str()));
    let settings = kind.starter(table);
    let used = UsedLookUp { id: id.clone(), name, plugin: manifest.id.clone(), enabled: true, settings };
    let what = format!("Add look-up “{}”", used.name);
    Some((edit(table, what, |table| table.look_ups.push(used)), id))
}

/// Asks it, or no longer.
pub(super) fn switch(table: &Table, index: usize) -> Action {
    let used = &table.look_ups[index];
    let word = if used.enabled { "off" } else { "on" };
    edit(table, format!("Switch {word} look-up “{}”", used.name), |table| {
        table.look_ups[index].enabled = !table.look_ups[index].enabled;
    })
}

/// Puts the one at `from` at the place `to`.
pub(super) fn shift(table: &Table, from: usize, to: usize) -> Option<Action> {
    let used = table.look_ups.get(from).filter(|_| to < table.look_ups.len())?;
    Some(edit(table, format!("Move look-up “{}”", used.name), |table| {
        let used = table.look_ups.remove(from);
        table.look_ups.insert(to, used);
    }))
}

/// Calls it something else. As long as nothing uses its facts, which may be named after it, they
/// follow; gives its id from now on too.
pub(super) fn rename(state: &State, id: &str, name: String) -> Option<(Action, String)> {
    let table = &*state.draft;
    let index = table.look_ups.iter().position(|used| used.id == id && used.name != name)?;
    let used = &table.look_ups[index];
    let others = table.look_ups.iter().filter(|other| other.id != id).map(|other| other.id.as_str());
    let is_free = rules_using(state, used).is_empty();
    let id = if is_free { fresh_id(&name, others) } else { id.to_owned() };
    let what = format!("Rename look-up “{}”", used.name);
    let renamed = UsedLookUp { id: id.clone(), name, ..used.clone() };
    Some((edit(table, what, |table| table.look_ups[index] = renamed), id))
}

/// Gives it other settings.
pub(super) fn change(table: &Table, used: &UsedLookUp, settings: serde_json::Value) -> Action {
    edit(table, format!("Change look-up “{}”", used.name), |table| {
        if let Some(used) = table.look_ups.iter_mut().find(|other| other.id == used.id) {
            used.settings = settings;
        }
    })
}

/// Deletes it, or tells which rules need what it finds out.
pub(super) fn delete(state: &State, used: &UsedLookUp) -> Action {
    let users = rules_using(state, used);
    if users.is_empty() {
        return edit(&state.draft, format!("Delete look-up “{}”", used.name), |table| {
            table.look_ups.retain(|other| other.id != used.id);
        });
    }
    let text = format!(
        "“{}” is not deleted, as what it finds out is used by {}. Change that first, or switch it off.",
        used.name,
        users.join(", ")
    );
    Action::Tell(Note { level: Level::Warning, text })
}
