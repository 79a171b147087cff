//! The dialog to start from an example: choose one, fill in the numbers and agents it needs.

use egui::{Align2, CornerRadius, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::routing::{Agent, Table, number};
use crate::service::starters::{Starter, starters};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{RADIUS, icons, palette, space, text};
use crate::ui::widgets::{Banner, Button, Dialog, Field, Level, TextField, select};

/// Width of the dialog, in points: room for two fields side by side.
const WIDTH: f32 = 600.0;
/// The signs of the examples, in their order.
const ICONS: [char; 4] = [icons::CALENDAR_CLOCK, icons::SHIELD, icons::GLOBE, icons::MAP_PIN];

/// The dialog, while it is open.
pub(in crate::ui) struct StarterDialog {
    starters: Vec<Starter>,
    form: Option<Form>,
}

/// What an example needs, as it is typed.
struct Form {
    starter: Starter,
    /// One for each of its lines.
    numbers: Vec<String>,
    /// One for each of its agents.
    retell_ids: Vec<String>,
}

/// What was pressed below the form.
enum Pressed {
    Use,
    Back,
}

impl Default for StarterDialog {
    fn default() -> Self {
        Self { starters: starters(), form: None }
    }
}

impl StarterDialog {
    /// Draws it. Says whether it stays open.
    pub(in crate::ui) fn ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        let Some(form) = &mut self.form else { return self.choose_ui(ui, state) };
        match form.ui(ui, state) {
            (_, true) => false,
            (None, _) => true,
            (Some(Pressed::Back), _) => {
                self.form = None;
                true
            }
            (Some(Pressed::Use), _) => {
                let what = format!("Start from “{}”", form.starter.title);
                actions.push(Action::Edit { what, table: form.filled(&state.draft) });
                false
            }
        }
    }

    fn choose_ui(&mut self, ui: &Ui, state: &State) -> bool {
        let (chosen, cancel, beside) = Dialog::new("Start from an example").width(WIDTH).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.y = space::S;
                let help = "Choose what comes closest; everything in it can be changed";
                ui.label(text::soft(palette(ui), help));
                ui.add_space(space::XS);
                let mut chosen = None;
                for (index, starter) in self.starters.iter().enumerate() {
                    let icon = ICONS.get(index).copied().unwrap_or(icons::ROUTE);
                    if choice_ui(ui, icon, &starter.title, &starter.about) {
                        chosen = Some(starter.clone());
                    }
                }
                chosen
            },
            |ui| ui.add(Button::secondary("Cancel")).clicked(),
        );
        if let Some(starter) = chosen {
            self.form = Some(Form::new(starter, &state.draft));
        }
        !(cancel || beside)
    }
}

impl Form {
    /// The owner's own lines are taken in their order, and agents by their name.
    fn new(starter: Starter, draft: &Table) -> Self {
        let people = |number: &String| number::for_people(number, &draft.country);
        let mut own = draft.lines.iter().map(|line| &line.number);
        let numbers =
            starter.table.lines.iter().map(|_| own.next().map(people).unwrap_or_default()).collect();
        let agents = starter.table.agents.iter();
        let retell_ids = agents
            .map(|agent| {
                let own = draft.agents.iter().find(|own| own.name.eq_ignore_ascii_case(&agent.name));
                own.map(|own| own.retell_id.clone()).unwrap_or_default()
            })
            .collect();
        Self { starter, numbers, retell_ids }
    }

    /// Draws it; gives back what was pressed, and whether the person wants it closed.
    fn ui(&mut self, ui: &Ui, state: &State) -> (Option<Pressed>, bool) {
        let errors: Vec<_> =
            (0..self.numbers.len()).map(|index| self.number_error(index, &state.draft)).collect();
        let ready = errors.iter().all(Option::is_none);
        let title = self.starter.title.clone();
        let rules = state.draft.rules.len();
        let ((), pressed, beside) = Dialog::new(&title).width(WIDTH).show(
            ui,
            |ui| {
                ui.label(text::soft(palette(ui), &self.starter.about));
                ui.add_space(space::M);
                replaced_ui(ui, rules);
                ui.spacing_mut().item_spacing.y = space::L;
                self.fields_ui(ui, &errors, &state.draft.agents);
                let later = "What you leave empty can be filled in later, under Lines & agents. Until then the \
                             draft cannot be published.";
                ui.label(text::help(palette(ui), later));
            },
            |ui| {
                let word = if rules > 0 { "Replace the rules" } else { "Use this example" };
                let used = ui.add_enabled(ready, Button::primary(word)).clicked();
                let back = Button::secondary("Back").with_icon(icons::CHEVRON_LEFT);
                let back = ui.add(back.name("Back to the examples")).clicked();
                if used { Some(Pressed::Use) } else { back.then_some(Pressed::Back) }
            },
        );
        (pressed, beside)
    }

    /// A field for each line and then for each agent, two in a row.
    fn fields_ui(&mut self, ui: &mut Ui, errors: &[Option<String>], own: &[Agent]) {
        let lines = self.numbers.len();
        let all: Vec<usize> = (0..lines + self.retell_ids.len()).collect();
        for row in all.chunks(2) {
            ui.columns(2, |columns| {
                for (ui, &index) in columns.iter_mut().zip(row) {
                    match index.checked_sub(lines) {
                        None => self.number_ui(ui, index, errors[index].as_deref()),
                        Some(agent) => self.agent_ui(ui, agent, own),
                    }
                }
            });
        }
    }

