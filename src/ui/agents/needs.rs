//! The variables that an agent's prompt needs, each with its default.

use egui::Ui;

use crate::routing::{NeededVariable, Template, variable};
use crate::ui::theme::{icons, palette, space, text};
use crate::ui::widgets::{Button, TextField, problem_line};

const NAME_WIDTH: f32 = 170.0;
const BUTTON_WIDTH: f32 = 32.0;

/// The rows of the needed variables.
pub(in crate::ui) struct NeedsEditor;

impl NeedsEditor {
    /// Draws the rows; `greeting` is looked through for others.
    pub(in crate::ui) fn ui(ui: &mut Ui, needs: &mut Vec<NeededVariable>, greeting: &str) {
        ui.spacing_mut().item_spacing.y = space::S;
        let mut removed = None;
        for index in 0..needs.len() {
            let is_twice = needs[..index].iter().any(|other| other.name == needs[index].name);
            if ui.push_id(index, |ui| row_ui(ui, index + 1, &mut needs[index], is_twice)).inner {
                removed = Some(index);
            }
        }
        if let Some(index) = removed {
            needs.remove(index);
        }
        ui.horizontal_wrapped(|ui| {
            let button = Button::secondary("Add a needed variable").with_icon(icons::PLUS).small();
            if ui.add(button).clicked() {
                needs.push(NeededVariable::default());
            }
            for name in variable::named_in(greeting) {
                if needs.iter().any(|needed| needed.name == name) {
                    continue;
                }
                let label = format!("Add {name}, which the greeting names");
                if ui.add(Button::quiet(name).with_icon(icons::PLUS).small().name(&label)).clicked() {
                    needs.push(NeededVariable { name: name.to_owned(), default: None });
                }
            }
        });
    }

    /// Whether it can be saved: every row has a good name and a default that can be read.
    pub(in crate::ui) fn is_ready(needs: &[NeededVariable]) -> bool {
        let is_new = |index: usize| needs[..index].iter().all(|other| other.name != needs[index].name);
        needs.iter().enumerate().all(|(index, needed)| is_new(index) && check(needed).is_ok())
    }
}

fn check(needed: &NeededVariable) -> Result<(), String> {
    if needed.name.trim().is_empty() {
        return Err("Give it the name that it has in the prompt".to_owned());
    }
    variable::check_name(&needed.name)?;
    needed.default.as_deref().map_or(Ok(()), |default| Template::parse(default).map(drop))
}

/// One variable. Says whether it is to be removed.
fn row_ui(ui: &mut Ui, number: usize, needed: &mut NeededVariable, is_twice: bool) -> bool {
    let mut removed = false;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            let width = ui.available_width() - NAME_WIDTH - BUTTON_WIDTH - 2.0 * space::S;
            ui.add(
                TextField::new(&mut needed.name)
                    .hint("customer_name")
                    .mono()
                    .width(NAME_WIDTH)
                    .id_salt("name"),
            )
            .accessible_name(format!("Name of needed variable {number}"));
            let mut default = needed.default.clone().unwrap_or_default();
            let field = TextField::new(&mut default).hint("Default; none: a rule must set it").width(width);
            let field = ui.add(field.id_salt("default"));
            if field.changed() {
                needed.default = (!default.is_empty()).then_some(default);
            }
            field.accessible_name(format!("Default of needed variable {number}"));
            let remove = format!("Remove needed variable {number}");
            removed = ui.add(Button::icon(icons::X, &remove)).clicked();
        });
        match check(needed) {
            Err(wrong) => problem_line(ui, &wrong),
            Ok(()) if is_twice => problem_line(ui, "This name stands above too; remove one of the two"),
            Ok(()) if needed.default.is_none() => {
                ui.label(text::help(palette(ui), "Rules that leave it unset are marked"));
            }
            Ok(()) => {}
        }
    });
    removed
}
