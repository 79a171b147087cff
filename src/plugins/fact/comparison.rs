//! A comparison with its value read: what it says and whether it holds.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

use super::Operator;
use crate::routing::{Phrase, Value};

/// A way to compare, and what with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Comparison {
    /// There is a value at all.
    Known,
    /// Yes or no.
    YesNo(bool),
    /// Texts as the owner wrote them, one or several.
    Texts(Operator, Vec<String>),
    /// A number.
    Number(Operator, f64),
    /// A moment.
    Time(Operator, DateTime<FixedOffset>),
}

impl Comparison {
    /// Reads the value that an operator needs. The error is a sentence for the owner.
    pub(super) fn read(operator: Operator, value: &serde_json::Value, zone: &str) -> Result<Self, String> {
        match operator {
            Operator::Known => Ok(Self::Known),
            Operator::Yes | Operator::No => Ok(Self::YesNo(operator == Operator::Yes)),
            Operator::Is | Operator::Contains | Operator::StartsWith => {
                Ok(Self::Texts(operator, vec![text(value)?]))
            }
            Operator::OneOf => texts(value).map(|texts| Self::Texts(operator, texts)),
            Operator::LessThan | Operator::MoreThan => Ok(Self::Number(operator, number(value)?)),
            Operator::Before | Operator::After => Ok(Self::Time(operator, time(value, zone)?)),
        }
    }

    /// Ends a sentence that begins with the fact.
    pub(super) fn words(&self, phrase: Phrase, negated: bool) -> Phrase {
        match self {
            Self::Known => phrase.plain(Operator::Known.words(negated)),
            Self::YesNo(yes) => phrase.plain(Operator::Yes.words(negated == *yes)),
            Self::Texts(operator, texts) => {
                phrase.plain(format!("{} ", operator.words(negated))).any(texts.iter().cloned())
            }
            Self::Number(operator, number) => {
                phrase.plain(format!("{} ", operator.words(negated))).strong(number.to_string())
            }
            Self::Time(operator, time) => phrase
                .plain(format!("{} ", operator.words(negated)))
                .strong(time.format("%-d %B %Y, %H:%M").to_string()),
        }
    }

    /// Whether it holds; `None` if the value is of another type.
    pub(super) fn holds(&self, value: &Value) -> Option<bool> {
        match (self, value) {
            (Self::Known, _) => Some(true),
            (Self::YesNo(wanted), Value::YesNo(yes)) => Some(wanted == yes),
            (Self::Texts(operator, wanted), Value::Text(text)) => {
                let text = plain(text);
                Some(wanted.iter().map(|wanted| plain(wanted)).any(|wanted| match operator {
                    Operator::Contains => text.contains(&wanted),
                    Operator::StartsWith => text.starts_with(&wanted),
                    _ => text == wanted,
                }))
            }
            (Self::Texts(Operator::Contains, wanted), Value::List(items)) => {
                Some(items.iter().any(|item| wanted.iter().any(|wanted| plain(item) == plain(wanted))))
            }
            (Self::Texts(Operator::Is, wanted), Value::Number(number)) => {
                let wanted: f64 = wanted.first()?.trim().parse().ok()?;
                // A count of calls, say, is meant exactly, and is exact.
                Some((wanted - number).abs() <= f64::EPSILON)
            }
            (Self::Number(operator, wanted), Value::Number(number)) => {
                Some(if *operator == Operator::LessThan { number < wanted } else { number > wanted })
            }
            (Self::Time(operator, wanted), Value::Time(time)) => {
                Some(if *operator == Operator::Before { time < wanted } else { time >= wanted })
            }
            _ => None,
        }
    }
}

/// Texts are compared without regard to case and to blanks around them.
fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

