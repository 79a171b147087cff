//! `switchboard check`: tells everything that keeps a table from being published, and what else
//! stands out about it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args as ClapArgs;
use serde_json::json;

use super::{Args, Failure, table};
use crate::plugins::Registry;
use crate::routing::checks::{Checker, Finding, Knowledge, Level};
use crate::routing::{FORMAT, Problem, Table, compile};
use crate::service::{Clock, Live, account, knowing};
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

pub(super) fn run(args: &Args, check: &CheckArgs) -> Result<ExitCode, Failure> {
    let (file, table) = match &check.file {
        Some(file) => (file.clone(), read::read_json(file, FORMAT)?),
        None => table::draft(args)?,
    };
    let registry = Registry::built_in();
    let problems = compile(&table, &registry).err().unwrap_or_default();
    let now = Clock::system().now();
    let known = if check.file.is_none() { known(args, &registry, now) } else { None };
    let known = known.unwrap_or_default();
    let findings = Checker::default().check(&table, &registry, &known, now, &|| false);
    let report = Report { file: &file, table: &table, problems, findings: findings.unwrap_or_default() };
    if check.json {
        println!("{}", serde_json::to_string_pretty(&report.json())?);
    } else {
        report.print();
    }
    Ok(if report.is_bad() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
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
struct Report<'a> {
    file: &'a Path,
    table: &'a Table,
    problems: Vec<Problem>,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Findings that the owner did not put aside.
    fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.dismissed.is_none())
    }

    fn count(&self, level: Level) -> usize {
        self.open().filter(|finding| finding.level == level).count()
    }

    fn is_bad(&self) -> bool {
        !self.problems.is_empty() || self.count(Level::Error) > 0
    }

    fn print(&self) {
        let file = self.file.display();
        let text = std::fs::read_to_string(self.file).unwrap_or_default();
        for problem in &self.problems {
            println!("{file}:{}: {problem}", read::line_of(&text, &problem.field));
        }
        for finding in self.open() {
            let line = read::line_of(&text, &finding.place.field(self.table));
            let place = finding.place.words(self.table);
            println!("{file}:{line}: {}: {place} {}", finding.level.word().to_lowercase(), finding.message);
        }
        let counts = [
            (self.problems.len(), "problem to put right", "problems to put right"),
            (self.count(Level::Error), "error", "errors"),
            (self.count(Level::Warning), "warning", "warnings"),
            (self.count(Level::Hint), "hint", "hints"),
            (self.findings.len() - self.open().count(), "put aside", "put aside"),
        ];
        let told = counts.into_iter().filter(|(count, ..)| *count > 0);
        let words: Vec<_> =
            told.map(|(n, one, more)| format!("{n} {}", if n == 1 { one } else { more })).collect();
        if !self.is_bad() {
            println!("No problems: {file}");
        }
        if !words.is_empty() {
            eprintln!("{}", words.join(", "));
        }
    }

    fn json(&self) -> serde_json::Value {
        let text = std::fs::read_to_string(self.file).unwrap_or_default();
        let line = |field: &str| read::line_of(&text, field);
        let problem = |problem: &Problem| json!({ "line": line(&problem.field), "problem": problem });
        let finding = |finding: &Finding| {
            let field = finding.place.field(self.table);
            json!({ "line": line(&field), "field": field, "place": finding.place.words(self.table),
                "finding": finding })
        };
        json!({
            "file": self.file,
            "problems": self.problems.iter().map(problem).collect::<Vec<_>>(),
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    }
}
