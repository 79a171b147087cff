//! No command: the window, or without a display the same program without one.

use super::running::Ended;
#[cfg(feature = "desktop")]
use super::running::stop;
#[cfg(feature = "desktop")]
use super::start_logging;
use super::{Args, Failure, serve};
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
    let told = |failure: Failure| if is_seen { in_a_window(failure) } else { failure };
    let mode = guarded.mode;
    let options = args.options().map_err(|error| told(error.into()))?;
    let home = options.home.clone();
    let program = Program::start_guarded(options, guarded).map_err(|error| told(error.into()))?;
    let _logging = start_logging(&home);
    // Calls come first: the port is taken, or found blocked, before anything is drawn.
    program.wait_until_tried();
    let window = app::Window {
        connect: Box::new(|wake| program.connect(wake)),
        registry: program.registry(),
        clock: program.clock(),
        opened: Box::new(|close| {
            program.spawn(async move {
                told_to_stop().await;
                close();
            });
        }),
    };
    if mode == Mode::SafeWithoutWindow {
        eprintln!("Switchboard broke off in safe mode too, so calls are answered without a window");
        drop(window);
        return Ok(serve::headless(program));
    }
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
