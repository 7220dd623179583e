//! Times of Kadi's own API: RFC 3339, read with any offset, written in UTC.

use jiff::Timestamp as Instant;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::Timestamp;

/// Writes a time, with milliseconds where it has any.
pub(super) fn write_time(at: Timestamp) -> Result<String, Fault> {
    let instant =
        Instant::from_millisecond(at.ms()).map_err(|_| Fault::new("a time outside the calendar"))?;
    Ok(instant.to_string())
}

/// Reads a time to the millisecond; what is finer is cut off. None where it is not RFC 3339 (section 5.6);
/// the library that knows the calendar reads far more than that.
pub(super) fn read_time(text: &str) -> Option<Timestamp> {
    if !is_rfc_3339(text) {
        return None;
    }
    let instant: Instant = text.parse().ok()?;
    Some(Timestamp::from_ms(instant.as_millisecond()))
}

fn is_rfc_3339(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    let offset_at = text.len().saturating_sub("+00:00".len());
    let local = match (text.strip_suffix('Z'), text.split_at_checked(offset_at)) {
        (Some(local), _) => Some(local),
        (None, Some((local, offset))) => (fits(offset, "+##:##") || fits(offset, "-##:##")).then_some(local),
        (None, None) => None,
    };
    let Some(local) = local else { return false };
    let (seconds, fraction) = local.split_once('.').unwrap_or((local, "0"));
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    is_fraction && fits(seconds, "####-##-##T##:##:##")
}

/// Has the text this form, in which `#` stands for a digit?
fn fits(text: &str, form: &str) -> bool {
    let is_same = |(byte, wanted): (u8, u8)| match wanted {
        b'#' => byte.is_ascii_digit(),
        _ => byte == wanted,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(is_same)
}
