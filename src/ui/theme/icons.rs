//! The icons that the window uses, as characters of the bundled Lucide font.
//!
//! Draw one with [`super::text::icon`], or hand it to a widget that takes an icon.

/// `route`
pub const ROUTE: char = '\u{e53e}';
/// `phone`
pub const PHONE: char = '\u{e133}';
/// `phone-incoming`
pub const PHONE_INCOMING: char = '\u{e136}';
/// `phone-forwarded`
pub const PHONE_FORWARDED: char = '\u{e135}';
/// `phone-off`
pub const PHONE_OFF: char = '\u{e138}';
/// `message-square`
pub const MESSAGE: char = '\u{e117}';
/// `list`
pub const LIST: char = '\u{e106}';
/// `hash`
pub const HASH: char = '\u{e0ef}';
/// `play`
pub const PLAY: char = '\u{e13c}';
/// `settings`
pub const SETTINGS: char = '\u{e154}';
/// `plug`
pub const PLUG: char = '\u{e37f}';
/// `users`
pub const USERS: char = '\u{e1a4}';
/// `user`
pub const USER: char = '\u{e19f}';
/// `plus`
pub const PLUS: char = '\u{e13d}';
/// `minus`
pub const MINUS: char = '\u{e11c}';
/// `trash-2`
pub const TRASH: char = '\u{e18e}';
/// `copy`
pub const COPY: char = '\u{e09e}';
/// `copy-plus`
pub const DUPLICATE: char = '\u{e3fd}';
/// `pencil`
pub const PENCIL: char = '\u{e1f9}';
/// `grip-vertical`
pub const GRIP: char = '\u{e0eb}';
/// `chevron-down`
pub const CHEVRON_DOWN: char = '\u{e06d}';
/// `chevron-up`
pub const CHEVRON_UP: char = '\u{e070}';
/// `chevron-right`
pub const CHEVRON_RIGHT: char = '\u{e06f}';
/// `chevron-left`
pub const CHEVRON_LEFT: char = '\u{e06e}';
/// `arrow-up`
pub const ARROW_UP: char = '\u{e04a}';
/// `arrow-down`
pub const ARROW_DOWN: char = '\u{e042}';
/// `arrow-up-down`
pub const ARROW_UP_DOWN: char = '\u{e37d}';
/// `history`
pub const HISTORY: char = '\u{e1f5}';
/// `archive`
pub const ARCHIVE: char = '\u{e041}';
/// `git-compare`
pub const COMPARE: char = '\u{e359}';
/// `arrow-right`
pub const ARROW_RIGHT: char = '\u{e049}';
/// `corner-down-right`
pub const GO_ON: char = '\u{e0a2}';
/// `check`
pub const CHECK: char = '\u{e06c}';
/// `x`
pub const X: char = '\u{e1b2}';
/// `circle`
pub const CIRCLE: char = '\u{e076}';
/// `circle-check`
pub const CIRCLE_CHECK: char = '\u{e226}';
/// `circle-x`
pub const CIRCLE_X: char = '\u{e084}';
/// `circle-alert`
pub const CIRCLE_ALERT: char = '\u{e077}';
/// `triangle-alert`
pub const TRIANGLE_ALERT: char = '\u{e193}';
/// `circle-question-mark`
pub const QUESTION: char = '\u{e082}';
/// `info`
pub const INFO: char = '\u{e0f9}';
/// `clock`
pub const CLOCK: char = '\u{e087}';
/// `calendar`
pub const CALENDAR: char = '\u{e063}';
/// `calendar-clock`
pub const CALENDAR_CLOCK: char = '\u{e304}';
/// `globe`
pub const GLOBE: char = '\u{e0e8}';
/// `search`
pub const SEARCH: char = '\u{e151}';
/// `upload`
pub const UPLOAD: char = '\u{e19e}';
/// `download`
pub const DOWNLOAD: char = '\u{e0b2}';
/// `undo-2`
pub const UNDO: char = '\u{e2a1}';
/// `redo-2`
pub const REDO: char = '\u{e2a0}';
/// `eye`
pub const EYE: char = '\u{e0ba}';
/// `eye-off`
pub const EYE_OFF: char = '\u{e0bb}';
/// `power`
pub const POWER: char = '\u{e140}';
/// `shield`
pub const SHIELD: char = '\u{e158}';
/// `key-round`
pub const KEY: char = '\u{e4a3}';
/// `file-json`
pub const FILE_JSON: char = '\u{e36b}';
/// `braces`
pub const BRACES: char = '\u{e36a}';
/// `send`
pub const SEND: char = '\u{e152}';
/// `rocket`
pub const PUBLISH: char = '\u{e286}';
/// `ellipsis`
pub const ELLIPSIS: char = '\u{e0b6}';
/// `refresh-cw`
pub const REFRESH: char = '\u{e145}';
/// `funnel`
pub const FILTER: char = '\u{e0dc}';
/// `bell`
pub const BELL: char = '\u{e059}';
/// `bot`
pub const BOT: char = '\u{e1bb}';
/// `map-pin`
pub const MAP_PIN: char = '\u{e111}';
/// `layers`
pub const LAYERS: char = '\u{e529}';
/// `chart-column`
pub const CHART: char = '\u{e2a3}';
/// `bookmark`
pub const BOOKMARK: char = '\u{e060}';
/// `columns-3`
pub const COLUMNS: char = '\u{e099}';
/// `door-closed`
pub const DOOR_CLOSED: char = '\u{e3d5}';
/// `door-open`
pub const DOOR_OPEN: char = '\u{e3d6}';

