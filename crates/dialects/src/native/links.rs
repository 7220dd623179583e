//! `/v1/links`: create, get, list, cancel.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::create_link::{CreateLink, Idempotency, Once};
use kadi_engine::domain::create::{Extras, NewLink};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::event::{EventKind, LinkFacts};
use kadi_engine::domain::id::{LinkId, MerchantId};
use kadi_engine::domain::invoice::Invoice;
use kadi_engine::domain::link::Link;
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::seal::Keyring;
use kadi_engine::faces::{LinkFace, link_as_of, link_face};
use kadi_engine::{Reader, Trouble};
use serde::Deserialize;

use super::caller::{Caller, Write};
use super::convert::new_link;
use super::invoices::{NewInvoiceBody, drawn};
use super::page::Page;
use super::path::PathId;
use super::problem::Problem;
use super::show::show_link;
use super::wire::{LinkBody, LinkList, NewLinkBody};
use crate::door::Door;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A link with what is shown of it.
pub(super) struct Shown {
    pub(super) link: Link,
    pub(super) contact: Contact,
    pub(super) references: Vec<ReferenceKey>,
    pub(super) extras: Extras,
    pub(super) invoice: Option<Invoice>,
}

impl Shown {
    /// Adds what is shown of a link.
    pub(super) fn gather(reader: &mut Reader, keys: &Keyring, link: Link) -> Result<Self, Trouble> {
        Self::open(keys, &link_face(reader, link)?).map_err(Trouble::Broken)
    }

    fn open(keys: &Keyring, face: &LinkFace) -> Result<Self, Fault> {
        let contact = face.customer.as_ref().map(|customer| customer.open(keys)).transpose()?;
        let (link, references) = (face.link.clone(), face.references.clone());
        let extras = face.extras.clone();
        let invoice = face.invoice.as_ref().map(|sealed| sealed.open(keys)).transpose()?;
        Ok(Self { link, contact: contact.unwrap_or_default(), references, extras, invoice })
    }

    /// The body with these facts.
    pub(super) fn body(&self, door: &Door, facts: LinkFacts) -> Result<LinkBody, Fault> {
        let (contact, invoice) = (&self.contact, self.invoice.as_ref());
        show_link(door, &self.link, facts, contact, &self.references, &self.extras, invoice)
    }

    fn body_now(&self, door: &Door) -> Result<LinkBody, Fault> {
        self.body(door, LinkFacts::of(&self.link, door.engine.now()))
    }
}

/// The merchant's link with this id.
pub(super) async fn find(door: &Door, merchant: MerchantId, id: LinkId) -> Result<Shown, Problem> {
    let face = door.engine.link_face(id).await?.filter(|face| face.link.merchant_id == merchant);
    let face = face.ok_or_else(Problem::not_found)?;
    Ok(Shown::open(door.engine.keys(), &face)?)
}

/// The merchant's link with this id, with the terms with which it was made.
async fn find_as_made(door: &Door, merchant: MerchantId, id: LinkId) -> Result<Shown, Problem> {
    let shown = find(door, merchant, id).await?;
    let link = shown.link.clone();
    let link = door.engine.query(move |reader: &mut Reader| link_as_of(reader, link, 1)).await?;
    Ok(Shown { link, ..shown })
}

/// Makes a link with its invoice, where one is asked for. What was done once is not done again, also where
/// the invoice's template has changed since and would refuse it.
async fn make(
    door: &Door,
    merchant_id: MerchantId,
    mut new: NewLink,
    invoice: Option<NewInvoiceBody>,
    idempotency: Option<Idempotency>,
) -> Result<Once<Shown>, Problem> {
    if let (Some(_), Some(idempotency)) = (&invoice, idempotency)
        && let Some(link) = idempotency.earlier_now(&door.engine, merchant_id).await?
    {
        return Ok(Once::Replayed(link));
    }
    // What the answer shows beside the link is known before: nothing that could fail comes after the commit.
    let (contact, references) = (new.contact.clone(), new.reference_keys(merchant_id));
    let extras = new.extras.clone();
    let invoice = match invoice {
        None => None,
        Some(asked) => {
            let (values, invoice) = drawn(door, merchant_id, asked).await?;
            new.extras.invoice = Some(values);
            Some(invoice)
        }
    };
    Ok(match door.engine.submit(CreateLink { merchant_id, new, idempotency }).await? {
        Once::Done(made) => Once::Done(Shown { link: made.link, contact, references, extras, invoice }),
        Once::Replayed(link) => Once::Replayed(link),
    })
}

