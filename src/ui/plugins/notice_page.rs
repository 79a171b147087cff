//! One of those who are told of calls: by which way, of what, how it goes, and a try.

use egui::Ui;

use super::form;
use super::notices;
use crate::plugins::dropped::{Filled, SettingKind, Settings, secret_name, wrong};
use crate::service::messages::Command;
use crate::storage::{ToldOf, UsedNotice};
use crate::ui::app::{Action, Actions, State};
use crate::ui::theme::{CONTROL_HEIGHT, Tone, icons, palette, space, text};
use crate::ui::widgets::{
    Banner, Button, Confirm, Field, Level, Screen, TextField, card, key_value, menu_danger, more_menu,
    problem_line, safe_text, section, status, switch, time_ago, toggle,
};

/// The page of one of them, while it is open.
pub(super) struct NoticePage {
    /// As it is filled in, not yet saved.
    used: UsedNotice,
    removing: bool,
}

impl NoticePage {
    pub(super) fn of(used: UsedNotice) -> Self {
        Self { used, removing: false }
    }

    /// What is filled in, if this is the page of the one whose secrets are kept under this.
    pub(super) fn filled_of(&mut self, owner: &str) -> Option<&mut Filled> {
        (self.used.owner() == owner).then_some(&mut self.used.settings)
    }

    /// Draws it. Says whether it stays open.
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) -> bool {
        let saved = state.settings.notices.iter().find(|saved| saved.id == self.used.id);
        let (mut back, mut remove) = (false, false);
        let name = safe_text(&self.used.name).into_owned();
        let way = notices::way(state, &self.used);
        Screen::new(&name, &way).show(
            ui,
            |ui| {
                let button =
                    Button::secondary("Plugins").with_icon(icons::CHEVRON_LEFT).name("Back to plugins");
                back = ui.add(button).clicked();
                if saved.is_some() {
                    more_menu(ui, "More about this notice", |ui| {
                        remove = menu_danger(ui, icons::TRASH, "Remove…").clicked();
                    });
                }
            },
            |ui| {
                if let Some(saved) = saved {
                    card(ui, |ui| status_ui(ui, state, saved, actions));
                }
                self.settings_ui(ui, state, actions);
                self.of_ui(ui);
                self.save_ui(ui, state, saved, actions);
            },
        );
        self.removing |= remove;
        if self.remove_ui(ui, state, actions) {
            return false;
        }
        if back && saved.is_none() {
            self.forget_secrets(state, actions);
        }
        !back
    }

    fn settings_ui(&mut self, ui: &mut Ui, state: &State, actions: &mut Actions) {
        section(ui, "Who is told", "", |ui| {
            ui.spacing_mut().item_spacing.y = space::M;
            Field::new("Name").help("What you call it here and in rules").show(ui, |ui| {
                ui.add(TextField::new(&mut self.used.name).width(380.0).id_salt("notice name"))
            });
            let Some(settings) = settings(state, &self.used) else {
                let words = "What it has to know is filled in on the plugin's own page";
                ui.label(text::help(palette(ui), words));
                return;
            };
            let owner = self.used.owner();
            form::form_ui(ui, &owner, settings, &mut self.used.settings, &state.secrets, actions);
        });
    }

    fn of_ui(&mut self, ui: &mut Ui) {
        let about = "Besides, each rule can tell of its calls: under Then, Tell";
        section(ui, "What is told", about, |ui| {
            let ToldOf { calls, rejected, fallback, outages } = &mut self.used.of;
            toggle(ui, outages, "Calls do not arrive, and when they do again");
            toggle(ui, fallback, "Calls that no rule took, or that something broke for");
            toggle(ui, rejected, "Calls that were rejected");
            toggle(ui, calls, "Every call");
        });
    }

    fn save_ui(&self, ui: &mut Ui, state: &State, saved: Option<&UsedNotice>, actions: &mut Actions) {
        let changed = saved != Some(&self.used);
        let wrong = self.wrong(state);
        ui.horizontal(|ui| {
            let save = Button::primary("Save").name("Save the notice");
            if ui.add_enabled(changed && wrong.is_none(), save).clicked() {
                let mut settings = state.settings.clone();
                match settings.notices.iter_mut().find(|saved| saved.id == self.used.id) {
                    Some(saved) => saved.clone_from(&self.used),
                    None => settings.notices.push(self.used.clone()),
                }
                actions.push(Action::Send(Command::SaveSettings(settings)));
            }
            let lacks = saved.is_some_and(|saved| lacks_secret(state, saved));
            let may_try = !changed && wrong.is_none() && !lacks;
            if ui.add_enabled(may_try, Button::secondary("Try it").name("Try this notice")).clicked() {
                actions.push(Action::Send(Command::TryNotice(Box::new(self.used.clone()))));
            }
            if changed {
                ui.label(text::help(palette(ui), "Save it, then try whether it arrives"));
            }
        });
        if let Some(why) = wrong.filter(|_| changed) {
            problem_line(ui, &safe_text(&why));
        }
        match state.notices.tried.as_ref().filter(|(id, _)| *id == self.used.id) {
            Some((_, Ok(()))) => {
                status(ui, Tone::Connect, "The try was sent; look whether it arrived");
            }
            Some((_, Err(why))) => {
                Banner::new(Level::Warning, "The try did not get through")
                    .detail(&safe_text(why))
                    .show(ui, |_| ());
            }
            None => {}
        }
    }

    /// What keeps it from being saved. A secret that is still missing does not.
    fn wrong(&self, state: &State) -> Option<String> {
        let UsedNotice { name, settings: filled, plugin, .. } = &self.used;
        if name.trim().is_empty() {
            return Some("Give it a name".to_owned());
        }
        let settings = settings(state, &self.used)?;
        if let Some((_, why)) = wrong(&self.used.owner(), settings, filled, &|_| true) {
            return Some(why);
        }
        state
            .registry
            .find_notice(plugin)
            .ok()?
            .1
            .check(filled)
            .err()
            .map(|why| crate::ui::widgets::capital(&why))
    }

    /// Asks before it is removed; says whether it was.
    fn remove_ui(&mut self, ui: &Ui, state: &State, actions: &mut Actions) -> bool {
        if !self.removing {
            return false;
        }
        let name = safe_text(&self.used.name);
        let text = format!("Nothing is told to {name} any more, and its settings and secrets are forgotten.");
        let ask = Confirm { title: "Remove this notice?", text: &text, yes: "Remove it", danger: true };
        let Some(answer) = ask.ask(ui) else { return false };
        self.removing = false;
        if answer {
            self.forget_secrets(state, actions);
            let mut settings = state.settings.clone();
            settings.notices.retain(|saved| saved.id != self.used.id);
            actions.push(Action::Send(Command::SaveSettings(settings)));
        }
        answer
    }

    fn forget_secrets(&self, state: &State, actions: &mut Actions) {
        for name in secrets(state, &self.used).filter(|name| state.secrets.contains(name)) {
            actions.push(Action::Send(Command::SetSecret { name, secret: None }));
        }
    }
}

