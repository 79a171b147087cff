//! The strip below the header while something stands above the rules: what, for how long still, and
//! one click that ends it.

use std::time::Duration;

use egui::{Align, Frame, Label, Layout, Margin, Panel, Stroke, Ui, vec2};

use super::{details, end_words};
use crate::routing::{Override, Phase, left};
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{self, CONTROL_HEIGHT, Tone, icons, space, text};
use crate::ui::widgets::{Button, safe_text};

/// So many are shown; the list shows the rest.
const SHOWN: usize = 3;

/// Draws the strip, if there is anything to say, and sees to it that it is drawn again when what it
/// says changes.
pub fn strip_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    wake(ui, state);
    let standing = state.overrides.standing(Phase::Now, state.now);
    if standing.is_empty() {
        return;
    }
    let p = theme::palette(ui);
    let colours = p.tone(Tone::Warning);
    let margin = Margin::symmetric(space::L as i8, space::S as i8);
    let frame = Frame::new().fill(colours.soft).stroke(Stroke::new(1.0, colours.border)).inner_margin(margin);
    Panel::top("closures").resizable(false).show_separator_line(false).frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        for over in standing.iter().take(SHOWN) {
            row_ui(ui, state, over, actions);
        }
        if standing.len() > SHOWN {
            let words = format!("Show {} more", standing.len() - SHOWN);
            if ui.add(Button::quiet(&words).small()).clicked() {
                actions.push(Action::ShowClosures);
            }
        }
    });
}

fn row_ui(ui: &mut Ui, state: &State, over: &Override, actions: &mut Actions) {
    let p = theme::palette(ui);
    let colour = p.tone(Tone::Warning).text;
    let words = over.words(&state.live.table, state.now);
    egui::Sides::new().shrink_left().truncate().height(CONTROL_HEIGHT + space::XS).show(
        ui,
        |ui| {
            ui.label(text::icon(icons::DOOR_CLOSED, colour).size(20.0));
            ui.add_space(space::XS);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                let headline = format!("{} · {}", safe_text(&words), left(over.until, state.now));
                ui.add(Label::new(text::strong(headline)).truncate());
                let more = match over.loose_end(&state.live.table) {
                    Some(loose) => loose.to_owned(),
                    None => details(over, state),
                };
                ui.add(Label::new(text::help(p, safe_text(&more).into_owned())).truncate());
            });
        },
        |ui| {
            let size = vec2(ui.available_width(), CONTROL_HEIGHT);
            ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
                let name = format!("{}: {words}", end_words(over));
                let end = Button::primary(end_words(over)).with_icon(icons::DOOR_OPEN).name(&name);
                if ui.add(end).clicked() {
                    actions.push(Action::Send(Command::EndOverrides(vec![over.id.clone()])));
                }
            });
        },
    );
}

/// The countdown goes on by itself: once a minute, and when something begins or ends.
fn wake(ui: &Ui, state: &State) {
    let counted = state.overrides.standing(Phase::Now, state.now);
    let to_minute = counted.iter().map(|over| (over.until - state.now).num_milliseconds().rem_euclid(60_000));
    let to_change = state.overrides.next_change(state.now).map(|at| (at - state.now).num_milliseconds());
    if let Some(wait) = to_minute.chain(to_change).min() {
        // A moment later, so that it is past the change and not just before it.
        ui.ctx().request_repaint_after(Duration::from_millis(wait.clamp(0, 86_400_000).cast_unsigned() + 30));
    }
}
