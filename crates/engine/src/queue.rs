//! The commands that wait for a batcher: lanes with weights, and a fair turn for each merchant within a lane.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use kadi_domain::id::MerchantId;

use crate::command::Lane;
use crate::ticket::Queued;

/// The most commands that wait for one batcher.
pub(crate) const WAITING_MAX: usize = 8_192;
/// The most commands of one merchant and lane that wait for one batcher.
pub(crate) const SHARE_MAX: usize = WAITING_MAX / 4;
/// The most commands of one batch.
pub(crate) const BATCH_MAX: usize = 256;

/// How many places of a full batch each lane has for sure; what a lane leaves free goes to the next ones.
const WEIGHTS: [(Lane, usize); 4] =
    [(Lane::Outcome, 112), (Lane::Request, 96), (Lane::Page, 32), (Lane::Job, 16)];

pub(crate) struct Queue {
    inner: Mutex<Inner>,
    filled: Condvar,
}

#[derive(Default)]
struct Inner {
    lanes: BTreeMap<Lane, Waiting>,
    total: usize,
    is_closed: bool,
    /// Does the batcher wait to be woken? To wake it costs a system call, which a busy one need not.
    is_awaited: bool,
}

/// One lane: each merchant's commands in order, and the merchants in the order of their turns.
#[derive(Default)]
struct Waiting {
    by_merchant: BTreeMap<MerchantId, VecDeque<Box<dyn Queued>>>,
    turns: VecDeque<MerchantId>,
}

/// Why a command was not queued.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// The queue or the merchant's share of it is full.
    Full,
    /// The engine stops.
    Closed,
}

impl Waiting {
    fn push(&mut self, merchant: MerchantId, ticket: Box<dyn Queued>) -> bool {
        let waiting = self.by_merchant.entry(merchant).or_default();
        if waiting.len() >= SHARE_MAX {
            return false;
        }
        if waiting.is_empty() {
            self.turns.push_back(merchant);
        }
        waiting.push_back(ticket);
        true
    }

    fn pop(&mut self) -> Option<Box<dyn Queued>> {
        let merchant = self.turns.pop_front()?;
        let waiting = self.by_merchant.get_mut(&merchant)?;
        let ticket = waiting.pop_front();
        if waiting.is_empty() {
            self.by_merchant.remove(&merchant);
        } else {
            self.turns.push_back(merchant);
        }
        ticket
    }
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self { inner: Mutex::new(Inner::default()), filled: Condvar::new() }
    }

    /// Adds a command.
    pub(crate) fn push(&self, ticket: Box<dyn Queued>) -> Result<(), Rejected> {
        let route = ticket.route();
        let mut inner = self.lock();
        if inner.is_closed {
            return Err(Rejected::Closed);
        }
        if inner.total >= WAITING_MAX
            || !inner.lanes.entry(route.lane).or_default().push(route.merchant, ticket)
        {
            return Err(Rejected::Full);
        }
        inner.total += 1;
        let wake = std::mem::take(&mut inner.is_awaited);
        drop(inner);
        if wake {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Waits until something is there and takes it, never waiting for a batch to fill; none once closed and
    /// empty.
    pub(crate) fn take(&self) -> Option<Vec<Box<dyn Queued>>> {
        let mut inner = self.lock();
        loop {
            let batch = inner.take_batch();
            if !batch.is_empty() {
                return Some(batch);
            }
            if inner.is_closed {
                return None;
            }
            inner.is_awaited = true;
            inner = self.filled.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes no more commands; those that wait are still carried out.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.filled.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn take_batch(&mut self) -> Vec<Box<dyn Queued>> {
        let mut batch = Vec::new();
        for (lane, weight) in WEIGHTS {
            self.take_from(lane, weight, &mut batch);
        }
        for (lane, _) in WEIGHTS {
            self.take_from(lane, BATCH_MAX.saturating_sub(batch.len()), &mut batch);
        }
        batch
    }

    fn take_from(&mut self, lane: Lane, most: usize, batch: &mut Vec<Box<dyn Queued>>) {
        let Some(waiting) = self.lanes.get_mut(&lane) else { return };
        let mut left = most;
        while left > 0 {
            let Some(ticket) = waiting.pop() else { return };
            self.total -= 1;
            if ticket.take() {
                batch.push(ticket);
                left -= 1;
            }
        }
    }
}
