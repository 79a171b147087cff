//! The dialog that adds entries: whatever is pasted, and at once what it comes to.

use std::collections::HashSet;
use std::sync::Arc;

use egui::Ui;

use super::edits;
use super::form::{Ended, dialog_ui};
use super::until::Until;
use crate::plugins::lists::{Who, counts, paste};
use crate::routing::{Entry, List, Table, grouped};
use crate::ui::app::{Action, State};
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Field, TextField, safe_text};

/// How many entries that could not be read are named before the rest is only counted.
const NAMED: usize = 3;

/// What is typed, and what it comes to.
#[derive(Default)]
pub(super) struct AddForm {
    text: String,
    note: String,
    until: Until,
    read: Option<Read>,
}

/// What a text comes to on a list.
struct Read {
    /// What this was made of.
    of: (Arc<Table>, String),
    /// As written in the table, with the words beside it.
    new: Vec<(String, String)>,
    already: usize,
    /// As written; they are kept too.
    unread: Vec<String>,
}

impl Read {
    fn of(of: (Arc<Table>, String), list: &List, today: chrono::NaiveDate) -> Self {
        let home = &of.0.country;
        let written = |text: &str| Who::read(text, home).map_or_else(|| text.to_owned(), |who| who.written());
        let held = list.entries.iter().filter(|entry| counts(entry, today));
        let mut known: HashSet<String> = held.map(|entry| written(&entry.what)).collect();
        let paste::Pasted { found, unread } = paste::read(&of.1, home);
        let all = found.len() + unread.len();
        let found = found.into_iter().map(|(who, note)| (who.written(), note));
        let new: Vec<_> = found.filter(|(what, _)| known.insert(what.clone())).collect();
        let unread: Vec<_> = unread.into_iter().filter(|what| known.insert(what.clone())).collect();
        Self { already: all - new.len() - unread.len(), of, new, unread }
    }

    /// "Adds 212, already there 3, could not be read 2: “Bob”, “555-12”".
    fn words(&self, begin: &str, end: &str) -> String {
        let mut parts = vec![format!("{begin} {}{end}", grouped(self.new.len()))];
        if self.already > 0 {
            parts.push(format!("already there {}", grouped(self.already)));
        }
        let unread = self.unread.len();
        if unread > 0 {
            let named: Vec<_> =
                self.unread.iter().take(NAMED).map(|text| format!("“{}”", short(text))).collect();
            let more = match unread.saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {} more", grouped(more)),
            };
            parts.push(format!("could not be read {}: {}{more}", grouped(unread), named.join(", ")));
        }
        parts.join(", ")
    }
}

fn short(text: &str) -> String {
    let text = safe_text(text);
    if text.chars().count() <= 24 {
        text.into_owned()
    } else {
        text.chars().take(23).chain(['…']).collect()
    }
}

impl AddForm {
    /// Draws it; gives what is to be done once it is done with.
    pub(super) fn ui(&mut self, ui: &Ui, state: &State, list: &List) -> Option<Vec<Action>> {
        let today = edits::today(state);
        let is_same = |read: &Read| Arc::ptr_eq(&read.of.0, &state.draft) && read.of.1 == self.text;
        if !self.read.as_ref().is_some_and(is_same) {
            let of = (Arc::clone(&state.draft), self.text.clone());
            self.read = Some(Read::of(of, list, today));
        }
        let count = self.read.as_ref().map_or(0, |read| read.new.len() + read.unread.len());
        let save = match count {
            0 => "Add".to_owned(),
            1 => "Add 1 entry".to_owned(),
            count => format!("Add {} entries", grouped(count)),
        };
        let is_ready = count > 0 && self.until.day().is_ok();
        let title = format!("Add to {}", safe_text(&list.name));
        let ended = dialog_ui(ui, &title, 560.0, (&save, is_ready), |ui| {
            self.fields_ui(ui, today);
            false
        });
        ended.map(|ended| match ended {
            Ended::Saved(()) => self.add(list, today),
            Ended::Closed => Vec::new(),
        })
    }

    fn fields_ui(&mut self, ui: &mut Ui, today: chrono::NaiveDate) {
        let help =
            "In any spelling; +49* is all that start like this, ? is any digit, Germany is all from there";
        let hint = "(415) 555-2671, +49 30 901820\n+1900*\nGermany";
        Field::new("Numbers").help(help).show(ui, |ui| {
            let area = egui::ScrollArea::vertical().id_salt("pasted").max_height(130.0);
            let field = area.show(ui, |ui| {
                ui.add(TextField::new(&mut self.text).rows(5).hint(hint).id_salt("pasted numbers"))
            });
            if ui.memory(|memory| memory.focused().is_none()) {
                field.inner.request_focus();
            }
            field.inner
        });
        self.preview_ui(ui);
        Field::new("Note")
            .optional()
            .help("For those that have no words beside them")
            .show(ui, |ui| ui.add(TextField::new(&mut self.note).hint("Robocaller").id_salt("entry note")));
        self.until.ui(ui, today);
    }

    fn preview_ui(&self, ui: &mut Ui) {
        let Some(read) = self.read.as_ref().filter(|_| !self.text.trim().is_empty()) else { return };
        let p = palette(ui);
        let (tone, icon) = match (read.unread.is_empty(), read.new.is_empty()) {
            (false, _) => (Tone::Warning, icons::TRIANGLE_ALERT),
            (true, true) => (Tone::Neutral, icons::INFO),
            (true, false) => (Tone::Connect, icons::CIRCLE_CHECK),
        };
        let colours = p.tone(tone);
        egui::Frame::new()
            .fill(colours.soft)
            .corner_radius(crate::ui::theme::RADIUS_SMALL)
            .inner_margin(egui::Margin::symmetric(space::M as i8, space::S as i8))
            .show(ui, |ui| {
                ui.take_available_width();
                ui.spacing_mut().item_spacing.y = space::XS;
                ui.horizontal_top(|ui| {
                    ui.label(text::icon(icon, colours.text));
                    ui.vertical(|ui| {
                        let words = read.words("Adds", "");
                        ui.add(egui::Label::new(text::body(words).color(p.text)).wrap());
                        if !read.unread.is_empty() {
                            let words = "What could not be read is kept as it is written, and matches nobody until you change it";
                            ui.add(egui::Label::new(text::help(p, words)).wrap());
                        }
                    });
                });
            });
    }

    fn add(&mut self, list: &List, today: chrono::NaiveDate) -> Vec<Action> {
        let Some(read) = self.read.take() else { return Vec::new() };
        let told = read.words("Added", &format!(" to {}", list.name));
        let table = Arc::clone(&read.of.0);
        let until = self.until.day().ok().flatten();
        let given = self.note.trim();
        let entry = |(what, note): (String, String)| Entry {
            what,
            note: if note.is_empty() { given.to_owned() } else { note },
            added: Some(today),
            until,
        };
        let unread = read.unread.into_iter().map(|what| (what, String::new()));
        let new = read.new.into_iter().chain(unread).map(entry);
        let edit = edits::edit(&table, format!("Add to list “{}”", list.name), |table| {
            edits::change_entries(table, &list.id, |entries| entries.extend(new));
        });
        vec![edit, edits::tell(told)]
    }
}
