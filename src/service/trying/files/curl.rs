//! Requests written as curl commands, as documentation has them and browsers copy them.

use std::path::Path;

use super::parse::Request;
use super::read_text;

/// The options that hold a body. All but the last are the same here: what is sent is JSON.
const BODIES: [&str; 6] = ["-d", "--data", "--data-raw", "--data-ascii", "--json", "--data-binary"];

/// Whether a text begins with a curl command.
pub(super) fn is_curl(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().unwrap_or_default();
    let first = first.strip_prefix("$ ").unwrap_or(first);
    first.split_whitespace().next().is_some_and(is_command)
}

fn is_command(word: &str) -> bool {
    matches!(word, "curl" | "curl.exe") || word.ends_with("/curl")
}

/// The bodies of all commands in a text. `folder` is where files lie that they name.
pub(super) fn requests(text: &str, folder: Option<&Path>) -> Result<Vec<Request>, String> {
    if text.contains("^\n") || text.contains("^\r\n") {
        return Err("these are commands for the Windows prompt; copy them as “cURL (bash)”".to_owned());
    }
    let mut words = shlex::Shlex::new(text);
    let mut commands: Vec<Vec<String>> = Vec::new();
    for word in words.by_ref() {
        match commands.last_mut() {
            _ if is_command(&word) => commands.push(Vec::new()),
            Some(command) => command.push(word),
            None => {}
        }
    }
    if words.had_error {
        return Err(format!("a quotation mark is opened and not closed before line {}", words.line_no));
    }
    let one = |(index, command): (usize, Vec<String>)| {
        (format!("command {}", index + 1), body_of(&command, folder))
    };
    Ok(commands.into_iter().enumerate().map(one).collect())
}

fn body_of(command: &[String], folder: Option<&Path>) -> Result<String, String> {
    let mut words = command.iter();
    let mut body: Option<String> = None;
    while let Some(word) = words.next() {
        let (option, joined) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value)),
            // `-d{...}` in one word.
            _ if word.starts_with("-d") && word.len() > 2 => ("-d", Some(&word[2..])),
            _ => (word.as_str(), None),
        };
        if !BODIES.contains(&option) {
            continue;
        }
        let value = joined.or_else(|| words.next().map(String::as_str)).unwrap_or_default();
        let part = part_of(option, value, folder)?;
        body = Some(match body {
            // As curl joins them.
            Some(before) => format!("{before}&{part}"),
            None => part,
        });
    }
    body.ok_or_else(|| "This command sends no body (it has no --data).".to_owned())
}

fn part_of(option: &str, value: &str, folder: Option<&Path>) -> Result<String, String> {
    if option != "--data-raw"
        && let Some(name) = value.strip_prefix('@')
    {
        if name == "-" {
            return Err("The body of this command comes from another program; save it in a file.".to_owned());
        }
        let file = folder.unwrap_or(Path::new("")).join(name);
        return read_text(&file).map_err(|why| format!("The body is in the file {name}, and {why}."));
    }
    // `$'…'` is another way of quoting, in which browsers write what holds a quotation mark.
    let value = value.strip_prefix('$').filter(|rest| rest.starts_with('{')).unwrap_or(value);
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn bodies_are_found_however_they_are_written() {
        let text = r#"# from the documentation
$ curl -X POST https://example.com/webhook/inbound \
  -H 'Content-Type: application/json' \
  --data-raw '{"a": "it'\''s"}'
curl https://example.com -d '{"b":1}' --compressed
/usr/bin/curl https://example.com --json={"c":1} -H 'x: --data'
curl https://example.com --data-binary "{\"d\":1}"
curl https://example.com -d'{"e":1}'
curl https://example.com --data-raw $'{"f":1}'
curl https://example.com
"#;
        assert!(is_curl(text));
        let found = requests(text, None).unwrap();
        let bodies: Vec<_> = found.iter().map(|(_, body)| body.as_deref().unwrap_or("none")).collect();
        let wanted =
            [r#"{"a": "it's"}"#, r#"{"b":1}"#, "{c:1}", r#"{"d":1}"#, r#"{"e":1}"#, r#"{"f":1}"#, "none"];
        assert_eq!(bodies, wanted);
        assert_eq!(found[1].0, "command 2");
        assert!(found[6].1.as_ref().unwrap_err().contains("sends no body"));
    }

    #[test]
    fn a_body_may_stand_in_another_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("call.json"), "{}").unwrap();
        let found = requests("curl x -d @call.json\ncurl x -d @gone.json\ncurl x -d @-", Some(folder.path()))
            .unwrap();
        assert_eq!(found[0].1.as_deref(), Ok("{}"));
        assert!(found[1].1.as_ref().unwrap_err().contains("gone.json, and it is not there"));
        assert!(found[2].1.is_err());
    }

    #[test]
    fn what_a_shell_would_not_take_is_told() {
        assert!(requests("curl x -d '{", None).unwrap_err().contains("not closed"));
        assert!(requests("curl x ^\n -d \"{}\"", None).unwrap_err().contains("bash"));
        assert!(!is_curl("{\"curl\": 1}"));
    }
}
