//! Draws the window's triangles on the processor: what a graphics card would do, slowly, but
//! the same everywhere and with nothing installed.
// Whether a point is exactly on a side decides which of two triangles fills it.
#![allow(clippy::float_cmp)]

use std::collections::HashMap;
use std::ops::Range;

use egui::epaint::{ClippedPrimitive, ImageDelta, Mesh, Primitive, Vertex};
use egui::{Color32, Pos2, Rect, TextureId, TexturesDelta, Vec2};
use image::{Rgba, RgbaImage};

/// A picture with premultiplied colours, as egui hands them out.
#[derive(Debug, Clone)]
struct Texture {
    size: [usize; 2],
    pixels: Vec<Color32>,
}

/// Keeps the textures and fills triangles.
#[derive(Debug, Clone, Default)]
pub struct Painter {
    textures: HashMap<TextureId, Texture>,
}

impl Painter {
    /// Takes in what a frame changed of the textures. To be told of every frame.
    pub fn take_in(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for image in images {
                self.update(id, &image);
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// Draws a frame of this size, in points, upon a ground; `scale` is pixels per point. What only a
    /// graphics card can draw cannot be.
    pub fn paint(
        &self,
        primitives: &[ClippedPrimitive],
        size: Vec2,
        ground: Color32,
        scale: f32,
    ) -> Result<RgbaImage, String> {
        let size = size * scale;
        let (width, height) = (size.x.round() as u32, size.y.round() as u32);
        let ground = ground.to_normalized_gamma_f32();
        let mut canvas = Canvas { width, height, pixels: vec![ground; (width * height) as usize] };
        for shape in primitives {
            let Primitive::Mesh(mesh) = &shape.primitive else {
                return Err("paint callbacks cannot be drawn".to_owned());
            };
            let texture = self.textures.get(&mesh.texture_id).ok_or("a texture is missing")?;
            canvas.mesh(mesh, texture, shape.clip_rect, scale);
        }
        Ok(canvas.into_picture())
    }

    fn update(&mut self, id: TextureId, delta: &ImageDelta) {
        let egui::ImageData::Color(image) = &delta.image;
        let Some([left, top]) = delta.pos else {
            let texture = Texture { size: image.size, pixels: image.pixels.clone() };
            self.textures.insert(id, texture);
            return;
        };
        // Only a known texture is patched.
        let Some(texture) = self.textures.get_mut(&id) else { return };
        for (row, pixels) in image.pixels.chunks(image.size[0]).enumerate() {
            let start = (top + row) * texture.size[0] + left;
            texture.pixels[start..start + pixels.len()].copy_from_slice(pixels);
        }
    }
}

impl Texture {
    /// The colour at a place between 0 and 1 each way, mixed from the four pixels around it.
    fn sample(&self, at: Pos2) -> [f32; 4] {
        let place = |at: f32, size: usize| {
            let at = (at * size as f32 - 0.5).clamp(0.0, (size - 1) as f32);
            let low = at as usize;
            (low, (low + 1).min(size - 1), at - at.floor())
        };
        let (x0, x1, fx) = place(at.x, self.size[0]);
        let (y0, y1, fy) = place(at.y, self.size[1]);
        let pixel = |x: usize, y: usize| self.pixels[y * self.size[0] + x].to_array().map(f32::from);
        let mix = |a: [f32; 4], b: [f32; 4], t: f32| std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t);
        let top = mix(pixel(x0, y0), pixel(x1, y0), fx);
        let bottom = mix(pixel(x0, y1), pixel(x1, y1), fx);
        mix(top, bottom, fy).map(|value| value / 255.0)
    }
}

struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<[f32; 4]>,
}

