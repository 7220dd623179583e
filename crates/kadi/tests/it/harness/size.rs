//! How much of the same a test does.

/// A size that fits a suite, or the one of a release with `KADI_LONG`.
pub(crate) fn size(small: usize, long: usize) -> usize {
    if std::env::var("KADI_LONG").is_ok_and(|value| value == "1") { long } else { small }
}
