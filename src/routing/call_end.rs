//! What became of a call after it was answered.

/// What became of a call. Everything is known only once it was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallEnd {
    /// When it was connected, in ms since 1970 UTC.
    pub started_ms: Option<i64>,
    /// How long it lasted, in ms, once it has ended.
    pub duration_ms: Option<i64>,
    /// Why it ended, in Retell's word: `user_hangup`.
    pub reason: Option<String>,
    /// What it was about.
    pub summary: Option<String>,
    /// How the caller felt, in Retell's word: `Positive`.
    pub sentiment: Option<String>,
    /// Whether the agent did what it was there for.
    pub successful: Option<bool>,
    /// Whether a voicemail answered.
    pub voicemail: Option<bool>,
    /// What came of it in a word, where the owner's own analysis says that: `booked`.
    pub result: Option<String>,
}
