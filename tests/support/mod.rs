//! What tests of the window share: pictures drawn without a graphics card, and a harness that
//! wears the window's look.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub(crate) mod desk;
mod picture;

use egui_kittest::{Harness, HarnessBuilder};
use std::path::PathBuf;
use switchboard::ui::theme;

pub(crate) use picture::PictureRenderer;

/// A harness builder with the fonts, the styles and the renderer of pictures.
pub(crate) fn window<State>(size: [f32; 2], theme: egui::Theme) -> HarnessBuilder<State> {
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_context_setup(theme::install)
        .with_render_cursor(false)
        // Of the whole program, news may come in while things settle.
        .with_max_steps(16)
        .renderer(PictureRenderer::default())
}

/// How many pixels a point is in pictures: 1, or what `PICTURE_SCALE` says. Quick for tests,
/// finer to look at.
pub(crate) fn scale() -> f32 {
    std::env::var("PICTURE_SCALE").ok().and_then(|scale| scale.parse().ok()).unwrap_or(1.0)
}

/// Whether all pictures are wanted (`PICTURES=all`), which takes long, and not only two of a screen.
pub(crate) fn all_pictures() -> bool {
    std::env::var("PICTURES").is_ok_and(|which| which == "all")
}

/// The looks a screen is drawn in, with their names: the smallest window in light and a large one
/// in dark, or all.
pub(crate) fn looks() -> Vec<([f32; 2], egui::Theme, &'static str)> {
    use egui::Theme::{Dark, Light};
    let (small, large) = ([1000.0, 640.0], [1920.0, 1080.0]);
    let mut looks = vec![(small, Light, "small-light"), (large, Dark, "large-dark")];
    if all_pictures() {
        looks.extend([(small, Dark, "small-dark"), (large, Light, "large-light")]);
    }
    looks
}

/// The same as [`save_picture`], where all pictures are wanted.
pub(crate) fn save_more<State>(harness: &mut Harness<'_, State>, name: &str) {
    if all_pictures() {
        save_picture(harness, name);
    }
}

/// Draws the harness and writes the picture to `target/pictures/<name>.png`.
pub(crate) fn save_picture<State>(harness: &mut Harness<'_, State>, name: &str) -> image::RgbaImage {
    let picture = harness.render().expect("pictures can be drawn anywhere");
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    picture.save(folder.join(format!("{name}.png"))).unwrap();
    picture
}
