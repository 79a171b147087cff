//! All that a guest can call: three functions of ours, and WASI functions that do nothing, because
//! compilers bring calls of them along.

use wasmi::errors::{HostError, LinkerError};
use wasmi::{Caller, Error, ExternType, Func, Linker, Memory, Module, ResourceLimiter, Val};

use super::sandbox::{Limits, Outside, Trouble};

/// How many lines one ask may log.
const MAX_LINES: usize = 20;
/// How long a line may be, in characters.
const MAX_LINE: usize = 500;
/// The longest request for a fetch, in bytes.
const MAX_REQUEST: usize = 64 * 1024;
/// Shorter texts stand in lines by chance.
const SHORTEST_SECRET: usize = 4;
const WASI: &str = "wasi_snapshot_preview1";
/// What WASI calls a bad file: there are none.
const NO_FILE: i32 = 8;

/// What belongs to one instance.
pub struct Inner {
    limits: Limits,
    outside: Outside,
    began: std::time::Instant,
    /// Its memory, once it is there.
    pub memory: Option<Memory>,
    /// Its function that loads a script, if it is the engine for scripts.
    pub load: Option<Func>,
    /// Whether it is asked, and not only getting ready.
    pub may_fetch: bool,
    /// What was fetched and not yet taken.
    pub reply: Vec<u8>,
    /// What it logged.
    pub log: Vec<String>,
}

/// A guest waits for what it wants fetched.
#[derive(Debug, thiserror::Error)]
#[error("a request is under way")]
pub struct Suspended(pub Vec<u8>);

impl HostError for Suspended {}

impl Inner {
    pub(super) fn new(outside: Outside, limits: Limits) -> Self {
        Self {
            limits,
            outside,
            began: std::time::Instant::now(),
            memory: None,
            load: None,
            may_fetch: false,
            reply: Vec::new(),
            log: Vec::new(),
        }
    }

    pub(super) fn limits(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.limits
    }

    fn now_ns(&self) -> i64 {
        let since = i64::try_from(self.began.elapsed().as_nanos()).unwrap_or(i64::MAX);
        self.outside.now_ms.saturating_mul(1_000_000).saturating_add(since)
    }

    fn write_line(&mut self, line: &str) {
        match self.log.len() {
            MAX_LINES.. => {}
            count if count + 1 == MAX_LINES => self.log.push("(the rest is left out)".to_owned()),
            _ => {
                let secrets = self.outside.secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET);
                let line = secrets.fold(line.to_owned(), |line, secret| line.replace(&**secret, "•••"));
                self.log.push(line.chars().take(MAX_LINE).collect());
            }
        }
    }
}

/// Gives a module what it imports, or refuses it with the name of what it may not have.
pub(super) fn link(linker: &mut Linker<Inner>, module: &Module) -> Result<(), Trouble> {
    linker.allow_shadowing(true);
    let given = linker
        .func_wrap("host", "log", host_log)
        .and_then(|linker| linker.func_wrap("host", "fetch", host_fetch))
        .and_then(|linker| linker.func_wrap("host", "take", host_take))
        .map(|_| ());
    given.map_err(|error: LinkerError| Trouble::Refused(error.to_string()))?;
    for import in module.imports() {
        let (from, name) = (import.module(), import.name());
        match (from, import.ty()) {
            ("host", ExternType::Func(_)) if matches!(name, "log" | "fetch" | "take") => {}
            (WASI, ExternType::Func(ty)) => {
                let ty = ty.clone();
                let which = name.to_owned();
                linker
                    .func_new(WASI, name, ty, move |caller, args, results| {
                        wasi(caller, &which, args, results)
                    })
                    .map_err(|error| Trouble::Refused(error.to_string()))?;
            }
            _ => {
                return Err(Trouble::Refused(format!(
                    "the module wants “{from}.{name}”, which plugins do not get"
                )));
            }
        }
    }
    Ok(())
}

fn host_log(mut caller: Caller<'_, Inner>, at: u32, length: u32) -> Result<(), Error> {
    let line = bytes(&caller, at, length, MAX_REQUEST)?;
    let line = String::from_utf8_lossy(&line).into_owned();
    caller.data_mut().write_line(&line);
    Ok(())
}

fn host_fetch(mut caller: Caller<'_, Inner>, at: u32, length: u32) -> Result<u32, Error> {
    let request = bytes(&caller, at, length, MAX_REQUEST)?;
    if caller.data().may_fetch {
        return Err(Error::host(Suspended(request)));
    }
    let no = br#"{"error":"it works only while a call is asked about, not while the plugin is loaded"}"#;
    caller.data_mut().reply = no.to_vec();
    Ok(no.len() as u32)
}

fn host_take(mut caller: Caller<'_, Inner>, at: u32) -> Result<(), Error> {
    let reply = std::mem::take(&mut caller.data_mut().reply);
    write(&mut caller, at, &reply)
}

/// Answers of a system that has no files, no arguments and no environment, but a clock and chance.
fn wasi(mut caller: Caller<'_, Inner>, name: &str, args: &[Val], results: &mut [Val]) -> Result<(), Error> {
    let number = |index: usize| match args.get(index) {
        Some(Val::I32(number)) => *number as u32,
        _ => 0,
    };
    let code = match name {
        "clock_time_get" => {
            let now = caller.data().now_ns();
            write(&mut caller, number(2), &now.to_le_bytes())?;
            0
        }
        "random_get" => {
            let length = number(1).min(MAX_REQUEST as u32) as usize;
            let mut chance = vec![0; length];
            // Without chance, zeros are as good as anything: nothing secret is made of it.
            let _ = getrandom::fill(&mut chance);
            write(&mut caller, number(0), &chance)?;
            0
        }
        "args_sizes_get" | "environ_sizes_get" => {
            write(&mut caller, number(0), &[0; 4])?;
            write(&mut caller, number(1), &[0; 4])?;
            0
        }
        "args_get" | "environ_get" | "sched_yield" => 0,
        "proc_exit" => return Err(Error::new("it ended itself")),
        _ => NO_FILE,
    };
    if let Some(result @ Val::I32(_)) = results.first_mut() {
        *result = Val::I32(code);
    }
    Ok(())
}

fn bytes(caller: &Caller<'_, Inner>, at: u32, length: u32, most: usize) -> Result<Vec<u8>, Error> {
    let (at, length) = (at as usize, length as usize);
    let memory = caller.data().memory.ok_or_else(|| Error::new("it has no memory yet"))?;
    if length > most {
        return Err(Error::new("it hands over more than 64 KB at a time"));
    }
    let data = memory.data(caller);
    let part = at.checked_add(length).and_then(|end| data.get(at..end));
    part.map(<[u8]>::to_vec).ok_or_else(|| Error::new("it points outside of its memory"))
}

fn write(caller: &mut Caller<'_, Inner>, at: u32, bytes: &[u8]) -> Result<(), Error> {
    let memory = caller.data().memory.ok_or_else(|| Error::new("it has no memory yet"))?;
    memory.write(caller, at as usize, bytes).map_err(|_| Error::new("it points outside of its memory"))
}
