//! Reaches the window from any thread: wakes it, brings it before its owner, ends it. Knows whether it
//! is open, or calls are answered without it.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use egui::{Context, UserAttentionType, ViewportCommand};

/// Frames that events cause are at least this far apart: a burst of calls must not eat a core.
const CALM: Duration = Duration::from_millis(100);
/// On Linux a window that goes to the background is closed, and opened anew when it comes back: Wayland
/// hides none, and X11 paints those that are hidden. Elsewhere it is hidden.
pub(super) const CLOSES: bool = cfg!(target_os = "linux");

/// What is asked of the window from outside of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Ask whether to quit.
    Quit,
    /// Ask until when to close all lines; this is filled in.
    Close(String),
}

/// Reaches the window, whether it is open or not.
#[derive(Clone, Default)]
pub struct Remote(Arc<Inner>);

#[derive(Default)]
struct Inner {
    reached: Mutex<Reached>,
    changed: Condvar,
    /// There while calls are answered without it, for whoever starts the program again should it break off.
    mark: Option<PathBuf>,
}

#[derive(Default)]
struct Reached {
    /// The window that is open, or hidden.
    open: Option<Open>,
    /// Calls are answered without it.
    in_background: bool,
    /// It is to end.
    ends: bool,
    asked: Vec<Asked>,
}

struct Open {
    ctx: Context,
    last_frame: Instant,
}

impl Remote {
    /// Reaches a window that is shown at once, or not until somebody wants to see it (`in_background`); which
    /// of both stands as a file at `mark` from now on.
    #[must_use]
    pub fn marked(mark: PathBuf, in_background: bool) -> Self {
        let reached = Mutex::new(Reached { in_background, ..Reached::default() });
        let inner = Inner { reached, mark: Some(mark), ..Inner::default() };
        inner.mark(in_background);
        Self(Arc::new(inner))
    }

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
        let mut reached = self.reached();
        reached.in_background = false;
        self.0.mark(false);
        self.0.changed.notify_all();
        reached.send(&[
            ViewportCommand::Visible(true),
            ViewportCommand::Minimized(false),
            ViewportCommand::Focus,
            ViewportCommand::RequestUserAttention(UserAttentionType::Informational),
        ]);
    }

    /// Brings it, and has it ask its owner something.
    pub fn ask(&self, asked: Asked) {
        self.reached().asked.push(asked);
        self.show();
    }

    /// Ends it, and with it the program.
    pub fn end(&self) {
        let mut reached = self.reached();
        reached.ends = true;
        self.0.changed.notify_all();
        reached.send(&[ViewportCommand::Close]);
    }

    /// From now on calls are answered without it.
    pub fn to_background(&self) {
        let mut reached = self.reached();
        reached.in_background = true;
        self.0.mark(true);
        let hide = if CLOSES { ViewportCommand::Close } else { ViewportCommand::Visible(false) };
        reached.send(&[hide]);
    }

    /// Whether calls are answered without it.
    #[must_use]
    pub fn is_in_background(&self) -> bool {
        self.reached().in_background
    }

    /// Whether it is to end.
    #[must_use]
    pub fn ends(&self) -> bool {
        self.reached().ends
    }

    pub(super) fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.reached().asked)
    }

    /// Waits until somebody wants to see it. `false`: it is to end.
    pub(super) fn wait(&self) -> bool {
        let reached = self.reached();
        let is_waiting = |reached: &mut Reached| reached.in_background && !reached.ends;
        let reached = self.0.changed.wait_while(reached, is_waiting).unwrap_or_else(PoisonError::into_inner);
        !reached.ends
    }

    pub(super) fn opened(&self, ctx: &Context) {
        let mut reached = self.reached();
        reached.open = Some(Open { ctx: ctx.clone(), last_frame: Instant::now() });
        if reached.ends {
            reached.send(&[ViewportCommand::Close]);
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
        self.0.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn mark(&self, in_background: bool) {
        let Some(mark) = &self.mark else { return };
        // Without it the window comes as at the first start.
        let _ = if in_background { std::fs::write(mark, "") } else { std::fs::remove_file(mark) };
    }
}

impl Reached {
    fn send(&mut self, commands: &[ViewportCommand]) {
        let Some(Open { ctx, .. }) = &self.open else { return };
        for command in commands {
            ctx.send_viewport_cmd(command.clone());
        }
        ctx.request_repaint();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whether_it_is_in_the_background_is_known_beyond_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let remote = Remote::marked(mark.clone(), true);
        assert!(mark.exists() && remote.is_in_background());
        remote.show();
        assert!(!mark.exists());
        remote.to_background();
        assert!(mark.exists());
        let _ = Remote::marked(mark.clone(), false);
        assert!(!mark.exists());
    }
}
