//! What the owner sets for a file of contacts: which file, how it is read if looking does not
//! find out, and which of its columns become facts.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::routing::Kind;

/// Names that the plugin gives facts itself.
const OWN: [&str; 2] = ["known", "source"];

/// The settings of one use.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// The whole path of the file.
    #[serde(default)]
    pub(super) file: String,
    /// Whether its first row holds the titles of the columns; without it that is found by looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) header: Option<bool>,
    /// What parts the columns; without it that is found by looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) separator: Option<char>,
    /// How its letters are written, by the name that the Encoding Standard gives it; without it that
    /// is found by looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) encoding: Option<String>,
    /// The columns that hold phone numbers, by title; without any they are found by looking.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) numbers: Vec<String>,
    /// The columns that become facts.
    #[serde(default)]
    pub(super) facts: Vec<ColumnFact>,
}

/// A column that becomes a fact.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnFact {
    /// The title of the column.
    pub(super) column: String,
    /// What the fact is called after `contact.`: `tier`.
    pub(super) name: String,
    /// How what stands in it is read.
    #[serde(rename = "type", default, skip_serializing_if = "CellKind::is_text")]
    pub(super) kind: CellKind,
    /// What the fact is for callers of whom the file says nothing; without it, it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<String>,
}

/// How what stands in a column is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CellKind {
    #[default]
    Text,
    Number,
    YesNo,
}

impl CellKind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it like this")]
    fn is_text(&self) -> bool {
        *self == Self::Text
    }

    /// The type of the fact.
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Text => Kind::Text,
            Self::Number => Kind::Number,
            Self::YesNo => Kind::YesNo,
        }
    }
}

/// How a file is to be read: whatever is equal gives the same contacts, so it is read once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reading {
    pub(super) file: PathBuf,
    pub(super) header: Option<bool>,
    pub(super) separator: Option<char>,
    pub(super) encoding: Option<String>,
    pub(super) numbers: Vec<String>,
    /// The country of numbers without a country code.
    pub(super) home: String,
}

impl Settings {
    pub(super) fn reading(&self, home: &str) -> Reading {
        Reading {
            file: PathBuf::from(&self.file),
            header: self.header,
            separator: self.separator,
            encoding: self.encoding.clone(),
            numbers: self.numbers.clone(),
            home: home.to_owned(),
        }
    }

    /// What is wrong, in a sentence that says what to do.
    pub(super) fn check(&self) -> Result<(), String> {
        self.check_file()?;
        let mut taken = HashSet::new();
        for ColumnFact { column, name, kind, default } in &self.facts {
            if name.is_empty() {
                return Err(format!(
                    "the column “{column}” has no name for its fact; give it one, such as tier"
                ));
            }
            if !name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') {
                return Err(format!("“{name}” cannot be the name of a fact; use letters, digits and _"));
            }
            if OWN.contains(&name.as_str()) {
                return Err(format!("“{name}” is a fact that Contacts gives by itself; choose another name"));
            }
            if !taken.insert(name) {
                return Err(format!("two columns are called “{name}”; give one of the two another name"));
            }
            if let Some(default) = default {
                super::cell::read(default, *kind).map_err(|why| format!("the default of “{name}”: {why}"))?;
            }
        }
        Ok(())
    }

    fn check_file(&self) -> Result<(), String> {
        if self.file.trim().is_empty() {
            return Err("no file is chosen; choose one".into());
        }
        if !Path::new(&self.file).is_absolute() {
            return Err(format!("“{}” is not a whole path; choose the file again", self.file));
        }
        if let Some(label) = &self.encoding
            && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
        {
            return Err(format!("“{label}” is no way of writing letters that is known here; choose another"));
        }
        if self.separator.is_some_and(|mark| !mark.is_ascii()) {
            return Err(
                "columns can be parted by a comma, a semicolon, a tab or another plain mark; choose one"
                    .into(),
            );
        }
        Ok(())
    }
}

/// The name that is offered for the fact of a column: "Customer tier" gives `customer_tier`.
#[cfg(any(feature = "desktop", test))]
pub(super) fn fact_name(title: &str, taken: &[ColumnFact]) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(str::to_lowercase).collect();
    let base = if words.is_empty() { "fact".to_owned() } else { words.join("_") };
    let is_free =
        |name: &String| !OWN.contains(&name.as_str()) && taken.iter().all(|fact| fact.name != *name);
    let counted = (2..).map(|count| format!("{base}_{count}"));
    std::iter::once(base.clone()).chain(counted).find(is_free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_made_of_titles() {
        let mut taken = Vec::new();
        for (title, name) in [
            ("Customer tier", "customer_tier"),
            ("Kunde (Müller)", "kunde_müller"),
            ("customer-tier", "customer_tier_2"),
            ("Known", "known_2"),
            ("€", "fact"),
        ] {
            let made = fact_name(title, &taken);
            assert_eq!(made, name);
            let column = title.to_owned();
            taken.push(ColumnFact { column, name: made, kind: CellKind::Text, default: None });
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let file = if cfg!(windows) { "C:\\a.csv" } else { "/a.csv" };
        for (settings, part) in [
            (json!({}), "no file is chosen"),
            (json!({ "file": "a.csv" }), "not a whole path"),
            (json!({ "file": file, "encoding": "klingon" }), "choose another"),
            (json!({ "file": file, "separator": "→" }), "parted by"),
            (json!({ "file": file, "facts": [{ "column": "A", "name": "" }] }), "no name"),
            (json!({ "file": file, "facts": [{ "column": "A", "name": "a b" }] }), "letters, digits"),
            (json!({ "file": file, "facts": [{ "column": "A", "name": "known" }] }), "by itself"),
            (
                json!({ "file": file, "facts": [{ "column": "A", "name": "a" }, { "column": "B", "name": "a" }] }),
                "two columns",
            ),
            (
                json!({ "file": file, "facts": [{ "column": "A", "name": "a", "type": "number", "default": "x" }] }),
                "the default of “a”",
            ),
        ] {
            let settings: Settings = serde_json::from_value(settings).unwrap();
            let said = settings.check().unwrap_err();
            assert!(said.contains(part), "{said}");
        }
    }
}
