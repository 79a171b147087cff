//! Every signature case of Retell's own SDKs, through the verifier.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use hyper::body::Bytes;
use serde::Deserialize;
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
