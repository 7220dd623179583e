//! Refunds of split payments: what the children's parts have given back, and what each refund takes of them.

use std::collections::BTreeMap;

use kadi_domain::id::{MerchantId, PaymentId, RefundId};
use kadi_domain::refusal::Fault;
use kadi_domain::shelf::{Fate, Shelf};
use kadi_domain::split::Part;
use kadi_domain::split_refund::{SplitPart, SplitRefund};
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::row::{Row, read};
use crate::sql::{Step, statements};
use crate::tables::parts::positions;
use crate::tables::payments::money_row;
use crate::value::row;

/// The columns that [`part_of`] reads.
macro_rules! part_columns {
    () => {
        "split_part.payment_id, split_part.child_id, split_part.amount, split_part.fee, split_part.fee_tax, \
         split_part.amount_back, split_part.fee_back, split_part.fee_tax_back"
    };
}
pub(crate) use part_columns;

/// The columns that [`refund_of`] reads.
macro_rules! split_refund_columns {
    () => {
        "split_refund.refund_id, split_refund.child_id, split_refund.amount, split_refund.fee, \
         split_refund.fee_tax"
    };
}
pub(crate) use split_refund_columns;

statements! {
    PARTS(link_id Int, payment_id Int) = {
        concat!(
            "SELECT ", part_columns!(), " FROM split_part, input WHERE split_part.link_id = input.link_id \
             AND split_part.payment_id = input.payment_id ORDER BY split_part.payment_id, split_part.position"
        )
    };
    PARTS_OF_MONEY(merchant_id Int, rail Text, rail_account Text, rail_reference Text) = {
        concat!(
            "SELECT ", part_columns!(), " FROM payment, split_part, input \
             WHERE payment.merchant_id = input.merchant_id AND payment.rail = input.rail \
             AND payment.rail_account = input.rail_account AND payment.rail_reference = input.rail_reference \
             AND split_part.link_id = payment.link_id AND split_part.payment_id = payment.id \
             ORDER BY split_part.payment_id, split_part.position"
        )
    };
    PART_INSERT(
        link_id Int, payment_id Int, position Int, child_id Int, amount Int, fee Int, fee_tax Int,
        amount_back Int, fee_back Int, fee_tax_back Int,
    ) = { insert "split_part" };
    PART_UPDATE(
        link_id Int, payment_id Int, position Int, amount_back Int, fee_back Int, fee_tax_back Int,
    ) = "UPDATE split_part SET amount_back = input.amount_back, fee_back = input.fee_back, \
         fee_tax_back = input.fee_tax_back FROM input WHERE split_part.link_id = input.link_id \
         AND split_part.payment_id = input.payment_id AND split_part.position = input.position";
    REFUNDS(link_id Int, refund_id Int) = {
        concat!(
            "SELECT ", split_refund_columns!(),
            " FROM split_refund, input WHERE split_refund.link_id = input.link_id \
             AND split_refund.refund_id = input.refund_id \
             ORDER BY split_refund.refund_id, split_refund.position"
        )
    };
    REFUND_INSERT(
        link_id Int, refund_id Int, position Int, child_id Int, amount Int, fee Int, fee_tax Int,
    ) = { insert "split_refund" };
    REFUND_UPDATE(link_id Int, refund_id Int, position Int, amount Int, fee Int, fee_tax Int) =
        "UPDATE split_refund SET amount = input.amount, fee = input.fee, fee_tax = input.fee_tax \
         FROM input WHERE split_refund.link_id = input.link_id AND split_refund.refund_id = input.refund_id \
         AND split_refund.position = input.position";
}

