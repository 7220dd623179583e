//! Searching a merchant's links: how far a link is paid, and which links are looked for.

use crate::id::LinkId;
use crate::link::{Link, LinkKind, LinkWord};
use crate::reference::Namespace;
use crate::time::Timestamp;

/// How far a link is paid, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Paid: what is owed in full, or at least once where nothing in all is owed.
    Paid,
    /// Something has come or is on its way, and more may come.
    UnderWay,
    /// May be paid, and nothing has come.
    Untouched,
    /// Takes no payment any more, and was not paid in full.
    Over,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 4] = [Self::Paid, Self::UnderWay, Self::Untouched, Self::Over];
}

impl Link {
    /// How far it is paid at `now`. While a payment is under way, or money is held, nobody knows the end: a
    /// link that takes no new ones is not over yet.
    pub fn standing(&self, now: Timestamp) -> Standing {
        let is_active = self.word(now) == LinkWord::Active;
        let sums = &self.sums;
        if sums.captured_count > 0 && self.due.is_none_or(|due| sums.captured >= due) {
            Standing::Paid
        } else if sums.reserved_count > 0
            || sums.held.is_positive()
            || (is_active && sums.captured.is_positive())
        {
            Standing::UnderWay
        } else if is_active {
            Standing::Untouched
        } else {
            Standing::Over
        }
    }
}

/// What the links themselves must be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFilter {
    /// Made at this time or later.
    pub since: Timestamp,
    /// Made at this time or before.
    pub until: Timestamp,
    /// One of these.
    pub kinds: Vec<LinkKind>,
    /// One of these.
    pub words: Vec<LinkWord>,
    /// One of these.
    pub standings: Vec<Standing>,
}

impl LinkFilter {
    /// Every link.
    pub fn all() -> Self {
        Self {
            since: Timestamp::from_ms(i64::MIN),
            until: Timestamp::from_ms(i64::MAX),
            kinds: vec![LinkKind::Fixed, LinkKind::Open, LinkKind::Invoice],
            words: LinkWord::ALL.to_vec(),
            standings: Standing::ALL.to_vec(),
        }
    }

    /// Is this link one of them at `now`?
    pub fn matches(&self, link: &Link, now: Timestamp) -> bool {
        (self.since..=self.until).contains(&link.created_at)
            && self.kinds.contains(&link.kind)
            && self.words.contains(&link.word(now))
            && self.standings.contains(&link.standing(now))
    }
}

/// What is known of the links that are looked for beside what they are like; each names few of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clue {
    /// The link itself.
    Id(LinkId),
    /// The merchant's id of the request that made it.
    RequestId(String),
    /// A reference of the merchant's.
    Reference(Namespace, String),
    /// The blind index of the name of who is asked to pay.
    Name([u8; 32]),
    /// The blind index of the mobile number of who is asked to pay.
    Mobile([u8; 32]),
    /// The blind index of the e-mail address of who is asked to pay.
    Email([u8; 32]),
}

/// Links of a merchant that are looked for, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSearch {
    /// All of these must lead to a link; without any, every link of the merchant's is looked at.
    pub clues: Vec<Clue>,
    /// What the links are like.
    pub filter: LinkFilter,
    /// How many of those found are passed over.
    pub skip: i64,
    /// How many of them are wanted.
    pub limit: i64,
}
