//! A call told to others: as JSON with everything, and as a row of a table that spreadsheets open.

use chrono::{DateTime, SecondsFormat, TimeZone};
use serde_json::{Value, json};

use super::record::{Record, Summary};
use crate::routing::{CallEnd, safe_text};

/// The titles of [`row`].
pub const TITLES: [&str; 22] = [
    "Time",
    "Caller",
    "Name",
    "Line",
    "Called",
    "Kind",
    "Outcome",
    "Agent",
    "Rule",
    "Override",
    "Table version",
    "Milliseconds",
    "Times asked",
    "Something broke",
    "Test",
    "Variables",
    "Duration in seconds",
    "How it ended",
    "Result",
    "Successful",
    "Caller felt",
    "Summary",
];

/// Everything that is known of a call. What became of it stands under `ended`, if anything was told of that.
#[must_use]
pub fn json(record: &Record, end: Option<&CallEnd>) -> Value {
    let Record { summary, detail } = record;
    let as_json = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let mut told = json!({
        "id": summary.id,
        "at": rfc3339(at(summary)),
        "caller": summary.from,
        "caller_name": summary.caller_name,
        "called": summary.to,
        "line": summary.line,
        "kind": summary.medium.word(),
        "outcome": summary.outcome,
        "agent": summary.agent,
        "agent_version": summary.agent_version,
        "rule": summary.rule_name,
        "override": summary.overruled,
        "version": summary.version,
        "took_ms": summary.took_us as f64 / 1000.0,
        "attempts": summary.attempts,
        "fallback_used": summary.fallback_used,
        "look_up_failed": summary.look_up_failed,
        "unreadable": summary.unreadable,
        "logged_late": summary.late,
        "test": summary.is_test,
        "request": as_json(&detail.request),
        "answer": as_json(&detail.answer),
        "facts": detail.facts,
        "decision": detail.decision,
        "steps": detail.steps,
    });
    if let Some(end) = end.filter(|end| **end != CallEnd::default()) {
        told["ended"] = ended(end);
    }
    told
}

/// What became of a call; the reason and the sentiment in Retell's words.
fn ended(end: &CallEnd) -> Value {
    let CallEnd { started_ms, duration_ms, reason, summary, sentiment, successful, voicemail, result } = end;
    json!({
        "connected_at": started_ms.and_then(DateTime::from_timestamp_millis).map(rfc3339),
        "duration_ms": duration_ms,
        "reason": reason,
        "result": result,
        "successful": successful,
        "sentiment": sentiment,
        "voicemail": voicemail,
        "summary": summary,
    })
}

/// A call as cells of a spreadsheet, its time as it was in `zone`. No cell is taken for a formula, and
/// numbers stay text.
#[must_use]
pub fn row<Z: TimeZone>(record: &Record, end: Option<&CallEnd>, zone: &Z) -> Vec<String>
where
    Z::Offset: std::fmt::Display,
{
    let Record { summary, detail } = record;
    let yes = |holds: bool| if holds { "yes" } else { "" }.to_owned();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let variables = detail.decision.get("variables").and_then(Value::as_object);
    let told = variables.into_iter().flatten().map(|(name, value)| match value {
        Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    });
    let cells = [
        at(summary).with_timezone(zone).format("%Y-%m-%d %H:%M:%S").to_string(),
        summary.from.clone().unwrap_or_else(|| "withheld".to_owned()),
        text(&summary.caller_name),
        text(&summary.line),
        summary.to.clone(),
        summary.medium.word().to_owned(),
        summary.outcome.clone(),
        text(&summary.agent),
        text(&summary.rule_name),
        text(&summary.overruled),
        summary.version.to_string(),
        format!("{:.1}", summary.took_us as f64 / 1000.0),
        summary.attempts.to_string(),
        yes(summary.fallback_used || summary.unreadable),
        yes(summary.is_test),
        told.collect::<Vec<_>>().join("; "),
    ];
    cells.into_iter().chain(end_cells(end)).map(|cell| harmless(&safe_text(&cell))).collect()
}

