//! `POST /link/fetch`: a merchant's program looks for links.

use axum::extract::{Request as HttpRequest, State};
use axum::response::Response;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::time::Timestamp;
use kadi_engine::{PaymentPage, Reader, Trouble};
use serde::Serialize;

use super::filters;
use super::orders::{Order, Story};
use super::shown::WholeLink;
use crate::door::Door;
use crate::paytm::codes::{NOT_FOUND, No, SUCCESS};
use crate::paytm::envelope::{Answers, ResultInfo, open};
use crate::shared::body::read_body;

/// How many of its newest successful payments a link is shown with; `/link/fetchTransaction` has all.
const TRANSACTIONS_MAX: i64 = 20;

/// The body of the answer (specs, part 4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    result_info: ResultInfo,
    links: Vec<Fetched>,
    page_no: i64,
    page_size: i64,
    total_count: i64,
}

#[derive(Serialize)]
struct Fetched {
    #[serde(flatten)]
    link: WholeLink,
    transactions: Vec<Order>,
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
    let (search, paging) = filters::read(&envelope.body, door.engine.keys())?;
    let (merchant, now, engine) = (account.merchant.id, door.engine.now(), door.engine.clone());
    let query = move |reader: &mut Reader| {
        let found = reader.search_links(merchant, &search, now)?;
        let story = |link| {
            let story = Story::gather(reader, engine.keys(), link)?;
            let paid = successes(reader, &story)?;
            Ok((story, paid))
        };
        let stories = found.links.into_iter().map(story).collect::<Result<Vec<_>, Trouble>>()?;
        Ok((stories, found.total))
    };
    let (stories, total_count) = door.engine.query(query).await?;
    if stories.is_empty() {
        return Err(NOT_FOUND.into());
    }
    let mut links = Vec::new();
    for (story, paid) in &stories {
        let link = WholeLink::of(door, &story.link, &story.texts, None)?;
        links.push(Fetched { link, transactions: story.orders(door.engine.keys(), paid)? });
    }
    let result_info = ResultInfo::success(SUCCESS);
    Ok(Answer { result_info, links, page_no: paging.number, page_size: paging.size, total_count })
}

/// The newest payments that stand captured.
fn successes(reader: &Reader, story: &Story) -> Result<Vec<Payment>, Trouble> {
    if story.link.sums.captured_count == 0 {
        return Ok(Vec::new());
    }
    let page = PaymentPage {
        since: Timestamp::from_ms(i64::MIN),
        until: Timestamp::from_ms(i64::MAX),
        captured_only: true,
        skip: 0,
        limit: TRANSACTIONS_MAX,
    };
    Ok(reader.payments_between(story.link.id, &page)?.payments)
}
