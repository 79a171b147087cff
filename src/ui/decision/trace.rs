//! The rules of a decision in order: the one that won lit, the others with what kept them from
//! it, those that were never reached dimmed.

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, Frame, Label, Layout, Margin, RichText, Stroke, Ui, vec2};

use super::quiet;
use crate::routing::{Answer, By, Chosen, Decision, GroupTrace, RuleTrace, RuleVerdict, TestTrace};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, RADIUS_SMALL, Tone, icons, space, text};
use crate::ui::widgets::{Button, safe_text};

/// Of so many rules each is shown; of the rest those that had a part in the decision.
const SHOWN: usize = 60;
/// Height of a rule's first line, in points.
const HEAD: f32 = 26.0;
/// Height of a line of a condition, in points.
const LINE: f32 = 18.0;

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
            RuleVerdict::NotYet => look(icons::CALENDAR_CLOCK, Tone::Neutral, "Not yet", true),
            RuleVerdict::Expired => look(icons::CALENDAR_CLOCK, Tone::Neutral, "Expired", true),
            RuleVerdict::NotReached => look(icons::CIRCLE, Tone::Neutral, "Not reached", true),
        }
    }
}

/// Draws all rules and the fallback.
pub(crate) fn trace_ui(ui: &mut Ui, state: &State, decision: &Decision, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = space::XS;
    override_ui(ui, state, &decision.by);
    let mut left_out = decision.untold;
    for (index, rule) in decision.trace.iter().enumerate() {
        let took_part = matches!(rule.verdict, RuleVerdict::Won | RuleVerdict::Added);
        if index < SHOWN || took_part {
            let chosen = decision.chosen.as_ref().filter(|_| rule.verdict == RuleVerdict::Won);
            ui.push_id(index, |ui| rule_ui(ui, state, rule, chosen, actions));
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        quiet(ui, &format!("{left_out} more rules had no part in it"));
    }
    fallback_ui(ui, decision);
}

/// What stood above all rules, if something did.
fn override_ui(ui: &mut Ui, state: &State, by: &By) {
    let By::Override { words, reason, set_by, set_at, .. } = by else { return };
    let look = Look { icon: icons::DOOR_CLOSED, tone: Tone::Warning, word: "Decided", dim: false };
    row(ui, &look, words, false, |ui| {
        let set = format!("Set by {set_by} at {}", super::exact(state, *set_at));
        why_ui(ui, "It stood above all rules, so none was looked at");
        why_ui(ui, &if reason.is_empty() { set } else { format!("{reason}. {set}") });
    });
}

fn rule_ui(ui: &mut Ui, state: &State, rule: &RuleTrace, chosen: Option<&Chosen>, actions: &mut Actions) {
    let is_there = state.draft.rule(&rule.id).is_some();
    let clicked = row(ui, &Look::of(rule.verdict), &rule.name, is_there, |ui| {
        if !rule.why.is_empty() {
            why_ui(ui, &rule.why);
        }
        groups_ui(ui, &rule.groups);
        chosen_ui(ui, chosen);
    });
    if clicked {
        actions.push(Action::OpenRule(rule.id.clone()));
    }
}

/// Why this agent of several.
fn chosen_ui(ui: &mut Ui, chosen: Option<&Chosen>) {
    if let Some(chosen) = chosen {
        why_ui(ui, &format!("One of several agents: {}", chosen.why));
    }
}

fn fallback_ui(ui: &mut Ui, decision: &Decision) {
    let (look, why) = match &decision.by {
        By::Rule { .. } | By::Override { .. } => (Look::of(RuleVerdict::NotReached), ""),
        By::Fallback => (Look::of(RuleVerdict::Won), "No rule matched"),
        By::Trouble(reason) => {
            let look = Look { icon: icons::TRIANGLE_ALERT, tone: Tone::Warning, word: "Decided", dim: false };
            (look, reason.as_str())
        }
    };
    row(ui, &look, "Fallback", false, |ui| {
        if !why.is_empty() {
            quiet(ui, &safe_text(why));
        }
        chosen_ui(ui, decision.chosen.as_ref().filter(|_| decision.by == By::Fallback));
    });
}

/// One rule in its frame; says whether it shall be opened.
fn row(ui: &mut Ui, look: &Look, name: &str, can_open: bool, body: impl FnOnce(&mut Ui)) -> bool {
    let p = theme::palette(ui);
    let colours = p.tone(look.tone);
    let (fill, border) =
        if look.dim { (Color32::TRANSPARENT, p.border) } else { (colours.soft, colours.border) };
    let frame = Frame::new().fill(fill).stroke(Stroke::new(1.0, border)).corner_radius(RADIUS_SMALL);
    let inside = frame.inner_margin(Margin { left: 10, right: 6, top: 4, bottom: 5 }).show(ui, |ui| {
        ui.take_available_width();
        ui.spacing_mut().item_spacing.y = 2.0;
        let size = vec2(ui.available_width(), HEAD);
        let head = Layout::right_to_left(Align::Center);
        let opened = ui.allocate_ui_with_layout(size, head, |ui| head_ui(ui, look, name, can_open)).inner;
        body(ui);
        opened
    });
    inside.inner
}

/// The head of a rule, laid out from the right so that a long name is cut and not the verdict.
fn head_ui(ui: &mut Ui, look: &Look, name: &str, can_open: bool) -> bool {
    let p = theme::palette(ui);
    let tone = p.tone(look.tone).text;
    let mut opened = false;
    if can_open {
        let label = format!("Open rule {}", safe_text(name));
        let open = Button::icon(icons::CHEVRON_RIGHT, &label).small().tooltip("Open this rule");
        opened = ui.add(open).clicked();
    } else {
        ui.add_space(CONTROL_HEIGHT_SMALL + space::S);
    }
    let verdict = if look.dim { p.text_faint } else { tone };
    ui.label(RichText::new(look.word).font(text::medium(text::SMALL)).color(verdict));
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.label(text::icon(look.icon, if look.dim { p.text_faint } else { tone }));
        let colour = if look.dim { p.text_soft } else { p.text };
        let words = RichText::new(safe_text(name)).font(text::medium(text::BODY)).color(colour);
        ui.add(Label::new(words).truncate());
    });
    opened
}

/// What kept a rule from taking part, below its name.
fn why_ui(ui: &mut Ui, why: &str) {
    let p = theme::palette(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().interact_size.y = LINE;
        ui.add_space(22.0);
        let why = RichText::new(safe_text(why)).font(text::regular(13.0)).color(p.text_soft);
        ui.add(Label::new(why).wrap());
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
        ui.spacing_mut().interact_size.y = LINE;
        ui.add_space(22.0);
        let icon = RichText::new(icon).font(text::icon_font(14.0)).line_height(Some(LINE));
        ui.label(icon.color(colour));
        let mut job = LayoutJob::default();
        let mut add = |words: &str, font, colour| {
            let format = TextFormat { line_height: Some(LINE), ..TextFormat::simple(font, colour) };
            job.append(words, 0.0, format);
        };
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
