//! An address of the owner's own: a reverse proxy, a router or a tunnel that something else keeps. Where
//! no proxy speaks https, this computer does, with a certificate of the owner's or one that it gets itself.

#[cfg(feature = "desktop")]
mod editor;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::{Host, Url};

use super::reach::{
    Authority, Certificate, CertificateFiles, Obstacle, ReachKind, ReachPlace, Way, read_address,
};
use super::{Manifest, Plugin, settings};
use crate::routing::is_default;

/// Who gives certificates for free to everybody, and where its terms stand.
const AUTHORITY: &str = "Let's Encrypt";
const DIRECTORY: &str = "https://acme-v02.api.letsencrypt.org/directory";
#[cfg(feature = "desktop")]
const TERMS: &str = "https://letsencrypt.org/repository/";

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
    /// Who speaks https.
    #[serde(skip_serializing_if = "is_default")]
    https: Https,
    /// The file of the certificate with which this computer answers https itself.
    #[serde(skip_serializing_if = "is_default")]
    certificate: String,
    /// The file of its private key.
    #[serde(skip_serializing_if = "is_default")]
    key: String,
    /// The owner accepts the terms of the authority.
    #[serde(skip_serializing_if = "is_default")]
    accepts_terms: bool,
    /// Another authority's address, for trials.
    #[serde(skip_serializing_if = "is_default")]
    authority: Option<Url>,
}

/// Who speaks https.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Https {
    /// Somebody else, who passes requests on; this computer where there are files of a certificate.
    #[default]
    Proxy,
    /// This computer, with a certificate that something else keeps.
    Files,
    /// This computer, with a certificate that it gets and renews by itself.
    Automatic,
}

impl Settings {
    /// Who speaks https. In settings that were made before there was this choice, the files say it.
    fn https(&self) -> Https {
        let has_files = !self.certificate.trim().is_empty() || !self.key.trim().is_empty();
        if self.https == Https::Proxy && has_files { Https::Files } else { self.https }
    }

    fn files(&self) -> Result<CertificateFiles, Obstacle> {
        match [self.certificate.trim(), self.key.trim()] {
            ["", _] | [_, ""] => Err(Obstacle::new(
                "To answer https, a certificate and its private key are needed",
                "Choose both files, or neither where a proxy speaks https",
            )),
            [chain, key] => Ok(CertificateFiles { chain: chain.into(), key: key.into() }),
        }
    }

    fn automatic(&self, url: &Url) -> Result<Certificate, Obstacle> {
        if !self.accepts_terms {
            return Err(Obstacle::new(
                format!("{AUTHORITY} gives certificates to those who accept its terms"),
                "Read them, and switch on that you do",
            ));
        }
        let host = match url.host() {
            Some(Host::Domain(name)) if name.contains('.') => name.to_owned(),
            _ => {
                return Err(Obstacle::new(
                    format!("{AUTHORITY} gives certificates for names such as calls.example.com only"),
                    "Write an address with a name of your own domain",
                ));
            }
        };
        let authority = if let Some(directory) = &self.authority {
            let name = directory.host_str().unwrap_or_default().to_owned();
            Authority { name, directory: directory.clone() }
        } else {
            let directory = Url::parse(DIRECTORY)
                .map_err(|error| Obstacle::new(error.to_string(), "Choose another way"))?;
            Authority { name: AUTHORITY.to_owned(), directory }
        };
        Ok(Certificate::Automatic { host, authority })
    }
}

struct Reach;

impl ReachKind for Reach {
    fn about(&self) -> &'static str {
        "For a reverse proxy such as Caddy or nginx, or a tunnel that you start yourself. Or a router passes a port \
         on, and this computer speaks https itself"
    }

    fn starter(&self) -> Value {
        json!(Settings::default())
    }

    fn way(&self, settings: &Value, place: &ReachPlace<'_>) -> Result<Way, Obstacle> {
        let next =
            format!("Set the address under which your proxy passes requests on to port {}", place.port);
        let settings: Settings =
            settings::read(settings).map_err(|reason| Obstacle::new(reason, next.clone()))?;
        let url = read_address(&settings.address)
            .map_err(|reason| Obstacle::new(format!("The address cannot be used. {reason}"), next))?;
        let certificate = match settings.https() {
            Https::Proxy => return Ok(Way::Address(url)),
            Https::Files => Certificate::Files(settings.files()?),
            Https::Automatic => settings.automatic(&url)?,
        };
        Ok(Way::Https { url, certificate })
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
