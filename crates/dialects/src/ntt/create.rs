//! Create Payment Link: an invoice from one of the merchant's templates, with a link to pay it.

use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::fields::FieldValues;
use kadi_engine::domain::link::LinkKind;
use kadi_engine::domain::merchant::Merchant;
use kadi_engine::domain::message::{ChannelKind, Notice};
use kadi_engine::domain::template::Template;

use super::answer::yes;
use super::body::{AMOUNT, Body, CUST_EMAIL, CUST_MOBILE, MERCHANT_TXN_ID, TEMPLATE_NO};
use super::caller::Caller;
use super::codes::{
    LINK_SENT, NOTHING_TO_SEND_BY, No, REQUEST_FAILED, SIGNATURE_MISMATCHED, TEMPLATE_NOT_FOUND, USED_BEFORE,
};
use super::filled::fill;
use super::members::Members;
use super::namespaces;
use super::settings::DIALECT;
use super::shown::Shown;
use super::signed::{key_of_create, log_reused};
use super::{callback, templates};
use crate::door::Door;

/// Carries a create out: the signature, the template, its fields, all other members, then the engine's rules.
pub(super) async fn handle(door: &Door, body: &Body<'_>, caller: &Caller) -> Result<String, No> {
    let (amount, txn_id) = (body.demanded(AMOUNT, true)?, body.demanded(MERCHANT_TXN_ID, false)?);
    if caller.is_strict() && !has_two_decimals(&amount) {
        return Err(SIGNATURE_MISMATCHED.with("amount: this merchant demands two decimals"));
    }
    caller.check_signature(door, body, &[&amount, &txn_id])?;
    let _place = caller.admit(door).await?;
    let idempotency = key_of_create(door, caller, &amount, &txn_id).await?;
    let merchant = caller.merchant();
    let template = templates::find(door, merchant, body.demanded(TEMPLATE_NO, true)?).await?;
    let template = template.ok_or(TEMPLATE_NOT_FOUND)?;
    let invoice = fill(&template, body)?;
    let members = Members::read(door, body, merchant, &amount, txn_id)?;
    let channels = channels(door, &members)?;
    let new = link(merchant, &template, invoice, members, channels);
    let references = new.reference_keys(merchant.id);
    let command = CreateLink { merchant_id: merchant.id, new, idempotency: Some(idempotency) };
    let outcome = door.engine.submit(command).await;
    log_reused(merchant.id, &outcome);
    let Once::Done(made) = outcome? else {
        return Err(REQUEST_FAILED.with(USED_BEFORE));
    };
    let shown = Shown::new(door, &caller.merch_id, &made.link, &references)?;
    Ok(yes(LINK_SENT, &shown, not_set_up(&made.notices).as_deref())?)
}

fn has_two_decimals(amount: &str) -> bool {
    amount.rsplit_once('.').is_some_and(|(_, decimals)| decimals.len() == 2)
}

/// The channels of the contacts that were given; refused where there are some and none of them is set up.
fn channels(door: &Door, members: &Members) -> Result<Vec<ChannelKind>, No> {
    let all = [ChannelKind::Email, ChannelKind::Sms];
    let asked: Vec<_> =
        all.into_iter().filter(|channel| members.contact.of_channel(*channel).is_some()).collect();
    let is_possible = asked.iter().any(|channel| door.engine.setup().has(*channel));
    if asked.is_empty() || is_possible { Ok(asked) } else { Err(REQUEST_FAILED.with(NOTHING_TO_SEND_BY)) }
}

fn link(
    merchant: &Merchant,
    template: &Template,
    invoice: FieldValues,
    members: Members,
    send: Vec<ChannelKind>,
) -> NewLink {
    NewLink {
        origin: DIALECT,
        kind: LinkKind::Invoice,
        currency: Currency::INR,
        amount: Some(members.amount),
        uses: Use::Once,
        name: template.name.clone(),
        description: String::new(),
        expiry: Expiry::At(members.expires_at),
        contact: members.contact,
        send,
        lines: Vec::new(),
        texts: members.texts,
        references: vec![(namespaces::MERCHANT_TXN_ID, members.txn_id)],
        subscriptions: callback::subscriptions(merchant),
        extras: Extras { invoice: Some(invoice), ..Extras::default() },
    }
}

/// The contacts that nobody could write to.
fn not_set_up(notices: &[Notice]) -> Option<String> {
    let named = notices.iter().filter_map(|notice| match notice {
        Notice::Impossible(ChannelKind::Email) => Some(CUST_EMAIL.name()),
        Notice::Impossible(ChannelKind::Sms | ChannelKind::WhatsApp) => Some(CUST_MOBILE.name()),
        Notice::Accepted(_) => None,
    });
    let names: Vec<_> = named.collect();
    (!names.is_empty()).then(|| format!("{}: no such channel is set up", names.join(", ")))
}
