//! A rule: when it applies, and what happens then.

use serde::{Deserialize, Serialize};

use super::Outcome;

/// One line of the table. It applies when every part of `when` holds; with no parts, always.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Unique in the table; never shown.
    pub id: String,
    /// What the owner calls it. Shown everywhere.
    pub name: String,
    /// A remark for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whether it takes part.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
    /// The first moment that it takes part, as `2026-12-24T09:00` in the table's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The first moment that it no longer takes part, written alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// All of these must hold.
    #[serde(default)]
    pub when: Vec<AnyOf>,
    /// What happens then.
    pub then: Outcome,
}

/// At least one of these must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnyOf {
    /// The tests; usually just one.
    pub any_of: Vec<Test>,
}

/// One condition with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// Which condition, as `plugin.condition`: `caller.number`, `line.is`, `hours.open`.
    pub condition: String,
    /// Whether it must *not* hold.
    #[serde(default, skip_serializing_if = "is_false")]
    pub not: bool,
    /// What the plugin needs to know.
    #[serde(default)]
    pub settings: serde_json::Value,
}

impl From<Test> for AnyOf {
    fn from(test: Test) -> Self {
        Self { any_of: vec![test] }
    }
}

pub(super) fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(super) fn is_true(flag: &bool) -> bool {
    *flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
pub(super) fn is_false(flag: &bool) -> bool {
    !*flag
}
