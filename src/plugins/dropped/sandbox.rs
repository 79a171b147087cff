//! The wall around dropped-in code: WebAssembly, run in slices of fuel with a look at the clock
//! between them, in memory that is bounded and that nobody has used before. What it can reach is
//! the three functions of [`super::imports`].
//!
//! Two settings of the engine are load-bearing, and `tests/plugin_wall.rs` holds them. With another
//! feature than `portable-dispatch`, a guest that loops on a refused `memory.grow` overflows the
//! stack of this program and ends it. With another mode than [`CompilationMode::Eager`], going on
//! after the fuel ran out gives wrong answers.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use wasmi::{
    CompilationMode, Config, Engine, ExternType, Func, Linker, Memory, Module, ResumableCall,
    ResumableCallHostTrap, ResumableCallOutOfFuel, Store, StoreLimits, StoreLimitsBuilder, TrapCode, Val,
};

use super::imports::{self, Inner, Suspended};

/// The largest module, in bytes.
pub const MAX_FILE: usize = 8 * 1024 * 1024;
/// The most memory that a guest gets, in bytes.
const MAX_MEMORY: usize = 32 * 1024 * 1024;
/// The most places in tables of functions.
const MAX_TABLE: usize = 50_000;
/// How deep functions may call each other.
const MAX_DEPTH: usize = 4000;
/// The most that is asked or answered at a time, in bytes.
pub const MAX_MESSAGE: usize = 64 * 1024;
/// How much is done between two looks at the clock: one to four milliseconds.
const SLICE: u64 = 300_000;
/// After this long, others have their turn.
const TURN: Duration = Duration::from_millis(5);
/// How long a module may take to get ready.
const LOADING: Duration = Duration::from_secs(2);

/// Why a guest gave no answer, for the owner; the sentence goes on after the plugin's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It did not end in time.
    #[error("it did not answer in time")]
    Late,
    /// It broke.
    #[error("{0}")]
    Broken(String),
    /// It is not let in.
    #[error("{0}")]
    Refused(String),
    /// Too many others wait.
    #[error("too many calls wait for plugins at the moment")]
    Busy,
}

/// Code that was read, checked and made ready, so that a fresh instance of it takes no time.
pub struct Code {
    module: Module,
    linker: Linker<Inner>,
    /// The memory after loading, for interpreters.
    image: Option<Box<[u8]>>,
}

/// An instance that is asked one thing and then thrown away.
pub struct Guest {
    store: Store<Inner>,
    memory: Memory,
    alloc: Func,
    call: Func,
    waits: Option<Waits>,
}

/// What a guest stopped at.
enum Waits {
    /// Its slice was used up.
    ForFuel(ResumableCallOutOfFuel),
    /// It asked the host for something that takes time.
    ForReply(ResumableCallHostTrap),
}

/// How far a guest got.
pub enum Step {
    /// It answered.
    Done(Vec<u8>),
    /// It wants something fetched, and goes on with [`Guest::reply`].
    Fetch(Vec<u8>),
    /// It had its turn, and goes on with [`Guest::go_on`].
    Yields,
}

/// How far one function got.
enum Ran {
    Returned(Option<Val>),
    Fetch(Vec<u8>),
    Yields,
}

/// What of the outside a guest is given.
pub struct Outside {
    /// The time that it believes it is, in ms since 1970 UTC.
    pub now_ms: i64,
    /// Texts that may not be logged.
    pub secrets: Vec<Arc<str>>,
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut config = Config::default();
        config
            .consume_fuel(true)
            .compilation_mode(CompilationMode::Eager)
            .allow_start_fn(false)
            .ignore_custom_sections(true)
            .wasm_multi_memory(false)
            .set_max_recursion_depth(MAX_DEPTH);
        Engine::new(&config)
    })
}

