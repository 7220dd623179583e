//! A payment: its place on the link, and what the rail's words make of it.

use super::link::{Kind, Link};
use super::price::{Cost, cost, fits, surcharge};
use super::{PENDING_PLACE_MS, PLACE_MS, Shop};

/// Money that a rail has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Took {
    pub(crate) reference: String,
    pub(crate) amount: i64,
    /// Into the account that was asked for.
    pub(crate) is_ours: bool,
    /// In the currency that was asked for.
    pub(crate) is_rupees: bool,
}

/// A rail's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Say {
    Took(Took),
    Failed,
    Pending,
    /// It has given the money back by itself.
    TookBack(Took),
}

/// A payment.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    /// The page whose form began it, if one did.
    pub(crate) form: Option<u128>,
    pub(crate) rail: &'static str,
    pub(crate) mode: &'static str,
    pub(crate) started_at: i64,
    pub(crate) applied: i64,
    pub(crate) surcharge: i64,
    pub(crate) state: &'static str,
    /// Until when its money may count; so long it holds a place on its link while it is open.
    pub(crate) place: Option<i64>,
    pub(crate) took: Option<Took>,
    /// Why the money is or was held.
    pub(crate) reason: Option<&'static str>,
    /// It was the merchant's once.
    pub(crate) was_captured: bool,
    pub(crate) decided: Option<&'static str>,
    pub(crate) cost: Cost,
}

impl Payment {
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, "started" | "pending")
    }

    pub(crate) fn holds_place(&self) -> bool {
        self.is_open() && self.place.is_some()
    }

    /// Its money is in the link's currency, if it has any.
    pub(crate) fn is_rupees(&self) -> bool {
        self.took.as_ref().is_none_or(|took| took.is_rupees)
    }
}

