//! Buttons: one main action, others, quiet ones, dangerous ones, and those that are an icon.

use super::paint;
use crate::routing::safe_text;
use crate::ui::theme::{
    self, CONTROL_HEIGHT, CONTROL_HEIGHT_SMALL, Palette, RADIUS_SMALL, Tone, space, text,
};
use egui::{
    Color32, CornerRadius, FontId, Response, Role, Sense, Stroke, StrokeKind, Ui, Widget, WidgetInfo, vec2,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primary,
    Secondary,
    Quiet,
    Danger,
    Item,
    DangerItem,
}

/// A button; put it in place with `ui.add` or `ui.add_enabled`.
#[must_use = "add it to a ui"]
pub struct Button<'a> {
    kind: Kind,
    text: &'a str,
    name: Option<&'a str>,
    icon: Option<char>,
    trailing: Option<char>,
    tooltip: Option<&'a str>,
    small: bool,
    wide: bool,
    selected: bool,
}

struct Look {
    fill: Color32,
    border: Color32,
    text: Color32,
    icon: Color32,
}

impl<'a> Button<'a> {
    fn new(kind: Kind, text: &'a str) -> Self {
        Self {
            kind,
            text,
            name: None,
            icon: None,
            trailing: None,
            tooltip: None,
            small: false,
            wide: false,
            selected: false,
        }
    }

    /// The one main action of a screen or dialog.
    pub fn primary(text: &'a str) -> Self {
        Self::new(Kind::Primary, text)
    }

    /// Any other action.
    pub fn secondary(text: &'a str) -> Self {
        Self::new(Kind::Secondary, text)
    }

    /// An action that should not draw the eye: no outline until pointed at.
    pub fn quiet(text: &'a str) -> Self {
        Self::new(Kind::Quiet, text)
    }

    /// An action that destroys something.
    pub fn danger(text: &'a str) -> Self {
        Self::new(Kind::Danger, text)
    }

    /// Only an icon. `name` is its tooltip and what screen readers and tests call it.
    pub fn icon(icon: char, name: &'a str) -> Self {
        Self { icon: Some(icon), name: Some(name), tooltip: Some(name), ..Self::new(Kind::Quiet, "") }
    }

    /// A row of a menu.
    pub(super) fn item(text: &'a str, danger: bool) -> Self {
        let kind = if danger { Kind::DangerItem } else { Kind::Item };
        Self { wide: true, ..Self::new(kind, text) }
    }

    /// An icon before the words.
    pub fn with_icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    /// An icon after the words.
    pub fn with_trailing(mut self, icon: char) -> Self {
        self.trailing = Some(icon);
        self
    }

    /// Says more when pointed at.
    pub fn tooltip(mut self, tooltip: &'a str) -> Self {
        self.tooltip = Some(tooltip);
        self
    }

    /// What screen readers and tests call it, where its words alone would not tell it from others.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// A lower one, for rows and cards.
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// As wide as there is room.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Drawn as chosen, for buttons that switch something on.
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    fn look(&self, p: &Palette, response: &Response) -> Look {
        let over = response.hovered() || response.has_focus();
        let pressed = response.is_pointer_button_down_on();
        let plain = |fill, border, text, icon| Look { fill, border, text, icon };
        let filled = |rest, hover, on| {
            let fill = if over { hover } else { rest };
            plain(fill, fill, on, on)
        };
        let chosen = p.tone(Tone::Accent);
        match self.kind {
            _ if self.selected => plain(chosen.soft, chosen.border, chosen.text, chosen.text),
            Kind::Primary => filled(p.accent, p.accent_hover, p.on_accent),
            Kind::Danger => filled(p.danger, p.danger_hover, p.on_danger),
            Kind::Secondary => {
                let fill = if over || pressed { p.sunken } else { p.surface };
                plain(fill, p.border_strong, p.text, p.text_soft)
            }
            Kind::Quiet | Kind::Item => {
                let fill = if over || pressed { p.sunken } else { Color32::TRANSPARENT };
                let text = if self.kind == Kind::Item { p.text } else { p.text_soft };
                let icon = if over { p.text } else { p.text_soft };
                plain(fill, Color32::TRANSPARENT, if over { p.text } else { text }, icon)
            }
            Kind::DangerItem => {
                let red = p.tone(Tone::Reject);
                let fill = if over { red.soft } else { Color32::TRANSPARENT };
                plain(fill, Color32::TRANSPARENT, red.text, red.text)
            }
        }
    }
}

