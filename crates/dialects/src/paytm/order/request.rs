//! The body of a payment request, in the order in which its members are refused.

use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::{LinkKind, LinkText, TextKind};
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::Timestamp;
use kadi_engine::domain::ways::Ways;

use super::codes::{No, request_no};
use super::members;
use crate::paytm::link::splits::{self, Split};
use crate::paytm::namespaces::MERCHANT_ORDER_ID;
use crate::paytm::settings::DIALECT;
use crate::paytm::webhook::webhook_subscription;
use crate::shared::fields::Fields;

/// Reads the members: those with texts of their own first, then the others in the order of the vendor's
/// table.
pub(super) fn read(body: &Fields<'_>, merchant: &Merchant, now: Timestamp) -> Result<(NewLink, Split), No> {
    let order_id = members::order_id(body)?;
    let amount = members::amount(body, merchant)?;
    let expires_at = members::expiry(body, now)?;
    let mobile = members::phone(body)?;
    let mut texts = Vec::new();
    let mut put =
        |kind, value: Option<String>| texts.extend(value.map(|value| LinkText { kind, position: 0, value }));
    put(TextKind::PosId, Some(members::pos_id(body)?));
    let display_name = members::display_name(body)?;
    put(TextKind::OrderDetails, members::prose(body, "orderDetails")?);
    put(TextKind::InvoiceDetails, members::prose(body, "invoiceDetails")?);
    put(TextKind::Comment, members::prose(body, "comment")?);
    put(TextKind::GstInformation, members::gst_information(body)?);
    let caps = members::sub_wallets(body)?;
    let split = splits::read(body).map_err(request_no)?;
    let new = NewLink {
        origin: DIALECT,
        kind: LinkKind::Fixed,
        currency: Currency::INR,
        amount: Some(amount),
        uses: Use::Once,
        name: display_name.unwrap_or_else(|| order_id.clone()),
        description: String::new(),
        expiry: Expiry::At(expires_at),
        contact: Contact { mobile: Some(Pii::new(mobile)), ..Contact::default() },
        send: vec![ChannelKind::Sms],
        lines: Vec::new(),
        texts,
        references: vec![(MERCHANT_ORDER_ID, order_id)],
        subscriptions: vec![webhook_subscription()],
        extras: Extras { ways: Ways { caps, ..Ways::default() }, ..Extras::default() },
    };
    Ok((new, split))
}
