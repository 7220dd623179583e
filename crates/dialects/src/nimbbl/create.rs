//! `POST /api/v3/payment-link` and the older `POST /api/v2/payment-link`: a merchant's program asks for a
//! link.

use axum::extract::{Request, State};
use axum::response::Response;
use kadi_engine::commands::create_link::{CreateLink, Once};
use kadi_engine::domain::refusal::Fault;

use super::answer::answer;
use super::caller::authenticate;
use super::codes::No;
use super::members::open;
use super::request::{Asked, Reading};
use super::settings::{DIALECT, SCHEDULED_EVENT};
use super::show::Shown;
use super::whole::Whole;
use crate::door::Door;
use crate::shared::body::read_body;
use crate::shared::fields::Fields;

/// Answers a v3 call.
pub(super) async fn v3(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request, Asked::v3).await)
}

/// Answers a v2 call.
pub(super) async fn v2(State(door): State<Door>, request: Request) -> Response {
    answer(call(&door, request, Asked::v2).await)
}

type Read = fn(&Fields<'_>, Reading) -> Result<Asked, No>;

async fn call(door: &Door, request: Request, read: Read) -> Result<Shown, No> {
    let caller = authenticate(door, request.headers()).await?;
    let bytes = read_body(request).await?;
    let _place = caller.admit(door).await?;
    let reading = Reading { now: door.engine.now(), is_sandbox: door.engine.setup().sandbox };
    let asked = read(&open(&bytes)?, reading)?;
    let tells_scheduled = caller.merchant().setting(DIALECT, SCHEDULED_EVENT) == Some("true");
    let new = asked.link(tells_scheduled)?;
    let command = CreateLink { merchant_id: caller.merchant().id, new: new.clone(), idempotency: None };
    let Once::Done(made) = door.engine.submit(command).await? else {
        return Err(Fault::new("a create without a key was replayed").into());
    };
    let mut shown = Shown::of(door, &caller.key, &Whole::born(made.link, new))?;
    shown.detail = asked.not_set_up(&made.notices);
    Ok(shown)
}
