//! Amounts of the vendors' APIs: read exactly, written in each form, read again.

use kadi_dialects::shared::amount::{AmountFault, money_text, parse_amount};

use crate::js::js_number;

/// Reads a plain decimal number in hundredths another way: as one long number of paise.
fn slowly(text: &str) -> Option<i128> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "00"));
    let is_whole = !text.contains('.') || !decimals.is_empty();
    let paise = whole.bytes().chain(decimals.bytes().chain(*b"0").take(2));
    let mut value = 0_i128;
    for digit in paise {
        value = value.checked_mul(10)? + i128::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
    }
    (is_whole && !whole.is_empty() && decimals.len() <= 2).then_some(value)
}

#[test]
fn decimal_amount() {
    kadi_fuzz::target!("decimal_amount", 2_000, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let read = parse_amount(text);
        match read {
            Ok(minor) => {
                assert_eq!(slowly(text), Some(i128::from(minor)), "{text}");
                assert!((0..100_000_000_000_000_000).contains(&minor), "{text}");
                assert_eq!(parse_amount(&money_text(minor)), Ok(minor));
                assert_eq!(parse_amount(&js_number(minor)), Ok(minor));
                assert_eq!(parse_amount(&format!("-{text}")), Err(AmountFault::Negative), "{text}");
            }
            Err(AmountFault::Empty) => assert!(text.is_empty()),
            Err(AmountFault::Negative) => assert!(text.starts_with('-')),
            Err(AmountFault::Malformed) => assert_eq!(slowly(text), None, "{text}"),
            Err(AmountFault::TooManyDecimals) => assert!(text.contains('.')),
            Err(AmountFault::TooLarge) => assert!(text.len() > 15, "{text}"),
        }
        // Any number has its texts; they never run into a wrong one.
        if let Some(minor) = bytes.first_chunk().map(|bytes| i64::from_le_bytes(*bytes)) {
            let (money, number) = (money_text(minor), js_number(minor));
            assert_eq!(money.starts_with('-'), minor < 0);
            assert_eq!(money.replace(['.', '-'], "").parse::<u64>().unwrap(), minor.unsigned_abs());
            assert!(money.starts_with(&number));
        }
    });
}
