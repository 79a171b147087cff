//! Draws a frame: rail, header, banners, the screen, and what stands over them.

use egui::{CentralPanel, Context, Key, KeyboardShortcut, Modifiers, Ui};

use crate::ui::closures;
use crate::ui::guided_start::{GuidedStartScreen, progress};
use crate::ui::publishing::discard_ui;
use crate::ui::theme::{self, icons, text};
use crate::ui::widgets::shell::{self, Header, HeaderAction, News, Place};
use crate::ui::widgets::{Button, Dialog, guarded_edge_ui, guarded_ui, take_wish_to_know};

use super::header::{self, Words};
use super::history::History;
use super::{Action, Actions, App, State, banners, ringing};

const UNDO: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Z);
const REDO: [KeyboardShortcut; 2] = [
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z),
    KeyboardShortcut::new(Modifiers::COMMAND, Key::Y),
];
const PUBLISH: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P);
const NEW_RULE: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::N);
const QUIT: KeyboardShortcut = KeyboardShortcut::new(Modifiers::COMMAND, Key::Q);
const HELP: KeyboardShortcut = KeyboardShortcut::new(Modifiers::NONE, Key::F1);
const PLACES: [Key; 6] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6];
/// How often "2 min ago" is brought up to date.
const TICK: std::time::Duration = std::time::Duration::from_secs(20);

impl App {
    /// Draws a frame and does what was done in it. Whatever breaks in it, the window goes on.
    pub fn ui(&mut self, ui: &mut Ui) {
        guarded_edge_ui(ui, "This window", |ui| self.frame_ui(ui));
    }

    fn frame_ui(&mut self, ui: &mut Ui) {
        let mut actions = Actions::new();
        let place = (!self.is_guided).then_some(self.place);
        let rail = guarded_edge_ui(ui, "The list of screens", |ui| shell::rail(ui, place)).flatten();
        actions.extend(rail.map(Action::Go));
        let Self { state, screens, history, place, is_guided, unread, help, .. } = self;
        let Some(state) = state else {
            return opening_ui(ui);
        };
        if rail == Some(Place::Routes) {
            screens.show_list();
        }
        state.unread = screens.unread(&state.draft);
        let words = header::words(state);
        shortcuts(ui.ctx(), &words, &mut actions);
        if asks_for_rule(ui) {
            (*place, *is_guided) = (Place::Routes, false);
            screens.add_rule(ui, state, &mut actions);
        }
        if ui.input_mut(|input| input.consume_shortcut(&QUIT)) {
            actions.push(Action::AskToQuit);
        }
        let page = if *is_guided { "start" } else { screens.help_page(*place) };
        if ui.input_mut(|input| input.consume_shortcut(&HELP)) {
            help.toggle(page);
        }
        let offers_guide = !*is_guided && GuidedStartScreen::is_offered(state);
        let pressed = guarded_edge_ui(ui, "The header", |ui| {
            let mut done = Actions::new();
            let pressed = header_ui(ui, state, &words, history, *unread, offers_guide, &mut done);
            (pressed, done)
        });
        let (pressed, mut done) = pressed.unwrap_or_default();
        actions.append(&mut done);
        if pressed == Some(HeaderAction::Help) {
            help.toggle(page);
        }
        // The guided start asks for the key and tells how this computer is reached, as the settings do.
        let (place, is_guided) = (*place, *is_guided);
        let told_at = if is_guided { Place::Settings } else { place };
        let mut done = Actions::new();
        guarded_edge_ui(ui, "What is closed", |ui| closures::strip_ui(ui, state, &mut done));
        guarded_edge_ui(ui, "Help", |ui| help.beside_ui(ui));
        guarded_edge_ui(ui, "Warnings", |ui| banners::banners_ui(ui, state, told_at, &mut done));
        actions.append(&mut done);
        CentralPanel::no_frame().show(ui, |ui| {
            let mut done = Actions::new();
            if is_guided {
                guarded_ui(ui, "Guided start", |ui| screens.guided_start_ui(ui, state, &mut done));
            } else {
                guarded_ui(ui, place.title(), |ui| screens.ui(ui, place, state, &mut done));
            }
            actions.append(&mut done);
        });
        match pressed {
            Some(HeaderAction::Publish) => actions.push(Action::Publish),
            Some(HeaderAction::Discard) => actions.push(Action::Discard),
            Some(HeaderAction::Versions) => actions.push(Action::OpenVersions),
            Some(HeaderAction::News) => actions.push(Action::Go(Place::Calls)),
            Some(HeaderAction::Messages) => (self.dialogs.messages, self.unread) = (true, 0),
            // Done before the screen was drawn.
            Some(HeaderAction::Help) | None => {}
        }
        if take_wish_to_know(ui.ctx()) {
            self.dialogs.crashes.open(&mut actions);
        }
        self.over_guarded_ui(ui, &mut actions);
        for action in actions {
            self.unless_it_breaks("What you did last may not be done.", |app| app.act(ui.ctx(), action));
        }
        self.flush(ui.ctx());
        ui.ctx().request_repaint_after(TICK);
    }