/// What has to be filled in; `None` for plugins that were dropped in, which have a page of their own.
fn settings<'a>(state: &'a State, used: &UsedNotice) -> Option<&'a Settings> {
    let (plugin, _) = state.registry.notices().find(|(plugin, _)| plugin.manifest().id == used.plugin)?;
    plugin.as_dropped().is_none().then(|| &plugin.manifest().settings)
}

/// The names of its secrets.
fn secrets<'a>(state: &'a State, used: &UsedNotice) -> impl Iterator<Item = String> + use<'a> {
    let owner = used.owner();
    let all = settings(state, used).into_iter().flatten();
    all.filter(|(_, setting)| setting.kind == SettingKind::Secret)
        .map(move |(name, _)| secret_name(&owner, name))
}

fn lacks_secret(state: &State, used: &UsedNotice) -> bool {
    let has = |name: &str| state.secrets.contains(name);
    settings(state, used).is_some_and(|all| wrong(&used.owner(), all, &used.settings, &has).is_some())
}

fn status_ui(ui: &mut Ui, state: &State, saved: &UsedNotice, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = space::S;
    egui::Sides::new().shrink_left().height(CONTROL_HEIGHT).show(
        ui,
        |ui| notices::standing_ui(ui, state, saved),
        |ui| {
            let mut on = saved.enabled;
            let name = format!("{} is told", safe_text(&saved.name));
            if switch(ui, &mut on, &name).changed() {
                let mut settings = state.settings.clone();
                let this = settings.notices.iter_mut().filter(|other| other.id == saved.id);
                this.for_each(|used| used.enabled = on);
                actions.push(Action::Send(Command::SaveSettings(settings)));
            }
        },
    );
    if let Some(why) = notices::trouble(state, saved) {
        problem_line(ui, &safe_text(&why));
    }
    if saved.enabled && lacks_secret(state, saved) {
        problem_line(ui, "Something that is kept secret is still to be filled in below");
    }
    let Some(report) = state.notices.report(&saved.id) else { return };
    let last = report.last_told.map(|at| format!(", the last {}", time_ago(at, state.now)));
    let told = format!("{} messages{}", report.told, last.unwrap_or_default());
    key_value(ui, "Told since the start", &told);
    if report.waiting > 0 {
        key_value(ui, "Waits to be told", &report.waiting.to_string());
    }
    if report.lost > 0 {
        key_value(ui, "Never told", &format!("{}, as it was tried in vain or too much waited", report.lost));
    }
}
