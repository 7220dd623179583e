//! What an invoice says.

use crate::money::Money;

/// An invoice as it is drawn. Texts of other people stand in it as they came; what is not seen, turns the
/// direction of writing or breaks lines is taken out of them when they are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Invoice<'a> {
    /// Whether the merchant is a test merchant: the invoice then says that no real money moves.
    pub is_test: bool,
    /// Who asks for the money.
    pub merchant: Merchant<'a>,
    /// Its number.
    pub number: &'a str,
    /// The merchant's own reference beside it.
    pub reference: Option<&'a str>,
    /// When it was made, in milliseconds since 1970, UTC.
    pub issued_at_ms: i64,
    /// Until when it can be paid, likewise.
    pub pay_by_ms: Option<i64>,
    /// Who is asked, where the reader may know.
    pub customer: Option<Customer<'a>>,
    /// What is paid for, in a few words.
    pub title: &'a str,
    /// What is paid for, at length.
    pub description: Option<&'a str>,
    /// Labels and values that the merchant filled in.
    pub fields: &'a [(&'a str, &'a str)],
    /// What is sold.
    pub lines: &'a [Line<'a>],
    /// All that is asked for; none where the payer chooses.
    pub amount: Option<Money<'a>>,
    /// How it stands.
    pub standing: Standing,
    /// What was paid and stands.
    pub paid: Money<'a>,
    /// What of that was given back.
    pub refunded: Money<'a>,
    /// What can still be paid; none where there is no limit.
    pub left: Option<Money<'a>>,
    /// Further words of the merchant's with their headings.
    pub notes: &'a [(&'a str, &'a str)],
    /// The address of the payment page.
    pub url: &'a str,
}

/// The merchant on its invoice.
#[derive(Clone, Copy, Debug)]
pub struct Merchant<'a> {
    /// The name.
    pub name: &'a str,
    /// The address; one line of it on each line.
    pub address: Option<&'a str>,
    /// The number by which it is registered for the goods and services tax.
    pub gstin: Option<&'a str>,
    /// The two digits of its state (first schedule of GST state codes).
    pub state_code: Option<&'a str>,
    /// Where it can be called.
    pub phone: Option<&'a str>,
    /// Where it can be written to.
    pub email: Option<&'a str>,
}

/// Whoever is asked to pay.
#[derive(Clone, Copy, Debug)]
pub struct Customer<'a> {
    /// The name.
    pub name: Option<&'a str>,
    /// The mobile number.
    pub mobile: Option<&'a str>,
    /// The e-mail address.
    pub email: Option<&'a str>,
}

/// A line of an invoice.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// What is sold.
    pub name: &'a str,
    /// The merchant's code for it, such as HSN or SAC.
    pub code: Option<&'a str>,
    /// How many.
    pub units: &'a str,
    /// The price of one, without tax.
    pub unit_price: Money<'a>,
    /// Units times price.
    pub net: Money<'a>,
    /// The taxes of the line.
    pub taxes: &'a [Tax<'a>],
}

/// A tax of a line.
#[derive(Clone, Copy, Debug)]
pub struct Tax<'a> {
    /// Its name, such as CGST.
    pub name: &'a str,
    /// The amount for all units.
    pub amount: Money<'a>,
}

/// How an invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is paid yet.
    Due,
    /// A part is paid.
    PartPaid,
    /// All is paid.
    Paid,
    /// All that was paid went back.
    Refunded,
    /// The merchant withdrew it, or another link paid for the same.
    Cancelled,
    /// It was not paid in time, or not in full.
    Expired,
}

impl Standing {
    /// The word for it on the invoice.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Due => "DUE",
            Self::PartPaid => "PART PAID",
            Self::Paid => "PAID",
            Self::Refunded => "REFUNDED",
            Self::Cancelled => "CANCELLED",
            Self::Expired => "EXPIRED",
        }
    }
}
