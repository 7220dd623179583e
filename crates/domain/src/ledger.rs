//! The ledger: double entry, append only, chained by hash per link, a closed chart of accounts.

use crate::amount::{Currency, Minor};
use crate::id::{BookingId, LinkId, MerchantId, PaymentId};
use crate::payment::HoldReason;
use crate::refusal::Fault;
use crate::seal::hash_parts;
use crate::time::Timestamp;

/// Who bears a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bearer {
    /// The merchant.
    Merchant,
    /// The platform.
    Platform,
}

/// The closed chart of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What rails have taken and owe.
    RailReceivable,
    /// What merchants are owed.
    MerchantPayable,
    /// What child merchants of a split are owed.
    ChildPayable,
    /// Fees earned.
    FeeIncome,
    /// Tax on fees, owed to the state.
    FeeTax,
    /// Discounts given.
    DiscountExpense(Bearer),
    /// Surcharges earned.
    SurchargeIncome,
    /// Money received and not applied.
    Hold(HoldReason),
    /// Refunds on their way.
    RefundPending,
}

impl Account {
    /// Every account with its name in the books, in a fixed order. The number is what rows hold; it never
    /// changes.
    pub const CHART: [(Self, i64, &'static str); 15] = [
        (Self::RailReceivable, 1, "rail_receivable"),
        (Self::MerchantPayable, 2, "merchant_payable"),
        (Self::ChildPayable, 3, "child_payable"),
        (Self::FeeIncome, 4, "fee_income"),
        (Self::FeeTax, 5, "fee_tax"),
        (Self::DiscountExpense(Bearer::Merchant), 6, "discount_expense.merchant"),
        (Self::DiscountExpense(Bearer::Platform), 7, "discount_expense.platform"),
        (Self::SurchargeIncome, 8, "surcharge_income"),
        (Self::Hold(HoldReason::Late), 9, "hold.late"),
        (Self::Hold(HoldReason::Over), 10, "hold.over"),
        (Self::Hold(HoldReason::Duplicate), 11, "hold.duplicate"),
        (Self::Hold(HoldReason::Unmatched), 12, "hold.unmatched"),
        (Self::Hold(HoldReason::Mismatched), 13, "hold.mismatched"),
        (Self::RefundPending, 14, "refund_pending"),
        (Self::Hold(HoldReason::Currency), 15, "hold.currency"),
    ];

    /// The number that rows hold.
    pub fn number(self) -> i64 {
        Self::CHART.iter().find(|(account, ..)| *account == self).map_or(0, |(_, number, _)| *number)
    }

    /// The account with this number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::CHART.iter().find(|(_, n, _)| *n == number).map(|(account, ..)| *account)
    }

    /// The name in statements and reports.
    pub fn name(self) -> &'static str {
        Self::CHART.iter().find(|(account, ..)| *account == self).map_or("", |(.., name)| name)
    }
}

/// One side of a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// Added on the debit side; not negative.
    pub debit: Minor,
    /// Added on the credit side; not negative.
    pub credit: Minor,
    /// The child who is owed, on the account of children; none on every other.
    pub child: Option<MerchantId>,
}

impl Posting {
    /// A debit.
    pub const fn debit(account: Account, amount: Minor) -> Self {
        Self { account, debit: amount, credit: Minor::ZERO, child: None }
    }

    /// A credit.
    pub const fn credit(account: Account, amount: Minor) -> Self {
        Self { account, debit: Minor::ZERO, credit: amount, child: None }
    }

    /// What a child of a split is owed.
    pub const fn owed_to(child: MerchantId, amount: Minor) -> Self {
        Self { child: Some(child), ..Self::credit(Account::ChildPayable, amount) }
    }

    /// A credit, or a debit where the amount is negative.
    pub fn balance(account: Account, amount: Minor) -> Result<Self, Fault> {
        if amount < Minor::ZERO {
            return Ok(Self::debit(account, Minor::ZERO.minus(amount)?));
        }
        Ok(Self::credit(account, amount))
    }

    /// The same amount on the other side.
    pub const fn inverse(self) -> Self {
        Self { debit: self.credit, credit: self.debit, ..self }
    }
}

/// The head of a chain of entries: how many there are, and the hash of the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Chain {
    /// How many entries.
    pub count: i64,
    /// The hash of the last one; zeros for none.
    pub head: [u8; 32],
}

