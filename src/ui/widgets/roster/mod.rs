//! A week with days across and hours down, on which blocks say who is on when. Values in, the block that
//! was pressed out; whose calls they are is the caller's business.

mod block;
mod grid;

pub use block::{Block, Look, Pattern, swatch};
pub use grid::{Column, Odd, Pressed, Roster};
