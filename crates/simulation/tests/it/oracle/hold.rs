//! Held money, and what is decided about it.

use super::Shop;
use super::link::Link;
use super::price::fits;
use super::refund::Refund;

impl Link {
    /// Decides: "apply" counts all that came, "refund" sends back what is left of it.
    pub(crate) fn decide(
        &mut self,
        shop: &Shop,
        number: usize,
        what: &'static str,
    ) -> Result<(), &'static str> {
        let payment = &self.payments[number];
        if let Some(decided) = payment.decided {
            return if decided == what { Ok(()) } else { Err("HoldDecided") };
        }
        if payment.state != "held" {
            return Err("HoldUnknown");
        }
        let took = payment.took.clone().unwrap();
        if what == "refund" {
            if took.amount == 0 {
                // Nothing came, so there is nothing to send back.
                self.payments[number].decided = Some("refund");
                return Ok(());
            }
            let amount = self.refundable(number);
            if amount <= 0 {
                return Err("HoldUnknown");
            }
            self.payments[number].decided = Some("refund");
            let refund = Refund {
                payment: number,
                amount,
                fee: 0,
                tax: 0,
                of: None,
                cuts: Vec::new(),
                is_of_hold: true,
                is_excess: false,
                state: "pending",
            };
            self.give_back(refund);
            return Ok(());
        }
        let is_foreign = !took.is_ours || !took.is_rupees;
        let (asked, surcharge) = (self.payments[number].applied, self.payments[number].surcharge);
        let (applied, surcharge) =
            if took.amount == asked + surcharge { (asked, surcharge) } else { (took.amount, 0) };
        if is_foreign || took.amount <= 0 || !fits(&self.terms.shares, applied) {
            return Err("HoldNotApplicable");
        }
        if !self.is_room(applied) {
            return Err("HoldHasNoRoom");
        }
        let payment = &mut self.payments[number];
        payment.decided = Some("apply");
        (payment.applied, payment.surcharge) = (applied, surcharge);
        self.count(shop, number);
        Ok(())
    }
}
