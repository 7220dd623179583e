//! `POST /pods`: a merchant's program hangs up a pod.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::amount::Currency;
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::LinkKind;
use kadi_engine::domain::message::ChannelKind;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::HOUR_MS;

use super::answer::answer;
use super::basket;
use super::callback::subscription;
use super::caller::authenticate;
use super::codes::No;
use super::namespaces::BASKET;
use super::pod::Pod;
use super::settings::DIALECT;
use crate::door::Door;

const MEMBERS: [&str; 6] = ["basket", "label", "price", "hours", "phone", "mail"];

/// Answers one call.
pub(super) async fn handle(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request).await)
}

async fn call(door: &Door, request: Request) -> Result<Pod, No> {
    let caller = authenticate(door, request).await?;
    let command =
        CreateLink { merchant_id: caller.merchant().id, new: link(&caller.body)?, idempotency: None };
    match door.engine.submit(command).await? {
        Once::Done(made) => Ok(Pod::of(door, &made.link)?),
        Once::Replayed(_) => Err(Fault::new("a create without a key was replayed").into()),
    }
}

/// The link that the body asks for; it is sent wherever there is a contact.
fn link(body: &[u8]) -> Result<NewLink, No> {
    let fields = basket::open(body, &MEMBERS)?;
    let (reference, name) = (basket::line(&fields, "basket")?, basket::line(&fields, "label")?);
    let (amount, hours) = (basket::amount(&fields)?, basket::hours(&fields)?);
    let (phone, mail) = (basket::phone(&fields)?, basket::mail(&fields)?);
    let by_sms = phone.as_ref().map(|_| ChannelKind::Sms);
    let by_mail = mail.as_ref().map(|_| ChannelKind::Email);
    Ok(NewLink {
        origin: DIALECT,
        kind: LinkKind::Fixed,
        currency: Currency::INR,
        amount: Some(amount),
        uses: Use::Once,
        name,
        description: String::new(),
        expiry: Expiry::After { ms: hours.saturating_mul(HOUR_MS) },
        contact: Contact { mobile: phone.map(Pii::new), email: mail.map(Pii::new), ..Contact::default() },
        send: by_sms.into_iter().chain(by_mail).collect(),
        lines: Vec::new(),
        texts: Vec::new(),
        references: vec![(BASKET, reference)],
        subscriptions: vec![subscription()],
        extras: Extras::default(),
    })
}
