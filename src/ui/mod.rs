//! The window: what is drawn and what a click means.
//!
//! Here live the look (`theme`) and the parts that screens are made of (`widgets`). Nothing
//! below this floor imports it, except that a plugin's own editor uses the widgets.

pub mod theme;
pub mod widgets;
