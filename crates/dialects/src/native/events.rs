//! `GET /v1/events`: what happened, each event with the facts of its moment.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use kadi_engine::domain::event::Event;
use kadi_engine::domain::id::EventId;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::{Reader, Trouble};

use super::caller::authenticate;
use super::links::{Page, Shown};
use super::problem::Problem;
use super::show::{show_event, show_payment};
use super::wire::{EventData, EventList};
use crate::door::Door;

struct Row {
    event: Event,
    shown: Shown,
    payment: Option<Payment>,
}

/// Lists the merchant's events, newest first.
#[utoipa::path(
    get, path = "/v1/events",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses((status = 200, description = "A page of events", body = EventList))
)]
pub(super) async fn list(
    State(door): State<Door>,
    headers: HeaderMap,
    query: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<EventList>, Problem> {
    let merchant = authenticate(&door, &headers).await?;
    let (limit, after) = Page::read(query)?;
    let engine = door.engine.clone();
    let rows = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let query = move |reader: &mut Reader| {
        let events = reader.events_page(merchant.id, after.map(EventId::new), rows)?;
        let row = |event: Event| {
            let link = reader.link(event.link_id)?;
            let link = link.ok_or_else(|| Trouble::Broken(Fault::new("an event without its link")))?;
            let payment = event.payment_id.map(|id| reader.payment(id)).transpose()?.flatten();
            Ok(Row { shown: Shown::gather(reader, engine.keys(), link)?, payment, event })
        };
        events.into_iter().map(row).collect::<Result<Vec<_>, Trouble>>()
    };
    let mut rows = door.engine.query(query).await?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = has_more.then(|| rows.last().map(|last| last.event.id.get().to_string())).flatten();
    let mut data = Vec::new();
    for row in &rows {
        let told = event_data(&door, &row.event, &row.shown, row.payment.as_ref())?;
        data.push(show_event(&row.event, true, told)?);
    }
    Ok(Json(EventList { data, next }))
}

/// The link with the event's facts, or the payment as it stood at the event.
pub(super) fn event_data(
    door: &Door,
    event: &Event,
    shown: &Shown,
    payment: Option<&Payment>,
) -> Result<EventData, Fault> {
    if event.kind.is_payment() {
        let payment = payment.ok_or_else(|| Fault::new("an event without its payment"))?;
        return Ok(EventData::Payment(Box::new(show_payment(&payment.as_of(event)?)?)));
    }
    Ok(EventData::Link(Box::new(shown.body(door, event.facts)?)))
}
