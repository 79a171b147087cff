//! What the window's program does on the desktop besides its window.

use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Weak};

use crate::desktop::tray::{Deed, Deeds};
use crate::desktop::{self, Autostart, Desktop};
use crate::program::Program;
use crate::service::messages::Command;
use crate::service::overriding::{closed_until, ids_in_force};
use crate::storage::{Home, Pause};
use crate::ui::app::{Asked, Remote};

/// The tray, and what else the desktop does; without it, calls are answered all the same.
pub(super) fn on_desktop(
    program: &Program,
    home: &Home,
    remote: &Remote,
    commands: &Arc<SyncSender<Command>>,
) -> Option<Desktop> {
    let woken = remote.clone();
    let deeds = deeds(program, remote.clone(), Arc::downgrade(commands));
    let desktop = Desktop::start(Autostart::of(home), deeds, move || woken.wake()).ok()?;
    let (engine, clock) = (program.engine(), program.clock());
    let (serving, proof, settings) = (program.serving(), program.proof(), program.settings());
    program.spawn(desktop::follow(desktop.clone(), engine, clock, serving, proof, settings));
    Some(desktop)
}

/// Does what is chosen in the tray. The system holds on to it for good, so it holds on to nothing that
/// the program waits for at its end.
fn deeds(program: &Program, remote: Remote, commands: Weak<SyncSender<Command>>) -> Deeds {
    let (engine, clock) = (program.engine(), program.clock());
    Arc::new(move |deed| {
        let (overrides, live, now) = (engine.overrides(), engine.live(), clock.now());
        let ask = |command| {
            // While the service is busy, it is chosen again by whoever sees that nothing happened.
            if let Some(commands) = commands.upgrade() {
                let _ = commands.try_send(command);
            }
        };
        match deed {
            Deed::Open => remote.show(),
            Deed::Quit => remote.ask(Asked::Quit),
            Deed::AskClose => remote.ask(Asked::Close(String::new())),
            Deed::Reopen => ask(Command::EndOverrides(ids_in_force(&overrides, now))),
            Deed::PauseForAnHour => ask(Command::PauseNotices(Some(Pause::for_an_hour(now)))),
            Deed::Pause => ask(Command::PauseNotices(Some(Pause::UntilEnded))),
            Deed::EndPause => ask(Command::PauseNotices(None)),
            Deed::Close(until) => match closed_until(&until, &overrides, &live.table, now) {
                Some(wish) => ask(Command::Override { wish: Box::new(wish), keep: false }),
                None => remote.ask(Asked::Close(until)),
            },
        }
    })
}
