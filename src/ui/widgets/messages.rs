//! What the program has to say: a toast that goes by, and a list that stays.

use super::{Button, EmptyState, Level, paint, time_ago};
use crate::ui::theme::{self, RADIUS, icons, space, text};
use chrono::{DateTime, Utc};
use egui::{Align2, Area, CornerRadius, Frame, Id, Label, Margin, Order, Sense, Stroke, Ui, vec2};
use std::collections::VecDeque;
use std::time::Duration;

/// How many messages the list keeps.
const KEPT: usize = 200;
/// How many toasts are shown at once.
const SHOWN: usize = 4;
/// How long a toast is shown, in seconds; the list keeps it.
const SECONDS: f64 = 6.0;
/// The same for what went wrong.
const SECONDS_ERROR: f64 = 20.0;

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// How grave it is.
    pub level: Level,
    /// A sentence of what is; where it is an error, then what to do.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

struct Toast {
    message: Message,
    /// When it goes, in the window's own seconds; set when it is first drawn.
    until: Option<f64>,
    number: u64,
}

/// All messages, newest last, and those still shown as toasts.
#[derive(Default)]
pub struct Messages {
    kept: VecDeque<Message>,
    toasts: VecDeque<Toast>,
    told: u64,
}

impl Messages {
    /// Says something: shown as a toast and kept in the list.
    pub fn tell(&mut self, level: Level, text: impl Into<String>, at: DateTime<Utc>) {
        let message = Message { level, text: text.into(), at };
        self.toast(message.clone());
        self.kept.push_back(message);
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }

    /// Says something that nobody will look up later, such as "Copied": shown, and not kept.
    pub fn mention(&mut self, text: impl Into<String>, at: DateTime<Utc>) {
        self.toast(Message { level: Level::Success, text: text.into(), at });
    }

    fn toast(&mut self, message: Message) {
        self.told += 1;
        self.toasts.push_back(Toast { message, until: None, number: self.told });
        if self.toasts.len() > SHOWN {
            self.toasts.pop_front();
        }
    }

    /// All kept messages, oldest first.
    pub fn kept(&self) -> impl Iterator<Item = &Message> {
        self.kept.iter()
    }

    /// Shows none of the toasts any longer; the list keeps what they say.
    pub fn clear_toasts(&mut self) {
        self.toasts.clear();
    }

    /// Draws the toasts in the lower right corner. Call once a frame, after everything else.
    pub fn toasts_ui(&mut self, ui: &Ui) {
        let now = ui.input(|input| input.time);
        for toast in &mut self.toasts {
            let shown = if toast.message.level == Level::Error { SECONDS_ERROR } else { SECONDS };
            toast.until.get_or_insert(now + shown);
        }
        self.toasts.retain(|toast| toast.until.is_none_or(|until| now < until));
        let Some(next) = self.toasts.iter().filter_map(|toast| toast.until).reduce(f64::min) else {
            return;
        };
        ui.request_repaint_after(Duration::from_secs_f64(next - now));

        let mut dismissed = None;
        Area::new(Id::unique("toasts"))
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_BOTTOM, vec2(-space::L, -space::L))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                for toast in &self.toasts {
                    if toast_ui(ui, &toast.message) {
                        dismissed = Some(toast.number);
                    }
                }
            });
        self.toasts.retain(|toast| Some(toast.number) != dismissed);
    }

    /// Draws the list, newest first. `now` is for "4 min ago".
    pub fn list_ui(&self, ui: &mut Ui, now: DateTime<Utc>) {
        if self.kept.is_empty() {
            let nothing = EmptyState {
                icon: icons::BELL,
                title: "No messages",
                text: "What the program has to tell you is kept here",
            };
            return nothing.show(ui, |_| ());
        }
        for message in self.kept.iter().rev() {
            message_ui(ui, message, |ui| {
                let p = theme::palette(ui);
                ui.label(text::faint(p, time_ago(message.at, now)));
            });
            super::divider(ui);
        }
    }
}

fn toast_ui(ui: &mut Ui, message: &Message) -> bool {
    let p = theme::palette(ui);
    let mut dismissed = false;
    Frame::new()
        .fill(p.raised)
        .stroke(Stroke::new(1.0, p.border_strong))
        .corner_radius(CornerRadius::same(RADIUS))
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin::symmetric(space::M as i8, 10))
        .show(ui, |ui| {
            ui.set_width(340.0);
            message_ui(ui, message, |ui| {
                let name = format!("Dismiss {}", message.text);
                dismissed = ui.add(Button::icon(icons::X, &name).small().tooltip("Dismiss")).clicked();
            });
        });
    dismissed
}

fn message_ui(ui: &mut Ui, message: &Message, end: impl FnOnce(&mut Ui)) {
    let colour = theme::palette(ui).tone(message.level.tone()).text;
    egui::Sides::new().shrink_left().wrap().show(
        ui,
        |ui| {
            let (rect, icon) = ui.allocate_exact_size(vec2(18.0, 24.0), Sense::hover());
            paint::icon(ui, rect.center(), message.level.icon(), text::ICON, colour);
            icon.on_hover_text(message.level.word());
            ui.add(Label::new(text::body(&message.text)).wrap());
        },
        end,
    );
}
