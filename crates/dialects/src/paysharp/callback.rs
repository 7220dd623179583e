//! The webhook: the common shape of the vendor's UPI products with `linkPaymentId`, on success only (specs,
//! part 7).

use kadi_engine::domain::amount::Minor;
use kadi_engine::domain::delivery::{EventSet, Subscription};
use kadi_engine::domain::event::EventKind;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::MINUTE_MS;
use serde::Serialize;

use super::link_id::link_payment_id;
use super::money::Money;
use super::namespaces::WEBHOOK;
use super::paid::Paid;
use super::settings::DIALECT;
use crate::door::Door;
use crate::telling::{Call, Telling};

/// When a webhook is tried again (DECISIONS.md): 1, 5, 15 and 60 minutes, and 60 once more.
pub(crate) const DELAYS_MS: [i64; 5] =
    [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS, 60 * MINUTE_MS];

/// The body.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    order_id: String,
    customer_id: &'a str,
    amount: Money,
    #[serde(flatten)]
    paid: Paid,
    status: &'static str,
    remarks: &'a str,
    source: &'static str,
    link_payment_id: String,
    attempt_count: i64,
}

/// The merchant hears of successes at the address of its file: of links that are paid in full.
pub(super) fn subscription() -> Subscription {
    let events = EventSet::of(&[EventKind::LinkCompleted]);
    Subscription { dialect: DIALECT, form: WEBHOOK, url: None, events }
}

/// The call that carries a delivery. Nothing signs it: merchants put a secret into the address.
pub(crate) fn tell(door: &Door, telling: &Telling) -> Result<Call, Fault> {
    // Webhooks of the release before tell of one payment.
    let payments = telling.payment.as_ref().map_or(telling.completed_by.as_slice(), std::slice::from_ref);
    let paid = Paid::of(door, payments)?.ok_or_else(|| Fault::new("a webhook without a payment"))?;
    let amount = payments.iter().map(|payment| payment.applied).try_fold(Minor::ZERO, Minor::plus)?;
    let id = link_payment_id(door, telling.link.id)?;
    let body = Body {
        order_id: format!("lp-{id}"),
        customer_id: telling.contact.mobile.as_ref().map_or("", Pii::expose),
        amount: Money(amount.get()),
        paid,
        status: "SUCCESS",
        remarks: &telling.link.name,
        source: "LINK_PAYMENT",
        link_payment_id: id,
        attempt_count: telling.attempt,
    };
    let body = serde_json::to_string(&body)
        .map_err(|error| Fault::new(format!("a webhook could not be written: {error}")))?;
    Ok(Call { content_type: "application/json", headers: Vec::new(), body })
}