/// The engine for scripts, made ready once for all of them.
fn script_engine() -> Result<&'static Module, Trouble> {
    static MODULE: OnceLock<Result<Module, Trouble>> = OnceLock::new();
    let bytes = include_bytes!("../../../assets/js-guest.wasm");
    MODULE.get_or_init(|| read(bytes)).as_ref().map_err(Clone::clone)
}

impl Code {
    /// Makes a module ready.
    pub fn of_module(bytes: &[u8]) -> Result<Self, Trouble> {
        let code = Self::of(read(bytes)?)?;
        // What cannot even begin is better known before the first call.
        code.guest(Outside { now_ms: 0, secrets: Vec::new() }, Instant::now() + LOADING)?;
        Ok(code)
    }

    /// Makes a script ready: it is loaded once, and every ask begins with the memory after that.
    pub fn of_script(script: &str, now_ms: i64) -> Result<Self, Trouble> {
        let mut code = Self::of(script_engine()?.clone())?;
        let until = Instant::now() + LOADING;
        let mut guest = code.guest(Outside { now_ms, secrets: Vec::new() }, until)?;
        guest.load(script, until)?;
        let memory = guest.memory.data(&guest.store);
        // What follows the last byte that is set is empty in a fresh instance too.
        let used = memory.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        code.image = Some(memory[..used].into());
        Ok(code)
    }

    fn of(module: Module) -> Result<Self, Trouble> {
        let mut linker = Linker::new(engine());
        imports::link(&mut linker, &module)?;
        for (name, what) in [("memory", "memory"), ("alloc", "function"), ("call", "function")] {
            let is_there = match module.get_export(name) {
                Some(ExternType::Memory(_)) => what == "memory",
                Some(ExternType::Func(_)) => what == "function",
                _ => false,
            };
            if !is_there {
                return Err(Trouble::Refused(format!("the module exports no {what} “{name}”")));
            }
        }
        Ok(Self { module, linker, image: None })
    }

    /// A fresh instance, ready to be asked.
    pub fn guest(&self, outside: Outside, until: Instant) -> Result<Guest, Trouble> {
        let limits = StoreLimitsBuilder::new()
            .memory_size(MAX_MEMORY)
            .table_elements(MAX_TABLE)
            .memories(1)
            .tables(8)
            .instances(1)
            .build();
        let mut store = Store::new(engine(), Inner::new(outside, limits));
        store.limiter(|inner| inner.limits());
        set_fuel(&mut store, SLICE)?;
        let instance = self
            .linker
            .instantiate_and_start(&mut store, &self.module)
            .map_err(|error| Trouble::Refused(format!("the module cannot be started: {error}")))?;
        let missing = || Trouble::Refused("the module lacks what it must export".to_owned());
        let memory = instance.get_memory(&store, "memory").ok_or_else(missing)?;
        store.data_mut().memory = Some(memory);
        let func = |name: &str| instance.get_func(&store, name);
        let (alloc, call) = (func("alloc").ok_or_else(missing)?, func("call").ok_or_else(missing)?);
        let (initialize, load) = (func("_initialize"), func("load"));
        let mut guest = Guest { store, memory, alloc, call, waits: None };
        guest.store.data_mut().load = load;
        match &self.image {
            Some(image) => guest.restore(image)?,
            None => {
                if let Some(initialize) = initialize {
                    guest.run_through(initialize, &[], 0, until)?;
                }
            }
        }
        Ok(guest)
    }
}

impl Guest {
    /// Asks it; the message is at most [`MAX_MESSAGE`] long.
    pub fn ask(&mut self, message: &[u8], until: Instant) -> Result<Step, Trouble> {
        let at = self.put(message, until)?;
        self.store.data_mut().may_fetch = true;
        let args = [Val::I32(at), Val::I32(message.len() as i32)];
        let ran = self.begin(self.call, &args, 1, until)?;
        self.step(ran)
    }

    /// Goes on after its turn.
    pub fn go_on(&mut self, until: Instant) -> Result<Step, Trouble> {
        let ran = self.resume(None, 1, until)?;
        self.step(ran)
    }

