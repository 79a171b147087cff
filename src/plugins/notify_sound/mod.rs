//! Tells whoever is near this computer with a chime. A player that is found here plays it: sound of our
//! own would need the system's libraries to be built.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tempfile::{Builder, NamedTempFile};
use tokio::process::Command;

use super::{Manifest, NoticeKind, Plugin, Telling};

/// Players that come with systems, the first that is found plays.
const PLAYERS: [&str; 5] = ["pw-play", "paplay", "aplay", "afplay", "powershell"];
/// Samples of a second.
const RATE: u32 = 22_050;
/// The tones of the chime: Hz, and for how long, in ms.
const TONES: [(f32, u32); 2] = [(880.0, 160), (1174.7, 320)];

struct NotifySound {
    manifest: Manifest,
}

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    NotifySound { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

impl Plugin for NotifySound {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn notice(&self) -> Option<&dyn NoticeKind> {
        Some(self)
    }
}

impl NoticeKind for NotifySound {
    fn tell(&self, telling: Telling) -> BoxFuture<'static, Result<(), String>> {
        async move {
            let player = player(telling.setting("player"))?;
            let name = player.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let file = chime().map_err(|cause| format!("the sound could not be written ({cause})"))?;
            let sound = file.path().as_os_str().to_owned();
            let mut command = Command::new(&player);
            command.args(arguments(&name, sound));
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
            let ended =
                command.status().await.map_err(|cause| format!("{name} could not be started ({cause})"))?;
            if ended.success() {
                return Ok(());
            }
            Err(format!(
                "{name} could not play it ({ended}); look whether this computer has a loudspeaker that is on"
            ))
        }
        .boxed()
    }
}

fn player(named: &str) -> Result<PathBuf, String> {
    if !named.is_empty() {
        return which::which(named)
            .map_err(|_| format!("the player “{named}” is not here; name another, or leave it empty"));
    }
    PLAYERS.iter().find_map(|name| which::which(name).ok()).ok_or_else(|| {
        "no program that plays sounds is on this computer; install one, such as pw-play, paplay or aplay"
            .to_owned()
    })
}

/// What the player is told to play this file.
fn arguments(player: &str, sound: OsString) -> Vec<OsString> {
    if !player.eq_ignore_ascii_case("powershell") {
        return vec![sound];
    }
    let path = sound.to_string_lossy().replace('\'', "''");
    ["-NoProfile", "-Command", &format!("(New-Object Media.SoundPlayer '{path}').PlaySync()")]
        .map(OsString::from)
        .into()
}

/// A file with the chime, which goes when it was played.
fn chime() -> std::io::Result<NamedTempFile> {
    let mut file = Builder::new().prefix("switchboard-").suffix(".wav").tempfile()?;
    file.write_all(&wav())?;
    file.flush()?;
    Ok(file)
}

/// The chime as a WAV file: 16 bits, one channel.
fn wav() -> Vec<u8> {
    let mut samples: Vec<u8> = Vec::new();
    for (hertz, ms) in TONES {
        let count = RATE * ms / 1000;
        for place in 0..count {
            let at = place as f32 / RATE as f32;
            let fade = 1.0 - place as f32 / count as f32;
            let wave = (std::f32::consts::TAU * hertz * at).sin() * fade * 0.4;
            samples.extend(((wave * f32::from(i16::MAX)) as i16).to_le_bytes());
        }
    }
    let length = samples.len() as u32;
    let mut file = Vec::with_capacity(samples.len() + 44);
    file.extend(b"RIFF");
    file.extend((length + 36).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend([1_u16, 1].map(u16::to_le_bytes).concat());
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * 2).to_le_bytes());
    file.extend([2_u16, 16].map(u16::to_le_bytes).concat());
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    file.extend(samples);
    file
}
