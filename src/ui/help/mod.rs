//! Help in the window: the pages of `assets/help/`, found by searching, by F1, and by the `?`
//! beside what they explain.
//!
//! It stands beside the screen where there is room, and over it in smaller windows. Any part of
//! the window asks for a page with [`help_button`]; nothing here reaches the network.

mod pages;
#[cfg(test)]
mod tests;

use egui::{Context, Frame, Id, Margin, Panel, ScrollArea, Ui};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use crate::ui::theme::{self, icons, space, text};
use crate::ui::widgets::{Button, Dialog, TextField, row_button};

pub use pages::{Page, pages};

/// From this width of the window on, in points, help stands beside the screen: what is left for
/// it is then no narrower than in the smallest window.
const WIDE: f32 = 1400.0;
const PANEL_WIDTH: f32 = 400.0;
/// What the guided start is.
const GUIDE: &str = "Step by step to the first call that is proved to arrive";

/// The reader of the pages.
#[derive(Default)]
pub struct Help {
    is_open: bool,
    /// The page that is read; without one, the list of all.
    page: Option<&'static Page>,
    search: String,
    /// The guided start was asked for.
    wants_guide: bool,
    cache: CommonMarkCache,
}

/// A small `?` that opens the page of this name.
pub fn help_button(ui: &mut Ui, page: &Page, about: &str) {
    let name = format!("Help on {about}");
    if ui.add(Button::icon(icons::QUESTION, &name).small()).clicked() {
        ui.ctx().data_mut(|data| data.insert_temp(wish_id(), page.name.to_owned()));
        ui.ctx().request_repaint();
    }
}

fn wish_id() -> Id {
    Id::unique("the page of help that is wanted")
}

impl Help {
    /// Opens the page of this name, or closes what is open.
    pub fn toggle(&mut self, page: &str) {
        if self.is_open {
            self.close();
        } else {
            self.open(page);
        }
    }

    /// Closes what is open.
    pub fn close(&mut self) {
        self.is_open = false;
    }

    fn open(&mut self, page: &str) {
        (self.is_open, self.page) = (true, Page::find(page));
        self.search.clear();
    }

    /// Takes what [`help_button`] asked for in this frame. Says whether the guided start is wanted.
    pub fn hear(&mut self, ctx: &Context) -> bool {
        if let Some(page) = ctx.data_mut(|data| data.remove_temp::<String>(wish_id())) {
            self.open(&page);
        }
        std::mem::take(&mut self.wants_guide)
    }

    /// Draws it beside what is drawn afterwards, where it is open and there is room.
    pub fn beside_ui(&mut self, ui: &mut Ui) {
        if !self.is_open || !is_wide(ui) {
            return;
        }
        let frame = Frame::new().fill(theme::palette(ui).surface).inner_margin(Margin::same(space::L as i8));
        let panel = Panel::right("help").default_size(PANEL_WIDTH).size_range(320.0..=560.0).frame(frame);
        panel.show(ui, |ui| {
            egui::Sides::new().shrink_left().height(theme::CONTROL_HEIGHT).show(
                ui,
                |ui| ui.label(text::heading("Help")),
                |ui| {
                    if ui.add(Button::icon(icons::X, "Close help")).clicked() {
                        self.is_open = false;
                    }
                },
            );
            ui.add_space(space::XS);
            self.reader_ui(ui, f32::INFINITY);
        });
    }

    /// Draws it over the window, where it is open and there is no room beside.
    pub fn over_ui(&mut self, ui: &Ui) {
        if !self.is_open || is_wide(ui) {
            return;
        }
        let height = ui.ctx().content_rect().height() - 300.0;
        let ((), closed, close) = Dialog::new("Help").width(640.0).show(
            ui,
            |ui| self.reader_ui(ui, height),
            |ui| ui.add(Button::secondary("Close")).clicked(),
        );
        self.is_open = !closed && !close;
    }

    fn reader_ui(&mut self, ui: &mut Ui, height: f32) {
        match self.page {
            Some(page) => self.page_ui(ui, page, height),
            None => self.list_ui(ui, height),
        }
    }

    fn list_ui(&mut self, ui: &mut Ui, height: f32) {
        let field = ui.add(TextField::new(&mut self.search).hint("Search the help"));
        if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
        field.accessible_name("Search the help");
        ui.add_space(space::XS);
        let found: Vec<_> = pages().iter().filter(|page| page.has(&self.search)).collect();
        let area = ScrollArea::vertical().id_salt("pages").max_height(height).auto_shrink([false, true]);
        area.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            if found.is_empty() {
                ui.label(text::soft(theme::palette(ui), "No page has these words; try fewer of them"));
            }
            if self.search.is_empty() && row_button(ui, "Guided start", GUIDE) {
                (self.wants_guide, self.is_open) = (true, false);
            }
            for page in found {
                if row_button(ui, page.title, &page.summary()) {
                    self.page = Some(page);
                }
            }
        });
    }

    fn page_ui(&mut self, ui: &mut Ui, page: &'static Page, height: f32) {
        let button = Button::quiet("All pages").with_icon(icons::CHEVRON_LEFT).small();
        let back = ui.add(button).clicked();
        let area = ScrollArea::vertical().id_salt(page.name).max_height(height).auto_shrink([false, true]);
        area.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            ui.label(text::title(page.title));
            marked_ui(ui, &mut self.cache, page.text);
            ui.add_space(space::L);
        });
        let followed = pages().iter().find(|other| self.cache.get_link_hook(&link(other)) == Some(true));
        if back {
            self.page = None;
        } else if followed.is_some() {
            self.page = followed;
        }
    }
}

/// How one page names another.
fn link(page: &Page) -> String {
    format!("{}.md", page.name)
}

/// Text with headings, lists, tables and links between pages.
fn marked_ui(ui: &mut Ui, cache: &mut CommonMarkCache, marked: &str) {
    let p = theme::palette(ui);
    for page in pages() {
        cache.add_link_hook(link(page));
    }
    ui.scope(|ui| {
        // Else links stand higher than the words around them.
        ui.spacing_mut().interact_size.y = 0.0;
        // Strong words differ by their colour: the reader knows no other weight.
        let visuals = ui.visuals_mut();
        visuals.widgets.noninteractive.fg_stroke.color = p.text_soft;
        visuals.widgets.active.fg_stroke.color = p.text;
        CommonMarkViewer::new().show(ui, cache, marked);
    });
}

fn is_wide(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() >= WIDE
}
