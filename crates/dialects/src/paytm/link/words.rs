//! The words for how a link stands, and the links that each word of a filter means.

use kadi_engine::domain::link::{Link, LinkKind, LinkWord};
use kadi_engine::domain::search::Standing;
use kadi_engine::domain::time::Timestamp;

/// How a link stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// May it be paid?
    pub(super) is_active: bool,
    /// ACTIVE, EXPIRED or INACTIVE.
    pub(super) link_status: &'static str,
    /// INIT, PENDING, PAID or EXPIRED (specs, part 11).
    pub(super) status: &'static str,
}

impl Words {
    /// Those of this link.
    pub(super) fn of(link: &Link, now: Timestamp) -> Self {
        let word = link.word(now);
        Self {
            is_active: word == LinkWord::Active,
            link_status: link_status(word),
            status: payment_status(link.standing(now)),
        }
    }
}

/// A cancelled link is one that `/link/expire` has expired.
const fn link_status(word: LinkWord) -> &'static str {
    match word {
        LinkWord::Active => "ACTIVE",
        LinkWord::Expired | LinkWord::Cancelled => "EXPIRED",
        LinkWord::Completed => "INACTIVE",
    }
}

const fn payment_status(standing: Standing) -> &'static str {
    match standing {
        Standing::Untouched => "INIT",
        Standing::UnderWay => "PENDING",
        Standing::Paid => "PAID",
        Standing::Over => "EXPIRED",
    }
}

/// The links that a `linkStatus` means; none where it is no such word.
pub(super) fn with_link_status(status: &str) -> Vec<LinkWord> {
    LinkWord::ALL.into_iter().filter(|word| link_status(*word) == status).collect()
}

/// The links that a `paymentStatus` means; none where it is no such word.
pub(super) fn with_payment_status(status: &str) -> Vec<Standing> {
    Standing::ALL.into_iter().filter(|standing| payment_status(*standing) == status).collect()
}

/// The links that `isActive` means.
pub(super) fn with_activity(is_active: bool) -> Vec<LinkWord> {
    LinkWord::ALL.into_iter().filter(|word| (*word == LinkWord::Active) == is_active).collect()
}

/// `linkType`.
pub(super) const fn link_type(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Fixed => "FIXED",
        LinkKind::Open => "GENERIC",
        LinkKind::Invoice => "INVOICE",
    }
}

/// The kind with this `linkType`.
pub(super) fn kind_of(link_type: &str) -> Option<LinkKind> {
    match link_type {
        "FIXED" => Some(LinkKind::Fixed),
        "GENERIC" => Some(LinkKind::Open),
        "INVOICE" => Some(LinkKind::Invoice),
        _ => None,
    }
}
