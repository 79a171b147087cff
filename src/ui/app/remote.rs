//! Reaches the window from any thread: wakes it, brings it before its owner, ends it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use egui::{Context, UserAttentionType, ViewportCommand};

/// Frames that events cause are at least this far apart: a burst of calls must not eat a core.
const CALM: Duration = Duration::from_millis(100);

/// Reaches the window, whether it is open or not.
#[derive(Clone, Default)]
pub struct Remote(Arc<Mutex<Reached>>);

#[derive(Default)]
struct Reached {
    /// The window that is open.
    open: Option<Open>,
    /// It is to end.
    ends: bool,
}

struct Open {
    ctx: Context,
    last_frame: Instant,
}

impl Remote {
    /// There is something to hear.
    pub fn wake(&self) {
        let reached = self.reached();
        let Some(Open { ctx, last_frame }) = &reached.open else { return };
        if last_frame.elapsed() < CALM {
            ctx.request_repaint_after(CALM);
        } else {
            ctx.request_repaint();
        }
    }

    /// Brings it before its owner. Where the system lets no program do that, it asks for attention.
    pub fn show(&self) {
        let reached = self.reached();
        let Some(Open { ctx, .. }) = &reached.open else { return };
        for command in [
            ViewportCommand::Visible(true),
            ViewportCommand::Minimized(false),
            ViewportCommand::Focus,
            ViewportCommand::RequestUserAttention(UserAttentionType::Informational),
        ] {
            ctx.send_viewport_cmd(command);
        }
        ctx.request_repaint();
    }

    /// Ends it, and with it the program.
    pub fn end(&self) {
        let mut reached = self.reached();
        reached.ends = true;
        if let Some(Open { ctx, .. }) = &reached.open {
            ctx.send_viewport_cmd(ViewportCommand::Close);
            ctx.request_repaint();
        }
    }

    pub(super) fn opened(&self, ctx: &Context) {
        let mut reached = self.reached();
        reached.open = Some(Open { ctx: ctx.clone(), last_frame: Instant::now() });
        if reached.ends {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
    }

    pub(super) fn drawn(&self) {
        if let Some(open) = &mut self.reached().open {
            open.last_frame = Instant::now();
        }
    }

    pub(super) fn closed(&self) {
        self.reached().open = None;
    }

    fn reached(&self) -> MutexGuard<'_, Reached> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