impl Link {
    /// A payer starts: the number of the payment. A form begins one, however often it is sent.
    pub(crate) fn start(
        &mut self,
        shop: &Shop,
        form: u128,
        (rail, mode): (&'static str, &'static str),
        amount: Option<i64>,
        now: i64,
    ) -> Result<usize, &'static str> {
        if let Some(number) = self.payments.iter().position(|payment| payment.form == Some(form)) {
            return Ok(number);
        }
        self.check_open(now)?;
        let asked = self.left().or(self.terms.amount);
        let amount = amount.or(asked).ok_or("AmountRequired")?;
        if asked.is_none() && amount < shop.min {
            return Err("AmountBelowMinimum");
        }
        self.check_size(amount, asked)?;
        let is_room = self.left().is_none_or(|left| amount <= left - self.reserved());
        if !is_room || !self.is_place() {
            return Err("LinkBusy");
        }
        let surcharge = surcharge(&shop.fees, rail, mode, amount)?;
        self.payments.push(Payment {
            form: Some(form),
            rail,
            mode,
            started_at: now,
            applied: amount,
            surcharge,
            state: "started",
            place: Some(now + PLACE_MS),
            took: None,
            reason: None,
            was_captured: false,
            decided: None,
            cost: Cost::default(),
        });
        Ok(self.payments.len() - 1)
    }

    /// May one payment more succeed beside those that stand and those under way?
    pub(crate) fn is_place(&self) -> bool {
        self.most().is_none_or(|most| self.captured_count() + self.reserved_count() < most)
    }

    fn check_size(&self, amount: i64, asked: Option<i64>) -> Result<(), &'static str> {
        let fits = match (&self.terms.kind, asked) {
            _ if amount <= 0 || amount > 1_000_000_000_000_000 => false,
            (Kind::Parts(most, first, each), Some(left)) => {
                let free = left - self.reserved();
                let stand = self.captured_count() + self.reserved_count();
                let is_last = most.is_some_and(|most| stand + 1 >= most);
                let least = if stand == 0 { *first.max(each) } else { *each };
                let least = if is_last { free } else { least.max(1).min(free) };
                amount <= left && (amount >= least || amount > free)
            }
            (_, Some(asked)) => amount == asked,
            (_, None) => true,
        };
        if fits { Ok(()) } else { Err("AmountInvalid") }
    }

    /// The rail says something about a payment.
    pub(crate) fn hear(&mut self, shop: &Shop, number: usize, say: &Say, now: i64) {
        let payment = &self.payments[number];
        let (state, is_open) = (payment.state, payment.is_open());
        match say {
            Say::Took(took) if is_open || state == "failed" => match self.hold_reason(payment, took, now) {
                // The children's shares are more than what was asked for.
                None if !fits(&self.terms.shares, payment.applied) => {
                    self.hold(shop, number, took, "mismatched");
                }
                None => self.capture(shop, number, took),
                Some(reason) => self.hold(shop, number, took, reason),
            },
            Say::Failed if is_open => {
                self.payments[number].state = "failed";
                self.tell_about("payment.failed", number);
                self.use_up();
            }
            Say::Pending if is_open || state == "failed" => {
                let payment = &mut self.payments[number];
                if state == "started" {
                    payment.state = "pending";
                }
                if payment.place.is_some_and(|until| until > now) {
                    payment.place = Some(payment.started_at + PENDING_PLACE_MS);
                }
            }
            Say::TookBack(took) if is_open || state == "failed" => {
                let payment = &mut self.payments[number];
                (payment.state, payment.place) = ("reversed", None);
                payment.took = Some(took.clone());
                self.tell_about("payment.reversed", number);
                if is_open {
                    self.use_up();
                }
            }
            Say::TookBack(took)
                if matches!(state, "captured" | "held") && payment.took.as_ref() == Some(took) =>
            {
                self.payments[number].state = "reversed";
                self.tell_about("payment.reversed", number);
                let was_completed = state == "captured" && self.status == "completed";
                if was_completed && self.terms.kind != Kind::OneOrder && !self.is_full() {
                    self.status = "active";
                }
            }
            Say::Took(_) | Say::Failed | Say::Pending | Say::TookBack(_) => {}
        }
    }

    /// The rail was asked and had no last word: a place whose time is over is given up.
    pub(crate) fn keep_waiting(&mut self, number: usize, now: i64) {
        let payment = &mut self.payments[number];
        payment.place = payment.place.filter(|until| *until > now);
    }

    fn use_up(&mut self) {
        if self.terms.kind == Kind::OneOrder {
            self.complete();
        }
    }

    fn capture(&mut self, shop: &Shop, number: usize, took: &Took) {
        let payment = &mut self.payments[number];
        payment.place = None;
        payment.took = Some(took.clone());
        self.count(shop, number);
    }

    /// The rail has taken money for a payment a second time, under another reference: that is a payment of
    /// its own, and held. Told twice, it is one.
    pub(crate) fn hear_other(&mut self, shop: &Shop, number: usize, took: &Took, now: i64) {
        if self.payments.iter().any(|payment| payment.took.as_ref() == Some(took)) {
            return;
        }
        self.payments.push(Payment {
            form: None,
            started_at: now,
            applied: took.amount,
            surcharge: 0,
            state: "started",
            place: None,
            took: None,
            reason: None,
            was_captured: false,
            decided: None,
            cost: Cost::default(),
            ..self.payments[number].clone()
        });
        self.hold(shop, self.payments.len() - 1, took, "duplicate");
    }

    /// The money is the merchant's from now on.
    pub(crate) fn count(&mut self, shop: &Shop, number: usize) {
        let payment = &mut self.payments[number];
        (payment.state, payment.was_captured) = ("captured", true);
        payment.cost = cost(&shop.fees, payment.rail, payment.mode, payment.applied);
        self.tell_about("payment.captured", number);
        if self.is_full() || self.terms.kind == Kind::OneOrder {
            if self.status == "expired" {
                self.status = "active";
            }
            self.complete();
        }
    }

    fn hold(&mut self, shop: &Shop, number: usize, took: &Took, reason: &'static str) {
        let payment = &mut self.payments[number];
        (payment.state, payment.place) = ("held", None);
        (payment.took, payment.reason) = (Some(took.clone()), Some(reason));
        self.tell_about("payment.held", number);
        self.use_up();
        if let Some(policy) = shop.policy {
            // What the policy cannot do is left to be decided.
            let _ = self.decide(shop, number, policy);
        }
    }

    /// Why money that came may not count, if it may not.
    fn hold_reason(&self, payment: &Payment, took: &Took, now: i64) -> Option<&'static str> {
        let asked = payment.applied + payment.surcharge;
        let is_in_time = payment.place.is_some_and(|until| until > now);
        if !took.is_rupees {
            Some("currency")
        } else if !took.is_ours || took.amount < asked {
            Some("mismatched")
        } else if took.amount > asked {
            Some("over")
        } else if !is_in_time || !(payment.holds_place() || self.is_room(payment.applied)) {
            Some("late")
        } else {
            None
        }
    }

    /// Is there room for a capture beside what stands and what is under way?
    pub(crate) fn is_room(&self, amount: i64) -> bool {
        let stand = self.captured_count() + self.reserved_count();
        let is_last = matches!(self.terms.kind, Kind::Parts(Some(most), ..) if stand + 1 >= most);
        let fits = |left: i64| {
            let free = left - self.reserved();
            amount == free || (amount < free && !is_last)
        };
        self.is_place() && self.left().is_none_or(fits)
    }
}
