//! `switchboard route`: decides a call that did not happen, with the same look-ups and the same
//! deciding as on the wire, and says why.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args as ClapArgs;

use super::overriding::named_all;
use super::{Args, Failure, plugins, say, table};
use crate::plugins::{Host, Registry};
use crate::retell::number as wire_number;
use crate::routing::{
    Answer, By, Call, Caller, Decision, Medium, Overrides, Problem, RuleTrace, RuleVerdict, Table, number,
    read_from,
};
use crate::service::messages::{Trial, TriedDecision};
use crate::service::{BUDGET, Clock, Live, LoggedHistory, Turns, try_call};
use crate::storage::OverrideStore;
use crate::storage::call_log::LogReader;

/// What to decide.
#[derive(Debug, ClapArgs)]
pub(super) struct RouteArgs {
    /// Who calls: a number in any spelling, or "withheld"
    #[arg(long, value_name = "NUMBER")]
    from: String,

    /// The number that is called, in any spelling, or the name of a line
    #[arg(long, value_name = "NUMBER OR LINE")]
    to: String,

    /// When, such as 17:00, "tomorrow 09:00", 2026-12-24T12:00 where the business is, or with the time zone
    /// 2026-05-01T10:00:00+02:00 [default: now]
    #[arg(long, value_name = "WHEN")]
    at: Option<String>,

    /// A text message instead of a call
    #[arg(long)]
    text: bool,

    /// The line has this agent of its own at Retell
    #[arg(long, value_name = "AGENT ID")]
    default_agent: Option<String>,

    /// A SIP header of the call, such as "X-Campaign: spring"; may be given several times
    #[arg(long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,

