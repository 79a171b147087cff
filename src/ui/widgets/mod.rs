//! The parts that every screen is made of. Each takes values and gives back what the person
//! did; none knows a call, a rule or a file. The look they share is in `ui::theme`.
//!
//! Rules kept by all: every control has an accessible name and works by keyboard, what has the
//! keyboard shows a ring, colour never speaks alone, and long text is cut or wrapped, not clipped.

mod agent;
mod badge;
mod banner;
mod button;
mod card;
pub mod charts;
mod chip;
mod date_select;
mod dialog;
mod empty;
mod form;
mod guard;
mod json_text;
mod json_view;
mod key_value;
mod long_list;
mod menu;
mod messages;
mod number_field;
mod paint;
mod phrase;
mod problem_line;
pub mod roster;
mod row_button;
mod screen;
mod search_select;
mod secret_field;
mod select;
pub mod shell;
mod text_field;
mod time_ago;
mod time_until;
mod toggle;
pub mod week;

pub use crate::routing::{capital, safe_text};
pub use agent::agent;
pub use badge::{OutcomeKind, badge, outcome_badge, status};
pub use banner::{Banner, Level};
pub use button::Button;
pub use card::{card, divider, section};
pub use chip::{Chip, ChipResponse};
pub use date_select::{date_select, year_day_select};
pub use dialog::{Confirm, Dialog};
pub use empty::EmptyState;
pub use form::Field;
pub(crate) use guard::break_at;
pub use guard::{guarded_edge_ui, guarded_ui, take_wish_to_know, what_happened_button};
pub use json_text::JsonText;
pub use json_view::json_view;
pub use key_value::{key_value, key_value_ui};
pub use long_list::LongList;
pub use menu::{context_menu, menu_button, menu_danger, menu_item, menu_separator, more_menu};
pub use messages::{Message, Messages};
pub use number_field::number_field;
pub use phrase::phrase;
pub use problem_line::{problem_line, warning_line};
pub use row_button::row_button;
pub use screen::Screen;
pub use search_select::{search_menu, search_select, zone_select, zone_words};
pub use secret_field::{SecretField, SecretTyped};
pub use select::{segmented, select};
pub use text_field::TextField;
pub use time_ago::time_ago;
pub use time_until::time_until;
pub use toggle::{switch, toggle};
