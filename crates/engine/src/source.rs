//! Where a batcher's ids and random bytes come from.

use std::ops::Range;
use std::sync::Arc;

use kadi_domain::moment::Source;
use kadi_domain::refusal::Fault;

use crate::ports::Nature;

/// How many sequence numbers a batcher takes at a time.
pub(crate) const BLOCK: i64 = 65_536;
/// Below so many numbers left, a batcher takes a new block before its next batch: more than a full batch ever
/// needs.
pub(crate) const RESERVE: i64 = 16_384;

/// A block of sequence numbers that is durably this batcher's, and randomness.
#[derive(Debug)]
pub(crate) struct BlockSource {
    nature: Arc<dyn Nature>,
    block: Range<i64>,
}

impl BlockSource {
    pub(crate) const fn new(nature: Arc<dyn Nature>) -> Self {
        Self { nature, block: 0..0 }
    }

    pub(crate) const fn is_low(&self) -> bool {
        self.block.end - self.block.start < RESERVE
    }

    /// Goes on with a new block; what was left of the old one is never used.
    pub(crate) fn refill(&mut self, block: Range<i64>) {
        self.block = block;
    }
}

impl Source for BlockSource {
    fn sequence(&mut self) -> Result<i64, Fault> {
        self.block.next().ok_or_else(|| Fault::new("a batch needs more ids than a block has"))
    }

    fn random(&mut self, bytes: &mut [u8]) -> Result<(), Fault> {
        self.nature.fill(bytes)
    }
}