    /// Decide by the table in this file [default: the one that answers calls]
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, route: &RouteArgs) -> Result<ExitCode, Failure> {
    let (_, table) = table::live_or(args, route.table.as_deref())?;
    // What stands above the rules stands above those that answer calls, and not above a file.
    let overrides = match route.table {
        Some(_) => Overrides::default(),
        None => overrides(args)?,
    };
    let now = Clock::system().now();
    let at = route.at.as_deref().map_or(Ok(now), |text| moment(text, now, &table));
    let at = at.map_err(|wrong| format!("--at: {wrong}"))?;
    let call = call(route, &table)?;
    let registry = plugins::registry(args, host(args, &table, now)?, now)?;
    let decided = decide(call, at, table, overrides, &registry)?;
    if route.json {
        say::json(&json(&decided))?;
    } else {
        print(&decided);
    }
    Ok(ExitCode::SUCCESS)
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("write a name, a colon and a value")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn moment(text: &str, now: DateTime<Utc>, table: &Table) -> Result<DateTime<Utc>, String> {
    let whole = DateTime::parse_from_rfc3339(text.trim()).map(|at| at.with_timezone(&Utc));
    whole.or_else(|_| read_from(text, now, table.time_zone()))
}

fn call(route: &RouteArgs, table: &Table) -> Result<Call, Failure> {
    let spelled =
        |text: &str| number::parse(text, &table.country).unwrap_or_else(|| wire_number::written(text));
    let line = table.lines.iter().find(|line| line.name.eq_ignore_ascii_case(route.to.trim()));
    if line.is_none() && route.to.chars().any(char::is_alphabetic) {
        let names = named_all(table.lines.iter().map(|line| line.name.as_str()));
        return Err(format!("no line is called “{}”; the table has {names}", route.to).into());
    }
    let is_number = route.from.contains(|letter: char| letter.is_ascii_digit() || letter == '@');
    if wire_number::caller(&route.from).is_some() && !is_number {
        let wrong =
            format!("“{}” is no phone number; write one such as +14155552671, or withheld", route.from);
        return Err(wrong.into());
    }
    let from = match wire_number::caller(&route.from) {
        Some(_) => Caller::Number(spelled(&route.from)),
        None => Caller::Withheld,
    };
    Ok(Call {
        medium: if route.text { Medium::Text } else { Medium::Call },
        default_agent: route.default_agent.clone(),
        headers: route.headers.iter().cloned().collect(),
        ..Call::new(from, line.map_or_else(|| spelled(&route.to), |line| line.number.clone()))
    })
}

/// Those that count, with a word on standard error if their file cannot be read.
pub(super) fn overrides(args: &Args) -> Result<Overrides, Failure> {
    let (store, trouble) = OverrideStore::open(&args.home()?);
    if let Some(trouble) = trouble {
        complain!("{}", trouble.message);
    }
    Ok(store.current().clone())
}

/// The log tells who called before and whose turn is next, also while the program runs; look-ups need
/// their secrets.
pub(super) fn host(args: &Args, table: &Table, now: DateTime<Utc>) -> Result<Host, Failure> {
    let home = args.home()?;
    let log = home.calls_file().exists().then(|| LogReader::of(&home));
    let last_turns = log.as_ref().and_then(|log| log.last_turns().ok()).unwrap_or_default();
    let host = Host {
        history: Some(Arc::new(LoggedHistory(log))),
        turns: Some(Arc::new(Turns::after(last_turns))),
        ..Host::default()
    };
    if !table.look_ups.is_empty() {
        plugins::read_secrets(&home, &host.secrets, now);
    }
    Ok(host)
}

fn decide(
    call: Call,
    at: DateTime<Utc>,
    table: Table,
    overrides: Overrides,
    registry: &Registry,
) -> Result<TriedDecision, Failure> {
    let live = Live::build(0, Arc::new(table), registry).map_err(|problems| undecidable(&problems))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let trial = Trial::new(call, at, None);
    let tried = runtime.block_on(try_call(trial, Arc::new(live), Arc::new(overrides), registry, BUDGET));
    // Only a draft can have problems, and there is none here.
    tried.result.map_err(|problems| format!("{problems:?}").into())
}

/// Why a table cannot be used.
pub(super) fn undecidable(problems: &[Problem]) -> String {
    let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
    format!("this table cannot decide calls:\n  {}", words.join("\n  "))
}

fn json(decided: &TriedDecision) -> serde_json::Value {
    let rules = decided.rules.as_ref();
    let rules = rules.map(|rules| serde_json::json!({ "decision": rules.decision, "effect": rules.effect }));
    serde_json::json!({
        "decision": decided.decision,
        "facts": decided.facts,
        "look_ups": decided.look_ups,
        "answer": serde_json::from_str::<serde_json::Value>(&decided.answer).unwrap_or_default(),
        "effect": decided.effect,
        "rules": rules,
    })
}

fn print(decided: &TriedDecision) {
    say!("{}, {}", decided.effect, by(&decided.decision));
    if let Some(chosen) = &decided.decision.chosen {
        say!("One of several agents: {}", chosen.why);
    }
    if let Some(rules) = &decided.rules {
        say!("\nWithout it the rules would decide: {}, {}", rules.effect, by(&rules.decision));
    }
    for rule in &decided.rules.as_ref().map_or(&decided.decision, |rules| &rules.decision).trace {
        print_rule(rule);
    }
    for look_up in &decided.look_ups {
        if let Some(fault) = &look_up.fault {
            say!("\nA look-up gave nothing: {fault}");
        }
    }
    for note in &decided.decision.notes {
        say!("\nNote: {note}");
    }
    say!("\nAnswer to Retell:");
    say!("{}", decided.answer);
}

fn by(decision: &Decision) -> String {
    match &decision.by {
        By::Rule { name, .. } => format!("by rule “{name}”"),
        By::Fallback => "by the fallback, as no rule matches".to_owned(),
        By::Override { words, reason, set_by, .. } => {
            let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
            format!("as an override stands above the rules: {words}{reason}, set by {set_by}")
        }
        By::Trouble(reason) => format!("by the fallback: {reason}"),
    }
}

fn print_rule(rule: &RuleTrace) {
    let verdict = match rule.verdict {
        RuleVerdict::Won => "decides",
        RuleVerdict::Added => "matches, adds its part and goes on",
        RuleVerdict::NoMatch => "does not match",
        RuleVerdict::Off => "is switched off",
        RuleVerdict::NotYet => "does not take part yet",
        RuleVerdict::Expired => "has expired",
        RuleVerdict::NotReached => "is not reached",
    };
    let why = if rule.why.is_empty() { String::new() } else { format!(": {}", rule.why) };
    say!("\n{} {verdict}{why}", rule.name);
    for group in &rule.groups {
        for (index, test) in group.tests.iter().enumerate() {
            let answer = match test.answer {
                Answer::Yes => "yes",
                Answer::No => "no ",
                Answer::Unknown => "?  ",
            };
            let or = if index > 0 { "or " } else { "" };
            say!("  {answer} {or}{}: {}", test.words, test.why);
        }
    }
}
