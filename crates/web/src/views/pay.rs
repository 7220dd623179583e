//! The page on which a payer sees what is asked and pays it.

use super::form::FormView;
use super::invoice::InvoiceView;
use super::merchant::Merchant;
use super::payer::Gate;
use crate::money::{Currency, Money, Total};

/// The payment page of a link that can be paid now.
#[derive(Clone, Copy, Debug)]
pub struct PayPage<'a> {
    /// Path and query of this page without `lang`; the language switch leads there.
    pub here: &'a str,
    /// The link's code, or the id that stands for it; the form is posted to `/p/{code}/pay`.
    pub code: &'a str,
    /// Who is to be paid.
    pub merchant: Merchant<'a>,
    /// Whether the merchant is a test merchant: the page then says that no real money moves.
    pub test: bool,
    /// What is paid for, in a few words.
    pub title: &'a str,
    /// What is paid for, at length; line breaks are kept.
    pub description: Option<&'a str>,
    /// The merchant's number of the invoice.
    pub invoice_number: Option<&'a str>,
    /// The invoice, of links that have one as a file.
    pub invoice: Option<InvoiceView<'a>>,
    /// The bill that is asked for, in the merchant's words.
    pub invoice_details: Option<&'a str>,
    /// What the merchant says to the payer.
    pub comment: Option<&'a str>,
    /// How much.
    pub asked: Asked<'a>,
    /// What the amount is made of; empty for links without an invoice.
    pub lines: &'a [Line<'a>],
    /// How much of each tax is in what is left to pay; empty where all is paid at once.
    pub taxes_left: &'a [Tax<'a>],
    /// The instalments of a plan, in order; empty for links without.
    pub plan: &'a [Instalment<'a>],
    /// Until when the link can be paid, in milliseconds since 1970, UTC.
    pub expires_at_ms: Option<i64>,
    /// What tells this form from every other, so that two taps are one payment; sent as `attempt`.
    pub attempt: &'a str,
    /// What stands between the payer and the payment.
    pub gate: Gate<'a>,
    /// The merchant's form.
    pub form: Option<FormView<'a>>,
    /// How it can be paid.
    pub rail: Rail,
    /// The payment modes to choose from; the first is chosen already.
    pub modes: &'a [Mode<'a>],
}

/// An instalment of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Instalment<'a> {
    /// How much.
    pub amount: Money<'a>,
    /// Until when, in milliseconds since 1970, UTC.
    pub due_at_ms: i64,
    /// What is left of it; nothing (0) where it is paid.
    pub left: Money<'a>,
}

/// A payment mode that the payer may choose.
#[derive(Clone, Debug)]
pub struct Mode<'a> {
    /// The rail's word for it: `UPI`, `CC`, `DC`, `NB` or `PPI`; a page has a name for these.
    pub word: &'a str,
    /// Its channels by the rail's words, where the payer chooses one or leaves that open: banks, sub-wallets.
    pub channels: Vec<&'a str>,
    /// Its channels by the rail's words, where it takes only some and the payer's means decide: card schemes.
    pub only: Vec<&'a str>,
    /// What it costs the payer on top of the amount.
    pub surcharge: Surcharge<'a>,
}

/// What a payment mode costs the payer on top of the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Surcharge<'a> {
    /// Nothing.
    None,
    /// So much on the amount that the page asks for, and the sum of both.
    Exactly(Money<'a>, Money<'a>),
    /// So much of whatever the payer types: hundredths of a percent, and a fixed part.
    Rate(i64, Money<'a>),
}

impl Surcharge<'_> {
    /// A rate as a payer reads it: `1.5%`; none where there is no share.
    pub(crate) fn percent(bps: &i64) -> Option<String> {
        let (whole, rest) = (bps / 100, bps % 100);
        let text = format!("{whole}.{rest:02}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        (*bps != 0).then(|| format!("{text}%"))
    }
}

/// How much the payer is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// This amount, all at once.
    Exact(Money<'a>),
    /// A sum that may be paid in parts.
    Parts { total: Money<'a>, paid: Money<'a>, left: Money<'a>, entry: AmountEntry<'a> },
    /// Whatever the payer wants to give.
    Open(AmountEntry<'a>),
}

/// The field in which the payer types an amount.
#[derive(Clone, Copy, Debug)]
pub struct AmountEntry<'a> {
    /// The currency of the amount.
    pub currency: Currency<'a>,
    /// The least that is taken.
    pub min: Option<Money<'a>>,
    /// The most that is taken.
    pub max: Option<Money<'a>>,
    /// What stands in the field: what the payer typed before, or a proposal ([`Money::plain`]), or nothing.
    pub typed: &'a str,
    /// What is wrong with what the payer typed before.
    pub fault: Option<AmountFault<'a>>,
}

