//! What stands around every screen: the rail at the left, and the header with the state of
//! things in words. Data in, what the person did out.

use std::cell::Cell;

use super::{Button, paint};
use crate::ui::theme::{self, CONTROL_HEIGHT, RADIUS_SMALL, Tone, icons, space, text};
use egui::{
    Color32, CornerRadius, Frame, Margin, Panel, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

/// The screens of the window, in the order of the rail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    /// The rules.
    #[default]
    Routes,
    /// A call that did not happen, to see what would.
    TryCall,
    /// What arrived.
    Calls,
    /// The owner's numbers and voice agents.
    Lines,
    /// What gives conditions and facts.
    Plugins,
    /// Port, key, look.
    Settings,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Routes, Self::TryCall, Self::Calls, Self::Lines, Self::Plugins, Self::Settings];

    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Routes => "Routes",
            Self::TryCall => "Try a call",
            Self::Calls => "Calls",
            Self::Lines => "Lines & agents",
            Self::Plugins => "Plugins",
            Self::Settings => "Settings",
        }
    }

    /// Its sign.
    #[must_use]
    pub fn icon(self) -> char {
        match self {
            Self::Routes => icons::ROUTE,
            Self::TryCall => icons::PLAY,
            Self::Calls => icons::PHONE_INCOMING,
            Self::Lines => icons::USERS,
            Self::Plugins => icons::PLUG,
            Self::Settings => icons::SETTINGS,
        }
    }
}

/// Below this width of the window, in points, the rail shows icons alone.
const NARROW: f32 = 900.0;

/// The rail; `current` is the screen that is seen, if one is. Gives back the one that was asked for.
pub fn rail(ui: &mut Ui, current: Option<Place>) -> Option<Place> {
    let p = theme::palette(ui);
    let narrow = ui.ctx().content_rect().width() < NARROW;
    let (width, side) = if narrow { (60.0, 10) } else { (208.0, 12) };
    let frame = Frame::new().fill(p.canvas).inner_margin(Margin::symmetric(side, space::M as i8));
    Panel::left("rail")
        .exact_size(width)
        .resizable(false)
        .frame(frame)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            brand(ui, narrow);
            ui.add_space(space::M);
            Place::ALL
                .into_iter()
                .filter(|place| entry(ui, *place, Some(*place) == current, narrow).clicked())
                .last()
        })
        .inner
}

fn brand(ui: &mut Ui, narrow: bool) {
    let p = theme::palette(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    let mark = egui::Rect::from_center_size(pos2(rect.left() + 20.0, rect.center().y), vec2(28.0, 28.0));
    ui.painter().rect_filled(mark, CornerRadius::same(8), p.accent);
    paint::icon(ui, mark.center(), icons::ROUTE, 16.0, p.on_accent);
    if !narrow {
        let galley = paint::line(ui, "Switchboard", text::semibold(15.0), p.text, rect.width() - 48.0);
        let at = pos2(rect.left() + 44.0, rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, p.text);
    }
}

fn entry(ui: &mut Ui, place: Place, current: bool, narrow: bool) -> Response {
    let p = theme::palette(ui);
    let size = vec2(ui.available_width(), CONTROL_HEIGHT + 4.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let title = place.title();
    response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), current, title));
    let chosen = p.tone(Tone::Accent);
    let (fill, colour) = match (current, response.hovered()) {
        (true, _) => (chosen.soft, chosen.text),
        (false, true) => (p.sunken, p.text),
        (false, false) => (Color32::TRANSPARENT, p.text_soft),
    };
    ui.painter().rect_filled(rect, CornerRadius::same(RADIUS_SMALL), fill);
    let middle = rect.center().y;
    paint::icon(ui, pos2(rect.left() + 20.0, middle), place.icon(), 18.0, colour);
    paint::focus_ring(ui, &response, rect, RADIUS_SMALL);
    if narrow {
        return response.on_hover_text(title);
    }
    let words = if current { p.text } else { colour };
    let galley = paint::line(ui, title, text::medium(text::BODY), words, rect.width() - 44.0);
    let at = pos2(rect.left() + 40.0, middle - galley.size().y / 2.0);
    ui.painter().galley(at, galley, words);
    response
}

