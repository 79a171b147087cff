//! `switchboard plugin`: for those who write plugins, and those who use them without a window. Makes a folder that works at once, checks one as
//! the program would, and runs its test cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Subcommand;

use super::say::whole;
use super::{Args, Failure, added, filled};
use crate::plugins::dropped::{Cases, Code, Source, is_id, keeps};
use crate::service::Clock;

/// How often test cases are run to see how long an ask takes.
const ROUNDS: usize = 50;
/// What a new plugin begins as.
const TEMPLATE: [(&str, &str); 4] = [
    ("plugin.toml", include_str!("../../assets/plugin-template/plugin.toml")),
    ("plugin.js", include_str!("../../assets/plugin-template/plugin.js")),
    ("plugin.d.ts", include_str!("../../assets/plugin-template/plugin.d.ts")),
    ("tests.json", include_str!("../../assets/plugin-template/tests.json")),
];

/// What a new one in C begins as: the example of that kind, by another name.
const COMPILED: [(&str, &[u8]); 5] = [
    ("plugin.toml", include_bytes!("../../assets/plugins/caller_group/plugin.toml")),
    ("plugin.c", include_bytes!("../../assets/plugins/caller_group/plugin.c")),
    ("plugin.wasm", include_bytes!("../../assets/plugins/caller_group/plugin.wasm")),
    ("build.sh", include_bytes!("../../assets/plugins/caller_group/build.sh")),
    ("tests.json", include_bytes!("../../assets/plugins/caller_group/tests.json")),
];

/// What is done with a plugin.
#[derive(Debug, Subcommand)]
pub(super) enum PluginCommand {
    /// Make a folder with a plugin that works at once
    New {
        /// The folder to make; its name is the plugin's id: a-z, 0-9 and _
        folder: PathBuf,
        /// In C, compiled to WebAssembly
        #[arg(long)]
        wasm: bool,
    },
    /// Say whether a plugin can be used and keeps its contract: it is asked all that it may ever be asked,
    /// with servers out of reach; exit code 1 if not
    Check {
        /// The plugin's folder
        folder: PathBuf,
    },
    /// Run the test cases of a plugin; exit code 1 if one fails
    Test {
        /// The plugin's folder
        folder: PathBuf,
    },
    /// Add a plugin to this computer, or another version of one; it runs once it is allowed
    Install {
        /// The plugin's folder, or a zip file of it
        from: PathBuf,
    },
    /// Allow a plugin that was added what it asks for, and let it work
    Allow {
        /// Its id, which is the name of its folder
        id: String,
    },
    /// Remove a plugin that was added, with its settings and secrets; its folder is kept beside
    Remove {
        /// Its id, which is the name of its folder
        id: String,
    },
    /// List the plugins that were added, and how they are doing
    List,
    /// Show a plugin that was added: what it has to be told, and what it was told
    Show {
        /// Its id, which is the name of its folder
        id: String,
    },
    /// Fill in a field of a plugin; a secret is read from standard input
    Set {
        /// Its id, which is the name of its folder
        id: String,
        /// The field's name, as `plugin show` tells it
        field: String,
        /// What is filled in; several for lists and lines
        #[arg(allow_hyphen_values = true)]
        value: Vec<String>,
        /// Take away what was filled in
        #[arg(long, conflicts_with = "value")]
        clear: bool,
    },
    /// Print the guide to writing plugins
    Guide,
}

