//! A field for a whole number.

use super::TextField;
use egui::{Response, Ui};

/// A field for a whole number of at most seven digits; empty stands for 0.
pub fn number_field(ui: &mut Ui, number: &mut u32, hint: &str, width: f32) -> Response {
    let mut typed = if *number == 0 { String::new() } else { number.to_string() };
    let response = ui.add(TextField::new(&mut typed).hint(hint).width(width));
    if response.changed() {
        let digits: String = typed.chars().filter(char::is_ascii_digit).take(7).collect();
        *number = digits.parse().unwrap_or_default();
    }
    response
}
