//! A connection whose requests are watched as their bytes come.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

use super::framing::Framing;

/// How long a stop waits for the rest of requests that have begun to arrive.
const ARRIVAL_TIMEOUT: Duration = Duration::from_secs(2);

/// What is known of the requests of one connection.
#[derive(Clone, Debug)]
pub(super) struct Requests(Arc<Mutex<Framing>>);

impl Requests {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Framing::new())))
    }

    /// Did one come whose end two readers could see in two places?
    pub(super) fn are_ambiguous(&self) -> bool {
        self.ask(|framing| framing.is_ambiguous())
    }

    /// Ends a little after the stop where a request has not wholly arrived by then; otherwise never.
    pub(super) async fn late_at_the_end(&self, mut stop: watch::Receiver<bool>) {
        // Who stops has gone where this fails: that is the end too.
        drop(stop.wait_for(|stops| *stops).await);
        tokio::time::sleep(ARRIVAL_TIMEOUT).await;
        if !self.ask(|framing| framing.is_arriving()) {
            std::future::pending::<()>().await;
        }
    }

    fn ask<T>(&self, question: impl FnOnce(&mut Framing) -> T) -> T {
        question(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The connection.
pub(super) struct Watched<S> {
    stream: S,
    requests: Requests,
}

impl<S> Watched<S> {
    pub(super) const fn new(stream: S, requests: Requests) -> Self {
        Self { stream, requests }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let done = Pin::new(&mut self.stream).poll_read(context, buffer);
        let came = buffer.filled().get(before..).unwrap_or_default();
        if !came.is_empty() {
            self.requests.ask(|framing| framing.read(came));
        }
        done
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
