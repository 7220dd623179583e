//! A mail server's words without the person they are about.

const CHARS_MAX: usize = 200;

/// Shortens the text and blanks each word that holds an address or the recipient's local part: servers like
/// to repeat both, and reasons are stored and logged.
pub(super) fn redact(text: &str, recipient: &str) -> String {
    let local_part = recipient.split('@').next().unwrap_or_default().to_lowercase();
    let personal = |word: &str| {
        word.contains('@') || (!local_part.is_empty() && word.to_lowercase().contains(&local_part))
    };
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| if personal(word) { "[address]" } else { word })
        .collect();
    words.join(" ").chars().take(CHARS_MAX).collect()
}
