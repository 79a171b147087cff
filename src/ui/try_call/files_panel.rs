//! Many requests out of files, tried all together, with a row for each.

use std::path::PathBuf;

use egui::{Align, Label, Layout, RichText, ScrollArea, Sides, Ui, vec2};

use super::result::by_words;
use crate::routing::{self, By, Caller};
use crate::service::messages::{Bench, Command, FileOutcome, FileTried};
use crate::ui::app::{Action, Actions, FilesRun, State};
use crate::ui::decision;
use crate::ui::theme::{self, Tone, icons, space, text};
use crate::ui::widgets::{
    self, Banner, Button, EmptyState, Level, OutcomeKind, capital, outcome_badge, safe_text, segmented,
    status,
};

/// Height of a row, in points.
const ROW: f32 = 34.0;

/// What was chosen, and what is shown of it.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(super) struct FilesPanel {
    paths: Vec<PathBuf>,
    against_draft: bool,
    asks_nobody: bool,
    only_wrong: bool,
    /// The number of what was asked for last.
    run: u64,
    /// How many failures there had been then.
    failures: u64,
    is_wanted: bool,
}

impl FilesPanel {
    /// Tries what is in these files and folders when the panel is next drawn.
    pub(super) fn load(&mut self, paths: Vec<PathBuf>) {
        self.paths = paths;
        self.is_wanted = true;
    }

    /// Draws it. Gives the body of a request that is to be looked at alone.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> Option<String> {
        let dropped = ui.input(|input| {
            input.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect::<Vec<_>>()
        });
        if !dropped.is_empty() {
            self.load(dropped);
        }
        let run = state.bench.files.as_ref().filter(|files| files.run == self.run && self.run > 0);
        widgets::section(ui, "Files of requests", ABOUT, |ui| self.controls_ui(ui, state, run, actions));
        if std::mem::take(&mut self.is_wanted) {
            (self.run, self.failures) = (state.bench.next_run(), state.failures);
            let draft = self.against_draft.then(|| state.draft.clone());
            let (paths, asks_nobody) = (self.paths.clone(), self.asks_nobody);
            let wanted = Bench::TryFiles { run: self.run, paths, draft, asks_nobody };
            actions.push(Action::Send(Command::Bench(Box::new(wanted))));
            return None;
        }
        let mut opened = None;
        match run {
            Some(run) => widgets::card(ui, |ui| opened = self.rows_ui(ui, state, run)).inner,
            None if self.paths.is_empty() => {
                widgets::card(ui, |ui| {
                    let title = "No files yet";
                    let text = "Drop files or a folder here, or open them above";
                    EmptyState { icon: icons::FILE_JSON, title, text }.show(ui, |_| ());
                });
            }
            None if self.is_in_doubt(state) => decision::quiet(ui, IN_DOUBT),
            None => {
                ui.spinner();
            }
        }
        opened
    }

    /// Whether what is still to come may be among what did not come.
    fn is_in_doubt(&self, state: &State) -> bool {
        state.failures != self.failures
    }

    fn controls_ui(&mut self, ui: &mut Ui, state: &State, run: Option<&FilesRun>, actions: &mut Actions) {
        ui.horizontal_wrapped(|ui| {
            if ui.add(Button::secondary("Open a file…").with_icon(icons::FILE_JSON)).clicked() {
                actions.push(Action::ChooseToTry { folder: false });
            }
            if ui.add(Button::secondary("Open a folder…").with_icon(icons::LAYERS)).clicked() {
                actions.push(Action::ChooseToTry { folder: true });
            }
            let live = format!("Live v{}", state.live.version);
            let mut changed = segmented(ui, &mut self.against_draft, &[(false, &live), (true, "Draft")]);
            let asks = [(false, "Ask look-ups"), (true, "Nobody")];
            changed |= segmented(ui, &mut self.asks_nobody, &asks);
            self.is_wanted |= changed && !self.paths.is_empty();
            let is_running = run.is_some_and(|run| !run.is_done);
            let is_in_doubt = is_running && self.is_in_doubt(state);
            if is_running {
                if ui.add(Button::secondary("Stop").with_icon(icons::X)).clicked() {
                    actions.push(Action::Send(Command::Bench(Box::new(Bench::Stop))));
                }
                if is_in_doubt {
                    decision::quiet(ui, IN_DOUBT);
                } else {
                    ui.spinner();
                }
            }
            if (is_in_doubt || !is_running)
                && !self.paths.is_empty()
                && ui.add(Button::icon(icons::REFRESH, "Try again").tooltip("Read the files again")).clicked()
            {
                self.is_wanted = true;
            }
        });
    }

    fn rows_ui(&mut self, ui: &mut Ui, state: &State, run: &FilesRun) -> Option<String> {
        let rows = &run.rows;
        if let Some(why) = &run.why_not {
            Banner::new(Level::Warning, &safe_text(why)).show(ui, |_| ());
        }
        if rows.is_empty() {
            if !run.is_done {
                decision::quiet(ui, &begun_words(run.total));
            } else if run.why_not.is_none() {
                let banner = Banner::new(Level::Warning, "There is no file in this folder");
                banner.show(ui, |_| ());
            }
            return None;
        }
        let wrong = rows.iter().filter(|row| row.result.is_err()).count();
        self.summary_ui(ui, run, wrong);
        let shown: Vec<&FileTried> =
            rows.iter().filter(|row| !self.only_wrong || row.result.is_err()).collect();
        let mut opened = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        let room = (ui.available_height() - space::L).max(ROW * 4.0);
        ScrollArea::vertical().id_salt("file rows").max_height(room).auto_shrink([false, true]).show_rows(
            ui,
            ROW,
            shown.len(),
            |ui, range| {
                for index in range {
                    let row = shown[index];
                    if ui.push_id(index, |ui| row_ui(ui, state, row)).inner {
                        opened = Some(row.body.clone());
                    }
                }
            },
        );
        opened
    }

    fn summary_ui(&mut self, ui: &mut Ui, run: &FilesRun, wrong: usize) {
        ui.horizontal_wrapped(|ui| {
            let count = |wanted: OutcomeKind| {
                let is = |row: &&FileTried| {
                    row.result.as_ref().is_ok_and(|outcome| decision::kind(&outcome.action) == wanted)
                };
                run.rows.iter().filter(is).count()
            };
            let words = if run.is_done {
                format!("{} tried", routing::count(run.rows.len(), "request", "requests"))
            } else {
                format!("{} of {} tried", run.rows.len(), run.total.map_or("…".to_owned(), |n| n.to_string()))
            };
            ui.label(text::strong(words));
            for kind in [OutcomeKind::Connect, OutcomeKind::Keep, OutcomeKind::Reject] {
                if count(kind) > 0 {
                    status(ui, kind.tone(), &format!("{} {}", kind.word(), count(kind)));
                }
            }
            if wrong > 0 {
                status(ui, Tone::Warning, &format!("Not read {wrong}"));
                let options = [(false, "All"), (true, "Only those")];
                segmented(ui, &mut self.only_wrong, &options);
            } else {
                self.only_wrong = false;
            }
        });
        ui.add_space(space::XS);
    }
}

