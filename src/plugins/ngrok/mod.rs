//! ngrok, with the domain of the owner's account.

#[cfg(feature = "desktop")]
mod editor;
mod output;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::reach::{Obstacle, ReachKind, ReachPlace, Tool, Way, read_address};
use super::{Manifest, Plugin, settings};
use output::Output;

/// The secret that ngrok knows the owner by.
const TOKEN: &str = "reach.ngrok.token";

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    Ngrok { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

struct Ngrok {
    manifest: Manifest,
}

impl Plugin for Ngrok {
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
    /// The domain of the owner's account; without one ngrok chooses.
    domain: String,
}

struct Reach;

const TOOL: Tool = Tool {
    name: "ngrok",
    program: "ngrok",
    version: &["version"],
    places: &["/opt/homebrew/bin", "/usr/local/bin", "/snap/bin"],
    install: "https://ngrok.com/download",
    service: "ngrok",
    sign_up: "A free account has one domain that stays the same, and a token that this computer needs",
    sign_up_page: "https://dashboard.ngrok.com/signup",
};

impl ReachKind for Reach {
    fn about(&self) -> &'static str {
        "The quickest way without a domain of your own: a free account has one fixed domain"
    }

    fn starter(&self) -> Value {
        json!(Settings::default())
    }

    fn tool(&self) -> Option<&'static Tool> {
        Some(&TOOL)
    }

    fn way(&self, settings: &Value, place: &ReachPlace<'_>) -> Result<Way, Obstacle> {
        let next = "Copy the domain again from ngrok's dashboard under Domains";
        let Settings { domain } = settings::read(settings).map_err(|reason| Obstacle::new(reason, next))?;
        let mut args = ["http", "--log=stdout", "--log-format=json"].map(String::from).to_vec();
        if !domain.trim().is_empty() {
            let url = read_address(&domain)
                .map_err(|reason| Obstacle::new(format!("The domain cannot be used. {reason}"), next))?;
            args.push(format!("--url={}", url.as_str().trim_end_matches('/')));
        }
        args.push(place.origin());
        // Without a token here, ngrok takes the one of its own set-up.
        let token = place.secrets.get(TOKEN).map(|token| ("NGROK_AUTHTOKEN", token.trim().to_owned()));
        Ok(Way::Program { args, env: token.into_iter().collect(), hearing: Box::<Output>::default() })
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
