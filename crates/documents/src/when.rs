//! Points in time as a payer reads them: Indian Standard Time, twelve hours, the month's name.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::lang::Lang;

/// Indian Standard Time is five and a half hours ahead of UTC all year.
const IST_AHEAD: SignedDuration = SignedDuration::from_mins(330);

const MONTHS_ENGLISH: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTHS_HINDI: [&str; 12] = [
    // One line each: a line of them all is wider than the rule allows.
    "जनवरी",
    "फ़रवरी",
    "मार्च",
    "अप्रैल",
    "मई",
    "जून",
    "जुलाई",
    "अगस्त",
    "सितंबर",
    "अक्टूबर",
    "नवंबर",
    "दिसंबर",
];

/// A time in words of one language: `21 Nov 2026, 11:59 pm IST`.
pub struct InWords {
    ist: Option<DateTime>,
    lang: Lang,
}

/// A time for the `datetime` attribute: `2026-11-21T23:59:59+05:30`.
pub struct ForMachines {
    ist: Option<DateTime>,
}

/// `at_ms` (milliseconds since 1970, UTC) in words.
pub fn in_words(at_ms: i64, lang: Lang) -> InWords {
    InWords { ist: ist(at_ms), lang }
}

/// `at_ms` (milliseconds since 1970, UTC) for machines.
pub fn for_machines(at_ms: i64) -> ForMachines {
    ForMachines { ist: ist(at_ms) }
}

/// None outside the years -9999 to 9999; the page is then not rendered, which is an error of the caller.
fn ist(at_ms: i64) -> Option<DateTime> {
    let at = Timestamp::from_millisecond(at_ms).ok()?;
    Some(Offset::UTC.saturating_add(IST_AHEAD).to_datetime(at))
}

impl fmt::Display for InWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.ist.ok_or(fmt::Error)?;
        let months = match self.lang {
            Lang::English => MONTHS_ENGLISH,
            Lang::Hindi => MONTHS_HINDI,
        };
        let month =
            usize::try_from(at.month() - 1).ok().and_then(|index| months.get(index)).ok_or(fmt::Error)?;
        let (day, year, minute) = (at.day(), at.year(), at.minute());
        let hour = match at.hour() % 12 {
            0 => 12,
            hour => hour,
        };
        match self.lang {
            Lang::English => {
                let half = if at.hour() < 12 { "am" } else { "pm" };
                write!(f, "{day} {month} {year}, {hour}:{minute:02} {half} IST")
            }
            Lang::Hindi => {
                let part = part_of_day(at.hour());
                write!(f, "{day} {month} {year}, {part} {hour}:{minute:02} बजे IST")
            }
        }
    }
}

impl fmt::Display for ForMachines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.ist.ok_or(fmt::Error)?;
        write!(f, "{}+05:30", at.strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

/// The Hindi word for a time of day, with the borders of CLDR 46 (day periods, `hi`).
fn part_of_day(hour: i8) -> &'static str {
    match hour {
        4..12 => "सुबह",
        12..16 => "दोपहर",
        16..20 => "शाम",
        _ => "रात",
    }
}
