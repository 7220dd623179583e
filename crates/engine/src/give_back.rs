//! Giving money back: the refund is committed, then the rail is called, then its word is committed.

use kadi_domain::payment::Payment;
use kadi_domain::rail::RefundReport;
use kadi_domain::refund::{Refund, RefundState};

use crate::command::Failure;
use crate::commands::record_refund::{KeepAsking, RecordRefund};
use crate::engine::Engine;
use crate::ports::{Rail, RefundOrder, RefundWord};

/// Asks the rail for a refund, or about one that it was asked for before (`is_first` tells), and believes it.
/// The refund's id is its key at the rail, so an order whose answer was lost is never carried out twice.
pub async fn give_back(
    engine: &Engine,
    rail: &dyn Rail,
    payment: &Payment,
    refund: &Refund,
    is_first: bool,
) -> Result<(), Failure> {
    let order = || RefundOrder {
        refund_id: refund.id,
        payment_id: payment.beside.unwrap_or(payment.id),
        merchant_id: refund.merchant_id,
        account: payment.rail_account.clone(),
        rail_reference: payment.reference().unwrap_or_default().to_owned(),
        amount: refund.amount,
        currency: refund.currency,
    };
    let word = if is_first && refund.state == RefundState::Pending {
        rail.refund(order()).await
    } else {
        match rail.check_refund(refund.id).await {
            RefundWord::NotFound if refund.state == RefundState::Pending => rail.refund(order()).await,
            RefundWord::NotFound => {
                let reason = "the rail has never heard of it".to_owned();
                RefundWord::Report(RefundReport::Failed { reason })
            }
            known @ (RefundWord::Report(_) | RefundWord::Silence) => known,
        }
    };
    let RefundWord::Report(report) = word else { return keep_asking(engine, refund).await };
    let is_last = report != RefundReport::Pending;
    match engine.submit(RecordRefund::answering(refund, report)).await {
        Ok(_) if is_last => Ok(()),
        Ok(_) => keep_asking(engine, refund).await,
        Err(Failure::Broken(fault)) => {
            let id = refund.id.get();
            tracing::error!(refund = id, %fault, "a rail's word about a refund cannot be booked");
            keep_asking(engine, refund).await
        }
        Err(failure) => Err(failure),
    }
}

async fn keep_asking(engine: &Engine, refund: &Refund) -> Result<(), Failure> {
    engine.submit(KeepAsking { merchant_id: refund.merchant_id, refund_id: refund.id }).await
}
