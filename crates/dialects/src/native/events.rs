//! `GET /v1/events`: what happened, each event with the facts of its moment.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use kadi_engine::domain::event::Event;
use kadi_engine::domain::id::EventId;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refund::Refund;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::faces::link_as_of;
use kadi_engine::{Reader, Trouble};

use super::caller::Caller;
use super::links::Shown;
use super::page::Page;
use super::problem::Problem;
use super::refunds::show_refund;
use super::show::{show_event, show_payment};
use super::wire::{EventData, EventList};
use crate::door::Door;

struct Row {
    event: Event,
    shown: Shown,
    payment: Option<Payment>,
    refund: Option<Refund>,
}

/// Lists the merchant's events, newest first.
#[utoipa::path(
    get, path = "/v1/events",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100, 20 unless said"),
        ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page of events", body = EventList),
        (status = 422, description = "`invalid_request`"),
    )
)]
pub(super) async fn list(
    State(door): State<Door>,
    headers: HeaderMap,
    page: Result<Page, Problem>,
) -> Result<Json<EventList>, Problem> {
    let caller = Caller::read(&door, &headers).await?;
    let page = page?;
    let merchant_id = caller.merchant.id;
    let (engine, after, rows) = (door.engine.clone(), page.after.map(EventId::new), page.rows());
    let query = move |reader: &mut Reader| {
        let events = reader.events_page(merchant_id, after, rows)?;
        let row = |event: Event| {
            let link = reader.link(event.link_id)?;
            let link = link.ok_or_else(|| Trouble::Broken(Fault::new("an event without its link")))?;
            let link = link_as_of(reader, link, event.number)?;
            let payment = event.payment_id.map(|id| reader.payment(id)).transpose()?.flatten();
            let refund = event.refund_id.map(|id| reader.refund(id)).transpose()?.flatten();
            Ok(Row { shown: Shown::gather(reader, engine.keys(), link)?, payment, refund, event })
        };
        events.into_iter().map(row).collect::<Result<Vec<_>, Trouble>>()
    };
    let (rows, next) = page.cut(door.engine.query(query).await?, |row| row.event.id.get());
    let mut data = Vec::new();
    for row in &rows {
        let about = (row.payment.as_ref(), row.refund.as_ref());
        let told = event_data(&door, &row.event, &row.shown, about)?;
        data.push(show_event(&row.event, true, told)?);
    }
    Ok(Json(EventList { data, next }))
}

/// The link with the event's facts, or the payment or refund as it stood at the event.
pub(super) fn event_data(
    door: &Door,
    event: &Event,
    shown: &Shown,
    (payment, refund): (Option<&Payment>, Option<&Refund>),
) -> Result<EventData, Fault> {
    if event.kind.is_refund() {
        let refund = refund.ok_or_else(|| Fault::new("an event without its refund"))?;
        return Ok(EventData::Refund(show_refund(&refund.as_of(event)?)?));
    }
    if event.kind.is_payment() {
        let payment = payment.ok_or_else(|| Fault::new("an event without its payment"))?;
        return Ok(EventData::Payment(Box::new(show_payment(&payment.as_of(event)?)?)));
    }
    Ok(EventData::Link(Box::new(shown.body(door, event.facts)?)))
}
