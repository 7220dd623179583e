//! Who waits for a payment's next state: woken by the commit that changed it, whichever process made it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kadi_domain::id::PaymentId;
use kadi_domain::view::View;
use kadi_store::Location;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::command::Failure;
use crate::engine::Engine;

/// The most watches of one process.
pub const WATCHES_MAX: usize = 1_000;
/// The most watches of one payment.
pub const WATCHES_OF_PAYMENT_MAX: usize = 4;
/// How often watched payments are looked at where another process may change them, all in one question.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Every watch of this process.
pub(crate) struct Watches {
    rooms: Mutex<Rooms>,
    /// When other processes' changes were last looked for; none where there are no other processes.
    looked: Option<tokio::sync::Mutex<Instant>>,
}

#[derive(Default)]
struct Rooms {
    /// Whom to wake, by payment.
    waiting: HashMap<PaymentId, watch::Sender<()>>,
    /// How many watches there are in all.
    count: usize,
}

impl Watches {
    pub(crate) fn new(location: &Location) -> Self {
        let looked = match location {
            Location::Sqlite(_) => None,
            Location::Postgres(_) => Some(tokio::sync::Mutex::new(Instant::now())),
        };
        Self { rooms: Mutex::default(), looked }
    }

    /// A commit of this batch has ended, or may have.
    pub(crate) fn change(&self, view: &View) {
        let mut changed = view.payments.changed_ones().peekable();
        if changed.peek().is_some() {
            self.wake(changed.map(|payment| payment.id));
        }
    }

    fn wake(&self, changed: impl Iterator<Item = PaymentId>) {
        let rooms = self.rooms();
        for sender in changed.filter_map(|id| rooms.waiting.get(&id)) {
            sender.send_replace(());
        }
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place among those who wait, if there is one.
    fn join(&self, id: PaymentId) -> Option<watch::Receiver<()>> {
        let mut rooms = self.rooms();
        let others = rooms.waiting.get(&id).map_or(0, watch::Sender::receiver_count);
        if rooms.count >= WATCHES_MAX || others >= WATCHES_OF_PAYMENT_MAX {
            return None;
        }
        rooms.count += 1;
        Some(rooms.waiting.entry(id).or_insert_with(|| watch::Sender::new(())).subscribe())
    }

    fn leave(&self, id: PaymentId) {
        let mut rooms = self.rooms();
        rooms.count = rooms.count.saturating_sub(1);
        // The one that leaves still counts.
        if rooms.waiting.get(&id).is_some_and(|sender| sender.receiver_count() <= 1) {
            rooms.waiting.remove(&id);
        }
    }
}

/// A place among those who wait for a payment; given back when it is dropped.
pub struct Watch {
    engine: Engine,
    id: PaymentId,
    woken: watch::Receiver<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.engine.watches().leave(self.id);
    }
}

impl Engine {
    /// Watches a payment; none where too many watch it, or too many watch at all. What changed before is not
    /// told: read the payment afterwards.
    pub fn watch_payment(&self, id: PaymentId) -> Option<Watch> {
        let woken = self.watches().join(id)?;
        Some(Watch { engine: self.clone(), id, woken })
    }
}

impl Watch {
    /// Ends when the payment has changed, or may have, since this was last asked.
    pub async fn changed(&mut self) {
        let Some(looked) = &self.engine.watches().looked else {
            return woken(&mut self.woken).await;
        };
        loop {
            tokio::select! {
                () = woken(&mut self.woken) => return,
                () = tokio::time::sleep(LOOK_EVERY) => {
                    // Whoever comes first looks for all.
                    if let Ok(mut last) = looked.try_lock()
                        && last.elapsed() >= LOOK_EVERY
                    {
                        *last = Instant::now();
                        if let Err(failure) = look(&self.engine).await {
                            tracing::debug!(?failure, "watched payments could not be looked at");
                        }
                    }
                }
            }
        }
    }
}

/// The sender lives as long as a watch does.
async fn woken(receiver: &mut watch::Receiver<()>) {
    if receiver.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Wakes those whose payment has its last word.
async fn look(engine: &Engine) -> Result<(), Failure> {
    let watched: Vec<PaymentId> = engine.watches().rooms().waiting.keys().copied().collect();
    let settled = engine.query(move |reader| reader.settled_payments(&watched)).await?;
    engine.watches().wake(settled.into_iter());
    Ok(())
}
