//! Many calls at once against the own port, and how quickly they were answered.

use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::routing::grouped;
use crate::service::messages::{Bench, BurstWish, Command, Serving};
use crate::service::{MOST_AT_ONCE, MOST_CALLERS, MOST_CALLS};
use crate::ui::app::{Action, Actions, BurstRun, State};
use crate::ui::decision;
use crate::ui::theme::{self, Tone, icons, space, text};
use crate::ui::widgets::{self, Banner, Button, EmptyState, Field, Level, number_field, safe_text, select};

/// Height of the picture, in points.
const HEIGHT: f32 = 180.0;
/// The picture goes from so many microseconds, each column up to so many times the one before.
const FROM_US: f64 = 100.0;
const STEP: f64 = 1.333_521_432_163_324; // the eighth root of ten: eight columns for each power of ten
const COLUMNS: usize = 40;

/// What is filled in.
pub(super) struct BurstPanel {
    calls: u32,
    callers: u32,
    at_once: u32,
    line: Option<String>,
    /// The number of what was asked for last.
    run: u64,
    /// How many failures there had been then.
    failures: u64,
}

impl Default for BurstPanel {
    fn default() -> Self {
        Self { calls: 200, callers: 20, at_once: 8, line: None, run: 0, failures: 0 }
    }
}

impl BurstPanel {
    /// Draws it.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        let run = state.bench.burst.as_ref().filter(|burst| burst.run == self.run && self.run > 0);
        let about = "Signed requests through the real port, to see how quickly they are answered. They stay on this \
                     computer, stand under Calls marked as tests, and count nowhere; look-ups are asked for each";
        widgets::section(ui, "Burst of calls", about, |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            self.form_ui(ui, state);
            self.buttons_ui(ui, state, run, actions);
        });
        widgets::card(ui, |ui| {
            if let Some(run) = run {
                run_ui(ui, run);
            } else {
                let title = "How quickly are calls answered?";
                let text =
                    "Send a burst, and see here how long the answers took. Retell waits 10 seconds for each";
                EmptyState { icon: icons::SEND, title, text }.show(ui, |_| ());
            }
        });
    }

    fn form_ui(&mut self, ui: &mut Ui, state: &State) {
        let lines = &state.draft.lines;
        if self.line.as_ref().is_none_or(|number| state.draft.line_by_number(number).is_none()) {
            self.line = lines.first().map(|line| line.number.clone());
        }
        let width = ((ui.available_width() - 3.0 * space::M) / 4.0).max(90.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = space::M;
            let fields = [
                ("Calls", &mut self.calls, MOST_CALLS),
                ("Callers", &mut self.callers, MOST_CALLERS),
                ("At once", &mut self.at_once, MOST_AT_ONCE),
            ];
            for (label, number, most) in fields {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    let help = format!("At most {most}");
                    let field = Field::new(label).help(&help);
                    if field.show(ui, |ui| number_field(ui, number, "1", width)).lost_focus() {
                        *number = (*number).clamp(1, most);
                    }
                });
            }
            if !lines.is_empty() {
                let names: Vec<_> = lines
                    .iter()
                    .map(|line| (Some(line.number.clone()), safe_text(&line.name).into_owned()))
                    .collect();
                let options: Vec<_> =
                    names.iter().map(|(number, name)| (number.clone(), name.as_str())).collect();
                ui.vertical(|ui| {
                    ui.set_width(width);
                    Field::new("Line called")
                        .show(ui, |ui| select(ui, "burst line", width, &mut self.line, &options));
                });
            }
        });
    }

    fn buttons_ui(&mut self, ui: &mut Ui, state: &State, run: Option<&BurstRun>, actions: &mut Actions) {
        let obstacle = match &state.serving {
            _ if state.keys.current.is_none() => {
                Some("No API key is set, so nothing can be signed. Add it in Settings".to_owned())
            }
            Serving::Starting => Some("Calls cannot be received yet".to_owned()),
            Serving::Blocked { reason, .. } => Some(safe_text(reason).into_owned()),
            Serving::Listening(_) => None,
        };
        let is_running = run.is_some_and(|run| !run.is_done);
        // The last part may be among what did not come.
        let is_in_doubt = is_running && state.failures != self.failures;
        let can_send = obstacle.is_none() && (is_in_doubt || !is_running);
        ui.horizontal_wrapped(|ui| {
            let send = Button::primary("Send the burst").with_icon(icons::SEND);
            if ui.add_enabled(can_send, send).clicked() {
                (self.run, self.failures) = (state.bench.next_run(), state.failures);
                let wish = BurstWish {
                    run: self.run,
                    calls: self.calls.clamp(1, MOST_CALLS),
                    callers: self.callers.clamp(1, MOST_CALLERS),
                    at_once: self.at_once.clamp(1, MOST_AT_ONCE),
                    to: self.line.clone().unwrap_or_else(|| "+14155550100".to_owned()),
                };
                actions.push(Action::Send(Command::Bench(Box::new(Bench::Burst(wish)))));
            }
            if is_running {
                if ui.add(Button::secondary("Stop").with_icon(icons::X)).clicked() {
                    actions.push(Action::Send(Command::Bench(Box::new(Bench::Stop))));
                }
                if is_in_doubt {
                    let words = "Something failed meanwhile; if nothing more comes, send it again";
                    decision::quiet(ui, words);
                } else {
                    ui.spinner();
                }
            }
            if let Some(obstacle) = obstacle {
                decision::quiet(ui, &obstacle);
            }
        });
    }
}

