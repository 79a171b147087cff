//! What is wrong with settings, in sentences.

use serde_json::Value;

use super::{LANGUAGES, SETTINGS, Setting, SettingKind, SettingPart, duration_words};
use crate::routing::Object;

/// A setting that Retell would not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongSetting {
    /// Where among the settings: `agent.voice_speed`.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Everything that is wrong with settings. What is not known here is taken to be right.
#[must_use]
pub fn check_settings(settings: &Object) -> Vec<WrongSetting> {
    let mut wrong = Vec::new();
    for (key, value) in settings {
        let mut say = |message: String| wrong.push(WrongSetting { field: key.clone(), message });
        if SettingPart::ALL.iter().any(|part| part.key() == key) {
            if !value.is_object() {
                say(format!("“{key}” holds settings in curly brackets, like {{ \"{key}\": {{ … }} }}"));
            }
        } else if let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) {
            let part = setting.part.key();
            say(format!("“{key}” stands inside of “{part}”, like {{ \"{part}\": {{ \"{key}\": … }} }}"));
        }
    }
    for setting in SETTINGS {
        if let Some(Err(message)) = setting.get(settings).map(|value| check_value(setting, value)) {
            let field = format!("{}.{}", setting.part.key(), setting.key);
            wrong.push(WrongSetting { field, message });
        }
    }
    wrong
}

/// Whether Retell takes this value. `null` is taken: it puts the setting back.
pub fn check_value(setting: &Setting, value: &Value) -> Result<(), String> {
    let title = setting.title;
    if value.is_null() {
        return Ok(());
    }
    let fits = match setting.kind {
        SettingKind::Milliseconds { min, max } => {
            return check_duration(title, value, min, max);
        }
        SettingKind::Number { min, max } => {
            return match value.as_f64() {
                Some(number) if (min..=max).contains(&number) => Ok(()),
                _ => Err(format!("“{title}” is a number from {min} to {max}")),
            };
        }
        SettingKind::Zone => {
            let zone = value.as_str().is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_ok());
            return if zone {
                Ok(())
            } else {
                Err(format!("“{title}” is a time zone such as America/New_York"))
            };
        }
        SettingKind::Languages => {
            return check_languages(title, value);
        }
        SettingKind::Count => (value.is_u64(), "a whole number from 0"),
        SettingKind::Text => (value.is_string(), "a text in quotes"),
        SettingKind::Word => {
            (value.as_str().is_some_and(|word| !word.trim().is_empty()), "empty; write one, or remove it")
        }
        SettingKind::Texts => (
            value.as_array().is_some_and(|all| all.iter().all(Value::is_string)),
            "a list of texts in quotes",
        ),
        SettingKind::OnOff => (value.is_boolean(), "true or false"),
        SettingKind::OneOf(options) => {
            if options.iter().any(|(option, _)| value.as_str() == Some(option)) {
                return Ok(());
            }
            let options: Vec<_> = options.iter().map(|(option, _)| *option).collect();
            return Err(format!("“{title}” is one of {}", options.join(", ")));
        }
    };
    match fits {
        (true, _) => Ok(()),
        (false, what) => Err(format!("“{title}” is {what}")),
    }
}

fn check_duration(title: &str, value: &Value, min: u64, max: Option<u64>) -> Result<(), String> {
    let range = match max {
        Some(max) if min == 0 => format!("at most {}", duration_words(max)),
        Some(max) => format!("from {} to {}", duration_words(min), duration_words(max)),
        None if min <= 1 => "a length of time".to_owned(),
        None => format!("at least {}", duration_words(min)),
    };
    match value.as_u64() {
        Some(ms) if ms >= min && max.is_none_or(|max| ms <= max) => Ok(()),
        Some(ms) => Err(format!("“{title}” is {range}, not {}", duration_words(ms))),
        None => {
            Err(format!("“{title}” is {range}, written in whole milliseconds such as 90000 for 90 seconds"))
        }
    }
}

