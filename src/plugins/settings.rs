//! Reading settings of conditions and look-ups from a table's file.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::routing::value_words;

/// Reads settings into their type. The error is a sentence for the owner.
pub(super) fn read<T: DeserializeOwned>(settings: &Value) -> Result<T, String> {
    // A table may leave the settings out; then each field has its default.
    let nothing = Value::Object(serde_json::Map::new());
    let settings = if settings.is_null() { &nothing } else { settings };
    serde_path_to_error::deserialize(settings).map_err(|error| {
        let field = match error.path().to_string() {
            path if path == "." => String::new(),
            path => format!(" at “{path}”"),
        };
        let words = value_words(&error.inner().to_string());
        format!("its settings cannot be read{field}: {words}; correct that, or delete it and add it again")
    })
}
