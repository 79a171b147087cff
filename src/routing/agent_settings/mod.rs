//! Settings of an agent for one call (`agent_override` on the wire): which ones are known, what
//! they may be, and what is wrong with them. Kept and sent in the form of the wire, so that
//! fields that are not known here pass through.

mod check;
mod fields;
mod words;

pub use check::{WrongSetting, check_settings, check_value};
pub use fields::{LANGUAGES, SETTINGS, Setting, SettingKind, SettingPart};
pub use words::{duration_words, settings_words};

use serde_json::Value;

use super::Object;

impl Setting {
    /// Its value among `settings`.
    #[must_use]
    pub fn get<'a>(&self, settings: &'a Object) -> Option<&'a Value> {
        settings.get(self.part.key())?.get(self.key)
    }

    /// Sets it, or takes it away; parts that become empty go too.
    pub fn put(&self, settings: &mut Option<Object>, value: Option<Value>) {
        let mut all = settings.take().unwrap_or_default();
        let part = self.part.key();
        let mut inner = match all.get(part) {
            Some(Value::Object(inner)) => inner.clone(),
            _ => Object::new(),
        };
        match value {
            Some(value) => {
                inner.insert(self.key.to_owned(), value);
            }
            None => {
                inner.shift_remove(self.key);
            }
        }
        if inner.is_empty() {
            all.shift_remove(part);
        } else {
            all.insert(part.to_owned(), Value::Object(inner));
        }
        *settings = (!all.is_empty()).then_some(all);
    }
}
