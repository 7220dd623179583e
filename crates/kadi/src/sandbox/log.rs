//! A link's events as lines in which nothing is the machine's or the day's: the same story, the same bytes.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kadi_dialects::native::Problem;
use kadi_engine::domain::event::Event;
use kadi_engine::domain::link::LinkWord;
use kadi_engine::domain::time::SECOND_MS;

use crate::worker::Worker;

/// Times are rounded down to so many seconds: what the machine takes by itself is not in them.
const ROUNDED_S: i64 = 10;

/// `GET /sandbox/log/{code}`: one line for each event, in order.
pub(super) async fn show(
    State(worker): State<Arc<Worker>>,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let link = worker.door.link_of(&code).ok_or_else(Problem::not_found)?;
    let events = worker.door.engine.query(move |reader| reader.events_of(link)).await?;
    if events.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], written(&events)).into_response())
}

fn written(events: &[Event]) -> String {
    let start = events.first().map_or(0, |event| event.at.ms());
    let (mut payments, mut refunds) = (Vec::new(), Vec::new());
    let mut text = String::new();
    for event in events {
        let seconds = (event.at.ms() - start) / (ROUNDED_S * SECOND_MS) * ROUNDED_S;
        let payment = event.payment_id.map(|id| format!(" payment={}", place(&mut payments, id)));
        let refund = event.refund_id.map(|id| format!(" refund={}", place(&mut refunds, id)));
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "{} +{seconds}s {}{}{} link={} captured={} refunded={}",
            event.number,
            event.kind.name(),
            payment.unwrap_or_default(),
            refund.unwrap_or_default(),
            word(event.facts.word),
            event.facts.captured.get(),
            event.facts.refunded.get(),
        );
    }
    text
}

/// Its number among those that were named so far, from 1.
fn place<T: PartialEq>(known: &mut Vec<T>, id: T) -> usize {
    let at = known.iter().position(|other| *other == id).unwrap_or_else(|| {
        known.push(id);
        known.len() - 1
    });
    at + 1
}

const fn word(word: LinkWord) -> &'static str {
    match word {
        LinkWord::Active => "active",
        LinkWord::Completed => "completed",
        LinkWord::Cancelled => "cancelled",
        LinkWord::Expired => "expired",
    }
}