/// What the header says.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    /// Colour of the dot: connect while calls are answered, reject while they are not.
    pub tone: Tone,
    /// "Answering calls on port 8787"
    pub state: &'a str,
    /// "live v12 · draft has 3 changes"
    pub detail: &'a str,
    /// The same in fewer words, where those have no room.
    pub brief: &'a str,
    /// The draft differs from what is live, and can be published.
    pub can_publish: bool,
    /// Why it cannot be published, as a tooltip; empty if nothing stands against it.
    pub obstacle: &'a str,
    /// Messages not yet looked at.
    pub unread: usize,
    /// What happens just now: a button where there is room for all its words, else told for a moment in
    /// place of the words about tables.
    pub news: Option<News<'a>>,
}

/// Something that happens just now.
#[derive(Clone, Copy, Debug)]
pub struct News<'a> {
    /// Its sign.
    pub icon: char,
    /// "Anna Miller calls Main line"
    pub words: &'a str,
}

/// What was pressed in the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderAction {
    /// Make the draft live.
    Publish,
    /// Throw the draft away.
    Discard,
    /// Show all versions of the table.
    Versions,
    /// Show the list of messages.
    Messages,
    /// Open or close the help on what is seen.
    Help,
    /// Show what happens just now.
    News,
}

/// Below this width of the window, in points, buttons that go with another one show icons alone.
const TIGHT: f32 = 1200.0;

/// The header. `more` adds further controls, laid out from the right, before those of the draft. What they
/// are given is so narrow that the words of the state are whole.
pub fn header(ui: &mut Ui, header: &Header<'_>, more: impl FnOnce(&mut Ui)) -> Option<HeaderAction> {
    let p = theme::palette(ui);
    let frame = Frame::new().fill(p.surface).inner_margin(Margin::symmetric(space::L as i8, space::S as i8));
    Panel::top("header")
        .exact_size(CONTROL_HEIGHT + 2.0 * space::M)
        .resizable(false)
        .frame(frame)
        .show(ui, |ui| {
            let sides = egui::Sides::new().shrink_left().truncate().height(ui.available_height());
            // The right side is drawn first, and knows what it had no room for.
            let left_over = Cell::new(None);
            let (chosen, pressed) = sides.show(
                ui,
                |ui| state(ui, header, left_over.get()),
                |ui| {
                    let (pressed, news) = buttons(ui, header, more);
                    left_over.set(news);
                    pressed
                },
            );
            pressed.or(chosen)
        })
        .inner
}

/// The width of the dot before the state.
const DOT: f32 = 12.0;

/// Draws the state and, beneath it, the news or else the words about tables. Gives what was clicked.
fn state(ui: &mut Ui, header: &Header<'_>, news: Option<News<'_>>) -> Option<HeaderAction> {
    let p = theme::palette(ui);
    let colours = p.tone(header.tone);
    let (rect, _) = ui.allocate_exact_size(vec2(DOT, DOT), Sense::hover());
    ui.painter().circle_filled(rect.center(), 6.0, colours.soft);
    ui.painter().circle_stroke(rect.center(), 6.0, Stroke::new(1.0, colours.border));
    ui.painter().circle_filled(rect.center(), 3.5, colours.solid);
    ui.add_space(space::XS);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        let lines = if header.detail.is_empty() && news.is_none() { 18.0 } else { 35.0 };
        ui.add_space((ui.available_height() - lines) / 2.0);
        ui.add(egui::Label::new(text::label(header.state)).truncate());
        if let Some(News { words, .. }) = news {
            let accent = p.tone(Tone::Accent).text;
            let shown = text::help(p, words).font(text::medium(text::SMALL)).color(accent);
            return link(ui, shown, words, words).clicked().then_some(HeaderAction::News);
        }
        let is_clicked = !header.detail.is_empty() && detail(ui, header.detail, header.brief).clicked();
        is_clicked.then_some(HeaderAction::Versions)
    })
    .inner
}

