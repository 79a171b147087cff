//! A part of the window as a picture of its own, whole however little of it is in sight: laid out beside
//! the window, and painted without a graphics card, so that it looks the same everywhere.

mod canvas;

use egui::epaint::ClippedPrimitive;
use egui::{CentralPanel, Color32, Context, Frame, Margin, RawInput, Rect, Theme, Ui, Vec2, vec2};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};

use super::theme::{self, space};

pub use canvas::Painter;

/// Pixels per point: enough for a screen that shows it larger, and for print.
const SCALE: f32 = 1.5;
/// As high as a picture can be, in points.
const HEIGHT_MAX: f32 = 6000.0;

/// Something laid out that can be painted on any thread.
#[derive(Clone)]
pub struct LaidOut {
    painter: Painter,
    primitives: Vec<ClippedPrimitive>,
    size: Vec2,
    ground: Color32,
}

impl LaidOut {
    /// Lays out what `add` adds, this wide in points and as high as it turns out.
    pub fn new(width: f32, is_dark: bool, mut add: impl FnMut(&mut Ui)) -> Self {
        let ctx = Context::default();
        theme::install(&ctx);
        ctx.set_theme(if is_dark { Theme::Dark } else { Theme::Light });
        ctx.set_pixels_per_point(SCALE);
        let mut painter = Painter::default();
        let mut height = 0.0;
        let mut frame = || {
            let screen_rect = Some(Rect::from_min_size(egui::Pos2::ZERO, vec2(width, HEIGHT_MAX)));
            let input = RawInput { screen_rect, ..RawInput::default() };
            let mut output = ctx.run_ui(input, |ui| {
                CentralPanel::no_frame().show(ui, |ui| {
                    let margin = Margin::same(space::XL as i8);
                    let content = Frame::new().inner_margin(margin).show(ui, &mut add);
                    height = content.response.rect.height();
                });
            });
            painter.take_in(&mut output.textures_delta);
            output
        };
        // The first frame finds out what the second one needs: the scale, the sizes of things.
        frame();
        let output = frame();
        let primitives = ctx.tessellate(output.shapes, SCALE);
        let ground = theme::palette_of(&ctx.global_style().visuals).canvas;
        Self { painter, primitives, size: vec2(width, height.min(HEIGHT_MAX)), ground }
    }

    /// Paints it, as a PNG file. Takes a while: never in the window.
    pub fn png(&self) -> Result<Vec<u8>, String> {
        let picture = self.painter.paint(&self.primitives, self.size, self.ground, SCALE)?;
        let mut bytes = Vec::new();
        // Even colours become small files without being looked at for long.
        let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::NoFilter);
        picture.write_with_encoder(encoder).map_err(|error| error.to_string())?;
        Ok(bytes)
    }
}
