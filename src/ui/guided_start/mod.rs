//! The guided start: from nothing to the first call that is proved to arrive, a step at a time. It can be
//! left at any moment and taken up again, as each step tells from what is known whether it is done.
//!
//! `step` says that, and nothing else here keeps anything but what is typed.

mod account;
mod connect;
mod key;
mod proof;
mod step;
mod table;

use egui::{Align, Response, Sense, Ui, vec2};

use crate::service::messages::Command;
use crate::storage::{GuidedStart, Settings};
use crate::ui::app::{Action, Actions, State};
use crate::ui::settings::ReachSection;
use crate::ui::theme::{CONTROL_HEIGHT, Tone, icons, palette, space, text};
use crate::ui::widgets::shell::Place;
use crate::ui::widgets::{Banner, Button, Level, Screen, card, divider, safe_text};

use step::Step;

pub use step::progress;

const ABOUT: &str = "From nothing to the first call that is proved to arrive. Leave it at any moment; what is done stays done";

/// The screen's own state.
#[derive(Default)]
pub struct GuidedStartScreen {
    /// The step that is open; until somebody chose, the first that is not done.
    open: Option<Step>,
    /// It was opened just now, and is to be seen whole.
    is_new: bool,
    /// All of it was done when it was last drawn.
    was_done: bool,
    key: key::KeyStep,
    account: account::AccountStep,
    reach: ReachSection,
    connect: connect::ConnectStep,
    table: table::TableStep,
    proof: proof::ProofStep,
}

impl GuidedStartScreen {
    /// Whether it opens by itself: nothing was set up yet, and nobody put it aside.
    #[must_use]
    pub fn is_called_for(state: &State) -> bool {
        let table = &state.draft;
        let is_empty = table.lines.is_empty() && table.agents.is_empty() && table.rules.is_empty();
        let is_unused = state.keys.current.is_none() && state.total_calls == 0;
        state.settings.guided_start == GuidedStart::Fresh && is_empty && is_unused
    }

    /// Whether the way to it is shown: it was not finished.
    #[must_use]
    pub fn is_offered(state: &State) -> bool {
        let (done, all) = progress(state);
        state.settings.guided_start != GuidedStart::Done && done < all
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let first = || Step::ALL.into_iter().find(|step| !step.is_done(state));
        let open = *self.open.get_or_insert_with(|| first().unwrap_or(Step::Proof));
        let mut later = false;
        Screen::new("Guided start", ABOUT).show(
            ui,
            |ui| later = ui.add(Button::secondary("Later").name("Go on with this later")).clicked(),
            |ui| {
                card(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = space::S;
                    for (index, step) in Step::ALL.into_iter().enumerate() {
                        if index > 0 {
                            divider(ui);
                        }
                        ui.push_id(index, |ui| self.step_ui(ui, step, step == open, state, actions));
                    }
                });
                let is_done = first().is_none();
                if is_done {
                    let done = ui.scope(|ui| done_ui(ui, state, actions)).response;
                    if !self.was_done {
                        done.scroll_to_me(None);
                    }
                }
                self.was_done = is_done;
                let never = Button::quiet("Do not show this again").small();
                if !is_done && ui.add(never).clicked() {
                    leave(state, GuidedStart::Done, actions);
                }
            },
        );
        if later {
            leave(state, GuidedStart::Later, actions);
        }
    }

    fn step_ui(&mut self, ui: &mut Ui, step: Step, is_open: bool, state: &State, actions: &mut Actions) {
        let done = step.done(state);
        let head = head_ui(ui, step, done.as_deref(), is_open);
        if head.clicked() {
            self.open(step);
        }
        if !is_open {
            return;
        }
        if self.open == Some(step) && std::mem::take(&mut self.is_new) {
            head.scroll_to_me(Some(Align::TOP));
        }
        ui.horizontal_top(|ui| {
            ui.add_space(SIGN + space::S);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                self.content_ui(ui, step, state, actions);
                ui.add_space(space::XS);
                self.next_ui(ui, step, done.is_some(), state);
            });
        });
    }

    fn content_ui(&mut self, ui: &mut Ui, step: Step, state: &State, actions: &mut Actions) {
        match step {
            Step::Key => {
                if self.key.ui(ui, state, actions) {
                    self.open(Step::Table);
                }
            }
            Step::Account => self.account.ui(ui, state, actions),
            Step::Reach => {
                ui.label(text::soft(palette(ui), ReachSection::ABOUT));
                self.reach.body_ui(ui, state, actions);
            }
            Step::Connect => self.connect.ui(ui, state, actions),
            Step::Table => self.table.ui(ui, state, actions),
            Step::Proof => self.proof.ui(ui, state, actions),
        }
    }

    /// The way to the next step that is not done.
    fn next_ui(&mut self, ui: &mut Ui, step: Step, is_done: bool, state: &State) {
        let at = Step::ALL.iter().position(|one| *one == step).unwrap_or_default();
        let after = Step::ALL[at + 1..].iter().chain(&Step::ALL[..at]);
        let Some(next) = after.copied().find(|one| !one.is_done(state)) else { return };
        let words = if is_done { "Next" } else { "Skip this for now" };
        let name = format!("{words}: {}", next.title());
        let button = if is_done { Button::primary(words) } else { Button::quiet(words) };
        if ui.add(button.name(&name).with_trailing(icons::ARROW_RIGHT)).clicked() {
            self.open(next);
        }
    }

    fn open(&mut self, step: Step) {
        (self.open, self.is_new) = (Some(step), true);
    }
}

