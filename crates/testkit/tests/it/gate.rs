//! Holding the batcher, so that what is submitted meanwhile meets in one batch.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Waker};

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::Needs;
use kadi_engine::command::{Command, Decision, Failure, Lane, Route};
use kadi_engine::engine::Engine;

/// A command that was submitted: whether it was carried out, once that is known.
pub(crate) type Call = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// Starts a call, so that its command waits in the queue when this comes back.
pub(crate) fn queued(call: impl Future<Output = Result<(), Failure>> + Send + 'static) -> Call {
    let mut call: Call = Box::pin(call);
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Pending => call,
        Poll::Ready(end) => Box::pin(std::future::ready(end)),
    }
}

struct Gate {
    entered: Sender<()>,
    opened: Mutex<Receiver<()>>,
}

impl Command for Gate {
    type Reply = ();

    fn route(&self) -> Route {
        Route { lane: Lane::Outcome, merchant: MerchantId::new(0), meets: 0 }
    }

    fn needs(&self, _: &mut Needs) {}

    fn decide(&self, _: &View, _: &mut Moment<'_>) -> Result<Decision<()>, Stop> {
        // Where the batch is decided again the gate stands open.
        let _ = self.entered.send(());
        let _ = self.opened.lock().unwrap().recv();
        Ok(Decision::unchanged(()))
    }
}

/// A batch that is held until this is opened.
pub(crate) struct Held {
    open: Sender<()>,
    call: Call,
}

impl Held {
    /// Lets the batcher go on. Where the store is down the gate has failed already, and nothing was held.
    pub(crate) async fn open(self) {
        let _ = self.open.send(());
        let _ = self.call.await;
    }
}

/// Holds the batcher: from now on everything waits.
pub(crate) fn hold(engine: &Engine) -> Held {
    let ((entered, was_entered), (open, opened)) = (channel(), channel());
    let engine = engine.clone();
    let gate = Gate { entered, opened: Mutex::new(opened) };
    let call = queued(async move { engine.submit(gate).await });
    let _ = was_entered.recv();
    Held { open, call }
}
