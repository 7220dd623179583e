//! A link as create, update and enquiry answer it.

use kadi_engine::domain::link::TextKind;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;
use serde_json::value::RawValue;

use super::items;
use super::money::rupees;
use super::sign::NimbblKey;
use super::times::time_text;
use super::user::User;
use super::whole::{Whole, payment_link_id};
use crate::door::Door;
use crate::shared::js::JsAmount;
use crate::table::page_url;

/// The members (specs, part 3).
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    payment_link_id: String,
    payment_link_hash: String,
    payment_link_url: String,
    short_url: String,
    invoice_id: Option<String>,
    status: &'static str,
    currency: String,
    total_amount: Option<JsAmount>,
    payment_link_amount_paid: JsAmount,
    created_at: String,
    expires_at: Option<String>,
    user: User,
    order_line_items: Vec<Box<RawValue>>,
    description: String,
    terms_and_conditions: Option<String>,
    callback_url: Option<String>,
    custom_attributes: Option<Box<RawValue>>,
    sms_sent: bool,
    email_sent: bool,
    payment_link_signature: String,
    /// What an answer adds where a channel was asked for that nobody could carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
}

impl Shown {
    /// Of a link.
    pub(super) fn of(door: &Door, key: &NimbblKey, whole: &Whole) -> Result<Self, Fault> {
        let link = &whole.link;
        let (code, url) = (door.code(link.id)?, page_url(door, link)?);
        let own = |kind| whole.text(kind).map(str::to_owned);
        Ok(Self {
            payment_link_id: payment_link_id(&code),
            payment_link_hash: code,
            short_url: url.clone(),
            payment_link_url: url,
            invoice_id: whole.invoice_id.clone(),
            status: whole.status(door).word(),
            currency: link.currency.code().to_owned(),
            total_amount: link.amount.map(rupees),
            payment_link_amount_paid: rupees(link.sums.captured),
            created_at: time_text(link.created_at.ms())?,
            expires_at: link.expires_at.map(|end| time_text(end.ms())).transpose()?,
            user: User::of(&whole.contact, &whole.texts),
            order_line_items: items::kept(whole.text(TextKind::Items))?,
            description: link.description.clone(),
            terms_and_conditions: own(TextKind::Conditions),
            callback_url: own(TextKind::BrowserCallbackUrl),
            custom_attributes: own(TextKind::Attributes).map(raw).transpose()?,
            sms_sent: whole.sent_by.contains(&ChannelKind::Sms),
            email_sent: whole.sent_by.contains(&ChannelKind::Email),
            payment_link_signature: whole.signature(door, key)?,
            detail: None,
        })
    }
}

/// Kept JSON as it was sent.
pub(super) fn raw(text: String) -> Result<Box<RawValue>, Fault> {
    RawValue::from_string(text).map_err(|error| Fault::new(format!("kept JSON is none: {error}")))
}
