//! The form that all messages share: English first, Hindi below; the SMS is English.

use super::html::{Part, document};

pub(super) const MERCHANT_CHARS_MAX: usize = 60;
pub(super) const CUSTOMER_CHARS_MAX: usize = 60;
pub(super) const PURPOSE_CHARS_MAX: usize = 120;
/// An SMS is paid for by length: names are shorter there.
pub(super) const SMS_WORDS_CHARS_MAX: usize = 30;

/// A message's texts for each channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// One line in plain letters, ending in the address.
    pub sms: String,
    /// A mail's subject: one line.
    pub subject: String,
    /// A mail's plain part, with the full address on a line of its own.
    pub text: String,
    /// A mail's HTML part: a whole document.
    pub html: String,
}

/// A time in words of both languages.
#[derive(Clone, Copy, Debug)]
pub struct TimeWords<'a> {
    /// Such as `21 Nov 2026, 11:59 pm IST`.
    pub english: &'a str,
    /// Such as `21 नवंबर 2026, रात 11:59 बजे`.
    pub hindi: &'a str,
}

/// One language's paragraphs around the address.
pub(super) struct Paragraphs {
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
    /// A file that goes with it: its name and its address.
    pub(super) file: Option<(&'static str, String)>,
}

impl Paragraphs {
    fn part(&self, lang: &'static str, button: &'static str) -> Part<'_> {
        let file = self.file.as_ref().map(|(name, url)| (*name, url.as_str()));
        Part { lang, before: &self.before, button, after: &self.after, file }
    }

    fn plain(&self, url: &str) -> String {
        let lines = self.before.iter().map(String::as_str).chain([url]);
        let file = self.file.as_ref().map(|(name, url)| format!("{name}: {url}"));
        let lines = lines.chain(file.as_deref()).chain(self.after.iter().map(String::as_str));
        lines.map(|line| format!("{line}\n\n")).collect()
    }
}

/// The texts from both languages' paragraphs and the words on the buttons between them.
pub(super) fn written(
    sms: String,
    subject: String,
    url: &str,
    (english, hindi): (&Paragraphs, &Paragraphs),
    buttons: (&'static str, &'static str),
) -> Texts {
    let parts = [english.part("en", buttons.0), hindi.part("hi", buttons.1)];
    Texts {
        sms,
        text: format!("{}\n* * *\n\n{}", english.plain(url), hindi.plain(url)),
        html: document(&subject, url, &parts),
        subject,
    }
}

pub(super) fn greeting_english(customer: &str) -> String {
    if customer.is_empty() { "Hello,".to_owned() } else { format!("Hello {customer},") }
}

pub(super) fn greeting_hindi(customer: &str) -> String {
    if customer.is_empty() {
        "नमस्ते,".to_owned()
    } else {
        format!("नमस्ते {customer},")
    }
}

/// An amount without the rupee sign: Kadi's own words are in the letters of a plain SMS (GSM 03.38), of which
/// a message holds more than twice as many as of others.
pub(super) fn for_sms(amount: &str) -> String {
    amount.replace('₹', "Rs ")
}

pub(super) fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}
