//! The routes screen: the rules in order, the editor of one rule, the schedules, the lists, and the
//! versions of the table.
//!
//! Reads the state and leaves actions. What a condition or its editor looks like is the business
//! of its plugin.

pub(crate) mod backtest;
mod checks;
mod editor;
mod edits;
mod list;
pub(crate) mod lists;
mod look_ups;
mod recount;
mod row;
mod schedules;
mod sentences;
mod starters;
pub(crate) mod test_cases;
mod versions;
mod view;
mod week;

use egui::{Frame, Margin, Panel, ScrollArea, Ui};

use crate::routing::{Problem, Table};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{icons, palette, space};
use crate::ui::widgets::{Button, Screen, menu_item, menu_separator, more_menu};
use backtest::BacktestPage;
use checks::Checks;
pub(crate) use checks::{finding_goal, finding_line_ui};
use editor::Editor;
use list::{Asked, List};
use lists::Lists;
use look_ups::LookUps;
use schedules::Schedules;
pub(super) use starters::StarterDialog;
use test_cases::TestCases;
use versions::Versions;
use view::View;
use week::WeekPage;

/// From this width on, in points, the editor stands beside the list.
const WIDE: f32 = 1160.0;

/// What is open in the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    /// The rule with this id.
    Rule(String),
    /// What happens to all other calls.
    Fallback,
}

/// The routes screen.
#[derive(Default)]
pub struct RoutesScreen {
    view: View,
    list: List,
    open: Option<Target>,
    editor: Editor,
    /// The page of schedules, while it is open.
    schedules: Option<Schedules>,
    /// The dialog to start from an example, while it is open.
    starter: Option<StarterDialog>,
    /// The page of lists, while it is open.
    lists: Option<Lists>,
    /// The page of look-ups, while it is open.
    look_ups: Option<LookUps>,
    /// The page of test cases, while it is open.
    test_cases: Option<TestCases>,
    /// The page of what the checks say, while it is open.
    checks: Option<Checks>,
    /// The page of past calls that the draft would answer otherwise, while it is open.
    backtest: Option<BacktestPage>,
    /// The page of versions, while it is open.
    versions: Option<Versions>,
    /// The page of who answers when, while it is open.
    week: Option<WeekPage>,
}

impl RoutesScreen {
    /// Opens the rule with this id in the editor.
    pub fn open_rule(&mut self, id: &str) {
        self.close_pages();
        self.open(Target::Rule(id.to_owned()), false);
    }

    /// Opens what happens to all other calls in the editor.
    pub fn open_fallback(&mut self) {
        self.close_pages();
        self.open(Target::Fallback, false);
    }

    /// Opens the test case with this id; all of them, without one.
    pub fn open_test(&mut self, id: Option<String>) {
        self.close_pages();
        self.test_cases = Some(TestCases::at(id));
    }

    /// Shows which past calls the draft would answer otherwise.
    pub fn open_backtest(&mut self) {
        self.close_pages();
        self.backtest = Some(BacktestPage::default());
    }

    /// Opens the look-up in use with this id.
    pub fn open_look_up(&mut self, id: String) {
        self.close_pages();
        self.look_ups = Some(LookUps::at(id));
    }

    /// Shows who answers when.
    pub fn open_week(&mut self) {
        self.close_pages();
        self.week = Some(WeekPage::default());
    }

    /// Shows all that the checks say.
    pub fn open_checks(&mut self) {
        self.close_pages();
        self.checks = Some(Checks::default());
    }

    /// Shows all versions of the table.
    pub fn open_versions(&mut self) {
        self.close_pages();
        self.versions = Some(Versions::default());
    }

    /// Shows this version of the table.
    pub fn open_version(&mut self, version: u32) {
        self.close_pages();
        self.versions = Some(Versions::at(version));
    }

    /// Texts that stand in fields of the editor and cannot be read: of these, `draft` holds older
    /// ones.
    #[must_use]
    pub fn unread(&self, draft: &Table) -> Vec<Problem> {
        self.editor.unread(draft)
    }

    /// Forgets half-written texts: the draft they were for is gone.
    pub fn forget_texts(&mut self) {
        self.editor.forget_texts();
    }

    /// Adds a rule at the end and opens it in the editor.
    pub fn add_rule(&mut self, ui: &Ui, state: &State, actions: &mut Actions) {
        self.close_pages();
        if let Some(target) = list::act(ui, edits::add(&state.draft, usize::MAX), actions) {
            self.open(target, true);
        }
    }

