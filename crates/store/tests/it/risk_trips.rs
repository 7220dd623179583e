//! What risk rules go by is found for the links and numbers that pay, and only where a rate counts it.

use kadi_domain::customer::Customer;
use kadi_domain::id::{CustomerId, LinkId, MerchantId};
use kadi_domain::link::Link;
use kadi_domain::merchant::{Merchant, Risk};
use kadi_domain::payment::Payment;
use kadi_domain::risk::{Indexes, Pace, PaceKey, Rates};
use kadi_domain::time::Timestamp;
use kadi_domain::view::View;
use kadi_domain::work::Changes;

use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::store::Store;

/// The blind index of the sample customer's number.
const MOBILE: [u8; 32] = [77; 32];

pub(crate) fn pace(mobile: [u8; 32], times: &[i64]) -> Pace {
    let key = PaceKey { merchant_id: MERCHANT, mobile };
    Pace { key, times: times.iter().copied().map(at).collect(), version: 0 }
}

fn payment(id: i64, link: i64, created_at: Timestamp, beside: bool) -> Payment {
    let payment = sample::payment(id, link);
    Payment { created_at, beside: payment.beside.filter(|_| beside), ..payment }
}

/// Two links, the second without a customer, and payments of the first.
fn ground(risk: Risk) -> Changes {
    let mut changes = Changes::default();
    changes.merchants.new.push(Merchant { risk, ..sample::merchant(MERCHANT) });
    changes.links.new.push(sample::link(5));
    changes.links.new.push(Link { customer_id: None, ..sample::link(6) });
    changes.customers.push(Customer { id: CustomerId::new(77), ..sample::customer(77) });
    for (id, began) in [(11, 100), (12, 300), (13, 200), (14, 300)] {
        changes.payments.new.push(payment(id, 5, at(began), false));
    }
    changes.payments.new.push(payment(15, 5, at(900), true));
    changes.payments.new.push(payment(16, 6, at(800), false));
    changes.paces.new.extend([pace(MOBILE, &[7, -8]), pace([9; 32], &[9])]);
    changes
}

fn load(store: &Store, platform: Rates) -> View {
    store.load(|needs| {
        needs.merchants.insert(MERCHANT);
        needs.risk.platform = platform;
        needs.risk.links.extend([5, 6, 404].map(|id| (LinkId::new(id), MERCHANT)));
        needs.risk.paces.extend([[9; 32], [4; 32]].map(|mobile| PaceKey { merchant_id: MERCHANT, mobile }));
    })
}

pub(crate) fn contacts_and_counts_where_a_rate_counts(store: &Store) {
    store.put(ground(Risk { per_link_hour: Some(3), ..Risk::none() }));
    let platform = Rates { per_mobile: Some(4), per_link: Some(9) };
    let view = load(store, platform);
    let contacts = |id| view.risk.contacts.get(&LinkId::new(id)).unwrap().copied();
    assert_eq!(contacts(5), Some(Indexes { mobile: Some(MOBILE), email: Some([78; 32]) }));
    assert_eq!((contacts(6), contacts(404)), (None, None));
    let begun = |id| view.risk.begun.get(&LinkId::new(id)).unwrap().unwrap().clone();
    assert_eq!(begun(5), [200, 300, 300].map(at), "the newest three that began by themselves");
    assert_eq!((begun(6), begun(404)), (vec![at(800)], vec![]));
    let found = |mobile| view.risk.paces.get(&PaceKey { merchant_id: MERCHANT, mobile }).unwrap().cloned();
    assert_eq!(found(MOBILE), Some(pace(MOBILE, &[7, -8])), "the customer's");
    assert_eq!((found([9; 32]), found([4; 32])), (Some(pace([9; 32], &[9])), None));
}

pub(crate) fn nothing_is_counted_without_a_rate(store: &Store) {
    store.put(ground(Risk::none()));
    let view = load(store, Rates::default());
    assert!(view.risk.contacts.get(&LinkId::new(5)).unwrap().is_some(), "customers may be blocked");
    assert!(view.risk.begun.get(&LinkId::new(5)).is_err());
    assert!(view.risk.paces.get(&PaceKey { merchant_id: MERCHANT, mobile: MOBILE }).is_err());
    let of_stranger = store.load(|needs| {
        needs.merchants.insert(MerchantId::new(404));
        needs.risk.links.insert(LinkId::new(5), MerchantId::new(404));
    });
    assert!(of_stranger.risk.begun.get(&LinkId::new(5)).is_err());
}

pub(crate) fn a_changed_pace_and_what_began_in_the_batch(store: &Store) {
    store.put(ground(Risk { per_mobile_hour: Some(5), per_link_hour: Some(2), ..Risk::none() }));
    let mut session = store.session();
    let mut needs = kadi_domain::work::Needs::default();
    needs.merchants.insert(MERCHANT);
    needs.risk.links.insert(LinkId::new(5), MERCHANT);
    let mut view = session.load(&needs).unwrap();
    let mut changes = Changes::default();
    changes.paces.changed.push(pace(MOBILE, &[7, 8, 9]));
    changes.payments.new.push(payment(17, 5, at(1_000), false));
    view.apply(changes);
    let begun = view.risk.begun.get(&LinkId::new(5)).unwrap().unwrap();
    assert_eq!(*begun, [300, 300, 1_000].map(at));
    assert_eq!(session.save(&view, [7; 16]), kadi_store::Commit::Committed);
    drop(session);
    let found = load(store, Rates::default());
    let key = PaceKey { merchant_id: MERCHANT, mobile: MOBILE };
    let changed = Pace { version: 1, ..pace(MOBILE, &[7, 8, 9]) };
    assert_eq!(found.risk.paces.get(&key).unwrap(), Some(&changed));
}
