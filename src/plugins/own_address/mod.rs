//! An address of the owner's own: a reverse proxy, a router or a tunnel that something else keeps.

#[cfg(feature = "desktop")]
mod editor;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::reach::{CertificateFiles, Obstacle, ReachKind, ReachPlace, Way, read_address};
use super::{Manifest, Plugin, settings};

/// The plugin.
#[must_use]
pub fn plugin() -> impl Plugin {
    OwnAddress { manifest: Manifest::built_in(include_str!("plugin.toml")) }
}

struct OwnAddress {
    manifest: Manifest,
}

impl Plugin for OwnAddress {
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
    /// The address as written.
    address: String,
    /// The file of the certificate with which this computer answers https itself; empty: a proxy does.
    #[serde(skip_serializing_if = "String::is_empty")]
    certificate: String,
    /// The file of its private key.
    #[serde(skip_serializing_if = "String::is_empty")]
    key: String,
}

struct Reach;

impl ReachKind for Reach {
    fn about(&self) -> &'static str {
        "For a reverse proxy such as Caddy or nginx, or a tunnel that you start yourself. It has to speak https. \
         Or a router passes a port on, and this computer speaks https with your certificate"
    }

    fn starter(&self) -> Value {
        json!(Settings::default())
    }

    fn way(&self, settings: &Value, place: &ReachPlace<'_>) -> Result<Way, Obstacle> {
        let next =
            format!("Set the address under which your proxy passes requests on to port {}", place.port);
        let Settings { address, certificate, key } =
            settings::read(settings).map_err(|reason| Obstacle::new(reason, next.clone()))?;
        let url = read_address(&address)
            .map_err(|reason| Obstacle::new(format!("The address cannot be used. {reason}"), next))?;
        match [certificate.trim(), key.trim()] {
            ["", ""] => Ok(Way::Address(url)),
            ["", _] | [_, ""] => Err(Obstacle::new(
                "To answer https, a certificate and its private key are needed",
                "Choose both files, or neither where a proxy speaks https",
            )),
            [chain, key] => {
                Ok(Way::Https { url, certificate: CertificateFiles { chain: chain.into(), key: key.into() } })
            }
        }
    }

    #[cfg(feature = "desktop")]
    fn editor_ui(
        &self,
        ui: &mut egui::Ui,
        settings: &mut Value,
        context: &super::reach::ReachEditor<'_>,
    ) -> Option<super::reach::SecretWish> {
        editor::editor_ui(ui, settings, context);
        None
    }
}
