//! Cloudflare Tunnel: a named tunnel of the owner's account, or a quick one for a first try.

#[cfg(feature = "desktop")]
mod editor;
mod output;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::reach::{Obstacle, ReachKind, ReachPlace, Tool, Way, read_address};
use super::{Manifest, Plugin, settings};
use output::Output;

/// The secret that a named tunnel is started with.
const TOKEN: &str = "reach.cloudflare.token";

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    Cloudflare { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

struct Cloudflare {
    manifest: Manifest,
}

impl Plugin for Cloudflare {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn reach(&self) -> Option<&dyn ReachKind> {
        Some(&Reach)
    }
}

/// What the owner set.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    kind: Kind,
    /// The public hostname of a named tunnel, if Cloudflare's own word on it is not to be waited for.
    address: String,
}

/// Which tunnel it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// Of the owner's account: its address stays.
    #[default]
    Named,
    /// Without an account: a new address at each start.
    Quick,
}

struct Reach;

const TOOL: Tool = Tool {
    name: "cloudflared",
    program: "cloudflared",
    version: &["--version"],
    places: &[
        "/opt/homebrew/bin",
        "/usr/local/bin",
        "/snap/bin",
        r"C:\Program Files (x86)\cloudflared",
        r"C:\Program Files\cloudflared",
    ],
    install: "https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads/",
    service: "Cloudflare",
    sign_up: "A named tunnel needs a free Cloudflare account and a domain of yours there",
    sign_up_page: "https://one.dash.cloudflare.com/",
};

impl ReachKind for Reach {
    fn about(&self) -> &'static str {
        "A named tunnel keeps its address, and is free with a domain of yours at Cloudflare. A quick tunnel needs no \
         account, but has a new address after each start and no promise: for trying out only"
    }

    fn starter(&self) -> Value {
        json!(Settings::default())
    }

    fn tool(&self) -> Option<&'static Tool> {
        Some(&TOOL)
    }

    fn way(&self, settings: &Value, place: &ReachPlace<'_>) -> Result<Way, Obstacle> {
        let set = "Look at what is set for Cloudflare Tunnel, and start it again";
        let Settings { kind, address } =
            settings::read(settings).map_err(|reason| Obstacle::new(reason, set))?;
        let fixed = ["tunnel", "--no-autoupdate"].map(String::from);
        if kind == Kind::Quick {
            let args = [fixed.to_vec(), vec!["--url".to_owned(), place.origin()]].concat();
            return Ok(Way::Program { args, env: Vec::new(), hearing: Box::new(Output::quick()) });
        }
        let address = match address.trim() {
            "" => None,
            address => Some(read_address(address).map_err(|reason| {
                Obstacle::new(format!("The tunnel's address cannot be used. {reason}"), set)
            })?),
        };
        let token = place.secrets.get(TOKEN).ok_or_else(|| {
            Obstacle::new(
                "The tunnel's token is missing",
                "Paste it here: Cloudflare shows it when you create a tunnel, after --token",
            )
        })?;
        let args = [fixed.to_vec(), vec!["run".to_owned()]].concat();
        let env = vec![("TUNNEL_TOKEN", token.trim().to_owned())];
        Ok(Way::Program { args, env, hearing: Box::new(Output::named(address, place.port)) })
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut Value,
        context: &super::reach::ReachEditor<'_>,
    ) -> Option<super::reach::SecretWish> {
        editor::editor_ui(ui, settings, context)
    }
}
