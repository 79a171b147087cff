//! A certificate as it is kept: its private key and after it the chain, both in PEM in one file, so that
//! no key ever stands beside the certificate of another.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::parse_x509_certificate;

/// A certificate that can be used.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) key: Arc<CertifiedKey>,
    from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

impl Kept {
    /// Reads what is kept. The error tells why it cannot be used.
    pub(super) fn read(pem: &[u8]) -> Result<Self, String> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("the certificate cannot be read ({error})"))?;
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|error| format!("its private key cannot be read ({error})"))?;
        let first = chain.first().ok_or("there is no certificate in it")?;
        let (from, until) = validity(first).ok_or("it does not say until when it is valid")?;
        let key = CertifiedKey::from_der(chain, key, &ring::default_provider())
            .map_err(|error| format!("it does not fit its private key ({error})"))?;
        Ok(Self { key: Arc::new(key), from, until })
    }

    /// Whether it can be shown now.
    pub(super) fn is_valid(&self, now: DateTime<Utc>) -> bool {
        now < self.until
    }

    /// When it is time for the next one: a third of its life is left then, however short that is.
    pub(super) fn renews_at(&self) -> DateTime<Utc> {
        self.until - (self.until - self.from) / 3
    }
}

fn validity(certificate: &[u8]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let (_, read) = parse_x509_certificate(certificate).ok()?;
    let at = |seconds: i64| DateTime::from_timestamp(seconds, 0);
    let validity = read.validity();
    Some((at(validity.not_before.timestamp())?, at(validity.not_after.timestamp())?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn made() -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(["calls.example.com".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2026, 11, 1), date_time_ymd(2027, 1, 30));
        (key.serialize_pem(), params.self_signed(&key).unwrap().pem())
    }

    #[test]
    fn it_is_renewed_when_a_third_of_its_life_is_left() {
        let (key, certificate) = made();
        let kept = Kept::read(format!("{key}{certificate}").as_bytes()).unwrap();
        let at = |time: &str| -> DateTime<Utc> { time.parse().unwrap() };
        assert_eq!(kept.renews_at(), at("2026-12-31T00:00:00Z"));
        assert!(kept.is_valid(at("2027-01-29T23:59:59Z")) && !kept.is_valid(at("2027-01-30T00:00:00Z")));
    }

    #[test]
    fn what_does_not_fit_together_is_not_used() {
        let ((key, certificate), (other, _)) = (made(), made());
        for (pem, says) in [
            (format!("{other}{certificate}"), "does not fit its private key"),
            (key.clone(), "no certificate in it"),
            (certificate.clone(), "private key cannot be read"),
            (String::new(), "private key cannot be read"),
        ] {
            let why = Kept::read(pem.as_bytes()).err().unwrap();
            assert!(why.contains(says), "{why}");
        }
    }
}