fn check_languages(title: &str, value: &Value) -> Result<(), String> {
    let one = value.as_str().map(|_| std::slice::from_ref(value));
    let Some(all) = one.or(value.as_array().map(Vec::as_slice)).filter(|all| !all.is_empty()) else {
        return Err(format!("“{title}” is a language such as de-DE, or a list of them"));
    };
    // Retell takes “multi” by itself, as a word for ten languages.
    let known = |language: &&Value| {
        let code = language.as_str();
        LANGUAGES.iter().any(|(known, _)| code == Some(known)) || value.as_str() == Some("multi")
    };
    match all.iter().find(|language| !known(language)) {
        None => Ok(()),
        Some(other) => {
            let other = other.as_str().map_or_else(|| other.to_string(), str::to_owned);
            Err(format!("“{other}” is not a language that Retell's agents speak; choose one such as de-DE"))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn wrong(settings: Value) -> Vec<String> {
        let Value::Object(settings) = settings else { panic!("settings are an object") };
        check_settings(&settings)
            .into_iter()
            .map(|wrong| format!("{}: {}", wrong.field, wrong.message))
            .collect()
    }

    #[test]
    fn what_retell_takes_is_taken_and_what_is_unknown_passes() {
        for settings in [
            json!({}),
            json!({ "agent": { "max_call_duration_ms": 60000, "language": "de-DE", "voice_speed": 1, "new_at_retell": [1] } }),
            json!({ "agent": { "language": ["en-US", "es-ES"], "ambient_sound": null, "timezone": "Europe/Berlin" } }),
            json!({ "agent": { "language": "multi" } }),
            json!({ "retell_llm": { "begin_message": "", "start_speaker": "user" }, "other": 3 }),
        ] {
            assert_eq!(wrong(settings.clone()), [""; 0], "{settings}");
        }
    }

    #[test]
    fn what_retell_refuses_is_told_in_a_sentence() {
        for (settings, words) in [
            (
                json!({ "agent": { "max_call_duration_ms": 30000 } }),
                "from 60 seconds to 2 hours, not 30 seconds",
            ),
            (json!({ "agent": { "max_call_duration_ms": "60" } }), "whole milliseconds"),
            (json!({ "agent": { "end_call_after_silence_ms": 9999 } }), "at least 10 seconds"),
            (json!({ "agent": { "begin_message_delay_ms": 6000 } }), "at most 5 seconds"),
            (json!({ "agent": { "voice_speed": 3 } }), "from 0.5 to 2"),
            (json!({ "agent": { "language": "klingon" } }), "“klingon” is not a language"),
            (json!({ "agent": { "language": ["de-DE", "multi"] } }), "“multi” is not a language"),
            (json!({ "agent": { "language": [] } }), "or a list of them"),
            (json!({ "agent": { "ambient_sound": "sea" } }), "one of coffee-shop"),
            (json!({ "agent": { "enable_backchannel": "yes" } }), "true or false"),
            (json!({ "agent": { "reminder_max_count": -1 } }), "whole number"),
            (json!({ "agent": { "boosted_keywords": "Zoë" } }), "list of texts"),
            (json!({ "agent": { "voice_id": " " } }), "is empty; write one"),
            (json!({ "agent": { "timezone": "Berlin" } }), "time zone such as"),
            (json!({ "agent": 3 }), "curly brackets"),
            (json!({ "language": "de-DE" }), "stands inside of “agent”"),
            (json!({ "retell_llm": { "start_speaker": "anna" } }), "one of agent, user"),
        ] {
            let told = wrong(settings.clone());
            assert_eq!(told.len(), 1, "{settings}: {told:?}");
            assert!(told[0].contains(words), "{settings}: {told:?}");
        }
    }

    #[test]
    fn a_setting_is_put_and_taken_away_and_leaves_the_others() {
        let longest = &SETTINGS[0];
        let Value::Object(others) = json!({ "agent": { "new": 1 }, "x": 2 }) else { panic!() };
        let mut settings = Some(others.clone());
        longest.put(&mut settings, Some(json!(60000)));
        assert_eq!(longest.get(settings.as_ref().unwrap()), Some(&json!(60000)));
        longest.put(&mut settings, None);
        assert_eq!(settings, Some(others));
        let mut none = None;
        longest.put(&mut none, Some(json!(60000)));
        longest.put(&mut none, None);
        assert_eq!(none, None);
    }
}
