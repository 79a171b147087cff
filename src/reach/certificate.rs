//! The certificate with which this computer answers https itself: read from its files, and read again
//! when a renewal puts others in their place.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::plugins::reach::{CertificateFiles, Obstacle};

/// What tells files from those that take their place: when each was written, and its length.
pub(super) type Stamp = [Option<(SystemTime, u64)>; 2];

/// How the files stand now.
pub(super) fn stamp(files: &CertificateFiles) -> Stamp {
    [&files.chain, &files.key].map(|file| {
        let about = fs::metadata(file).ok()?;
        Some((about.modified().ok()?, about.len()))
    })
}

/// Makes ready to answer https with a certificate.
pub(super) fn read(files: &CertificateFiles) -> Result<Arc<ServerConfig>, Obstacle> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.chain)
        .and_then(Iterator::collect)
        .map_err(|cause| unreadable("certificate", &files.chain, &cause.to_string()))?;
    if chain.is_empty() {
        return Err(unreadable("certificate", &files.chain, "there is none in it"));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|cause| unreadable("private key", &files.key, &cause.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|cause| {
            let next = "Choose the certificate and the private key that were made together";
            Obstacle::new(format!("The certificate cannot be used with this key ({cause})"), next)
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn unreadable(what: &str, file: &Path, cause: &str) -> Obstacle {
    let next = format!(
        "Choose the file with the {what} in PEM form, as certbot and other programs write it, and let \
         Switchboard read it; it is looked at again by itself"
    );
    Obstacle::new(format!("The {what} in {} cannot be read ({cause})", file.display()), next)
}
