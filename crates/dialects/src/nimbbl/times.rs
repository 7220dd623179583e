//! Times as this API writes them: UTC without a zone, `2023-10-18 14:30:14.685635` (DECISIONS.md).

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::Timestamp;

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// `YYYY-MM-DD HH:MM:SS`.
const PLAIN_CHARS: usize = 19;
const FRACTION_DIGITS_MAX: usize = 6;

/// A time with six digits behind the second.
pub(super) fn time_text(ms: i64) -> Result<String, Fault> {
    written("%Y-%m-%d %H:%M:%S", ms)
}

/// The same with a `T`, as the end of a token is written.
pub(super) fn time_text_with_t(ms: i64) -> Result<String, Fault> {
    written("%Y-%m-%dT%H:%M:%S", ms)
}

fn written(form: &str, ms: i64) -> Result<String, Fault> {
    let outside = || Fault::new("a time outside the calendar");
    let at = EPOCH.checked_add(jiff::SignedDuration::from_millis(ms)).map_err(|_| outside())?;
    let text = strtime::format(form, at).map_err(|_| outside())?;
    Ok(format!("{text}.{:03}000", ms.rem_euclid(1_000)))
}

/// Reads `YYYY-MM-DD HH:MM:SS`, with one to six digits behind the second or none; milliseconds count. None
/// for any other form and for a day or time that does not exist.
pub(super) fn parse_time(text: &str) -> Option<Timestamp> {
    let (plain, fraction) = match text.split_once('.') {
        Some((plain, digits)) => (plain, Some(digits)),
        None => (text, None),
    };
    let is_shaped = plain.len() == PLAIN_CHARS
        && plain.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            10 => byte == b' ',
            13 | 16 => byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let digits = fraction.unwrap_or("0");
    let is_fraction =
        (1..=FRACTION_DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A leap second is no time of the calendar here; the reader would take it for the second before.
    if !is_shaped || !is_fraction || plain.ends_with(":60") {
        return None;
    }
    let at: DateTime = plain.parse().ok()?;
    let thousandths: i64 = format!("{digits:0<3}").get(..3)?.parse().ok()?;
    let whole = at.duration_since(EPOCH).as_secs().checked_mul(1_000)?;
    Some(Timestamp::from_ms(whole + thousandths))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read_back() {
        let ms = 1_697_639_414_685;
        assert_eq!(time_text(ms).unwrap(), "2023-10-18 14:30:14.685000");
        assert_eq!(time_text_with_t(ms).unwrap(), "2023-10-18T14:30:14.685000");
        assert_eq!(time_text(0).unwrap(), "1970-01-01 00:00:00.000000");
        assert_eq!(parse_time("2023-10-18 14:30:14.685635").map(Timestamp::ms), Some(ms));
        assert_eq!(parse_time("2023-10-18 14:30:14").map(Timestamp::ms), Some(ms - 685));
        assert_eq!(parse_time("2023-10-18 14:30:14.6").map(Timestamp::ms), Some(ms - 85));
        assert_eq!(parse_time("2024-02-29 00:00:00").map(Timestamp::ms), Some(1_709_164_800_000));
    }

    #[test]
    fn nothing_else_is_a_time() {
        for text in [
            "",
            "2023-10-18",
            "2023-10-18T14:30:14",
            "2023-10-18 14:30",
            "2023-10-18 14:30:14Z",
            "2023-10-18 14:30:14.",
            "2023-10-18 14:30:14.1234567",
            "2023-10-18 14:30:60",
            "2023-10-18 24:00:00",
            "2023-02-29 00:00:00",
            "18-10-2023 14:30:14",
            " 2023-10-18 14:30:14",
            "2023-10-18 14:30:1\u{967}",
        ] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
