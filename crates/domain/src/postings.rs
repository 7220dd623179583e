//! Booking for a payment; and what a capture books: the rail owes what it took; merchant, children, fee, tax
//! and surcharge are its parts.

use crate::fee::Charges;
use crate::id::BookingId;
use crate::ledger::{Account, Booking, Entry, Posting, book};
use crate::link::Link;
use crate::moment::Moment;
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

/// Writes postings about a payment into its link's book.
pub(crate) fn post(
    link: &mut Link,
    payment: &Payment,
    postings: &[Posting],
    moment: &mut Moment<'_>,
) -> Result<Vec<Entry>, Fault> {
    let booking = Booking {
        id: BookingId::new(moment.mint(link.merchant_id)?),
        link_id: link.id,
        merchant_id: link.merchant_id,
        payment_id: payment.id,
        currency: payment.money_currency(),
        booked_at: moment.now,
    };
    let (entries, chain) = book(booking, postings, link.chain)?;
    link.chain = chain;
    Ok(entries)
}
