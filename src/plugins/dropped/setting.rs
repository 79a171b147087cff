//! What a plugin has to be told: fields with a type, from which the window draws a form and which
//! are checked before the plugin sees them.

use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use crate::plugins::Secrets;
use crate::routing::number;

/// The most rows of a table.
const MOST_ROWS: usize = 500;

/// One field.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// What is filled in.
    #[serde(rename = "type")]
    pub kind: SettingKind,
    /// What it is called in the form.
    pub title: String,
    /// One sentence beside it.
    #[serde(default)]
    pub help: String,
    /// Whether the plugin cannot do without.
    #[serde(default)]
    pub required: bool,
    /// What it is as long as nothing is filled in.
    pub default: Option<Value>,
    /// The smallest number.
    pub min: Option<f64>,
    /// The largest number.
    pub max: Option<f64>,
    /// What can be chosen from.
    #[serde(default)]
    pub options: Vec<String>,
    /// The field, a yes or no, that must be on for this one to count.
    pub when: Option<String>,
    /// The columns of a table, in their order.
    #[serde(default)]
    pub columns: Settings,
}

/// What is filled into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SettingKind {
    /// A line of text.
    Text,
    /// Several lines of text.
    Lines,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// One of the options.
    Choice,
    /// Several texts.
    List,
    /// A phone number.
    Phone,
    /// An address on the web.
    Url,
    /// A text that is kept in the key store and never shown.
    Secret,
    /// A time span in seconds.
    Duration,
    /// A file, of which the plugin sees the text.
    File,
    /// Rows of a table.
    Table,
}

/// The fields of a plugin.
pub type Settings = IndexMap<String, Setting>;

impl Setting {
    /// What it is as long as nothing is filled in.
    #[must_use]
    pub fn empty(&self) -> Value {
        self.default.clone().unwrap_or_else(|| match self.kind {
            SettingKind::YesNo => json!(false),
            SettingKind::List | SettingKind::Table => json!([]),
            SettingKind::Number | SettingKind::Duration => Value::Null,
            SettingKind::Choice => self.options.first().map_or(Value::Null, |first| json!(first)),
            _ => json!(""),
        })
    }

    /// What is wrong with how the author describes it.
    fn problem(&self, name: &str, all: &Settings) -> Option<String> {
        if self.title.trim().is_empty() {
            return Some(format!("the setting “{name}” has no title"));
        }
        if self.kind == SettingKind::Choice && self.options.is_empty() {
            return Some(format!("the setting “{name}” is a choice and has no options"));
        }
        if self.kind == SettingKind::Secret && self.default.is_some() {
            return Some(format!("the setting “{name}” is a secret and has a default, which is not secret"));
        }
        if self.kind == SettingKind::File && self.default.is_some() {
            return Some(format!(
                "the setting “{name}” is a file and has a default, which the owner must choose"
            ));
        }
        if let Some(why) = self.columns_problem(name) {
            return Some(why);
        }
        if let Some(other) = &self.when
            && all.get(other).is_none_or(|other| other.kind != SettingKind::YesNo)
        {
            return Some(format!(
                "the setting “{name}” depends on “{other}”, which is no setting of type yesno"
            ));
        }
        self.default
            .as_ref()
            .and_then(|value| self.check(value).err())
            .map(|why| format!("the default of the setting “{name}”: {why}"))
    }

    /// What is wrong with the columns of a table, or with columns where there is no table.
    fn columns_problem(&self, name: &str) -> Option<String> {
        let is_table = self.kind == SettingKind::Table;
        if is_table == self.columns.is_empty() {
            let what = if is_table { "is a table and has no columns" } else { "has columns and is no table" };
            return Some(format!("the setting “{name}” {what}"));
        }
        let of_column = |column: &Setting| match column.kind {
            SettingKind::Lines
            | SettingKind::List
            | SettingKind::Secret
            | SettingKind::File
            | SettingKind::Table => Some(
                "is of a type that no column can have; use text, number, yesno, choice, phone, url or duration",
            ),
            _ => column.when.is_some().then_some("depends on another setting, which no column can"),
        };
        let wrong = |(column, setting): (&String, &Setting)| {
            Some(format!("the column “{column}” of “{name}” {}", of_column(setting)?))
        };
        self.columns.iter().find_map(wrong).or_else(|| problem(&self.columns))
    }

    /// Whether these can be the rows of a table.
    fn check_rows(&self, value: &Value) -> Result<(), String> {
        let Some(rows) = value.as_array().filter(|rows| rows.iter().all(Value::is_object)) else {
            return Err(format!("{} is a table, a list of rows", self.title));
        };
        if rows.len() > MOST_ROWS {
            return Err(format!("{} can have at most {MOST_ROWS} rows", self.title));
        }
        for (place, row) in rows.iter().filter_map(Value::as_object).enumerate() {
            let of_row = |why: String| format!("{}, row {}: {why}", self.title, place + 1);
            if let Some(unknown) = row.keys().find(|name| !self.columns.contains_key(*name)) {
                return Err(of_row(format!("there is no column “{unknown}”")));
            }
            for (name, column) in &self.columns {
                column.check(&row.get(name).cloned().unwrap_or_else(|| column.empty())).map_err(of_row)?;
            }
        }
        Ok(())
    }

