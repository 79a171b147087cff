//! What is done to lists, as changes of the draft. Calls are put on lists from other screens too.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::plugins::lists::{Who, counts};
use crate::routing::{Entry, List, Table, fresh_id, grouped};
use crate::service::messages::{Level, Note};
use crate::ui::app::{Action, State};
use crate::ui::decision::zone;

/// Today, where the business is.
pub(crate) fn today(state: &State) -> NaiveDate {
    state.now.with_timezone(&zone(state)).date_naive()
}

/// An edit of the draft by `change`.
pub(crate) fn edit(table: &Table, what: String, change: impl FnOnce(&mut Table)) -> Action {
    let mut table = Table::clone(table);
    change(&mut table);
    Action::Edit { what, table }
}

/// Something to tell that is only good to know.
pub(crate) fn tell(text: String) -> Action {
    Action::Tell(Note { level: Level::Info, text })
}

/// Adds an empty list; gives its id.
pub(crate) fn new_list(table: &mut Table, name: String, note: String) -> String {
    let id = fresh_id(&name, table.lists.iter().map(|list| list.id.as_str()));
    table.lists.push(List { id: id.clone(), name, note, entries: Arc::default() });
    id
}

/// Whether a number stands on a list by itself, and still counts.
pub(crate) fn holds(list: &List, number: &str, today: NaiveDate) -> bool {
    list.entries.iter().any(|entry| entry.what == number && counts(entry, today))
}

/// Changes the entries of the list with this id.
pub(crate) fn change_entries(table: &mut Table, id: &str, change: impl FnOnce(&mut Vec<Entry>)) {
    if let Some(list) = table.lists.iter_mut().find(|list| list.id == id) {
        change(Arc::make_mut(&mut list.entries));
    }
}

/// How an entry is called: "(415) 555-2671", "Germany", or as it is written.
pub(super) fn name_of(entry: &Entry, home: &str) -> String {
    Who::read(&entry.what, home).map_or_else(|| entry.what.clone(), |who| who.words(home))
}

/// "1 entry", "100,000 entries".
pub(super) fn entries_words(count: usize) -> String {
    match count {
        0 => "No entries".to_owned(),
        1 => "1 entry".to_owned(),
        count => format!("{} entries", grouped(count)),
    }
}
