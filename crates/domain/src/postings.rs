//! Booking for a payment; and what a capture books: the rail owes what it took; merchant, children, fee, tax
//! and surcharge are its parts.

use crate::amount::Minor;
use crate::fee::Charges;
use crate::id::{BookingId, MerchantId};
use crate::ledger::{Account, Booking, Entry, Posting, book};
use crate::link::Link;
use crate::moment::Moment;
use crate::payment::Payment;
use crate::refusal::Fault;
use crate::settle::Parties;
use crate::split::{Part, SplitRule, divide};

/// The postings of money that is captured: it comes from the rail, which took exactly what the attempt asked
/// for, or out of a hold.
pub(crate) fn capture_postings(
    from: Account,
    payment: &Payment,
    cost: &Charges,
    split: &[SplitRule],
) -> Result<Vec<Posting>, Fault> {
    let division = divide(payment.applied, cost, split)?;
    let net = |(child, part): &(MerchantId, Part)| Ok((*child, part.net()?));
    let children = division.children.iter().map(net).collect::<Result<Vec<_>, Fault>>()?;
    divided(from, payment, cost, division.own.net()?, &children)
}

/// What is left of a capture for its reversal to take back. What children have given back by refunds stays
/// given; the merchant bears it, for the payer had that money twice. So it is with the fee that refunds have
/// given back: it is given once.
pub(crate) fn reversal_postings(
    payment: &Payment,
    cost: &Charges,
    parties: &Parties<'_>,
) -> Result<Vec<Posting>, Fault> {
    let given = payment.refunds;
    let cost = &Charges {
        fee: cost.fee.minus(given.fee)?,
        fee_tax: cost.fee_tax.minus(given.fee_tax)?,
        net: cost.net.plus(given.fee)?.plus(given.fee_tax)?,
    };
    if parties.parts.is_empty() {
        return Ok(inverse(capture_postings(Account::RailReceivable, payment, cost, parties.split)?));
    }
    let (mut own, mut children) = (cost.net, Vec::new());
    for part in parties.parts {
        let left = part.left()?.net()?;
        own = own.minus(left)?;
        children.push((part.child_id, left));
    }
    Ok(inverse(divided(Account::RailReceivable, payment, cost, own, &children)?))
}

fn inverse(postings: Vec<Posting>) -> Vec<Posting> {
    postings.into_iter().map(Posting::inverse).collect()
}

fn divided(
    from: Account,
    payment: &Payment,
    cost: &Charges,
    own: Minor,
    children: &[(MerchantId, Minor)],
) -> Result<Vec<Posting>, Fault> {
    let mut postings =
        vec![Posting::debit(from, payment.charged()?), Posting::balance(Account::MerchantPayable, own)?];
    postings.extend(children.iter().map(|(child, net)| Posting::owed_to(*child, *net)));
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
