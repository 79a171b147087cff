//! Which calls are shown: what is typed, and what is chosen in the row of buttons below.

use chrono::{DateTime, Utc};
use egui::{Role, Ui, WidgetInfo};

use super::days::{self, DaysForm, Ended};
use super::numbers::{Pick, hour_of_week};
use crate::service::numbers::Span;
use crate::storage::call_log::search::{DecidedBy, Filter, Order};
use crate::storage::{DaysChoice, SavedFilter};
use crate::ui::app::State;
use crate::ui::theme::{self, CONTROL_HEIGHT, CONTROL_HEIGHT_SMALL, icons, space, text};
use crate::ui::widgets::{
    Button, OutcomeKind, TextField, menu_button, menu_item, menu_separator, safe_text, search_menu,
};

/// What is wanted, as it was typed and chosen.
#[derive(Default)]
pub(super) struct FilterBar {
    filter: Filter,
    days: Option<DaysChoice>,
    days_form: Option<DaysForm>,
}

const OUTCOMES: [(&str, OutcomeKind); 3] =
    [("connect", OutcomeKind::Connect), ("keep", OutcomeKind::Keep), ("reject", OutcomeKind::Reject)];

impl FilterBar {
    /// What is looked for now.
    pub(super) fn wanted(&self, state: &State) -> Filter {
        let (from, before) = self.days.map_or((None, None), |days| days::between(days, state));
        let ms = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
        Filter { from_ms: ms(from), before_ms: ms(before), ..self.filter.clone() }
    }

    /// Shows only the calls of this caller.
    pub(super) fn of_caller(&mut self, number: &str) {
        *self = Self::default();
        self.filter.caller = Some(number.to_owned());
    }

    /// Shows the calls behind a number.
    pub(super) fn show(&mut self, pick: Pick, span: Span) {
        *self = Self { days: days::of_span(span), ..Self::default() };
        self.filter.tests = Some(false);
        match pick {
            Pick::Outcome(outcome) => self.filter.outcome = Some(outcome),
            Pick::Agent(name) => self.filter.agent = Some(name),
            Pick::Decided(by) => self.filter.decided_by = Some(by),
            Pick::Caller(number) => self.filter.caller = Some(number),
            Pick::Hour(begin) => self.days = Some(DaysChoice::Hour(begin)),
            Pick::HourOfWeek(hour) => self.filter.hour = Some(hour),
            Pick::LookUpFailed => self.filter.look_up_failed = true,
        }
    }

    /// Shows what was saved.
    pub(super) fn take(&mut self, saved: &SavedFilter) {
        *self = Self { filter: saved.filter.clone(), days: saved.days, ..Self::default() };
    }

    /// Whether this is what is shown.
    pub(super) fn is(&self, saved: &SavedFilter) -> bool {
        (&self.filter, self.days) == (&saved.filter, saved.days)
    }

    /// What is shown, under a name.
    pub(super) fn to_save(&self, name: String) -> SavedFilter {
        SavedFilter { name, filter: self.filter.clone(), days: self.days }
    }

    /// In which order calls are shown.
    pub(super) fn order(&mut self) -> &mut Order {
        &mut self.filter.order
    }

    /// Whether not all calls are shown.
    pub(super) fn is_on(&self) -> bool {
        self.days.is_some() || !self.filter.is_empty()
    }

