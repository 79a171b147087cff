//! Dropped-in plugins, each a folder as people write it: what they can say, what they cannot reach,
//! and that none of them holds up a call.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod contract;
mod engine;
mod examples;
mod fetching;
mod hostile;
mod installing;
mod live;
mod manifests;
mod modules;
mod settings;
#[path = "../support/program.rs"]
mod support;

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use switchboard::plugins::dropped::{Desk, Filled, Source, Working};
use switchboard::plugins::{Ask, Fault, Found, Host, LookUp as _};
use switchboard::routing::{Call, Caller, Table};

/// A manifest that yields a few facts, with more in the middle. Unless that says otherwise the plugin
/// may take as long as any can: machines that run tests may be busy.
pub(crate) fn manifest(id: &str, run: &str, more: &str) -> String {
    let budget = if more.contains("budget_ms") { "" } else { "budget_ms = 1400" };
    format!(
        r#"
id = "{id}"
name = "Acme CRM"
version = "1.0.0"
contract = 1
summary = "Knows our customers"
run = "{run}"
offers = ["facts"]
{budget}
{more}
[facts."crm.name"]
type = "text"
title = "Name in Acme CRM"
example = "Ada"

[facts."crm.vip"]
type = "yesno"
title = "Is a VIP in Acme CRM"
example = "yes"
"#
    )
}

/// Writes a plugin into a folder of plugins.
pub(crate) fn drop_in(plugins: &Path, id: &str, manifest: &str, run: &str, code: &[u8]) {
    let folder = plugins.join(id);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("plugin.toml"), manifest).unwrap();
    std::fs::write(folder.join(run), code).unwrap();
}

pub(crate) fn at() -> DateTime<Utc> {
    "2026-05-01T08:00:00Z".parse().unwrap()
}

pub(crate) fn ask_about(caller: &str) -> Ask {
    Ask { call: Arc::new(Call::new(Caller::Number(caller.into()), "+14155550123")), at: at() }
}

/// A plugin that was read and made ready; the error is what its author would read.
pub(crate) fn ready(manifest: &str, run: &str, code: &[u8]) -> Result<Arc<Working>, String> {
    ready_with(manifest, run, code, Filled::default())
}

pub(crate) fn ready_with(
    manifest: &str,
    run: &str,
    code: &[u8],
    filled: Filled,
) -> Result<Arc<Working>, String> {
    let folder = tempfile::tempdir().unwrap();
    drop_in(folder.path(), "acme", manifest, run, code);
    let source = Source::read(&folder.path().join("acme"))?;
    let code = source.load(at().timestamp_millis()).map_err(|trouble| trouble.to_string())?;
    Ok(Arc::new(Working::new(source.manifest, Arc::new(code), filled, Arc::<Desk>::default())))
}

/// A script, made ready with a budget.
pub(crate) fn script(code: &str, more: &str) -> Result<Arc<Working>, String> {
    ready(&manifest("acme", "plugin.js", more), "plugin.js", code.as_bytes())
}

/// Asks it about a call.
pub(crate) async fn find(working: &Arc<Working>, host: &Host) -> Result<Found, Fault> {
    working.look_up(&Table::empty("US", "Europe/Berlin"), host).find(ask_about("+4930123456")).await
}

/// What it logged, the first first.
pub(crate) async fn logged(working: &Arc<Working>) -> Vec<String> {
    working.desk().report().log.into_iter().rev().map(|line| line.text).collect()
}