/// The sizes of a button's parts, in points.
struct Measures {
    height: f32,
    padding: f32,
    font: FontId,
    icon_size: f32,
    gap: f32,
    /// All of its width that is not words.
    around: f32,
}

impl Button<'_> {
    /// How wide it is where nothing of it is cut, in points.
    #[must_use]
    pub fn width(&self, ui: &Ui) -> f32 {
        let Measures { height, font, around, .. } = self.measures();
        if self.text.is_empty() {
            return height;
        }
        around + paint::line(ui, self.text, font, Color32::PLACEHOLDER, f32::INFINITY).size().x
    }

    fn measures(&self) -> Measures {
        let height = if self.small { CONTROL_HEIGHT_SMALL } else { CONTROL_HEIGHT };
        let padding = match (self.text.is_empty(), self.small) {
            (true, _) => (height - text::ICON) / 2.0,
            (false, true) => space::S,
            (false, false) => space::M,
        };
        let size = if self.small { text::SMALL + 0.5 } else { text::BODY };
        let font = if matches!(self.kind, Kind::Item | Kind::DangerItem) {
            text::regular(size)
        } else {
            text::medium(size)
        };
        let icon_size = if self.small { 14.0 } else { text::ICON };
        let gap = if self.text.is_empty() { 0.0 } else { 6.0 };
        let icons = [self.icon, self.trailing].iter().flatten().count() as f32;
        Measures { height, padding, font, icon_size, gap, around: 2.0 * padding + icons * (icon_size + gap) }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let Measures { height, padding, font, icon_size, gap, around } = self.measures();
        let galley = paint::line(ui, self.text, font, Color32::PLACEHOLDER, paint::room(ui) - around);
        let content = around + galley.size().x;
        let width = if self.text.is_empty() {
            height
        } else if self.wide && !ui.is_sizing_pass() {
            content.max(ui.available_width())
        } else {
            content
        };
        let (rect, mut response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        let name = safe_text(self.name.unwrap_or(self.text));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name.as_ref()));

        if ui.is_rect_visible(rect) {
            let look = self.look(theme::palette(ui), &response);
            ui.painter().rect(
                rect,
                CornerRadius::same(RADIUS_SMALL),
                look.fill,
                Stroke::new(1.0, look.border),
                StrokeKind::Inside,
            );
            let centred = !matches!(self.kind, Kind::Item | Kind::DangerItem);
            let mut x = if centred { rect.center().x - content / 2.0 } else { rect.left() } + padding;
            if let Some(icon) = self.icon {
                let centre = egui::pos2(x + icon_size / 2.0, rect.center().y);
                let centre = if self.text.is_empty() { rect.center() } else { centre };
                paint::icon(ui, centre, icon, icon_size, look.icon);
                x += icon_size + gap;
            }
            let top = rect.center().y - galley.size().y / 2.0;
            let text_width = galley.size().x;
            ui.painter().galley(egui::pos2(x, top), galley, look.text);
            if let Some(icon) = self.trailing {
                let centre = egui::pos2(x + text_width + gap + icon_size / 2.0, rect.center().y);
                paint::icon(ui, centre, icon, icon_size, look.icon);
            }
            paint::focus_ring(ui, &response, rect, RADIUS_SMALL);
        }
        if let Some(tooltip) = self.tooltip {
            let tooltip = safe_text(tooltip);
            response = response.on_hover_text(tooltip.as_ref()).on_disabled_hover_text(tooltip);
        }
        response
    }
}
