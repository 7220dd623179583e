//! The walk over the whole store: links by key range, then merchants, then messages.

use kadi_domain::id::LinkId;
use kadi_domain::ledger::Account;
use kadi_domain::seal::Keyring;
use kadi_domain::time::Timestamp;

use super::entries::Totals;
use super::report::{
    ACCOUNT_IN_CHART, NO_STRAYS, OBLIGATION_ONCE, RAIL_REFERENCE_ONCE, ROWS_READABLE, Report, Tally,
};
use super::{deliveries, entries, events, invoices, payments, rail, refunds, seals, sums};
use crate::queries::books::Book;
use crate::reader::Reader;
use crate::trouble::Trouble;

/// Links whose books are read in one go.
const PAGE: i64 = 64;
/// The most strays of a kind that are named for one page.
const STRAYS_MAX: i64 = 100;

/// Checks every invariant that stored data can show. `now` is the Kadi clock. Beside a running server every
/// page of links is one state of the store; inside [`Reader::snapshot`] the whole check is. An unreadable row
/// is a breach; an error is only a store that cannot be read at all.
pub fn verify(reader: &Reader, keys: &Keyring, now: Timestamp) -> Result<Report, Trouble> {
    let (mut tally, mut totals) = (Tally::new(), Totals::default());
    let mut after = i64::MIN;
    loop {
        let ids = reader.link_ids(after, PAGE)?;
        let until = ids.last().map_or(i64::MAX, |id| id.get());
        for (kind, link) in reader.strays(after, until, STRAYS_MAX)? {
            tally.check(NO_STRAYS, false, || format!("a {kind} of link {}, which is absent", link.get()));
        }
        if ids.is_empty() {
            break;
        }
        check_books(reader, &ids, now, &mut totals, &mut tally)?;
        for link in reader.links_without_obligation(after, until, STRAYS_MAX)? {
            tally.check(NO_STRAYS, false, || format!("link {} of no such obligation", link.get()));
        }
        after = until;
    }
    totals.check(&mut tally);
    for payment in reader.stray_charges(STRAYS_MAX)? {
        tally.check(NO_STRAYS, false, || format!("a charge of payment {}, which is absent", payment.get()));
    }
    for refund in reader.stray_paybacks(STRAYS_MAX)? {
        tally.check(NO_STRAYS, false, || format!("a payback of refund {}, which is absent", refund.get()));
    }
    seals::check_counts(reader, &mut tally)?;
    for merchant in reader.merchant_ids()? {
        readable(
            &mut tally,
            || format!("seals of merchant {}", merchant.get()),
            |tally| seals::check(reader, keys, merchant, now, tally),
        )?;
        let strays = reader.stray_idempotency(merchant, STRAYS_MAX)?;
        tally.check(NO_STRAYS, strays.is_empty(), || {
            format!("idempotency records of merchant {} name absent links", merchant.get())
        });
        let wrong = reader.wrong_obligations(merchant, STRAYS_MAX)?;
        tally.check(OBLIGATION_ONCE, wrong.is_empty(), || {
            format!("obligations of merchant {} are not paid by what they name: {wrong:?}", merchant.get())
        });
        let shared = reader.shared_rail_references(merchant, STRAYS_MAX)?;
        tally.check(RAIL_REFERENCE_ONCE, shared.is_empty(), || {
            format!("payments of merchant {} share a rail's reference: {shared:?}", merchant.get())
        });
    }
    readable(&mut tally, || "messages".to_owned(), |tally| deliveries::check_messages(reader, tally))?;
    Ok(tally.report())
}

/// Checks every invariant of these links alone: what [`verify`] says of them, without the rest of the store.
pub fn verify_links(reader: &Reader, ids: &[LinkId], now: Timestamp) -> Result<Report, Trouble> {
    let (mut tally, mut totals) = (Tally::new(), Totals::default());
    check_books(reader, ids, now, &mut totals, &mut tally)?;
    totals.check(&mut tally);
    Ok(tally.report())
}

/// Checks the books of these links. Where a row among them is unreadable, each link is read alone to name it.
fn check_books(
    reader: &Reader,
    ids: &[LinkId],
    now: Timestamp,
    totals: &mut Totals,
    tally: &mut Tally,
) -> Result<(), Trouble> {
    match reader.books(ids) {
        Ok(books) => {
            for book in books {
                check_book(&book, now, totals, tally);
            }
            Ok(())
        }
        Err(Trouble::Broken(_)) if ids.len() > 1 => {
            ids.chunks(1).try_for_each(|one| check_books(reader, one, now, totals, tally))
        }
        Err(Trouble::Broken(fault)) => {
            for id in ids {
                tally.check(ROWS_READABLE, false, || format!("link {}: {fault}", id.get()));
                check_accounts(reader, *id, tally)?;
            }
            Ok(())
        }
        Err(other) => Err(other),
    }
}

fn check_book(book: &Book, now: Timestamp, totals: &mut Totals, tally: &mut Tally) {
    tally.check(ROWS_READABLE, true, String::new);
    tally.check(NO_STRAYS, true, String::new);
    entries::check(book, totals, tally);
    sums::check(book, tally);
    payments::check(book, tally);
    rail::check(book, now, tally);
    refunds::check(book, tally);
    events::check(book, now, tally);
    invoices::check(book, tally);
    deliveries::check(book, tally);
}

/// Names the accounts of an unreadable book that are not in the chart.
fn check_accounts(reader: &Reader, id: LinkId, tally: &mut Tally) -> Result<(), Trouble> {
    readable(
        tally,
        || format!("accounts of link {}", id.get()),
        |tally| {
            for (position, number) in reader.account_numbers(id)? {
                tally.check(ACCOUNT_IN_CHART, Account::from_number(number).is_some(), || {
                    format!("entry {position} of link {}: account {number}", id.get())
                });
            }
            Ok(())
        },
    )
}

/// Runs a check whose unreadable rows are a breach.
fn readable(
    tally: &mut Tally,
    what: impl FnOnce() -> String,
    check: impl FnOnce(&mut Tally) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    match check(tally) {
        Err(Trouble::Broken(fault)) => {
            tally.check(ROWS_READABLE, false, || format!("{}: {fault}", what()));
            Ok(())
        }
        other => other,
    }
}
