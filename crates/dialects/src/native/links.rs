//! `/v1/links`: create, get, list, cancel.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use kadi_engine::commands::cancel_link::CancelLink;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::customer::Contact;
use kadi_engine::domain::event::{EventKind, LinkFacts};
use kadi_engine::domain::id::{LinkId, MerchantId};
use kadi_engine::domain::link::Link;
use kadi_engine::domain::reference::ReferenceKey;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::seal::Keyring;
use kadi_engine::{Reader, Trouble};
use serde::Deserialize;

use super::caller::{Write, authenticate};
use super::convert::new_link;
use super::problem::Problem;
use super::show::show_link;
use super::wire::{LinkBody, LinkList, NewLinkBody};
use crate::door::Door;

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The query of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    limit: Option<String>,
    after: Option<String>,
}

impl Page {
    /// The number of rows, 1 to 100, 20 unless said; and the id after which the page begins.
    pub(super) fn read(
        query: Result<Query<Self>, axum::extract::rejection::QueryRejection>,
    ) -> Result<(usize, Option<i64>), Problem> {
        let Query(page) = query.map_err(|rejection| Problem::invalid(rejection.body_text()))?;
        let limit =
            page.limit.map_or(Some(20), |text| text.parse().ok()).filter(|limit| (1..=100).contains(limit));
        let limit = limit.ok_or_else(|| Problem::invalid("limit: must be 1 to 100"))?;
        let after = page
            .after
            .map(|text| text.parse().map_err(|_| Problem::invalid("after: not a cursor")))
            .transpose()?;
        Ok((limit, after))
    }
}

/// A link with what is shown of it.
pub(super) struct Shown {
    pub(super) link: Link,
    pub(super) contact: Contact,
    pub(super) references: Vec<ReferenceKey>,
}

impl Shown {
    /// Adds what is shown of a link.
    pub(super) fn gather(reader: &mut Reader, keys: &Keyring, link: Link) -> Result<Self, Trouble> {
        let customer = link.customer_id.map(|id| reader.customer(id)).transpose()?.flatten();
        let contact = customer.map(|customer| customer.open(keys)).transpose().map_err(Trouble::Broken)?;
        let references = reader.references_of(link.id)?;
        Ok(Self { link, contact: contact.unwrap_or_default(), references })
    }

    /// The body with these facts.
    pub(super) fn body(&self, door: &Door, facts: LinkFacts) -> Result<LinkBody, Fault> {
        show_link(door, &self.link, facts, &self.contact, &self.references)
    }

    fn body_now(&self, door: &Door) -> Result<LinkBody, Fault> {
        self.body(door, LinkFacts::of(&self.link, door.engine.now()))
    }
}

/// The merchant's link with this id.
pub(super) async fn find(door: &Door, merchant: MerchantId, id: &str) -> Result<Shown, Problem> {
    let id = LinkId::new(id.parse().map_err(|_| Problem::not_found())?);
    let engine = door.engine.clone();
    let query = move |reader: &mut Reader| {
        let link = reader.link(id)?.filter(|link| link.merchant_id == merchant);
        link.map(|link| Shown::gather(reader, engine.keys(), link)).transpose()
    };
    door.engine.query(query).await?.ok_or_else(Problem::not_found)
}

/// Makes a payment link.
#[utoipa::path(
    post, path = "/v1/links", request_body = NewLinkBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Carries the request out once")),
    responses(
        (status = 201, description = "The link", body = LinkBody),
        (status = 401, description = "`unauthorized`", body = Problem),
        (status = 409, description = "`idempotency_key_reused` or `reference_used`", body = Problem),
        (status = 422, description = "`invalid_request` or `amount_invalid`", body = Problem),
        (status = 503, description = "`busy`, `unavailable` or `outcome_unknown`", body = Problem),
    )
)]
pub(super) async fn create(State(door): State<Door>, request: Request) -> Result<Response, Problem> {
    let write = Write::read(&door, request).await?;
    let new = new_link(write.json::<NewLinkBody>()?, door.engine.setup().sandbox)?;
    let merchant_id = write.merchant.id;
    let command = CreateLink { merchant_id, new, idempotency: write.idempotency };
    let (shown, is_replay) = match door.engine.submit(command).await? {
        Once::Done(made) => (find(&door, merchant_id, &made.link.id.get().to_string()).await?, false),
        Once::Replayed(link) => (find(&door, merchant_id, &link.get().to_string()).await?, true),
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
        (status = 404, description = "Absent, or another merchant's", body = Problem),
    )
)]
pub(super) async fn get(
    State(door): State<Door>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<LinkBody>, Problem> {
    let merchant = authenticate(&door, &headers).await?;
    Ok(Json(find(&door, merchant.id, &id).await?.body_now(&door)?))
}

/// Lists the merchant's links, newest first.
#[utoipa::path(
    get, path = "/v1/links",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses((status = 200, description = "A page of links", body = LinkList))
)]
pub(super) async fn list(
    State(door): State<Door>,
    headers: HeaderMap,
    query: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<LinkList>, Problem> {
    let merchant = authenticate(&door, &headers).await?;
    let (limit, after) = Page::read(query)?;
    let engine = door.engine.clone();
    let rows = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let query = move |reader: &mut Reader| {
        let links = reader.links_page(merchant.id, after.map(LinkId::new), rows)?;
        links
            .into_iter()
            .map(|link| Shown::gather(reader, engine.keys(), link))
            .collect::<Result<Vec<_>, _>>()
    };
    let mut shown = door.engine.query(query).await?;
    let has_more = shown.len() > limit;
    shown.truncate(limit);
    let next = has_more.then(|| shown.last().map(|last| last.link.id.get().to_string())).flatten();
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
        (status = 200, description = "The link", body = LinkBody),
        (status = 404, description = "Absent, or another merchant's", body = Problem),
        (status = 409, description = "`link_cancelled`, `link_completed` or `link_expired`", body = Problem),
    )
)]
pub(super) async fn cancel(
    State(door): State<Door>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let write = Write::read(&door, request).await?;
    if !write.body.is_empty() {
        write.json::<Nothing>()?;
    }
    let merchant_id = write.merchant.id;
    let link_id = LinkId::new(id.parse().map_err(|_| Problem::not_found())?);
    let command = CancelLink { merchant_id, link_id, idempotency: write.idempotency };
    let is_replay = match door.engine.submit(command).await? {
        Once::Done(_) => false,
        Once::Replayed(_) => true,
    };
    let shown = find(&door, merchant_id, &id).await?;
    // The answer is written from the event, which never changes, so that a replay reads the same.
    let events = door.engine.query(move |reader: &mut Reader| reader.events_of(link_id)).await?;
    let event = events.iter().find(|event| event.kind == EventKind::LinkCancelled);
    let facts = event.ok_or_else(|| Fault::new("a cancelled link without its event"))?.facts;
    let mut response = Json(shown.body(&door, facts)?).into_response();
    mark_replay(response.headers_mut(), is_replay);
    Ok(response)
}

/// A body without members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn mark_replay(headers: &mut HeaderMap, is_replay: bool) {
    if is_replay {
        headers.insert(REPLAYED, axum::http::HeaderValue::from_static("true"));
    }
}
