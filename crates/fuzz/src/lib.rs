//! What all fuzz targets share: where their inputs come from. Used by tests alone, and knows nothing of Kadi.

mod corpus;
mod input;
mod mutate;
mod request_text;
mod target;

pub use bolero;
pub use input::Input;
pub use request_text::RequestText;
pub use target::run;

/// A fuzz target: `target!("name", 1_000, |bytes: &[u8]| { … })`.
///
/// The body is called with the bytes of each kept input (`__fuzz__/name/corpus/` beside the source file), and
/// then with so many inputs that are made from those by random changes. Built for coverage (`tests/fuzz`), it
/// is called with whatever libFuzzer finds. It must panic where the code under test is wrong.
#[macro_export]
macro_rules! target {
    ($name:literal, $runs:literal, $check:expr) => {
        $crate::run(
            $crate::bolero::check!(name = $name),
            (env!("CARGO_MANIFEST_DIR"), file!(), $name),
            $runs,
            $check,
        )
    };
}
