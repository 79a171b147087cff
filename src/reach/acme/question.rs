//! The authority's question at our port (TLS-ALPN-01), and what https is answered with: who speaks the
//! protocol of the question is shown the proof, everybody else the certificate, at the same port and time.

use std::sync::Arc;

use instant_acme::KeyAuthorization;
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// The protocol of the question.
const QUESTION: &[u8] = b"acme-tls/1";
const HTTP: &[u8] = b"http/1.1";

/// What is shown to whom.
#[derive(Debug)]
struct Shown {
    certificate: Option<Arc<CertifiedKey>>,
    proof: Option<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asks = hello.alpn().is_some_and(|mut spoken| spoken.any(|protocol| protocol == QUESTION));
        if asks { self.proof.clone() } else { self.certificate.clone() }
    }
}

/// What https is answered with while there is a certificate, a question, or both.
pub(super) fn shown(
    certificate: Option<Arc<CertifiedKey>>,
    proof: Option<Arc<CertifiedKey>>,
) -> Option<Arc<ServerConfig>> {
    let mut protocols = Vec::new();
    protocols.extend(certificate.as_ref().map(|_| HTTP.to_vec()));
    protocols.extend(proof.as_ref().map(|_| QUESTION.to_vec()));
    if protocols.is_empty() {
        return None;
    }
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions();
    let mut config = match config {
        Ok(config) => config.with_no_client_auth().with_cert_resolver(Arc::new(Shown { certificate, proof })),
        Err(error) => {
            tracing::error!("https cannot be answered: {error}");
            return None;
        }
    };
    config.alpn_protocols = protocols;
    Some(Arc::new(config))
}

/// What proves to the authority that this computer answers for the name.
pub(super) fn proof(host: &str, answer: &KeyAuthorization) -> Result<Arc<CertifiedKey>, String> {
    let made = || -> Result<_, rcgen::Error> {
        let mut params = CertificateParams::new([host.to_owned()])?;
        let digest = answer.digest();
        params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest.as_ref())];
        let key = KeyPair::generate()?;
        Ok((params.self_signed(&key)?.der().clone(), key.serialize_der()))
    };
    let (certificate, key) = made().map_err(|error| error.to_string())?;
    let key = PrivateKeyDer::try_from(key).map_err(str::to_owned)?;
    // What would look whether the two fit refuses an extension that it does not know, as this one is.
    let key = ring::sign::any_supported_type(&key).map_err(|error| error.to_string())?;
    Ok(Arc::new(CertifiedKey::new(vec![certificate], key)))
}
