//! One connection with a runtime of its own, driven by hand on its session's thread: nobody who leaves can
//! drop what is under way, and no notice is lost.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::error::{DbError, Severity};
use tokio_postgres::{AsyncMessage, Client, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::PostgresAddress;
use super::errors::trouble;
use crate::trouble::Trouble;

/// How long a server may take to greet: one that hangs takes connections all the same.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

type Tls = <MakeRustlsConnect as tokio_postgres::tls::MakeTlsConnect<Socket>>::Stream;

/// A connection to the server.
pub(super) struct Wire {
    // The connection is dropped before the runtime that its socket belongs to.
    line: Line,
    pub(super) client: Client,
    runtime: Runtime,
}

/// The server's end of it, with the warnings that came since they were last cleared.
struct Line {
    // Dropped as soon as it is lost: only then what still waits for an answer hears that there will be none.
    connection: Option<Connection<Socket, Tls>>,
    warnings: Vec<DbError>,
}

/// Nothing came in time.
#[derive(Debug)]
pub(super) struct TimedOut;

impl Wire {
    /// Connects, greeting included.
    pub(super) fn connect(address: &PostgresAddress) -> Result<Self, Trouble> {
        Self::connect_within(address, CONNECT_PATIENCE)
    }

    fn connect_within(address: &PostgresAddress, patience: Duration) -> Result<Self, Trouble> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Trouble::Down(format!("no runtime: {error}")))?;
        let connecting = address.config().connect(tls()?);
        let connected = runtime.block_on(async { tokio::time::timeout(patience, connecting).await });
        let connected = connected.map_err(|_| Trouble::Down("connect: no answer in time".to_owned()))?;
        let (client, connection) = connected.map_err(|error| trouble("connect", &error))?;
        Ok(Self { line: Line { connection: Some(connection), warnings: Vec::new() }, client, runtime })
    }

    /// Drives `work` and the connection together until `work` is done, at most for `patience`. What timed out
    /// is still under way at the server: the wire must be dropped then.
    pub(super) fn drive<'w, F: Future>(
        &'w mut self,
        patience: Duration,
        work: impl FnOnce(&'w Client) -> F,
    ) -> Result<F::Output, TimedOut> {
        let (line, client) = (&mut self.line, &self.client);
        self.runtime.block_on(line.together(patience, work(client)))
    }

    /// Runs migrations, which want the client for themselves.
    pub(super) fn migrate(
        &mut self,
        patience: Duration,
        runner: refinery::Runner,
    ) -> Result<Result<refinery::Report, refinery::Error>, TimedOut> {
        let (line, client) = (&mut self.line, &mut self.client);
        self.runtime.block_on(line.together(patience, async { runner.run_async(client).await }))
    }

    /// Forgets the warnings so far.
    pub(super) fn clear_warnings(&mut self) {
        self.line.warnings.clear();
    }

    /// The first warning since they were cleared.
    pub(super) fn warning(&self) -> Option<&DbError> {
        self.line.warnings.first()
    }
}

impl Line {
    async fn together<F: Future>(&mut self, patience: Duration, work: F) -> Result<F::Output, TimedOut> {
        let mut work = pin!(work);
        let together = poll_fn(|context| {
            // First the work, so that what it sends goes out with this very poll of the connection.
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            self.poll(context);
            work.as_mut().poll(context)
        });
        tokio::time::timeout(patience, together).await.map_err(|_| TimedOut)
    }

    /// Sends what waits and takes what came, until there is no more.
    fn poll(&mut self, context: &mut Context<'_>) {
        while let Some(connection) = &mut self.connection {
            match connection.poll_message(context) {
                Poll::Pending => return,
                Poll::Ready(Some(Ok(AsyncMessage::Notice(notice)))) => self.keep(notice),
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(Some(Err(_)) | None) => self.connection = None,
            }
        }
    }

    fn keep(&mut self, notice: DbError) {
        if notice.parsed_severity() == Some(Severity::Warning) {
            tracing::warn!(code = notice.code().code(), message = notice.message(), "PostgreSQL warns");
            self.warnings.push(notice);
        }
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("is_lost", &self.line.connection.is_none()).finish_non_exhaustive()
    }
}

/// TLS with the roots that browsers trust.
fn tls() -> Result<MakeRustlsConnect, Trouble> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Trouble::Down(format!("TLS: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// All futures at once, polled in their order: what they send goes out in that order, without waiting for
/// answers.
pub(super) async fn in_order<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(move |context| {
        let mut is_pending = false;
        for (future, done) in running.iter_mut().zip(&mut done) {
            if done.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *done = Some(output),
                    Poll::Pending => is_pending = true,
                }
            }
        }
        if is_pending {
            Poll::Pending
        } else {
            Poll::Ready(done.iter_mut().filter_map(Option::take).collect())
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_server_that_never_greets_is_not_waited_for() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let text = format!("postgres://u@{}/d?sslmode=disable", silent.local_addr().unwrap());
        let address = PostgresAddress::parse(&text).unwrap();
        let refused = Wire::connect_within(&address, Duration::from_millis(50)).unwrap_err();
        assert_eq!(refused, Trouble::Down("connect: no answer in time".to_owned()));
    }
}
