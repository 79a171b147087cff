//! What the command line says. One file for each command; without one the window opens.
//!
//! Errors are told on standard error as a sentence with what to do, and the exit code is 1.

#[macro_use]
mod say;

mod added;
mod check;
mod close;
mod diagnostics;
mod diff;
mod filled;
mod form;
mod hidden;
mod keeper;
mod key;
mod log;
#[cfg(feature = "desktop")]
mod on_desktop;
mod open;
mod overriding;
mod plugin;
mod plugins;
mod publish;
mod route;
mod running;
mod second;
mod serve;
mod sign;
mod status;
mod stop;
mod table;
mod try_files;
#[cfg_attr(not(feature = "desktop"), path = "no_window.rs")]
mod window;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

use crate::routing::safe_text;
use crate::service::Clock;
use crate::storage::{Home, HomeError, keep_what_breaks};

/// Decides which AI voice agent answers each call, by a table that you build in a window.
///
/// Without a command the window opens, and calls are answered as long as the program runs.
#[derive(Debug, Parser)]
#[command(name = "switchboard", version, max_term_width = 100)]
struct Args {
    /// Keep all files in this folder [default: your usual folders for settings and data]
    #[arg(long, global = true, value_name = "DIR", env = "SWITCHBOARD_HOME")]
    home: Option<PathBuf>,

    /// Receive calls here, whatever the settings say, such as 127.0.0.1:8787
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,

    /// Start nothing that starts the program again should it break off, for where something else does
    #[arg(long)]
    unguarded: bool,

    /// Begin without showing the window, as at the start of the computer
    #[cfg(feature = "desktop")]
    #[arg(long)]
    hidden: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer calls without a window, until Ctrl+C
    Serve(serve::ServeArgs),
    /// Decide a call that did not happen, and say why
    Route(route::RouteArgs),
    /// Decide all requests in files; exit code 1 if some could not be read
    Try(try_files::TryArgs),
    /// Look for what is wrong with a table or stands out, and run its test cases; exit code 1 if
    /// something is wrong, 2 in trouble
    ///
    /// Exit codes: 0 nothing stands against the table (warnings and hints may be told), 1 problems that
    /// keep it from being published, errors, or tests that fail, 2 it could not be looked at.
    Check(check::CheckArgs),
    /// Make the draft live, after showing what changes; exit code 1 if it is not
    Publish(publish::PublishArgs),
    /// Set, forget or show the API key that Retell signs calls with
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Close lines for a time, or send everything to one agent, whatever the rules say
    Close(close::CloseArgs),
    /// End what `close` began
    Open(open::OpenArgs),
    /// Tell how the running program is doing, and what stands above the rules
    Status(status::StatusArgs),
    /// End the program that runs on the same files
    Stop,
    /// Save what helps those who help: a zip file about the program, without keys, numbers and names
    Diagnostics(diagnostics::DiagnosticsArgs),
    /// Tell how a table is written: an example, and the conditions that rules can use
    #[command(subcommand)]
    Table(form::TableCommand),
    /// Tell what changes from one table to another; exit code 1 if anything does, 2 in trouble
    Diff(diff::DiffArgs),
    /// Tell the calls that were answered
    Log(log::LogArgs),
    /// Add plugins, allow them and fill in their fields; make one, check it, run its test cases
    #[command(subcommand)]
    Plugin(plugin::PluginCommand),
    /// Print a fresh signature header for a body, to send it with curl
    Sign(sign::SignArgs),
}

/// How many days of log files are kept.
const LOG_FILES: usize = 14;

/// Why a command failed, in a sentence.
type Failure = Box<dyn std::error::Error>;

