//! A panic of somebody else's code becomes a value.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

/// The code panicked; the panic itself has been reported already.
pub(super) struct Panicked;

/// Runs `talk` to its end or to its panic, whichever comes first.
pub(super) async fn contained<T>(talk: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut talk = pin!(talk);
    poll_fn(|context| {
        // What the panic left half done is dropped with the future, never polled again.
        match catch_unwind(AssertUnwindSafe(|| talk.as_mut().poll(context))) {
            Ok(polled) => polled.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}