/// How wide the left side is where the state's words are whole.
fn width_of_state(ui: &Ui, words: &str) -> f32 {
    let words = egui::WidgetText::from(text::label(words));
    let words = words.into_galley(ui, Some(egui::TextWrapMode::Extend), f32::INFINITY, egui::TextStyle::Body);
    DOT + space::XS + 2.0 * ui.spacing().item_spacing.x + words.size().x.ceil()
}

/// The words about tables: they lead to the versions.
fn detail(ui: &mut Ui, words: &str, brief: &str) -> Response {
    let p = theme::palette(ui);
    let shown = |words| egui::WidgetText::from(text::help(p, words));
    let galley = shown(words).into_galley(ui, None, f32::INFINITY, egui::TextStyle::Body);
    let fits = galley.size().x <= ui.available_width();
    let shown = text::help(p, if fits { words } else { brief });
    link(ui, shown, words, &format!("{words}; show all versions"))
}

/// Words that lead somewhere, cut where they have no room; all of them, `words`, when pointed at.
fn link(ui: &mut Ui, shown: egui::RichText, words: &str, name: &str) -> Response {
    let label = egui::Label::new(shown).truncate().sense(Sense::click());
    let response = ui.add(label).on_hover_cursor(egui::CursorIcon::PointingHand);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    if response.hovered() || response.has_focus() {
        let rect = response.rect;
        let stroke = Stroke::new(1.0, theme::palette(ui).text_soft);
        ui.painter().hline(rect.x_range(), rect.bottom(), stroke);
    }
    paint::focus_ring(ui, &response, response.rect, RADIUS_SMALL);
    response.on_hover_text(words)
}

/// Gives what was pressed, and the news if there is no room for them.
fn buttons<'a>(
    ui: &mut Ui,
    header: &Header<'a>,
    more: impl FnOnce(&mut Ui),
) -> (Option<HeaderAction>, Option<News<'a>>) {
    let left = width_of_state(ui, header.state);
    ui.set_max_width(ui.available_width() - left);
    let mut action = None;
    let mut on = |response: Response, what| {
        if response.clicked() {
            action = Some(what);
        }
    };
    let publish = Button::primary("Publish").with_icon(icons::PUBLISH);
    let publish = if header.obstacle.is_empty() { publish } else { publish.tooltip(header.obstacle) };
    on(ui.add_enabled(header.can_publish, publish), HeaderAction::Publish);
    if header.can_publish || !header.obstacle.is_empty() {
        let is_tight = ui.ctx().content_rect().width() < TIGHT;
        let discard = if is_tight { Button::icon(icons::TRASH, "Discard") } else { Button::quiet("Discard") };
        on(ui.add(discard), HeaderAction::Discard);
    }
    let name = match header.unread {
        0 => "Messages".to_owned(),
        1 => "Messages, 1 new".to_owned(),
        n => format!("Messages, {n} new"),
    };
    let bell = ui.add(Button::icon(icons::BELL, &name));
    if header.unread > 0 {
        let red = theme::palette(ui).tone(Tone::Reject).solid;
        ui.painter().circle_filled(bell.rect.right_top() + vec2(-9.0, 9.0), 3.5, red);
    }
    on(bell, HeaderAction::Messages);
    on(ui.add(Button::icon(icons::QUESTION, "Help").tooltip("Help (F1)")), HeaderAction::Help);
    more(ui);
    let Some(news) = header.news else { return (action, None) };
    let button = Button::secondary(news.words).with_icon(news.icon).selected(true).tooltip(news.words);
    if button.width(ui) > ui.available_width() {
        return (action, Some(news));
    }
    on(ui.add(button), HeaderAction::News);
    (action, None)
}
