//! The strict reader of JSON against serde's, which takes more.

use std::collections::BTreeMap;

use kadi_dialects::shared::fields::Fields;
use kadi_dialects::shared::json::{DEPTH_MAX, JsonFault, scan};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// How deep objects and lists stand inside one another, by counting brackets outside texts.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut in_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth -= 1,
            _ => {}
        }
    }
    deepest
}

fn accepted(text: &str) {
    let json = scan(text.as_bytes()).unwrap();
    assert!(serde_json::from_str::<IgnoredAny>(text).is_ok());
    assert!(depth(text) <= DEPTH_MAX);
    let members = serde_json::from_str::<BTreeMap<String, &RawValue>>(text);
    assert_eq!(members.is_ok(), json.is_object());
    assert_eq!(Fields::parse(text).is_some(), json.is_object());
    let members = members.unwrap_or_default();
    assert_eq!(json.is_empty_object(), json.is_object() && members.is_empty());
    for (name, value) in &members {
        assert_eq!(json.member(name), Some(value.get()), "{name}");
        // A part of what was accepted is accepted by itself.
        assert!(scan(value.get().as_bytes()).is_ok());
    }
    assert_eq!(json.member("no such member").is_some(), members.contains_key("no such member"));
}

#[test]
fn strict_json() {
    kadi_fuzz::target!("strict_json", 2_000, |bytes: &[u8]| {
        let laxly = serde_json::from_slice::<IgnoredAny>(bytes);
        match scan(bytes) {
            Ok(json) => accepted(json.text()),
            Err(JsonFault::NotUtf8) => assert!(std::str::from_utf8(bytes).is_err()),
            // What serde takes is refused for what Kadi adds to the grammar, and for nothing else.
            Err(JsonFault::TooDeep) => {
                assert!(bytes.iter().filter(|b| b"{[".contains(b)).count() > DEPTH_MAX)
            }
            Err(JsonFault::DuplicateKey | JsonFault::LoneSurrogate) => {}
            Err(
                fault @ (JsonFault::Empty
                | JsonFault::ByteOrderMark
                | JsonFault::Syntax
                | JsonFault::Trailing),
            ) => assert!(laxly.is_err(), "{fault}"),
        }
    });
}
