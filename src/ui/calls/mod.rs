//! The screen of what arrived: calls that were answered, with all that is known of each, and
//! requests that were refused. Holds only what is seen: filter, selection, scrolling. The calls
//! that are shown are found by the service and are in [`State`]; trying one again is "Try a call"'s
//! business.

mod add_to_list;
mod columns;
mod days;
mod detail;
mod ended;
mod export;
mod filter;
mod list;
mod marks;
mod new_rule;
mod numbers;
mod places;
mod refused;
mod saved;
pub(crate) mod story;

use egui::{Rect, Ui, pos2};

pub(crate) use self::columns::moment;
use self::detail::{Detail, Wish};
use self::filter::FilterBar;
use self::list::CallList;
use self::numbers::NumbersTab;
use self::refused::RefusedList;
use self::saved::SavedFilters;
use super::app::{Action, Actions, State};
use super::decision;
use super::theme::{CONTROL_HEIGHT, icons, space, text};
use super::widgets::shell::Place;
use super::widgets::{self, Banner, Button, EmptyState, Level, Screen};
use crate::routing::grouped;
use crate::service::messages::{Command, Picture, Serving};
use crate::storage::Settings;
use crate::storage::call_log::search::{Filter, Order};

/// From this width of the content on, in points, the detail stands beside the list.
const WIDE: f32 = 1000.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Answered,
    Numbers,
    Refused,
}

/// What was asked for last.
#[derive(Default)]
struct Question {
    number: u64,
    filter: Option<Filter>,
    /// How often something had failed by then.
    failures: u64,
}

impl Question {
    /// Asks if something else is wanted, or if the answer did not come. Says whether it is another
    /// question.
    fn ask(&mut self, state: &State, filter: Filter, actions: &mut Actions) -> bool {
        let is_other = self.filter.as_ref() != Some(&filter);
        let is_lost = state.found.question != self.number && state.failures != self.failures;
        if is_other || is_lost {
            self.number += 1;
            self.failures = state.failures;
            self.filter = Some(filter.clone());
            actions.push(Action::Send(Command::FindCalls { question: self.number, filter }));
        }
        is_other
    }

    fn is_answered(&self, state: &State) -> bool {
        state.found.question == self.number
    }
}

/// The screen "Calls".
#[derive(Default)]
pub struct CallsScreen {
    tab: Tab,
    filter: FilterBar,
    saved: SavedFilters,
    question: Question,
    list: CallList,
    numbers: NumbersTab,
    refused: RefusedList,
    /// The call that is looked into.
    selected: Option<i64>,
    detail: Detail,
}

impl CallsScreen {
    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let about = "What arrived, what became of it, and why";
        Screen::new("Calls", about).wide().no_scroll().show(
            ui,
            |_| (),
            |ui| {
                self.bar_ui(ui, state, actions);
                match self.tab {
                    Tab::Answered => self.answered_ui(ui, state, actions),
                    Tab::Numbers => self.numbers_ui(ui, state, actions),
                    Tab::Refused => self.refused.ui(ui, state),
                }
            },
        );
    }

    fn bar_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let requests: u64 = state.refused.iter().map(|refused| refused.count).sum();
        let answered = format!("Answered ({})", grouped(state.total_calls as usize));
        let refused = format!("Refused ({})", grouped(requests as usize));
        ui.horizontal(|ui| {
            let tabs = [(Tab::Answered, &*answered), (Tab::Refused, &*refused), (Tab::Numbers, "Numbers")];
            widgets::segmented(ui, &mut self.tab, &tabs);
            if state.total_calls == 0 {
                return;
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| match self.tab {
                Tab::Answered => {
                    export::menu_ui(ui, state, self.question.is_answered(state), actions);
                    hide_ui(ui, state, actions);
                    if columns::choice_ui(ui, state, actions) {
                        self.list.edges.forget();
                    }
                    self.filter.text_ui(ui);
                }
                Tab::Numbers => self.numbers.bar_ui(ui, state, actions),
                Tab::Refused => {}
            });
        });
    }

    /// The name of the page of help on what is seen.
    pub(super) fn help_page(&self) -> &'static str {
        match self.tab {
            Tab::Numbers => "numbers",
            Tab::Answered | Tab::Refused => "calls",
        }
    }

    /// The numbers as a picture, if they are known.
    pub(super) fn numbers_picture(&self, state: &State, is_dark: bool) -> Option<Picture> {
        self.numbers.picture(state, is_dark)
    }

    fn numbers_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        if let Some(pick) = self.numbers.ui(ui, state, actions) {
            self.filter.show(pick, self.numbers.span());
            self.tab = Tab::Answered;
            self.selected = None;
        }
    }

    fn answered_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        if state.total_calls == 0 {
            return empty_ui(ui, state, actions);
        }
        let saved = &mut self.saved;
        self.filter.chips_ui(ui, state, |ui, filter| saved.ui(ui, state, filter, actions));
        if self.question.ask(state, self.filter.wanted(state), actions) {
            self.list.restart();
        }
        self.result_ui(ui, state);
        export::progress_ui(ui, state, actions);
        let full = ui.available_rect_before_wrap();
        let (list_rect, detail_rect) = split(full, self.selected.is_some());
        let before = self.selected;
        let nothing = self.nothing(state);
        let order = self.filter.order();
        decision::child(ui, list_rect, |ui| {
            self.list.ui(ui, state, (&nothing, order), &mut self.selected, actions);
        });
        if let (Some(id), Some(rect)) = (self.selected, detail_rect) {
            match decision::child(ui, rect, |ui| self.detail.ui(ui, state, id, actions)) {
                Some(Wish::Close) => self.selected = None,
                Some(Wish::CallsOf(number)) => self.filter.of_caller(&number),
                None => {}
            }
        }
        if self.selected != before
            && let Some(id) = self.selected
        {
            self.detail.ask(state, id, actions);
        }
        ui.advance_cursor_after_rect(full);
    }

    /// How many fit, where not all are shown, and how much is still to be read.
    fn result_ui(&self, ui: &mut Ui, state: &State) {
        let found = &state.found;
        let mut words = Vec::new();
        if self.filter.is_on() && found.trouble.is_none() {
            words.push(match (self.question.is_answered(state), found.len()) {
                (false, _) => "Searching…".to_owned(),
                (true, 1) => "1 call".to_owned(),
                (true, count) => format!("{} calls", grouped(count)),
            });
        }
        if found.is_cut {
            words.push(format!("only the newest {} are sorted and shown", grouped(Order::MOST)));
        }
        if found.looked_through < 100 {
            let share = found.looked_through;
            words.push(format!("older calls are still being prepared for the search: {share} % done"));
        }
        if !words.is_empty() {
            decision::quiet(ui, &widgets::capital(&words.join("; ")));
        }
    }

    /// What is said where no call is shown.
    fn nothing(&self, state: &State) -> String {
        match &state.found.trouble {
            Some(why) => why.clone(),
            None if !self.question.is_answered(state) => "Searching…".to_owned(),
            None => "No call fits; take away a filter to see more".to_owned(),
        }
    }
}

