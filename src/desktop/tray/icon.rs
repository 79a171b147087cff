//! The program's icon with a mark in its corner: a green disc, an amber triangle, a red square. The
//! shape says the same as the colour.

use image::imageops::FilterType;
use image::{Rgba, RgbaImage};
use tray_icon::Icon;

use super::Told;
use crate::service::Grade;

/// How large it is, in pixels.
const SIZE: u32 = 64;
/// How large its mark is.
const MARK: u32 = 34;
/// The border around the mark, so that it stands out on everything.
const EDGE: u32 = 4;
const WHITE: Rgba<u8> = Rgba([255, 255, 255, 255]);

#[derive(Clone, Copy)]
enum Mark {
    Disc,
    Triangle,
    Square,
}

/// The icon for this.
pub(super) fn of(told: &Told) -> Option<Icon> {
    let (mark, colour) = match told.standing.grade {
        Grade::Bad => (Mark::Square, Rgba([205, 43, 49, 255])),
        Grade::Good if told.closed.is_none() => (Mark::Disc, Rgba([24, 148, 86, 255])),
        Grade::Good | Grade::Doubtful | Grade::Starting => (Mark::Triangle, Rgba([214, 140, 15, 255])),
    };
    let image = drawn(mark, colour)?;
    let (width, height) = image.dimensions();
    Icon::from_rgba(image.into_raw(), width, height).ok()
}

fn drawn(mark: Mark, colour: Rgba<u8>) -> Option<RgbaImage> {
    let png = include_bytes!("../../../assets/icon.png");
    let icon = image::load_from_memory_with_format(png, image::ImageFormat::Png).ok()?;
    let mut icon = icon.resize_exact(SIZE, SIZE, FilterType::Triangle).into_rgba8();
    let corner = SIZE - MARK;
    for y in 0..MARK {
        for x in 0..MARK {
            if is_inside(mark, x, y, 0) {
                let inner = is_inside(mark, x, y, EDGE);
                icon.put_pixel(corner + x, corner + y, if inner { colour } else { WHITE });
            }
        }
    }
    Some(icon)
}

/// Whether a pixel of the mark's corner is in it, so far from its edge.
fn is_inside(mark: Mark, x: u32, y: u32, edge: u32) -> bool {
    let (x, y) = (f64::from(x) + 0.5, f64::from(y) + 0.5);
    let (half, edge) = (f64::from(MARK) / 2.0, f64::from(edge));
    match mark {
        Mark::Disc => (x - half).hypot(y - half) <= half - edge,
        Mark::Square => (x - half).abs().max((y - half).abs()) <= half - edge - 2.0,
        Mark::Triangle => {
            let (height, down) = (f64::from(MARK) - 1.5 * edge, y - 1.5 * edge);
            y <= f64::from(MARK) - edge && (x - half).abs() <= (down / height) * (half - edge / 2.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colours may look alike, shapes do not.
    #[test]
    fn each_state_has_a_shape_of_its_own() {
        let (near, far) = (3, MARK - 4);
        let corners = |mark| [(near, near), (near, far)].map(|(x, y)| is_inside(mark, x, y, 0));
        assert_eq!(corners(Mark::Disc), [false, false]);
        assert_eq!(corners(Mark::Triangle), [false, true]);
        assert_eq!(corners(Mark::Square), [true, true]);
        for mark in [Mark::Disc, Mark::Triangle, Mark::Square] {
            assert!(is_inside(mark, MARK / 2, MARK / 2, EDGE) && drawn(mark, WHITE).is_some());
        }
    }
}
