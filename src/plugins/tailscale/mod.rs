//! Tailscale Funnel, in the foreground, so that it ends with this program.

mod output;

use serde_json::{Value, json};

use super::reach::{Obstacle, ReachKind, ReachPlace, Tool, Way};
use super::{Manifest, Plugin};
use output::Output;

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    Tailscale { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

struct Tailscale {
    manifest: Manifest,
}

impl Plugin for Tailscale {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn reach(&self) -> Option<&dyn ReachKind> {
        Some(&Reach)
    }
}

struct Reach;

const TOOL: Tool = Tool {
    name: "Tailscale",
    program: "tailscale",
    version: &["version"],
    places: &[
        "/opt/homebrew/bin",
        "/usr/local/bin",
        "/Applications/Tailscale.app/Contents/MacOS",
        r"C:\Program Files\Tailscale",
    ],
    install: "https://tailscale.com/download",
    service: "Tailscale",
    sign_up: "A free account is enough; log in on this computer once. Funnel is switched on for it at the first start",
    sign_up_page: "https://login.tailscale.com/start",
};

impl ReachKind for Reach {
    fn about(&self) -> &'static str {
        "Free and without a domain of your own: this computer's name at Tailscale is its address, and stays. There is \
         nothing to set"
    }

    fn starter(&self) -> Value {
        json!({})
    }

    fn tool(&self) -> Option<&'static Tool> {
        Some(&TOOL)
    }

    fn way(&self, _settings: &Value, place: &ReachPlace<'_>) -> Result<Way, Obstacle> {
        let args = vec!["funnel".to_owned(), place.origin()];
        Ok(Way::Program { args, env: Vec::new(), hearing: Box::<Output>::default() })
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        _ui: &mut egui::Ui,
        _settings: &mut Value,
        _context: &super::reach::ReachEditor<'_>,
    ) -> Option<super::reach::SecretWish> {
        None
    }
}
