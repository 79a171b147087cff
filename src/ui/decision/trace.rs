//! The rules of a decision in order: the one that won lit, the others with what kept them from
//! it, those that were never reached dimmed.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, CornerRadius, Frame, Label, Layout, Margin, RichText, Stroke, Ui};

use super::quiet;
use crate::routing::{Answer, By, Decision, GroupTrace, RuleTrace, RuleVerdict, TestTrace};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, RADIUS_SMALL, Tone, icons, space, text};
use crate::ui::widgets::{Button, safe_text};

/// Of so many rules each is shown; of the rest those that had a part in the decision.
const SHOWN: usize = 60;

/// How a rule is drawn.
struct Look {
    icon: char,
    tone: Tone,
    word: &'static str,
    dim: bool,
}

impl Look {
    fn of(verdict: RuleVerdict) -> Self {
        let look = |icon, tone, word, dim| Self { icon, tone, word, dim };
        match verdict {
            RuleVerdict::Won => look(icons::CIRCLE_CHECK, Tone::Connect, "Decided", false),
            RuleVerdict::Added => look(icons::GO_ON, Tone::Accent, "Added, went on", false),
            RuleVerdict::NoMatch => look(icons::CIRCLE_X, Tone::Neutral, "No match", true),
            RuleVerdict::Off => look(icons::MINUS, Tone::Neutral, "Off", true),
            RuleVerdict::NotReached => look(icons::CIRCLE, Tone::Neutral, "Not reached", true),
        }
    }
}

/// Draws all rules and the fallback.
pub(crate) fn trace_ui(ui: &mut Ui, state: &State, decision: &Decision, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = space::XS;
    let mut left_out = 0;
    for (index, rule) in decision.trace.iter().enumerate() {
        let took_part = matches!(rule.verdict, RuleVerdict::Won | RuleVerdict::Added);
        if index < SHOWN || took_part {
            ui.push_id(index, |ui| rule_ui(ui, state, rule, actions));
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        quiet(ui, &format!("{left_out} more rules had no part in it"));
    }
    fallback_ui(ui, &decision.by);
}

fn rule_ui(ui: &mut Ui, state: &State, rule: &RuleTrace, actions: &mut Actions) {
    row(
        ui,
        &Look::of(rule.verdict),
        |ui, look| {
            if state.draft.rule(&rule.id).is_some() {
                let name = format!("Open rule {}", rule.name);
                let open = Button::icon(icons::CHEVRON_RIGHT, &name).small().tooltip("Open this rule");
                if ui.add(open).clicked() {
                    actions.push(Action::OpenRule(rule.id.clone()));
                }
            }
            verdict_ui(ui, look);
            name_ui(ui, look, &rule.name);
        },
        |ui| groups_ui(ui, &rule.groups),
    );
}

fn fallback_ui(ui: &mut Ui, by: &By) {
    let (look, why) = match by {
        By::Rule { .. } => (Look::of(RuleVerdict::NotReached), ""),
        By::Fallback => (Look::of(RuleVerdict::Won), "No rule matched"),
        By::Trouble(reason) => {
            let look = Look { icon: icons::TRIANGLE_ALERT, tone: Tone::Warning, word: "Decided", dim: false };
            (look, reason.as_str())
        }
    };
    row(
        ui,
        &look,
        |ui, look| {
            verdict_ui(ui, look);
            name_ui(ui, look, "Fallback");
        },
        |ui| {
            if !why.is_empty() {
                quiet(ui, &safe_text(why));
            }
        },
    );
}

/// A rule's frame; `head` is laid out from the right.
fn row(ui: &mut Ui, look: &Look, head: impl FnOnce(&mut Ui, &Look), body: impl FnOnce(&mut Ui)) {
    let p = theme::palette(ui);
    let colours = p.tone(look.tone);
    let (fill, border) =
        if look.dim { (Color32::TRANSPARENT, p.border) } else { (colours.soft, colours.border) };
    Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, border))
        .corner_radius(CornerRadius::same(RADIUS_SMALL))
        .inner_margin(Margin { left: 10, right: 6, top: 4, bottom: 6 })
        .show(ui, |ui| {
            ui.take_available_width();
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal(|ui| {
                ui.spacing_mut().interact_size.y = 26.0;
                let icon = if look.dim { p.text_faint } else { colours.text };
                ui.label(text::icon(look.icon, icon));
                ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| head(ui, look));
            });
            body(ui);
        });
}

fn verdict_ui(ui: &mut Ui, look: &Look) {
    let p = theme::palette(ui);
    let colour = if look.dim { p.text_faint } else { p.tone(look.tone).text };
    ui.label(RichText::new(look.word).font(text::medium(text::SMALL)).color(colour));
}

fn name_ui(ui: &mut Ui, look: &Look, name: &str) {
    let p = theme::palette(ui);
    ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
        let colour = if look.dim { p.text_soft } else { p.text };
        let words = RichText::new(safe_text(name)).font(text::medium(text::BODY)).color(colour);
        ui.add(Label::new(words).truncate());
    });
}

/// The conditions; the first that failed is marked, those after it did not matter any more.
fn groups_ui(ui: &mut Ui, groups: &[GroupTrace]) {
    let first_failed = groups.iter().position(|group| group.answer != Answer::Yes);
    for (index, group) in groups.iter().enumerate() {
        let failed_here = first_failed == Some(index);
        let after = first_failed.is_some_and(|failed| index > failed);
        for (number, test) in group.tests.iter().enumerate() {
            test_ui(ui, test, number > 0, failed_here, after);
        }
    }
}

fn test_ui(ui: &mut Ui, test: &TestTrace, is_alternative: bool, failed_here: bool, dim: bool) {
    let p = theme::palette(ui);
    let (icon, tone) = match test.answer {
        Answer::Yes => (icons::CHECK, Tone::Connect),
        Answer::No if failed_here => (icons::X, Tone::Reject),
        Answer::No => (icons::X, Tone::Neutral),
        Answer::Unknown => (icons::QUESTION, Tone::Warning),
    };
    let colour = if dim { p.text_faint } else { p.tone(tone).text };
    let words_colour = match (dim, failed_here && test.answer != Answer::Yes) {
        (true, _) => p.text_faint,
        (false, true) => p.tone(tone).text,
        (false, false) => p.text,
    };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.spacing_mut().interact_size.y = 18.0;
        ui.add_space(22.0);
        ui.label(RichText::new(icon).font(text::icon_font(14.0)).color(colour));
        let mut job = LayoutJob::default();
        let mut add = |words: &str, font, colour| job.append(words, 0.0, TextFormat::simple(font, colour));
        if is_alternative {
            add("or ", text::medium(13.0), p.text_faint);
        }
        add(&safe_text(&test.words), text::regular(13.0), words_colour);
        if !test.why.is_empty() {
            let why = if dim { p.text_faint } else { p.text_soft };
            add(&format!(" · {}", safe_text(&test.why)), text::regular(13.0), why);
        }
        ui.add(Label::new(job).wrap());
    });
}
