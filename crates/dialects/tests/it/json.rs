//! The strict scan of JSON from outside, with serde_json and Python's json as judges.

use std::collections::BTreeMap;

use kadi_dialects::shared::json::JsonFault::{
    ByteOrderMark, DuplicateKey, Empty, LoneSurrogate, NotUtf8, Syntax, TooDeep, Trailing,
};
use kadi_dialects::shared::json::scan;
use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::oracle;

#[test]
fn json_is_taken() {
    let taken = [
        "{}",
        " \t\r\n{ } ",
        "[]",
        "null",
        "true",
        "-0.5e+10",
        "\"\"",
        r#"{"a":1,"A":2,"":3,"b":{"a":1}}"#,
        r#"[{"a":1},{"a":2}]"#,
        r#"{"emoji":"\ud83d\ude00","name":"आशा","slash":"\/"}"#,
        r#""\u0000\uFFFF""#,
        "\"\u{7f}\u{2028}\"",
    ];
    for text in taken {
        let json = scan(text.as_bytes()).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(json.text(), text);
        assert_eq!(json.is_object(), text.trim_start().starts_with('{'), "{text}");
    }
}

#[test]
fn everything_else_is_refused_by_name() {
    let refused: [(&[u8], _); 42] = [
        (b"", Empty),
        (b" \r\n\t", Empty),
        (b"\xff{}", NotUtf8),
        (b"\"\xc0\x80\"", NotUtf8),
        (b"\"\xed\xa0\x80\"", NotUtf8),
        (b"\xef\xbb\xbf{}", ByteOrderMark),
        (b"{} {}", Trailing),
        (b"{}x", Trailing),
        (b"{}\0", Trailing),
        (b"01", Syntax),
        (b"-", Syntax),
        (b"+1", Syntax),
        (b"1.", Syntax),
        (b".5", Syntax),
        (b"1e", Syntax),
        (b"1e+", Syntax),
        (b"-01", Syntax),
        (b"0x10", Trailing),
        (b"NaN", Syntax),
        (b"Infinity", Syntax),
        (b"nul", Syntax),
        (b"nullx", Trailing),
        (b"{", Syntax),
        (b"{\"a\"}", Syntax),
        (b"{\"a\":}", Syntax),
        (b"{\"a\":1,}", Syntax),
        (b"{a:1}", Syntax),
        (b"{'a':1}", Syntax),
        (b"[1,]", Syntax),
        (b"[1 2]", Syntax),
        (b"\"", Syntax),
        (b"\"\\", Syntax),
        (b"\"\\x41\"", Syntax),
        (b"\"\\u+123\"", Syntax),
        (b"\"\\u12\"", Syntax),
        ("\"\\u12\u{e9}\"".as_bytes(), Syntax),
        ("\"\\\u{e9}\"".as_bytes(), Syntax),
        (b"\"a\nb\"", Syntax),
        (b"\"\\ud83d\"", LoneSurrogate),
        (b"\"\\ude00\"", LoneSurrogate),
        (b"\"\\ud83d\\u0041\"", LoneSurrogate),
        (b"{\"\\ud83d\":1}", LoneSurrogate),
    ];
    for (body, fault) in refused {
        assert_eq!(scan(body).err(), Some(fault), "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn a_key_may_not_come_twice_in_one_object_however_it_is_written() {
    let twice = [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"\u0061":1,"b":0,"a":2}"#,
        r#"{"/":1,"\/":2}"#,
        r#"{"body":{"mid":"x","x":[{"amount":1,"amount":2}]}}"#,
        r#"{"😀":1,"\ud83d\ude00":2}"#,
        r#"{"":1,"":2}"#,
    ];
    for text in twice {
        assert_eq!(scan(text.as_bytes()).err(), Some(DuplicateKey), "{text}");
    }
}

#[test]
fn thirty_two_levels_are_deep_enough() {
    let nested = |open: &str, close: &str, depth| open.repeat(depth) + "1" + &close.repeat(depth);
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        assert!(scan(nested(open, close, 32).as_bytes()).is_ok());
        assert_eq!(scan(nested(open, close, 33).as_bytes()).err(), Some(TooDeep));
        assert_eq!(scan(open.repeat(200_000).as_bytes()).err(), Some(TooDeep));
    }
    assert!(scan(("[".repeat(31) + "[],{},[]" + &"]".repeat(31)).as_bytes()).is_ok());
}

