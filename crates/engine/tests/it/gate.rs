//! Holding a batch: a command that waits inside its decision, so that what is submitted meanwhile meets in
//! the next batch.

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

/// A submitted command: its caller waits by holding this, and leaves by dropping it.
pub(crate) type Call<T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send>>;

/// Submits a command and comes back once it waits in the queue, or was turned away.
pub(crate) fn submit<C: Command>(engine: &Engine, command: C) -> Result<Call<C::Reply>, Failure> {
    let engine = engine.clone();
    let mut call: Call<C::Reply> = Box::pin(async move { engine.submit(command).await });
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Pending => Ok(call),
        Poll::Ready(Ok(_)) => panic!("answered before a batch could be taken"),
        Poll::Ready(Err(failure)) => Err(failure),
    }
}

/// Submits a command that must find a place in the queue.
pub(crate) fn queued<C: Command>(engine: &Engine, command: C) -> Call<C::Reply> {
    submit(engine, command).unwrap()
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
        // Where the batch is decided again nobody waits any more, and the gate stands open.
        let _ = self.entered.send(());
        let _ = self.opened.lock().unwrap().recv();
        Ok(Decision::unchanged(()))
    }
}

/// A batch that is held until this is opened.
pub(crate) struct Held {
    entered: Receiver<()>,
    open: Sender<()>,
    call: Call<()>,
}

impl Held {
    /// Waits until the batch of the gate is being decided.
    pub(crate) fn wait(&self) {
        self.entered.recv().unwrap();
    }

    /// Lets the batch go on.
    pub(crate) async fn open(self) {
        self.open.send(()).unwrap();
        self.call.await.unwrap();
    }
}

/// Queues a gate behind what waits already.
pub(crate) fn gate(engine: &Engine) -> Held {
    let ((entered, was_entered), (open, opened)) = (channel(), channel());
    let call = queued(engine, Gate { entered, opened: Mutex::new(opened) });
    Held { entered: was_entered, open, call }
}

/// Holds the batcher: from now on everything waits.
pub(crate) fn hold(engine: &Engine) -> Held {
    let held = gate(engine);
    held.wait();
    held
}
