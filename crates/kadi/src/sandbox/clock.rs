//! Moving the Kadi clock forward.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use jiff::Timestamp as Instant;
use kadi_dialects::native::Problem;
use kadi_engine::domain::refusal::Fault;
use kadi_engine::domain::time::{DAY_MS, SECOND_MS, Timestamp};
use serde::{Deserialize, Serialize};

use super::router::json;
use crate::worker::Worker;

/// The furthest step: ten years.
const ADVANCE_S_MAX: i64 = 3_653 * DAY_MS / SECOND_MS;

/// The end of 2099, UTC: dates stay dates in every dialect.
const LAST_MOMENT: Timestamp = Timestamp::from_ms(4_102_444_799_000);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: i64,
}

#[derive(Serialize)]
pub(super) struct Now {
    now: String,
}

/// `POST /sandbox/clock`: answers after everything due by then was tried once.
pub(super) async fn advance(
    State(worker): State<Arc<Worker>>,
    request: Request,
) -> Result<Json<Now>, Problem> {
    let Advance { advance_s } = json(request).await?;
    if !(0..=ADVANCE_S_MAX).contains(&advance_s) {
        return Err(Problem::invalid("advance_s: from 0 to ten years; the clock never goes backwards"));
    }
    if worker.door.engine.now().plus_ms(advance_s * SECOND_MS) > LAST_MOMENT {
        return Err(Problem::invalid("advance_s: the clock of the sandbox ends with the year 2099"));
    }
    let now = worker.advance(advance_s * SECOND_MS).await?;
    let now = Instant::from_millisecond(now.ms()).map_err(|_| Fault::new("a time outside the calendar"))?;
    Ok(Json(Now { now: now.to_string() }))
}
