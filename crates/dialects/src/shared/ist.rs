//! Vendors' dates, which are Indian Standard Time: read exactly, printed exactly.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

/// India has kept one offset from UTC, +05:30, since before any payment that Kadi will see.
const IST_OFFSET_MS: i64 = 19_800_000;
const DAY_MS: i64 = 86_400_000;
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    /// Not of the form that was asked for, digit by digit.
    #[error("the date is not of the form that is asked for")]
    Malformed,
    /// Well formed, but no calendar has the day or no clock the time (31/02, 24:00:00, second 60, year 0).
    #[error("there is no such date or time")]
    NoSuchDate,
}

/// Reads `dd/MM/yyyy HH:mm:ss` or `dd/MM/yyyy` (then 23:59:59) in IST as milliseconds since the epoch, UTC.
///
/// Two-digit day and month, four-digit year, 24 hours; nothing else, as DECISIONS.md asks of an
/// `expiryDate`.
///
/// # Errors
/// [`DateFault::Malformed`] for another form, [`DateFault::NoSuchDate`] for a day or time that does not
/// exist.
pub fn parse_ist(text: &str) -> Result<i64, DateFault> {
    let (day_text, time_text) = text.split_once(' ').unwrap_or((text, "23:59:59"));
    let date = fields(day_text, '/', [2, 2, 4]).ok_or(DateFault::Malformed)?;
    moment(date, time_text)
}

/// Reads `yyyy-MM-dd HH:mm:ss` in IST as milliseconds since the epoch, UTC; digit by digit, as [`parse_ist`]
/// does, and never without a time.
///
/// # Errors
/// As [`parse_ist`].
pub fn parse_ist_dashed(text: &str) -> Result<i64, DateFault> {
    let (day_text, time_text) = text.split_once(' ').ok_or(DateFault::Malformed)?;
    let [year, month, day] = fields(day_text, '-', [4, 2, 2]).ok_or(DateFault::Malformed)?;
    moment([day, month, year], time_text)
}

/// The moment of a date and `HH:mm:ss` in IST.
fn moment([day, month, year]: [i16; 3], time_text: &str) -> Result<i64, DateFault> {
    let [hour, minute, second] = fields(time_text, ':', [2, 2, 2]).ok_or(DateFault::Malformed)?;
    if year == 0 {
        return Err(DateFault::NoSuchDate);
    }
    let small = |number: i16| i8::try_from(number).map_err(|_| DateFault::NoSuchDate);
    let date = Date::new(year, small(month)?, small(day)?).map_err(|_| DateFault::NoSuchDate)?;
    let time =
        Time::new(small(hour)?, small(minute)?, small(second)?, 0).map_err(|_| DateFault::NoSuchDate)?;
    Ok(date.to_datetime(time).duration_since(EPOCH).as_secs() * 1_000 - IST_OFFSET_MS)
}

/// The three numbers of `text`, each of exactly so many ASCII digits.
fn fields(text: &str, separator: char, widths: [usize; 3]) -> Option<[i16; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|part| part.len() == width)?;
        *number = part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(numbers)
}

/// Prints a time (milliseconds since the epoch, UTC) as `dd/MM/yyyy HH:mm:ss` in IST, milliseconds cut off.
///
/// None outside the years 1 to 9999, which this form cannot show.
pub fn ist_text(ms: i64) -> Option<String> {
    let at = civil_ist(ms)?;
    Some(format!("{:02}/{:02}/{:04} {}", at.day(), at.month(), at.year(), clock_text(at)))
}

/// Prints a time (milliseconds since the epoch, UTC) as `yyyy-MM-dd HH:mm:ss` in IST, milliseconds cut off.
///
/// None outside the years 1 to 9999, which this form cannot show.
pub fn ist_dashed_text(ms: i64) -> Option<String> {
    let at = civil_ist(ms)?;
    Some(format!("{:04}-{:02}-{:02} {}", at.year(), at.month(), at.day(), clock_text(at)))
}

/// Prints a time as [`ist_dashed_text`] does, with the `.0` that form callbacks end their times with.
pub fn ist_callback_text(ms: i64) -> Option<String> {
    ist_dashed_text(ms).map(|text| text + ".0")
}

/// Prints a time (milliseconds since the epoch, UTC) as ISO 8601 with India's offset,
/// `yyyy-MM-ddTHH:mm:ss+05:30`, milliseconds cut off.
///
/// None outside the years 1 to 9999, which this form cannot show.
pub fn ist_iso_text(ms: i64) -> Option<String> {
    let at = civil_ist(ms)?;
    Some(format!("{:04}-{:02}-{:02}T{}+05:30", at.year(), at.month(), at.day(), clock_text(at)))
}

fn clock_text(at: DateTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

fn civil_ist(ms: i64) -> Option<DateTime> {
    let since_epoch = SignedDuration::from_millis(ms) + SignedDuration::from_millis(IST_OFFSET_MS);
    EPOCH.checked_add(since_epoch).ok().filter(|at| at.year() >= 1)
}

/// How many calendar days in India lie between two times (milliseconds since the epoch, UTC): 0 on the same
/// day.
///
/// Counts midnights in IST, so 00:00:01 to 23:59:59 a year later is 365: that is how a vendor's own client
/// uses up the limit of 365 days. Negative when `to_ms` is on an earlier day.
pub fn calendar_days_ist(from_ms: i64, to_ms: i64) -> i64 {
    day_number_ist(to_ms) - day_number_ist(from_ms)
}

/// Days since 1970-01-01 in IST; split before the offset is added, so that no time overflows.
fn day_number_ist(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS) + (ms.rem_euclid(DAY_MS) + IST_OFFSET_MS) / DAY_MS
}
