//! The books: entries, and the seals over their chains.

use kadi_domain::id::{BookingId, LinkId, MerchantId, PaymentId, SealId};
use kadi_domain::ledger::{Account, Chain, Entry, Posting, Seal};
use kadi_domain::refusal::Fault;
use kadi_domain::view::View;
use kadi_domain::work::{Needs, OpenBooks};

use crate::asks::{Asks, Query};
use crate::row::{Row, first, read};
use crate::sql::{Step, statements};
use crate::value::row;

/// The most chains that are loaded for one seal; the others are for the next.
const HEADS_MAX: i64 = 10_000;

/// The columns that [`entry_of`] reads.
macro_rules! entry_columns {
    () => {
        "entry.link_id, entry.position, entry.booking_id, entry.merchant_id, entry.payment_id, \
        entry.currency, entry.account, entry.debit, entry.credit, entry.booked_at, entry.hash, \
        entry.child_id"
    };
}
pub(crate) use entry_columns;

statements! {
    ENTRY_INSERT(
        link_id Int, position Int, booking_id Int, merchant_id Int, payment_id Int, currency Text,
        account Int, debit Int, credit Int, booked_at Int, hash Bytes, child_id Int,
    ) = { insert "entry" };
    SEAL_INSERT(id Int, merchant_id Int, number Int, sealed_at Int, key_id Int, tag Bytes) =
        { insert "seal" };
    HEAD_INSERT(seal_id Int, link_id Int, chain_count Int, chain_head Bytes) = { insert "seal_head" };
    HEAD_SEALED(link_id Int, chain_count Int) =
        "UPDATE link SET sealed_count = input.chain_count FROM input WHERE link.id = input.link_id \
         AND link.chain_count >= input.chain_count";
    LAST_SEAL(merchant_id Int) =
        "SELECT seal.number, seal.tag FROM seal, input WHERE seal.merchant_id = input.merchant_id ORDER BY \
         seal.number DESC LIMIT 1";
    OPEN_HEADS(merchant_id Int, heads_max Int) =
        "SELECT link.id, link.chain_count, link.chain_head FROM link, input \
         WHERE link.merchant_id = input.merchant_id AND link.chain_count > link.sealed_count ORDER BY \
         link.id LIMIT (SELECT input.heads_max FROM input)";
}

/// Loads the unsealed books that were asked for; of a merchant without any, empty ones. At most 10,000 chains
/// each.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    for id in &needs.books {
        let last = Query { statement: &LAST_SEAL, input: vec![row![*id]] };
        let heads = Query { statement: &OPEN_HEADS, input: vec![row![*id, HEADS_MAX]] };
        asks.several(vec![last, heads], |answers, view| {
            let mut answers = answers.into_iter();
            let mut rows = || answers.next().unwrap_or_default();
            let last = first(rows(), |row| Ok((row.int()?, row.hash()?)))?;
            view.books.load(*id, Some(OpenBooks { last, heads: read(rows(), head_of)? }));
            Ok(())
        });
    }
}

/// The steps that store new entries and seals.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&ENTRY_INSERT, &view.added.entries, |entry| {
        row![
            entry.link_id,
            entry.position,
            entry.booking_id,
            entry.merchant_id,
            entry.payment_id,
            entry.currency,
            entry.posting.account.number(),
            entry.posting.debit,
            entry.posting.credit,
            entry.booked_at,
            &entry.hash,
            entry.posting.child,
        ]
    }));
    let seals = &view.added.seals;
    steps.push(Step::over(&SEAL_INSERT, seals, |seal| {
        row![seal.id, seal.merchant_id, seal.number, seal.sealed_at, seal.key_id, &seal.tag]
    }));
    let heads = || seals.iter().flat_map(|seal| seal.heads.iter().map(|head| (seal.id, head)));
    steps.push(Step::over(&HEAD_INSERT, heads(), |(seal, (link, chain))| {
        row![seal, *link, chain.count, &chain.head]
    }));
    steps.push(Step::over(&HEAD_SEALED, heads(), |(_, (link, chain))| row![*link, chain.count]));
}

/// An entry from the columns of `entry_columns!`.
pub(crate) fn entry_of(row: &mut Row) -> Result<Entry, Fault> {
    let mut entry = Entry {
        link_id: LinkId::new(row.int()?),
        position: row.int()?,
        booking_id: BookingId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        payment_id: PaymentId::new(row.int()?),
        currency: row.currency()?,
        posting: Posting {
            account: Account::from_number(row.int()?)
                .ok_or_else(|| row.fault("is no account of the chart"))?,
            debit: row.minor()?,
            credit: row.minor()?,
            child: None,
        },
        booked_at: row.time()?,
        hash: row.hash()?,
    };
    entry.posting.child = row.opt_int()?.map(MerchantId::new);
    Ok(entry)
}

/// A seal, without its heads, from its row.
pub(crate) fn seal_of(row: &mut Row) -> Result<Seal, Fault> {
    Ok(Seal {
        id: SealId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        number: row.int()?,
        sealed_at: row.time()?,
        key_id: u32::try_from(row.int()?).map_err(|_| row.fault("is no key id"))?,
        tag: row.hash()?,
        heads: Vec::new(),
    })
}

/// A chain's head under its link's id.
pub(crate) fn head_of(row: &mut Row) -> Result<(LinkId, Chain), Fault> {
    Ok((LinkId::new(row.int()?), Chain { count: row.int()?, head: row.hash()? }))
}
