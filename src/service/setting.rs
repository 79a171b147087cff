//! The settings: saved as the window wants them, and followed where somebody else edits their file. A part
//! of the control thread.

use std::net::{SocketAddr, TcpListener};

use super::control::Control;
use super::messages::{Event, Level, Serving};
use crate::storage::Settings;

impl Control {
    pub(super) fn save_settings(&mut self, settings: Settings) {
        if let Err(reason) = self.can_move_to(settings.listen) {
            self.fail(reason);
            return self.feed.send(Event::Settings(self.settings.clone()));
        }
        // What the command line says holds for this run and is not saved along with something else.
        if settings.listen != self.settings.listen {
            self.kept_listen = settings.listen;
        }
        // A pause is begun and ended elsewhere.
        let notices_paused = self.settings.notices_paused;
        self.act_on(Settings { notices_paused, ..settings });
        self.save_kept();
    }

    /// Somebody else may edit `settings.json`; what they write counts, and what cannot be read changes
    /// nothing.
    pub(super) fn look_at_settings(&mut self) {
        match self.settings_store.outside_edit() {
            None => {}
            Some(Ok(settings)) => self.follow_settings(settings),
            Some(Err(error)) => self.warn(format!(
                "The file of the settings was changed and cannot be read, so they stay as they were. {error}"
            )),
        }
    }

    fn follow_settings(&mut self, settings: Settings) {
        // The command line may have put another address in its place for this run.
        let is_overruled = self.settings.listen != self.kept_listen;
        let moves = settings.listen != self.kept_listen;
        let mut listen = if is_overruled { self.settings.listen } else { settings.listen };
        if moves && is_overruled {
            let (kept, now) = (settings.listen, self.settings.listen);
            self.warn(format!(
                "Calls come in at {now}, as the command line says; {kept} counts after a start without that"
            ));
        } else if let Err(reason) = self.can_move_to(listen) {
            self.warn(reason);
            listen = self.settings.listen;
        }
        if settings.retell != self.settings.retell {
            self.warn(
                "Where Retell is asked about the account was changed; that counts after a restart".into(),
            );
        }
        self.kept_listen = settings.listen;
        self.act_on(Settings { listen, ..settings });
        tracing::info!("the settings were changed and count from now on");
        self.tell(Level::Info, "The settings were changed outside of this window".to_owned());
    }

    /// Has everything go by them.
    fn act_on(&mut self, settings: Settings) {
        // The window does not know better; and what was said of old calls does not hold for other days.
        let is_as_said = settings.keep_calls_days == self.settings.keep_calls_days;
        let old_calls_go_from = self.settings.old_calls_go_from.filter(|_| is_as_said);
        let settings = Settings { old_calls_go_from, ..settings };
        self.listen.send_if_modified(|listen| {
            let moves = *listen != settings.listen;
            *listen = settings.listen;
            moves
        });
        self.engine.set_takes_events(settings.take_call_events);
        self.noticing.use_settings(&settings);
        let looks_elsewhere = settings.reach.programs != self.settings.reach.programs;
        self.settings = settings;
        self.tell_settings();
        self.keep_reachable();
        self.look_after_old_calls();
        if looks_elsewhere {
            self.look_for_tools();
        }
    }

    /// Puts settings in force that nothing else goes by, and writes them down.
    pub(super) fn keep_settings(&mut self, settings: Settings) {
        self.settings = settings;
        self.save_kept();
        self.tell_settings();
    }

    fn save_kept(&mut self) {
        let saved = Settings { listen: self.kept_listen, ..self.settings.clone() };
        if let Err(error) = self.settings_store.save(&saved, self.clock.now()) {
            self.fail(error.to_string());
        }
    }

    fn tell_settings(&self) {
        self.settings_told.send_replace(self.settings.clone());
        self.feed.send(Event::Settings(self.settings.clone()));
    }

    /// Tells the window, and the log where there is none.
    fn warn(&self, text: String) {
        tracing::warn!("{text}");
        self.tell(Level::Warning, text);
    }

    /// Whether calls could be received there. As long as they are received somewhere, a port that is
    /// taken is no reason to stop.
    fn can_move_to(&self, addr: SocketAddr) -> Result<(), String> {
        match *self.serving.borrow() {
            // The same port on another address of this computer is our own until we let go of it.
            Serving::Listening(now) if now.port() != addr.port() => {
                TcpListener::bind(addr).map(drop).map_err(|cause| {
                    format!(
                        "Calls still come in on port {}, as port {} cannot be used ({cause}); choose another",
                        now.port(),
                        addr.port()
                    )
                })
            }
            _ => Ok(()),
        }
    }
}
