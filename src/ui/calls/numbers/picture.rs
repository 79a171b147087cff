//! The numbers as a picture file.

use std::sync::Arc;

use super::numbers_ui;
use crate::service::messages::Picture;
use crate::service::numbers::Numbers;
use crate::ui::app::State;
use crate::ui::decision;
use crate::ui::picture::LaidOut;
use crate::ui::theme::{self, space, text};

/// Its width, in points.
const WIDTH: f32 = 1100.0;

/// Lays the numbers out for a picture, as light or dark as the window is.
pub(super) fn picture(state: &State, numbers: &Numbers, is_dark: bool) -> Picture {
    let laid_out = LaidOut::new(WIDTH, is_dark, |ui| {
        ui.spacing_mut().item_spacing.y = space::M;
        ui.label(text::title("Calls in numbers"));
        let p = theme::palette(ui);
        ui.label(text::soft(p, format!("As of {}", decision::exact(state, state.now))));
        numbers_ui(ui, state, numbers);
    });
    let laid_out = Arc::new(laid_out);
    Picture(Arc::new(move || laid_out.png()))
}
