//! Closing the window, and what is asked of it from outside.

use egui::{Context, ViewportCommand};

use crate::desktop::Told;
use crate::routing::What;
use crate::storage::OnClose;
use crate::ui::closures::ClosingStart;

use super::{App, Asked};

impl App {
    /// Sees to it that nobody stops calls from being answered by closing a window.
    pub(super) fn mind_closing(&mut self, ctx: &Context) {
        let Some(state) = &self.state else { return };
        let is_closed = ctx.input(|input| input.viewport().close_requested());
        // A window that can save nothing any more is of no use in the background.
        if !is_closed || self.remote.ends() || self.remote.is_in_background() || self.cut_off {
            return;
        }
        ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        match state.settings.on_close {
            OnClose::Ask => self.dialogs.leaving.ask(),
            OnClose::KeepAnswering => self.remote.to_background(),
            OnClose::Quit => self.dialogs.leaving.ask_to_quit(),
        }
    }

    /// What is to be said in the tray.
    pub(super) fn to_tell(&self) -> Option<Box<Told>> {
        self.desktop.as_ref()?.manners().told.clone()
    }

    /// Does what was asked from the tray, once everything is known.
    pub(super) fn hear_asked(&mut self) {
        if self.state.is_none() {
            return;
        }
        for asked in self.remote.take_asked() {
            match asked {
                Asked::Quit => self.dialogs.leaving.ask_to_quit(),
                Asked::Close(until) => {
                    self.dialogs.closures.close(Some(ClosingStart { what: What::Closed, until }));
                }
            }
        }
    }
}
