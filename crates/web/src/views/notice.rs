//! The plain pages of links that cannot be paid, and of troubles.

use super::merchant::Merchant;

/// A page that says why nothing can be paid here.
#[derive(Clone, Copy, Debug)]
pub struct NoticePage<'a> {
    /// Path and query of this page without `lang`.
    pub here: &'a str,
    /// Whose link it is; none where the link is unknown.
    pub merchant: Option<Merchant<'a>>,
    /// Whether it is a test merchant's; the page then says that no real money moves.
    pub test: bool,
    /// The code of the link, where there is an invoice of it to be read.
    pub invoice_of: Option<&'a str>,
    /// Why nothing can be paid.
    pub notice: Notice<'a>,
}

/// Why nothing can be paid here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice<'a> {
    /// The link's time is over since then, in milliseconds since 1970, UTC.
    Expired { at_ms: i64 },
    /// The merchant withdrew the link.
    Cancelled,
    /// Everything that the link asked for is paid.
    Completed,
    /// What the link asked for was paid through another link.
    PaidElsewhere,
    /// The link's one attempt ended without a payment.
    UsedUp,
    /// There is no such link.
    Unknown,
    /// The merchant takes no payments.
    NoPayments,
    /// Another payment of this link is under way; `retry` is the path of its page.
    Busy { retry: &'a str },
    /// A rule of the merchant or the platform refused this payment.
    Refused,
    /// Too many requests; `retry` is the path to come back to.
    TooMany { retry: &'a str },
    /// Something does not work for the moment; `retry` is the path to come back to.
    Trouble { retry: &'a str },
}

impl<'a> Notice<'a> {
    /// The HTTP status that goes with the page.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Completed | Self::PaidElsewhere => 200,
            Self::Refused | Self::NoPayments => 403,
            Self::Unknown => 404,
            Self::Busy { .. } => 409,
            Self::Expired { .. } | Self::Cancelled | Self::UsedUp => 410,
            Self::TooMany { .. } => 429,
            Self::Trouble { .. } => 503,
        }
    }

    /// Where a second try makes sense.
    pub(crate) fn retry(&self) -> Option<&'a str> {
        match self {
            Self::Busy { retry } | Self::TooMany { retry } | Self::Trouble { retry } => Some(retry),
            Self::Expired { .. }
            | Self::Cancelled
            | Self::Completed
            | Self::PaidElsewhere
            | Self::UsedUp
            | Self::Unknown
            | Self::NoPayments
            | Self::Refused => None,
        }
    }
}
