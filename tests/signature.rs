//! Every signature case of Retell's own SDKs, through the verifier, and headers of all kinds
//! beside a second reading of the rules.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use hmac::{Hmac, KeyInit, Mac};
use hyper::body::Bytes;
use proptest::prelude::*;
use serde::Deserialize;
use sha2::Sha256;
use switchboard::retell::signature::{ApiKey, sign, verify};

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    group: String,
    api_key: String,
    body: Option<String>,
    body_hex: Option<String>,
    now_ms: i64,
    timestamp: Option<i64>,
    signature: Option<String>,
    expected: bool,
}

impl Case {
    fn body(&self) -> Bytes {
        match (&self.body, &self.body_hex) {
            (Some(text), None) => Bytes::from(text.clone()),
            (None, Some(hex)) => hex::decode(hex).unwrap().into(),
            _ => panic!("{}: a case has either text or bytes", self.id),
        }
    }

    fn is_accepted(&self) -> bool {
        let headers: Vec<&[u8]> = self.signature.iter().map(String::as_bytes).collect();
        verify(&[ApiKey::new(&self.api_key)], &headers, self.body(), self.now_ms).is_ok()
    }
}

fn cases() -> Vec<Case> {
    let file: Vectors = serde_json::from_str(include_str!("data/retell-vectors.json")).unwrap();
    assert_eq!(file.vectors.len(), 111);
    file.vectors
}

#[test]
fn every_case_is_answered_as_the_sdks_answer() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter(|case| case.is_accepted() != case.expected)
        .map(|case| case.id.clone())
        .collect();
    assert!(wrong.is_empty(), "answered wrongly: {wrong:?}");
}

#[test]
fn what_we_sign_is_what_the_sdks_sign() {
    let valid: Vec<Case> = cases().into_iter().filter(|case| case.group == "valid").collect();
    assert!(valid.len() > 20);
    for case in valid {
        let signed = sign(&ApiKey::new(&case.api_key), &case.body(), case.timestamp.unwrap());
        assert_eq!(Some(signed), case.signature, "{}", case.id);
    }
}

/// The header's rules once more, in other words and as few as possible.
fn reference(key: &str, header: &[u8], body: &[u8], now_ms: i64) -> bool {
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
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body);
    mac.update(time.as_bytes());
    let digest = hex::encode(mac.finalize().into_bytes());
    // Where a JavaScript program still counts exactly.
    let Some(at_ms) = time.parse().ok().filter(|at_ms: &i64| *at_ms < 1 << 53) else { return false };
    rest == format!("d={digest}") && (now_ms - at_ms).abs() <= 300_000
}

/// What may be done to a header on its way.
#[derive(Debug, Clone)]
enum Change {
    Insert(prop::sample::Index, &'static str),
    Replace(prop::sample::Index, &'static str),
    Remove(prop::sample::Index),
    Twice,
    Byte(prop::sample::Index, u8),
}

impl Change {
    fn apply(&self, header: &mut Vec<u8>) {
        let len = header.len();
        match self {
            Self::Insert(at, text) => {
                let at = at.index(len + 1);
                drop(header.splice(at..at, text.bytes()));
            }
            Self::Replace(at, text) if len > 0 => {
                let at = at.index(len);
                drop(header.splice(at..=at, text.bytes()));
            }
            Self::Remove(at) if len > 0 => drop(header.remove(at.index(len))),
            Self::Twice => header.extend_from_within(..),
            Self::Byte(at, byte) if len > 0 => header[at.index(len)] = *byte,
            Self::Replace(..) | Self::Remove(_) | Self::Byte(..) => {}
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let odd = || {
        prop::sample::select(vec![
            "0", "00", "1", "9", "a", "A", "F", "g", "=", ",", ",d=", "v=", " ", "\t", "\0", "+", "-",
            "\u{661}", "\u{ff10}", "\u{feff}", "e3", ".0", "_", "\"", ";", "d=", "0x",
        ])
    };
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), odd()).prop_map(|(at, text)| Change::Insert(at, text)),
        (at(), odd()).prop_map(|(at, text)| Change::Replace(at, text)),
        at().prop_map(Change::Remove),
        Just(Change::Twice),
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("SOAK_HEADERS").ok().and_then(|cases| cases.parse().ok()).unwrap_or(5_000)
    ))]

    #[test]
    fn the_header_is_read_as_by_the_reference(
        body in "[{}a-z0-9]{0,12}",
        zeros in 0_usize..3,
        skew_ms in prop_oneof![-300_002_i64..=-299_998, 299_998_i64..=300_002, -10_i64..=10],
        changes in prop::collection::vec(change(), 0..3),
        moved in 0_usize..3,
    ) {
        const NOW: i64 = 1_785_600_000_000;
        let signed = sign(&ApiKey::new("key"), body.as_bytes(), NOW + skew_ms);
        let mut header = signed.replacen("v=", &format!("v={}", "0".repeat(zeros)), 1).into_bytes();
        let mut body = body.into_bytes();
        // The digest covers body and time with nothing between, so digits can change sides.
        for _ in 0..moved {
            body.push(header.remove(2));
        }
        for change in &changes {
            change.apply(&mut header);
        }
        let ours = verify(&[ApiKey::new("key")], &[&header], body.clone().into(), NOW).is_ok();
        prop_assert_eq!(ours, reference("key", &header, &body, NOW), "{}", String::from_utf8_lossy(&header));
        if changes.is_empty() && moved == 0 {
            prop_assert_eq!(ours, skew_ms.abs() <= 300_000);
        }
    }
}
