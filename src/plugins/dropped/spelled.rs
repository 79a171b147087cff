//! What is filled into a field of a plugin as it is spelled in words on the command line.

use std::path::Path;

use serde_json::{Value, json};

use super::{Setting, SettingKind};

impl Setting {
    /// The value that these words spell. The error is a sentence for the owner.
    pub fn spelled(&self, words: &[String]) -> Result<Value, String> {
        let text = words.join(" ");
        let value = match self.kind {
            SettingKind::Secret => {
                return Err(format!("{} is a secret; give it on standard input", self.title));
            }
            SettingKind::YesNo => match text.trim().to_lowercase().as_str() {
                "yes" | "true" | "on" => json!(true),
                "no" | "false" | "off" => json!(false),
                _ => json!(text),
            },
            SettingKind::Number | SettingKind::Duration => {
                text.trim().parse::<f64>().map_or_else(|_| json!(text), |number| json!(number))
            }
            SettingKind::List => json!(words),
            SettingKind::Lines => json!(words.join("\n")),
            SettingKind::Table => serde_json::from_str(&text).map_err(|_| self.rows_are_json())?,
            SettingKind::File => {
                std::path::absolute(Path::new(&text)).map_or(json!(text), |path| json!(path))
            }
            SettingKind::Text | SettingKind::Choice | SettingKind::Phone | SettingKind::Url => json!(text),
        };
        self.check(&value)?;
        Ok(value)
    }

    /// What its value is called: "an address on the web".
    #[must_use]
    pub fn kind_words(&self) -> String {
        match self.kind {
            SettingKind::Text => "a line of text".to_owned(),
            SettingKind::Lines => "lines of text, each an argument".to_owned(),
            SettingKind::Number => "a number".to_owned(),
            SettingKind::YesNo => "yes or no".to_owned(),
            SettingKind::Choice => format!("one of {}", self.options.join(", ")),
            SettingKind::List => "several texts, each an argument".to_owned(),
            SettingKind::Phone => "a phone number with its country code".to_owned(),
            SettingKind::Url => "an address on the web".to_owned(),
            SettingKind::Secret => "a secret, read from standard input".to_owned(),
            SettingKind::Duration => "a number of seconds".to_owned(),
            SettingKind::File => "a file".to_owned(),
            SettingKind::Table => "a table, its rows as JSON".to_owned(),
        }
    }

    fn rows_are_json(&self) -> String {
        let cells: Vec<_> = self.columns.keys().map(|name| format!("\"{name}\": …")).collect();
        format!("{} is a table; write its rows as JSON: [{{{}}}]", self.title, cells.join(", "))
    }
}
