//! What becomes of bytes that were written and not yet made durable when the power fails.

use crate::chance::Chance;

/// The unit in which disks keep or lose bytes.
pub(crate) const SECTOR: usize = 512;

/// What becomes of changes that were not made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tear {
    /// All are lost.
    Lost,
    /// All are kept, as when only the process dies.
    Kept,
    /// The first so many are kept, and the next one in part.
    Prefix,
    /// Each change is kept or lost by itself, whatever its turn.
    Changes,
    /// Each sector of each change is kept or lost by itself, whatever its turn.
    Sectors,
    /// As [`Tear::Sectors`], and a sector that is lost holds noise or zeros instead of what it held.
    Noise,
}

impl Tear {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Lost, Self::Kept, Self::Prefix, Self::Changes, Self::Sectors, Self::Noise];
}

/// A change that was not made durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate { size: usize },
}

impl Change {
    /// Does all of it.
    pub(crate) fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes: new } => put(bytes, *at, new),
            Self::Truncate { size } => bytes.resize(*size, 0),
        }
    }
}

/// Applies what is left of `changes` to the durable bytes of a file.
pub(crate) fn tear(durable: &mut Vec<u8>, changes: &[Change], tear: Tear, chance: &mut Chance) {
    match tear {
        Tear::Lost => {}
        Tear::Kept => changes.iter().for_each(|change| change.apply(durable)),
        Tear::Prefix => {
            let whole = chance.below(changes.len() + 1);
            changes.iter().take(whole).for_each(|change| change.apply(durable));
            if let Some(Change::Write { at, bytes }) = changes.get(whole) {
                let sectors: Vec<_> = sectors(*at, bytes).collect();
                let kept = chance.below(sectors.len() + 1);
                sectors.into_iter().take(kept).for_each(|(at, bytes)| put(durable, at, bytes));
            }
        }
        Tear::Changes => {
            let percent = chance.below(101);
            changes.iter().filter(|_| chance.percent(percent)).for_each(|change| change.apply(durable));
        }
        Tear::Sectors => by_sector(durable, changes, chance, |_, _, _, _| {}),
        Tear::Noise => {
            by_sector(durable, changes, chance, |durable, at, length, chance| match chance.below(3) {
                0 => put(durable, at, &chance.noise(length)),
                1 => put(durable, at, &vec![0; length]),
                _ => {}
            })
        }
    }
}

/// Keeps some sectors; `lose` says what stands where one is lost.
fn by_sector(
    durable: &mut Vec<u8>,
    changes: &[Change],
    chance: &mut Chance,
    lose: impl Fn(&mut Vec<u8>, usize, usize, &mut Chance),
) {
    let percent = chance.below(101);
    for change in changes {
        match change {
            Change::Write { at, bytes } => {
                for (at, part) in sectors(*at, bytes) {
                    if chance.percent(percent) {
                        put(durable, at, part);
                    } else {
                        lose(durable, at, part.len(), chance);
                    }
                }
            }
            Change::Truncate { .. } if chance.percent(percent) => change.apply(durable),
            Change::Truncate { .. } => {}
        }
    }
}

/// The parts of a write that stand in one sector each.
pub(crate) fn sectors(at: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let (mut at, mut rest) = (at, bytes);
    std::iter::from_fn(move || {
        let (part, after) = rest.split_at_checked((SECTOR - at % SECTOR).min(rest.len()))?;
        let found = (at, part);
        (at, rest) = (at + part.len(), after);
        (!part.is_empty()).then_some(found)
    })
}

/// Writes bytes; a gap before them is filled with zeros.
pub(crate) fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at.saturating_add(bytes.len());
    if file.len() < end {
        file.resize(end, 0);
    }
    if let Some(place) = file.get_mut(at..end) {
        place.copy_from_slice(bytes);
    }
}
