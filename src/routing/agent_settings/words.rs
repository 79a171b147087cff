//! Settings in words.

use serde_json::Value;

use super::{LANGUAGES, SETTINGS, Setting, SettingKind};
use crate::routing::Object;

/// What is set, each as "longest call 60 seconds"; what is not known here is only counted.
#[must_use]
pub fn settings_words(settings: &Object) -> Vec<String> {
    let known = SETTINGS.iter().filter_map(|setting| Some((setting, setting.get(settings)?)));
    let mut words: Vec<String> = known.map(|(setting, value)| setting.words(value)).collect();
    let all: usize = settings.values().map(|part| part.as_object().map_or(1, Object::len)).sum();
    match all - words.len().min(all) {
        0 => {}
        1 if words.is_empty() => words.push("1 agent setting".into()),
        1 => words.push("1 more setting".into()),
        more if words.is_empty() => words.push(format!("{more} agent settings")),
        more => words.push(format!("{more} more settings")),
    }
    words
}

impl Setting {
    /// The setting with a value, as "longest call 60 seconds".
    #[must_use]
    pub fn words(&self, value: &Value) -> String {
        let mut title = self.title.to_owned();
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        format!("{title} {}", self.value_words(value))
    }

    /// A value of it, as "60 seconds".
    #[must_use]
    pub fn value_words(&self, value: &Value) -> String {
        match (self.kind, value) {
            (_, Value::Null) => "as at Retell".to_owned(),
            (SettingKind::Milliseconds { .. }, value) if value.is_u64() => {
                duration_words(value.as_u64().unwrap_or_default())
            }
            (SettingKind::OnOff, Value::Bool(on)) => if *on { "on" } else { "off" }.to_owned(),
            (SettingKind::OneOf(options), Value::String(chosen)) => name_of(options, chosen),
            (SettingKind::Languages, Value::String(language)) => name_of(LANGUAGES, language),
            (SettingKind::Languages | SettingKind::Texts, Value::Array(all)) => {
                let name = |one: &Value| name_of(LANGUAGES, one.as_str().unwrap_or_default());
                all.iter().map(name).collect::<Vec<_>>().join(", ")
            }
            (_, Value::String(text)) => format!("“{text}”"),
            (_, other) => other.to_string(),
        }
    }
}

fn name_of(options: &[(&str, &str)], value: &str) -> String {
    options.iter().find(|(option, _)| *option == value).map_or(value, |(_, words)| words).to_owned()
}

/// A length of time for people: "90 seconds", "10 minutes", "2 hours".
#[must_use]
pub fn duration_words(ms: u64) -> String {
    let (count, unit) = match ms {
        0 => return "0 seconds".into(),
        ms if ms % 3_600_000 == 0 => (ms / 3_600_000, "hour"),
        ms if ms % 60_000 == 0 && ms > 60_000 => (ms / 60_000, "minute"),
        ms if ms % 1000 == 0 => (ms / 1000, "second"),
        ms => return format!("{} seconds", ms as f64 / 1000.0),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_read_as_words() {
        for (settings, words) in [
            (json!({ "agent": { "max_call_duration_ms": 60000 } }), "longest call 60 seconds"),
            (
                json!({ "agent": { "language": ["de-DE", "xx"], "new": 1 } }),
                "language German, xx; 1 more setting",
            ),
            (json!({ "agent": { "new": 1, "newer": 1 } }), "2 agent settings"),
            (json!({ "agent": { "enable_backchannel": false } }), "says “yeah” while listening off"),
            (json!({ "retell_llm": { "begin_message": "Hi" } }), "first words “Hi”"),
            (json!({ "agent": { "ambient_sound": null } }), "sound in the background as at Retell"),
        ] {
            assert_eq!(settings_words(settings.as_object().unwrap()).join("; "), words);
        }
    }

    #[test]
    fn lengths_of_time_read_as_people_say_them() {
        for (ms, words) in [
            (0, "0 seconds"),
            (500, "0.5 seconds"),
            (1000, "1 second"),
            (60_000, "60 seconds"),
            (90_000, "90 seconds"),
            (600_000, "10 minutes"),
            (3_600_000, "1 hour"),
            (5_400_000, "90 minutes"),
        ] {
            assert_eq!(duration_words(ms), words);
        }
    }
}
