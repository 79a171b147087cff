//! Why a signature does not fit, as far as that can be found out by whoever has the key: the header
//! is not written right, another key signed it, it is too old, or the body was changed on its way.
//! For looking into trouble only; what is let in is decided by [`super::signature`] alone.

use hmac::Mac;

use super::signature::{self, ApiKey, HEADER, WINDOW_MS, read_header};

/// Bodies up to this size are searched for a character too many, in bytes.
const SEARCHED: usize = 8 * 1024;
/// Bodies up to this size are searched for any one character that differs, in bytes: a second's work.
const SEARCHED_WHOLE: usize = 1200;

/// What is to be said of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// Whether such a request is let in at this moment.
    pub fits: bool,
    /// The answer in a sentence.
    pub title: String,
    /// What to know or do besides, in sentences.
    pub details: Vec<String>,
}

impl Diagnosis {
    fn wrong(title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { fits: false, title: title.into(), details: vec![detail.into()] }
    }
}

/// Looks into a signature. `keys` are those that may have signed it, each with what people call it.
#[must_use]
pub fn diagnose(keys: &[(String, ApiKey)], header: &str, body: &[u8], now_ms: i64) -> Diagnosis {
    let header = bare(header);
    let Some((signed_ms, mac)) = read_header(header.as_bytes()) else { return bad_form(header) };
    let fits = |key: &ApiKey, body: &[u8]| key.mac(body, signed_ms).verify_slice(&mac).is_ok();
    if keys.is_empty() {
        return Diagnosis::wrong("There is no key to check it with", "Paste the key, or save it in Settings");
    }
    if let Some((name, _)) = keys.iter().find(|(_, key)| fits(key, body)) {
        return right(name, name == &keys[0].0, keys, signed_ms, now_ms);
    }
    for (name, key) in keys {
        let changed = changed_bodies(body).into_iter().find(|(_, body)| fits(key, body));
        if let Some((what, _)) = changed {
            let detail = format!("With {name} the signature fits once that is undone");
            return Diagnosis::wrong(what, detail);
        }
        if let Some(what) = one_character(key, body, signed_ms, &mac) {
            let detail = format!("With {name} the signature fits once that is put right");
            return Diagnosis::wrong(what, detail);
        }
    }
    let names: Vec<&str> = keys.iter().map(|(name, _)| name.as_str()).collect();
    Diagnosis {
        fits: false,
        title: "Another key signed this, or the body differs in more than one place".to_owned(),
        details: vec![
            format!("It was tried with {}", names.join(" and ")),
            "The key has to be the one with the “webhook” badge in Retell's dashboard, whole and of the same workspace"
                .to_owned(),
            "The body has to be copied as it was sent, byte for byte: not formatted, with nothing left out".to_owned(),
        ],
    }
}

/// The header's value alone, where its name or quotation marks were copied along.
fn bare(header: &str) -> &str {
    let header = header.trim();
    let after_name = header.get(..HEADER.len()).filter(|start| start.eq_ignore_ascii_case(HEADER));
    let value = match after_name {
        Some(_) => header[HEADER.len()..].trim_start().trim_start_matches(':'),
        None => header,
    };
    value.trim().trim_matches(['"', '\''])
}

fn bad_form(header: &str) -> Diagnosis {
    let form = "It has to look like v=1785600000000,d= and then 64 digits and small letters from a to f";
    let digest = header.split_once("d=").map(|(_, digest)| digest);
    let title = match digest {
        _ if header.is_empty() => "There is no signature".to_owned(),
        _ if header.contains(char::is_whitespace) => {
            "A space or line break stands in the signature".to_owned()
        }
        _ if !header.starts_with("v=") => "The signature does not begin with v= and a time".to_owned(),
        None => "The signature has no d= with the digest".to_owned(),
        Some(digest) if digest.len() != 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            format!("The digest has {} characters and not 64", digest.len())
        }
        Some(digest) if digest.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            "The digest is written with capital letters, and Retell writes small ones".to_owned()
        }
        Some(_) => "The signature is not written the way Retell writes it".to_owned(),
    };
    Diagnosis::wrong(title, form)
}

