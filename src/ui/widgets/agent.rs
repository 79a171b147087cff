//! An agent as it is shown everywhere: a dot of its own colour, and its name.

use super::paint;
use crate::routing::safe_text;
use crate::ui::theme::{self, space, text};
use egui::{Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const DOT: f32 = 10.0;

/// Dot and name of the agent with this id; cut with an ellipsis where there is no room.
pub fn agent(ui: &mut Ui, id: &str, name: &str) -> Response {
    let p = theme::palette(ui);
    let name = &*safe_text(name);
    let room = paint::room(ui) - DOT - space::S;
    let galley = paint::line(ui, name, text::medium(text::BODY), p.text, room);
    let height = galley.size().y.max(20.0);
    let size = vec2(DOT + space::S + galley.size().x, height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), name));
    let middle = rect.center().y;
    ui.painter().circle_filled(pos2(rect.left() + DOT / 2.0, middle), DOT / 2.0, p.agent(id));
    let cut = galley.elided;
    let at = pos2(rect.left() + DOT + space::S, middle - galley.size().y / 2.0);
    ui.painter().galley(at, galley, p.text);
    if cut { response.on_hover_text(name) } else { response }
}
