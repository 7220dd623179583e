//! Numbers as JavaScript prints them.

use kadi_dialects::shared::js::JsAmount;
use kadi_domain::amount::Currency;
use serde_json::{Value, json};

use crate::oracle;

/// So many paise as an answer has them.
pub(crate) fn js_number(minor: i64) -> String {
    serde_json::to_string(&JsAmount { minor, currency: Currency::INR }).unwrap()
}

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
    }
}

#[test]
fn every_currency_has_its_own_decimals() {
    for (minor, currency, text) in [
        (1_500, "JPY", "1500"),
        (0, "JPY", "0"),
        (-7, "JPY", "-7"),
        (1_500, "KWD", "1.5"),
        (1_234, "KWD", "1.234"),
        (5, "KWD", "0.005"),
        (i64::MIN, "INR", "-92233720368547758.08"),
    ] {
        let amount = JsAmount { minor, currency: Currency::parse(currency).unwrap() };
        assert_eq!(serde_json::to_string(&amount).unwrap(), text);
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
