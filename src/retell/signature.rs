//! Proves that a request comes from Retell, before a byte of its body is read as anything.
//!
//! The scheme, as Retell's own SDKs have it: the header `x-retell-signature` holds
//! `v=<unix ms>,d=<HMAC-SHA256 in lower-case hex>`; the key is the API key that carries the
//! "webhook" badge, the message is the raw body followed by the digits of the parsed time.
//! Where the newest SDKs differ, the stricter one is followed.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use hyper::body::Bytes;
use sha2::Sha256;
use zeroize::Zeroize;

/// The header that carries the signature.
pub const HEADER: &str = "x-retell-signature";

/// How far a request's time may lie from this computer's, either way and end points included.
pub const WINDOW_MS: u64 = 5 * 60 * 1000;

/// The largest time the SDKs take: the largest whole number that JavaScript holds exactly.
const LARGEST_TIME_MS: i64 = (1 << 53) - 1;

/// A Retell API key.
///
/// Taken exactly as it is: white space from pasting is removed when a key is saved, not here. It is
/// never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes a key exactly as it is.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// An empty key accepts nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key itself, for the key store and for asking Retell. Not for showing or logging.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn mac(&self, body: &[u8], timestamp_ms: i64) -> Hmac<Sha256> {
        self.begin().chain_update(body).chain_update(timestamp_ms.to_string())
    }

    /// A digest of nothing yet.
    pub(super) fn begin(&self) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("any length will do")
    }
}

/// It is not left behind in memory.
impl Drop for ApiKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "ApiKey(empty)" } else { "ApiKey(hidden)" })
    }
}

/// A body that Retell signed. Only [`verify`] makes one, so a body that was not verified
/// cannot be read as a call:
///
/// ```compile_fail,E0308
/// let body = hyper::body::Bytes::from_static(b"{}");
/// switchboard::retell::payload::parse(&body);
/// ```
///
/// ```compile_fail,E0451
/// let body = hyper::body::Bytes::from_static(b"{}");
/// switchboard::retell::Verified { body, timestamp_ms: 0, mac: [0; 32] };
/// ```
#[derive(Debug, Clone)]
pub struct Verified {
    body: Bytes,
    timestamp_ms: i64,
    mac: [u8; 32],
}

impl Verified {
    /// The body, byte for byte as it was signed.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// When Retell signed it, in Unix milliseconds.
    #[must_use]
    pub fn timestamp_ms(&self) -> i64 {
        self.timestamp_ms
    }

    /// The signature's digest: two requests with the same one are the same request.
    #[must_use]
    pub fn mac(&self) -> [u8; 32] {
        self.mac
    }
}

/// Why a request was turned away. [`Refusal::reason`] says it to the owner; the sender is
/// told nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No API key is set here, so nothing can be checked.
    NoKey,
    /// The request has no signature.
    NoHeader,
    /// The request has several signature headers; picking one would be a guess.
    SeveralHeaders,
    /// The header is not of the form Retell writes.
    BadForm,
    /// The signature is right, but its time is more than five minutes from ours.
    Clock {
        /// Our time minus the request's, in milliseconds: above zero if we are ahead.
        skew_ms: i64,
    },
    /// Another key, or another body, was signed.
    Mismatch,
}

impl Refusal {
    /// What is wrong and what to do, for the owner.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::NoKey => "No API key is set, so no request can be checked: \
                paste the key with the \"webhook\" badge from Retell's dashboard in Settings."
                .to_owned(),
            Self::NoHeader => "The request is not signed, so it is not from Retell: \
                nothing to do, unless a proxy in between removes the header x-retell-signature."
                .to_owned(),
            Self::SeveralHeaders => "The request carries more than one signature, which Retell \
                never sends: if calls are missing, look for a proxy that adds headers."
                .to_owned(),
            Self::BadForm => "The signature is not written the way Retell writes it: \
                if calls are missing, look for a proxy that changes headers."
                .to_owned(),
            Self::Clock { skew_ms } => clock_reason(*skew_ms),
            Self::Mismatch => "The signature does not fit: either another API key is set here \
                than the one with the \"webhook\" badge in Retell's dashboard, or something \
                changed the request on its way."
                .to_owned(),
        }
    }
}

