//! What people are told, in words.

use chrono::{DateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use crate::plugins::{Notice, NoticeCall, NoticeOf};
use crate::routing::{Medium, Table, number, without_number};
use crate::storage::call_log::Summary;

/// A call that was answered.
pub(super) fn call(call: &Summary, table: &Table) -> Notice {
    let zone: Tz = table.time_zone();
    let at = Utc.timestamp_millis_opt(call.at_ms).single().unwrap_or_default().with_timezone(&zone);
    let shown = |number: &str| number::for_people(number, &table.country);
    let number = call.from.as_deref().map(shown);
    let caller = match (&call.caller_name, &number) {
        (Some(name), Some(number)) => format!("{name} ({number})"),
        (Some(name), None) => name.clone(),
        (None, Some(number)) => number.clone(),
        (None, None) => "A caller who hides the number".to_owned(),
    };
    let line = call.line.clone().unwrap_or_else(|| shown(&call.to));
    let is_text = call.medium == Medium::Text;
    let did = if is_text { "wrote to" } else { "called" };
    let title = format!("{caller} {did} {line}: {}", became(call, is_text));
    let by = match (&call.rule_name, &call.overruled) {
        (_, Some(words)) => words.clone(),
        (Some(rule), None) => format!("By rule “{rule}”"),
        (None, None) if call.unreadable => "The request could not be read".to_owned(),
        (None, None) if call.fallback_used => {
            "Something broke on the way, so the fallback answered".to_owned()
        }
        (None, None) => "No rule took it, so the fallback answered".to_owned(),
    };
    let call = NoticeCall {
        id: call.id,
        from: call.from.clone(),
        caller: call.caller_name.clone(),
        to: call.to.clone(),
        line: call.line.clone(),
        medium: if is_text { "text" } else { "call" }.to_owned(),
        outcome: call.outcome.clone(),
        agent: call.agent.clone(),
        rule: call.rule_name.clone(),
        broke: call.fallback_used,
    };
    let text = format!("{}\n{by}", at.format("%A %-d %B %Y, %H:%M"));
    Notice { kind: NoticeOf::Call, title, text, at: at.to_rfc3339(), call: Some(call) }
}

/// The same with the numbers hidden.
pub(super) fn without_numbers(notice: &Notice) -> Notice {
    let numbers = || notice.call.iter().flat_map(|call| call.from.iter().chain([&call.to]));
    let hide = |text: &str| numbers().fold(text.to_owned(), |text, number| without_number(&text, number));
    Notice { title: hide(&notice.title), text: hide(&notice.text), ..notice.clone() }
}

fn became(call: &Summary, is_text: bool) -> String {
    match (call.outcome.as_str(), &call.agent) {
        ("connect", Some(agent)) if is_text => format!("{agent} answers"),
        ("connect", Some(agent)) => format!("connected to {agent}"),
        ("reject", _) => "rejected".to_owned(),
        _ => "left to the line's own agent".to_owned(),
    }
}

/// Calls do not arrive, or do again.
pub(super) fn outage(over: bool, words: &str, at: DateTime<Utc>) -> Notice {
    let (kind, title) = if over {
        (NoticeOf::Recovery, "Calls arrive again")
    } else {
        (NoticeOf::Outage, "Calls do not arrive")
    };
    Notice { kind, title: title.to_owned(), text: words.to_owned(), at: at.to_rfc3339(), call: None }
}

/// A try.
pub(super) fn test(name: &str, at: DateTime<Utc>) -> Notice {
    Notice {
        kind: NoticeOf::Test,
        title: format!("A try: “{name}” works"),
        text: "Switchboard will tell you here of what you chose".to_owned(),
        at: at.to_rfc3339(),
        call: None,
    }
}