    /// Shows the list, whatever is open.
    pub fn show_list(&mut self) {
        self.close_pages();
        self.open = None;
    }

    fn close_pages(&mut self) {
        (self.schedules, self.lists, self.look_ups, self.versions) = (None, None, None, None);
        (self.test_cases, self.checks, self.backtest, self.week) = (None, None, None, None);
    }

    /// The name of the page of help on what is seen.
    #[must_use]
    pub fn help_page(&self) -> &'static str {
        if self.schedules.is_some() {
            "schedules"
        } else if self.lists.is_some() {
            "lists"
        } else if self.test_cases.is_some() {
            "examples-and-tests"
        } else if self.checks.is_some() {
            "checks"
        } else if self.backtest.is_some() {
            "backtest"
        } else if self.look_ups.is_some() {
            "web-look-ups"
        } else if self.versions.is_some() {
            "publishing"
        } else if self.week.is_some() {
            "week"
        } else {
            "rules"
        }
    }

    /// Draws the screen.
    pub fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        self.view.update(state);
        if let Some(page) = &mut self.schedules {
            if !page.ui(ui, state, actions) {
                self.schedules = None;
            }
            return;
        }
        if let Some(page) = &mut self.lists {
            if !page.ui(ui, state, actions) {
                self.lists = None;
            }
            return;
        }
        if let Some(page) = &mut self.look_ups {
            if !page.ui(ui, state, actions) {
                self.look_ups = None;
            }
            return;
        }
        if let Some(page) = &mut self.test_cases {
            if !page.ui(ui, state, actions) {
                self.test_cases = None;
            }
            return;
        }
        if let Some(page) = &mut self.versions {
            if !page.ui(ui, state, actions) {
                self.versions = None;
            }
            return;
        }
        if let Some(page) = &mut self.backtest {
            if !page.ui(ui, state, actions) {
                self.backtest = None;
            }
            return;
        }
        if let Some(page) = &mut self.week {
            if !page.ui(ui, state, actions) {
                self.week = None;
            }
            return;
        }
        if let Some(page) = &mut self.checks {
            if !page.ui(ui, state, actions) {
                self.checks = None;
            }
            return;
        }
        if let Some(dialog) = &mut self.starter
            && !dialog.ui(ui, state, actions)
        {
            self.starter = None;
        }
        let wide = ui.available_width() >= WIDE;
        match self.open.clone().filter(|target| self.exists(target)) {
            Some(target) if wide => {
                self.side_ui(ui, state, &target, actions);
                self.list_ui(ui, state, actions);
            }
            Some(target) => self.page_ui(ui, state, &target, actions),
            None => self.list_ui(ui, state, actions),
        }
    }

    fn exists(&self, target: &Target) -> bool {
        match target {
            Target::Rule(id) => self.view.rules.iter().any(|rule| rule.id == *id),
            Target::Fallback => true,
        }
    }

    fn open(&mut self, target: Target, is_new: bool) {
        self.editor.begin(is_new);
        self.open = Some(target);
    }

    fn list_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let (mut adds, mut schedules, mut lists) = (false, false, false);
        let (mut look_ups, mut starts) = (false, false);
        let mut pressed = Actions::new();
        let Self { view, list, open, .. } = self;
        let about = "Looked at from the top; the first rule that matches decides who answers";
        let asked = Screen::new("Routes", about).no_scroll().show(
            ui,
            |ui| {
                adds = ui.add(Button::primary("Add a rule").with_icon(icons::PLUS)).clicked();
                let button = Button::secondary("Schedules…").with_icon(icons::CALENDAR_CLOCK);
                schedules = ui.add(button).clicked();
                lists = ui.add(Button::secondary("Lists…").with_icon(icons::LIST)).clicked();
                if state.registry.usable().next().is_some() || !state.draft.look_ups.is_empty() {
                    let button = Button::secondary("Contacts & look-ups…").with_icon(icons::USERS);
                    look_ups = ui.add(button).clicked();
                }
                starts = table_buttons(ui, &mut pressed);
            },
            |ui| list.ui(ui, state, view, open.as_ref(), actions),
        );
        actions.append(&mut pressed);
        let mut target = match asked {
            Some(Asked::Open(target)) => Some(target),
            Some(Asked::Start) => {
                starts = true;
                None
            }
            Some(Asked::Checks) => {
                self.checks = Some(Checks::default());
                None
            }
            None => None,
        };
        if starts {
            self.starter = Some(StarterDialog::default());
        }
        if adds {
            target = list::act(ui, edits::add(&state.draft, usize::MAX), actions);
        }
        if schedules {
            self.schedules = Some(Schedules::default());
        }
        if lists {
            self.lists = Some(Lists::default());
        }
        if look_ups {
            self.look_ups = Some(LookUps::default());
        }
        if let Some(target) = target {
            let is_new = matches!(&target, Target::Rule(id) if state.draft.rule(id).is_none());
            self.open(target, is_new);
        }
    }

    fn side_ui(&mut self, ui: &mut Ui, state: &State, target: &Target, actions: &mut Actions) {
        let p = palette(ui);
        let frame = Frame::new().fill(p.canvas);
        let panel = Panel::right("rule editor").default_size(560.0).size_range(460.0..=720.0).frame(frame);
        panel.show(ui, |ui| {
            let margin = Margin::same(space::XL as i8);
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                Frame::new().inner_margin(margin).show(ui, |ui| {
                    ui.take_available_width();
                    egui::Sides::new().shrink_left().height(32.0).show(
                        ui,
                        |ui| {
                            let title = crate::ui::theme::text::heading(title_of(target));
                            ui.add(egui::Label::new(title).truncate());
                        },
                        |ui| {
                            if ui.add(Button::icon(icons::X, "Close the editor")).clicked() {
                                self.close(ui);
                            }
                        },
                    );
                    ui.add_space(space::S);
                    self.editor.ui(ui, state, target, actions);
                });
            });
        });
    }

    fn page_ui(&mut self, ui: &mut Ui, state: &State, target: &Target, actions: &mut Actions) {
        let (mut back, mut starts) = (false, false);
        let mut pressed = Actions::new();
        let about = "Every change is kept in the draft; calls are answered by it once it is published";
        Screen::new(title_of(target), about).show(
            ui,
            |ui| {
                back = back_button(ui);
                starts = table_buttons(ui, &mut pressed);
            },
            |ui| self.editor.ui(ui, state, target, actions),
        );
        actions.append(&mut pressed);
        if starts {
            self.starter = Some(StarterDialog::default());
        }
        if back {
            self.close(ui);
        }
    }

    /// Closes the editor; the keyboard is with the rule again.
    fn close(&mut self, ui: &Ui) {
        if let Some(Target::Rule(id)) = self.open.take() {
            ui.memory_mut(|memory| memory.request_focus(row::row_id(&id)));
        }
    }
}

