//! What a capture books: the rail owes what it took; merchant, children, fee, tax and surcharge are its
//! parts.

use crate::fee::Charges;
use crate::ledger::{Account, Posting};
use crate::payment::Payment;
use crate::refusal::Fault;
use crate::split::{SplitRule, divide};

/// The postings of a capture, which took exactly what the attempt asked for. A reversal books their inverses.
pub fn capture_postings(
    payment: &Payment,
    cost: &Charges,
    split: &[SplitRule],
) -> Result<Vec<Posting>, Fault> {
    let division = divide(payment.applied, cost, split)?;
    let mut postings = vec![
        Posting::debit(Account::RailReceivable, payment.charged()?),
        Posting::balance(Account::MerchantPayable, division.own.net()?)?,
    ];
    for (child, part) in &division.children {
        postings.push(Posting::owed_to(*child, part.net()?));
    }
    postings.extend([
        Posting::credit(Account::FeeIncome, cost.fee),
        Posting::credit(Account::FeeTax, cost.fee_tax),
        Posting::credit(Account::SurchargeIncome, payment.surcharge),
    ]);
    Ok(postings)
}
