//! The money that the sandbox rail takes: how much, for whom, and under which references.

use crate::amount::{Currency, Minor};
use crate::id::PaymentId;
use crate::sandbox::{Charge, Plot};
use crate::script::Takes;

/// What its references begin with.
const REFERENCE: &str = "SBX";

fn reference(payment: PaymentId) -> String {
    format!("{REFERENCE}{}", payment.get())
}

impl Charge {
    /// The rail's reference of the money.
    pub fn reference(&self) -> String {
        reference(self.takes().and_then(|takes| takes.reference_of).unwrap_or(self.payment_id))
    }

    /// The rail's reference of the money that it took for this time, from 1.
    pub fn reference_of(&self, time: i64) -> String {
        if time == 1 { self.reference() } else { format!("{}-{time}", reference(self.payment_id)) }
    }

    /// The rail's reference of money of which no payment knows.
    pub fn stray_reference(&self) -> String {
        format!("{}-stray", reference(self.payment_id))
    }

    /// The payment for which the rail was asked when it took this payment's money, which may lie beside it or
    /// be nobody's.
    pub fn behind(payment: PaymentId, rail_reference: Option<&str>) -> PaymentId {
        let number = rail_reference.and_then(|text| text.strip_prefix(REFERENCE)?.split('-').next());
        number.and_then(|number| number.parse().ok()).map_or(payment, PaymentId::new)
    }

    /// What is taken from the payer.
    pub fn taken(&self) -> Minor {
        self.taken_at(None)
    }

    /// What is taken from the payer at another percentage than the script's.
    pub fn taken_at(&self, percent: Option<i64>) -> Minor {
        let percent = percent.or(self.takes().map(|takes| takes.percent));
        percent.map_or(self.amount, |percent| {
            Minor::new((self.amount.get().saturating_mul(percent) / 100).max(1))
        })
    }

    /// The currency in which it is taken.
    pub fn taken_currency(&self) -> Currency {
        self.takes().and_then(|takes| takes.currency).unwrap_or(self.currency)
    }

    /// The account that receives it.
    pub fn taken_account(&self) -> &str {
        self.takes().and_then(|takes| takes.account.as_deref()).unwrap_or(&self.account)
    }

    /// Is it given the reference of another payment's money, so that it is not booked again?
    pub fn is_anothers(&self) -> bool {
        self.takes().is_some_and(|takes| takes.reference_of.is_some())
    }

    const fn takes(&self) -> Option<&Takes> {
        match &self.plot {
            Plot::Story(_) => None,
            Plot::Script(script) => Some(&script.takes),
        }
    }
}
