//! What a status and a webhook tell of what was collected: sums over its payments, and the last one's marks.

use kadi_engine::domain::fee::Charges;
use kadi_engine::domain::payment::Payment;
use kadi_engine::domain::refusal::Fault;
use serde::Serialize;

use super::money::Money;
use crate::door::Door;
use crate::shared::ist::ist_iso_text;

/// The digits of a UPI transaction number.
const UTR_DIGITS: usize = 12;

/// The members that stand in a body only after a success.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paid {
    fee: Money,
    tax: Money,
    total_fee: Money,
    net_amount: Money,
    paysharp_reference_no: String,
    utr_number: String,
    transaction_date: String,
}

impl Paid {
    /// Those of a link's captured payments, in the order of their captures; none without any.
    pub(super) fn of(door: &Door, payments: &[Payment]) -> Result<Option<Self>, Fault> {
        let Some(last) = payments.last() else { return Ok(None) };
        let mut sum = Charges::default();
        for charges in payments.iter().map(Payment::charges) {
            sum = Charges {
                fee: sum.fee.plus(charges.fee)?,
                fee_tax: sum.fee_tax.plus(charges.fee_tax)?,
                net: sum.net.plus(charges.net)?,
            };
        }
        let at = last.captured_at().ok_or_else(|| Fault::new("a payment that was never captured"))?;
        let code = door.engine.keys().code().encode_payment(last.id)?;
        Ok(Some(Self {
            fee: Money(sum.fee.get()),
            tax: Money(sum.fee_tax.get()),
            total_fee: Money(sum.fee.plus(sum.fee_tax)?.get()),
            net_amount: Money(sum.net.get()),
            paysharp_reference_no: format!("upi{code}"),
            utr_number: utr(last.reference().unwrap_or_default()),
            transaction_date: date(at.ms())?,
        }))
    }
}

/// The rail's reference; where it is not a number (the practice rail's is not), its digits in twelve places.
fn utr(reference: &str) -> String {
    let digits: String = reference.chars().filter(char::is_ascii_digit).collect();
    format!("{digits:0>UTR_DIGITS$}")
}

/// A time as ISO 8601 with India's offset.
pub(super) fn date(ms: i64) -> Result<String, Fault> {
    ist_iso_text(ms).ok_or_else(|| Fault::new("a date outside the calendar"))
}