    fn number_ui(&mut self, ui: &mut Ui, index: usize, error: Option<&str>) {
        let label = format!("Number of {}", self.starter.table.lines[index].name);
        let field = Field::new(&label).help("Your phone number, in any spelling").error(error);
        let edit = TextField::new(&mut self.numbers[index]).hint("(415) 555-0123").id_salt(("number", index));
        let response = field.show(ui, |ui| ui.add(edit));
        if index == 0 && ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
    }

    /// One of the owner's agents by name; their ids where there are none yet.
    fn agent_ui(&mut self, ui: &mut Ui, index: usize, own: &[Agent]) {
        let agent = &self.starter.table.agents[index];
        let role = self.starter.roles.get(&agent.id).map_or("", String::as_str);
        let retell_id = &mut self.retell_ids[index];
        if own.is_empty() {
            let label = format!("Agent ID of {}", agent.name);
            let edit = TextField::new(retell_id).hint("agent_…").mono().id_salt(("agent", index));
            Field::new(&label).help(role).show(ui, |ui| ui.add(edit));
            return;
        }
        let named = own.iter().map(|own| (own.retell_id.clone(), own.name.as_str()));
        let choices: Vec<_> = std::iter::once((String::new(), "Choose later")).chain(named).collect();
        let label = format!("Agent for {}", agent.name);
        let salt = format!("agent {index}");
        let width = ui.available_width();
        Field::new(&label).help(role).show(ui, |ui| select(ui, &salt, width, retell_id, &choices));
    }

    /// What is wrong with a number; to have none yet is not.
    fn number_error(&self, index: usize, draft: &Table) -> Option<String> {
        let typed = &self.numbers[index];
        if typed.trim().is_empty() {
            return None;
        }
        let Some(number) = number::parse(typed, &draft.country) else {
            return Some("This is not a complete phone number; begin with + and the country code".to_owned());
        };
        let same = |other: &String| number::parse(other, &draft.country).as_ref() == Some(&number);
        self.numbers[..index].iter().any(same).then(|| "Another line has this number already".to_owned())
    }

    fn filled(&self, draft: &Table) -> Table {
        let numbers =
            self.numbers.iter().map(|typed| number::parse(typed, &draft.country).unwrap_or_default());
        let retell_ids = self.retell_ids.iter().map(|id| id.trim().to_owned());
        self.starter.fill(draft, &numbers.collect::<Vec<_>>(), &retell_ids.collect::<Vec<_>>())
    }
}

/// What the example takes the place of, if there is something.
fn replaced_ui(ui: &mut Ui, rules: usize) {
    let title = match rules {
        0 => return,
        1 => "Your rule is replaced".to_owned(),
        n => format!("Your {n} rules are replaced"),
    };
    let detail = "Schedules and the fallback too; lines and agents stay. Calls are answered as before until \
                  you publish, and undo brings everything back.";
    Banner::new(Level::Warning, &title).detail(detail).show(ui, |_| ());
    ui.add_space(space::L);
}

/// An example to choose: sign, title and a sentence. Says whether it was chosen.
fn choice_ui(ui: &mut Ui, icon: char, title: &str, about: &str) -> bool {
    let p = palette(ui);
    let width = ui.available_width();
    let (left, right) = (52.0, 36.0);
    let layout =
        |words: &str, font, colour| ui.painter().layout(words.to_owned(), font, colour, width - left - right);
    let title_text = layout(title, text::medium(text::BODY), p.text);
    let about_text = layout(about, text::regular(text::SMALL), p.text_soft);
    let words_height = title_text.size().y + 2.0 + about_text.size().y;
    let (rect, response) = ui.allocate_exact_size(vec2(width, words_height + 2.0 * space::M), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), title));
    let over = response.hovered();
    let border = if over { p.border_strong } else { p.border };
    let radius = CornerRadius::same(RADIUS);
    let fill = if over { p.sunken } else { p.surface };
    ui.painter().rect(rect, radius, fill, Stroke::new(1.0, border), StrokeKind::Inside);
    if response.has_focus() {
        let ring = CornerRadius::same(RADIUS + 2);
        ui.painter().rect_stroke(rect.expand(2.0), ring, Stroke::new(2.0, p.focus), StrokeKind::Middle);
    }
    let sign = |x: f32, icon: char, size, colour| {
        let at = pos2(x, rect.center().y);
        ui.painter().text(at, Align2::CENTER_CENTER, icon, text::icon_font(size), colour);
    };
    sign(rect.left() + left / 2.0, icon, 20.0, p.tone(crate::ui::theme::Tone::Accent).text);
    sign(rect.right() - right / 2.0, icons::CHEVRON_RIGHT, 16.0, p.text_faint);
    let at = pos2(rect.left() + left, rect.center().y - words_height / 2.0);
    let below = at + vec2(0.0, title_text.size().y + 2.0);
    ui.painter().galley(at, title_text, p.text);
    ui.painter().galley(below, about_text, p.text_soft);
    response.clicked()
}
