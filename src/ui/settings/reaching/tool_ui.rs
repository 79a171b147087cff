//! The program that a way needs: whether it is here, and how to get it.

use egui::{OpenUrl, Ui};

use crate::plugins::reach::Tool;
use crate::reach::Found;
use crate::service::messages::Command;
use crate::ui::app::{Action, Actions};
use crate::ui::settings::row_ui;
use crate::ui::theme::{CONTROL_HEIGHT_SMALL, Tone, icons, palette, space, text};
use crate::ui::widgets::{Button, Field, TextField, status};

/// `found`: none until it was looked.
pub(super) fn tool_ui(
    ui: &mut Ui,
    tool: &Tool,
    found: Option<&Option<Found>>,
    program: &mut String,
    actions: &mut Actions,
) {
    row_ui(ui, CONTROL_HEIGHT_SMALL, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        match found {
            None => {
                ui.spinner();
                ui.label(text::soft(palette(ui), format!("Looking for {}", tool.name)));
            }
            Some(Some(Found { path, version })) => {
                let words = format!("{} {version}", tool.name);
                status(ui, Tone::Connect, words.trim()).on_hover_text(path.display().to_string());
                ui.label(text::soft(palette(ui), "is on this computer"));
            }
            Some(None) => {
                status(ui, Tone::Warning, &format!("{} is not on this computer", tool.name));
                link_ui(ui, &format!("Get {}", tool.name), tool.install);
                if ui.add(Button::quiet("Look again").with_icon(icons::REFRESH).small()).clicked() {
                    actions.push(Action::Send(Command::LookForTools));
                }
            }
        }
    });
    row_ui(ui, CONTROL_HEIGHT_SMALL, |ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.label(text::help(palette(ui), tool.sign_up));
        link_ui(ui, &format!("Sign up with {}", tool.service), tool.sign_up_page);
    });
    if found == Some(&None) || !program.is_empty() {
        let help = "If it stands in a folder of your own: its whole path";
        Field::new("Where the program is")
            .optional()
            .help(help)
            .show(ui, |ui| ui.add(TextField::new(program).mono().width(420.0)));
    }
}

/// Opens a page in the browser.
fn link_ui(ui: &mut Ui, words: &str, page: &str) {
    let button = Button::quiet(words).with_trailing(icons::ARROW_RIGHT).tooltip(page).small();
    if ui.add(button).clicked() {
        ui.ctx().open_url(OpenUrl::new_tab(page));
    }
}