#[test]
fn members_keep_every_byte_and_blank() {
    let body = concat!(
        "{ \"body\" :\t{ \"mid\":\"X\",  \"a\":1.10 } ,\n",
        "\"head\": {\"s\":\"}\\\"\"}, \"he\\u0061p\":1303.10 }",
    );
    let json = scan(body.as_bytes()).unwrap();
    assert_eq!(json.member("body"), Some("{ \"mid\":\"X\",  \"a\":1.10 }"));
    assert_eq!(json.member("head"), Some("{\"s\":\"}\\\"\"}"));
    assert_eq!(json.member("heap"), Some("1303.10"));
    assert_eq!(json.member("mid"), None);
    assert_eq!(scan(b"[\"body\"]").unwrap().member("body"), None);
}

#[test]
fn an_empty_object_is_known() {
    assert!(scan(b" { } ").unwrap().is_empty_object());
    assert!(!scan(b"{\"a\":{}}").unwrap().is_empty_object());
    assert!(!scan(b"[]").unwrap().is_empty_object());
}

/// JSON as text, with few different keys so that they meet, and odd spellings of everything.
fn json_text() -> impl Strategy<Value = String> {
    let string = prop_oneof![
        r#""(a|b|\\u0061|A|\\n|/|\\/){0,2}""#,
        r#""(\\ud83d\\ude00|\\ud83d|\\u00e9|é|अ|\\\\|\\"){0,3}""#,
    ];
    let leaf = prop_oneof![
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?",
        string.clone(),
        "(true|false|null)",
    ];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        let blanks = "[ \t\r\n]{0,2}";
        let member = (string.clone(), blanks, inner.clone())
            .prop_map(|(name, blanks, value)| format!("{blanks}{name}{blanks}:{value}{blanks}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(" ,"))),
            prop::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// The same, every other one with a byte changed, put in or left out.
fn json_bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte =
        prop_oneof![3 => prop::sample::select(b"{}[]\",:\\u0e.- \x00\x1f\xc3".to_vec()), 1 => any::<u8>()];
    (json_text(), any::<prop::sample::Index>(), 0..6, byte).prop_map(|(text, index, change, byte)| {
        let mut bytes = text.into_bytes();
        let at = index.index(bytes.len());
        match change {
            0 => bytes[at] = byte,
            1 => bytes.insert(at, byte),
            2 => drop(bytes.remove(at)),
            _ => {}
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_is_taken_serde_takes_and_reads_the_same_members(bytes in json_bytes()) {
        if let Ok(json) = scan(&bytes) {
            prop_assert!(serde_json::from_slice::<Value>(&bytes).is_ok() || has_huge_number(&bytes));
            if json.is_object() {
                let members: BTreeMap<String, &RawValue> = serde_json::from_slice(&bytes).unwrap();
                for (name, value) in &members {
                    prop_assert_eq!(json.member(name), Some(value.get()));
                }
                prop_assert_eq!(json.is_empty_object(), members.is_empty());
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(scan(&bytes).is_ok(), serde_json::from_slice::<Value>(&bytes).is_ok());
    }
}

/// serde_json refuses numbers beyond a double's range; the scan leaves ranges to the fields.
fn has_huge_number(bytes: &[u8]) -> bool {
    let fault = serde_json::from_slice::<Value>(bytes).unwrap_err();
    fault.to_string().starts_with("number out of range")
}

#[test]
fn pythons_json_made_strict_agrees() {
    let bodies = oracle::sample(&json_bytes(), 20_000);
    let cases: Vec<Value> = bodies.iter().map(|body| json!(hex(body))).collect();
    let mut taken = 0;
    for (body, answer) in bodies.iter().zip(oracle::ask("strict_json.py", &cases)) {
        let shown = String::from_utf8_lossy(body);
        match (scan(body), answer.as_array()) {
            (Err(_), None) => {}
            (Ok(json), Some(names)) => {
                taken += 1;
                for name in names {
                    assert!(json.member(name.as_str().unwrap()).is_some(), "{name} in {shown}");
                }
            }
            (ours, theirs) => panic!("{shown}: {ours:?}, but Python says {theirs:?}"),
        }
    }
    assert!((4_000..18_000).contains(&taken), "{taken} taken: the cases are one-sided");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
