//! A JSON object written by hand: while it cannot be read, the last good one stays in force and
//! what was typed stays in the field.

use super::{Field, TextField};
use crate::routing::Object;
use egui::Ui;
use serde_json::Value;
use serde_json::error::Category;

/// What is typed, and what it last meant.
#[derive(Default)]
pub struct JsonText {
    text: String,
    means: Option<Object>,
    error: Option<String>,
}

impl JsonText {
    /// Whether what is typed cannot be read.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.error.is_some()
    }

    /// Whether what is typed for `value` cannot be read, so that an older text is in force.
    #[must_use]
    pub fn is_unread(&self, value: Option<&Object>) -> bool {
        self.is_torn() && self.means.as_ref() == value
    }

    /// Draws the field for `value`; an empty one means none.
    pub fn ui(&mut self, ui: &mut Ui, label: &str, help: &str, value: &mut Option<Object>) {
        if self.means != *value {
            *self = Self { text: written(value.as_ref()), means: value.clone(), error: None };
        }
        let text = &mut self.text;
        let field = Field::new(label).optional().help(help).error(self.error.as_deref());
        let hint = "{ \"team\": \"sales\" }";
        let response =
            field.show(ui, |ui| ui.add(TextField::new(text).rows(3).mono().hint(hint).id_salt(label)));
        if response.changed() {
            match read(&self.text) {
                Ok(object) => {
                    self.means.clone_from(&object);
                    *value = object;
                    self.error = None;
                }
                Err(error) => self.error = Some(error),
            }
        }
    }
}

fn written(object: Option<&Object>) -> String {
    object.and_then(|object| serde_json::to_string_pretty(object).ok()).unwrap_or_default()
}

/// Reads an object; the error is a sentence for who typed it.
fn read(text: &str) -> Result<Option<Object>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        Ok(_) => Err("Put it in curly brackets, like { \"team\": \"sales\" }".to_owned()),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let words = error.to_string();
            let reason = match error.classify() {
                Category::Eof => "something is still missing at the end",
                _ => words.rsplit_once(" at line ").map_or(words.as_str(), |(reason, _)| reason),
            };
            Err(format!("Line {line}, column {column}: {reason}. Until then the last good text counts."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_and_anything_else_is_told_with_its_place() {
        assert_eq!(read("  "), Ok(None));
        assert_eq!(read("{\"a\": 1}").map(|o| o.is_some_and(|o| o.len() == 1)), Ok(true));
        for (text, words) in [
            ("{\n  \"a\": 1,\n}", "Line 3, column 1: trailing comma"),
            ("{ \"a\"", "something is still missing"),
            ("[1]", "curly brackets"),
        ] {
            let error = read(text).err().unwrap_or_default();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
