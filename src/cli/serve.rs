//! `switchboard serve`: answers calls without a window, until it is told to stop.

use std::future::pending;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use clap::Args as ClapArgs;
use tokio::sync::Notify;

use super::running::{Ended, stop};
use super::{Args, Failure, LogFormat, start_logging};
use crate::guard::{Guarded, told_to_stop};
use crate::local;
use crate::plugins::reach::address_of;
use crate::program::Program;
use crate::reach::ReachState;
use crate::service::messages::{Event, Serving};
use crate::service::{Events, WEBHOOK_PATH};
use crate::storage::Trouble;

/// How to serve.
#[derive(Debug, Default, ClapArgs)]
pub(super) struct ServeArgs {
    /// Write the program's own log to standard output, a line for each call too, without numbers
    #[arg(long, value_name = "FORMAT", env = "SWITCHBOARD_LOG_FORMAT")]
    log_format: Option<LogFormat>,

    /// Tell numbers to Prometheus at /metrics here, such as 127.0.0.1:9787; never where calls arrive
    #[arg(long, value_name = "ADDRESS:PORT", env = "SWITCHBOARD_METRICS")]
    metrics: Option<SocketAddr>,
}

pub(super) fn run(args: &Args, how: &ServeArgs, guarded: Guarded) -> Result<Ended, Failure> {
    let options = args.options()?;
    let home = options.home.clone();
    let program = Program::start_guarded(options, guarded)?;
    // Its folder is there now.
    let _logging = start_logging(&home, how.log_format);
    say_safe_mode(&program);
    if let Some(addr) = how.metrics {
        tell_numbers(&program, addr);
    }
    let table = program.engine().live().table.clone();
    // Where a table cannot be read, that is told.
    if table.lines.is_empty() && table.rules.is_empty() && program.troubles().is_empty() {
        tell(&format!(
            "The table is empty, so each line's own agent answers; write one (switchboard table example prints a small one), then switchboard publish: {}",
            home.routing_file().display()
        ));
    }
    Ok(headless(program))
}

/// Tells numbers on this port; calls are answered without that too.
fn tell_numbers(program: &Program, addr: SocketAddr) {
    match program.block_on(local::listen_for_metrics(addr)) {
        Ok(listener) => {
            tell(&format!(
                "Numbers for Prometheus at http://{}/metrics",
                listener.local_addr().unwrap_or(addr)
            ));
            program.spawn(local::serve_metrics(listener, program.inside()));
        }
        Err(cause) => {
            tell(&format!("No numbers are told at {addr} ({cause}); choose another port with --metrics"));
        }
    }
}

/// Says in the program's log, and so on standard error, that this is safe mode, and what that means.
pub(super) fn say_safe_mode(program: &Program) {
    let engine = program.engine();
    let safe_mode = *engine.safe_mode().borrow();
    if let Some(safe_mode) = safe_mode {
        tracing::warn!("{}", safe_mode.words_outside(engine.live().version));
    }
}

/// Says where calls are received and whatever goes wrong, and waits for the end.
pub(super) fn headless(program: Program) -> Ended {
    headless_until(&program, pending());
    told_to_end(program)
}

/// Ends the program as it was told to.
pub(super) fn told_to_end(program: Program) -> Ended {
    tell("Stopping");
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
    let mut draft = program.draft_news();
    draft.mark_changed();
    let mut told = 0;
    program.troubles().iter().for_each(say_trouble);
    log_troubles.mark_changed();
    if program.engine().keys().is_empty() {
        tell(
            "No API key is set, so every request is refused; give it to switchboard key set, or set RETELL_API_KEY",
        );
    }
    let called = Arc::new(Notify::new());
    let events = tracing::enabled!(tracing::Level::INFO).then(|| {
        let called = called.clone();
        program.connect(move || called.notify_one()).events
    });
    program.block_on(async {
        let mut stop = pin!(told_to_stop());
        let mut asked = pin!(program.asked_to_stop());
        let mut something = pin!(something);
        loop {
            tokio::select! {
                () = &mut stop => return false,
                () = &mut asked => return false,
                () = called.notified() => events.iter().for_each(say_calls),
                () = &mut something => return true,
                Ok(()) = serving.changed() => say_serving(&serving.borrow_and_update()),
                Ok(()) = reach.changed() => say_reach(&reach.borrow_and_update()),
                Ok(()) = log.changed() => match log.borrow_and_update().clone().trouble() {
                    Some(trouble) => tell(&trouble),
                    None => tell("Calls are logged again"),
                },
                Ok(()) = draft.changed() => draft.borrow_and_update().words().iter().for_each(|words| tell(words)),
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

/// Says something: in the program's log where that goes to standard output, else on standard error.
fn tell(text: &str) {
    if tracing::enabled!(tracing::Level::INFO) {
        tracing::info!("{text}");
    } else {
        complain!("{text}");
    }
}

fn say_trouble(trouble: &Trouble) {
    let kept = trouble.kept.as_ref().map(|file| format!(" Kept beside: {}", file.display()));
    tell(&format!("{}{}", trouble.message, kept.unwrap_or_default()));
}

fn say_serving(serving: &Serving) {
    match serving {
        Serving::Starting => {}
        Serving::Listening(addr) => tell(&format!("Answering calls at http://{addr}{WEBHOOK_PATH}")),
        Serving::Blocked { reason, .. } => {
            tell(&format!("{reason} Or start with --listen and another port. Trying again each second."));
        }
    }
}

fn say_reach(state: &ReachState) {
    match state {
        ReachState::Off | ReachState::Starting => {}
        ReachState::Open(url) => tell(&format!("Retell reaches it at {}", address_of(url, WEBHOOK_PATH))),
        ReachState::Shut { why, .. } => {
            tell(&format!("The internet does not reach this computer: {}. {}", why.reason, why.next));
        }
    }
}

/// A line for each call, without a number; names in it are those of the owner's own table.
fn say_calls(events: &Events) {
    while let Some(event) = events.next() {
        match event {
            Event::Call(call) => {
                let took_ms = call.took_us as f64 / 1000.0;
                let (line, rule) = (call.line.unwrap_or_default(), call.rule_name.unwrap_or_default());
                let (outcome, agent) = (call.outcome, call.agent.unwrap_or_default());
                tracing::info!(line, rule, outcome, agent, took_ms, "a call was answered");
            }
            Event::Refused(refused) => tracing::info!(reason = refused.reason, "a request was refused"),
            _ => {}
        }
    }
}
