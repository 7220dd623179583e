//! Refunds, and what the sandbox rail remembers of them.

use kadi_domain::fee::Charges;
use kadi_domain::id::{LinkId, MerchantId, PaymentId, RefundId};
use kadi_domain::refund::{Refund, RefundState};
use kadi_domain::refusal::Fault;
use kadi_domain::sandbox::Payback;
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::Needs;

use crate::asks::Asks;
use crate::codes::{Coded, coded, opt_coded};
use crate::row::{Row, read};
use crate::sql::{Step, Value, statements};
use crate::value::row;

/// The columns that [`refund_of`] reads.
macro_rules! refund_columns {
    () => {
        "refund.id, refund.payment_id, refund.link_id, refund.merchant_id, refund.currency, refund.amount, \
         refund.fee, refund.fee_tax, refund.net, refund.hold_reason, refund.of_merchant, refund.created_at, \
         refund.rail_reference, refund.state, refund.state_at, refund.failure, refund.version, \
         refund.is_excess"
    };
}
pub(crate) use refund_columns;

statements! {
    LOAD(id Int) locks "refund" = {
        concat!(
            "SELECT ", refund_columns!(), " FROM refund, input WHERE refund.id = input.id ORDER BY refund.id"
        )
    };
    INSERT(
        id Int, payment_id Int, link_id Int, merchant_id Int, currency Text, amount Int, fee Int, fee_tax Int,
        net Int, hold_reason Int, of_merchant Int, created_at Int, rail_reference Text, state Int,
        state_at Int, failure Text, version Int, is_excess Int,
    ) = { insert "refund" };
    UPDATE(
        id Int, version Int, fee Int, fee_tax Int, net Int, rail_reference Text, state Int, state_at Int,
        failure Text, is_excess Int,
    ) = "UPDATE refund SET fee = input.fee, fee_tax = input.fee_tax, net = input.net, \
         rail_reference = input.rail_reference, state = input.state, state_at = input.state_at, \
         failure = input.failure, is_excess = input.is_excess, version = input.version + 1 \
         FROM input WHERE refund.id = input.id AND refund.version = input.version";
    PAYBACK_LOAD(refund_id Int) =
        "SELECT payback.refund_id, payback.payment_id, payback.merchant_id, payback.amount, payback.story, \
         payback.settled FROM payback, input WHERE payback.refund_id = input.refund_id";
    PAYBACK_INSERT(
        refund_id Int, payment_id Int, merchant_id Int, amount Int, story Int, settled Int,
    ) = { insert "payback" };
    PAYBACK_UPDATE(refund_id Int, settled Int) =
        "UPDATE payback SET settled = input.settled FROM input WHERE payback.refund_id = input.refund_id";
}

/// Loads the refunds and paybacks that were asked for.
pub(crate) fn ask<'n>(needs: &'n Needs, asks: &mut Asks<'n>) {
    let input = needs.refunds.iter().map(|id| row![*id]).collect();
    asks.one(&LOAD, input, |rows, view| {
        let found = read(rows, refund_of)?;
        view.refunds.load_all(needs.refunds.iter().copied(), found, |refund| refund.id);
        Ok(())
    });
    let input = needs.paybacks.iter().map(|id| row![*id]).collect();
    asks.one(&PAYBACK_LOAD, input, |rows, view| {
        let found = read(rows, payback_of)?;
        view.paybacks.load_all(needs.paybacks.iter().copied(), found, |payback| payback.refund_id);
        Ok(())
    });
}

/// The steps that store new and changed refunds and paybacks.
pub(crate) fn save(view: &View, steps: &mut Vec<Step>) {
    steps.push(Step::over(&INSERT, view.refunds.new_ones(), new_row));
    steps.push(Step::over(&UPDATE, view.refunds.changed_ones(), changed_row));
    steps.push(Step::over(&PAYBACK_INSERT, view.paybacks.new_ones(), |payback| {
        row![
            payback.refund_id,
            payback.payment_id,
            payback.merchant_id,
            payback.amount,
            payback.story.number(),
            payback.settled.map(Coded::number),
        ]
    }));
    steps.push(Step::over(&PAYBACK_UPDATE, view.paybacks.changed_ones(), |payback| {
        row![payback.refund_id, payback.settled.map(Coded::number)]
    }));
}

/// A refund from the columns of `refund_columns!`.
pub(crate) fn refund_of(row: &mut Row) -> Result<Refund, Fault> {
    Ok(Refund {
        id: RefundId::new(row.int()?),
        payment_id: PaymentId::new(row.int()?),
        link_id: LinkId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        currency: row.currency()?,
        amount: row.minor()?,
        shares: Charges { fee: row.minor()?, fee_tax: row.minor()?, net: row.minor()? },
        held: opt_coded(row)?,
        of: row.opt_int()?.map(MerchantId::new),
        created_at: row.time()?,
        rail_reference: row.opt_text()?,
        state: state_of(row)?,
        version: row.int()?,
        is_excess: row.flag()?,
    })
}

/// A payback from its row.
pub(crate) fn payback_of(row: &mut Row) -> Result<Payback, Fault> {
    Ok(Payback {
        refund_id: RefundId::new(row.int()?),
        payment_id: PaymentId::new(row.int()?),
        merchant_id: MerchantId::new(row.int()?),
        amount: row.minor()?,
        story: coded(row)?,
        settled: opt_coded(row)?,
    })
}

fn new_row(refund: &Refund) -> Vec<Value> {
    let (state, at, failure) = state_columns(&refund.state);
    row![
        refund.id,
        refund.payment_id,
        refund.link_id,
        refund.merchant_id,
        refund.currency,
        refund.amount,
        refund.shares.fee,
        refund.shares.fee_tax,
        refund.shares.net,
        refund.held.map(Coded::number),
        refund.of,
        refund.created_at,
        refund.rail_reference.as_ref(),
        state,
        at,
        failure,
        refund.version,
        refund.is_excess,
    ]
}

fn changed_row(refund: &Refund) -> Vec<Value> {
    let (state, at, failure) = state_columns(&refund.state);
    row![
        refund.id,
        refund.version,
        refund.shares.fee,
        refund.shares.fee_tax,
        refund.shares.net,
        refund.rail_reference.as_ref(),
        state,
        at,
        failure,
        refund.is_excess,
    ]
}

fn state_columns(state: &RefundState) -> (i64, Option<Timestamp>, Option<&String>) {
    match state {
        RefundState::Pending => (1, None, None),
        RefundState::Succeeded { at } => (2, Some(*at), None),
        RefundState::Failed { at, reason } => (3, Some(*at), Some(reason)),
        RefundState::Reversed { at } => (4, Some(*at), None),
    }
}

fn state_of(row: &mut Row) -> Result<RefundState, Fault> {
    match (row.int()?, row.opt_time()?, row.opt_text()?) {
        (1, None, None) => Ok(RefundState::Pending),
        (2, Some(at), None) => Ok(RefundState::Succeeded { at }),
        (3, Some(at), Some(reason)) => Ok(RefundState::Failed { at, reason }),
        (4, Some(at), None) => Ok(RefundState::Reversed { at }),
        _ => Err(row.fault("does not fit the state")),
    }
}
