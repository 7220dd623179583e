//! A command on its way through a batch, with the caller who waits for its reply.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use kadi_domain::moment::Moment;
use kadi_domain::seal::Keyring;
use kadi_domain::view::View;
use kadi_domain::work::{Changes, Needs};
use tokio::sync::oneshot;

use crate::command::{Command, Failure, Route};

const WAITING: u8 = 0;
const TAKEN: u8 = 1;
const LEFT: u8 = 2;

/// How a batch ended for one of its commands.
#[derive(Clone, Debug)]
pub(crate) enum End {
    /// Its changes are stored: the caller hears what was decided.
    Committed,
    /// The caller hears this instead of what was decided.
    Failed(Failure),
}

/// A command of any type that waits for or stands in a batch.
pub(crate) trait Queued: Send {
    fn route(&self) -> Route;
    /// Takes it for a batch; false where the caller has left, and then it is never carried out.
    fn take(&self) -> bool;
    fn needs(&self, keys: &Keyring, needs: &mut Needs);
    /// Decides and keeps the reply; the changes, or nothing where it was refused or is broken.
    fn decide(&mut self, view: &View, moment: &mut Moment<'_>) -> Option<Changes>;
    /// Replaces what was decided.
    fn fail(&mut self, failure: Failure);
    fn answer(self: Box<Self>, end: End);
}

/// The state of a caller and its command: whoever changes `WAITING` first decides whether it is carried out.
#[derive(Clone)]
pub(crate) struct Presence(Arc<AtomicU8>);

impl Presence {
    fn settle(&self, to: u8) -> bool {
        self.0.compare_exchange(WAITING, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The caller leaves; true where the command had not been taken and will never be carried out.
    pub(crate) fn leave(&self) -> bool {
        self.settle(LEFT)
    }
}

/// Leaves for a caller whose future is dropped.
pub(crate) struct Caller(pub(crate) Presence);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.leave();
    }
}

pub(crate) struct Ticket<C: Command> {
    command: C,
    decided: Result<C::Reply, Failure>,
    presence: Presence,
    reply: oneshot::Sender<Result<C::Reply, Failure>>,
}

type Reply<C> = oneshot::Receiver<Result<<C as Command>::Reply, Failure>>;

impl<C: Command> Ticket<C> {
    pub(crate) fn issue(command: C) -> (Box<dyn Queued>, Presence, Reply<C>) {
        let (reply, receiver) = oneshot::channel();
        let presence = Presence(Arc::new(AtomicU8::new(WAITING)));
        let decided = Err(Failure::Unavailable);
        (Box::new(Self { command, decided, presence: presence.clone(), reply }), presence, receiver)
    }
}

impl<C: Command> Queued for Ticket<C> {
    fn route(&self) -> Route {
        self.command.route()
    }

    fn take(&self) -> bool {
        self.presence.settle(TAKEN)
    }

    fn needs(&self, keys: &Keyring, needs: &mut Needs) {
        self.command.needs(needs);
        self.command.needs_by_index(keys, needs);
    }

    fn decide(&mut self, view: &View, moment: &mut Moment<'_>) -> Option<Changes> {
        match self.command.decide(view, moment) {
            Ok(decision) => {
                self.decided = Ok(decision.reply);
                Some(decision.changes)
            }
            Err(stop) => {
                self.decided = Err(stop.into());
                None
            }
        }
    }

    fn fail(&mut self, failure: Failure) {
        self.decided = Err(failure);
    }

    fn answer(self: Box<Self>, end: End) {
        let reply = match end {
            End::Committed => self.decided,
            End::Failed(failure) => Err(failure),
        };
        // A caller that has gone by now hears nothing; the change stands and can be read.
        drop(self.reply.send(reply));
    }
}
