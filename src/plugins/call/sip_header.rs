//! The condition `call.sip_header`: what the caller's network sent along. Names and values are
//! compared without regard to case, as networks spell them as they like.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::plugins::{CompileContext, ConditionKind, settings};
use crate::routing::{Call, Condition, Facts, Phrase, Table, TestCase, Verdict};

/// How much of a value is told in a trace.
const SHOWN: usize = 60;

/// How a header is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Operator {
    /// It has this in it.
    #[default]
    Contains,
    /// It is this.
    Is,
    /// It begins with this.
    StartsWith,
    /// It came with the call, whatever it says.
    There,
}

impl Operator {
    /// All of them, in the order of the menu.
    #[cfg(feature = "desktop")]
    pub(super) const ALL: [Self; 4] = [Self::Contains, Self::Is, Self::StartsWith, Self::There];

    /// As part of a sentence, after the header's name.
    pub(super) fn words(self, negated: bool) -> &'static str {
        match (self, negated) {
            (Self::Contains, false) => "contains",
            (Self::Contains, true) => "does not contain",
            (Self::Is, false) => "is",
            (Self::Is, true) => "is not",
            (Self::StartsWith, false) => "starts with",
            (Self::StartsWith, true) => "does not start with",
            (Self::There, false) => "is there",
            (Self::There, true) => "is not there",
        }
    }

    fn holds(self, value: &str, wanted: &str) -> bool {
        match self {
            Self::Contains => value.contains(wanted),
            Self::Is => value == wanted,
            Self::StartsWith => value.starts_with(wanted),
            Self::There => true,
        }
    }
}

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    /// The header's name: `X-Campaign`.
    #[serde(default)]
    pub(super) name: String,
    /// How it is compared.
    #[serde(default)]
    pub(super) is: Operator,
    /// What it is compared with; nothing where it need only be there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) value: String,
}

/// The kind of condition.
pub(super) struct Kind;

impl Kind {
    const NAME: &str = "sip_header";
}

impl ConditionKind for Kind {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn starter(&self, _table: &Table) -> serde_json::Value {
        json!(Settings::default())
    }

    fn compile(
        &self,
        settings: &serde_json::Value,
        _context: CompileContext<'_>,
    ) -> Result<Box<dyn Condition>, String> {
        let Settings { name, is, value } = settings::read(settings)?;
        let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
        if name.is_empty() {
            return Err("no header is named; write its name, such as X-Campaign".into());
        }
        if !is_name(&name) {
            return Err(format!("“{name}” is not a header's name; write only what stands before the colon"));
        }
        if value.is_empty() && is != Operator::There {
            return Err("there is nothing to compare with; fill in a value".into());
        }
        Ok(Box::new(HasHeader { name, is, value }))
    }

    fn fill(&self, settings: &serde_json::Value, test: &mut TestCase) {
        if let Ok(Settings { name, value, .. }) = settings::read(settings) {
            let value = if value.is_empty() { "yes".to_owned() } else { value };
            test.headers.insert(name, value);
        }
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut serde_json::Value,
        _context: &crate::plugins::EditorContext<'_>,
    ) {
        super::editor::sip_header_ui(ui, settings);
    }
}

/// Whether this can be a header's name: one word without a colon.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c == ':' || c.is_whitespace() || c.is_control())
}

/// The headers that conditions of a table name, each once.
pub(super) fn named_in(table: &Table) -> Vec<String> {
    let tests = table.rules.iter().flat_map(|rule| &rule.when).flat_map(|group| &group.any_of);
    let mut names: Vec<String> = tests
        .filter(|test| test.condition.strip_prefix("call.") == Some(Kind::NAME))
        .filter_map(|test| settings::read::<Settings>(&test.settings).ok())
        .map(|settings| settings.name.trim().to_owned())
        .filter(|name| is_name(name))
        .collect();
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup_by_key(|name| name.to_lowercase());
    names
}

/// Why nothing is known of a header.
pub(super) fn absent(name: &str) -> String {
    format!("the call has no SIP header {name}")
}

/// States no region: which headers come with a call is known when it comes in.
struct HasHeader {
    name: String,
    is: Operator,
    value: String,
}

impl Condition for HasHeader {
    fn words(&self, negated: bool) -> Phrase {
        let phrase = Phrase::new()
            .plain("SIP header ")
            .strong(&self.name)
            .plain(format!(" {}", self.is.words(negated)));
        if self.is == Operator::There { phrase } else { phrase.plain(" ").strong(&self.value) }
    }

    fn test(&self, call: &Call, _facts: &Facts, _at: DateTime<Utc>) -> Verdict {
        let mut found = call.headers.iter().filter(|(name, _)| plain(name) == plain(&self.name));
        let Some((_, value)) = found.next() else {
            return Verdict::known(false, absent(&self.name));
        };
        let holds = self.is.holds(&plain(value), &plain(&self.value));
        let cut = if value.chars().count() > SHOWN { "…" } else { "" };
        let shown: String = value.chars().take(SHOWN).collect();
        Verdict::known(holds, format!("SIP header {} is “{shown}{cut}”", self.name))
    }
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}
