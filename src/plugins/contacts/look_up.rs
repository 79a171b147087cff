//! Asking about a caller. Several files are asked as one: each fact comes from the first file that
//! has it, so that one look-up's answer never undoes another's.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};

use super::book::Book;
use super::settings::ColumnFact;
use super::shelf::{Shelved, Status};
use super::{IN, KNOWN, SOURCE, cell, fact_of};
use crate::plugins::{Ask, Fault, LookUp};
use crate::routing::{Facts, Value};

/// How long a call waits for a file that is being read for the first time: well within the time that
/// all look-ups have together.
const FIRST_READ: Duration = Duration::from_millis(800);

/// One use of the plugin at work, among all uses in the table.
pub(super) struct Contacts {
    pub(super) uses: Arc<Vec<Use>>,
    /// Which of them this is.
    pub(super) me: usize,
}

/// A file in use.
pub(super) struct Use {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) file: Arc<Shelved>,
    pub(super) facts: Vec<ColumnFact>,
}

/// What a file knows of a caller: the row, or why it cannot tell.
type Found = Result<Option<(Arc<Book>, usize)>, String>;

impl LookUp for Contacts {
    fn ask(&self, ask: Ask) -> BoxFuture<'static, Result<Facts, Fault>> {
        let (uses, me) = (self.uses.clone(), self.me);
        async move {
            let number = ask.call.from.number();
            let found = join_all(uses.iter().map(|used| find(used, number))).await;
            Ok(facts(&uses, me, &found, number.is_none()))
        }
        .boxed()
    }

    fn of_stranger(&self, _ask: &Ask) -> Facts {
        let nowhere: Vec<Found> = self.uses.iter().map(|_| Ok(None)).collect();
        facts(&self.uses, self.me, &nowhere, false)
    }
}

async fn find(used: &Use, number: Option<&str>) -> Found {
    let Some(number) = number else { return Ok(None) };
    let status = tokio::time::timeout(FIRST_READ, used.file.status()).await;
    let Ok(Status { good, trouble, .. }) = status else {
        return Err(format!("{} is still being read", used.name));
    };
    match (good, trouble) {
        (Some(book), _) => Ok(book.find(number).map(|row| (book, row))),
        (None, Some(trouble)) => Err(format!("{}: {trouble}", used.name)),
        (None, None) => Err(format!("{} is still being read", used.name)),
    }
}

fn facts(uses: &[Use], me: usize, found: &[Found], is_withheld: bool) -> Facts {
    let mut facts = Facts::default();
    let within = format!("{IN}{}", uses[me].id);
    match &found[me] {
        Ok(hit) => facts.set(within, Value::YesNo(hit.is_some())),
        Err(why) => facts.set_missing(within, why),
    }
    if me == 0 {
        set_known(&mut facts, uses, found, is_withheld);
    }
    for fact in &uses[me].facts {
        let says = |used: &Use| used.facts.iter().any(|other| other.name == fact.name);
        if uses[..me].iter().any(says) {
            // An earlier one answers for all.
            continue;
        }
        match value(uses, found, fact, is_withheld) {
            Ok(value) => facts.set(fact_of(&fact.name), value),
            Err(why) => facts.set_missing(fact_of(&fact.name), why),
        }
    }
    facts
}

fn set_known(facts: &mut Facts, uses: &[Use], found: &[Found], is_withheld: bool) {
    let source = uses.iter().zip(found).find(|(_, found)| matches!(found, Ok(Some(_))));
    let unknown = found.iter().find_map(|found| found.as_ref().err());
    match (source, unknown) {
        (Some((first, _)), _) => {
            facts.set(KNOWN, Value::YesNo(true));
            facts.set(SOURCE, Value::Text(first.name.clone()));
        }
        (None, Some(why)) => {
            facts.set_missing(KNOWN, why);
            facts.set_missing(SOURCE, why);
        }
        (None, None) => {
            facts.set(KNOWN, Value::YesNo(false));
            facts.set_missing(SOURCE, nobody(is_withheld));
        }
    }
}

fn nobody(is_withheld: bool) -> &'static str {
    if is_withheld { "the caller's number is withheld" } else { "the caller is not a contact" }
}

/// The fact of this name: from the first file that has it for the caller, else its default. While a
/// file cannot tell, the default would be a guess.
fn value(uses: &[Use], found: &[Found], fact: &ColumnFact, is_withheld: bool) -> Result<Value, String> {
    let mut why = None;
    let mut blocked = None;
    let mut default = None;
    for (used, found) in uses.iter().zip(found) {
        let Some(fact) = used.facts.iter().find(|other| other.name == fact.name) else { continue };
        default = default.or(fact.default.as_ref().map(|text| (text, fact.kind)));
        match found {
            Err(reason) => blocked = blocked.or(Some(reason.clone())),
            Ok(None) => {}
            Ok(Some((book, row))) => match read(book, *row, fact, &used.name) {
                Ok(value) => return Ok(value),
                Err(reason) => why = why.or(Some(reason)),
            },
        }
    }
    if let Some(reason) = blocked {
        return Err(reason);
    }
    match default {
        // Whether it can be read was checked when it was set.
        Some((text, kind)) => cell::read(text, kind),
        None => Err(why.unwrap_or_else(|| nobody(is_withheld).to_owned())),
    }
}

fn read(book: &Book, row: usize, fact: &ColumnFact, name: &str) -> Result<Value, String> {
    let column = &fact.column;
    match book.cell(row, column) {
        None => Err(format!("{name} has no column “{column}”")),
        Some("") => Err(format!("{name} says nothing in “{column}” for this caller")),
        Some(text) => cell::read(text, fact.kind).map_err(|why| format!("{why}, in “{column}” of {name}")),
    }
}
