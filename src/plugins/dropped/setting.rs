//! What a plugin has to be told: fields with a type, from which the window draws a form and which
//! are checked before the plugin sees them.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use crate::plugins::Secrets;
use crate::routing::number;

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
}

/// The fields of a plugin.
pub type Settings = IndexMap<String, Setting>;

impl Setting {
    /// What it is as long as nothing is filled in.
    #[must_use]
    pub fn empty(&self) -> Value {
        self.default.clone().unwrap_or_else(|| match self.kind {
            SettingKind::YesNo => json!(false),
            SettingKind::List => json!([]),
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
            filled.get(name).cloned().unwrap_or_else(|| setting.empty())
        };
        (name.clone(), value)
    });
    each.collect()
}

fn is_empty(value: &Value) -> bool {
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
