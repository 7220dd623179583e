//! The end of a story: everybody outside answers, all work is done, and the books are what the rail did.

use kadi_domain::delivery::DeliveryState;
use kadi_domain::message::{MessageState, Occasion};
use kadi_domain::time::DAY_MS;

use super::telling::{Play, Wrong};
use crate::oracle::SayBack;
use crate::story::{Size, Tells};
use crate::till::Deed;

/// After so long nothing may be left to do.
const PATIENCE_MS: i64 = 8 * DAY_MS;

impl Play<'_> {
    pub(super) async fn end(&mut self) -> Result<(), Wrong> {
        self.is_ending = true;
        self.till.memory().is_deaf = false;
        self.till.memory().next_refund = None;
        // Refunds that the rail has not heard of by now are ordered before it speaks its last word.
        self.pass((self.dead_until - self.now()).max(0)).await?;
        self.settle();
        self.pay_back_after_all().await?;
        for payment in 0..self.payments.len() {
            if self.owed.contains(&self.payments[payment]) {
                self.notice(payment, Tells::Truth, 1).await?;
            }
        }
        for refund in 0..self.refunds.len() {
            if self.owed_back.contains(&self.refunds[refund]) {
                self.notice_back(refund, true).await?;
            }
        }
        self.pass(PATIENCE_MS).await?;
        if let Some(next) = self.next_due() {
            return Err(format!("there is a job still, due in {} ms", next - self.now()));
        }
        self.seal().await?;
        (0..self.links.len()).try_for_each(|link| self.check_truth(link))?;
        (0..self.links.len()).try_for_each(|link| self.check_heard(link))
    }

    /// Seldom the last thing that happens: a refund is denied, the money refunded once more, and then the
    /// rail pays the first after all, for which nothing is left.
    async fn pay_back_after_all(&mut self) -> Result<(), Wrong> {
        let is_left = |(link, number): &(usize, usize)| {
            let model = &self.links[*link].model;
            model.payments[*number].state == "captured" && model.refundable(*number) > 0
        };
        let Some(payment) = self.payments.iter().position(is_left).filter(|_| self.chance.percent(10)) else {
            return Ok(());
        };
        let first = self.refunds.len();
        for word in [SayBack::Failed, SayBack::Paid] {
            self.refund(payment, None, &[Size::Asked], (word, true)).await?;
            self.work_due().await?;
        }
        self.turn_back(first, true).await
    }

    /// Every event reached every endpoint that took it, and nobody waits for one still.
    fn check_heard(&self, link: usize) -> Result<(), Wrong> {
        let messages = self.stage.reader.messages(None, 10_000).unwrap();
        let own: Vec<_> = messages.iter().filter(|message| message.link_id == self.links[link].id).collect();
        let receipts = own.iter().filter(|message| matches!(message.occasion, Occasion::Receipt { .. }));
        let (found, expected) =
            ((own.len(), receipts.count()), self.links[link].model.messages(&self.story.shop));
        if found != expected || own.iter().any(|message| message.state == MessageState::Queued) {
            return Err(format!("messages and receipts of link {link}: {found:?}, expected {expected:?}"));
        }
        for delivery in self.stage.reader.deliveries_of(self.links[link].id).unwrap() {
            let is_taken = self.delivered.contains(&delivery.id);
            let is_right = match delivery.state {
                DeliveryState::Waiting => false,
                DeliveryState::Delivered { .. } => is_taken,
                DeliveryState::Parked { .. } => !is_taken,
            };
            if !is_right {
                return Err(format!("a delivery of link {link} is {:?}, taken: {is_taken}", delivery.state));
            }
        }
        Ok(())
    }

    /// The rail leaves nothing open.
    fn settle(&mut self) {
        for payment in 0..self.payments.len() {
            let (link, number) = self.payments[payment];
            let id = self.links[link].payments[number];
            if self.till.memory().deeds.get(&id) == Some(&Deed::Waits) {
                let is_good = self.chance.percent(50);
                drop(self.turn(payment, is_good));
            }
        }
        for payback in self.till.memory().paybacks.values_mut().filter(|known| known.word == SayBack::Pending)
        {
            payback.word = SayBack::Paid;
        }
    }

    /// What the rail has done is what stands in the books, to the last unit.
    fn check_truth(&self, link: usize) -> Result<(), Wrong> {
        let told = &self.links[link];
        let memory = self.till.memory();
        let mut at_rail = 0;
        for (number, id) in told.payments.iter().enumerate() {
            let (state, took) = match memory.deeds.get(id) {
                Some(Deed::Took(taken)) => ("captured or held", taken.charged.get()),
                Some(Deed::TookBack(_)) => ("reversed", 0),
                Some(Deed::Declined | Deed::Waits) | None => ("failed", 0),
            };
            at_rail += took;
            let shown = told.model.payments[number].state;
            if !state.split(" or ").any(|state| state == shown) {
                return Err(format!("payment {number} of link {link} is {shown}, the rail says {state}"));
            }
        }
        for (number, id) in told.refunds.iter().enumerate() {
            let paid = memory.paybacks.get(id).filter(|known| known.word == SayBack::Paid);
            at_rail -= paid.map_or(0, |known| known.amount);
            let shown = told.model.refunds[number].state;
            if paid.is_some() != (shown == "succeeded") {
                return Err(format!("refund {number} of link {link} is {shown}, the rail paid {paid:?}"));
            }
        }
        let balances = told.model.balances();
        let of_rail = balances.iter().filter(|(account, _)| account.ends_with("rail_receivable"));
        let booked: i64 = of_rail.map(|(_, balance)| balance).sum();
        if booked == at_rail {
            Ok(())
        } else {
            Err(format!("link {link}: the rail has {at_rail}, the books say {booked}"))
        }
    }
}
