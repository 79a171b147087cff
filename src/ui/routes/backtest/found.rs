//! What came of a backtest: in a sentence, with what it does not cover, and as lists of calls.

use chrono::{DateTime, Utc};
use egui::{Label, ProgressBar, Ui};

use super::rows;
use crate::service::backtest::{Backtest, Changed, KEPT, Kind};
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Banner, EmptyState, Level, capital, card, safe_text, section};

/// What is said where there never were any.
pub(crate) const NO_CALLS: &str = "There are no past calls to go by yet";

/// While it goes on.
pub(crate) fn waiting_ui(ui: &mut Ui, done: usize, total: usize) {
    decision::quiet(ui, "Deciding past calls again…");
    if total > 0 {
        let words = format!("{done} of {total} calls");
        ui.add(ProgressBar::new(done as f32 / total as f32).text(words));
    }
}

pub(super) fn problems_ui(ui: &mut Ui) {
    let title = "The draft cannot decide calls yet";
    let detail = "Something in the table has to be put right first; the routes show where";
    Banner::new(Level::Warning, title).detail(detail).show(ui, |_| ());
}

pub(super) fn failed_ui(ui: &mut Ui, why: &str) {
    let title = "Past calls could not be decided again";
    Banner::new(Level::Error, title).detail(&safe_text(why)).show(ui, |_| ());
}

/// In place of calls.
pub(super) fn nothing_ui(ui: &mut Ui, title: &str) {
    let text = "As soon as calls came in, this tells which of them the draft would answer otherwise.";
    let empty = EmptyState { icon: icons::HISTORY, title, text };
    card(ui, |ui| empty.show(ui, |_| ()));
}

/// All of it. Gives the id of a call that is to be looked into.
pub(super) fn found_ui(ui: &mut Ui, state: &State, found: &Backtest) -> Option<i64> {
    if found.decided == 0 && found.left_out.all() == 0 {
        nothing_ui(ui, &found.words());
        return None;
    }
    card(ui, |ui| {
        summary_ui(ui, found);
        if let Some(oldest) = found.oldest {
            ui.add_space(space::XS);
            ui.add(Label::new(text::help(palette(ui), reach_words(state, found, oldest))).wrap());
        }
    });
    let mut opened = None;
    for (kind, about) in [
        (Kind::Rejected, "Nobody would answer any more"),
        (Kind::Elsewhere, ""),
        (Kind::Told, "The same agent would answer, and be told something else"),
    ] {
        let count = found.count(kind);
        if count == 0 {
            continue;
        }
        let calls: Vec<&Changed> = found.changed.iter().filter(|changed| changed.kind == kind).collect();
        let most = if count > KEPT { format!("The last {KEPT} of {count} are shown") } else { String::new() };
        let about = [about, &most].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ");
        section(ui, &format!("{} ({count})", capital(kind.words())), &about, |ui| {
            opened = rows::rows_ui(ui, state, kind, &calls).or(opened);
        });
    }
    opened
}

/// The sentence that says it all, and what is to be known besides.
fn summary_ui(ui: &mut Ui, found: &Backtest) {
    ui.spacing_mut().item_spacing.y = space::XS;
    let p = palette(ui);
    let (icon, colour) = match (found.count(Kind::Rejected), found.changed.is_empty()) {
        (0, true) => (icons::CIRCLE_CHECK, p.tone(Tone::Connect).text),
        (0, false) => (icons::COMPARE, p.text_soft),
        _ => (icons::TRIANGLE_ALERT, p.tone(Tone::Warning).text),
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let icon = if found.decided == 0 { icons::HISTORY } else { icon };
        ui.label(text::icon(icon, colour).line_height(Some(text::LINE)));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(Label::new(text::strong(found.words()).line_height(Some(text::LINE))).wrap());
            if let Some(groups) = found.groups() {
                ui.add(Label::new(text::soft(p, capital(&groups))).wrap());
            }
        });
    });
    for remark in found.remarks() {
        ui.add(Label::new(text::help(p, safe_text(&remark))).wrap());
    }
}

/// Which calls these are.
fn reach_words(state: &State, found: &Backtest, oldest: DateTime<Utc>) -> String {
    if found.is_cut {
        let since = oldest.with_timezone(&decision::zone(state)).format("%a %-d %b %Y");
        return format!(
            "These are the last {} calls, since {since}; earlier ones are not looked at",
            found.reach.most()
        );
    }
    format!("These are all calls of {}", found.reach.words())
}
