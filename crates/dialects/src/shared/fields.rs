//! Reads the members of a JSON object one by one, so that the first wrong one can be named.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::value::RawValue;

use super::json::scan;
use super::text::{has_control_or_bidi, is_prose};

/// A member has the wrong type, form or length; holds its path, such as `customerContact.customerEmail`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(pub String);

/// The members of an object. A member that is `null` counts as absent.
#[derive(Debug)]
pub struct Fields<'a> {
    path: String,
    members: BTreeMap<String, &'a RawValue>,
}

impl<'a> Fields<'a> {
    /// The members of the object in `text`, which [`super::json::scan`] has accepted as part of a body; none
    /// where it is no object.
    pub fn parse(text: &'a str) -> Option<Self> {
        let members = serde_json::from_str(text).ok()?;
        Some(Self { path: String::new(), members })
    }

    /// The path of a member.
    pub fn wrong(&self, name: &str) -> Wrong {
        Wrong(format!("{}{name}", self.path))
    }

    /// The names of all members, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Has it no members at all?
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The raw text of a member.
    pub fn raw(&self, name: &str) -> Option<&'a str> {
        self.members.get(name).map(|raw| raw.get()).filter(|raw| *raw != "null")
    }

    /// A text of at most `chars_max` characters.
    pub fn text(&self, name: &str, chars_max: usize) -> Result<Option<String>, Wrong> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let text: String = serde_json::from_str(raw).map_err(|_| self.wrong(name))?;
        if text.chars().count() > chars_max { Err(self.wrong(name)) } else { Ok(Some(text)) }
    }

    /// A text that is not empty; an empty one counts as absent.
    pub fn filled(&self, name: &str, chars_max: usize) -> Result<Option<String>, Wrong> {
        Ok(self.text(name, chars_max)?.filter(|text| !text.is_empty()))
    }

    /// One line: as [`Self::filled`], without control characters and those that turn the writing round.
    pub fn line(&self, name: &str, chars_max: usize) -> Result<Option<String>, Wrong> {
        let line = self.filled(name, chars_max)?;
        if line.as_deref().is_some_and(has_control_or_bidi) { Err(self.wrong(name)) } else { Ok(line) }
    }

    /// Several lines: as [`Self::line`], with line breaks and tabs.
    pub fn prose(&self, name: &str, chars_max: usize) -> Result<Option<String>, Wrong> {
        let prose = self.filled(name, chars_max)?;
        if prose.as_deref().is_none_or(is_prose) { Ok(prose) } else { Err(self.wrong(name)) }
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Wrong> {
        match self.raw(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(self.wrong(name)),
        }
    }

    /// `true` or `false`, also as a text in any case; an empty text counts as absent.
    pub fn flag_or_text(&self, name: &str) -> Result<Option<bool>, Wrong> {
        if let Ok(flag) = self.flag(name) {
            return Ok(flag);
        }
        let Some(text) = self.text(name, LEXEME_CHARS_MAX)? else { return Ok(None) };
        match text.to_ascii_lowercase().as_str() {
            "" => Ok(None),
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(self.wrong(name)),
        }
    }

    /// The lexeme of a number exactly as sent, or a text.
    pub fn number_or_text(&self, name: &str) -> Result<Option<String>, Wrong> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        match raw.bytes().next() {
            Some(b'"') => self.text(name, LEXEME_CHARS_MAX),
            Some(b'-' | b'0'..=b'9') => Ok(Some(raw.to_owned())),
            Some(_) | None => Err(self.wrong(name)),
        }
    }

    /// A whole number of digits alone, as a number or a text; an empty text counts as absent.
    pub fn whole(&self, name: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, Wrong> {
        let Some(lexeme) = self.number_or_text(name)?.filter(|lexeme| !lexeme.is_empty()) else {
            return Ok(None);
        };
        let is_digits = lexeme.bytes().all(|byte| byte.is_ascii_digit());
        let number = is_digits.then(|| lexeme.parse().ok()).flatten();
        let number = number.filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| self.wrong(name))
    }

    /// An object.
    pub fn object(&self, name: &str) -> Result<Option<Self>, Wrong> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let members = serde_json::from_str(raw).map_err(|_| self.wrong(name))?;
        Ok(Some(Self { path: format!("{}{name}.", self.path), members }))
    }

    /// An object, or the JSON text of one.
    pub fn object_or_text<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Fields<'_>) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        if !raw.starts_with('"') {
            return self.object(name)?.map(|object| read(&object)).transpose();
        }
        let Some(text) = self.filled(name, usize::MAX)? else { return Ok(None) };
        // Nobody has looked at the JSON inside a text yet.
        scan(text.as_bytes()).map_err(|_| self.wrong(name))?;
        let members = serde_json::from_str(&text).map_err(|_| self.wrong(name))?;
        read(&Fields { path: format!("{}{name}.", self.path), members }).map(Some)
    }

    /// A list, or a single value that stands for a list of one, as raw texts.
    pub fn list_or_one(&self, name: &str) -> Result<Vec<&'a str>, Wrong> {
        let Some(raw) = self.raw(name) else { return Ok(Vec::new()) };
        if !raw.starts_with('[') {
            return Ok(vec![raw]);
        }
        let items: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| self.wrong(name))?;
        Ok(items.into_iter().map(RawValue::get).collect())
    }

    /// The members of item `at` of the list `name`, from its raw text.
    pub fn item(&self, name: &str, at: usize, raw: &'a str) -> Result<Self, Wrong> {
        let path = format!("{}{name}[{at}]", self.path);
        match serde_json::from_str(raw) {
            Ok(members) => Ok(Self { path: format!("{path}."), members }),
            Err(_) => Err(Wrong(path)),
        }
    }

    /// Is the member there with anything in it: no empty object, list or text?
    pub fn has_content(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|raw| !is_nothing(raw))
    }
}

/// Is this JSON value null, or an object, list or text with nothing in it?
pub fn is_nothing(raw: &str) -> bool {
    matches!(raw.split_whitespace().collect::<String>().as_str(), "null" | "{}" | "[]" | "\"\"")
}

const LEXEME_CHARS_MAX: usize = 1_024;