/// An entry of the ledger; never changed, never removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The link whose book it stands in.
    pub link_id: LinkId,
    /// Its place in that book, from 1.
    pub position: i64,
    /// The booking it belongs to.
    pub booking_id: BookingId,
    /// Whose money it is.
    pub merchant_id: MerchantId,
    /// The payment that caused it.
    pub payment_id: PaymentId,
    /// The currency.
    pub currency: Currency,
    /// Account and amounts.
    pub posting: Posting,
    /// Business time of the booking.
    pub booked_at: Timestamp,
    /// The hash over the entry before and everything above.
    pub hash: [u8; 32],
}

impl Entry {
    /// What the hash must be, given the hash of the entry before.
    pub fn expected_hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        // An entry without a child is hashed as before there were any.
        let child = self.posting.child.map(|child| child.get().to_be_bytes());
        let name: &[u8] = if child.is_some() { b"kadi entry 2" } else { b"kadi entry 1" };
        let mut parts: Vec<&[u8]> = vec![name];
        parts.extend(child.as_ref().map(<[u8; 8]>::as_slice));
        let facts: [&[u8]; 11] = [
            previous,
            &self.link_id.get().to_be_bytes(),
            &self.position.to_be_bytes(),
            &self.booking_id.get().to_be_bytes(),
            &self.merchant_id.get().to_be_bytes(),
            &self.payment_id.get().to_be_bytes(),
            self.currency.code().as_bytes(),
            &self.posting.account.number().to_be_bytes(),
            &self.posting.debit.get().to_be_bytes(),
            &self.posting.credit.get().to_be_bytes(),
            &self.booked_at.ms().to_be_bytes(),
        ];
        parts.extend(facts);
        hash_parts(&parts)
    }
}

/// Whose booking it is and why.
#[derive(Clone, Copy, Debug)]
pub struct Booking {
    /// All its entries share this id.
    pub id: BookingId,
    /// The link whose book it stands in.
    pub link_id: LinkId,
    /// Whose money it is.
    pub merchant_id: MerchantId,
    /// The payment that caused it.
    pub payment_id: PaymentId,
    /// The currency of all its entries.
    pub currency: Currency,
    /// Business time.
    pub booked_at: Timestamp,
}

/// Books postings behind `chain`: the new entries and the new head. Empty postings are left out;
/// a fault where debits and credits differ or an amount is negative.
pub fn book(booking: Booking, postings: &[Posting], chain: Chain) -> Result<(Vec<Entry>, Chain), Fault> {
    let (mut debits, mut credits, mut chain) = (Minor::ZERO, Minor::ZERO, chain);
    let mut entries = Vec::new();
    for &posting in postings.iter().filter(|p| p.debit != Minor::ZERO || p.credit != Minor::ZERO) {
        if posting.debit < Minor::ZERO || posting.credit < Minor::ZERO {
            return Err(Fault::new("a posting is negative"));
        }
        debits = debits.plus(posting.debit)?;
        credits = credits.plus(posting.credit)?;
        let mut entry = Entry {
            link_id: booking.link_id,
            position: chain.count + 1,
            booking_id: booking.id,
            merchant_id: booking.merchant_id,
            payment_id: booking.payment_id,
            currency: booking.currency,
            posting,
            booked_at: booking.booked_at,
            hash: [0; 32],
        };
        entry.hash = entry.expected_hash(&chain.head);
        chain = Chain { count: entry.position, head: entry.hash };
        entries.push(entry);
    }
    if debits != credits {
        return Err(Fault::new("a booking does not balance"));
    }
    Ok((entries, chain))
}

/// A seal over a merchant's books: it binds the heads that changed since the seal before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The row.
    pub id: crate::id::SealId,
    /// Whose books.
    pub merchant_id: MerchantId,
    /// Counts from 1 for each merchant.
    pub number: i64,
    /// When.
    pub sealed_at: Timestamp,
    /// The key of the tag.
    pub key_id: u32,
    /// The tag over the seal before and all heads below.
    pub tag: [u8; 32],
    /// The heads that changed since the seal before, by link.
    pub heads: Vec<(LinkId, Chain)>,
}

/// The parts that a seal's tag is made over.
pub fn seal_parts(
    merchant: MerchantId,
    number: i64,
    at: Timestamp,
    previous: &[u8; 32],
    heads: &[(LinkId, Chain)],
) -> Vec<Vec<u8>> {
    let mut parts = vec![
        b"kadi seal 1".to_vec(),
        merchant.get().to_be_bytes().to_vec(),
        number.to_be_bytes().to_vec(),
        at.ms().to_be_bytes().to_vec(),
        previous.to_vec(),
    ];
    for (link, chain) in heads {
        parts.push(link.get().to_be_bytes().to_vec());
        parts.push(chain.count.to_be_bytes().to_vec());
        parts.push(chain.head.to_vec());
    }
    parts
}
