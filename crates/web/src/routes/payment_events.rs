//! `GET /p/{code}/payments/{payment}/events`: how a payment stands, told when it changes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;
use kadi_engine::Reader;
use kadi_engine::domain::id::PaymentId;
use kadi_engine::engine::Engine;
use kadi_engine::watches::Watch;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Pages;
use super::request::{PageQuery, failed, notice_page};
use super::shown::Shown;
use crate::Notice;

/// How long a stream lasts; browsers then ask for another.
const STREAM_TIME_MAX: Duration = Duration::from_mins(5);
/// How often a silent stream shows that it lives; proxies end what says nothing for long.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a browser waits before it asks for another stream.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Tells the payment's state now and whenever it changes, until the rail's last word. What is unknown is
/// answered as the page is.
pub(super) async fn follow(
    State(pages): State<Arc<Pages>>,
    Path((code, payment)): Path<(String, String)>,
    query: PageQuery,
    headers: HeaderMap,
) -> Response {
    let lang = query.lang(&headers);
    let here = format!("/p/{code}/payments/{payment}");
    let refuse = |notice| notice_page(notice, None, &here, lang);
    let Some(id) = pages.engine.keys().code().decode_payment(&payment) else {
        return refuse(Notice::Unknown);
    };
    match Shown::find(&pages, &code, Some(id)).await {
        Ok(Some(_)) => {}
        Ok(None) => return refuse(Notice::Unknown),
        Err(failure) => return refuse(failed(failure, None, &here)),
    }
    let Some(watch) = pages.engine.watch_payment(id) else { return refuse(Notice::Trouble { retry: &here }) };
    let following = Following {
        engine: pages.engine.clone(),
        id,
        watch,
        stopping: pages.stopping.clone(),
        until: Instant::now() + STREAM_TIME_MAX,
        told: None,
        is_over: false,
    };
    let events = unfold(following, |mut following| async move {
        let event = following.next().await?;
        Some((Ok::<_, Infallible>(event), following))
    });
    let kept_from = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // A proxy that collects answers would keep the news from the payer.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (kept_from, Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))).into_response()
}

/// One stream.
struct Following {
    engine: Engine,
    id: PaymentId,
    watch: Watch,
    stopping: watch::Receiver<bool>,
    until: Instant,
    /// What was told last.
    told: Option<&'static str>,
    is_over: bool,
}

impl Following {
    /// The next state, once there is one; none where the stream ends.
    async fn next(&mut self) -> Option<Event> {
        while !self.is_over {
            let id = self.id;
            // A store that does not answer now may do so when the browser asks again.
            let payment = self.engine.query(move |reader: &mut Reader| reader.payment(id)).await.ok()??;
            self.is_over = !payment.state.is_open();
            let word = payment.state.word();
            if self.told.replace(word) != Some(word) {
                return Some(Event::default().event("state").data(word).retry(RETRY_AFTER));
            }
            tokio::select! {
                () = self.watch.changed() => {}
                () = tokio::time::sleep_until(self.until) => return None,
                // The sender goes when the server does.
                _ = self.stopping.changed() => return None,
            }
        }
        None
    }
}
