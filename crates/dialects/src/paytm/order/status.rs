//! `POST /v3/order/status`, and the address that one official client uses: how an order stands.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::Reader;
use kadi_engine::command::Failure;
use kadi_engine::domain::link::{LinkWord, TextKind};
use kadi_engine::domain::payment::{Payment, PaymentState};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::Timestamp;
use serde::Serialize;

use super::answers::{Answers, ResultInfo};
use super::codes::{
    NO_SUCH_TXN, No, ORDER_ID_WRONG, Row, SYSTEM, TXN_FAILED, TXN_PENDING, TXN_SUCCESS, status_no,
};
use super::find::{Order, Standing, find};
use crate::door::Door;
use crate::paytm::callback::bank;
use crate::paytm::caller::Asks;
use crate::paytm::envelope::open;
use crate::paytm::plain::plain;
use crate::shared::amount::money_text;
use crate::shared::body::read_body;
use crate::shared::fields::Fields;
use crate::shared::ist::ist_callback_text;

const ORDER_ID_CHARS_MAX: usize = 50;
/// The kind of every transaction that there is.
const SALE: &str = "SALE";

/// The body of the answer (specs, part 6). Nothing free stands in it: the vendor's Python client verifies
/// only what is plain.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    result_info: ResultInfo,
    #[serde(flatten)]
    transaction: Option<Transaction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    txn_amount: String,
    txn_type: &'static str,
    mid: String,
    refund_amt: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pos_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_unique_reference: Option<String>,
}

/// What there is to say once somebody tried to pay.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Transaction {
    txn_id: String,
    bank_txn_id: String,
    gateway_name: String,
    bank_name: &'static str,
    payment_mode: String,
    txn_date: String,
}

/// Answers one call.
pub(crate) async fn handle(State(door): State<Door>, request: Request) -> Response {
    let mut answers = Answers::new(&door);
    let end = call(&door, request, &mut answers).await;
    answers.end(end)
}

async fn call(door: &Door, request: Request, answers: &mut Answers<'_>) -> Result<Status, No> {
    let bytes = read_body(request).await.map_err(status_no)?;
    let envelope = open(&bytes).map_err(status_no)?;
    let (account, _admitted) = answers.let_in(&envelope, Asks::Nothing).await.map_err(status_no)?;
    let order_id = order_id(&envelope.body)?;
    let kind = envelope.body.filled("txnType", usize::MAX).map_err(|_| SYSTEM)?;
    let (merchant, asked) = (account.merchant.id, order_id.clone());
    let query = move |reader: &mut Reader| reader.snapshot(|reader| find(reader, merchant, &asked));
    let order = door.engine.query(query).await.map_err(status_no)?.ok_or(ORDER_ID_WRONG)?;
    if kind.is_some_and(|kind| kind != SALE) {
        return Err(NO_SUCH_TXN.into());
    }
    let mid = envelope.body.text("mid", usize::MAX).ok().flatten().unwrap_or_default();
    let shown = show(&order, &order_id, mid, door.engine.now());
    shown.map_err(|fault| status_no(Failure::Broken(fault)))
}

fn order_id(body: &Fields<'_>) -> Result<String, No> {
    let id = body.filled("orderId", ORDER_ID_CHARS_MAX).ok().flatten();
    id.ok_or_else(|| ORDER_ID_WRONG.into())
}

fn show(order: &Order, order_id: &str, mid: String, now: Timestamp) -> Result<Status, Fault> {
    let payment = order.payment.as_ref();
    let own = |text: Option<&str>| text.and_then(plain).map(str::to_owned);
    let (amount, refunded) = order.amounts(now);
    Ok(Status {
        result_info: result(order, now).into(),
        transaction: payment.map(Transaction::of).transpose()?,
        order_id: own(Some(order_id)),
        txn_amount: money_text(amount.get()),
        txn_type: SALE,
        mid,
        refund_amt: money_text(refunded.get()),
        pos_id: own(order.text(TextKind::PosId)),
        merchant_unique_reference: own(order.text(TextKind::MerchantReference)),
    })
}

fn result(order: &Order, now: Timestamp) -> Row {
    match order.standing(now) {
        Some(Standing::Paid) => TXN_SUCCESS,
        Some(Standing::Open) => TXN_PENDING,
        Some(Standing::Failed) => TXN_FAILED,
        None => match order.link.word(now) {
            LinkWord::Active | LinkWord::Completed => TXN_PENDING,
            LinkWord::Cancelled | LinkWord::Expired => TXN_FAILED,
        },
    }
}

impl Transaction {
    fn of(payment: &Payment) -> Result<Self, Fault> {
        let at = match &payment.state {
            PaymentState::Captured { at, .. }
            | PaymentState::Failed { at, .. }
            | PaymentState::Held { at, .. }
            | PaymentState::Reversed { at, .. } => *at,
            PaymentState::Started | PaymentState::Pending => payment.created_at,
        };
        let date = ist_callback_text(at.ms()).ok_or_else(|| Fault::new("a date outside the calendar"))?;
        let reference = payment.reference().and_then(plain).unwrap_or_default();
        Ok(Self {
            txn_id: payment.id.get().to_string(),
            bank_txn_id: reference.to_owned(),
            gateway_name: payment.rail.to_uppercase(),
            bank_name: bank(payment),
            payment_mode: payment.mode.clone(),
            txn_date: date,
        })
    }
}
