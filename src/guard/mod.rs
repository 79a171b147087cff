//! The guard: the first process, which is so small that it does not break. It starts the real
//! program as its child, holds the socket that calls arrive at, and starts the child again when it
//! dies. A call that arrives in that moment waits at the socket and is answered by the next child.
//!
//! `keep` is the guard, `deaths` says how to start next, `socket` hands the socket down, `tell`
//! says things. It knows nothing of calls, tables and files. What the child tells the guard is in the
//! code it ends with.

mod deaths;
mod keep;
#[cfg_attr(not(unix), path = "no_socket.rs")]
mod socket;
mod tell;

pub use keep::{Guarded, Parent, keep, told_to_stop};
pub use socket::Line;

/// The child ended because it was meant to. So does the guard.
pub const ENDED: u8 = 0;
/// The same, but not everything could be saved.
pub const UNSAVED: u8 = 74;
/// The child wants to be started afresh, and did not break.
pub const AGAIN: u8 = 75;
/// The child's window broke, and the child ended in good order for it. Counts as a death of the window.
pub const BROKE: u8 = 70;
/// The child could not start, and has said why.
pub const REFUSED: u8 = 78;

/// How the program is started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// As its owner made it.
    #[default]
    Whole,
    /// The same without a window, which is what broke.
    WithoutWindow,
    /// Without what may have broken it.
    Safe,
    /// The same, and without a window.
    SafeWithoutWindow,
}

impl Mode {
    const ALL: [(Self, &str); 4] = [
        (Self::Whole, "whole"),
        (Self::WithoutWindow, "without-window"),
        (Self::Safe, "safe"),
        (Self::SafeWithoutWindow, "safe-without-window"),
    ];

    /// Whether what may have broken it is left out.
    #[must_use]
    pub fn is_safe(self) -> bool {
        matches!(self, Self::Safe | Self::SafeWithoutWindow)
    }

    /// Whether its window is left out.
    #[must_use]
    pub fn is_without_window(self) -> bool {
        matches!(self, Self::WithoutWindow | Self::SafeWithoutWindow)
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(mode, _)| *mode == self).map_or("whole", |(_, name)| name)
    }

    fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, other)| *other == name).map(|(mode, _)| *mode)
    }
}
