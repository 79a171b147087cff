//! What is known of those who are told of calls.

use std::collections::BTreeMap;

use crate::service::NoticeReport;

/// How telling them goes.
#[derive(Clone, Debug, Default)]
pub struct ToldNotices {
    reports: BTreeMap<String, NoticeReport>,
    /// What came of the last try: of which, and whether it arrived.
    pub tried: Option<(String, Result<(), String>)>,
}

impl ToldNotices {
    /// Takes in how it goes with some of them.
    pub fn take_in(&mut self, reports: Vec<NoticeReport>) {
        self.reports.extend(reports.into_iter().map(|report| (report.id.clone(), report)));
    }

    /// How it goes with one.
    #[must_use]
    pub fn report(&self, id: &str) -> Option<&NoticeReport> {
        self.reports.get(id)
    }
}
