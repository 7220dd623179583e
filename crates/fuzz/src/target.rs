//! Running a target under whichever engine it was built for.

use std::panic::AssertUnwindSafe;

use bolero::{BorrowedInput, ByteSliceGenerator, DefaultEngine, TestTarget};

use crate::corpus;
use crate::input::{Input, Inputs};

/// Calls `check` with inputs; see [`crate::target`], which knows the place (package folder, source file,
/// name).
///
/// # Panics
/// Where `check` does, having shown the input; and where the target has no kept input to begin with.
pub fn run(
    target: TestTarget<ByteSliceGenerator, DefaultEngine, BorrowedInput>,
    place: (&str, &str, &str),
    runs: usize,
    mut check: impl FnMut(&[u8]),
) {
    let folder = corpus::folder(place);
    let samples = corpus::read(&folder);
    assert!(!samples.is_empty(), "{} holds no inputs", folder.display());
    // No engine's driver can tell it from the absence of an input.
    check(b"");
    // Whatever a panic left half done is of no interest: the run ends with it.
    let mut check = AssertUnwindSafe(check);
    target
        .with_iterations(runs)
        .with_generator(Inputs { samples })
        .for_each(move |input: &Input| (*check)(&input.0));
}
