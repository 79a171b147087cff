//! The rules of the signature's header once more, in other words and as few as possible.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Whether this header signs this body with this key at this time.
pub fn accepts(key: &str, header: &[u8], body: &[u8], now_ms: i64) -> bool {
    let Ok(header) = std::str::from_utf8(header) else { return false };
    let parts: Vec<&str> = header.splitn(3, ['=', ',']).collect();
    let ["v", time, rest] = parts[..] else { return false };
    if header != format!("v={time},{rest}")
        || time.is_empty()
        || !time.chars().all(|c| "0123456789".contains(c))
    {
        return false;
    }
    let time = time.trim_start_matches('0');
    let time = if time.is_empty() { "0" } else { time };
    // Where a JavaScript program still counts exactly.
    let Some(at_ms) = time.parse().ok().filter(|at_ms: &i64| *at_ms < 1 << 53) else { return false };
    rest == format!("d={}", digest(key, body, time)) && (now_ms - at_ms).abs() <= 300_000
}

/// What is written for a body and a time as it is hashed.
pub fn digest(key: &str, body: &[u8], time: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body);
    mac.update(time.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}
