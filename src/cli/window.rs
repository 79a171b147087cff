//! No command: the window, or without a display the same program without one.

use std::future::pending;
use std::sync::Arc;

use super::on_desktop::on_desktop;
use super::running::{Ended, stop};
use super::{Args, Failure, second, serve, start_logging};
use crate::guard::{Guarded, Parent, told_to_stop};
use crate::program::Program;
use crate::ui::app::{self, Display, WindowError};

pub(super) fn run(args: &Args, guarded: Guarded) -> Result<Ended, Failure> {
    // When it is started again, nothing may keep it waiting.
    let is_seen = guarded.died.is_none();
    // One that runs already shows its own.
    let told = |failure: Failure| {
        let is_news = is_seen && !second::is_running(&failure);
        if is_news { in_a_window(failure) } else { failure }
    };
    let (mode, guard, is_again) = (guarded.mode, guarded.guard, guarded.is_again);
    let options = args.options().map_err(|error| told(error.into()))?;
    let home = options.home.clone();
    let program = Program::start_guarded(options, guarded).map_err(|error| told(error.into()))?;
    let _logging = start_logging(&home, None);
    serve::say_safe_mode(&program);
    // Calls come first: the port is taken, or found blocked, before anything is drawn.
    program.wait_until_tried();
    if mode.is_without_window() {
        let why = if mode.is_safe() {
            "Switchboard broke off in safe mode too"
        } else {
            "The window broke several times within a minute"
        };
        complain!("{why}, so calls are answered without a window");
        return Ok(serve::headless(program));
    }
    // Where the guard starts it again, the window is as it was, however all of it was begun.
    let mark = home.background_mark();
    let in_background = if is_again { mark.exists() } else { args.hidden };
    let remote = app::Remote::marked(mark, in_background);
    let (shown, ended) = (remote.clone(), remote.clone());
    let found = || program.summons().bring(move || shown.show());
    let asked = program.asked_to_stop();
    program.spawn(async move {
        tokio::select! {
            () = told_to_stop() => {}
            () = asked => {}
        }
        ended.end();
    });
    let commands = Arc::new(program.commands());
    let window = app::Window {
        connect: Box::new(|wake| program.connect(wake)),
        registry: program.registry(),
        clock: program.clock(),
        found: Box::new(found),
        desktop: on_desktop(&program, &home, &remote, &commands),
        remote,
    };
    let display = Display::of_this_process();
    let was_there = display.is_there();
    let is_guarded = || guard.is_some_and(Parent::is_there);
    let ended = app::run(window);
    drop(commands);
    let Err(error) = ended else { return Ok(stop(program)) };
    complain!("{error}");
    // One process cannot open a second window, so another one takes its place.
    if matches!(error, WindowError::Broken(_)) && is_guarded() {
        return Ok(for_another(program, Ended::Broke));
    }
    let comes_back = async {
        display.comes(was_there).await;
        if !is_guarded() {
            pending::<()>().await;
        }
    };
    let is_back = serve::headless_until(&program, comes_back);
    Ok(if is_back { for_another(program, Ended::Again) } else { serve::told_to_end(program) })
}

/// Ends the program so that the guard starts it again; calls wait for that.
fn for_another(program: Program, ended: Ended) -> Ended {
    if let Ended::Unsaved(failure) = stop(program) {
        complain!("switchboard: {failure}");
    }
    ended
}

/// Shows why nothing starts, for those who see no terminal; without a display that is no loss.
fn in_a_window(failure: Failure) -> Failure {
    let _ = app::run_failed(&failure.to_string());
    failure
}
