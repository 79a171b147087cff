//! What stands in a cell, read as the type that its fact has.

use super::settings::CellKind;
use crate::routing::Value;

const YES: [&str; 14] =
    ["yes", "y", "true", "1", "x", "on", "ja", "j", "oui", "si", "sí", "sim", "wahr", "vrai"];
const NO: [&str; 12] = ["no", "n", "false", "0", "-", "off", "nein", "non", "não", "falsch", "faux", "nee"];

/// Reads a text that is not empty. The error says why not, without a full stop.
pub(super) fn read(text: &str, kind: CellKind) -> Result<Value, String> {
    let text = text.trim();
    match kind {
        CellKind::Text => Ok(Value::Text(text.to_owned())),
        CellKind::Number => {
            number(text).map(Value::Number).ok_or_else(|| format!("“{text}” is not a number"))
        }
        CellKind::YesNo => {
            let word = text.to_lowercase();
            let is = |words: &[&str]| words.contains(&word.as_str());
            if is(&YES) || is(&NO) {
                Ok(Value::YesNo(is(&YES)))
            } else {
                Err(format!("“{text}” is neither yes nor no"))
            }
        }
    }
}

/// A number as spreadsheets write it: `1,234.50`, `1.234,50`, `€ 12`, `15 %`.
fn number(text: &str) -> Option<f64> {
    let is_around = |c: char| c.is_whitespace() || c == '\'' || c == '%' || "€$£¥".contains(c);
    let bare: String = text.chars().filter(|c| !is_around(*c)).collect();
    let commas = bare.matches(',').count();
    let points = bare.matches('.').count();
    let comma_is_last = bare.rfind(',') > bare.rfind('.');
    let digits_after = |mark: char| bare.rsplit(mark).next().map_or(0, str::len);
    // A single mark before three digits parts thousands, as nobody keeps a price of three decimals.
    let plain = match (commas, points) {
        (0, 0 | 1) => bare,
        (0, _) => bare.replace('.', ""),
        (1, 0) if digits_after(',') != 3 => bare.replace(',', "."),
        (_, 0) => bare.replace(',', ""),
        _ if comma_is_last => bare.replace('.', "").replace(',', "."),
        _ => bare.replace(',', ""),
    };
    let is_number = plain.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    plain.parse().ok().filter(|number: &f64| is_number && number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_answers_are_read_as_spreadsheets_write_them() {
        use CellKind::{Number, Text, YesNo};
        for (text, kind, value) in [
            (" Gold ", Text, Some(Value::Text("Gold".into()))),
            ("12", Number, Some(Value::Number(12.0))),
            ("-1,234.50", Number, Some(Value::Number(-1234.5))),
            ("1.234,50 €", Number, Some(Value::Number(1234.5))),
            ("1 234,5", Number, Some(Value::Number(1234.5))),
            ("1,234", Number, Some(Value::Number(1234.0))),
            ("12,5", Number, Some(Value::Number(12.5))),
            ("1,234,567", Number, Some(Value::Number(1_234_567.0))),
            ("15 %", Number, Some(Value::Number(15.0))),
            ("many", Number, None),
            ("NaN", Number, None),
            ("inf", Number, None),
            ("", Number, None),
            ("Yes", YesNo, Some(Value::YesNo(true))),
            ("x", YesNo, Some(Value::YesNo(true))),
            ("FALSE", YesNo, Some(Value::YesNo(false))),
            ("nein", YesNo, Some(Value::YesNo(false))),
            ("perhaps", YesNo, None),
        ] {
            assert_eq!(read(text, kind).ok(), value, "{text}");
        }
    }
}
