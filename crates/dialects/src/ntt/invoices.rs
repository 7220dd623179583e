//! Resend Payment Link and Cancel Payment Link: the calls that name an invoice.

use std::sync::Arc;

use kadi_engine::command::Failure;
use kadi_engine::commands::cancel_marked_link::{CancelMarkedLink, CancelledLink, IfMarked};
use kadi_engine::commands::resend_link::ResendLink;
use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::invoice::{invoice_number, link_of_invoice_number};
use kadi_engine::domain::link::Link;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::refusal::Refusal;
use kadi_engine::domain::resend::Resend;
use kadi_engine::domain::secret::Pii;
use kadi_engine::faces::LinkFace;
use serde::Serialize;

use super::answer::yes;
use super::body::{Body, INVOICE_NO};
use super::callback;
use super::caller::Caller;
use super::codes::{
    INVOICE_NOT_FOUND, LINK_CANCELLED, LINK_SENT, NOTHING_TO_SEND_BY, No, REQUEST_FAILED,
    SIGNATURE_MISMATCHED,
};
use super::shown::{Shown, merchant_txn_id};
use super::signed::mark_of_resend;
use crate::door::Door;
use crate::shared::text::indian_mobile;

/// How often an invoice may be sent again: the signature of a resend is always the same, so whoever has seen
/// one can send it again. The vendor names no number.
const RESENDS_MAX: i64 = 100;
/// What is said of a cancel whose signature had been seen on a resend.
const SEEN: &str = "signature: was seen on a resend of this invoice before";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cancelled {
    merch_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_txn_id: Option<String>,
    invoice_no: String,
}

/// Sends an invoice again by all channels of its contacts, while it can be paid.
pub(super) async fn resend(door: &Door, body: &Body<'_>, caller: &Caller) -> Result<String, No> {
    let number = body.demanded(INVOICE_NO, false)?;
    let signature = caller.check_signature(door, body, &[&number])?;
    let _place = caller.admit(door).await?;
    let face = find(door, caller, &number).await?;
    body.refuse_others(&[INVOICE_NO])?;
    face.link.check_payable(door.engine.now()).map_err(No::from)?;
    let contact = face.customer.as_ref().map(|customer| customer.open(door.engine.keys())).transpose()?;
    let channels = channels(&contact.unwrap_or_default());
    if channels.is_empty() {
        return Err(REQUEST_FAILED.with(NOTHING_TO_SEND_BY));
    }
    let asked = Resend { channels, to: None, resends_max: Some(RESENDS_MAX) };
    let mark = Some(mark_of_resend(door, &signature)?);
    let (merchant_id, link_id) = (face.link.merchant_id, face.link.id);
    door.engine.submit(ResendLink { merchant_id, link_id, asked, mark }).await?;
    Ok(yes(LINK_SENT, &Shown::new(door, &caller.merch_id, &face.link, &face.references)?, None)?)
}

/// Ends an invoice that is not paid.
pub(super) async fn cancel(door: &Door, body: &Body<'_>, caller: &Caller) -> Result<String, No> {
    let number = body.demanded(INVOICE_NO, false)?;
    let signature = caller.check_signature(door, body, &[&number])?;
    let _place = caller.admit(door).await?;
    let mark = mark_of_resend(door, &signature)?;
    // Told before what is wrong with the rest of the request; the commit asks once more.
    if caller.is_strict() && mark.earlier_now(&door.engine, caller.merchant().id).await?.is_some() {
        return Err(SIGNATURE_MISMATCHED.with(SEEN));
    }
    let face = find(door, caller, &number).await?;
    body.refuse_others(&[INVOICE_NO])?;
    let if_marked = match caller.is_strict() {
        true => IfMarked::Refuse,
        false => IfMarked::Tell(callback::cancel_report(caller.merchant()).into_iter().collect()),
    };
    let (merchant_id, link_id) = (face.link.merchant_id, face.link.id);
    let outcome = door.engine.submit(CancelMarkedLink { merchant_id, link_id, mark, if_marked }).await;
    let CancelledLink { link, is_marked } = match outcome {
        Err(Failure::Refused(Refusal::IdempotencyReused)) => return Err(SIGNATURE_MISMATCHED.with(SEEN)),
        outcome => outcome?,
    };
    if is_marked {
        let (merchant, link) = (merchant_id.get(), link_id.get());
        tracing::warn!(
            merchant,
            link,
            "an invoice was cancelled by a signature that had been seen on a resend"
        );
    }
    let cancelled = Cancelled {
        merch_id: caller.merch_id.clone(),
        merchant_txn_id: merchant_txn_id(&face.references).map(str::to_owned),
        invoice_no: invoice_number(link.id),
    };
    Ok(yes(LINK_CANCELLED, &cancelled, is_marked.then_some(SEEN))?)
}

/// The merchant's link with this number, whatever dialect made it. Amounts of answers are rupees: links in
/// other currencies are not there.
async fn find(door: &Door, caller: &Caller, number: &str) -> Result<Arc<LinkFace>, No> {
    let link = link_of_invoice_number(number).ok_or(INVOICE_NOT_FOUND)?;
    let face = door.engine.link_face(link).await?;
    let is_own = |link: &Link| link.merchant_id == caller.merchant().id && link.currency == Currency::INR;
    face.filter(|face| is_own(&face.link)).ok_or_else(|| INVOICE_NOT_FOUND.into())
}

/// The channels by which a customer can be written to.
fn channels(contact: &Contact) -> Vec<ChannelKind> {
    let has_mobile =
        contact.mobile.as_ref().map(Pii::expose).is_some_and(|text| indian_mobile(text).is_some());
    let all = [(ChannelKind::Email, contact.email.is_some()), (ChannelKind::Sms, has_mobile)];
    all.into_iter().filter(|(_, has_contact)| *has_contact).map(|(channel, _)| channel).collect()
}
