//! From a view and a language to the text of a page.

use askama::Template;

use crate::assets::{follow_script_path, stylesheet_path};
use crate::lang::Lang;
use crate::pages::{LeavingTemplate, NoticeTemplate, OutcomeTemplate, PayTemplate, ReturningTemplate};
use crate::texts::{Texts, texts};
use crate::views::invoice::invoice_path;
use crate::views::leaving::{Leaving, Returning};
use crate::views::notice::NoticePage;
use crate::views::outcome::OutcomePage;
use crate::views::pay::PayPage;
use crate::when::{ForMachines, InWords, for_machines, in_words};

/// The payment page. Like all functions here it fails only when a time lies outside the years -9999 to 9999.
pub fn pay(view: &PayPage<'_>, lang: Lang) -> askama::Result<String> {
    PayTemplate { shell: Shell::new(lang, view.here, view.test), view }.render()
}

/// The page with a payment's outcome; serve it with [`OutcomePage::refresh_s`].
pub fn outcome(view: &OutcomePage<'_>, lang: Lang) -> askama::Result<String> {
    OutcomeTemplate { shell: Shell::new(lang, view.here, view.test), view }.render()
}

/// The page that says why nothing can be paid; serve it with [`Notice::status`].
pub fn notice(view: &NoticePage<'_>, lang: Lang) -> askama::Result<String> {
    NoticeTemplate { shell: Shell::new(lang, view.here, view.test), view }.render()
}

/// The page that asks before a payer leaves for an unlisted host.
pub fn leaving(view: &Leaving<'_>, lang: Lang) -> askama::Result<String> {
    LeavingTemplate { shell: Shell::new(lang, view.here, view.test), view }.render()
}

/// The page that takes a payer to the merchant's site at once.
pub fn returning(view: &Returning<'_>, lang: Lang) -> askama::Result<String> {
    ReturningTemplate { shell: Shell::new(lang, view.here, view.test), view }.render()
}

/// What surrounds every page, and what every template may ask for.
pub(crate) struct Shell<'a> {
    pub(crate) lang: Lang,
    pub(crate) t: &'static Texts,
    pub(crate) here: &'a str,
    pub(crate) test: bool,
    pub(crate) stylesheet: &'static str,
    pub(crate) follow_script: &'static str,
}

impl<'a> Shell<'a> {
    fn new(lang: Lang, here: &'a str, test: bool) -> Self {
        Self {
            lang,
            t: texts(lang),
            here,
            test,
            stylesheet: stylesheet_path(),
            follow_script: follow_script_path(),
        }
    }

    /// The language that the switch leads to, by its own name.
    pub(crate) fn other_language(&self) -> &'static str {
        texts(self.lang.other()).language
    }

    /// This page in the other language.
    pub(crate) fn switched(&self) -> String {
        with_lang(self.here, self.lang.other())
    }

    /// An address on this server that keeps the page's language.
    pub(crate) fn at(&self, path: &str) -> String {
        with_lang(path, self.lang)
    }

    /// The invoice of a link as a file.
    pub(crate) fn invoice_file(&self, code: &str) -> String {
        invoice_path(code)
    }

    /// The page of a link.
    pub(crate) fn link_page(&self, code: &str) -> String {
        with_lang(&format!("/p/{code}"), self.lang)
    }

    /// Where the payment form of a link is posted.
    pub(crate) fn pay_action(&self, code: &str) -> String {
        with_lang(&format!("/p/{code}/pay"), self.lang)
    }

    /// Where a payer's mobile number is posted.
    pub(crate) fn mobile_action(&self, code: &str) -> String {
        with_lang(&format!("/p/{code}/mobile"), self.lang)
    }

    /// Where a one-time code is typed and posted.
    pub(crate) fn code_action(&self, code: &str) -> String {
        with_lang(&format!("/p/{code}/code"), self.lang)
    }

    /// The name of a payment mode; a mode that has none goes by the rail's word.
    pub(crate) fn mode_name<'w>(&self, word: &'w str) -> &'w str {
        let names = &self.t.pay.modes;
        names.iter().find(|(known, _)| *known == word).map_or(word, |(_, name)| name)
    }

    /// The name of a channel; one that has none goes by the rail's word.
    pub(crate) fn channel_name<'w>(&self, word: &'w str) -> &'w str {
        let names = &self.t.pay.channels;
        names.iter().find(|(known, _)| *known == word).map_or(word, |(_, name)| name)
    }

    /// A time in words.
    pub(crate) fn in_words(&self, at_ms: &i64) -> InWords {
        in_words(*at_ms, self.lang)
    }

    /// A time for the `datetime` attribute.
    pub(crate) fn for_machines(&self, at_ms: &i64) -> ForMachines {
        for_machines(*at_ms)
    }

    /// A text for the page's title, where no element can isolate it: without the marks that turn the
    /// direction.
    pub(crate) fn for_title(&self, text: &str) -> String {
        text.chars().filter(|c| !turns_direction(*c)).collect()
    }
}

fn with_lang(path: &str, lang: Lang) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}lang={}", lang.tag())
}

/// The bidirectional formatting characters of Unicode (UAX 9, section 2).
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
