//! The controls for a file of contacts, and for the condition on them. Columns are in
//! `editor_columns`.

use egui::{CollapsingHeader, Grid, Label, ScrollArea, Ui};
use serde_json::Value;

use super::editor_columns;
use super::known::{self, uses};
use super::settings::Settings;
use crate::plugins::editing::edit;
use crate::plugins::{EditorContext, LookUpEditor, LookUpWish, Sample};
use crate::ui::theme::{Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, Chip, Field, safe_text, section, select};

/// How letters may be written, with the words for it.
const LETTERS: [(&str, &str); 12] = [
    ("UTF-8", "Unicode (UTF-8)"),
    ("UTF-16LE", "Unicode (UTF-16)"),
    ("windows-1252", "Western Europe (Windows)"),
    ("windows-1250", "Central Europe (Windows)"),
    ("windows-1251", "Cyrillic (Windows)"),
    ("windows-1253", "Greek (Windows)"),
    ("windows-1254", "Turkish (Windows)"),
    ("windows-1257", "Baltic (Windows)"),
    ("macintosh", "Western Europe (Mac)"),
    ("Shift_JIS", "Japanese (Shift JIS)"),
    ("gb18030", "Chinese (GB 18030)"),
    ("EUC-KR", "Korean (EUC-KR)"),
];

/// What may part columns, with the words for it.
const MARKS: [(char, &str); 4] = [(',', "Commas"), (';', "Semicolons"), ('\t', "Tabs"), ('|', "Bars |")];

pub(super) fn file_ui(ui: &mut Ui, settings: &mut Value, context: &LookUpEditor<'_>) -> Option<LookUpWish> {
    let mut wish = None;
    let sample = context.inspection.and_then(|found| found.sample.as_ref());
    edit(ui, settings, |ui, settings: &mut Settings| {
        section(
            ui,
            "File",
            "It stays where it is, and each change that you save there is used at once",
            |ui| {
                wish = choose_ui(ui, &settings.file);
                if !settings.file.is_empty() {
                    reading_ui(ui, settings);
                }
            },
        );
        if let Some(sample) = sample.filter(|_| !settings.file.is_empty()) {
            let about = "What each column is; rules and agents can use those with a name";
            section(ui, "Columns", about, |ui| editor_columns::columns_ui(ui, settings, sample));
            section(ui, "First rows", "", |ui| sample_ui(ui, sample));
        }
    });
    wish
}

fn choose_ui(ui: &mut Ui, file: &str) -> Option<LookUpWish> {
    let p = palette(ui);
    let wish =
        LookUpWish::ChooseFile { field: "file", what: "Contacts", endings: &["csv", "txt", "tsv", "vcf"] };
    let words = if file.is_empty() { "Choose a file…" } else { "Choose another file…" };
    let mut chosen = false;
    ui.horizontal(|ui| {
        let button = Button::secondary(words).with_icon(icons::DOWNLOAD);
        chosen = ui.add(button).clicked();
        if file.is_empty() {
            let help = "A CSV from a spreadsheet or customer program, or a vCard file from an address book";
            ui.add(Label::new(text::soft(p, help)).wrap());
        } else {
            ui.add(Label::new(text::code(safe_text(file))).truncate().selectable(true))
                .on_hover_text(safe_text(file));
        }
    });
    chosen.then_some(wish)
}

/// What looking finds out, for when it finds wrong.
fn reading_ui(ui: &mut Ui, settings: &mut Settings) {
    let set = settings.header.is_some() || settings.separator.is_some() || settings.encoding.is_some();
    CollapsingHeader::new("If it is not read right").default_open(set).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            let looked = "Found by looking";
            let headers =
                [(None, looked), (Some(true), "Titles of columns"), (Some(false), "The first contact")];
            let field = |ui: &mut Ui, label: &str, add: &mut dyn FnMut(&mut Ui) -> egui::Response| {
                ui.scope(|ui| {
                    ui.set_max_width(200.0);
                    Field::new(label).show(ui, |ui| add(ui));
                });
            };
            field(ui, "First row", &mut |ui| select(ui, "header", 180.0, &mut settings.header, &headers));
            let marks = MARKS.map(|(mark, words)| (Some(mark), words));
            let marks: Vec<_> = std::iter::once((None, looked)).chain(marks).collect();
            field(ui, "Between columns", &mut |ui| {
                select(ui, "separator", 180.0, &mut settings.separator, &marks)
            });
            let letters = LETTERS.map(|(label, words)| (Some(label.to_owned()), words));
            let letters: Vec<_> = std::iter::once((None, looked)).chain(letters).collect();
            field(ui, "Letters", &mut |ui| select(ui, "letters", 200.0, &mut settings.encoding, &letters));
        });
    });
}

fn sample_ui(ui: &mut Ui, sample: &Sample) {
    let p = palette(ui);
    ScrollArea::horizontal().show(ui, |ui| {
        let spacing = egui::vec2(space::XL, space::XS);
        Grid::new("first rows").spacing(spacing).min_row_height(24.0).show(ui, |ui| {
            for column in &sample.columns {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space::XS;
                    if column.is_key {
                        ui.label(text::icon(icons::PHONE, p.tone(Tone::Accent).text).size(13.0));
                    }
                    ui.label(text::label(safe_text(&column.name)));
                });
            }
            ui.end_row();
            for row in &sample.rows {
                for cell in row {
                    ui.add(Label::new(text::soft(p, safe_text(cell))).extend());
                }
                ui.end_row();
            }
        });
    });
}

/// The condition: any contact, or one of certain files.
pub(super) fn known_ui(ui: &mut Ui, settings: &mut Value, context: &EditorContext<'_>) {
    edit(ui, settings, |ui, known::Settings { files }| {
        let p = palette(ui);
        if uses(context.table).next().is_none() {
            let help = "There is no file of contacts yet; add one under Routes, Contacts & look-ups…";
            ui.label(text::help(p, help));
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space::L;
            for used in uses(context.table) {
                let mut chosen = files.contains(&used.id);
                if ui.checkbox(&mut chosen, safe_text(&used.name)).changed() {
                    files.retain(|id| *id != used.id);
                    if chosen {
                        files.push(used.id.clone());
                    }
                }
            }
            // A file that is gone from the table is shown so that it can be taken away.
            files.retain(|id| {
                uses(context.table).any(|used| used.id == *id)
                    || !Chip::new(id).unfinished(true).removable().show(ui).removed
            });
        });
        if files.is_empty() && uses(context.table).nth(1).is_some() {
            ui.label(text::help(p, "None is chosen, so any of them counts"));
        }
    });
}
