//! Checks JSON from outside strictly before serde sees it, and keeps its top-level members as they were sent.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The most objects and arrays that may stand inside one another.
pub const DEPTH_MAX: usize = 32;

/// Why a body is not JSON that Kadi takes. The text names the fault and nothing of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonFault {
    /// Nothing, or only blanks.
    #[error("the body is empty")]
    Empty,
    /// The bytes are not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// The body starts with a byte order mark.
    #[error("the body starts with a byte order mark")]
    ByteOrderMark,
    /// Against the grammar of RFC 8259.
    #[error("the body is not JSON")]
    Syntax,
    /// Something other than blanks follows the first value.
    #[error("the body goes on after its JSON value")]
    Trailing,
    /// More than [`DEPTH_MAX`] objects and arrays inside one another.
    #[error("the body is nested more than 32 deep")]
    TooDeep,
    /// Two members of one object have the same name once escapes are read.
    #[error("an object in the body has the same key twice")]
    DuplicateKey,
    /// A `\u` escape is half of a surrogate pair.
    #[error("a text in the body has half of a surrogate pair")]
    LoneSurrogate,
}

type Members<'a> = HashMap<Cow<'a, str>, &'a str>;

/// A body that passed [`scan`].
#[derive(Debug)]
pub struct Json<'a> {
    text: &'a str,
    members: Option<Members<'a>>,
}

impl<'a> Json<'a> {
    /// The whole body, blanks included.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Is the body an object?
    pub fn is_object(&self) -> bool {
        self.members.is_some()
    }

    /// Is the body an object without members?
    pub fn is_empty_object(&self) -> bool {
        self.members.as_ref().is_some_and(HashMap::is_empty)
    }

    /// The text of a top-level member's value exactly as sent, without the blanks around it. None when the
    /// body has no such member or is not an object.
    pub fn member(&self, name: &str) -> Option<&'a str> {
        self.members.as_ref()?.get(name).copied()
    }
}

/// Reads the whole body and refuses what two readers of JSON might understand differently.
///
/// The size is the caller's to limit. Numbers are held to the grammar, not to a range.
///
/// # Errors
/// The first [`JsonFault`] met from the front.
pub fn scan(body: &[u8]) -> Result<Json<'_>, JsonFault> {
    let text = std::str::from_utf8(body).map_err(|_| JsonFault::NotUtf8)?;
    if text.starts_with('\u{feff}') {
        return Err(JsonFault::ByteOrderMark);
    }
    let mut scanner = Scanner { rest: text };
    scanner.blanks()?;
    if scanner.rest.is_empty() {
        return Err(JsonFault::Empty);
    }
    let members = scanner.value(0)?;
    scanner.blanks()?;
    if scanner.rest.is_empty() { Ok(Json { text, members }) } else { Err(JsonFault::Trailing) }
}