fn text(value: &serde_json::Value) -> Result<String, String> {
    match value {
        serde_json::Value::String(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        serde_json::Value::Null | serde_json::Value::String(_) => {
            Err("there is nothing to compare with; fill in a value".into())
        }
        other => Err(format!("“{other}” is not a text; write a text to compare with")),
    }
}

fn texts(value: &serde_json::Value) -> Result<Vec<String>, String> {
    let texts: Vec<String> = match value {
        serde_json::Value::Array(items) => items.iter().map(text).collect::<Result<_, _>>()?,
        one => vec![text(one)?],
    };
    if texts.is_empty() {
        Err("there is nothing to compare with; add at least one value".into())
    } else {
        Ok(texts)
    }
}

fn number(value: &serde_json::Value) -> Result<f64, String> {
    let text = text(value)?;
    let number: Option<f64> = text.parse().ok();
    number
        .filter(|number| number.is_finite())
        .ok_or_else(|| format!("“{text}” is not a number; write digits, such as 3 or 2.5"))
}

/// A moment with its offset, or a date, with or without an hour, of the table's zone.
fn time(value: &serde_json::Value, zone: &str) -> Result<DateTime<FixedOffset>, String> {
    let text = text(value)?;
    if let Ok(time) = DateTime::parse_from_rfc3339(&text) {
        return Ok(time);
    }
    let on_wall = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
        .or_else(|| Some(NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN)));
    let Some(on_wall) = on_wall else {
        return Err(format!("“{text}” is not a time; write it like 2026-12-24 18:00"));
    };
    let Ok(zone) = zone.parse::<Tz>() else {
        return Err(format!(
            "“{text}” cannot be placed, as “{zone}” is not a time zone; choose one in Settings"
        ));
    };
    match zone.from_local_datetime(&on_wall).earliest() {
        Some(time) => Ok(time.fixed_offset()),
        None => Err(format!("“{text}” is skipped when the clock is put forward; choose an hour later")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn holds(operator: Operator, value: &serde_json::Value, fact: &Value) -> Option<bool> {
        Comparison::read(operator, value, "Europe/Berlin").unwrap().holds(fact)
    }

    #[test]
    fn compares_each_type() {
        let text = Value::Text(" Müller GmbH ".into());
        let number = Value::Number(3.0);
        let list = Value::List(vec!["VIP".into(), "press".into()]);
        let time = Value::Time(DateTime::parse_from_rfc3339("2026-12-24T12:00:00Z").unwrap());
        for (operator, value, fact, expected) in [
            (Operator::Is, json!("müller gmbh"), &text, Some(true)),
            (Operator::Is, json!("Müller"), &text, Some(false)),
            (Operator::Contains, json!("ER G"), &text, Some(true)),
            (Operator::StartsWith, json!("gmbh"), &text, Some(false)),
            (Operator::OneOf, json!(["a", "Müller GmbH"]), &text, Some(true)),
            (Operator::LessThan, json!(3), &text, None),
            (Operator::Is, json!(3), &number, Some(true)),
            (Operator::Is, json!("3.0"), &number, Some(true)),
            (Operator::LessThan, json!("3.5"), &number, Some(true)),
            (Operator::MoreThan, json!(3), &number, Some(false)),
            (Operator::Contains, json!("vip"), &list, Some(true)),
            (Operator::Contains, json!("vi"), &list, Some(false)),
            (Operator::Yes, json!(null), &Value::YesNo(true), Some(true)),
            (Operator::No, json!(null), &Value::YesNo(true), Some(false)),
            (Operator::Before, json!("2026-12-24 13:01"), &time, Some(true)),
            (Operator::Before, json!("2026-12-24 13:00"), &time, Some(false)),
            (Operator::After, json!("2026-12-24"), &time, Some(true)),
            (Operator::After, json!("2026-12-24T13:00:00+01:00"), &time, Some(true)),
            (Operator::Known, json!(null), &number, Some(true)),
        ] {
            assert_eq!(holds(operator, &value, fact), expected, "{operator:?} {value}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_value() {
        for (operator, value, part) in [
            (Operator::Is, json!(" "), "fill in a value"),
            (Operator::OneOf, json!([]), "at least one"),
            (Operator::OneOf, json!([{}]), "not a text"),
            (Operator::MoreThan, json!("many"), "not a number"),
            (Operator::MoreThan, json!("inf"), "not a number"),
            (Operator::Before, json!("Christmas"), "not a time"),
            (Operator::Before, json!("2026-03-29 02:30"), "put forward"),
        ] {
            let error = Comparison::read(operator, &value, "Europe/Berlin").unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
