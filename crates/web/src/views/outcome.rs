//! The page after an attempt to pay: what came of it.

use super::merchant::Merchant;
use crate::headers::PENDING_REFRESH_S;
use crate::money::Money;

/// What came of one payment.
#[derive(Clone, Copy, Debug)]
pub struct OutcomePage<'a> {
    /// Path and query of this page without `lang`.
    pub here: &'a str,
    /// The link's code, or the id that stands for it; trying again leads to `/p/{code}`.
    pub code: &'a str,
    /// Who was to be paid.
    pub merchant: Merchant<'a>,
    /// Whether the merchant is a test merchant.
    pub test: bool,
    /// What was to be paid for, in a few words.
    pub title: &'a str,
    /// How the payment stands.
    pub outcome: Outcome<'a>,
    /// What the payer was charged, or would have been.
    pub amount: Money<'a>,
    /// What the payer quotes in questions: the payment's id or the bank's reference.
    pub reference: &'a str,
    /// Whether there is an invoice of the link.
    pub has_invoice: bool,
    /// When the payment got this outcome, in milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// The merchant's page for this outcome; a button leads there.
    pub onward: Option<Onward<'a>>,
    /// A form that a button posts to the merchant's site.
    pub post: Option<Post<'a>>,
}

/// How a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// Paid; with the merchant's own words, where there are any.
    Paid { message: Option<&'a str> },
    /// Not paid; `retry` tells whether the link can still be paid.
    Failed { retry: bool },
    /// The bank has not answered yet.
    Pending,
    /// The money has arrived and could not be applied; the merchant decides.
    Held,
    /// The bank took a successful payment back.
    Reversed { retry: bool },
}

/// A page of the merchant's.
#[derive(Clone, Copy, Debug)]
pub struct Onward<'a> {
    /// The checked address: http or https, ASCII.
    pub url: &'a str,
    /// Its host, which the payer is shown.
    pub host: &'a str,
}

/// A form that leads to the merchant's site; its host must be allowed by the page's policy.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// Where it is posted.
    pub onward: Onward<'a>,
    /// Names and values.
    pub fields: &'a [(&'static str, String)],
}

impl OutcomePage<'_> {
    /// After how many seconds the page should be asked for again: the value of a `Refresh` header.
    ///
    /// A header and no `meta` element, which accessibility checkers refuse for any delay (WCAG 2.2, failure
    /// F41).
    pub fn refresh_s(&self) -> Option<u32> {
        match self.outcome {
            Outcome::Pending => Some(PENDING_REFRESH_S),
            Outcome::Paid { .. } | Outcome::Failed { .. } | Outcome::Held | Outcome::Reversed { .. } => None,
        }
    }
}
