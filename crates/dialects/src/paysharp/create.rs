//! `POST /linkpayment`: a merchant's program asks for a payment link.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::amount::{Currency, Minor};
use kadi_engine::domain::create::{Expiry, Extras, NewLink, Use};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::link::{Link, LinkKind};
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::secret::Pii;
use kadi_engine::domain::time::HOUR_MS;
use serde::Serialize;

use super::answer::answer;
use super::callback::subscription;
use super::caller::authenticate;
use super::codes::No;
use super::link_id::link_payment_id;
use super::members;
use super::money::Money;
use super::paid::date;
use super::send::Send;
use super::settings::DIALECT;
use crate::door::Door;
use crate::shared::body::read_body;
use crate::shared::fields::Fields;

/// `data` of the answer (specs, part 3).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    link_payment_url: String,
    link_payment_id: String,
    amount: Money,
    remarks: String,
    validity: i64,
    created_date: String,
    expired_date: String,
    customer_name: String,
    customer_mobile_no: String,
    customer_email: String,
    #[serde(flatten)]
    send: Send,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// A request that passed every check but those of the merchant's limits.
struct Asked {
    amount: Minor,
    remarks: String,
    validity_h: i64,
    customer_name: String,
    mobile: String,
    email: Option<String>,
    send: Send,
}

/// Answers one call.
pub(super) async fn handle(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request).await)
}

async fn call(door: &Door, request: Request) -> Result<Created, No> {
    let merchant = authenticate(door, request.headers()).await?;
    let bytes = read_body(request).await?;
    let _place = door.engine.admit(merchant.id).await?;
    let asked = Asked::read(&members::open(&bytes)?)?;
    let new = asked.link();
    let command = CreateLink { merchant_id: merchant.id, new, idempotency: None };
    match door.engine.submit(command).await? {
        Once::Done(made) => Ok(asked.created(door, &made.link)?),
        Once::Replayed(_) => Err(Fault::new("a create without a key was replayed").into()),
    }
}

impl Asked {
    /// Reads the members in the order of the vendor's table; an amount out of range is told last.
    fn read(body: &Fields<'_>) -> Result<Self, No> {
        let amount = members::amount(body)?;
        let remarks = members::line(body, "remarks", 20)?;
        let validity_h = members::validity_h(body)?;
        let customer_name = members::line(body, "customerName", 100)?;
        let mobile = members::mobile(body)?;
        let email = members::email(body)?;
        let send = Send::read(body)?;
        Ok(Self { amount: amount?, remarks, validity_h, customer_name, mobile, email, send })
    }

    fn contact(&self) -> Contact {
        Contact {
            name: Some(Pii::new(self.customer_name.clone())),
            mobile: Some(Pii::new(self.mobile.clone())),
            email: self.email.clone().map(Pii::new),
            ..Contact::default()
        }
    }

    fn link(&self) -> NewLink {
        let contact = self.contact();
        NewLink {
            origin: DIALECT,
            kind: LinkKind::Fixed,
            currency: Currency::INR,
            amount: Some(self.amount),
            uses: Use::Once,
            name: self.remarks.clone(),
            description: String::new(),
            expiry: Expiry::After { ms: self.validity_h * HOUR_MS },
            send: self.send.channels(&contact),
            contact,
            lines: Vec::new(),
            texts: Vec::new(),
            extras: Extras::default(),
            references: Vec::new(),
            subscriptions: vec![subscription()],
        }
    }

    fn created(self, door: &Door, link: &Link) -> Result<Created, Fault> {
        let id = link_payment_id(door, link.id)?;
        let end = link.expires_at.ok_or_else(|| Fault::new("a link of this dialect without an end"))?;
        Ok(Created {
            link_payment_url: door.page_url_of(&id),
            link_payment_id: id,
            amount: Money(self.amount.get()),
            remarks: self.remarks,
            validity: self.validity_h,
            created_date: date(link.created_at.ms())?,
            expired_date: date(end.ms())?,
            customer_name: self.customer_name,
            customer_mobile_no: self.mobile,
            customer_email: self.email.unwrap_or_default(),
            detail: self.send.not_set_up(door.engine.setup()),
            send: self.send,
        })
    }
}
