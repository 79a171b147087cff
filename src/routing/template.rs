//! Texts with placeholders: `Hello {{contact.name|there}}`.

use super::Facts;

/// A text with placeholders, read once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Fact { name: String, default: Option<String> },
}

impl Template {
    /// Reads a text. The error is a sentence for the owner.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            if start > 0 {
                pieces.push(Piece::Text(rest[..start].to_owned()));
            }
            let inside = &rest[start + 2..];
            let Some(end) = inside.find("}}") else {
                return Err(format!(
                    "“{}” opens a placeholder and does not close it; end it with }}}}",
                    shorten(&rest[start..])
                ));
            };
            pieces.push(placeholder(&inside[..end])?);
            rest = &inside[end + 2..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// Fills the placeholders. One without a value and without a default becomes nothing, and is
    /// told through `note`, so that no agent ever reads a raw placeholder aloud.
    pub fn fill(&self, facts: &Facts, mut note: impl FnMut(String)) -> String {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Fact { name, default } => match (facts.get(name), default) {
                    (Some(value), _) => filled.push_str(&value.words()),
                    (None, Some(default)) => filled.push_str(default),
                    (None, None) => note(format!(
                        "{{{{{name}}}}} had no value and was left empty; give it a default like {{{{{name}|unknown}}}}"
                    )),
                },
            }
        }
        filled
    }

    /// Fills the placeholders for a place where some characters have a meaning of their own: each
    /// value goes through `escape`. The error is the name of a fact that has neither a value nor
    /// a default.
    pub fn fill_escaped(&self, facts: &Facts, escape: impl Fn(&str) -> String) -> Result<String, &str> {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Fact { name, default } => match (facts.get(name), default) {
                    (Some(value), _) => filled.push_str(&escape(&value.words())),
                    (None, Some(default)) => filled.push_str(&escape(default)),
                    (None, None) => return Err(name),
                },
            }
        }
        Ok(filled)
    }

    /// The names of the facts it asks for.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Fact { name, .. } => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }
}

fn placeholder(inside: &str) -> Result<Piece, String> {
    let (name, default) = match inside.split_once('|') {
        Some((name, default)) => (name.trim(), Some(default.to_owned())),
        None => (inside.trim(), None),
    };
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let nested = default.as_ref().is_some_and(|default| default.contains('{'));
    if name.is_empty() || !name.chars().all(fits) || nested {
        return Err(format!(
            "“{{{{{}}}}}” is not a placeholder; write {{{{fact.name}}}} or {{{{fact.name|default}}}}",
            shorten(inside)
        ));
    }
    Ok(Piece::Fact { name: name.to_owned(), default })
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::routing::Value;

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.set("contact.name", Value::Text("Ada".into()));
        facts.set("history.calls", Value::Number(3.0));
        facts
    }

    #[test]
    fn fills_facts_defaults_and_nothing() {
        for (text, filled, notes) in [
            ("plain", "plain", 0),
            ("Hello {{contact.name}}!", "Hello Ada!", 0),
            ("{{ contact.name | there }}", "Ada", 0),
            ("Hello {{contact.nick|there}}", "Hello there", 0),
            ("Hello {{contact.nick|}}", "Hello ", 0),
            ("Hello {{contact.nick}}", "Hello ", 1),
            ("{{history.calls}} calls", "3 calls", 0),
            ("one { brace } stays", "one { brace } stays", 0),
        ] {
            let mut noted = 0;
            assert_eq!(Template::parse(text).unwrap().fill(&facts(), |_| noted += 1), filled);
            assert_eq!(noted, notes, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_placeholder() {
        for text in ["{{", "a {{b", "{{}}", "{{a b}}", "{{|x}}", "{{a{{b}}"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_without_braces_stays_as_it_is(text in "[^{]*") {
            prop_assert_eq!(Template::parse(&text).unwrap().fill(&facts(), |_| ()), text);
        }

        #[test]
        fn no_placeholder_survives(text in "[{}|a. ]{0,20}") {
            if let Ok(template) = Template::parse(&text) {
                let filled = template.fill(&Facts::default(), |_| ());
                prop_assert!(!filled.contains("{{"), "{}", filled);
            }
        }
    }
}
