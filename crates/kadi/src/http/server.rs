//! The HTTP server: its own accept loop, so that everything has a time limit and stopping is clean.
//!
//! HTTP/1.1 only: TLS and HTTP/2 are a proxy's, and a connection whose first bytes never come cannot hide
//! behind the choice of a version.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::{CONNECTION, TRANSFER_ENCODING};
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use kadi_dialects::native::Problem;
use kadi_web::routes::Peer;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio_io_timeout::TimeoutStream;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use super::watched::{Requests, Watched};

const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
const STOP_TIMEOUT: Duration = Duration::from_secs(20);
const CONNECTIONS_MAX: usize = 8_192;

/// Serves until told to stop, then finishes the requests under way.
pub(crate) async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let router = router
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT));
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    while !*stop.borrow() {
        let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let mut stream = TimeoutStream::new(stream);
                // A client that does not read its answers does not keep its place.
                stream.set_write_timeout(Some(WRITE_TIMEOUT));
                let requests = Requests::new();
                let stream = TokioIo::new(Watched::new(Box::pin(stream), requests.clone()));
                let router = TowerToHyperService::new(router.clone());
                let peer = Peer(address.ip());
                let service = Answering { router, requests: requests.clone(), peer };
                let connection = graceful.watch(builder().serve_connection(stream, service));
                let stop = stop.clone();
                tokio::spawn(async move {
                    tokio::select! {
                        end = connection => if let Err(error) = end {
                            tracing::debug!(%error, "a connection ended early");
                        },
                        () = requests.late_at_the_end(stop) => {
                            tracing::debug!("a request had not wholly arrived when the server stopped");
                        }
                    }
                    drop(permit);
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: give connections time to end.
                tracing::error!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way at the end");
    }
}

/// The router, for the requests that have one end.
#[derive(Clone)]
struct Answering {
    router: TowerToHyperService<Router>,
    requests: Requests,
    peer: Peer,
}

impl Service<Request<Incoming>> for Answering {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        // The library has passed over the length.
        if request.headers().contains_key(TRANSFER_ENCODING) && self.requests.are_ambiguous() {
            return Box::pin(async { Ok(ambiguous()) });
        }
        request.extensions_mut().insert(self.peer);
        Box::pin(self.router.call(request))
    }
}

/// Nothing that follows on the connection is believed.
fn ambiguous() -> Response {
    let title = "The request has a length and an encoding";
    let mut response = Problem::new(StatusCode::BAD_REQUEST, "ambiguous_length", title).into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Time limits count only with a timer (hyper's own default is none).
fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    builder
}
