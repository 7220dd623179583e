//! `POST /api/v3/payment-link/enquiry`: how a link stands, with its order and what was paid of it.

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::No;
use super::members::open;
use super::money::rupees;
use super::show::Shown;
use super::transactions::{self, Signed, order_id};
use super::whole::{Name, find};
use crate::door::Door;
use crate::shared::body::read_body;
use crate::shared::js::JsAmount;

/// The answer.
#[derive(Serialize)]
struct Found {
    #[serde(flatten)]
    shown: Shown,
    orders_with_transactions: Vec<Order>,
}

/// The one order of a link.
#[derive(Serialize)]
struct Order {
    order_id: String,
    invoice_id: Option<String>,
    currency: String,
    total_amount: Option<JsAmount>,
    transactions: Vec<Signed>,
}

/// Answers one call.
pub(super) async fn handle(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request).await)
}

async fn call(door: &Door, request: Request) -> Result<Found, No> {
    let caller = authenticate(door, request.headers()).await?;
    let bytes = read_body(request).await?;
    let _place = caller.admit(door).await?;
    let name = Name::read(door, &open(&bytes)?)?;
    let whole = find(door, caller.merchant().id, name).await?;
    let code = door.code(whole.link.id)?;
    let invoice_id = whole.invoice_id.as_deref().unwrap_or_default();
    let transactions = transactions::of(&code, &whole)?;
    let order = Order {
        order_id: order_id(&code),
        invoice_id: whole.invoice_id.clone(),
        currency: whole.link.currency.code().to_owned(),
        total_amount: whole.link.amount.map(rupees),
        transactions: transactions.into_iter().map(|it| it.signed(&caller.key, invoice_id)).collect(),
    };
    let shown = Shown::of(door, &caller.key, &whole)?;
    Ok(Found { shown, orders_with_transactions: vec![order] })
}
