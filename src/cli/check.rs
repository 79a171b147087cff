//! `switchboard check`: tells everything that keeps a table from being published, what else stands
//! out about it, and which of its test cases fail. The exit code is 0 if nothing stands against the
//! table, 1 if something does, 2 if it could not be looked at.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args as ClapArgs;
use serde_json::json;

use super::{Args, Failure, plugins, say, table};
use crate::plugins::{Host, Registry};
use crate::routing::checks::{Checker, Finding, Knowledge, Level};
use crate::routing::{FORMAT, Problem, Table, compile};
use crate::service::{Clock, Live, Tested, account, knowing, run_tests_of};
use crate::storage::call_log::LogReader;
use crate::storage::{read, version};

/// Which table to check.
#[derive(Debug, ClapArgs)]
pub(super) struct CheckArgs {
    /// The table's file [default: the one being edited, routing.json]
    file: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, check: &CheckArgs) -> ExitCode {
    match look_over(args, check) {
        Ok(is_bad) => ExitCode::from(u8::from(is_bad)),
        Err(failure) => {
            complain!("switchboard: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Tells it. Says whether something stands against the table.
fn look_over(args: &Args, check: &CheckArgs) -> Result<bool, Failure> {
    let now = Clock::system().now();
    let registry = plugins::registry(args, Host::default(), now)?;
    let report = if let Some(file) = &check.file {
        Report::of(file.clone(), read::read_json(file, FORMAT)?, &registry, &Knowledge::default(), now)
    } else {
        let (file, table) = table::draft(args)?;
        Report::of_draft(args, file, table, &registry, now)
    };
    if check.json {
        say::json(&report.json())?;
    } else {
        report.print();
    }
    Ok(report.is_bad())
}

/// What the calls of the log tell of the table in use. A file may be any table, so nothing is known of
/// it.
fn known(args: &Args, registry: &Registry, now: DateTime<Utc>) -> Option<Knowledge> {
    let home = args.home().ok()?;
    let newest = version::newest::<Table>(&home)?.ok()?;
    let live = Live::build(newest.version, Arc::new(newest.table), registry).ok()?;
    let account = account::told_last(&home);
    knowing::gather(&home, &LogReader::of(&home), &live, account.as_ref(), now).ok()
}

/// All that there is to say of a table.
pub(super) struct Report {
    file: PathBuf,
    table: Table,
    problems: Vec<Problem>,
    findings: Vec<Finding>,
    /// What came of the test cases; `None` where the table cannot decide anything.
    tests: Option<Vec<Tested>>,
}

impl Report {
    /// Looks a table over.
    fn of(file: PathBuf, table: Table, registry: &Registry, known: &Knowledge, now: DateTime<Utc>) -> Self {
        let compiled = compile(&table, registry);
        let tests = run_tests_of(&table, compiled.as_ref().ok(), registry);
        let problems = compiled.err().unwrap_or_default();
        let findings = Checker::default().check(&table, registry, known, now, &|| false).unwrap_or_default();
        Self { file, table, problems, findings, tests }
    }

    /// The same of the draft, of which it is known what the calls of the log tell of the table in use.
    pub(super) fn of_draft(
        args: &Args,
        file: PathBuf,
        table: Table,
        registry: &Registry,
        now: DateTime<Utc>,
    ) -> Self {
        let known = known(args, registry, now).unwrap_or_default();
        Self::of(file, table, registry, &known, now)
    }

    /// Findings that the owner did not put aside.
    fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.dismissed.is_none())
    }

    fn count(&self, level: Level) -> usize {
        self.open().filter(|finding| finding.level == level).count()
    }

    fn is_bad(&self) -> bool {
        !self.problems.is_empty() || self.count(Level::Error) > 0 || self.failing().next().is_some()
    }

    /// The tests that were run, each with its place in the table.
    fn tested(&self) -> impl Iterator<Item = (usize, &Tested)> {
        self.tests.iter().flatten().enumerate()
    }

    /// Those that fail.
    fn failing(&self) -> impl Iterator<Item = (usize, &Tested)> {
        self.tested().filter(|(_, tested)| !tested.passes())
    }

    /// How many could not be run, as the table cannot decide anything.
    fn not_run(&self) -> usize {
        if self.tests.is_some() { 0 } else { self.table.test_cases.len() }
    }

    /// What there is to say, a line for each, down to findings of this level.
    pub(super) fn lines(&self, least: Level) -> Vec<String> {
        let file = self.file.display();
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        let problems = self
            .problems
            .iter()
            .map(|problem| format!("{file}:{}: {problem}", read::line_of(&text, &problem.field)));
        let findings = self.open().filter(|finding| finding.level <= least).map(|finding| {
            let line = read::line_of(&text, &finding.place.field(&self.table));
            let place = finding.place.words(&self.table);
            format!("{file}:{line}: {}: {place} {}", finding.level.word().to_lowercase(), finding.message)
        });
        let failing = self.failing().map(|(index, tested)| {
            let line = read::line_of(&text, &format!("test_cases[{index}]"));
            format!("{file}:{line}: test: “{}” fails. {}", tested.name, tested.wrong.join(". "))
        });
        problems.chain(findings).chain(failing).collect()
    }

    fn print(&self) {
        for line in self.lines(Level::Hint) {
            say!("{line}");
        }
        let file = self.file.display();
        let counts = [
            (self.problems.len(), "problem to put right", "problems to put right"),
            (self.count(Level::Error), "error", "errors"),
            (self.count(Level::Warning), "warning", "warnings"),
            (self.count(Level::Hint), "hint", "hints"),
            (self.failing().count(), "test fails", "tests fail"),
            (self.tested().count() - self.failing().count(), "test passes", "tests pass"),
            (self.not_run(), "test not run", "tests not run"),
            (self.findings.len() - self.open().count(), "put aside", "put aside"),
        ];
        let told = counts.into_iter().filter(|(count, ..)| *count > 0);
        let words: Vec<_> =
            told.map(|(n, one, more)| format!("{n} {}", if n == 1 { one } else { more })).collect();
        if !self.is_bad() {
            say!("No problems: {file}");
        }
        if !words.is_empty() {
            complain!("{}", words.join(", "));
        }
    }

    fn json(&self) -> serde_json::Value {
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        let line = |field: &str| read::line_of(&text, field);
        let problem = |problem: &Problem| json!({ "line": line(&problem.field), "problem": problem });
        let finding = |finding: &Finding| {
            let field = finding.place.field(&self.table);
            json!({ "line": line(&field), "field": field, "place": finding.place.words(&self.table),
                "finding": finding })
        };
        let results: Vec<_> = self
            .table
            .test_cases
            .iter()
            .enumerate()
            .map(|(index, test)| {
                // Null where it could not be run.
                let tested = self.tests.as_ref().and_then(|tests| tests.get(index));
                json!({ "line": line(&format!("test_cases[{index}]")), "name": test.name,
                "passes": tested.map(Tested::passes), "wrong": tested.map(|tested| &tested.wrong) })
            })
            .collect();
        json!({
            "file": self.file,
            "problems": self.problems.iter().map(problem).collect::<Vec<_>>(),
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
            "tests": results,
        })
    }
}
