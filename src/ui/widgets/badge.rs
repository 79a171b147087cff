//! Badges: what came of a call, and how something is doing. Colour, sign and word together.

use super::paint;
use crate::ui::theme::{self, CONTROL_HEIGHT_SMALL, Tone, icons, space, text};
use egui::{CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// What a rule does with a call, for showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutcomeKind {
    /// An agent is connected.
    Connect,
    /// One of several agents is connected.
    Share,
    /// The line's default agent is kept.
    Keep,
    /// The call is rejected.
    Reject,
    /// Variables are added and the next rule is looked at.
    GoOn,
}

impl OutcomeKind {
    /// The word that names it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Connect => "Connect",
            Self::Share => "Share",
            Self::Keep => "Keep",
            Self::Reject => "Reject",
            Self::GoOn => "Go on",
        }
    }

    /// Its colour.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Connect | Self::Share => Tone::Connect,
            Self::Keep => Tone::Keep,
            Self::Reject => Tone::Reject,
            Self::GoOn => Tone::Neutral,
        }
    }

    /// Its sign.
    #[must_use]
    pub fn icon(self) -> char {
        match self {
            Self::Connect => icons::PHONE_FORWARDED,
            Self::Share => icons::USERS,
            Self::Keep => icons::PHONE,
            Self::Reject => icons::PHONE_OFF,
            Self::GoOn => icons::GO_ON,
        }
    }
}

/// What came of a call.
pub fn outcome_badge(ui: &mut Ui, kind: OutcomeKind) -> Response {
    badge(ui, kind.tone(), kind.icon(), kind.word())
}

/// A word with a sign on a tinted ground.
pub fn badge(ui: &mut Ui, tone: Tone, icon: char, word: &str) -> Response {
    pill(ui, tone, Some(icon), word)
}

/// How something is doing: a dot and a word, such as "Open now".
pub fn status(ui: &mut Ui, tone: Tone, word: &str) -> Response {
    pill(ui, tone, None, word)
}

fn pill(ui: &mut Ui, tone: Tone, icon: Option<char>, word: &str) -> Response {
    let colours = theme::palette(ui).tone(tone);
    let mark = if icon.is_some() { 14.0 } else { 7.0 };
    let around = 2.0 * space::S + mark + 6.0;
    let font = text::medium(text::SMALL + 0.5);
    let galley = paint::line(ui, word, font, colours.text, paint::room(ui) - around);
    let size = vec2(around + galley.size().x, CONTROL_HEIGHT_SMALL);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), word));

    ui.painter().rect(
        rect,
        CornerRadius::same((CONTROL_HEIGHT_SMALL / 2.0) as u8),
        colours.soft,
        Stroke::new(1.0, colours.border),
        StrokeKind::Inside,
    );
    let middle = rect.center().y;
    let centre = pos2(rect.left() + space::S + mark / 2.0, middle);
    match icon {
        Some(icon) => paint::icon(ui, centre, icon, mark, colours.text),
        None => {
            ui.painter().circle_filled(centre, mark / 2.0, colours.solid);
        }
    }
    let at = pos2(rect.left() + space::S + mark + 6.0, middle - galley.size().y / 2.0);
    ui.painter().galley(at, galley, colours.text);
    response
}