/// "7 min", "3 hours", "12 days", either way.
pub(super) fn time_words(ms: i64) -> String {
    let minutes = ms.unsigned_abs() / 60_000;
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

fn clock_reason(skew_ms: i64) -> String {
    let direction = if skew_ms > 0 { "ahead" } else { "behind" };
    let amount = time_words(skew_ms);
    let replay = if skew_ms > 0 { ", or somebody sent an old request again" } else { "" };
    format!(
        "The signature is right, but this computer's clock is {amount} {direction}{replay}: \
         turn on automatic time in the system settings."
    )
}

/// Checks that `body` was signed with one of `keys` at most five minutes from `now_ms`.
///
/// `headers` are all values of [`HEADER`]. Several keys may be valid at once, for the time
/// in which one replaces the other; empty ones count for nothing.
pub fn verify(keys: &[ApiKey], headers: &[&[u8]], body: Bytes, now_ms: i64) -> Result<Verified, Refusal> {
    if keys.iter().all(ApiKey::is_empty) {
        return Err(Refusal::NoKey);
    }
    let header = match headers {
        [] => return Err(Refusal::NoHeader),
        [one] => *one,
        _ => return Err(Refusal::SeveralHeaders),
    };
    let (timestamp_ms, mac) = read_header(header).ok_or(Refusal::BadForm)?;
    // `verify_slice` compares in constant time, whatever the digest.
    let signed = keys
        .iter()
        .filter(|key| !key.is_empty())
        .any(|key| key.mac(&body, timestamp_ms).verify_slice(&mac).is_ok());
    if !signed {
        return Err(Refusal::Mismatch);
    }
    // Only after the digest: nobody but Retell is told anything about a clock.
    if now_ms.abs_diff(timestamp_ms) > WINDOW_MS {
        return Err(Refusal::Clock { skew_ms: now_ms.saturating_sub(timestamp_ms) });
    }
    Ok(Verified { body, timestamp_ms, mac })
}

/// The header value Retell would send for `body` at `now_ms` (Unix milliseconds).
#[must_use]
pub fn sign(key: &ApiKey, body: &[u8], now_ms: i64) -> String {
    let digest = key.mac(body, now_ms).finalize().into_bytes();
    format!("v={now_ms},d={}", hex::encode(digest))
}

/// The digest in a header that [`sign`] made; see [`Verified::mac`].
#[must_use]
pub fn mac_of(header: &str) -> Option<[u8; 32]> {
    read_header(header.as_bytes()).map(|(_, mac)| mac)
}

/// `v=<digits>,d=<64 lower-case hex>`, with nothing before, between or after.
pub(super) fn read_header(header: &[u8]) -> Option<(i64, [u8; 32])> {
    let text = std::str::from_utf8(header).ok()?;
    let (time, digest) = text.strip_prefix("v=")?.split_once(",d=")?;
    if time.is_empty() || !time.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let timestamp_ms = time.parse().ok().filter(|ms| *ms <= LARGEST_TIME_MS)?;
    // The decoder would take capitals too; the stricter of the two SDKs does not.
    if !digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut mac = [0; 32];
    hex::decode_to_slice(digest, &mut mac).ok()?;
    Some((timestamp_ms, mac))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_785_600_000_000;

    fn check(keys: &[ApiKey], body: &[u8], header: &str, now_ms: i64) -> Result<Verified, Refusal> {
        verify(keys, &[header.as_bytes()], Bytes::copy_from_slice(body), now_ms)
    }

    #[test]
    fn a_key_is_taken_as_it_is_and_never_printed() {
        let key = ApiKey::new("key_secret");
        let header = sign(&key, b"{}", NOW);
        assert!(!format!("{key:?}").contains("secret"));
        let untrimmed = ApiKey::new("key_secret\n");
        assert_eq!(check(&[untrimmed], b"{}", &header, NOW).unwrap_err(), Refusal::Mismatch);
    }

    #[test]
    fn no_key_or_only_empty_keys_accept_nothing() {
        let header = sign(&ApiKey::new(""), b"{}", NOW);
        for keys in [vec![], vec![ApiKey::new(""), ApiKey::new("")]] {
            assert_eq!(check(&keys, b"{}", &header, NOW).unwrap_err(), Refusal::NoKey);
        }
        let with_empty = [ApiKey::new("key_a"), ApiKey::new("")];
        assert_eq!(check(&with_empty, b"{}", &header, NOW).unwrap_err(), Refusal::Mismatch);
    }

    #[test]
    fn two_keys_are_valid_while_one_replaces_the_other() {
        let keys = [ApiKey::new("key_old"), ApiKey::new("key_new")];
        for key in &keys {
            assert!(check(&keys, b"{}", &sign(key, b"{}", NOW), NOW).is_ok());
        }
        let other = sign(&ApiKey::new("key_other"), b"{}", NOW);
        assert_eq!(check(&keys, b"{}", &other, NOW).unwrap_err(), Refusal::Mismatch);
    }

    #[test]
    fn a_wrong_clock_is_named_only_when_the_signature_is_right() {
        let key = [ApiKey::new("key")];
        let header = sign(&key[0], b"{}", NOW);
        let late = check(&key, b"{}", &header, NOW + 7 * 60_000).unwrap_err();
        assert_eq!(late, Refusal::Clock { skew_ms: 420_000 });
        assert!(late.reason().contains("this computer's clock is 7 min ahead"));
        let early = check(&key, b"{}", &header, NOW - 3 * 3_600_000).unwrap_err();
        assert!(early.reason().contains("clock is 3 hours behind"));
        let forged = check(&key, b"[]", &header, NOW + 7 * 60_000).unwrap_err();
        assert_eq!(forged, Refusal::Mismatch);
        let _ = check(&key, b"{}", &header, i64::MIN).unwrap_err().reason();
    }

    proptest! {
        #[test]
        fn what_is_signed_verifies(key in "[!-~]{1,80}", body: Vec<u8>, skew in -300_000i64..=300_000) {
            let key = ApiKey::new(&key);
            let header = sign(&key, &body, NOW);
            let verified = check(&[key], &body, &header, NOW + skew).unwrap();
            prop_assert_eq!(&verified.body()[..], &body[..]);
            prop_assert_eq!(verified.timestamp_ms(), NOW);
            prop_assert_eq!(hex::encode(verified.mac()), &header[header.len() - 64..]);
        }

        #[test]
        fn a_flipped_bit_never_verifies(body: Vec<u8>, at: prop::sample::Index, bit in 0..8u8) {
            let key = [ApiKey::new("key_0123456789abcdef")];
            let header = sign(&key[0], &body, NOW);
            let mut message = [header.as_bytes(), &body].concat();
            message[at.index(header.len() + body.len())] ^= 1 << bit;
            let (header, body) = message.split_at(header.len());
            prop_assert!(verify(&key, &[header], Bytes::copy_from_slice(body), NOW).is_err());
        }

        #[test]
        fn any_header_gets_an_answer(header: Vec<u8>, body: Vec<u8>, now: i64) {
            let refused = verify(&[ApiKey::new("k")], &[&header], body.into(), now).unwrap_err();
            prop_assert!(!refused.reason().is_empty());
        }
    }
}
