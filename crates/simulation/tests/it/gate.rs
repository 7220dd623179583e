//! Several commands in one batch, in the order in which they are given.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Waker};

use kadi_domain::id::MerchantId;
use kadi_domain::moment::Moment;
use kadi_domain::refusal::Stop;
use kadi_domain::view::View;
use kadi_domain::work::Needs;
use kadi_engine::command::{Command, Decision, Failure, Lane, Route};
use kadi_engine::engine::Engine;

/// A batch of its own that ends when it is told to; what is submitted meanwhile waits for the next one.
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
        self.entered.send(()).unwrap();
        self.opened.lock().unwrap().recv().unwrap();
        Ok(Decision::unchanged(()))
    }
}

/// Submits all of them into one batch; the answers in the same order.
pub(crate) async fn together<C: Command>(
    engine: &Engine,
    commands: Vec<C>,
) -> Vec<Result<C::Reply, Failure>> {
    let ((entered, was_entered), (open, opened)) = (channel(), channel());
    let mut gate = Box::pin(engine.submit(Gate { entered, opened: Mutex::new(opened) }));
    queue(&mut gate);
    was_entered.recv().unwrap();
    let mut calls: Vec<_> = commands.into_iter().map(|command| Box::pin(engine.submit(command))).collect();
    calls.iter_mut().for_each(queue);
    open.send(()).unwrap();
    gate.await.unwrap();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await);
    }
    answers
}

/// Lets a call put its command into the queue. A command of one's own cannot be done yet.
fn queue<F: Future>(call: &mut Pin<Box<F>>) {
    assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
}
