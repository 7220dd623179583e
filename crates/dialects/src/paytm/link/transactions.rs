//! `POST /link/fetchTransaction`: a merchant's program reads the payments of a link.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use kadi_engine::domain::time::Timestamp;
use kadi_engine::{PaymentPage, Reader};
use serde::Serialize;

use super::named::find;
use super::orders::{Order, Story};
use super::paging::{Paging, since, until};
use crate::door::Door;
use crate::paytm::codes::{LINK_ID_MISSING, NOT_FOUND, No, SUCCESS};
use crate::paytm::envelope::{Answers, ResultInfo, open};
use crate::shared::body::read_body;
use crate::shared::fields::{Fields, Wrong};

/// The body of the answer (specs, part 8).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    result_info: ResultInfo,
    link_id: i64,
    orders: Vec<Order>,
    page_no: i64,
    page_size: i64,
    total_count: i64,
}

/// Answers one call.
pub(crate) async fn handle(State(door): State<Door>, request: HttpRequest) -> Response {
    let mut answers = Answers::new(&door);
    let answer = call(&door, request, &mut answers).await;
    answers.answer_to(answer)
}

async fn call(door: &Door, request: HttpRequest, answers: &mut Answers<'_>) -> Result<Answer, No> {
    let bytes = read_body(request).await?;
    let envelope = open(&bytes)?;
    let (account, _admitted) = answers.let_in(&envelope).await?;
    let face = find(door, &account.merchant, &envelope.body, LINK_ID_MISSING).await?;
    let (page, paging) = read(&envelope.body)?;
    let (link, engine) = (face.link.clone(), door.engine.clone());
    let query = move |reader: &mut Reader| {
        let found = reader.payments_between(link.id, &page)?;
        Ok((Story::gather(reader, engine.keys(), link)?, found))
    };
    let (story, found) = door.engine.query(query).await?;
    if found.payments.is_empty() {
        return Err(NOT_FOUND.into());
    }
    Ok(Answer {
        result_info: ResultInfo::success(SUCCESS),
        link_id: story.link.id.get(),
        orders: story.orders(door.engine.keys(), &found.payments)?,
        page_no: paging.number,
        page_size: paging.size,
        total_count: found.total,
    })
}

/// Which payments are asked for: successful ones unless all are.
fn read(body: &Fields<'_>) -> Result<(PaymentPage, Paging), Wrong> {
    let paging = Paging::read(body)?;
    let page = PaymentPage {
        since: since(body, "searchStartDate")?.unwrap_or(Timestamp::from_ms(i64::MIN)),
        until: until(body, "searchEndDate")?.unwrap_or(Timestamp::from_ms(i64::MAX)),
        captured_only: !body.flag_or_text("fetchAllTxns")?.unwrap_or(false),
        skip: paging.skip(),
        limit: paging.size,
    };
    Ok((page, paging))
}