/// The part of the body that is still to be read.
struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    /// Reads one value inside `depth` others; gives the members if it is an object.
    fn value(&mut self, depth: usize) -> Result<Option<Members<'a>>, JsonFault> {
        match self.rest.as_bytes().first() {
            Some(b'{' | b'[') if depth >= DEPTH_MAX => Err(JsonFault::TooDeep),
            Some(b'{') => self.object(depth + 1).map(Some),
            Some(b'[') => self.array(depth + 1).map(|()| None),
            Some(b'"') => self.string().map(|_| None),
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| None),
            _ => self.word().map(|()| None),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Members<'a>, JsonFault> {
        self.expect("{")?;
        self.blanks()?;
        let mut members = Members::new();
        if self.skip("}") {
            return Ok(members);
        }
        loop {
            let name = self.string()?;
            self.blanks()?;
            self.expect(":")?;
            self.blanks()?;
            let from_value = self.rest;
            self.value(depth)?;
            let (value, _) = split(from_value, from_value.len() - self.rest.len())?;
            match members.entry(name) {
                Entry::Occupied(_) => return Err(JsonFault::DuplicateKey),
                Entry::Vacant(slot) => slot.insert(value),
            };
            self.blanks()?;
            if self.skip("}") {
                return Ok(members);
            }
            self.expect(",")?;
            self.blanks()?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), JsonFault> {
        self.expect("[")?;
        self.blanks()?;
        if self.skip("]") {
            return Ok(());
        }
        loop {
            self.value(depth)?;
            self.blanks()?;
            if self.skip("]") {
                return Ok(());
            }
            self.expect(",")?;
            self.blanks()?;
        }
    }

    /// Reads a string and gives it with its escapes read.
    fn string(&mut self) -> Result<Cow<'a, str>, JsonFault> {
        self.expect("\"")?;
        let mut read = Cow::Borrowed(self.plain_run()?);
        loop {
            match self.take(1)? {
                "\"" => return Ok(read),
                "\\" => {
                    let escaped = self.escape()?;
                    let plain = self.plain_run()?;
                    let read = read.to_mut();
                    read.push(escaped);
                    read.push_str(plain);
                }
                _ => return Err(JsonFault::Syntax),
            }
        }
    }

    /// The characters up to the next quote, backslash or control character.
    fn plain_run(&mut self) -> Result<&'a str, JsonFault> {
        self.run(|byte| byte >= b' ' && byte != b'"' && byte != b'\\')
    }

    fn escape(&mut self) -> Result<char, JsonFault> {
        match self.take(1)? {
            "\"" => Ok('"'),
            "\\" => Ok('\\'),
            "/" => Ok('/'),
            "b" => Ok('\u{8}'),
            "f" => Ok('\u{c}'),
            "n" => Ok('\n'),
            "r" => Ok('\r'),
            "t" => Ok('\t'),
            "u" => self.unicode_escape(),
            _ => Err(JsonFault::Syntax),
        }
    }

    /// Reads what follows `\u`: one unit, or a high surrogate and the escape of a low one.
    fn unicode_escape(&mut self) -> Result<char, JsonFault> {
        let unit = self.hex_unit()?;
        let units = match unit {
            0xD800..=0xDBFF if self.skip("\\u") => vec![unit, self.hex_unit()?],
            _ => vec![unit],
        };
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            Some(Err(_)) | None => Err(JsonFault::LoneSurrogate),
        }
    }

    fn hex_unit(&mut self) -> Result<u16, JsonFault> {
        let digits = self.take(4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(JsonFault::Syntax);
        }
        u16::from_str_radix(digits, 16).map_err(|_| JsonFault::Syntax)
    }

    fn number(&mut self) -> Result<(), JsonFault> {
        self.skip("-");
        let whole = self.digits()?;
        if whole.len() > 1 && whole.starts_with('0') {
            return Err(JsonFault::Syntax);
        }
        if self.skip(".") {
            self.digits()?;
        }
        if self.skip("e") || self.skip("E") {
            if !self.skip("+") {
                self.skip("-");
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<&'a str, JsonFault> {
        let digits = self.run(|byte| byte.is_ascii_digit())?;
        if digits.is_empty() { Err(JsonFault::Syntax) } else { Ok(digits) }
    }

    fn word(&mut self) -> Result<(), JsonFault> {
        if self.skip("true") || self.skip("false") || self.skip("null") {
            Ok(())
        } else {
            Err(JsonFault::Syntax)
        }
    }

    fn blanks(&mut self) -> Result<(), JsonFault> {
        self.run(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).map(|_| ())
    }

    /// Takes the bytes that `belongs` says yes to; it must treat all bytes of one character alike.
    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> Result<&'a str, JsonFault> {
        let len = self.rest.bytes().position(|byte| !belongs(byte)).unwrap_or(self.rest.len());
        self.take(len)
    }

    fn take(&mut self, len: usize) -> Result<&'a str, JsonFault> {
        let (taken, rest) = split(self.rest, len)?;
        self.rest = rest;
        Ok(taken)
    }

    fn skip(&mut self, token: &str) -> bool {
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn expect(&mut self, token: &str) -> Result<(), JsonFault> {
        if self.skip(token) { Ok(()) } else { Err(JsonFault::Syntax) }
    }
}

/// Splits after `len` bytes; a text that is too short or has no character boundary there is not JSON.
fn split(text: &str, len: usize) -> Result<(&str, &str), JsonFault> {
    text.split_at_checked(len).ok_or(JsonFault::Syntax)
}
