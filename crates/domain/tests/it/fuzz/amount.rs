//! Amounts as people type them: read exactly, written again, never more than a number holds.

use kadi_domain::amount::{Currency, Minor};

/// How the amount is written with all its decimals.
fn written(amount: Minor, exponent: u16) -> String {
    let width = usize::from(exponent);
    let mut digits = format!("{:0>fill$}", amount.get(), fill = width + 1);
    let decimals = digits.split_off(digits.len() - width);
    if decimals.is_empty() { digits } else { format!("{digits}.{decimals}") }
}

/// Without what changes no amount: zeros before the whole and behind the decimals.
fn shortened(text: &str) -> String {
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    text.trim_start_matches('0').to_owned()
}

#[test]
fn typed_amount() {
    kadi_fuzz::target!("typed_amount", 2_000, |bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        for exponent in [0, 2, 3] {
            let Some(amount) = Minor::parse_typed(text, exponent) else { continue };
            assert!((0..1_000_000_000_000_000_000).contains(&amount.get()), "{text}");
            let written = written(amount, exponent);
            assert_eq!(Minor::parse_typed(&written, exponent), Some(amount), "{text}");
            assert_eq!(shortened(text), shortened(&written), "{exponent} decimals");
        }
        // What one currency takes as whole units, each takes.
        let is_whole = !text.contains('.');
        let takes = |exponent| Minor::parse_typed(text, exponent).is_some();
        assert!(!is_whole || takes(0) == takes(2) && takes(2) == takes(3), "{text}");
        if let Some(currency) = Currency::parse(text) {
            assert_eq!(currency.code(), text);
            assert!(currency.exponent() <= 4, "{text}");
        }
    });
}
