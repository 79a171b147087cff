//! What became of a call, in words.

use egui::{Label, Ui};

use crate::routing::CallEnd;
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::theme::text;
use crate::ui::widgets::{capital, key_value, safe_text};

/// "4 min · booked"; nothing where only the beginning is known.
pub(super) fn short(end: &CallEnd) -> Option<String> {
    let duration = end.duration_ms.map(duration_words);
    let came = end.result.clone().or_else(|| end.successful.map(|yes| successful(yes).to_owned()));
    match (duration, came) {
        (Some(duration), Some(came)) => Some(format!("{duration} · {came}")),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => end.started_ms.map(|_| "connected".to_owned()),
    }
}

/// The part of a call's details, where something was told.
pub(super) fn ended_ui(ui: &mut Ui, state: &State, call: i64) {
    let Some(end) = state.ends.get(&call) else { return };
    decision::part(ui, "What became of it", |ui| {
        let CallEnd {
            started_ms,
            duration_ms,
            reason,
            summary,
            sentiment,
            successful: did,
            voicemail,
            result,
        } = end;
        let started = started_ms.and_then(chrono::DateTime::from_timestamp_millis);
        let rows = [
            ("Connected", started.map(|at| decision::exact(state, at))),
            ("Lasted", duration_ms.map(duration_words)),
            ("Ended", reason.as_deref().map(reason_words)),
            ("Result", result.clone()),
            ("Successful", did.map(|yes| if yes { "Yes" } else { "No" }.to_owned())),
            ("The caller felt", sentiment.clone()),
            ("Voicemail", voicemail.filter(|is| *is).map(|_| "A voicemail answered".to_owned())),
        ];
        for (name, words) in rows {
            if let Some(words) = words {
                key_value(ui, name, &safe_text(&words));
            }
        }
        if let Some(summary) = summary {
            ui.add(Label::new(text::body(safe_text(summary))).wrap().selectable(true));
        }
    });
}

fn successful(yes: bool) -> &'static str {
    if yes { "successful" } else { "not successful" }
}

/// "48 s", "4 min", "1 h 5 min".
fn duration_words(ms: i64) -> String {
    let seconds = (ms + 500) / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3570 => format!("{} min", (seconds + 30) / 60),
        _ => {
            let minutes = (seconds + 30) / 60;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
    }
}

/// Retell's word for why a call ended, as people say it.
fn reason_words(reason: &str) -> String {
    let words = match reason {
        "user_hangup" => "The caller hung up",
        "agent_hangup" => "The agent hung up",
        "call_transfer" => "It was transferred",
        "voicemail_reached" => "A voicemail answered",
        "inactivity" => "Nobody said anything for too long",
        "max_duration_reached" => "It reached the longest time that is allowed",
        "concurrency_limit_reached" => "Too many calls at once for your plan at Retell",
        "no_valid_payment" => "Retell could not charge you; look at the payment there",
        "scam_detected" => "Retell took it for a scam",
        other => return capital(&other.replace('_', " ")),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_long_it_was_and_what_came_of_it() {
        let end = |duration_ms, result: Option<&str>, successful, started_ms| CallEnd {
            duration_ms,
            result: result.map(str::to_owned),
            successful,
            started_ms,
            ..CallEnd::default()
        };
        for (end, words) in [
            (end(Some(240_000), Some("booked"), Some(true), None), Some("4 min · booked")),
            (end(Some(47_600), None, Some(false), None), Some("48 s · not successful")),
            (end(Some(3_900_000), None, None, None), Some("1 h 5 min")),
            (end(None, None, None, Some(1)), Some("connected")),
            (end(None, None, None, None), None),
        ] {
            assert_eq!(short(&end).as_deref(), words);
        }
        assert_eq!(reason_words("error_no_audio_received"), "Error no audio received");
    }
}
