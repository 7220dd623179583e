//! `GET` by `invoice_id` or by hash: a link with its payer, its product and its transactions, as the vendor's
//! page "Payment Link From Invoice ID" nests them.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use kadi_engine::domain::link::TextKind;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;
use serde_json::value::RawValue;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::{NOT_FOUND, No};
use super::items::{self, Product};
use super::money::rupees;
use super::sign::NimbblKey;
use super::times::time_text;
use super::transactions::{self, Transaction};
use super::user::PayerInfo;
use super::whole::{Name, Whole, find, link_of_hash};
use crate::door::Door;
use crate::shared::js::JsAmount;

type PathText = Result<Path<String>, PathRejection>;

/// The answer, member by member in the order of the page's example; the last one is Kadi's addition
/// (DECISIONS.md).
#[derive(Serialize)]
struct Found {
    payment_link_status: &'static str,
    payment_link_currency: String,
    payment_link_amount: Option<JsAmount>,
    payment_link_amount_paid: JsAmount,
    payment_link_hash: String,
    payment_link_invoice_id: Option<String>,
    sms_sent: bool,
    email_sent: bool,
    created_at: String,
    link_expiry: Option<String>,
    payer_info: PayerInfo,
    payment_link_signature: String,
    product_details: Product,
    transaction: Vec<Transaction>,
    order_line_items: Vec<Box<RawValue>>,
}

/// Answers a call that names the link by `invoice_id`.
pub(super) async fn invoice(State(door): State<Door>, headers: HeaderMap, path: PathText) -> Response {
    answer(call(&door, &headers, path, |_, id| Some(Name::Invoice(id))).await)
}

/// Answers a call that names it by `payment_link_hash`.
pub(super) async fn hash(State(door): State<Door>, headers: HeaderMap, path: PathText) -> Response {
    answer(call(&door, &headers, path, |door, hash| link_of_hash(door, &hash).map(Name::Link)).await)
}

async fn call(
    door: &Door,
    headers: &HeaderMap,
    path: PathText,
    name: fn(&Door, String) -> Option<Name>,
) -> Result<Found, No> {
    let caller = authenticate(door, headers).await?;
    let _place = caller.admit(door).await?;
    let Path(text) = path.map_err(|_| No::from(NOT_FOUND))?;
    let name = name(door, text).ok_or(NOT_FOUND)?;
    let whole = find(door, caller.merchant().id, name).await?;
    Ok(show(door, &caller.key, &whole)?)
}

fn show(door: &Door, key: &NimbblKey, whole: &Whole) -> Result<Found, Fault> {
    let link = &whole.link;
    let code = door.code(link.id)?;
    let lines = items::kept(whole.text(TextKind::Items))?;
    Ok(Found {
        payment_link_status: whole.status(door).word(),
        payment_link_currency: link.currency.code().to_owned(),
        payment_link_amount: link.amount.map(rupees),
        payment_link_amount_paid: rupees(link.sums.captured),
        payment_link_invoice_id: whole.invoice_id.clone(),
        sms_sent: whole.sent_by.contains(&ChannelKind::Sms),
        email_sent: whole.sent_by.contains(&ChannelKind::Email),
        created_at: time_text(link.created_at.ms())?,
        link_expiry: link.expires_at.map(|end| time_text(end.ms())).transpose()?,
        payer_info: PayerInfo::of(&whole.contact, &whole.texts),
        payment_link_signature: whole.signature(door, key)?,
        product_details: Product::of(&lines, link.currency)?,
        transaction: transactions::of(&code, whole)?,
        order_line_items: lines,
        payment_link_hash: code,
    })
}
