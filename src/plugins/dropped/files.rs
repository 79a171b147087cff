//! The files that the owner chose in a plugin's settings: the plugin sees their text and never reaches
//! the disk itself.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tokio::task::spawn_blocking;

use super::{SettingKind, Settings, Trouble};

/// The largest file, in bytes: with the rest of a question it must fit into one message.
const MAX_FILE: usize = 40 * 1024;

/// Puts the text of each file in the place of its path. Waits for the disk as long as it takes.
pub(super) async fn read(all: &Settings, settings: &mut Map<String, Value>) -> Result<(), Trouble> {
    for (name, _) in all.iter().filter(|(_, setting)| setting.kind == SettingKind::File) {
        let Some(value) = settings.get_mut(name) else { continue };
        let path = value.as_str().unwrap_or_default().trim().to_owned();
        *value = if path.is_empty() {
            Value::Null
        } else {
            let read = spawn_blocking(move || text_of(&PathBuf::from(path))).await;
            json!(read.unwrap_or_else(|_| Err(Trouble::Broken("reading its file broke off".to_owned())))?)
        };
    }
    Ok(())
}

fn text_of(path: &Path) -> Result<String, Trouble> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let wrong = |what: String| Trouble::Broken(format!("the file {name} {what}"));
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes))
        .map_err(|why| wrong(format!("cannot be read ({why})")))?;
    if bytes.len() > MAX_FILE {
        return Err(wrong(format!("is larger than {} KB; give it a smaller one", MAX_FILE / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| wrong("is no text (not UTF-8); save it as such".to_owned()))
}
