//! `switchboard serve`: answers calls without a window, until it is told to stop.

use std::future::pending;
use std::pin::pin;

use super::running::{Ended, stop};
use super::{Args, Failure, start_logging};
use crate::guard::{Guarded, told_to_stop};
use crate::plugins::reach::address_of;
use crate::program::Program;
use crate::reach::ReachState;
use crate::service::WEBHOOK_PATH;
use crate::service::messages::Serving;
use crate::storage::Trouble;

pub(super) fn run(args: &Args, guarded: Guarded) -> Result<Ended, Failure> {
    let options = args.options()?;
    let home = options.home.clone();
    let program = Program::start_guarded(options, guarded)?;
    // Its folder is there now.
    let _logging = start_logging(&home);
    Ok(headless(program))
}

/// Says where calls are received and whatever goes wrong, and waits for the end.
pub(super) fn headless(program: Program) -> Ended {
    headless_until(&program, pending());
    told_to_end(program)
}

/// Ends the program as it was told to.
pub(super) fn told_to_end(program: Program) -> Ended {
    complain!("Stopping");
    stop(program)
}

/// Says where calls are received and whatever goes wrong, until the program is told to stop or
/// `something` has ended. Tells whether that was it.
pub(super) fn headless_until(program: &Program, something: impl Future<Output = ()>) -> bool {
    program.summons().no_window();
    program.wait_until_tried();
    let mut serving = program.serving();
    let mut log = program.log_health();
    serving.mark_changed();
    let mut reach = program.reach();
    reach.mark_changed();
    let mut log_troubles = program.log_troubles();
    let mut clock = program.engine().skew();
    clock.mark_changed();
    let mut told = 0;
    program.troubles().iter().for_each(say_trouble);
    log_troubles.mark_changed();
    if program.engine().keys().is_empty() {
        complain!(
            "No API key is set, so every request is refused; paste it in the window under Settings, or set RETELL_API_KEY"
        );
    }
    program.block_on(async {
        let mut stop = pin!(told_to_stop());
        let mut something = pin!(something);
        loop {
            tokio::select! {
                () = &mut stop => return false,
                () = &mut something => return true,
                Ok(()) = serving.changed() => say(&serving.borrow_and_update()),
                Ok(()) = reach.changed() => say_reach(&reach.borrow_and_update()),
                Ok(()) = log.changed() => match log.borrow_and_update().clone().trouble() {
                    Some(trouble) => complain!("{trouble}"),
                    None => complain!("Calls are logged again"),
                },
                Ok(()) = clock.changed() => {
                    if let Some(skew) = *clock.borrow_and_update() {
                        complain!("{}. {}", skew.words(), skew.advice());
                    }
                }
                Ok(()) = log_troubles.changed() => {
                    let troubles = log_troubles.borrow_and_update();
                    troubles.iter().skip(told).for_each(say_trouble);
                    told = troubles.len();
                }
            }
        }
    })
}

fn say_trouble(trouble: &Trouble) {
    let kept = trouble.kept.as_ref().map(|file| format!(" Kept beside: {}", file.display()));
    complain!("{}{}", trouble.message, kept.unwrap_or_default());
}

fn say(serving: &Serving) {
    match serving {
        Serving::Starting => {}
        Serving::Listening(addr) => complain!("Answering calls at http://{addr}{WEBHOOK_PATH}"),
        Serving::Blocked { reason, .. } => {
            complain!("{reason} Or start with --listen and another port. Trying again each second.");
        }
    }
}

fn say_reach(state: &ReachState) {
    match state {
        ReachState::Off | ReachState::Starting => {}
        ReachState::Open(url) => complain!("Retell reaches it at {}", address_of(url, WEBHOOK_PATH)),
        ReachState::Shut { why, .. } => {
            complain!("The internet does not reach this computer: {}. {}", why.reason, why.next);
        }
    }
}