fn right(name: &str, is_first: bool, keys: &[(String, ApiKey)], signed_ms: i64, now_ms: i64) -> Diagnosis {
    let mut details = vec![format!("It was signed with {name}")];
    if !is_first {
        details.push(format!("{} did not sign it", crate::routing::capital(&keys[0].0)));
    }
    let age_ms = now_ms.saturating_sub(signed_ms);
    if age_ms.unsigned_abs() <= WINDOW_MS {
        return Diagnosis { fits: true, title: "Key, body and time are right".to_owned(), details };
    }
    let (old, detail) = if age_ms > 0 {
        (
            "old",
            "Retell's requests arrive within seconds; one that is sent again later is refused after 5 minutes. \
                 If this one is new, this computer's clock is ahead",
        )
    } else {
        ("ahead of this computer's clock", "Turn on automatic time in the system settings")
    };
    details.push(detail.to_owned());
    let title = format!("Key and body are right, but it is {} {old}", signature::time_words(age_ms));
    Diagnosis { fits: false, title, details }
}

/// The body as it may have been before an editor or a program in between changed it, with what was
/// done to it.
fn changed_bodies(body: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut found: Vec<(&'static str, Vec<u8>)> = Vec::new();
    let trimmed = body.trim_ascii();
    found.push(("A space or line break was added around the body", trimmed.to_vec()));
    for end in ["\n", "\r\n"] {
        found.push(("The line break at the end of the body is missing", [trimmed, end.as_bytes()].concat()));
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let unix = text.replace("\r\n", "\n");
        found.push(("Line breaks in the body were changed", unix.replace('\n', "\r\n").into_bytes()));
        found.push(("Line breaks in the body were changed", unix.into_bytes()));
        let text = text.trim_start_matches('\u{feff}');
        found.push((
            "An invisible mark was put before the body (a byte order mark)",
            text.as_bytes().to_vec(),
        ));
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
            let what = "The body was formatted anew: spaces and line breaks are not those that were signed";
            found.push((what, value.to_string().into_bytes()));
            found.push((what, serde_json::to_vec_pretty(&value).unwrap_or_default()));
        }
    }
    found
}

/// The one character in which the body differs from what was signed, if that is all.
fn one_character(key: &ApiKey, body: &[u8], signed_ms: i64, mac: &[u8; 32]) -> Option<String> {
    if body.len() > SEARCHED {
        return None;
    }
    let time = signed_ms.to_string();
    let letters: Vec<u8> = (b' '..=b'~').chain(*b"\n\r\t").collect();
    let candidates = if body.len() <= SEARCHED_WHOLE { letters.as_slice() } else { &[] };
    // What stands before the place is the same for all tries there.
    let mut before = key.begin();
    for place in 0..=body.len() {
        let rest = &body[place..];
        let fits = |middle: &[u8], after: &[u8]| {
            let tried = before.clone().chain_update(middle).chain_update(after).chain_update(&time);
            tried.verify_slice(mac).is_ok()
        };
        if let Some((here, after)) = rest.split_first() {
            let here = shown(*here);
            if fits(&[], after) {
                return Some(format!(
                    "The body has a character too many: {here} at {}",
                    place_words(body, place)
                ));
            }
            if let Some(signed) = candidates.iter().find(|letter| fits(&[**letter], after)) {
                let signed = shown(*signed);
                let at = place_words(body, place);
                return Some(format!(
                    "One character of the body was changed: {here} stands at {at}, and {signed} was signed"
                ));
            }
        }
        if let Some(signed) = candidates.iter().find(|letter| fits(&[**letter], rest)) {
            let signed = shown(*signed);
            return Some(format!(
                "A character of the body is missing: {signed} at {}",
                place_words(body, place)
            ));
        }
        before.update(&rest[..rest.len().min(1)]);
    }
    None
}

