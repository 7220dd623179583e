//! Other people's text in Kadi's messages: no web address, no telephone number, nothing hidden survives.
//!
//! A message comes from a sender that customers trust, so a merchant's free text in it must not be able to
//! send them elsewhere ("your account is locked, call …").

use super::phone::without_phone_numbers;

/// Free text as one line of at most `chars_max` characters, without web addresses, e-mail addresses,
/// telephone numbers, control, direction and invisible characters. Longer text ends in `…`.
pub fn plain_words(text: &str, chars_max: usize) -> String {
    let mut words = shortened(&one_line(text), chars_max);
    // What is taken out can bring together what was apart, so it is looked at until nothing is found any
    // more.
    loop {
        let cleaner = shortened(&without_addresses(&without_phone_numbers(&words)), chars_max);
        if cleaner == words {
            return words;
        }
        words = cleaner;
    }
}

/// The text as one line: runs of blanks and control characters become one space; characters that are not seen
/// or turn the direction of writing go. Joiners (U+200C, U+200D) are letters' business in Indian scripts and
/// stay.
pub fn one_line(text: &str) -> String {
    let visible: String = text.chars().filter(|&character| !is_hidden(character)).collect();
    let words = visible.split(|c: char| c.is_control() || c.is_whitespace());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn without_addresses(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty() && !leads_away(word)).collect::<Vec<_>>().join(" ")
}

/// Is the word a web or e-mail address, or close enough that a reader or a mail program takes it for one?
fn leads_away(word: &str) -> bool {
    let word = with_plain_dots(&word.to_lowercase());
    let schemes =
        ["://", ":\\\\", "http:", "https:", "hxxp", "mailto:", "tel:", "upi:", "javascript:", "www."];
    schemes.iter().any(|scheme| word.contains(scheme)) || is_mail_like(&word) || has_domain(&word)
}

/// The ways in which people write a dot that shall not look like one.
fn with_plain_dots(word: &str) -> String {
    let mut plain: String = word
        .chars()
        .map(|c| match c {
            '\u{3002}' | '\u{ff0e}' | '\u{ff61}' | '\u{2024}' | '\u{fe52}' => '.',
            '\u{ff20}' | '\u{fe6b}' => '@',
            '\u{ff0f}' | '\u{2044}' | '\u{2215}' => '/',
            '\u{ff1a}' | '\u{fe55}' => ':',
            other => other,
        })
        .collect();
    for open in ['[', '(', '{'] {
        for inner in ["dot", "."] {
            let close = match open {
                '[' => ']',
                '(' => ')',
                _ => '}',
            };
            plain = plain.replace(&format!("{open}{inner}{close}"), ".");
        }
    }
    plain
}

fn is_mail_like(word: &str) -> bool {
    let letter_beside = |side: Option<char>| side.is_some_and(char::is_alphanumeric);
    word.split_once('@').is_some_and(|(left, right)| {
        letter_beside(left.chars().last()) && letter_beside(right.chars().next())
    })
}

/// A dot followed by a label like a top-level domain's (`shop.example`), or four numbers (`10.0.0.1`).
fn has_domain(word: &str) -> bool {
    let ends_host = |c: char| !(c.is_alphanumeric() || is_mark(c) || matches!(c, '.' | '-' | '_'));
    let is_number = |label: &str| !label.is_empty() && label.chars().all(char::is_numeric);
    let is_top = |label: &str| {
        label.starts_with(char::is_alphabetic) && label.chars().filter(|c| c.is_alphabetic()).count() > 1
    };
    word.split(ends_host).any(|host| {
        let numbers = host.split('.').filter(|label| is_number(label)).count();
        numbers == 4 || host.split('.').skip(1).any(is_top)
    })
}

/// Vowel signs and joiners, which are parts of words and no letters.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{200c}' | '\u{200d}')
}
