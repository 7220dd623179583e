//! The invoice of a link: which links have one, what it is called, and what stands on it.

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::id::LinkId;
use kadi_engine::domain::invoice::{Invoice as Filled, invoice_number};
use kadi_engine::domain::link::{LineTax, Link, LinkWord, TextKind, text_of};
use kadi_engine::domain::merchant::{Environment, Merchant as Payee};
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::Timestamp;
use kadi_engine::faces::LinkPage;

use super::pdf::{InvoiceError, invoice_pdf};
use super::view::{Customer, Invoice, Line, Merchant, Standing, Tax};
use crate::money::{Currency, Money};

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritten {
    /// The link's sums are broken.
    #[error("{0}")]
    Link(Fault),
    /// The file could not be made.
    #[error(transparent)]
    File(#[from] InvoiceError),
}

impl From<Fault> for Unwritten {
    fn from(fault: Fault) -> Self {
        Self::Link(fault)
    }
}

/// Is there an invoice of the link? It is drawn from a template, or has lines.
pub fn has_invoice(page: &LinkPage) -> bool {
    page.invoice.is_some() || !page.lines.is_empty()
}

/// The number of the link's invoice: of one that is drawn from a template Kadi's, else the merchant's
/// reference of the link, where it has one.
pub fn number_of(page: &LinkPage) -> String {
    number_by(page.link.id, page.invoice.is_some(), &page.references)
}

/// Likewise, of a link with these references; `is_drawn` where its invoice is drawn from a template.
pub fn number_by(link: LinkId, is_drawn: bool, references: &[ReferenceKey]) -> String {
    let own = references.first().filter(|_| !is_drawn);
    own.map_or_else(|| invoice_number(link), |reference| reference.value.clone())
}

/// A link with what its invoice is written from.
pub(super) struct Asked<'a> {
    pub(super) page: &'a LinkPage,
    pub(super) payee: &'a Payee,
    pub(super) filled: Option<&'a Filled>,
    /// Who is asked to pay, where the reader may know.
    pub(super) contact: Option<&'a Contact>,
    pub(super) url: &'a str,
    pub(super) now: Timestamp,
}

/// The invoice as a PDF file.
pub(super) fn file(asked: &Asked<'_>) -> Result<Vec<u8>, Unwritten> {
    let (page, link) = (asked.page, &asked.page.link);
    let money = |amount: Minor| money(link, amount);
    let taxes = page.lines.iter().map(|line| {
        let all = |tax: &LineTax| Ok(money(tax.amount.times(line.units)?));
        let amounts = line.taxes.iter().map(all).collect::<Result<Vec<_>, Fault>>()?;
        let named = line.taxes.iter().zip(amounts);
        Ok(named.map(|(tax, amount)| Tax { name: &tax.name, amount }).collect::<Vec<_>>())
    });
    let taxes = taxes.collect::<Result<Vec<_>, Fault>>()?;
    let units: Vec<String> = page.lines.iter().map(|line| line.units.to_string()).collect();
    let lines = page.lines.iter().zip(&units).zip(&taxes).map(|((line, units), taxes)| {
        Ok(Line {
            name: &line.name,
            code: line.code.as_deref(),
            units,
            unit_price: money(line.unit_amount),
            net: money(line.unit_amount.times(line.units)?),
            taxes,
        })
    });
    let lines = lines.collect::<Result<Vec<_>, Fault>>()?;
    let fields: Vec<(&str, &str)> = asked.filled.map(shown_fields).unwrap_or_default();
    let text = |kind| text_of(&page.texts, kind);
    let own_words = Some(link.description.as_str()).filter(|text| !text.is_empty());
    let notes = [("Invoice details", TextKind::InvoiceDetails), ("Message", TextKind::Comment)];
    let notes: Vec<(&str, &str)> =
        notes.into_iter().filter_map(|(label, kind)| Some((label, text(kind)?))).collect();
    let reference = page.references.first().filter(|_| page.invoice.is_some());
    let word = link.word(asked.now);
    let left = link.left()?.filter(|_| word == LinkWord::Active);
    Ok(invoice_pdf(&Invoice {
        is_test: asked.payee.environment == Environment::Test,
        merchant: merchant(asked),
        number: &number_of(page),
        reference: reference.map(|reference| reference.value.as_str()),
        issued_at_ms: link.created_at.ms(),
        pay_by_ms: link.expires_at.map(Timestamp::ms),
        customer: asked.contact.map(customer),
        title: &link.name,
        description: own_words.or_else(|| text(TextKind::OrderDetails)),
        fields: &fields,
        lines: &lines,
        amount: link.due.or(link.amount).map(money),
        standing: standing(link, word),
        paid: money(link.sums.captured),
        refunded: money(link.sums.refunded),
        left: left.map(money),
        notes: &notes,
        url: asked.url,
    })?)
}

/// The fields that say something, each under its label.
pub fn shown_fields(filled: &Filled) -> Vec<(&str, &str)> {
    let said = filled.fields().filter(|(_, value)| !value.is_empty());
    said.map(|(field, value)| (field.label.as_str(), value)).collect()
}

fn money(link: &Link, amount: Minor) -> Money<'_> {
    let currency = Currency { code: link.currency.code(), exponent: link.currency.exponent() };
    Money { minor: amount.get(), currency }
}

fn merchant<'a>(asked: &Asked<'a>) -> Merchant<'a> {
    let payee = asked.payee;
    Merchant {
        name: &payee.name,
        address: payee.address.as_deref(),
        gstin: payee.gstin.as_deref(),
        state_code: payee.state_code.as_deref(),
        phone: text_of(&asked.page.texts, TextKind::InvoicePhone),
        email: text_of(&asked.page.texts, TextKind::InvoiceEmail),
    }
}

fn customer(contact: &Contact) -> Customer<'_> {
    Customer {
        name: contact.name.as_ref().map(Pii::expose),
        mobile: contact.mobile.as_ref().map(Pii::expose),
        email: contact.email.as_ref().map(Pii::expose),
    }
}

fn standing(link: &Link, word: LinkWord) -> Standing {
    let sums = &link.sums;
    let is_paid_in_part = sums.captured.is_positive() && link.due.is_some();
    let is_paid = sums.captured.is_positive() && link.due.is_none_or(|due| sums.captured >= due);
    // What can still be paid is asked for, whatever went back of it.
    let is_active = word == LinkWord::Active;
    if !is_active && sums.captured.is_positive() && sums.refunded >= sums.captured {
        return Standing::Refunded;
    }
    match word {
        LinkWord::Completed if sums.captured.is_positive() => Standing::Paid,
        // What is owed is paid, however the link ended.
        LinkWord::Cancelled | LinkWord::Expired if is_paid => Standing::Paid,
        LinkWord::Active if is_paid_in_part => Standing::PartPaid,
        LinkWord::Active => Standing::Due,
        LinkWord::Cancelled => Standing::Cancelled,
        // Its one attempt failed.
        LinkWord::Completed | LinkWord::Expired => Standing::Expired,
    }
}
