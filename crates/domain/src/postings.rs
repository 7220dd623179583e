//! What a capture books: the rail owes what it took; merchant, fee, tax and surcharge are its parts.

use crate::fee::Charges;
use crate::ledger::{Account, Posting};
use crate::payment::Payment;
use crate::refusal::Fault;

/// The postings of a capture, which took exactly what the attempt asked for. A reversal books their inverses.
pub fn capture_postings(payment: &Payment, cost: &Charges) -> Result<Vec<Posting>, Fault> {
    Ok(vec![
        Posting::debit(Account::RailReceivable, payment.charged()?),
        Posting::credit(Account::MerchantPayable, cost.net),
        Posting::credit(Account::FeeIncome, cost.fee),
        Posting::credit(Account::FeeTax, cost.fee_tax),
        Posting::credit(Account::SurchargeIncome, payment.surcharge),
    ])
}