/// The switch that hides numbers from others in the room.
fn hide_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let hide_numbers = state.settings.hide_numbers;
    let (icon, name) = if hide_numbers {
        (icons::EYE_OFF, "Show phone numbers")
    } else {
        (icons::EYE, "Hide phone numbers from others in the room")
    };
    if ui.add(Button::icon(icon, name).selected(hide_numbers)).clicked() {
        let settings = Settings { hide_numbers: !hide_numbers, ..state.settings.clone() };
        actions.push(Action::Send(Command::SaveSettings(settings)));
    }
}

/// Where the list goes, and where the detail if there is one.
fn split(full: Rect, with_detail: bool) -> (Rect, Option<Rect>) {
    if !with_detail {
        return (full, None);
    }
    if full.width() >= WIDE {
        let width = (full.width() * 0.38).clamp(420.0, 600.0);
        let at = full.right() - width;
        let list = Rect::from_min_max(full.min, pos2(at - space::M, full.bottom()));
        return (list, Some(Rect::from_min_max(pos2(at, full.top()), full.max)));
    }
    let at = full.top() + (full.height() * 0.4).max(150.0);
    let list = Rect::from_min_max(full.min, pos2(full.right(), at - space::M));
    (list, Some(Rect::from_min_max(pos2(full.left(), at), full.max)))
}

fn empty_ui(ui: &mut Ui, state: &State, actions: &mut Actions) {
    let nothing = EmptyState {
        icon: icons::PHONE_INCOMING,
        title: "No calls yet",
        text: "Calls appear here within a second. At Retell, set this address as the inbound \
               webhook of your number",
    };
    widgets::card(ui, |ui| {
        nothing.show(ui, |ui| {
            match &state.serving {
                Serving::Listening(_) => address_ui(ui, &state.webhook_url(), actions),
                Serving::Blocked { reason, .. } => {
                    let text = "No calls can arrive now";
                    Banner::new(Level::Error, text).detail(reason).show(ui, |_| ());
                }
                Serving::Starting => decision::quiet(ui, "Getting ready to receive calls…"),
            }
            ui.add_space(space::S);
            if ui.add(Button::primary("Send a test call").with_icon(icons::PLAY)).clicked() {
                actions.push(Action::Go(Place::TryCall));
            }
        });
    });
}

fn address_ui(ui: &mut Ui, url: &str, actions: &mut Actions) {
    let p = super::theme::palette(ui);
    let frame = egui::Frame::new().fill(p.sunken).corner_radius(super::theme::RADIUS_SMALL);
    frame.inner_margin(egui::Margin::symmetric(10, 4)).show(ui, |ui| {
        let width = 420.0_f32.min(ui.available_width());
        ui.allocate_ui_with_layout(
            egui::vec2(width, CONTROL_HEIGHT),
            egui::Layout::right_to_left(egui::Align::Center),
            |ui| {
                let copy = Button::quiet("Copy").with_icon(icons::COPY).small().name("Copy address");
                if ui.add(copy).clicked() {
                    actions.push(Action::Copy(url.to_owned()));
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(egui::Label::new(text::code(url)).selectable(true).truncate());
                });
            },
        );
    });
    let help =
        "Calls come over the internet, so put your public address in place of the part before /webhook";
    ui.label(text::help(p, help));
}