fn begun_words(total: Option<usize>) -> String {
    total.map_or("Reading the files…".to_owned(), |total| format!("0 of {total} tried"))
}

const IN_DOUBT: &str = "Something failed meanwhile; if nothing more comes, try again";

const ABOUT: &str = "Requests in JSON, JSON Lines, curl commands or HAR archives are decided one by one, each at its \
                     own time if it tells one; nobody is called and nothing is logged";

/// One request. Says whether it is to be looked at alone.
fn row_ui(ui: &mut Ui, state: &State, row: &FileTried) -> bool {
    let p = theme::palette(ui);
    let mut opened = false;
    Sides::new().shrink_left().truncate().height(ROW - 1.0).show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing.x = space::M;
            let place = (ui.available_width() * 0.26).clamp(110.0, 240.0);
            column(ui, place, |ui| {
                let place = safe_text(&row.place);
                let words = RichText::new(place.clone()).color(p.text_soft);
                ui.add(Label::new(words).truncate()).on_hover_text(place);
            });
            match &row.result {
                Ok(outcome) => outcome_ui(ui, state, outcome),
                Err(why) => {
                    ui.label(text::icon(icons::TRIANGLE_ALERT, p.tone(Tone::Warning).text));
                    let why = capital(&safe_text(why));
                    ui.add(Label::new(text::body(&why)).truncate()).on_hover_text(why);
                }
            }
        },
        |ui| {
            if !row.body.is_empty() {
                let name = format!("Open {}", safe_text(&row.place));
                let open = Button::icon(icons::CHEVRON_RIGHT, &name).small();
                opened = ui.add(open.tooltip("Look at this call alone")).clicked();
            }
        },
    );
    widgets::divider(ui);
    opened
}

fn outcome_ui(ui: &mut Ui, state: &State, outcome: &FileOutcome) {
    let p = theme::palette(ui);
    let from = match &outcome.call.from {
        Caller::Number(number) => state.number(Some(number)),
        Caller::Withheld => state.number(None),
    };
    let to = outcome.line.clone().unwrap_or_else(|| state.number(Some(&outcome.call.to)));
    let between = (ui.available_width() * 0.46).clamp(120.0, 320.0);
    column(ui, between, |ui| {
        let words = format!("{} → {}", safe_text(&from), safe_text(&to));
        let at = decision::exact(state, outcome.at);
        ui.add(Label::new(text::body(words)).truncate()).on_hover_text(at);
    });
    column(ui, 92.0, |ui| {
        outcome_badge(ui, decision::kind(&outcome.action));
    });
    let by = match &outcome.by {
        By::Rule { name, .. } => name.clone(),
        By::Fallback => "Fallback".to_owned(),
        other => capital(&by_words(other)),
    };
    let hint = format!("{}, {}", outcome.effect, by_words(&outcome.by));
    ui.add(Label::new(RichText::new(safe_text(&by)).color(p.text)).truncate())
        .on_hover_text(safe_text(&hint));
}

fn column(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    ui.allocate_ui_with_layout(vec2(width, ROW - 1.0), Layout::left_to_right(Align::Center), |ui| {
        ui.set_width(width);
        add(ui);
    });
}
