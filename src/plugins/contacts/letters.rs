//! From the bytes of a file to text, whatever program wrote it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE};

use super::trouble::Trouble;

/// How many bytes are looked at to find out how letters are written.
const LOOKED_AT: usize = 256 * 1024;

/// A text, and how it was written.
#[derive(Debug)]
pub(super) struct Letters {
    pub(super) text: String,
    pub(super) encoding: &'static Encoding,
}

/// Reads bytes. `home` is the country of those who wrote them, as a hint.
pub(super) fn read(bytes: &[u8], wanted: Option<&str>, home: &str) -> Result<Letters, Trouble> {
    if let Some(other) = other_kind(bytes) {
        return Err(Trouble::OtherKind(other));
    }
    let wanted = wanted.and_then(|label| Encoding::for_label(label.as_bytes()));
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding = match marked.or(wanted).or_else(|| sixteen_bits(bytes)) {
        Some(encoding) => encoding,
        None if bytes.iter().take(LOOKED_AT).any(|byte| *byte == 0) => return Err(Trouble::NoText),
        None => guess(bytes, home),
    };
    // Taking the bytes as UTF-16 checks nothing, so that pictures and programs would be text too.
    let (text, encoding, _) = encoding.decode(bytes);
    let strange = text.chars().take(LOOKED_AT).filter(|c| is_strange(*c)).count();
    if strange * 20 > text.chars().take(LOOKED_AT).count() {
        return Err(Trouble::NoText);
    }
    Ok(Letters { text: text.into_owned(), encoding })
}

fn is_strange(c: char) -> bool {
    c == char::REPLACEMENT_CHARACTER || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

/// What is often taken for a file of contacts and is none, by its first bytes.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"PK\x03\x04") || starts(b"\xD0\xCF\x11\xE0") {
        Some("a workbook of a spreadsheet")
    } else if starts(b"%PDF") {
        Some("a PDF")
    } else if starts(b"SQLite format 3") {
        Some("a database")
    } else {
        None
    }
}

/// UTF-16 without a mark in front: every other byte of Latin letters is 0.
fn sixteen_bits(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
    if half > 0 && odd * 10 > half * 7 && even * 10 < half {
        Some(UTF_16LE)
    } else if half > 0 && even * 10 > half * 7 && odd * 10 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn guess(bytes: &[u8], home: &str) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    // Only old programs of the Mac end lines like this, and they write its own letters.
    let is_mac = !bytes.contains(&b'\n') && bytes.contains(&b'\r');
    if is_mac {
        return MACINTOSH;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // Not the beginning alone, as titles are often plain.
    let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0).saturating_sub(LOOKED_AT / 2);
    detector.feed(&bytes[start..(start + LOOKED_AT).min(bytes.len())], true);
    let land = home.to_ascii_lowercase();
    let land =
        Some(land.as_bytes()).filter(|land| land.len() == 2 && land.iter().all(u8::is_ascii_lowercase));
    detector.guess(land, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use encoding_rs::{WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

    use super::*;

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn letters_of_every_spreadsheet_are_read() {
        let german = "Name;Telefon\r\nJürgen Groß;030 901820\r\nBärbel Köhler;030 901821\r\n";
        let polish = "Imię;Telefon\r\nŁukasz Żółć;22 1234567\r\nMałgorzata Wiśniewska;22 1234568\r\n";
        let russian = "Имя;Телефон\r\nИван Петров;495 1234567\r\nМария Иванова;495 1234568\r\n";
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for (bytes, text, home, encoding) in [
            (german.as_bytes().to_vec(), german, "DE", UTF_8),
            (marked(b"\xEF\xBB\xBF", german.as_bytes().to_vec()), german, "DE", UTF_8),
            (WINDOWS_1252.encode(german).0.into_owned(), german, "DE", WINDOWS_1252),
            (WINDOWS_1250.encode(polish).0.into_owned(), polish, "PL", WINDOWS_1250),
            (WINDOWS_1251.encode(russian).0.into_owned(), russian, "RU", WINDOWS_1251),
            (marked(b"\xFF\xFE", utf16(german, false)), german, "DE", UTF_16LE),
            (marked(b"\xFE\xFF", utf16(german, true)), german, "DE", UTF_16BE),
            (utf16(german, false), german, "US", UTF_16LE),
            (utf16(german, true), german, "US", UTF_16BE),
        ] {
            let read = read(&bytes, None, home).unwrap();
            assert_eq!((read.text.as_str(), read.encoding), (text, encoding));
        }
        let mac = b"Name;Telefon\rJ\x9Frgen Gro\xA7;030 901820\r";
        assert_eq!(read(mac, None, "DE").unwrap().text, "Name;Telefon\rJürgen Groß;030 901820\r");
        let told = WINDOWS_1251.encode(russian).0.into_owned();
        assert_eq!(read(&told, Some("windows-1251"), "US").unwrap().text, russian);
    }

    #[test]
    fn what_is_no_text_is_told_from_it() {
        for (bytes, part) in [
            (b"PK\x03\x04rest".to_vec(), "workbook"),
            (b"%PDF-1.7".to_vec(), "PDF"),
            (vec![7, 0, 0, 0, 200, 1, 0, 3, 4, 0, 0, 9], "no text"),
            ((0..=255).cycle().take(5000).collect(), "no text"),
        ] {
            let said = read(&bytes, None, "US").unwrap_err().to_string();
            assert!(said.contains(part), "{said}");
        }
    }
}
