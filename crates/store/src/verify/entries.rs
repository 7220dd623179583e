//! Entries: balance, chains, and whose they are.

use std::collections::BTreeMap;

use kadi_domain::amount::Currency;
use kadi_domain::id::{BookingId, PaymentId};
use kadi_domain::ledger::{Account, Chain, Entry};

use super::report::{
    ACCOUNT_IN_CHART, BOOKING_BALANCES, BOOKS_BALANCE, ENTRY_CHAIN, ENTRY_OF_CHILD, ENTRY_OF_LINK,
    ENTRY_OF_MERCHANT, Tally, sum,
};
use crate::queries::books::Book;

/// Debits and credits of all books by currency.
#[derive(Debug, Default)]
pub(super) struct Totals(BTreeMap<Currency, (i128, i128)>);

impl Totals {
    /// Checks the totals once all books were added.
    pub(super) fn check(&self, tally: &mut Tally) {
        for (currency, (debits, credits)) in &self.0 {
            tally.check(BOOKS_BALANCE, debits == credits, || {
                format!("all books in {}: debits {debits}, credits {credits}", currency.code())
            });
        }
    }
}

/// Checks the entries of a link and adds them to the totals.
pub(super) fn check(book: &Book, totals: &mut Totals, tally: &mut Tally) {
    let link = &book.link;
    let payments: BTreeMap<PaymentId, Currency> =
        book.payments.iter().map(|payment| (payment.id, payment.money_currency())).collect();
    let mut bookings: BTreeMap<BookingId, Vec<&Entry>> = BTreeMap::new();
    for entry in &book.entries {
        let place = || format!("entry {} of link {}", entry.position, link.id.get());
        let fits = payments.get(&entry.payment_id) == Some(&entry.currency);
        tally.check(ENTRY_OF_LINK, fits, || format!("{}: other currency or unknown payment", place()));
        let own = entry.merchant_id == link.merchant_id;
        tally.check(ENTRY_OF_MERCHANT, own, || format!("{}: merchant {}", place(), entry.merchant_id.get()));
        let for_child = entry.posting.account == Account::ChildPayable;
        let child = entry.posting.child;
        let known = child.is_none_or(|child| book.split.iter().any(|rule| rule.child_id == child));
        tally.check(ENTRY_OF_CHILD, known && child.is_some() == for_child, || {
            format!("{}: on {} for {child:?}", place(), entry.posting.account.name())
        });
        tally.check(ACCOUNT_IN_CHART, entry.posting.account.number() != 0, place);
        let (debits, credits) = totals.0.entry(entry.currency).or_default();
        *debits += i128::from(entry.posting.debit.get());
        *credits += i128::from(entry.posting.credit.get());
        bookings.entry(entry.booking_id).or_default().push(entry);
    }
    for (id, entries) in &bookings {
        let debits = sum(entries.iter().map(|entry| entry.posting.debit));
        let credits = sum(entries.iter().map(|entry| entry.posting.credit));
        let one = entries.windows(2).all(|pair| {
            pair.first().map(|entry| (entry.currency, entry.payment_id))
                == pair.last().map(|entry| (entry.currency, entry.payment_id))
        });
        tally.check(BOOKING_BALANCES, debits == credits && one, || {
            format!("booking {} of link {}: debits {debits}, credits {credits}", id.get(), link.id.get())
        });
    }
    check_chain(book, tally);
}

fn check_chain(book: &Book, tally: &mut Tally) {
    let link = &book.link;
    let mut chain = Chain::default();
    for entry in &book.entries {
        let next = chain.count.checked_add(1);
        let follows = next == Some(entry.position) && entry.hash == entry.expected_hash(&chain.head);
        tally.check(ENTRY_CHAIN, follows, || {
            format!("entry {} of link {} does not follow from the one before", entry.position, link.id.get())
        });
        chain = Chain { count: entry.position, head: entry.hash };
    }
    tally.check(ENTRY_CHAIN, chain == link.chain, || {
        format!(
            "link {} knows {} entries, its chain ends at {}",
            link.id.get(),
            link.chain.count,
            chain.count
        )
    });
}
