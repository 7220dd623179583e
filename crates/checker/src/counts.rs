//! What a campaign counts.

use crate::line::{Ask, Door, Word};

/// Acknowledged changes by kind, and the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) own_links: u64,
    pub(crate) signed_links: u64,
    pub(crate) side_payments: u64,
    pub(crate) form_payments: u64,
    pub(crate) decisions: u64,
    pub(crate) cancels: u64,
    pub(crate) refusals: u64,
    /// Repeats of what had been acknowledged, with the same answer.
    pub(crate) replays: u64,
    pub(crate) reads: u64,
}

impl Counts {
    /// Counts an answer.
    pub(crate) const fn add(&mut self, ask: &Ask, word: &Word) {
        let count = match (ask, word) {
            (_, Word::Refused { .. }) => &mut self.refusals,
            (_, Word::Unsure { .. }) => return,
            (Ask::Make(wish), _) => match wish.door {
                Door::Own => &mut self.own_links,
                Door::Signed => &mut self.signed_links,
            },
            (Ask::Pay { .. }, Word::Led) => &mut self.form_payments,
            (Ask::Pay { .. }, _) => &mut self.side_payments,
            (Ask::Settle { .. }, _) => &mut self.decisions,
            (Ask::Cancel { .. }, _) => &mut self.cancels,
            (Ask::Open { .. } | Ask::Look { .. }, _) => &mut self.reads,
            (Ask::Again { .. }, _) => &mut self.replays,
        };
        *count += 1;
    }

    /// Acknowledged changes.
    pub(crate) const fn changes(&self) -> u64 {
        self.own_links
            + self.signed_links
            + self.side_payments
            + self.form_payments
            + self.decisions
            + self.cancels
    }
}