fn shown(byte: u8) -> String {
    match byte {
        b' ' => "a space".to_owned(),
        b'\n' | b'\r' => "a line break".to_owned(),
        b'\t' => "a tab".to_owned(),
        byte if byte.is_ascii_graphic() => format!("“{}”", char::from(byte)),
        _ => "a part of a letter".to_owned(),
    }
}

fn place_words(body: &[u8], place: usize) -> String {
    let before = &body[..place];
    let line = before.split(|byte| *byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_785_600_000_000;
    const BODY: &str = "{\"event\":\"call_inbound\",\"n\":1}";

    fn keys() -> Vec<(String, ApiKey)> {
        vec![
            ("the pasted key".to_owned(), ApiKey::new("key_a")),
            ("the key in Settings".to_owned(), ApiKey::new("key_b")),
        ]
    }

    fn signed(key: &str, body: &str) -> String {
        signature::sign(&ApiKey::new(key), body.as_bytes(), NOW)
    }

    fn told(header: &str, body: &str, now: i64) -> (bool, String) {
        let Diagnosis { fits, title, details } = diagnose(&keys(), header, body.as_bytes(), now);
        (fits, format!("{title}. {}", details.join(". ")))
    }

    #[test]
    fn what_fits_says_with_which_key_and_what_is_too_old_how_old() {
        let header = signed("key_a", BODY);
        assert_eq!(
            told(&header, BODY, NOW),
            (true, "Key, body and time are right. It was signed with the pasted key".into())
        );
        let copied = format!(" X-Retell-Signature: {header}\n");
        assert!(told(&copied, BODY, NOW).0);
        let (fits, words) = told(&signed("key_b", BODY), BODY, NOW);
        assert!(fits && words.contains("The pasted key did not sign it"), "{words}");
        let (fits, words) = told(&header, BODY, NOW + 3 * 3_600_000);
        assert!(!fits && words.contains("but it is 3 hours old"), "{words}");
        assert!(told(&header, BODY, NOW - 3_600_000).1.contains("60 min ahead of this computer's clock"));
    }

    #[test]
    fn what_was_done_to_the_body_is_named() {
        let pretty = "{\n  \"event\": \"call_inbound\",\n  \"n\": 1\n}";
        for (signed_body, seen, part) in [
            (BODY, format!("{BODY}\n"), "added around"),
            ("{}\n", "{}".to_owned(), "at the end of the body is missing"),
            ("{\r\n}", "{\n}".to_owned(), "Line breaks in the body were changed"),
            (BODY, pretty.to_owned(), "formatted anew"),
            (pretty, BODY.to_owned(), "formatted anew"),
            (BODY, format!("\u{feff}{BODY}"), "byte order mark"),
            (BODY, BODY.replace('1', "2"), "“2” stands at line 1, column 29, and “1” was signed"),
            (BODY, BODY.replacen("call", "cal", 1), "is missing: “l” at line 1, column"),
            (BODY, BODY.replacen("call", "call ", 1), "too many: a space at line 1, column 15"),
        ] {
            let (fits, words) = told(&signed("key_b", signed_body), &seen, NOW);
            assert!(!fits && words.contains(part), "{seen:?}: {words}");
            assert!(words.contains("With the key in Settings"), "{words}");
        }
    }

    #[test]
    fn a_header_that_is_not_written_right_is_told_how() {
        let good = signed("key_a", BODY);
        for (header, part) in [
            (String::new(), "There is no signature"),
            (good[2..].to_owned(), "does not begin with v="),
            (good.replace(",d=", ", d="), "A space or line break"),
            (good.split_once(',').map(|(time, _)| time.to_owned()).unwrap_or_default(), "has no d="),
            (good[..good.len() - 1].to_owned(), "has 63 characters and not 64"),
            (good[..good.len() - 3].to_owned() + "ABC", "capital letters"),
        ] {
            let (fits, words) = told(&header, BODY, NOW);
            assert!(!fits && words.contains(part), "{header}: {words}");
        }
        assert!(told(&signed("other", BODY), BODY, NOW).1.starts_with("Another key signed this"));
        assert!(diagnose(&[], &good, b"", NOW).title.contains("no key"));
    }
}