impl Canvas {
    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, clip: Rect, scale: f32) {
        let limit = |at: f32, most: u32| (at * scale).round().clamp(0.0, most as f32) as u32;
        let clip = [
            limit(clip.min.x, self.width),
            limit(clip.min.y, self.height),
            limit(clip.max.x, self.width),
            limit(clip.max.y, self.height),
        ];
        for corners in mesh.indices.chunks_exact(3) {
            let corners = [0, 1, 2].map(|i| mesh.vertices[corners[i] as usize]);
            self.triangle(corners, texture, clip, scale);
        }
    }

    fn triangle(&mut self, mut corners: [Vertex; 3], texture: &Texture, clip: [u32; 4], scale: f32) {
        let mut at = corners.map(|corner| corner.pos * scale);
        let mut area = edge(at[0], at[1], at[2]);
        if area == 0.0 || !area.is_finite() {
            return;
        }
        if area < 0.0 {
            at.swap(1, 2);
            corners.swap(1, 2);
            area = -area;
        }
        let colours = corners.map(|corner| corner.color.to_normalized_gamma_f32());
        let [first, second, third] = corners.map(|corner| (corner.color, corner.uv));
        let is_flat = first == second && first == third;
        let flat = multiply(texture.sample(corners[0].uv), colours[0]);
        let sides = [(at[1], at[2]), (at[2], at[0]), (at[0], at[1])];
        let rows = bounds(at.map(|p| p.y), clip[1], clip[3]);
        let columns = bounds(at.map(|p| p.x), clip[0], clip[2]);
        for y in rows {
            let row = inside_of_row(&sides, y, columns.clone());
            let start = (y * self.width) as usize;
            let pixels = &mut self.pixels[start + row.start as usize..start + row.end as usize];
            if is_flat && flat[3] >= 1.0 {
                pixels.fill(flat);
                continue;
            }
            if is_flat {
                for under in pixels {
                    put(under, flat);
                }
                continue;
            }
            for (x, under) in row.zip(pixels) {
                let point = centre(x, y);
                let share = sides.map(|(a, b)| edge(a, b, point) / area);
                let uv = corners[0].uv.to_vec2() * share[0]
                    + corners[1].uv.to_vec2() * share[1]
                    + corners[2].uv.to_vec2() * share[2];
                let colour = std::array::from_fn(|i| {
                    colours[0][i] * share[0] + colours[1][i] * share[1] + colours[2][i] * share[2]
                });
                put(under, multiply(texture.sample(uv.to_pos2()), colour));
            }
        }
    }

    fn into_picture(self) -> RgbaImage {
        let mut picture = RgbaImage::new(self.width, self.height);
        for (pixel, colour) in picture.pixels_mut().zip(self.pixels) {
            *pixel = Rgba(colour.map(|value| (value * 255.0).round().clamp(0.0, 255.0) as u8));
        }
        picture
    }
}

fn multiply(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2], a[3] * b[3]]
}

/// Lays a premultiplied colour over what is there.
fn put(under: &mut [f32; 4], colour: [f32; 4]) {
    let rest = 1.0 - colour[3];
    for (under, colour) in under.iter_mut().zip(colour) {
        *under = colour + *under * rest;
    }
}

fn centre(x: u32, y: u32) -> Pos2 {
    Pos2::new(x as f32 + 0.5, y as f32 + 0.5)
}

/// The whole pixels that the values reach, held between two limits.
fn bounds(values: [f32; 3], low: u32, high: u32) -> Range<u32> {
    let held = |value: f32| value.clamp(low as f32, high as f32) as u32;
    let min = values[0].min(values[1]).min(values[2]).floor();
    let max = values[0].max(values[1]).max(values[2]).ceil();
    held(min)..held(max)
}

/// The pixels of a row whose centres are inside all three sides. They are in one piece, as a
/// triangle is convex.
fn inside_of_row(sides: &[(Pos2, Pos2); 3], y: u32, columns: Range<u32>) -> Range<u32> {
    let is_inside = |x: &u32| {
        let point = centre(*x, y);
        sides.iter().all(|&(a, b)| {
            let value = edge(a, b, point);
            value > 0.0 || (value == 0.0 && is_top_or_left(a, b))
        })
    };
    let Some(first) = columns.clone().find(is_inside) else {
        return columns.start..columns.start;
    };
    let last = columns.rev().find(is_inside).unwrap_or(first);
    first..last + 1
}

/// Twice the area of a triangle; positive when its corners go clockwise on the screen.
fn edge(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Whether the side from `a` to `b` owns the points on it, so that triangles that share a side
/// fill each point once.
fn is_top_or_left(a: Pos2, b: Pos2) -> bool {
    (a.y == b.y && b.x > a.x) || b.y < a.y
}