    /// Draws the field for words.
    pub(super) fn text_ui(&mut self, ui: &mut Ui) {
        let width = 280.0_f32.min(ui.available_width() - CONTROL_HEIGHT - text::ICON - 3.0 * space::S);
        let query = &mut self.filter.text;
        if !query.is_empty() && ui.add(Button::icon(icons::X, "Clear the search")).clicked() {
            query.clear();
        }
        let field = TextField::new(query).hint("Name, number, rule or variable").width(width);
        let response = ui.add(field.id_salt("filter"));
        response.widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, "Search calls"));
        ui.label(text::icon(icons::SEARCH, theme::palette(ui).text_faint));
    }

    /// Draws the buttons; `more` adds further ones in front.
    pub(super) fn chips_ui(&mut self, ui: &mut Ui, state: &State, more: impl FnOnce(&mut Ui, &mut Self)) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(6.0, 6.0);
            ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_SMALL;
            more(ui, self);
            self.outcome_ui(ui);
            self.rule_ui(ui, state);
            self.agent_ui(ui, state);
            self.line_ui(ui, state);
            self.days_ui(ui, state);
            self.more_ui(ui);
            self.caller_ui(ui, state);
            self.hour_ui(ui);
            if self.is_on() && ui.add(Button::quiet("Show all").with_icon(icons::X).small()).clicked() {
                *self = Self::default();
            }
        });
        if let Some(form) = &mut self.days_form
            && let Some(ended) = form.ui(ui, state)
        {
            if let Ended::Chosen(days) = ended {
                self.days = Some(days);
            }
            self.days_form = None;
        }
    }

    fn outcome_ui(&mut self, ui: &mut Ui) {
        let chosen = &mut self.filter.outcome;
        let word_of =
            |id: &str| OUTCOMES.iter().find(|(outcome, _)| *outcome == id).map(|(_, kind)| kind.word());
        let shown = chosen.as_deref().and_then(word_of);
        menu_button(ui, chip("Outcome", shown).button(), |ui| {
            for (id, kind) in OUTCOMES {
                if menu_item(ui, kind.icon(), kind.word()).clicked() {
                    *chosen = Some(id.to_owned());
                }
            }
            any_ui(ui, "Any outcome", chosen);
        });
    }

    fn rule_ui(&mut self, ui: &mut Ui, state: &State) {
        let chosen = &mut self.filter.decided_by;
        let name_of = |id: &str| {
            let rule = state.draft.rules.iter().chain(&state.live.table.rules).find(|rule| rule.id == id);
            rule.map_or("One that is gone", |rule| rule.name.as_str())
        };
        let shown = chosen.as_ref().map(|by| match by {
            DecidedBy::Rule(id) => safe_text(name_of(id)).into_owned(),
            DecidedBy::Fallback => "The fallback".to_owned(),
            DecidedBy::Override => "Closed or redirected".to_owned(),
        });
        let mut options = vec![
            (None, "Any rule".to_owned()),
            (Some(DecidedBy::Fallback), "The fallback".to_owned()),
            (Some(DecidedBy::Override), "Closed or redirected".to_owned()),
        ];
        let rules = state.draft.rules.iter();
        options.extend(
            rules.map(|rule| (Some(DecidedBy::Rule(rule.id.clone())), safe_text(&rule.name).into_owned())),
        );
        let chip = chip("Rule", shown.as_deref());
        if let (_, Some(option)) = search_menu(ui, chip.button(), "Rule", &options) {
            chosen.clone_from(option);
        }
    }

    fn agent_ui(&mut self, ui: &mut Ui, state: &State) {
        let chosen = &mut self.filter.agent;
        let mut options = vec![(None, "Any agent".to_owned())];
        let agents = state.draft.agents.iter();
        options.extend(agents.map(|agent| (Some(agent.name.clone()), safe_text(&agent.name).into_owned())));
        let shown = chosen.as_deref().map(safe_text);
        let chip = chip("Agent", shown.as_deref());
        if let (_, Some(option)) = search_menu(ui, chip.button(), "Agent", &options) {
            chosen.clone_from(option);
        }
    }

    fn line_ui(&mut self, ui: &mut Ui, state: &State) {
        let chosen = &mut self.filter.line;
        let lines = &state.draft.lines;
        let shown = chosen.as_deref().map(|number| {
            let line = lines.iter().find(|line| line.number == number);
            safe_text(&line.map_or_else(|| state.number(Some(number)), |line| line.name.clone())).into_owned()
        });
        let mut options = vec![(None, "Any line".to_owned())];
        options
            .extend(lines.iter().map(|line| (Some(line.number.clone()), safe_text(&line.name).into_owned())));
        let chip = chip("Line", shown.as_deref());
        if let (_, Some(option)) = search_menu(ui, chip.button(), "Line", &options) {
            chosen.clone_from(option);
        }
    }

    fn days_ui(&mut self, ui: &mut Ui, state: &State) {
        let chosen = &mut self.days;
        let shown = chosen.map(|days| days::words(days, state));
        let mut wants_form = false;
        menu_button(ui, chip("Days", shown.as_deref()).button(), |ui| {
            for days in days::USUAL {
                if menu_item(ui, icons::CALENDAR, &days::words(days, state)).clicked() {
                    *chosen = Some(days);
                }
            }
            wants_form = menu_item(ui, icons::CALENDAR_CLOCK, "From and to…").clicked();
            any_ui(ui, "Any day", chosen);
        });
        if wants_form {
            self.days_form = Some(DaysForm::new(self.days, state));
        }
    }

    fn more_ui(&mut self, ui: &mut Ui) {
        let Filter { slow, asked_again, troubled, look_up_failed, tests, .. } = &mut self.filter;
        let mut words = Vec::new();
        words.extend(slow.then_some("slow"));
        words.extend(asked_again.then_some("asked more than once"));
        words.extend(troubled.then_some("something broke"));
        words.extend(look_up_failed.then_some("a look-up failed"));
        words.extend(tests.map(|only| if only { "tests" } else { "no tests" }));
        let shown = (!words.is_empty()).then(|| words.join(", "));
        menu_button(ui, chip("More", shown.as_deref()).button(), |ui| {
            let switch = |ui: &mut Ui, on: bool, icon, words| {
                menu_item(ui, if on { icons::CHECK } else { icon }, words).clicked() != on
            };
            *slow = switch(ui, *slow, icons::CLOCK, "Slow answers (half a second or more)");
            *asked_again = switch(ui, *asked_again, icons::REFRESH, "Retell asked more than once");
            *troubled = switch(ui, *troubled, icons::TRIANGLE_ALERT, "Something broke on the way");
            let words = "A look-up was late or failed";
            *look_up_failed = switch(ui, *look_up_failed, icons::CIRCLE_ALERT, words);
            menu_separator(ui);
            for (only, words) in [(true, "Only tests"), (false, "Without tests")] {
                let is_on = *tests == Some(only);
                if switch(ui, is_on, icons::PLAY, words) {
                    *tests = Some(only);
                } else if is_on {
                    *tests = None;
                }
            }
        });
    }

    /// There is none until the calls of somebody were asked for.
    fn caller_ui(&mut self, ui: &mut Ui, state: &State) {
        let Some(number) = &self.filter.caller else { return };
        let words = format!("Caller: {}", state.number(Some(number)));
        let button = Button::secondary(&words).with_trailing(icons::X).small().selected(true);
        if ui.add(button.tooltip("Show the calls of everybody")).clicked() {
            self.filter.caller = None;
        }
    }

    fn hour_ui(&mut self, ui: &mut Ui) {
        let Some(hour) = &self.filter.hour else { return };
        let words = format!("Hour: {}", hour_of_week(hour));
        let button = Button::secondary(&words).with_trailing(icons::X).small().selected(true);
        if ui.add(button.tooltip("Show the calls of all hours")).clicked() {
            self.filter.hour = None;
        }
    }
}

/// The row of a menu that takes a choice back.
fn any_ui<T>(ui: &mut Ui, words: &str, chosen: &mut Option<T>) {
    if chosen.is_some() {
        menu_separator(ui);
        if menu_item(ui, icons::X, words).clicked() {
            *chosen = None;
        }
    }
}

/// A button of the row: says what was chosen behind it.
struct ChipWords {
    name: String,
    words: String,
    is_on: bool,
}

fn chip(name: &str, chosen: Option<&str>) -> ChipWords {
    let words = chosen.map_or_else(|| name.to_owned(), |chosen| format!("{name}: {chosen}"));
    // The titles of the columns have the same words.
    let name = if chosen.is_some() { words.clone() } else { format!("Filter by {}", name.to_lowercase()) };
    ChipWords { name, words, is_on: chosen.is_some() }
}

impl ChipWords {
    fn button(&self) -> Button<'_> {
        let button = Button::secondary(&self.words).with_trailing(icons::CHEVRON_DOWN).small();
        button.selected(self.is_on).name(&self.name)
    }
}