    /// What is filled in, as the plugin sees it.
    fn seen(&self, value: &Value) -> Value {
        let (SettingKind::Table, Some(rows)) = (self.kind, value.as_array()) else { return value.clone() };
        let whole = |row: &Value| {
            let cell = |(name, column): (&String, &Setting)| {
                (name.clone(), row.get(name).cloned().unwrap_or_else(|| column.empty()))
            };
            Value::Object(self.columns.iter().map(cell).collect())
        };
        rows.iter().map(whole).collect()
    }

    /// Whether something can be filled in. The error is a sentence for the owner.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        if is_empty(value) {
            return if self.required { Err(format!("{} is needed; fill it in", self.title)) } else { Ok(()) };
        }
        let wrong = |what: &str| Err(format!("{} {what}", self.title));
        match self.kind {
            SettingKind::YesNo if !value.is_boolean() => wrong("is yes or no"),
            SettingKind::List if texts(value).is_none() => wrong("is a list of texts"),
            SettingKind::Number | SettingKind::Duration => {
                let Some(number) = value.as_f64().filter(|number| number.is_finite()) else {
                    return wrong("is no number; write digits, such as 3 or 2.5");
                };
                let least =
                    if self.kind == SettingKind::Duration { self.min.or(Some(0.0)) } else { self.min };
                match (least, self.max) {
                    (Some(least), _) if number < least => wrong(&format!("must be at least {least}")),
                    (_, Some(most)) if number > most => wrong(&format!("must be at most {most}")),
                    _ => Ok(()),
                }
            }
            SettingKind::Table => self.check_rows(value),
            SettingKind::YesNo | SettingKind::List => Ok(()),
            kind => {
                let Some(text) = value.as_str() else { return wrong("is a text") };
                match kind {
                    SettingKind::Choice if !self.options.iter().any(|option| option == text) => {
                        wrong(&format!("must be one of {}", self.options.join(", ")))
                    }
                    SettingKind::Url if !is_web(text) => {
                        wrong("is no address; write one like https://crm.example.com")
                    }
                    SettingKind::File if !Path::new(text).is_absolute() => {
                        wrong("needs the file's whole path; choose the file anew")
                    }
                    SettingKind::Phone if number::parse(text, "").is_none() => {
                        wrong("is no phone number; write it with its country code, such as +14155552671")
                    }
                    _ => Ok(()),
                }
            }
        }
    }
}

/// What is wrong with how the author describes the settings.
pub(super) fn problem(all: &Settings) -> Option<String> {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    all.iter().find_map(|(name, setting)| {
        if !is_name(name) {
            return Some(format!("“{name}” cannot be the name of a setting; use letters, digits and _"));
        }
        setting.problem(name, all)
    })
}

/// Whether a field counts, as others are filled in.
#[must_use]
pub fn counts(all: &Settings, setting: &Setting, filled: &Map<String, Value>) -> bool {
    let Some(name) = &setting.when else { return true };
    let is_on = filled.get(name).cloned().or_else(|| Some(all.get(name)?.empty()));
    is_on == Some(json!(true))
}

/// The name that a secret of a plugin is kept under.
#[must_use]
pub fn secret_name(plugin: &str, setting: &str) -> String {
    format!("plugin {plugin} {setting}")
}

/// What is wrong with how the fields are filled in: the field's name and a sentence.
#[must_use]
pub fn wrong(
    plugin: &str,
    all: &Settings,
    filled: &Map<String, Value>,
    has_secret: &dyn Fn(&str) -> bool,
) -> Option<(String, String)> {
    all.iter().filter(|(_, setting)| counts(all, setting, filled)).find_map(|(name, setting)| {
        let checked = if setting.kind == SettingKind::Secret {
            let is_there = !setting.required || has_secret(&secret_name(plugin, name));
            if is_there { Ok(()) } else { Err(format!("{} is needed; fill it in", setting.title)) }
        } else {
            setting.check(&filled.get(name).cloned().unwrap_or_else(|| setting.empty()))
        };
        checked.err().map(|why| (name.clone(), why))
    })
}

/// The settings as the plugin sees them, secrets filled in.
#[must_use]
pub fn complete(
    plugin: &str,
    all: &Settings,
    filled: &Map<String, Value>,
    secrets: &Secrets,
) -> Map<String, Value> {
    let counting = all.iter().filter(|(_, setting)| counts(all, setting, filled));
    let each = counting.map(|(name, setting)| {
        let value = if setting.kind == SettingKind::Secret {
            secrets.get(&secret_name(plugin, name)).map_or(Value::Null, |secret| json!(&*secret))
        } else {
            filled.get(name).map_or_else(|| setting.empty(), |value| setting.seen(value))
        };
        (name.clone(), value)
    });
    each.collect()
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn is_web(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The secrets among the settings.
pub(super) fn secrets(plugin: &str, all: &Settings, secrets: &Secrets) -> Vec<Arc<str>> {
    let names = all.iter().filter(|(_, setting)| setting.kind == SettingKind::Secret);
    names.filter_map(|(name, _)| secrets.get(&secret_name(plugin, name))).collect()
}