    /// Dialogs and toasts.
    pub(super) fn over_ui(&mut self, ui: &Ui, actions: &mut Actions) {
        if let Some(state) = &self.state {
            self.dialogs.discarding = self.dialogs.discarding && discard_ui(ui, state, actions);
            self.dialogs.closures.ui(ui, state, actions);
            self.dialogs.crashes.ui(ui, state, actions);
            let changing = &mut self.dialogs.changing;
            if changing.as_mut().is_some_and(|dialog| !dialog.ui(ui, state, actions)) {
                *changing = None;
            }
            self.dialogs.leaving.ui(ui, state, actions);
            let publishing = &mut self.dialogs.publishing;
            self.dialogs.is_publishing = self.dialogs.is_publishing && publishing.ui(ui, state, actions);
        }
        if let Some((wish, file)) = self.files.ui(ui) {
            self.file_chosen(wish, file, ui.visuals().dark_mode);
        }
        if self.dialogs.messages {
            let now = self.clock.now();
            let ((), closed, close) = Dialog::new("Messages").width(560.0).show(
                ui,
                |ui| self.messages.list_ui(ui, now),
                |ui| ui.add(Button::secondary("Close")).clicked(),
            );
            self.dialogs.messages = !closed && !close;
        }
        if self.help.hear(ui.ctx()) {
            actions.push(Action::OpenGuidedStart);
        }
        self.help.over_ui(ui);
        self.messages.toasts_ui(ui);
    }
}

fn opening_ui(ui: &mut Ui) {
    CentralPanel::no_frame().show(ui, |ui| {
        let p = theme::palette(ui);
        ui.centered_and_justified(|ui| ui.label(text::soft(p, "Opening…")));
    });
}

fn header_ui(
    ui: &mut Ui,
    state: &State,
    words: &Words,
    history: &History,
    unread: usize,
    offers_guide: bool,
    actions: &mut Actions,
) -> Option<HeaderAction> {
    let Words { tone, state: says, detail, can_publish, obstacle } = words;
    let rings = ringing::ringing(ui.ctx(), state);
    let header = Header {
        tone: *tone,
        state: says,
        detail: &detail.full,
        brief: &detail.brief,
        can_publish: *can_publish,
        obstacle,
        unread,
        news: rings.as_ref().map(|(icon, words)| News { icon: *icon, words }),
    };
    shell::header(ui, &header, |ui| {
        let step = |what: Option<&str>, verb: &str, keys: &KeyboardShortcut, ui: &Ui| match what {
            Some(what) => format!("{verb}: {what} ({})", ui.ctx().format_shortcut(keys)),
            None => format!("Nothing to {}", verb.to_lowercase()),
        };
        let redo = step(history.to_redo(), "Redo", &REDO[0], ui);
        let button = Button::icon(icons::REDO, "Redo").tooltip(&redo);
        if ui.add_enabled(history.to_redo().is_some(), button).clicked() {
            actions.push(Action::Redo);
        }
        let undo = step(history.to_undo(), "Undo", &UNDO, ui);
        let button = Button::icon(icons::UNDO, "Undo").tooltip(&undo);
        if ui.add_enabled(history.to_undo().is_some(), button).clicked() {
            actions.push(Action::Undo);
        }
        closures::button_ui(ui, state, actions);
        if offers_guide && guide_button_ui(ui, state) {
            actions.push(Action::OpenGuidedStart);
        }
    })
}

/// The way back to the guided start, in few words where there is little room, and not at all where there is
/// none; help leads there too. Says whether it was pressed.
fn guide_button_ui(ui: &mut Ui, state: &State) -> bool {
    let (done, all) = progress(state);
    let (words, brief) = (format!("Guided start {done}/{all}"), format!("{done}/{all}"));
    let name = format!("Guided start, {done} of {all} steps done");
    let whole = Button::secondary(&words).name(&name);
    let brief = Button::secondary(&brief).name(&name).with_icon(icons::CIRCLE_CHECK).tooltip(&name);
    let room = ui.available_width();
    [whole, brief]
        .into_iter()
        .find(|button| button.width(ui) <= room)
        .is_some_and(|button| ui.add(button).clicked())
}

/// Whether a new rule is wanted, by its keys.
fn asks_for_rule(ui: &Ui) -> bool {
    !has_dialog(ui.ctx()) && ui.input_mut(|input| input.consume_shortcut(&NEW_RULE))
}

fn has_dialog(ctx: &Context) -> bool {
    ctx.memory(|memory| memory.top_modal_layer().is_some())
}

fn shortcuts(ctx: &Context, words: &Words, actions: &mut Actions) {
    if has_dialog(ctx) {
        return;
    }
    let pressed = |keys: &KeyboardShortcut| ctx.input_mut(|input| input.consume_shortcut(keys));
    for (place, key) in Place::ALL.into_iter().zip(PLACES) {
        if pressed(&KeyboardShortcut::new(Modifiers::COMMAND, key)) {
            actions.push(Action::Go(place));
        }
    }
    if pressed(&PUBLISH) && words.can_publish {
        actions.push(Action::Publish);
    }
    // A field takes back what was typed in it by itself.
    if !ctx.text_edit_focused() {
        // Redo first: undo's keys are a part of its own.
        if REDO.iter().any(pressed) {
            actions.push(Action::Redo);
        } else if pressed(&UNDO) {
            actions.push(Action::Undo);
        }
    }
}