/// Loads the parts that were asked for. What there is none of is loaded as absent.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.split_parts.iter().map(|(link, payment)| row![*link, *payment]).collect();
    asks.one(&PARTS, input, |rows, view| {
        let mut found = by_owner(rows, part_of)?;
        for key in &needs.split_parts {
            view.split_parts.load(*key, found.remove(&key.1));
        }
        Ok(())
    });
    asks.one(&PARTS_OF_MONEY, needs.split_parts_of_money.iter().map(money_row).collect(), |rows, view| {
        let mut found = by_owner(rows, part_of)?;
        for key in &needs.split_parts_of_money {
            let payment = view.payment_with(Some(key))?;
            let Some(key) = payment.map(|payment| (payment.link_id, payment.id)) else { continue };
            if view.split_parts.get(&key).is_err() {
                view.split_parts.load(key, found.remove(&key.1));
            }
        }
        Ok(())
    });
    let input = needs.split_refunds.iter().map(|(link, refund)| row![*link, *refund]).collect();
    asks.one(&REFUNDS, input, |rows, view| {
        let mut found = by_owner(rows, refund_of)?;
        for key in &needs.split_refunds {
            view.split_refunds.load(*key, found.remove(&key.1));
        }
        Ok(())
    });
}

/// The steps that store new and changed parts. A part keeps its place.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&PART_INSERT, with_fate(&view.split_parts, Fate::New), |(key, at, one)| {
        let SplitPart { child_id, part, back } = one;
        row![
            key.0,
            key.1,
            at,
            *child_id,
            part.amount,
            part.fee,
            part.fee_tax,
            back.amount,
            back.fee,
            back.fee_tax
        ]
    }));
    steps.push(Step::over(&PART_UPDATE, with_fate(&view.split_parts, Fate::Changed), |(key, at, one)| {
        row![key.0, key.1, at, one.back.amount, one.back.fee, one.back.fee_tax]
    }));
    steps.push(Step::over(&REFUND_INSERT, with_fate(&view.split_refunds, Fate::New), |(key, at, one)| {
        row![key.0, key.1, at, one.child_id, one.part.amount, one.part.fee, one.part.fee_tax]
    }));
    steps.push(Step::over(
        &REFUND_UPDATE,
        with_fate(&view.split_refunds, Fate::Changed),
        |(key, at, one)| row![key.0, key.1, at, one.part.amount, one.part.fee, one.part.fee_tax],
    ));
}

/// Every item of the lists with this fate, with its key and its position from 1.
fn with_fate<K, T>(shelf: &Shelf<K, Vec<T>>, wanted: Fate) -> impl Iterator<Item = (K, i64, &T)>
where
    K: Ord + Copy + std::fmt::Debug,
{
    let lists = shelf.fates().filter(move |(.., fate)| *fate == wanted);
    lists.flat_map(|(key, items, _)| {
        positions(items.map_or(&[][..], Vec::as_slice)).map(move |(at, item)| (*key, at, item))
    })
}

/// Lists in order by the payment or refund that their rows begin with.
pub(crate) fn by_owner<K: Ord, T>(
    rows: Vec<Row>,
    one: impl Fn(&mut Row) -> Result<(K, T), Fault>,
) -> Result<BTreeMap<K, Vec<T>>, Fault> {
    let mut found: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for (owner, item) in read(rows, one)? {
        found.entry(owner).or_default().push(item);
    }
    Ok(found)
}

/// A part from the columns of `part_columns!`.
pub(crate) fn part_of(row: &mut Row) -> Result<(PaymentId, SplitPart), Fault> {
    let (payment, child_id) = (PaymentId::new(row.int()?), MerchantId::new(row.int()?));
    Ok((payment, SplitPart { child_id, part: amounts(row)?, back: amounts(row)? }))
}

/// What a refund takes of a part, from the columns of `split_refund_columns!`.
pub(crate) fn refund_of(row: &mut Row) -> Result<(RefundId, SplitRefund), Fault> {
    let (refund, child_id) = (RefundId::new(row.int()?), MerchantId::new(row.int()?));
    Ok((refund, SplitRefund { child_id, part: amounts(row)? }))
}

fn amounts(row: &mut Row) -> Result<Part, Fault> {
    Ok(Part { amount: row.minor()?, fee: row.minor()?, fee_tax: row.minor()? })
}
