//! Vendors' dates: read to the second, written again, and counted in days without end.

use kadi_dialects::shared::ist::{
    calendar_days_ist, ist_callback_text, ist_dashed_text, ist_text, parse_ist, parse_ist_dashed,
};

#[test]
fn ist_date() {
    kadi_fuzz::target!("ist_date", 2_000, |bytes: &[u8]| {
        if let Ok(text) = std::str::from_utf8(bytes)
            && let Ok(ms) = parse_ist(text)
        {
            let whole = if text.len() == 10 { format!("{text} 23:59:59") } else { text.to_owned() };
            assert_eq!(ist_text(ms), Some(whole));
        }
        let number = |from: usize| {
            bytes.get(from..).and_then(|rest| rest.first_chunk()).map(|chunk| i64::from_le_bytes(*chunk))
        };
        if let Ok(text) = std::str::from_utf8(bytes)
            && let Ok(ms) = parse_ist_dashed(text)
        {
            assert_eq!(ist_dashed_text(ms).as_deref(), Some(text));
        }
        let Some(ms) = number(0) else { return };
        match ist_text(ms) {
            Some(text) => assert_eq!(parse_ist(&text), Ok(ms.div_euclid(1_000) * 1_000), "{text}"),
            None => assert!(!(-62_000_000_000_000..253_000_000_000_000).contains(&ms), "{ms}"),
        }
        assert_eq!(ist_dashed_text(ms).is_some(), ist_text(ms).is_some());
        assert_eq!(ist_callback_text(ms).is_some(), ist_text(ms).is_some());
        let other = number(8).unwrap_or(0);
        let days = calendar_days_ist(ms, other);
        assert_eq!(days, -calendar_days_ist(other, ms));
        let apart = (i128::from(other) - i128::from(ms)) / 86_400_000;
        assert!((i128::from(days) - apart).abs() <= 1, "{ms} to {other}: {days}");
    });
}
