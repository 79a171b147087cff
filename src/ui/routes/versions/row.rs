//! One version in the list.

use chrono::TimeDelta;
use egui::{Label, Sides, Ui};

use super::{Asked, Side, moment};
use crate::storage::VersionInfo;
use crate::storage::version::{Failing, Origin, Remarks};
use crate::ui::app::State;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, card, safe_text, status, time_ago, time_until};

/// How long it is also said how long ago a version was published: then the date says enough.
const RECENT: TimeDelta = TimeDelta::days(2);

/// Draws it. `before` is the version before it, if there is one.
pub(super) fn ui(ui: &mut Ui, state: &State, info: &VersionInfo, before: Option<u32>) -> Option<Asked> {
    let is_live = info.version == state.live.version;
    let mut asked = None;
    card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        let p = palette(ui);
        asked = head_ui(ui, info, is_live, before);
        ui.add(Label::new(text::soft(p, when(state, info))).wrap());
        let Remarks { note, by: _, origin, changes, until, failing } = &info.remarks;
        if !note.is_empty() {
            ui.add(Label::new(text::body(&*safe_text(note))).wrap());
        }
        if let Some(Failing { tests, reason }) = failing {
            let fail = if tests.len() == 1 { "a test failed" } else { "tests failed" };
            let words = format!("Published although {fail} ({}): {reason}", tests.join(", "));
            ui.add(Label::new(text::help(palette(ui), &*safe_text(&words))).wrap());
        }
        let facts = [origin_words(*origin), changes.map(|changes| changes.words())];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        if !facts.is_empty() {
            ui.add(Label::new(text::help(p, facts.join(" · "))).wrap());
        }
        if let Some(until) = until.filter(|_| is_live) {
            ui.horizontal_wrapped(|ui| {
                let words = format!(
                    "Goes back to version {} on {} ({})",
                    until.back_to,
                    moment(state, until.at),
                    time_until(until.at, state.now)
                );
                ui.label(text::label(words));
                let stay = Button::secondary("Stay live").small().name("Let the live version stay");
                if ui.add(stay).clicked() {
                    asked = Some(Asked::StayLive);
                }
            });
        }
    });
    asked
}

fn head_ui(ui: &mut Ui, info: &VersionInfo, is_live: bool, before: Option<u32>) -> Option<Asked> {
    let version = info.version;
    let mut asked = None;
    Sides::new().shrink_left().height(32.0).show(
        ui,
        |ui| {
            ui.add(Label::new(text::strong(format!("Version {version}"))).truncate());
            if is_live {
                status(ui, Tone::Connect, "Live");
            }
        },
        |ui| {
            if !is_live {
                let name = format!("Bring version {version} back");
                if ui.add(Button::secondary("Bring back…").small().name(&name)).clicked() {
                    asked = Some(Asked::BringBack(version));
                }
            }
            let name = format!("Open version {version}");
            if ui.add(Button::secondary("Open").small().with_icon(icons::EYE).name(&name)).clicked() {
                asked = Some(Asked::Open(version));
            }
            let name = format!("What changed with version {version}");
            let button = Button::quiet("What changed").small().with_icon(icons::COMPARE).name(&name);
            if let Some(before) = before
                && ui.add(button).clicked()
            {
                asked = Some(Asked::Compare(Side::Version(before), Side::Version(version)));
            }
        },
    );
    asked
}

/// "Tue 24 Nov 2026, 10:05 · 2 h ago · by ana".
pub(super) fn when(state: &State, info: &VersionInfo) -> String {
    let mut words = moment(state, info.published_at);
    if state.now - info.published_at < RECENT {
        words = format!("{words} · {}", time_ago(info.published_at, state.now));
    }
    if !info.remarks.by.is_empty() {
        words.push_str(" · by ");
        words.push_str(&safe_text(&info.remarks.by));
    }
    words
}

/// How it came to be published, if not from the draft.
pub(super) fn origin_words(origin: Origin) -> Option<String> {
    match origin {
        Origin::Draft => None,
        Origin::Planned { .. } => Some("Published as planned".to_owned()),
        Origin::WentBack { to } => Some(format!("Back to version {to} by itself")),
        Origin::BroughtBack { from } => Some(format!("Version {from} brought back")),
    }
}