/// Why an amount that the payer typed was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountFault<'a> {
    /// Nothing was typed.
    Missing,
    /// Not an amount of this currency.
    Malformed,
    /// Less than this.
    Below(Money<'a>),
    /// More than this.
    Above(Money<'a>),
}

/// One line of an invoice. All lines of a page are in the currency of the link.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The product's or service's name.
    pub name: &'a str,
    /// The merchant's product code.
    pub code: Option<&'a str>,
    /// How many, as text: `2`, `1.5`.
    pub units: &'a str,
    /// The price of one, before tax.
    pub unit_price: Money<'a>,
    /// The price of all of them, before tax.
    pub net: Money<'a>,
    /// The taxes on all of them.
    pub taxes: &'a [Tax<'a>],
}

/// A tax of a line, or of what is left to pay.
#[derive(Clone, Copy, Debug)]
pub struct Tax<'a> {
    /// Such as `CGST 9%`; taxes of one name are summed under the bill.
    pub name: &'a str,
    /// How much it is on the whole line, or on what is left.
    pub amount: Money<'a>,
}

/// How the payer can pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rail {
    /// The practice rail: the payer chooses what the bank answers.
    Sandbox,
}

/// The sums under the lines: always exactly what stands above them, so a page can never show a wrong
/// addition.
pub(crate) struct Sums<'a> {
    pub(crate) net: Total<'a>,
    /// Each tax by its name, in order of first appearance.
    pub(crate) taxes: Vec<(&'a str, Total<'a>)>,
    pub(crate) total: Total<'a>,
}

impl<'a> PayPage<'a> {
    /// Whether there is more to say than title and amount.
    pub(crate) fn has_facts(&self) -> bool {
        let in_parts = matches!(self.asked, Asked::Parts { .. });
        let words = [self.invoice_number, self.invoice_details, self.comment];
        in_parts || words.iter().any(Option::is_some) || self.expires_at_ms.is_some()
    }

    /// What the payer will pay, whatever mode is chosen; none where that is not known yet.
    pub(crate) fn price(&self) -> Option<Money<'a>> {
        let is_same = self.modes.iter().all(|mode| mode.surcharge == Surcharge::None);
        match self.asked {
            Asked::Exact(amount) if is_same => Some(amount),
            Asked::Exact(_) | Asked::Parts { .. } | Asked::Open(_) => None,
        }
    }

    /// Whether the page shows a mistake of the payer.
    pub(crate) fn is_faulty(&self) -> bool {
        let form = self.gate.is_passed() && self.form.is_some_and(|form| form.is_faulty());
        self.asked.is_faulty() || self.gate.is_faulty() || form
    }

    /// The sums of the lines; none without lines.
    pub(crate) fn sums(&self) -> Option<Sums<'a>> {
        let currency = self.lines.first()?.net.currency;
        let none = Total { minor: 0, currency };
        let mut sums = Sums { net: none, taxes: Vec::new(), total: none };
        for line in self.lines {
            sums.net.minor += i128::from(line.net.minor);
            sums.total.minor += i128::from(line.net.minor);
            for tax in line.taxes {
                sums.total.minor += i128::from(tax.amount.minor);
                sums.add_tax(tax);
            }
        }
        Some(sums)
    }
}

impl<'a> Sums<'a> {
    fn add_tax(&mut self, tax: &Tax<'a>) {
        let minor = i128::from(tax.amount.minor);
        match self.taxes.iter_mut().find(|(name, _)| *name == tax.name) {
            Some((_, total)) => total.minor += minor,
            None => self.taxes.push((tax.name, Total { minor, currency: self.net.currency })),
        }
    }
}

impl AmountEntry<'_> {
    /// The elements that explain the field: what is wrong first, then what is allowed.
    pub(crate) fn described_by(&self) -> Option<&'static str> {
        let hint = self.min.is_some() || self.max.is_some();
        match (self.fault.is_some(), hint) {
            (true, true) => Some("amount-fault amount-hint"),
            (true, false) => Some("amount-fault"),
            (false, true) => Some("amount-hint"),
            (false, false) => None,
        }
    }
}

impl<'a> Asked<'a> {
    /// The field for the amount, where the payer has a say in it.
    pub(crate) fn entry(&self) -> Option<&AmountEntry<'a>> {
        match self {
            Self::Exact(_) => None,
            Self::Parts { entry, .. } | Self::Open(entry) => Some(entry),
        }
    }

    /// Whether the page shows a mistake of the payer.
    pub(crate) fn is_faulty(&self) -> bool {
        self.entry().is_some_and(|entry| entry.fault.is_some())
    }
}
