//! What is wrong with a file that a person wrote, in words: serde tells it in those of programmers. Which
//! line and field are told apart, by whoever reads.

use super::near::near;

/// So many names are told where one of several is meant.
const NAMED: usize = 30;

/// What serde says of a value that does not fit, in plain words without a full stop.
#[must_use]
pub fn value_words(message: &str) -> String {
    fits_not(message).or_else(|| unknown(message)).or_else(|| of_field(message)).unwrap_or_else(|| {
        if message.starts_with("data did not match any variant") {
            "this is not what belongs here".to_owned()
        } else {
            message.to_owned()
        }
    })
}

/// What `serde_json` says of a text that is no JSON, in plain words without a full stop.
#[must_use]
pub fn syntax_words(message: &str) -> String {
    let told = match message {
        "trailing comma" => "there is a comma too many before this",
        "key must be a string" => "a name in quotes belongs here",
        "expected `:`" => "a colon is missing after the name",
        "expected `,` or `}`" => "a comma or a closing } is missing before this",
        "expected `,` or `]`" => "a comma or a closing ] is missing before this",
        "expected value" => "a value is missing here, or a text without quotes",
        "expected ident" => "this is no value; texts stand in quotes",
        "trailing characters" => "there is more after the end",
        "invalid number" => "this is no number",
        "invalid escape" => "after a \\ only certain letters may stand; write \\\\ for a \\",
        text if text.starts_with("control character") => {
            "a text goes over the end of its line; close its quotes"
        }
        _ => return format!("this is not valid JSON ({message})"),
    };
    format!("this is not valid JSON: {told}")
}

/// "invalid type: integer `5`, expected a string" in an order that people use.
fn fits_not(message: &str) -> Option<String> {
    let rest = ["invalid type: ", "invalid value: ", "invalid length "];
    let rest = rest.into_iter().find_map(|start| message.strip_prefix(start))?;
    let (found, expected) = rest.split_once(", expected ")?;
    Some(format!("{} belongs here, and not {}", expected_words(expected), found_words(found)))
}

fn expected_words(expected: &str) -> String {
    let word = match expected {
        "a string" | "string" | "str" | "a borrowed string" => "a text in quotes",
        "a boolean" => "true or false",
        "a sequence" | "sequence" => "a list: [ … ]",
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "unit" | "null" => "null",
        "a map" | "map" => "a part in braces: { … }",
        "string or map" | "string only" => "one of the words that are known here",
        text if text.starts_with("struct ") => "a part in braces: { … }",
        text if text.starts_with("enum ") || text.ends_with("enum") => "one of the words that are known here",
        other => return other.to_owned(),
    };
    word.to_owned()
}

fn found_words(found: &str) -> String {
    let quoted = |text: &str| text.trim_matches(['`', '"']).to_owned();
    match found.split_once(' ') {
        Some(("string", text)) => format!("the text “{}”", quoted(text)),
        Some(("integer", number)) => format!("the number {}", quoted(number)),
        Some(("floating", rest)) => format!("the number {}", quoted(rest.trim_start_matches("point "))),
        Some(("boolean", value)) => quoted(value),
        _ => match found {
            "map" => "a part in braces: { … }".to_owned(),
            "sequence" => "a list: [ … ]".to_owned(),
            "null" | "unit value" => "null".to_owned(),
            other => other.to_owned(),
        },
    }
}

/// "unknown field `nmae`, expected one of `id`, `name`", and the same of words.
fn unknown(message: &str) -> Option<String> {
    let (is_field, rest) = match message.strip_prefix("unknown field ") {
        Some(rest) => (true, rest),
        None => (false, message.strip_prefix("unknown variant ")?),
    };
    let names: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    let (found, known) = names.split_first()?;
    let what = if is_field { "field" } else { "word" };
    let mut words = format!("no {what} is called “{found}” here");
    if known.is_empty() {
        words.push_str(", and none belongs here");
        return Some(words);
    }
    match near(found, known.iter().copied()) {
        Some(name) => words.extend(["; is “", name, "” meant? It can be: "]),
        None => words.push_str(". It can be: "),
    }
    words.push_str(&known.iter().take(NAMED).copied().collect::<Vec<_>>().join(", "));
    if known.len() > NAMED {
        words.push_str(", …");
    }
    Some(words)
}

fn of_field(message: &str) -> Option<String> {
    let name = |start: &str| Some(message.strip_prefix(start)?.trim_matches('`').to_owned());
    if let Some(name) = name("missing field ") {
        return Some(format!("the field “{name}” is missing"));
    }
    Some(format!("the field “{}” stands here twice", name("duplicate field ")?))
}

#[cfg(test)]
mod tests {
    use super::{syntax_words, value_words};

    #[test]
    fn what_programmers_say_is_told_in_plain_words() {
        for (said, words) in [
            (
                "invalid type: integer `7`, expected a string",
                "a text in quotes belongs here, and not the number 7",
            ),
            (
                "invalid type: string \"on\", expected a boolean",
                "true or false belongs here, and not the text “on”",
            ),
            (
                "invalid type: map, expected a sequence",
                "a list: [ … ] belongs here, and not a part in braces: { … }",
            ),
            (
                "invalid value: integer `-1`, expected u32",
                "a whole number belongs here, and not the number -1",
            ),
            (
                "unknown field `nmae`, expected one of `id`, `name`, `number`",
                "no field is called “nmae” here; is “name” meant? It can be: id, name, number",
            ),
            (
                "unknown variant `conect`, expected `connect` or `keep`",
                "no word is called “conect” here; is “connect” meant? It can be: connect, keep",
            ),
            ("missing field `zone`", "the field “zone” is missing"),
            ("duplicate field `id`", "the field “id” stands here twice"),
        ] {
            assert_eq!(value_words(said), words);
        }
        assert!(syntax_words("trailing comma").contains("a comma too many"));
    }
}
