//! How much of the same a test does.

/// A size for every run, or the one of a long run.
pub(crate) fn size<T>(usual: T, long: T) -> T {
    if std::env::var("KADI_LONG").is_ok_and(|value| value == "1") { long } else { usual }
}
