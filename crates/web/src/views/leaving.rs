//! The two pages between Kadi and a merchant's site.

use super::merchant::Merchant;
use super::outcome::Onward;

/// The page that asks before a payer leaves for a host that the merchant has not listed.
#[derive(Clone, Copy, Debug)]
pub struct Leaving<'a> {
    /// Path and query of this page without `lang`.
    pub here: &'a str,
    /// Who was to be paid.
    pub merchant: Merchant<'a>,
    /// Whether the merchant is a test merchant.
    pub test: bool,
    /// Whether the payment was made; the page says so before it says anything else.
    pub paid: bool,
    /// Where the payer goes.
    pub onward: Onward<'a>,
    /// Path of the page with the payment's outcome, for a payer who stays.
    pub stay: &'a str,
}

/// The page that takes the payer to the merchant's site at once, with a link for browsers that do not follow.
#[derive(Clone, Copy, Debug)]
pub struct Returning<'a> {
    /// Path and query of this page without `lang`.
    pub here: &'a str,
    /// Who was to be paid.
    pub merchant: Merchant<'a>,
    /// Whether the merchant is a test merchant.
    pub test: bool,
    /// Whether the payment was made.
    pub paid: bool,
    /// Where the payer goes.
    pub onward: Onward<'a>,
}