/// Makes a payment link.
#[utoipa::path(
    post, path = "/v1/links", request_body = NewLinkBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Carries the request out once")),
    responses(
        (
            status = 201, description = "The link", body = LinkBody,
            headers(
                ("Location" = String, description = "The address of the link in this API"),
                ("Idempotency-Replayed" = Option<String>, description = "`true` where made before"),
            ),
        ),
        (status = 409, description = "`idempotency_key_reused`, `reference_used`, `risk_refused`, \
             `obligation_paid`, `obligation_mismatch` or `obligation_full`"),
        (status = 422, description = "`invalid_request`, `amount_invalid`, `template_unknown` or \
             `invoice_fields_invalid`"),
    )
)]
pub(super) async fn create(State(door): State<Door>, request: Request) -> Result<Response, Problem> {
    let write = Write::read(&door, request).await?;
    let mut body = write.json::<NewLinkBody>()?;
    let (merchant_id, invoice) = (write.caller.merchant.id, body.invoice.take());
    let new = new_link(body, door.engine.setup().sandbox)?;
    let (shown, is_replay) = match make(&door, merchant_id, new, invoice, write.idempotency).await? {
        Once::Done(shown) => (shown, false),
        Once::Replayed(link) => (find_as_made(&door, merchant_id, link).await?, true),
    };
    let born = Shown { link: shown.link.as_born(), ..shown };
    // At its own birth no link is over, whatever the clock says by now.
    let body = born.body(&door, LinkFacts::of(&born.link, born.link.created_at))?;
    let location = format!("{}/v1/links/{}", door.public_url, body.id);
    let mut response = (StatusCode::CREATED, [(LOCATION, location)], Json(body)).into_response();
    mark_replay(response.headers_mut(), is_replay);
    Ok(response)
}

/// Reads a link.
#[utoipa::path(
    get, path = "/v1/links/{id}", params(("id" = String, Path)),
    responses(
        (status = 200, description = "The link", body = LinkBody),
        (status = 404, description = "Absent, or another merchant's"),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    id: PathId,
) -> Result<Json<LinkBody>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    Ok(Json(find(&door, caller.merchant.id, id.link()?).await?.body_now(&door)?))
}

/// Lists the merchant's links, newest first.
#[utoipa::path(
    get, path = "/v1/links",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of links", body = LinkList),
        (status = 422, description = "`invalid_request`"),
    )
)]
pub(super) async fn list(
    State(door): State<Door>,
    headers: HeaderMap,
    page: Result<Page, Problem>,
) -> Result<Json<LinkList>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let page = page?;
    let merchant_id = caller.merchant.id;
    let (engine, after, rows) = (door.engine.clone(), page.after.map(LinkId::new), page.rows());
    let query = move |reader: &mut Reader| {
        let links = reader.links_page(merchant_id, after, rows)?;
        links
            .into_iter()
            .map(|link| Shown::gather(reader, engine.keys(), link))
            .collect::<Result<Vec<_>, _>>()
    };
    let (shown, next) = page.cut(door.engine.query(query).await?, |shown| shown.link.id.get());
    let data = shown.iter().map(|shown| shown.body_now(&door)).collect::<Result<_, _>>()?;
    Ok(Json(LinkList { data, next }))
}

/// Cancels an active link.
#[utoipa::path(
    post, path = "/v1/links/{id}/cancel",
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Carries the request out once"),
    ),
    responses(
        (
            status = 200, description = "The link", body = LinkBody,
            headers(
                ("Idempotency-Replayed" = Option<String>, description = "`true` where cancelled before"),
            ),
        ),
        (status = 404, description = "Absent, or another merchant's"),
        (
            status = 409,
            description = "`link_cancelled`, `link_completed`, `link_expired` or `idempotency_key_reused`",
        ),
        (status = 422, description = "`invalid_request`"),
    )
)]
pub(super) async fn cancel(
    State(door): State<Door>,
    id: PathId,
    request: Request,
) -> Result<Response, Problem> {
    let write = Write::read(&door, request).await?;
    if !write.body.is_empty() {
        write.json::<Nothing>()?;
    }
    let (merchant_id, link_id) = (write.caller.merchant.id, id.link()?);
    let shown = find(&door, merchant_id, link_id).await?;
    let command = CancelLink { merchant_id, link_id, idempotency: write.idempotency, also: Vec::new() };
    let (facts, is_replay) = match door.engine.submit(command).await? {
        Once::Done(link) => (LinkFacts::of(&link, door.engine.now()), false),
        Once::Replayed(_) => (facts_of_cancelling(&door, link_id).await?, true),
    };
    let mut response = Json(shown.body(&door, facts)?).into_response();
    mark_replay(response.headers_mut(), is_replay);
    Ok(response)
}

/// What the first answer showed: the event never changes, whatever becomes of the link.
async fn facts_of_cancelling(door: &Door, link: LinkId) -> Result<LinkFacts, Problem> {
    let events = door.engine.query(move |reader: &mut Reader| reader.events_of(link)).await?;
    let event = events.into_iter().find(|event| event.kind == EventKind::LinkCancelled);
    Ok(event.ok_or_else(|| Fault::new("a cancelled link without its event"))?.facts)
}

/// A body without members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Marks an answer that was given before.
pub(super) fn mark_replay(headers: &mut HeaderMap, is_replay: bool) {
    if is_replay {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
}
