//! The ledger: what may be booked, and what a hash covers.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::{BookingId, LinkId, MerchantId, PaymentId};
use kadi_domain::ledger::{Account, Booking, Chain, Entry, Posting, book, seal_parts};
use kadi_domain::payment::HoldReason;
use kadi_domain::seal::hash_parts;
use kadi_domain::time::Timestamp;

const BOOKING: Booking = Booking {
    id: BookingId::new(11),
    link_id: LinkId::new(12),
    merchant_id: MerchantId::new(13),
    payment_id: PaymentId::new(14),
    currency: Currency::INR,
    booked_at: Timestamp::from_ms(15),
};

fn debit(amount: i64) -> Posting {
    Posting::debit(Account::RailReceivable, Minor::new(amount))
}

fn credit(amount: i64) -> Posting {
    Posting::credit(Account::MerchantPayable, Minor::new(amount))
}

#[test]
fn a_booking_that_does_not_balance_is_refused() {
    for postings in
        [vec![debit(10)], vec![credit(10)], vec![debit(10), credit(9)], vec![debit(9), credit(10)]]
    {
        assert!(book(BOOKING, &postings, Chain::default()).is_err(), "{postings:?}");
    }
}

#[test]
fn negative_and_overflowing_postings_are_refused() {
    assert!(book(BOOKING, &[debit(-10), credit(-10)], Chain::default()).is_err());
    let vast = [debit(i64::MAX), debit(1), credit(i64::MAX), credit(1)];
    assert!(book(BOOKING, &vast, Chain::default()).is_err());
}

#[test]
fn empty_postings_leave_no_entry_and_no_mark_on_the_chain() {
    let (entries, chain) = book(BOOKING, &[debit(0), credit(0)], Chain::default()).unwrap();
    assert!(entries.is_empty());
    assert_eq!(chain, Chain::default());
    let (entries, chain) = book(BOOKING, &[debit(5), credit(0), credit(5)], Chain::default()).unwrap();
    assert_eq!((entries.len(), chain.count), (2, 2));
}

#[test]
fn bookings_follow_one_another_in_one_chain() {
    let (first, chain) = book(BOOKING, &[debit(5), credit(5)], Chain::default()).unwrap();
    let (second, end) = book(BOOKING, &[debit(5), credit(5)], chain).unwrap();
    let positions: Vec<i64> = first.iter().chain(&second).map(|entry| entry.position).collect();
    assert_eq!(positions, [1, 2, 3, 4]);
    assert_eq!(second[0].expected_hash(&first[1].hash), second[0].hash);
    assert_eq!(end, Chain { count: 4, head: second[1].hash });
    assert_ne!(first[0].hash, second[0].hash);
}

#[test]
fn a_change_of_any_field_or_of_the_entry_before_changes_the_hash() {
    let (entries, _) = book(BOOKING, &[debit(5), credit(5)], Chain::default()).unwrap();
    let entry = &entries[1];
    let changes: [fn(&mut Entry); 10] = [
        |e| e.link_id = LinkId::new(99),
        |e| e.position = 99,
        |e| e.booking_id = BookingId::new(99),
        |e| e.merchant_id = MerchantId::new(99),
        |e| e.payment_id = PaymentId::new(99),
        |e| e.currency = Currency::parse("USD").unwrap(),
        |e| e.posting.account = Account::FeeIncome,
        |e| e.posting.debit = Minor::new(99),
        |e| e.posting.credit = Minor::new(99),
        |e| e.booked_at = Timestamp::from_ms(99),
    ];
    let before = &entries[0].hash;
    assert_eq!(entry.expected_hash(before), entry.hash);
    for (at, change) in changes.into_iter().enumerate() {
        let mut other = entry.clone();
        change(&mut other);
        assert_ne!(other.expected_hash(before), entry.hash, "change {at}");
    }
    for at in 0..32 {
        let mut other = *before;
        other[at] ^= 1;
        assert_ne!(entry.expected_hash(&other), entry.hash, "byte {at} of the hash before");
    }
}

#[test]
fn debit_and_credit_cannot_trade_places_unseen() {
    let entries = |postings: [Posting; 2]| book(BOOKING, &postings, Chain::default()).unwrap().0;
    let there = entries([debit(5), credit(5)]);
    let back = entries([debit(5).inverse(), credit(5).inverse()]);
    assert_ne!(there[0].hash, back[0].hash);
}

#[test]
fn every_account_has_its_own_number_and_name_and_comes_back() {
    let numbers: std::collections::BTreeSet<i64> =
        Account::CHART.iter().map(|(_, number, _)| *number).collect();
    let names: std::collections::BTreeSet<&str> = Account::CHART.iter().map(|(.., name)| *name).collect();
    assert_eq!((numbers.len(), names.len()), (Account::CHART.len(), Account::CHART.len()));
    for (account, number, name) in Account::CHART {
        assert_eq!((account.number(), account.name()), (number, name));
        assert_eq!(Account::from_number(number), Some(account));
    }
    assert_eq!(Account::from_number(0), None);
    for reason in HoldReason::ALL {
        assert_eq!(Account::Hold(reason).name(), format!("hold.{}", reason.word()));
    }
}

#[test]
fn a_seal_covers_its_number_time_predecessor_and_every_head() {
    let head = |link, count, byte| (LinkId::new(link), Chain { count, head: [byte; 32] });
    let tag = |merchant, number, at, previous, heads: &[(LinkId, Chain)]| {
        let parts =
            seal_parts(MerchantId::new(merchant), number, Timestamp::from_ms(at), &[previous; 32], heads);
        hash_parts(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let heads = [head(1, 2, 3), head(4, 5, 6)];
    let tags = [
        tag(1, 2, 3, 4, &heads),
        tag(9, 2, 3, 4, &heads),
        tag(1, 9, 3, 4, &heads),
        tag(1, 2, 9, 4, &heads),
        tag(1, 2, 3, 9, &heads),
        tag(1, 2, 3, 4, &heads[..1]),
        tag(1, 2, 3, 4, &[head(9, 2, 3), heads[1]]),
        tag(1, 2, 3, 4, &[head(1, 9, 3), heads[1]]),
        tag(1, 2, 3, 4, &[head(1, 2, 9), heads[1]]),
        tag(1, 2, 3, 4, &[heads[1], heads[0]]),
    ];
    let distinct: std::collections::BTreeSet<_> = tags.iter().collect();
    assert_eq!(distinct.len(), tags.len());
}