    /// Goes on with what was fetched.
    pub fn reply(&mut self, reply: Vec<u8>, until: Instant) -> Result<Step, Trouble> {
        let length = Val::I32(reply.len() as i32);
        self.store.data_mut().reply = reply;
        let ran = self.resume(Some(length), 1, until)?;
        self.step(ran)
    }

    /// What it wrote into its log.
    pub fn take_log(&mut self) -> Vec<String> {
        std::mem::take(&mut self.store.data_mut().log)
    }

    fn step(&mut self, ran: Ran) -> Result<Step, Trouble> {
        Ok(match ran {
            Ran::Returned(value) => Step::Done(self.answer(value.as_ref())?),
            Ran::Fetch(request) => Step::Fetch(request),
            Ran::Yields => Step::Yields,
        })
    }

    fn load(&mut self, script: &str, until: Instant) -> Result<(), Trouble> {
        let at = self.put(script.as_bytes(), until)?;
        let Some(load) = self.store.data().load else {
            return Err(Trouble::Refused("the engine for scripts cannot load one".to_owned()));
        };
        let args = [Val::I32(at), Val::I32(script.len() as i32)];
        let value = self.run_through(load, &args, 1, until)?;
        if matches!(value, Some(Val::I64(0))) {
            return Ok(());
        }
        let said = self.answer(value.as_ref())?;
        Err(Trouble::Refused(super::talk::words_of_error(&said)))
    }

    /// Puts bytes into its memory, where it wants them.
    fn put(&mut self, bytes: &[u8], until: Instant) -> Result<i32, Trouble> {
        let length = Val::I32(bytes.len() as i32);
        let Some(Val::I32(at)) = self.run_through(self.alloc, &[length], 1, until)? else {
            return Err(Trouble::Broken("its “alloc” gives no place in memory".to_owned()));
        };
        self.memory
            .write(&mut self.store, at as u32 as usize, bytes)
            .map_err(|_| Trouble::Broken("its “alloc” gives a place outside of its memory".to_owned()))?;
        Ok(at)
    }

    fn answer(&self, value: Option<&Val>) -> Result<Vec<u8>, Trouble> {
        let Some(Val::I64(packed)) = value else {
            return Err(Trouble::Broken("its “call” does not say where the answer is".to_owned()));
        };
        let (at, length) = ((*packed as u64 >> 32) as usize, (*packed as u64 & 0xffff_ffff) as usize);
        if length > MAX_MESSAGE {
            return Err(Trouble::Broken(format!(
                "its answer is {length} bytes long, and {MAX_MESSAGE} are allowed"
            )));
        }
        let memory = self.memory.data(&self.store);
        let answer = at.checked_add(length).and_then(|end| memory.get(at..end));
        answer
            .map(<[u8]>::to_vec)
            .ok_or_else(|| Trouble::Broken("it says that its answer is outside of its memory".to_owned()))
    }

    fn restore(&mut self, image: &[u8]) -> Result<(), Trouble> {
        let broken = || Trouble::Broken("there is no memory for it".to_owned());
        let has = self.memory.data_size(&self.store);
        let pages = image.len().saturating_sub(has).div_ceil(64 * 1024) as u64;
        if pages > 0 {
            self.memory.grow(&mut self.store, pages).map_err(|_| broken())?;
        }
        self.memory.write(&mut self.store, 0, image).map_err(|_| broken())
    }

    /// Runs a function to its end, without giving others a turn: what only takes long if it is hostile.
    fn run_through(
        &mut self,
        func: Func,
        args: &[Val],
        results: usize,
        until: Instant,
    ) -> Result<Option<Val>, Trouble> {
        let mut ran = self.begin(func, args, results, until)?;
        loop {
            match ran {
                Ran::Returned(value) => return Ok(value),
                Ran::Yields => ran = self.resume(None, results, until)?,
                // The host answers at once as long as nothing may be fetched.
                Ran::Fetch(_) => return Err(Trouble::Broken("it fetches before it is asked".to_owned())),
            }
        }
    }