/// The last cells of a row: what became of the call, each empty where that was not told.
fn end_cells(end: Option<&CallEnd>) -> [String; 6] {
    let unknown = CallEnd::default();
    let CallEnd { started_ms: _, duration_ms, reason, summary, sentiment, successful, voicemail: _, result } =
        end.unwrap_or(&unknown);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        // Whole ones, as not everywhere a dot stands before what is less than one.
        duration_ms.map(|ms| format!("{:.0}", ms as f64 / 1000.0)).unwrap_or_default(),
        text(reason),
        text(result),
        successful.map(|yes| if yes { "yes" } else { "no" }.to_owned()).unwrap_or_default(),
        text(sentiment),
        text(summary),
    ]
}

fn rfc3339(at: DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn at(summary: &Summary) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp_millis(summary.at_ms).unwrap_or_default()
}

/// Spreadsheets take what begins like this for a formula, and a phone number for a sum; with an
/// apostrophe before it, it is text (<https://owasp.org/www-community/attacks/CSV_Injection>).
fn harmless(cell: &str) -> String {
    // Some take off blanks first, and some read the wide forms alike.
    let begins = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    if cell.trim_start().starts_with(begins) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::storage::call_log::Detail;

    #[test]
    fn no_cell_is_a_formula_and_the_time_is_local() {
        let summary = Summary {
            at_ms: 1_795_460_592_000,
            from: Some("+14155552671".into()),
            caller_name: Some("=HYPERLINK(\"http://evil\")".into()),
            outcome: "connect".into(),
            ..Summary::default()
        };
        let decision = json!({ "variables": { "@name": "Anna" } });
        let record = Record { summary, detail: Detail { decision, ..Detail::default() } };
        let cells = row(&record, None, &chrono_tz::America::New_York);
        assert_eq!(cells.len(), TITLES.len());
        assert_eq!(cells[..3], ["2026-11-23 14:03:12", "'+14155552671", "'=HYPERLINK(\"http://evil\")"]);
        assert_eq!(cells[15], "'@name: Anna");
        assert!(cells[16..].iter().all(String::is_empty), "nothing was told of its end: {cells:?}");
        assert_eq!(json(&record, None)["at"], "2026-11-23T19:03:12.000Z");
    }

    #[test]
    fn what_became_of_a_call_is_told_as_far_as_it_is_known() {
        let end = CallEnd {
            started_ms: Some(1_795_460_592_000),
            duration_ms: Some(61_700),
            reason: Some("user_hangup".into()),
            summary: Some("=Anna booked\na table".into()),
            sentiment: Some("Positive".into()),
            successful: Some(false),
            voicemail: None,
            result: Some("booked".into()),
        };
        let cells = row(&Record::default(), Some(&end), &chrono::Utc);
        assert_eq!(cells[16..], ["62", "user_hangup", "booked", "no", "Positive", "'=Anna booked a table"]);
        let told = json!({
            "connected_at": "2026-11-23T19:03:12.000Z", "duration_ms": 61_700, "reason": "user_hangup",
            "result": "booked", "successful": false, "sentiment": "Positive", "voicemail": null,
            "summary": "=Anna booked\na table",
        });
        assert_eq!(json(&Record::default(), Some(&end))["ended"], told);
        for nothing in [None, Some(&CallEnd::default())] {
            assert_eq!(json(&Record::default(), nothing).get("ended"), None);
        }
    }

    proptest! {
        #[test]
        fn whatever_is_told_no_cell_is_a_formula_nor_hides_anything(
            name in r"[ \t\r\n\u{200b}\u{feff}]{0,3}[=+\-@＝＋－＠'a]?(\PC|\pC){0,20}",
        ) {
            let decision = json!({ "variables": { &name: &name } });
            let summary = Summary { caller_name: Some(name.clone()), line: Some(name.clone()), ..Summary::default() };
            let end = CallEnd { reason: Some(name.clone()), summary: Some(name), ..CallEnd::default() };
            let record = Record { summary, detail: Detail { decision, ..Detail::default() } };
            for cell in row(&record, Some(&end), &chrono::Utc) {
                prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
                prop_assert_eq!(safe_text(&cell), cell.as_str());
            }
        }
    }
}