#[cfg(test)]
mod tests {
    use super::super::fonts;
    use super::*;
    use egui::{FontFamily, FontId, epaint::text::Fonts};

    const ALL: &[char] = &[
        ROUTE,
        PHONE,
        PHONE_INCOMING,
        PHONE_FORWARDED,
        PHONE_OFF,
        PLAY,
        SETTINGS,
        PLUG,
        USERS,
        USER,
        PLUS,
        MINUS,
        TRASH,
        COPY,
        DUPLICATE,
        PENCIL,
        GRIP,
        CHEVRON_DOWN,
        CHEVRON_UP,
        CHEVRON_RIGHT,
        CHEVRON_LEFT,
        ARROW_UP,
        ARROW_DOWN,
        ARROW_UP_DOWN,
        HISTORY,
        ARCHIVE,
        COMPARE,
        ARROW_RIGHT,
        GO_ON,
        CHECK,
        X,
        CIRCLE,
        CIRCLE_CHECK,
        CIRCLE_X,
        CIRCLE_ALERT,
        TRIANGLE_ALERT,
        QUESTION,
        INFO,
        CLOCK,
        CALENDAR,
        CALENDAR_CLOCK,
        GLOBE,
        SEARCH,
        UPLOAD,
        DOWNLOAD,
        UNDO,
        REDO,
        EYE,
        EYE_OFF,
        POWER,
        SHIELD,
        KEY,
        FILE_JSON,
        BRACES,
        SEND,
        PUBLISH,
        ELLIPSIS,
        REFRESH,
        FILTER,
        BELL,
        BOT,
        MAP_PIN,
        LAYERS,
        CHART,
        BOOKMARK,
        COLUMNS,
        DOOR_CLOSED,
        DOOR_OPEN,
        LIST,
        HASH,
    ];

    #[test]
    fn every_icon_is_in_the_font() {
        let mut fonts = Fonts::new(egui::epaint::TextOptions::default(), fonts::definitions());
        let font = FontId::new(16.0, FontFamily::Name(fonts::ICONS.into()));
        for icon in ALL {
            assert!(fonts.has_glyph(&font, *icon), "{icon:?} is not in the font");
        }
    }
}
