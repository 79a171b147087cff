//! The window's own painter, as the test harness wants it.

use egui::{Context, FullOutput, TexturesDelta};
use egui_kittest::TestRenderer;
use image::RgbaImage;
use switchboard::ui::picture::Painter;

/// Draws what a harness shows.
#[derive(Default)]
pub(crate) struct PictureRenderer(Painter);

impl TestRenderer for PictureRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.take_in(delta);
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        // What the window clears itself to before it draws.
        let ground = ctx.global_style().visuals.panel_fill;
        self.0.paint(&ctx.tessellate(output.shapes.clone(), scale), ctx.content_rect().size(), ground, scale)
    }
}