pub(super) fn run(args: &Args, command: &PluginCommand) -> Result<ExitCode, Failure> {
    match command {
        PluginCommand::New { folder, wasm } => new(folder, *wasm),
        PluginCommand::Check { folder } => check(folder),
        PluginCommand::Test { folder } => test(folder),
        PluginCommand::Install { from } => added::install(args, from),
        PluginCommand::Allow { id } => added::allow(args, id),
        PluginCommand::Remove { id } => added::remove(args, id),
        PluginCommand::List => added::list(args),
        PluginCommand::Show { id } => filled::show(args, id),
        PluginCommand::Set { id, field, value, clear } => filled::set(args, id, field, value, *clear),
        PluginCommand::Guide => {
            whole(include_str!("../../assets/help/writing-plugins.md"));
            whole(include_str!("../../assets/help/plugins-in-other-languages.md"));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn new(folder: &Path, wasm: bool) -> Result<ExitCode, Failure> {
    let id = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !is_id(&id) {
        return Err(format!("“{id}” cannot be the name of a plugin; use a-z, 0-9 and _").into());
    }
    if folder.exists() {
        return Err(format!("there is something already; choose another name: {}", folder.display()).into());
    }
    fs::create_dir_all(folder)?;
    if wasm {
        for (name, bytes) in COMPILED {
            let named =
                std::str::from_utf8(bytes).map(|text| text.replace("\"caller_group\"", &format!("\"{id}\"")));
            fs::write(folder.join(name), named.map_or_else(|_| bytes.to_vec(), String::into_bytes))?;
        }
    } else {
        for (name, text) in TEMPLATE {
            fs::write(folder.join(name), text.replace("my_plugin", &id))?;
        }
    }
    let build = if wasm { format!("\nBuild it:  sh {}/build.sh", folder.display()) } else { String::new() };
    whole(&format!(
        "Made {0}\n{build}\nTry it:    switchboard plugin test {0}\nUse it:    switchboard plugin install {0}",
        folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Reads a plugin and makes it ready, as the program would.
fn ready(folder: &Path) -> Result<(Source, Arc<Code>, Duration), Failure> {
    let folder = std::path::absolute(folder)?;
    let source = Source::read(&folder)?;
    let started = Instant::now();
    let code = source.load(Clock::system().now().timestamp_millis())?;
    Ok((source, Arc::new(code), started.elapsed()))
}

fn check(folder: &Path) -> Result<ExitCode, Failure> {
    let (source, code, took) = ready(folder)?;
    let manifest = &source.manifest;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let kept = runtime.block_on(keeps(&source, &code));
    let wrong: Vec<String> =
        kept.iter().filter_map(|(name, found)| Some(format!("{name}: {}", found.as_ref().err()?))).collect();
    if !wrong.is_empty() {
        return Err(format!("it does not keep contract {}; {}", manifest.contract, wrong.join("; ")).into());
    }
    say!("{} {} can be used", manifest.name, manifest.version);
    say!("  keeps contract {}, asked in {} ways", manifest.contract, kept.len());
    for (name, fact) in &manifest.facts {
        say!("  gives {name}: {}", fact.title);
    }
    for right in manifest.allow.words() {
        say!("  asks to be allowed: {right}");
    }
    say!("  ready after {} ms, {} KB of memory", took.as_millis(), code.image_size() / 1024);
    Ok(ExitCode::SUCCESS)
}

fn test(folder: &Path) -> Result<ExitCode, Failure> {
    let (source, code, _) = ready(folder)?;
    let cases = Cases::read(folder)?;
    if cases.iter().next().is_none() {
        return Err("there are no test cases; write some into tests.json".into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut failed = 0;
    for case in cases.iter() {
        match runtime.block_on(case.run(&source, &code)) {
            Ok(()) => say!("ok      {}", case.name),
            Err(why) => {
                failed += 1;
                say!("failed  {}: {why}", case.name);
            }
        }
    }
    let mut took = Vec::new();
    for case in std::iter::repeat_with(|| cases.iter()).flatten().take(ROUNDS) {
        let started = Instant::now();
        let _ = runtime.block_on(case.run(&source, &code));
        took.push(started.elapsed());
    }
    took.sort_unstable();
    let ms = |index: usize| took.get(index).map_or(0.0, |took| took.as_secs_f64() * 1000.0);
    say!(
        "\nAn ask takes mostly {:.1} ms, at most {:.1} ms, servers left out",
        ms(ROUNDS / 2),
        ms(ROUNDS - 1)
    );
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