/// Puts it aside, or away.
fn leave(state: &State, guided_start: GuidedStart, actions: &mut Actions) {
    let settings = Settings { guided_start, ..state.settings.clone() };
    actions.push(Action::Send(Command::SaveSettings(settings)));
    actions.push(Action::Go(Place::default()));
}

fn done_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let detail = "Leave the program running: while it is off, each line's own agent answers, or nobody does";
    Banner::new(Level::Success, "All of it is done: your calls are answered here").detail(detail).show(
        ui,
        |ui| {
            if ui.add(Button::primary("Finish").name("Finish the guided start")).clicked() {
                leave(state, GuidedStart::Done, actions);
            }
        },
    );
}

/// The width of the sign before a step, in points.
const SIGN: f32 = 24.0;

/// A step's sign, title, and what came of it.
fn head_ui(ui: &mut Ui, step: Step, done: Option<&str>, is_open: bool) -> Response {
    let p = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), CONTROL_HEIGHT), Sense::click());
    let state = if done.is_some() { "done" } else { "to do" };
    let name = format!("{}, {state}", step.title());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Tab, ui.is_enabled(), is_open, &name));
    let (icon, colour) = match done {
        Some(_) => (icons::CIRCLE_CHECK, p.tone(Tone::Connect).text),
        None if is_open => (icons::CIRCLE, p.tone(Tone::Accent).text),
        None => (icons::CIRCLE, p.text_faint),
    };
    let middle = rect.center().y;
    let painter = ui.painter().with_clip_rect(rect);
    let sign = egui::pos2(rect.left() + SIGN / 2.0, middle);
    painter.text(sign, egui::Align2::CENTER_CENTER, icon, text::icon_font(18.0), colour);
    let title = painter.layout_no_wrap(step.title().to_owned(), text::medium(text::BODY), p.text);
    let at = egui::pos2(rect.left() + SIGN + space::S, middle - title.size().y / 2.0);
    let after = at.x + title.size().x + space::M;
    painter.galley(at, title, p.text);
    if let Some(done) = done {
        let words = safe_text(done).into_owned();
        let words = painter.layout_no_wrap(words, text::regular(text::SMALL + 1.0), p.text_soft);
        painter.galley(egui::pos2(after, middle - words.size().y / 2.0), words, p.text_soft);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(2.0, p.focus);
        ui.painter().rect_stroke(rect, crate::ui::theme::RADIUS_SMALL, ring, egui::StrokeKind::Middle);
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}