fn run_ui(ui: &mut Ui, run: &BurstRun) {
    let BurstRun { sorted_us, failed, total, seconds, is_done, .. } = run;
    let failures: usize = failed.values().sum();
    let (answered, all) = (grouped(sorted_us.len()), grouped(*total as usize));
    let words = if *is_done {
        let rate = grouped((sorted_us.len() as f64 / seconds.max(0.001)) as usize);
        format!("{answered} of {all} calls answered in {seconds:.1} s, {rate} a second")
    } else {
        format!("{answered} of {all} calls answered")
    };
    ui.label(text::heading(words));
    if failures == 0 && *is_done && sorted_us.len() == *total as usize {
        Banner::new(Level::Success, "Every call got its answer").show(ui, |_| ());
    }
    for (why, count) in failed {
        let words =
            if *count == 1 { "1 call got none".to_owned() } else { format!("{count} calls got none") };
        Banner::new(Level::Error, &words).detail(&safe_text(why)).show(ui, |_| ());
    }
    if sorted_us.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::XL;
        for (name, share) in
            [("Half within", 0.5), ("95 of 100 within", 0.95), ("99 of 100 within", 0.99), ("Slowest", 1.0)]
        {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let p = theme::palette(ui);
                ui.label(text::faint(p, name));
                ui.label(text::strong(took_words(at_share(sorted_us, share))));
            });
        }
    });
    picture_ui(ui, sorted_us);
}

fn at_share(sorted: &[u64], share: f64) -> u64 {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
}

fn took_words(micros: u64) -> String {
    if micros >= 1_000_000 {
        return format!("{:.1} s", micros as f64 / 1e6);
    }
    format!("{} ms", decision::milliseconds(micros))
}

/// How many calls took how long, to a scale on which each step is a third longer.
fn picture_ui(ui: &mut Ui, sorted_us: &[u64]) {
    let p = theme::palette(ui);
    let mut counts = [0_usize; COLUMNS];
    for micros in sorted_us {
        let place = ((*micros as f64 / FROM_US).max(1.0).ln() / STEP.ln()) as usize;
        counts[place.min(COLUMNS - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let name = format!("How many calls took how long: half within {}", took_words(at_share(sorted_us, 0.5)));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let floor = rect.bottom() - 22.0;
    let width = rect.width() / COLUMNS as f32;
    let painter = ui.painter();
    painter.hline(rect.x_range(), floor, Stroke::new(1.0, p.border));
    let edge = |column: usize| (FROM_US * STEP.powi(column as i32)).round() as u64;
    for (column, count) in counts.iter().enumerate() {
        let left = rect.left() + width * column as f32;
        if column % 8 == 0 {
            let at = pos2(left, floor + 4.0);
            painter.vline(left, rect.top()..=floor, Stroke::new(1.0, p.border));
            painter.text(
                at,
                Align2::LEFT_TOP,
                took_words(edge(column)),
                text::regular(text::SMALL),
                p.text_soft,
            );
        }
        if *count == 0 {
            continue;
        }
        let height = (floor - rect.top() - 4.0) * (*count as f32 / most as f32);
        let bar =
            Rect::from_min_max(pos2(left + 1.0, floor - height.max(2.0)), pos2(left + width - 1.0, floor));
        let whole = Rect::from_min_max(pos2(left, rect.top()), pos2(left + width, floor));
        let hovered = response.hover_pos().is_some_and(|at| whole.contains(at));
        let colours = p.tone(if edge(column) >= 1_000_000 { Tone::Warning } else { Tone::Accent });
        painter.rect_filled(bar, CornerRadius::same(2), if hovered { colours.text } else { colours.solid });
        if hovered {
            let calls = if *count == 1 { "1 call".to_owned() } else { format!("{count} calls") };
            let words =
                format!("{calls} from {} to {}", took_words(edge(column)), took_words(edge(column + 1)));
            response.clone().on_hover_text_at_pointer(words);
        }
    }
}
