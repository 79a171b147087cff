//! What opens over the rest: lists, menus, tooltips; and the ring around what has the keyboard.

use super::{State, draw_after, page};
use egui::Ui;
use egui_kittest::{Harness, kittest::Queryable};
use switchboard::ui::theme::icons;
use switchboard::ui::widgets::{
    Button, TextField, menu_danger, menu_item, menu_separator, more_menu, select,
};

fn open_things(ui: &mut Ui, state: &mut State) {
    page(ui, |ui| {
        ui.horizontal(|ui| {
            let agents = [(0, "Sales"), (1, "Reception"), (2, "After hours")];
            select(ui, "agent", 220.0, &mut state.agent, &agents).accessible_name("Agent");
            more_menu(ui, "More about Night", |ui| {
                menu_item(ui, icons::PENCIL, "Rename");
                menu_item(ui, icons::DUPLICATE, "Duplicate");
                menu_item(ui, icons::ARROW_UP, "Move up");
                menu_separator(ui);
                menu_danger(ui, icons::TRASH, "Delete…");
            });
            ui.add(Button::icon(icons::PENCIL, "Rename this rule"));
            ui.add(TextField::new(&mut state.name).width(160.0)).accessible_name("Name");
        });
    });
}

#[test]
fn things_that_open() {
    for label in ["Agent", "More about Night"] {
        let name = format!("open-{}", label.to_lowercase().replace(' ', "-"));
        let act = |harness: &mut Harness<'_, State>| {
            harness.get_by_label(label).click();
            harness.run();
        };
        draw_after(&name, [560.0, 280.0], act, open_things);
    }
    let keyboard = |harness: &mut Harness<'_, State>| {
        harness.get_by_label("Name").focus();
        harness.run();
        harness.get_by_label("Rename this rule").hover();
        harness.run_steps(4);
    };
    draw_after("open-keyboard", [560.0, 280.0], keyboard, open_things);
}
