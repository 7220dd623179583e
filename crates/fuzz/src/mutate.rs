//! Random changes to samples: of bytes, of words, of whole pieces, so that most inputs are nearly right.

use std::ops::{Bound, Range};

use bolero::Driver;

/// The most changes to one sample.
const CHANGES_MAX: usize = 6;
/// The longest piece that one change moves, in bytes.
const PIECE_BYTES_MAX: usize = 64;

/// Words that mean something to one parser or another.
const WORDS: [&[u8]; 40] = [
    b"0",
    b"-1",
    b"1",
    b"01",
    b"00",
    b"9007199254740993",
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775808",
    b"1e400",
    b"0.005",
    b"99.999",
    b"1.0",
    b"null",
    b"true",
    b"false",
    b"\"\"",
    b"{}",
    b"[]",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"\"\\u0000\"",
    b"\\ud800",
    b"\xff",
    b"\xe2\x80\xae",
    b"\xc2\xa0",
    b"\xe0\xa4\x9a",
    b"\r\n",
    b"\n",
    b"\0",
    b" ",
    b"%00",
    b"%ff",
    b"+",
    b"&",
    b"=",
    b",",
    b"\\",
    b"--a",
    b"2024-02-30T23:59:60Z",
    b"31/12/9999 23:59:59",
];

/// One of the samples, changed; none where the driver gives nothing more.
pub(crate) fn mutate(samples: &[Vec<u8>], driver: &mut impl Driver) -> Option<Vec<u8>> {
    let mut bytes = pick(samples, driver)?.clone();
    for _ in 0..=below(CHANGES_MAX, driver)? {
        change(&mut bytes, samples, driver)?;
    }
    Some(bytes)
}

fn change(bytes: &mut Vec<u8>, samples: &[Vec<u8>], driver: &mut impl Driver) -> Option<()> {
    match below(10, driver)? {
        0 => {
            let at = below(bytes.len(), driver)?;
            let bit = 1 << below(8, driver)?;
            bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bit);
        }
        1 => {
            let new = vec![driver.produce::<u8>()?; below(4, driver)? + 1];
            put(bytes, piece(bytes.len(), 2, driver)?, new);
        }
        2 => put(bytes, piece(bytes.len(), PIECE_BYTES_MAX, driver)?, Vec::new()),
        3 => bytes.truncate(below(bytes.len() + 1, driver)?),
        4 => {
            let copy = part(bytes, piece(bytes.len(), PIECE_BYTES_MAX, driver)?);
            let at = below(bytes.len() + 1, driver)?;
            put(bytes, at..at, copy);
        }
        5 => {
            let other = pick(samples, driver)?;
            let copy = part(other, piece(other.len(), PIECE_BYTES_MAX, driver)?);
            put(bytes, piece(bytes.len(), PIECE_BYTES_MAX, driver)?, copy);
        }
        6 => {
            let at = below(bytes.len() + 1, driver)?;
            put(bytes, at..at, pick(&WORDS, driver)?.to_vec());
        }
        7 => {
            let other = pick(samples, driver)?;
            let word = part(other, word(other, driver)?);
            put(bytes, self::word(bytes, driver)?, word);
        }
        _ => {
            let word = word(bytes, driver)?;
            put(bytes, word, pick(&WORDS, driver)?.to_vec());
        }
    }
    Some(())
}

/// Where a word stands: what lies between two signs or blanks.
fn word(bytes: &[u8], driver: &mut impl Driver) -> Option<Range<usize>> {
    let at = below(bytes.len(), driver)?;
    let is_end = |byte: &u8| b"{}[]()<>\":;,=&?/|@ \t\r\n".contains(byte);
    let before = bytes.iter().take(at).rposition(is_end).map_or(0, |end| end + 1);
    let behind = bytes.iter().skip(at).position(is_end).map_or(bytes.len(), |length| at + length);
    Some(before..behind)
}

fn piece(length: usize, longest: usize, driver: &mut impl Driver) -> Option<Range<usize>> {
    let from = below(length + 1, driver)?;
    Some(from..(from + below(longest, driver)? + 1).min(length))
}

fn part(bytes: &[u8], range: Range<usize>) -> Vec<u8> {
    bytes.get(range).unwrap_or_default().to_vec()
}

fn put(bytes: &mut Vec<u8>, range: Range<usize>, new: Vec<u8>) {
    bytes.splice(range, new);
}

fn pick<'a, T>(list: &'a [T], driver: &mut impl Driver) -> Option<&'a T> {
    list.get(below(list.len(), driver)?)
}

/// A number below the limit; 0 where that is 0.
fn below(limit: usize, driver: &mut impl Driver) -> Option<usize> {
    driver.gen_usize(Bound::Included(&0), Bound::Included(&limit.saturating_sub(1)))
}
