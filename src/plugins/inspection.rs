//! What a look-up says of itself when the owner looks at it: how it is doing, a sample of what it
//! reads, and what came of a test. The same form for files and for services asked over the net.

use crate::routing::{Call, Facts};

/// How a look-up in use is doing, for the window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// Whether it can be relied on.
    pub health: Health,
    /// What it knows, in one sentence: "4,812 contacts, as saved on 24 Nov 2026, 13:05".
    pub summary: String,
    /// What else the owner should know, a sentence each: rows that cannot be read, doubles.
    pub remarks: Vec<String>,
    /// What it reads, as far as that has rows and columns.
    pub sample: Option<Sample>,
    /// What came of the test that was asked for.
    pub test: Option<Tested>,
}

/// Whether a look-up can be relied on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// It knows what it should.
    Good,
    /// It gives facts, but something needs attention.
    Attention,
    /// It gives no facts.
    Bad,
    /// It has not been asked yet, or cannot tell.
    #[default]
    Unknown,
}

/// The beginning of what a look-up reads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// Its columns.
    pub columns: Vec<Column>,
    /// The first rows, each with a text for each column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its title; settings name it by this.
    pub name: String,
    /// Whether it tells whom a row is about.
    pub is_key: bool,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// The call that it was tested with.
    pub call: Call,
    /// What it found out, or why it found out nothing.
    pub facts: Result<Facts, String>,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// What was sent and came back, word for word, where there is more to see than facts.
    pub detail: String,
    /// What came back, where that is JSON: the look-up's editor takes facts from it by eye.
    pub answer: Option<serde_json::Value>,
}

impl Tested {
    /// A test that found out nothing, and asked nobody.
    #[must_use]
    pub fn in_vain(call: Call, reason: String) -> Self {
        Self { call, facts: Err(reason), took_ms: 0.0, detail: String::new(), answer: None }
    }
}

impl Inspection {
    /// One that only says how it is.
    #[must_use]
    pub fn of(health: Health, summary: impl Into<String>) -> Self {
        Self { health, summary: summary.into(), ..Self::default() }
    }
}
