//! The pages: every file of `assets/help/`, which begins with its title as `# Title`.

use std::sync::LazyLock;

/// Name and text of each file.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/help_pages.rs"));

/// The page that comes first in the list.
const FIRST: &str = "start";

/// A page of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The name of its file, without `.md`.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What stands below the heading, as `CommonMark`.
    pub text: &'static str,
}

impl Page {
    fn of((name, file): (&'static str, &'static str)) -> Self {
        let (first, rest) = file.split_once('\n').unwrap_or((file, ""));
        Self { name, title: first.trim_start_matches('#').trim(), text: rest.trim() }
    }

    /// The page with this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        pages().iter().find(|page| page.name == name)
    }

    /// The page that tells of something by this title: the one that sets it in bold, else the
    /// first that mentions it.
    #[must_use]
    pub fn about(title: &str) -> Option<&'static Self> {
        let bold = format!("**{title}**");
        let title = title.to_lowercase();
        let in_bold = pages().iter().find(|page| page.text.contains(&bold));
        in_bold.or_else(|| pages().iter().find(|page| page.text.to_lowercase().contains(&title)))
    }

    /// Whether every word of `words` stands in it.
    #[must_use]
    pub fn has(&self, words: &str) -> bool {
        let (title, text) = (self.title.to_lowercase(), self.text.to_lowercase());
        words.to_lowercase().split_whitespace().all(|word| title.contains(word) || text.contains(word))
    }

    /// What it is about, in one line: its first words.
    #[must_use]
    pub fn summary(&self) -> String {
        let line = self.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let plain = line.replace(['*', '`'], "");
        let end = plain.find(". ").map_or(plain.len(), |end| end + 1);
        plain[..end].trim_end_matches('.').to_owned()
    }
}

/// All pages, the one to begin with first and the others by title.
#[must_use]
pub fn pages() -> &'static [Page] {
    static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
        let mut pages: Vec<_> = FILES.iter().copied().map(Page::of).collect();
        pages.sort_by_key(|page| (page.name != FIRST, page.title));
        pages
    });
    &PAGES
}
