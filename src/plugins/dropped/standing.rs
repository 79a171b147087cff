//! How a plugin is doing, in words for those who have no window.

use serde::{Deserialize, Serialize};

use super::{Card, Line, Standing};

/// What is told of one plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginStatus {
    /// The name of its folder.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The version that is at work, if one is.
    pub works: Option<String>,
    /// What becomes of it: "at work", "off".
    pub standing: String,
    /// What is wrong with it or what it waits for, and what to do; `None` where all is well.
    pub attention: Option<String>,
}

impl From<&Card> for PluginStatus {
    fn from(card: &Card) -> Self {
        let (id, works) = (&card.id, &card.works);
        let problem = card.problem.as_deref().unwrap_or_default();
        let allow = format!("switchboard plugin allow {id}");
        let newest = card.manifest.as_ref().map_or("", |manifest| &manifest.version);
        let (standing, attention) = match (card.standing, works) {
            (Standing::Unreadable, _) => {
                ("cannot be used", Some(format!("{problem}; put that right in its folder")))
            }
            (Standing::Asks, _) => {
                ("waits to be allowed", Some(format!("it runs once you allow it: {allow}")))
            }
            (Standing::AsksAgain, Some(works)) => (
                "asks for other rights",
                Some(format!(
                    "version {works} goes on as it was allowed, and version {newest} waits for you: {allow}"
                )),
            ),
            (Standing::AsksAgain, None) => {
                ("asks for other rights", Some(format!("it is not asked until you allow them: {allow}")))
            }
            (Standing::Off, _) => ("off", None),
            (Standing::On, _) if card.is_lacking => (
                "not at work",
                Some(format!("{problem}; switchboard plugin show {id} tells what it has to know")),
            ),
            (Standing::On, Some(works)) if card.problem.is_some() => (
                "an earlier version is at work",
                Some(format!("version {works} goes on, as what lies in its folder is not used: {problem}")),
            ),
            (Standing::On, None) if card.problem.is_some() => ("not at work", Some(problem.to_owned())),
            (Standing::On, None) => ("on", None),
            (Standing::On, Some(_)) => ("at work", card.fails()),
        };
        Self {
            id: id.clone(),
            name: card.name().to_owned(),
            works: works.clone(),
            standing: standing.to_owned(),
            attention,
        }
    }
}

impl Card {
    /// How it fails, as far as it did since it came to work.
    fn fails(&self) -> Option<String> {
        let report = &self.report;
        let last = report.last_error.as_ref().map(|Line { text, .. }| format!("; the last time: {text}"));
        let last = last.unwrap_or_default();
        if let Some(paused) = &report.paused {
            return Some(format!("{paused}{last}"));
        }
        let times = if report.asks == 1 { "time" } else { "times" };
        (report.faults > 0)
            .then(|| format!("failed {} of the {} {times} it was asked{last}", report.faults, report.asks))
    }
}
