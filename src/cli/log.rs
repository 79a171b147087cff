//! `switchboard log`: the calls that were answered, oldest first, and new ones as they come.

use std::io::Write;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use clap::Args as ClapArgs;

use super::{Args, Failure, say};
use crate::service::Clock;
use crate::storage::call_log::{LogReader, Summary, told};

/// So many are told if it is not said since when.
const LAST: usize = 20;
/// So many are read at a time.
const CHUNK: usize = 500;
/// How often new ones are looked for.
const LOOK: Duration = Duration::from_millis(500);

/// Which calls, and how to tell them.
#[derive(Debug, ClapArgs)]
pub(super) struct LogArgs {
    /// Only calls since then: a date such as 2026-11-20, a date and time in quotes, or how long ago
    /// (30m, 12h, 7d, 4w) [default: the last 20 calls]
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,

    /// Go on with new calls as they come, until Ctrl+C
    #[arg(long)]
    follow: bool,

    /// Print a JSON object a line, with everything that is known of the call
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, log: &LogArgs) -> Result<ExitCode, Failure> {
    let home = args.home()?;
    if !home.calls_file().exists() && !log.follow {
        return Err(format!("there is no call log yet: {}", home.calls_file().display()).into());
    }
    let reader = LogReader::of(&home);
    let now = Clock::system().now();
    let since = log.since.as_deref().map(|text| since(text, now)).transpose()?;
    let mut after = match since {
        Some(_) => 0,
        // What is told begins after the last but so many.
        None => reader.recent(LAST + 1, None).map_or(0, |calls| calls.get(LAST).map_or(0, |call| call.id)),
    };
    let since_ms = since.map_or(i64::MIN, |at| at.timestamp_millis());
    loop {
        let calls = match reader.since(since_ms, after, CHUNK) {
            Ok(calls) => calls,
            // The program that writes it may not have begun.
            Err(_) if log.follow => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        let is_all = calls.len() < CHUNK;
        after = calls.last().map_or(after, |call| call.id);
        if tell(&reader, &calls, log.json)?.is_none() {
            // Whoever read this wants no more.
            return Ok(ExitCode::SUCCESS);
        }
        match (is_all, log.follow) {
            (false, _) => {}
            (true, true) => thread::sleep(LOOK),
            (true, false) => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// Prints calls; `None` if nobody reads any more.
fn tell(reader: &LogReader, calls: &[Summary], json: bool) -> Result<Option<()>, Failure> {
    let mut lines = String::new();
    if json {
        for ids in calls.chunks(50) {
            let ids: Vec<i64> = ids.iter().map(|call| call.id).collect();
            for (record, end) in reader.records_and_ends(&ids)? {
                lines.push_str(&told::json(&record, end.as_ref()).to_string());
                lines.push('\n');
            }
        }
    } else {
        lines.extend(calls.iter().map(|call| line(call) + "\n"));
    }
    let mut out = std::io::stdout().lock();
    Ok(out.write_all(lines.as_bytes()).and_then(|()| out.flush()).ok())
}

/// "2026-11-23 14:03:12  +14155552671 (Anna)  Main line  connect Reception  VIP callers  2.1 ms".
fn line(call: &Summary) -> String {
    let at = DateTime::from_timestamp_millis(call.at_ms).unwrap_or_default().with_timezone(&Local);
    let from = match (&call.from, &call.caller_name) {
        (Some(from), Some(name)) => format!("{from} ({name})"),
        (Some(from), None) => from.clone(),
        (None, _) if call.unreadable => "unreadable".to_owned(),
        (None, _) => "withheld".to_owned(),
    };
    let line = call.line.as_deref().unwrap_or(&call.to);
    let agent = call.agent.as_deref().map(|agent| format!(" {agent}")).unwrap_or_default();
    let by = call.overruled.as_deref().or(call.rule_name.as_deref()).unwrap_or("fallback");
    let mut words = format!(
        "{}  {from}  {line}  {}{agent}  {by}  {:.1} ms",
        at.format("%Y-%m-%d %H:%M:%S"),
        call.outcome,
        call.took_us as f64 / 1000.0
    );
    let marks =
        [(call.is_test, "test"), (call.fallback_used, "something broke"), (call.attempts > 1, "asked again")];
    for (_, mark) in marks.into_iter().filter(|(holds, _)| *holds) {
        words.extend(["  [", mark, "]"]);
    }
    say::line(&words)
}

/// A moment: a date, a date and time, or how long ago.
fn since(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, Failure> {
    let unclear = || {
        format!("“{text}” is no time; give a date such as 2026-11-20, or how long ago: 30m, 12h, 7d or 4w")
    };
    let text = text.trim();
    if let Some((place, unit)) = text.char_indices().last()
        && let Ok(count) = text[..place].parse::<i64>()
        && count >= 0
    {
        let ago = match unit {
            'm' => TimeDelta::try_minutes(count),
            'h' => TimeDelta::try_hours(count),
            'd' => TimeDelta::try_days(count),
            'w' => TimeDelta::try_weeks(count),
            _ => None,
        };
        if let Some(at) = ago.and_then(|ago| now.checked_sub_signed(ago)) {
            return Ok(at);
        }
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN));
    let forms = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let times = forms.into_iter().filter_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let at = date.ok().into_iter().chain(times).next().ok_or_else(unclear)?;
    Ok(Local.from_local_datetime(&at).earliest().ok_or_else(unclear)?.to_utc())
}
