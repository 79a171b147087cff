//! No command: the window, or without a display the same program without one.

use super::running::Ended;
#[cfg(feature = "desktop")]
use super::running::stop;
use super::{Args, Failure, serve};
#[cfg(feature = "desktop")]
use super::{second, start_logging};
use crate::guard::Guarded;
#[cfg(feature = "desktop")]
use crate::guard::{Mode, told_to_stop};
#[cfg(feature = "desktop")]
use crate::program::Program;

#[cfg(feature = "desktop")]
pub(super) fn run(args: &Args, guarded: Guarded) -> Result<Ended, Failure> {
    use crate::ui::app;

    // When it is started again, nothing may keep it waiting.
    let is_seen = guarded.died.is_none();
    // One that runs already shows its own.
    let told = |failure: Failure| {
        let is_news = is_seen && !second::is_running(&failure);
        if is_news { in_a_window(failure) } else { failure }
    };
    let mode = guarded.mode;
    let options = args.options().map_err(|error| told(error.into()))?;
    let home = options.home.clone();
    let program = Program::start_guarded(options, guarded).map_err(|error| told(error.into()))?;
    let _logging = start_logging(&home);
    // Calls come first: the port is taken, or found blocked, before anything is drawn.
    program.wait_until_tried();
    if mode == Mode::SafeWithoutWindow {
        eprintln!("Switchboard broke off in safe mode too, so calls are answered without a window");
        return Ok(serve::headless(program));
    }
    let remote = app::Remote::default();
    let (shown, ended) = (remote.clone(), remote.clone());
    program.spawn(async move {
        told_to_stop().await;
        ended.end();
    });
    let window = app::Window {
        connect: Box::new(|wake| {
            program.summons().bring(move || shown.show());
            program.connect(wake)
        }),
        registry: program.registry(),
        clock: program.clock(),
        remote,
    };
    Ok(match app::run(window) {
        Ok(()) => stop(program),
        Err(error) => {
            eprintln!("{error}");
            serve::headless(program)
        }
    })
}

/// Shows why nothing starts, for those who see no terminal; without a display that is no loss.
#[cfg(feature = "desktop")]
fn in_a_window(failure: Failure) -> Failure {
    let _ = crate::ui::app::run_failed(&failure.to_string());
    failure
}

#[cfg(not(feature = "desktop"))]
pub(super) fn run(args: &Args, guarded: Guarded) -> Result<Ended, Failure> {
    serve::run(args, guarded)
}
