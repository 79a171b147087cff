//! egui's own style, made of the palette and the sizes. For what egui draws itself: text
//! fields, menus, scroll bars, tooltips, tables.

use super::{CONTROL_HEIGHT_SMALL, Palette, RADIUS, RADIUS_SMALL, space, text};
use egui::style::{ScrollStyle, Selection, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Vec2, Visuals, vec2};

pub(super) fn style(palette: &Palette) -> Style {
    let mut style = Style {
        text_styles: [
            (TextStyle::Body, text::regular(text::BODY)),
            (TextStyle::Button, text::medium(text::BODY)),
            (TextStyle::Small, text::regular(text::SMALL)),
            (TextStyle::Heading, text::semibold(text::HEADING)),
            (TextStyle::Monospace, text::mono(text::MONO)),
        ]
        .into(),
        visuals: visuals(palette),
        animation_time: 0.1,
        ..Style::default()
    };
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::splat(space::S);
    spacing.button_padding = vec2(space::M, 6.0);
    spacing.menu_margin = Margin::symmetric(8, 6);
    spacing.window_margin = Margin::same(space::XL as i8);
    spacing.interact_size = vec2(40.0, CONTROL_HEIGHT_SMALL);
    spacing.indent = space::XL;
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = space::S;
    spacing.combo_width = 120.0;
    spacing.combo_height = 320.0;
    spacing.menu_width = 220.0;
    spacing.tooltip_width = 360.0;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        floating_width: 6.0,
        floating_allocated_width: 0.0,
        foreground_color: false,
        ..ScrollStyle::floating()
    };
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = false;
    style
}

fn visuals(p: &Palette) -> Visuals {
    let base = if p.dark { Visuals::dark() } else { Visuals::light() };
    Visuals {
        override_text_color: None,
        weak_text_color: Some(p.text_faint),
        widgets: widgets(p),
        selection: Selection {
            bg_fill: p.selection,
            stroke: Stroke::new(1.5, p.tone(super::Tone::Accent).text),
        },
        hyperlink_color: p.tone(super::Tone::Accent).text,
        faint_bg_color: p.sunken,
        extreme_bg_color: p.surface,
        text_edit_bg_color: Some(p.surface),
        code_bg_color: p.sunken,
        warn_fg_color: p.tone(super::Tone::Warning).text,
        error_fg_color: p.tone(super::Tone::Reject).text,
        window_corner_radius: CornerRadius::same(RADIUS + 4),
        window_shadow: shadow(p, 32),
        window_fill: p.raised,
        window_stroke: Stroke::new(1.0, p.border),
        menu_corner_radius: CornerRadius::same(RADIUS),
        panel_fill: p.canvas,
        popup_shadow: shadow(p, 16),
        text_cursor: egui::style::TextCursorStyle {
            stroke: Stroke::new(1.5, p.tone(super::Tone::Accent).text),
            ..base.text_cursor
        },
        disabled_alpha: 0.5,
        ..base
    }
}

fn shadow(p: &Palette, blur: u8) -> Shadow {
    Shadow { offset: [0, (blur / 4).cast_signed()], blur, spread: 0, color: p.shadow }
}

fn widgets(p: &Palette) -> Widgets {
    let state = |fill: Color32, border: Stroke, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: border,
        corner_radius: CornerRadius::same(RADIUS_SMALL),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let hairline = Stroke::new(1.0, p.border);
    let outline = Stroke::new(1.0, p.border_strong);
    Widgets {
        noninteractive: state(p.surface, hairline, p.text),
        inactive: state(p.surface, outline, p.text),
        hovered: state(p.sunken, outline, p.text),
        // egui calls what has the keyboard active too: so this is the focus ring.
        active: state(p.sunken, Stroke::new(1.5, p.focus), p.text),
        open: state(p.sunken, outline, p.text),
    }
}

/// The style inside menus and lists that drop down: rows without outline, roomy.
pub fn menu_style(style: &mut Style) {
    style.spacing.menu_margin = Margin::same(4);
    style.spacing.button_padding = vec2(10.0, 6.0);
    style.spacing.item_spacing = vec2(space::S, 2.0);
    let widgets = &mut style.visuals.widgets;
    for state in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.open] {
        state.bg_stroke = Stroke::NONE;
    }
    widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
}
