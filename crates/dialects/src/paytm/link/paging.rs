//! Pages by number, and the days between which is looked: `pageNo`, `pageSize` and pairs of dates.

use kadi_engine::domain::time::Timestamp;

use crate::shared::fields::{Fields, Wrong};
use crate::shared::ist::parse_ist;

const SIZE_DEFAULT: i64 = 20;
const SIZE_MAX: i64 = 100;
const NUMBER_MAX: i64 = 1_000_000_000;
const DATE_CHARS_MAX: usize = 19;

/// The part of a list that is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging {
    /// Which page, from 1.
    pub(super) number: i64,
    /// How many entries a page has.
    pub(super) size: i64,
}

impl Paging {
    /// The first page of 20 unless said; at most 100 entries.
    pub(super) fn read(body: &Fields<'_>) -> Result<Self, Wrong> {
        Ok(Self {
            number: body.whole("pageNo", 1..=NUMBER_MAX)?.unwrap_or(1),
            size: body.whole("pageSize", 1..=SIZE_MAX)?.unwrap_or(SIZE_DEFAULT),
        })
    }

    /// How many entries come before the page.
    pub(super) const fn skip(self) -> i64 {
        (self.number - 1) * self.size
    }
}

/// The first moment of a day in India, or of the second that is said.
pub(super) fn since(body: &Fields<'_>, name: &str) -> Result<Option<Timestamp>, Wrong> {
    let Some(text) = body.filled(name, DATE_CHARS_MAX)? else { return Ok(None) };
    let text = if text.contains(' ') { text } else { text + " 00:00:00" };
    parse_ist(&text).map(|ms| Some(Timestamp::from_ms(ms))).map_err(|_| body.wrong(name))
}

/// The last moment of a day in India, or of the second that is said.
pub(super) fn until(body: &Fields<'_>, name: &str) -> Result<Option<Timestamp>, Wrong> {
    let Some(text) = body.filled(name, DATE_CHARS_MAX)? else { return Ok(None) };
    parse_ist(&text).map(|ms| Some(Timestamp::from_ms(ms + 999))).map_err(|_| body.wrong(name))
}
