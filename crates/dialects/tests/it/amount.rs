//! Amounts as text: the table of bad input, and Python's decimal as the judge of random texts.

use kadi_dialects::shared::amount::AmountFault::{Empty, Malformed, Negative, TooLarge, TooManyDecimals};
use kadi_dialects::shared::amount::{money_text, parse_amount};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::oracle;

#[test]
fn plain_decimals_are_amounts() {
    let read = [
        ("0", 0),
        ("1", 100),
        ("499", 49_900),
        ("499.5", 49_950),
        ("499.00", 49_900),
        ("494.10", 49_410),
        ("1303.01", 130_301),
        ("0.90", 90),
        ("007.05", 705),
        ("999999999999999.99", 99_999_999_999_999_999),
    ];
    for (text, minor) in read {
        assert_eq!(parse_amount(text), Ok(minor), "{text}");
    }
}

#[test]
fn everything_else_is_refused_by_name() {
    let million_digits = "9".repeat(1_000_000);
    let refused = [
        ("", Empty),
        ("1e2", Malformed),
        ("1E2", Malformed),
        ("1303.005", TooManyDecimals),
        ("0.1000", TooManyDecimals),
        ("-1", Negative),
        ("-0", Negative),
        ("-0.01", Negative),
        ("-123456789012345678901234567890", Negative),
        ("-1.005", TooManyDecimals),
        ("123456789012345678901234567890", TooLarge),
        ("9007199254740993.00", TooLarge),
        ("1000000000000000", TooLarge),
        (&million_digits, TooLarge),
        ("-", Malformed),
        ("--1", Malformed),
        ("+1", Malformed),
        ("1.", Malformed),
        (".5", Malformed),
        (".", Malformed),
        ("1.5.0", Malformed),
        ("1.-5", Malformed),
        ("1,000", Malformed),
        ("1_000", Malformed),
        (" 1", Malformed),
        ("1 ", Malformed),
        ("1\n", Malformed),
        ("1\0", Malformed),
        ("१", Malformed),
        ("1.०५", Malformed),
        ("１", Malformed),
        ("NaN", Malformed),
        ("Infinity", Malformed),
        ("0x10", Malformed),
        ("₹1", Malformed),
    ];
    for (text, fault) in refused {
        assert_eq!(parse_amount(text), Err(fault), "{text:.40}");
    }
}

#[test]
fn money_has_two_decimals() {
    let printed = [
        (0, "0.00"),
        (5, "0.05"),
        (90, "0.90"),
        (49_900, "499.00"),
        (-5, "-0.05"),
        (-49_410, "-494.10"),
        (i64::MAX, "92233720368547758.07"),
        (i64::MIN, "-92233720368547758.08"),
    ];
    for (minor, text) in printed {
        assert_eq!(money_text(minor), text);
    }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(minor in 0..100_000_000_000_000_000_i64) {
        prop_assert_eq!(parse_amount(&money_text(minor)), Ok(minor));
    }
}

#[test]
fn pythons_decimal_agrees() {
    let text = prop_oneof![
        4 => "[0-9]{1,17}(\\.[0-9]{1,3})?",
        2 => "-?[0-9]{1,16}\\.[0-9]{0,3}",
        2 => "[-+0-9eE., _]{0,8}",
        1 => "-?[0-9]{1,4}[eE][-+]?[0-9]{1,2}",
        1 => "-?0{0,20}[0-9]{16,60}",
        1 => "[0-9०-९٠-٩]{1,4}(\\.[0-9०-९]{1,2})?",
        1 => "[ \t\r\n]?[0-9]{1,3}[ \t\r\n]?",
        1 => any::<String>(),
        1 => prop::sample::select(vec!["NaN", "-inf", "Infinity", "sNaN1", "0x1", "1__0", "0.1+0.2"])
            .prop_map(str::to_owned),
    ];
    let texts = oracle::sample(&text, 30_000);
    let cases: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    let mut accepted = 0;
    for (text, answer) in texts.iter().zip(oracle::ask("amount.py", &cases)) {
        let ours = match parse_amount(text) {
            Ok(minor) => json!(minor),
            Err(fault) => json!(format!("{fault:?}")),
        };
        assert_eq!(ours, answer, "{text:?}");
        accepted += usize::from(answer.is_i64());
    }
    assert!((5_000..25_000).contains(&accepted), "{accepted} accepted: the cases are one-sided");
}