/// Does what the command line says.
#[must_use]
pub fn main() -> ExitCode {
    // The tests break the program on purpose.
    let _faults = fail::has_failpoints().then(fail::FailScenario::setup);
    let args = Args::parse();
    match run(&args) {
        Ok(_) if say::is_lost() => ExitCode::FAILURE,
        Ok(code) => code,
        Err(failure) => {
            complain!("switchboard: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<ExitCode, Failure> {
    match &args.command {
        None => running::guarded(args, window::run),
        Some(Command::Serve(how)) => running::guarded(args, |args, guarded| serve::run(args, how, guarded)),
        Some(Command::Route(route)) => route::run(args, route),
        Some(Command::Try(wanted)) => try_files::run(args, wanted),
        Some(Command::Check(check)) => Ok(check::run(args, check)),
        Some(Command::Publish(publish)) => publish::run(args, publish),
        Some(Command::Key(command)) => key::run(args, command),
        Some(Command::Close(close)) => close::run(args, close),
        Some(Command::Open(open)) => open::run(args, open),
        Some(Command::Status(status)) => status::run(args, status),
        Some(Command::Stop) => stop::run(args),
        Some(Command::Diagnostics(diagnostics)) => diagnostics::run(args, diagnostics),
        Some(Command::Table(command)) => form::run(args, command),
        Some(Command::Diff(diff)) => Ok(diff::run(args, diff)),
        Some(Command::Log(log)) => log::run(args, log),
        Some(Command::Plugin(command)) => plugin::run(args, command),
        Some(Command::Sign(sign)) => sign::run(args, sign),
    }
}

impl Args {
    fn home(&self) -> Result<Home, HomeError> {
        Home::locate(self.home.as_deref())
    }

    /// Whether this start is for the window.
    #[cfg(feature = "desktop")]
    fn wants_window(&self) -> bool {
        self.command.is_none() && !self.hidden
    }

    /// Whether this start is for the window: there is none in this program.
    #[cfg(not(feature = "desktop"))]
    #[expect(clippy::unused_self, reason = "as where there is one")]
    fn wants_window(&self) -> bool {
        false
    }

    fn options(&self) -> Result<crate::program::Options, HomeError> {
        Ok(crate::program::Options { home: self.home()?, listen: self.listen, clock: Clock::system() })
    }
}

/// How the program's own log is written to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object in each line.
    Json,
}

/// Starts keeping what breaks, and telling what the program does while it runs: warnings and worse,
/// unless `RUST_LOG` says otherwise, on standard error and in a file a day under `logs/`. Where a format
/// is wanted, more is told, and on standard output. What still waits is written when the guards are
/// dropped. Nobody who tells something waits for it to be written: a terminal that was stopped must not
/// stop those who answer calls. The window's library warns of every unusual display, which is left out.
fn start_logging(home: &Home, format: Option<LogFormat>) -> Vec<WorkerGuard> {
    let clock = Clock::system();
    if let Err(error) = keep_what_breaks(home, move || clock.now()) {
        complain!("What breaks is not kept ({error})");
    }
    let usual = if format.is_some() { "warn,switchboard=info" } else { "warn,winit=error" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("switchboard")
        .filename_suffix("log")
        .max_log_files(LOG_FILES)
        .build(home.logs_folder())
        .ok()
        .map(tracing_appender::non_blocking);
    let (file, file_guard) = files.unzip();
    let (error, error_guard) = tracing_appender::non_blocking(std::io::stderr());
    let (output, output_guard) = tracing_appender::non_blocking(std::io::stdout());
    let file = file.map(|file| fmt::layer().with_ansi(false).with_writer(move || SafeLines(file.clone())));
    let on_error = move || SafeLines(error.clone());
    let on_output = move || SafeLines(output.clone());
    let screen = format.is_none().then(|| fmt::layer().with_ansi(false).with_writer(on_error));
    let text = format == Some(LogFormat::Text);
    let text = text.then(|| fmt::layer().with_ansi(false).with_writer(on_output.clone()));
    let json = format == Some(LogFormat::Json);
    let json = json.then(|| fmt::layer().json().flatten_event(true).with_writer(on_output));
    let all = tracing_subscriber::registry().with(filter).with(screen).with(text).with(json).with(file);
    let _ = all.try_init();
    file_guard.into_iter().chain([error_guard, output_guard]).collect()
}

/// Writes lines of the log without what could make them pose as something else.
struct SafeLines<W>(W);

impl<W: Write> Write for SafeLines<W> {
    /// Each line is told whole, with its end.
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let told = String::from_utf8_lossy(line);
        let safe = safe_text(told.strip_suffix('\n').unwrap_or(&told)).into_owned() + "\n";
        self.0.write_all(safe.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
