//! Numbers as JavaScript prints them.

use kadi_dialects::shared::js::{JsNumber, js_number};
use serde_json::{Value, json};

use crate::oracle;

#[test]
fn needless_zeros_are_left_out() {
    let printed = [
        (0, "0"),
        (1, "0.01"),
        (10, "0.1"),
        (100, "1"),
        (1_000, "10"),
        (49_900, "499"),
        (49_410, "494.1"),
        (49_405, "494.05"),
        (100_000, "1000"),
        (-50, "-0.5"),
    ];
    for (minor, text) in printed {
        assert_eq!(js_number(minor), text);
        assert_eq!(serde_json::to_string(&[JsNumber(minor)]).unwrap(), format!("[{text}]"));
    }
}

#[test]
fn the_shortest_text_of_the_double_agrees() {
    let minors = oracle::sample(&(-999_999_999_999_999..=999_999_999_999_999_i64), 10_000);
    let small = oracle::sample(&(-100_000..=100_000_i64), 10_000);
    let minors = [minors, small].concat();
    let cases: Vec<Value> = minors.iter().map(|minor| json!(minor)).collect();
    for (minor, answer) in minors.into_iter().zip(oracle::ask("js_number.py", &cases)) {
        assert_eq!(json!(js_number(minor)), answer, "{minor}");
    }
}
