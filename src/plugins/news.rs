//! What look-ups tell of their own accord: that a file changed, or cannot be read any more.

use std::fmt;
use std::sync::Arc;

/// Something that happened to what a look-up reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewsOf {
    /// It gives less than before, or only what it knew: a sentence for the owner.
    Trouble(String),
    /// It is as it should be again: a sentence for the owner.
    Recovered(String),
    /// It changed, which nobody has to be told.
    Changed,
}

/// Where news goes. By default nobody hears them.
#[derive(Clone, Default)]
pub struct News(Option<Arc<dyn Fn(NewsOf) + Send + Sync>>);

impl News {
    /// News that are handed to `hear`, which must return at once.
    #[must_use]
    pub fn to(hear: impl Fn(NewsOf) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hear)))
    }

    /// Tells something.
    pub fn tell(&self, news: NewsOf) {
        if let Some(hear) = &self.0 {
            hear(news);
        }
    }
}

impl fmt::Debug for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("News")
    }
}
