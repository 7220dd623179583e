//! Entries and seals: stored, loaded as open books, closed by a seal.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::id::{BookingId, LinkId, PaymentId, SealId};
use kadi_domain::ledger::{Account, Booking, Chain, Entry, Posting, Seal, book};
use kadi_domain::link::Link;
use kadi_domain::work::{Changes, OpenBooks};

use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::store::Store;

fn entries(link: i64, payment: i64) -> (Vec<Entry>, Chain) {
    let booking = Booking {
        id: BookingId::new(31),
        link_id: LinkId::new(link),
        merchant_id: MERCHANT,
        payment_id: PaymentId::new(payment),
        currency: Currency::INR,
        booked_at: at(32),
    };
    let postings = [
        Posting::debit(Account::RailReceivable, Minor::new(501)),
        Posting::credit(Account::MerchantPayable, Minor::new(501)),
    ];
    book(booking, &postings, Chain::default()).unwrap()
}

/// A link with a booked payment and an event, not sealed yet.
fn open_books() -> (Changes, Chain) {
    let (entries, chain) = entries(5, 8);
    let mut changes = sample::ground(&[]);
    changes.links.new.push(Link { chain, ..sample::link(5) });
    changes.payments.new.push(sample::payment(8, 5));
    changes.entries = entries;
    changes.events.push(sample::event(2, 5, 1));
    (changes, chain)
}

fn seal(chain: Chain) -> Seal {
    Seal {
        id: SealId::new(50),
        merchant_id: MERCHANT,
        number: 1,
        sealed_at: at(60),
        key_id: 3,
        tag: [9; 32],
        heads: vec![(LinkId::new(5), chain)],
    }
}

/// The same, with a seal.
pub(crate) fn sealed_books() -> Changes {
    let (mut changes, chain) = open_books();
    changes.seals.push(seal(chain));
    changes
}

pub(crate) fn entries_and_seals_close_the_open_books(store: &Store) {
    let (changes, chain) = open_books();
    store.put(changes);
    let load = || store.load(|needs| needs.books.extend([MERCHANT]));
    let open = OpenBooks { last: None, heads: vec![(LinkId::new(5), chain)] };
    assert_eq!(load().books.get(&MERCHANT).unwrap(), Some(&open));
    assert_eq!(store.reader().merchants_with_open_books(10).unwrap(), vec![MERCHANT]);
    store.put(Changes { seals: vec![seal(chain)], ..Changes::default() });
    let closed = OpenBooks { last: Some((1, [9; 32])), heads: vec![] };
    assert_eq!(load().books.get(&MERCHANT).unwrap(), Some(&closed));
    assert_eq!(store.reader().merchants_with_open_books(10).unwrap(), vec![]);
}

pub(crate) fn a_seal_leaves_the_version_of_its_links(store: &Store) {
    let (changes, chain) = open_books();
    store.put(changes);
    store.put(Changes { seals: vec![seal(chain)], ..Changes::default() });
    assert_eq!(store.reader().link(LinkId::new(5)).unwrap(), Some(Link { chain, ..sample::link(5) }));
}
