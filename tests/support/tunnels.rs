//! Stand-ins for the programs that make a computer reachable: shell scripts that print what the real
//! ones print.
#![allow(dead_code, reason = "each test file uses a part")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Writes a script that can be run. Another process writes it, as a file that this one still holds open
/// in a thread cannot be run.
pub fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    let mut shell = Command::new("/bin/sh")
        .args(["-c", r#"cat >"$0" && chmod 755 "$0""#])
        .arg(&path)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let version = r#"case "$1" in version|--version) echo "$(basename "$0") version 3.30.0"; exit;; esac"#;
    let script = format!("#!/bin/sh\n{version}\n{script}\n");
    shell.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(shell.wait().unwrap().success());
    path
}

/// What ngrok prints once it passes requests on from `url`, with its process id in `pid` beside it.
pub fn ngrok(folder: &Path, url: &str) -> PathBuf {
    let script = format!(
        r#"echo $$ >"$0.pid"
echo '{{"lvl":"info","msg":"no configuration paths supplied","t":"2026-03-05T18:00:00Z"}}'
echo '{{"addr":"http://127.0.0.1:8787","lvl":"info","msg":"started tunnel","name":"command_line","obj":"tunnels","t":"2026-03-05T18:00:01Z","url":"{url}"}}'
exec sleep 600"#
    );
    program(folder, "ngrok", &script)
}

/// The process of a stand-in, once it has begun.
pub fn pid(program: &Path) -> Option<String> {
    let text = std::fs::read_to_string(program.with_extension("pid")).ok()?;
    Some(text.trim().to_owned()).filter(|pid| !pid.is_empty())
}

/// Whether it runs.
pub fn runs(pid: &str) -> bool {
    let asked = Command::new("kill").args(["-0", pid]).stderr(Stdio::null()).status().unwrap();
    asked.success()
}
