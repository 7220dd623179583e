//! Texts that every library of the vendor's reads and signs alike.

/// The text, if it is visible ASCII and blanks without quotes and backslashes: the vendor's Python client
/// takes an answer apart by hand, and no other text survives that.
pub(super) fn plain(text: &str) -> Option<&str> {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\');
    text.bytes().all(is_plain).then_some(text)
}
