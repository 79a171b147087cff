//! Brings the window before its owner, wherever it is just now.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// Reaches the window from anywhere in the program.
#[derive(Clone, Default)]
pub struct Summons(Arc<Mutex<Reached>>);

#[derive(Default)]
enum Reached {
    /// The program is starting.
    #[default]
    NotYet,
    Window(Box<dyn Fn() + Send>),
    NoWindow,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Summoned {
    /// It is not known yet whether there will be a window.
    NotYet,
    /// The window comes.
    Shown,
    /// This program has none.
    NoWindow,
}

impl Summons {
    /// From now on this brings the window. It must return at once.
    pub fn bring(&self, window: impl Fn() + Send + 'static) {
        self.set(Reached::Window(Box::new(window)));
    }

    /// From now on there is no window.
    pub fn no_window(&self) {
        self.set(Reached::NoWindow);
    }

    /// Brings the window, if there is one.
    #[must_use]
    pub fn summon(&self) -> Summoned {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Reached::NotYet => Summoned::NotYet,
            Reached::NoWindow => Summoned::NoWindow,
            Reached::Window(bring) => {
                bring();
                Summoned::Shown
            }
        }
    }

    fn set(&self, reached: Reached) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = reached;
    }
}
