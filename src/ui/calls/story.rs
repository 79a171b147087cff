//! A call told in one sentence.

use super::columns;
use crate::routing::{By, Decided, Decision, Medium, Phrase};
use crate::storage::call_log::Summary;
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::widgets::safe_text;

/// "**(415) 555-2671** called **Main line** at 14:03:12 and was connected to **Reception** by rule
/// “**VIP**”, in 2.1 ms".
pub(crate) fn sentence(state: &State, call: &Summary, made: Option<&Decision>) -> Phrase {
    let at = columns::moment(call);
    let local = at.with_timezone(&decision::zone(state));
    let time = if decision::same_day(state, at, state.now) {
        local.format("at %H:%M:%S")
    } else {
        local.format("on %-d %b %Y at %H:%M:%S")
    };
    let mut story = Phrase::new();
    if call.unreadable {
        story = story.plain(format!("A signed request that could not be read came {time}; it was "));
    } else {
        let line = match &call.line {
            Some(name) => safe_text(name).into_owned(),
            None if call.to.is_empty() => "an unknown line".to_owned(),
            None => safe_text(&state.number(Some(&call.to))).into_owned(),
        };
        story = match &call.from {
            Some(from) => story.strong(safe_text(&state.number(Some(from)))),
            None => story.plain("Somebody with a ").strong("withheld").plain(" number"),
        };
        let did = if call.medium == Medium::Text { " wrote to " } else { " called " };
        story = story.plain(did).strong(line).plain(format!(" {time} and was "));
    }
    story = outcome(story, call);
    let took = decision::milliseconds(call.took_us);
    reason(story, call, made).plain(format!(", in {took}\u{a0}ms"))
}

fn outcome(story: Phrase, call: &Summary) -> Phrase {
    let is_text = call.medium == Medium::Text;
    match (call.outcome.as_str(), &call.agent) {
        ("connect", Some(agent)) if is_text => story.plain("answered by ").strong(safe_text(agent)),
        ("reject", _) if is_text => story.strong("not answered"),
        ("connect", Some(agent)) => story.plain("connected to ").strong(safe_text(agent)),
        ("reject", _) => story.strong("rejected"),
        _ => story.plain("left to the line's own agent at Retell"),
    }
}

fn reason(story: Phrase, call: &Summary, made: Option<&Decision>) -> Phrase {
    if let Some(words) = &call.overruled {
        return overruled(story, words, made);
    }
    match (&call.rule_name, made.map(|made| &made.by)) {
        (Some(rule), _) => story.plain(" by rule “").strong(safe_text(rule)).plain("”"),
        (None, Some(By::Trouble(_))) => story.plain(" by the fallback, because something broke"),
        (None, _) if call.fallback_used => story.plain(" by the fallback, because something broke"),
        (None, _) => story.plain(" by the fallback, because no rule matched"),
    }
}

fn overruled(story: Phrase, words: &str, made: Option<&Decision>) -> Phrase {
    let story = story.plain(" whatever the rules say: ").strong(safe_text(words));
    match made.map(|made| &made.by) {
        Some(By::Override { reason, set_by, .. }) if reason.is_empty() => {
            story.plain(format!(" (set by {})", safe_text(set_by)))
        }
        Some(By::Override { reason, set_by, .. }) => {
            story.plain(format!(" ({}, set by {})", safe_text(reason), safe_text(set_by)))
        }
        _ => story,
    }
}

/// The agent's version, where another than its current one was asked for.
pub(super) fn agent_version(made: &Decision) -> Option<String> {
    match &made.action {
        Decided::Connect { version: Some(version), .. } => Some(version.to_string()),
        _ => None,
    }
}
