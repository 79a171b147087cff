//! Whether a plugin keeps the contract that it was written for: it is asked what the host may ever ask, and
//! every answer must be one that the host can read. The messages of each contract are frozen in
//! `tests/data/contract/`; a test holds this program to the same ones.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::run::Working;
use super::setting::{self, Setting};
use super::{Code, Desk, Filled, Source, talk};
use crate::plugins::{CONTRACT, Secrets};

/// What hosts say and plugins answer by each contract, the first one first.
const MESSAGES: [&str; CONTRACT as usize] = [include_str!("../../../tests/data/contract/1.json")];

/// The messages of a contract.
#[derive(Deserialize)]
struct Messages {
    asks: Vec<Golden>,
}

/// Something that a host may ask.
#[derive(Deserialize)]
struct Golden {
    name: String,
    ask: Map<String, Json>,
}

/// Asks a plugin all that the host may ever ask it, servers out of reach. Tells of each question what it is
/// about, and what is wrong with the answer. An error in the plugin's own words is an answer too.
pub async fn keeps(source: &Source, code: &Arc<Code>) -> Vec<(String, Result<(), String>)> {
    let manifest = &source.manifest;
    let working = Working::new(manifest.clone(), code.clone(), Filled::new(), Arc::<Desk>::default());
    let working = Arc::new(working);
    let mut found = Vec::new();
    for Golden { name, mut ask } in messages(manifest.contract).asks {
        let is_offered =
            manifest.offers.iter().any(|offer| ask.get("offer") == Some(&Json::from(offer.word())));
        if !is_offered {
            continue;
        }
        ask.insert("settings".to_owned(), Json::Object(plausible(source)));
        let answer = working.put(Json::Object(ask.clone()).to_string().into_bytes()).await;
        found.push((
            name,
            answer.map_err(|why| why.to_string()).and_then(|answer| judge(&answer, &ask, source)),
        ));
    }
    found
}

fn messages(contract: u32) -> Messages {
    let text = MESSAGES.get((contract as usize).saturating_sub(1)).unwrap_or(&MESSAGES[0]);
    #[expect(clippy::expect_used, reason = "the text is part of the program, and a test reads it")]
    serde_json::from_str(text).expect("the messages of a contract can be read")
}

/// Settings as an owner may have filled them in.
fn plausible(source: &Source) -> Map<String, Json> {
    let all = &source.manifest.settings;
    let mut settings = setting::complete(&source.manifest.id, all, &Filled::new(), &Secrets::default());
    for (name, setting) in all {
        if settings.get(name).is_some_and(setting::is_empty) {
            settings.insert(name.clone(), example(setting));
        }
    }
    settings
}

fn example(setting: &Setting) -> Json {
    use super::SettingKind as Kind;
    match setting.kind {
        Kind::Number | Kind::Duration => Json::from(setting.min.unwrap_or(1.0)),
        Kind::YesNo => Json::from(false),
        Kind::Choice => setting.options.first().cloned().into(),
        Kind::List | Kind::Table => Json::Array(Vec::new()),
        Kind::Phone => Json::from("+14155552671"),
        Kind::Url => Json::from("https://example.com/"),
        Kind::Text | Kind::Lines | Kind::Secret | Kind::File => Json::from("example"),
    }
}

/// An error that is no answer but a slip in the script, whatever servers say. One that `fetch` threw is
/// none, as servers are out of reach here.
fn slip(error: &str) -> Option<String> {
    let is_slip = error.starts_with("it has no “export function")
        || ["ReferenceError:", "SyntaxError:", "TypeError:", "RangeError:"]
            .iter()
            .any(|kind| error.starts_with(kind) && !error.contains("fetch: "));
    is_slip.then(|| error.to_owned())
}

/// What is wrong with an answer to this question.
fn judge(answer: &[u8], ask: &Map<String, Json>, source: &Source) -> Result<(), String> {
    let answered = serde_json::from_slice::<Json>(answer).unwrap_or_default();
    if let Some(error) = answered.get("error") {
        return slip(error.as_str().unwrap_or_default()).map_or(Ok(()), Err);
    }
    if ask.get("offer") == Some(&Json::from("notice")) {
        return talk::told(answer).map_err(|why| why.to_string());
    }
    let said = talk::answer(answer, &source.manifest.facts).map_err(|why| why.to_string())?;
    if said.odd.is_empty() { Ok(()) } else { Err(said.odd.join("; ")) }
}
