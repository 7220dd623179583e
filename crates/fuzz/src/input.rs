//! One input of a target, and where it comes from.

use std::fmt;

use bolero::{Driver, ValueGenerator};

use crate::mutate::mutate;

/// The bytes that a target is called with. `Debug` shows them as text, escaped.
#[derive(Clone, PartialEq, Eq)]
pub struct Input(pub Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// Kept inputs and libFuzzer's are taken as they are; random ones are made from the samples.
pub(crate) struct Inputs {
    pub(crate) samples: Vec<Vec<u8>>,
}

impl ValueGenerator for Inputs {
    type Output = Input;

    fn generate<D: Driver>(&self, driver: &mut D) -> Option<Input> {
        // A driver over given bytes hands all of them out, whatever the hint; a random one keeps to the hint.
        let given = driver.gen_from_bytes(|| (0, Some(0)), |bytes| Some((bytes.len(), bytes.to_vec())))?;
        if given.is_empty() { mutate(&self.samples, driver).map(Input) } else { Some(Input(given)) }
    }
}