    fn begin(&mut self, func: Func, args: &[Val], results: usize, until: Instant) -> Result<Ran, Trouble> {
        set_fuel(&mut self.store, SLICE)?;
        let mut out = vec![Val::I32(0); results];
        let called = func.call_resumable(&mut self.store, args, &mut out);
        self.run(called, out, until)
    }

    fn resume(&mut self, reply: Option<Val>, results: usize, until: Instant) -> Result<Ran, Trouble> {
        let mut out = vec![Val::I32(0); results];
        let called = match self.waits.take() {
            None => return Err(Trouble::Broken("it was not under way".to_owned())),
            Some(Waits::ForReply(trap)) => {
                set_fuel(&mut self.store, SLICE)?;
                let reply = reply.unwrap_or(Val::I32(0));
                trap.resume(&mut self.store, &[reply], &mut out)
            }
            Some(Waits::ForFuel(stopped)) => {
                set_fuel(&mut self.store, SLICE.max(stopped.required_fuel()))?;
                stopped.resume(&mut self.store, &mut out)
            }
        };
        self.run(called, out, until)
    }

    /// Gives it slice after slice until it ends, its time is over or others have their turn.
    fn run(
        &mut self,
        mut called: Result<ResumableCall, wasmi::Error>,
        mut out: Vec<Val>,
        until: Instant,
    ) -> Result<Ran, Trouble> {
        let turn = Instant::now() + TURN;
        loop {
            match called.map_err(|error| broken(&error))? {
                ResumableCall::Finished => return Ok(Ran::Returned(out.pop())),
                ResumableCall::HostTrap(trap) => {
                    let Some(Suspended(request)) = trap.host_error().downcast_ref() else {
                        return Err(broken(trap.host_error()));
                    };
                    let request = request.clone();
                    self.waits = Some(Waits::ForReply(trap));
                    return Ok(Ran::Fetch(request));
                }
                ResumableCall::OutOfFuel(stopped) => {
                    let now = Instant::now();
                    if now >= until {
                        return Err(Trouble::Late);
                    }
                    if now >= turn {
                        self.waits = Some(Waits::ForFuel(stopped));
                        return Ok(Ran::Yields);
                    }
                    set_fuel(&mut self.store, SLICE.max(stopped.required_fuel()))?;
                    called = stopped.resume(&mut self.store, &mut out);
                }
            }
        }
    }
}

fn set_fuel(store: &mut Store<Inner>, fuel: u64) -> Result<(), Trouble> {
    store.set_fuel(fuel).map_err(|error| Trouble::Broken(error.to_string()))
}

fn read(bytes: &[u8]) -> Result<Module, Trouble> {
    if bytes.len() > MAX_FILE {
        return Err(Trouble::Refused(format!("the file is larger than {} MB", MAX_FILE / 1024 / 1024)));
    }
    Module::new(engine(), bytes)
        .map_err(|error| Trouble::Refused(format!("the file is no module that can be run: {error}")))
}

/// What went wrong, for somebody who wrote it.
fn broken(error: &wasmi::Error) -> Trouble {
    let words = match error.as_trap_code() {
        Some(TrapCode::StackOverflow) => "its functions call each other too deeply".to_owned(),
        Some(TrapCode::UnreachableCodeReached) => "it gave up (unreachable code was reached)".to_owned(),
        Some(TrapCode::MemoryOutOfBounds) => "it reached outside of its memory".to_owned(),
        _ => error.to_string(),
    };
    Trouble::Broken(words)
}

/// How much memory is set aside for it while nobody asks, in bytes.
impl Code {
    /// The size of the memory that each ask begins with, if it is kept.
    #[must_use]
    pub fn image_size(&self) -> usize {
        self.image.as_ref().map_or(0, |image| image.len())
    }
}

/// The limits that a store asks for.
pub(super) type Limits = StoreLimits;
