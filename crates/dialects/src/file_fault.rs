//! A mistake in a TOML file, with the place where it stands.

use std::ops::Range;

/// What is wrong, where and under which key; it never repeats a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// The key with the tables that it stands in (`smtp.port`), or empty where no key is at fault.
    pub key: String,
    /// Why, for people.
    pub reason: String,
}

impl FileFault {
    /// A rule that a well-formed value breaks.
    pub fn new(span: Range<usize>, key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { span, key: key.into(), reason: reason.into() }
    }

    /// What the TOML reader refused: form, a missing or unknown key, a wrong type.
    pub fn of_toml(mut error: toml::de::Error) -> Self {
        let span = error.span().unwrap_or_default();
        let message = error.message().to_owned();
        // Without its input the error prints the path of keys, which it does not give otherwise.
        error.set_input(None);
        let printed = error.to_string();
        let path = printed.trim_end().rsplit_once("\nin `").and_then(|(_, path)| path.strip_suffix('`'));
        let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
        match unknown {
            Some((name, _)) => Self::new(span, name, "unknown key"),
            // A message about a value may quote it; the kind of value says enough.
            None => Self::new(span, "", without_quotes(&message)),
        }
        .within(path.unwrap_or_default())
    }

    /// The same fault seen from outside the table `parent`; an empty parent changes nothing.
    #[must_use]
    pub fn within(mut self, parent: &str) -> Self {
        self.key = match (parent.is_empty(), self.key.is_empty()) {
            (true, _) => self.key,
            (false, true) => parent.to_owned(),
            (false, false) => format!("{parent}.{}", self.key),
        };
        self
    }

    /// The line of `text` on which it stands, from 1.
    pub fn line(&self, text: &str) -> usize {
        let before = text.as_bytes().get(..self.span.start).unwrap_or(text.as_bytes());
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    }
}

/// serde's `invalid type: string "hunter2", expected …` without the value.
fn without_quotes(message: &str) -> String {
    match (message.find(": string \""), message.rfind("\", expected")) {
        (Some(start), Some(end)) if start < end => {
            let (head, rest) = (message.get(..start), message.get(end + 1..));
            format!("{}: text{}", head.unwrap_or_default(), rest.unwrap_or_default())
        }
        (_, _) => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only read by the derive")]
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read by the derive")]
        port: u16,
    }

    fn fault(text: &str) -> (usize, String, String) {
        let fault = FileFault::of_toml(toml::from_str::<Outer>(text).unwrap_err());
        (fault.line(text), fault.key, fault.reason)
    }

    #[test]
    fn unknown_keys_are_named_with_their_tables_and_line() {
        assert_eq!(fault("\nouter = 1"), (2, "outer".into(), "unknown key".into()));
        assert_eq!(fault("[inner]\nport = 1\nprot = 2"), (3, "inner.prot".into(), "unknown key".into()));
    }

    #[test]
    fn wrong_types_are_named_and_texts_are_not_repeated() {
        let (line, key, reason) = fault("[inner]\nport = \"hunter2\"");
        assert_eq!((line, key.as_str()), (2, "inner.port"));
        assert_eq!(reason, "invalid type: text, expected u16");
    }

    #[test]
    fn missing_keys_and_broken_form_have_a_line() {
        let (line, key, reason) = fault("\n[inner]");
        assert_eq!((line, key.as_str(), reason.as_str()), (2, "inner", "missing field `port`"));
        assert_eq!(fault("inner = {}\n]").0, 2);
    }
}