/// The way from a page back to the list of rules. Says whether it was taken.
fn back_button(ui: &mut Ui) -> bool {
    let button = Button::secondary("Routes").with_icon(icons::CHEVRON_LEFT).name("Back to routes");
    ui.add(button).clicked()
}

fn title_of(target: &Target) -> &'static str {
    match target {
        Target::Rule(_) => "Edit rule",
        Target::Fallback => "All other calls",
    }
}

/// The menu of what can be done with the whole table. Says whether an example is wanted.
fn table_buttons(ui: &mut Ui, actions: &mut Actions) -> bool {
    let mut starts = false;
    more_menu(ui, "More about the table", |ui| {
        if menu_item(ui, icons::DOWNLOAD, "Import table…").clicked() {
            actions.push(Action::ImportTable);
        }
        if menu_item(ui, icons::UPLOAD, "Export table…").clicked() {
            actions.push(Action::ExportTable);
        }
        if menu_item(ui, icons::CALENDAR, "Who answers when…").clicked() {
            actions.push(Action::OpenWeek);
        }
        if menu_item(ui, icons::CIRCLE_CHECK, "Test cases…").clicked() {
            actions.push(Action::OpenTest(None));
        }
        if menu_item(ui, icons::REFRESH, "Backtest…").clicked() {
            actions.push(Action::OpenBacktest);
        }
        if menu_item(ui, icons::HISTORY, "Versions…").clicked() {
            actions.push(Action::OpenVersions);
        }
        menu_separator(ui);
        starts = menu_item(ui, icons::LAYERS, "Start from an example…").clicked();
    });
    starts
}

/// What is wrong with a rule, in sentences.
fn problems_of<'a>(state: &'a State, rule: &'a str) -> impl Iterator<Item = &'a str> {
    let of_rule = move |problem: &&Problem| problem.rule.as_deref() == Some(rule);
    state.obstacles().filter(of_rule).map(|problem| problem.message.as_str())
}
