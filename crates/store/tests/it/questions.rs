//! What readers ask, beyond what the round trips show.

use kadi_domain::id::{LinkId, MerchantId, PaymentId};
use kadi_domain::job::{Job, JobKind};
use kadi_domain::message::{ChannelKind, Message};
use kadi_domain::reference::{Dialect, Namespace, ReferenceKey};
use kadi_domain::work::Changes;

use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::store::Store;

pub(crate) fn due_jobs_are_those_in_nobodys_hands(store: &Store) {
    let job = |subject, due| Job::new(JobKind::Deliver, subject, MERCHANT, at(due));
    let mut changes = Changes::default();
    let mut leased = job(3, 10);
    leased.leased_until = Some(at(500));
    changes.jobs.new.extend([job(1, 30), job(2, 20), leased.clone(), job(4, 41)]);
    store.put(changes);
    let reader = store.reader();
    let due = |now, real, limit| -> Vec<i64> {
        reader.due_jobs(at(now), at(real), limit).unwrap().iter().map(|job| job.key.subject).collect()
    };
    assert_eq!(due(40, 499, 10), [2, 1], "oldest first, without the leased one");
    assert_eq!(due(40, 500, 10), [3, 2, 1], "the lease is over");
    assert_eq!(due(41, 500, 2), [3, 2]);
    assert_eq!(due(9, 500, 10), Vec::<i64>::new());
    assert_eq!(reader.next_due_at().unwrap(), Some(at(10)));
    let jobs_done = reader.due_jobs(at(50), at(500), 10).unwrap().iter().map(|job| job.key).collect();
    store.put(Changes { jobs_done, ..Changes::default() });
    assert_eq!(reader.next_due_at().unwrap(), None);
}

pub(crate) fn messages_are_found_by_their_recipient(store: &Store) {
    let mut changes = sample::ground(&[5]);
    changes.customers.extend([sample::customer(10), sample::customer(20)]);
    changes.messages.new.extend([
        sample::message(1, 5, 10),
        Message { channel: ChannelKind::Email, ..sample::message(2, 5, 20) },
        sample::message(3, 5, 10),
    ]);
    store.put(changes);
    let reader = store.reader();
    let ids = |to: Option<&[u8]>, limit| -> Vec<i64> {
        reader.messages(to, limit).unwrap().iter().map(|message| message.id.get()).collect()
    };
    assert_eq!(ids(None, 10), [3, 2, 1]);
    assert_eq!(ids(None, 2), [3, 2]);
    assert_eq!(ids(Some(&[10; 32]), 10), [3, 1], "by mobile number");
    assert_eq!(ids(Some(&[21; 32]), 10), [2], "by e-mail address");
    assert_eq!(ids(Some(&[11; 32]), 10), Vec::<i64>::new(), "an SMS did not go to the address");
    assert_eq!(ids(Some(&[20; 32]), 10), Vec::<i64>::new(), "a mail did not go to the number");
    assert_eq!(ids(Some(&[10; 32]), 1), [3]);
    assert_eq!(ids(Some(&[99; 32]), 10), Vec::<i64>::new());
}

/// What is asked for in one trip with a text that no row can hold is found all the same.
pub(crate) fn a_text_with_a_zero_in_it_is_found_nowhere(store: &Store) {
    store.put(Changes { references: vec![(reference("order 1"), LinkId::new(5))], ..sample::ground(&[5]) });
    let wanted = ["order 1", "order 1\0", "\0"].map(reference);
    let view = store.load(|needs| needs.references.extend(wanted.iter().cloned()));
    let found = wanted.each_ref().map(|key| view.references.get(key).unwrap().copied());
    assert_eq!(found, [Some(LinkId::new(5)), None, None]);
}

fn reference(value: &str) -> ReferenceKey {
    let namespace = Namespace { dialect: Dialect(1), kind: 1 };
    ReferenceKey { merchant_id: MERCHANT, namespace, value: value.to_owned() }
}

pub(crate) fn the_rest_of_the_questions(store: &Store) {
    let other = MerchantId::new(10);
    let mut changes = sample::ground(&[5, 6]);
    changes.merchants.new.push(sample::merchant(other));
    changes.payments.new.extend([sample::payment(1, 5), sample::payment(2, 5), sample::payment(3, 6)]);
    changes.events.push(sample::event(2, 5, 1));
    changes.deliveries.new.extend([sample::delivery(7, 5, 2), sample::delivery(8, 5, 2)]);
    store.put(changes);
    let reader = store.reader();
    assert_eq!(reader.merchants().unwrap(), vec![sample::merchant(MERCHANT), sample::merchant(other)]);
    assert_eq!(reader.merchant_by_slug("shop-10").unwrap(), Some(sample::merchant(other)));
    assert_eq!(reader.merchant_by_slug("shop-11").unwrap(), None);
    let by_mid = |mid| reader.merchant_by_identity(Dialect(1), "mid", mid).unwrap().map(|found| found.id);
    assert_eq!(by_mid("MID10"), Some(other));
    assert_eq!(by_mid("MID11"), None);
    // A text that PostgreSQL cannot hold: SQLite could, and has none such either.
    for text in ["MID10\0", "\0", "MID\0".repeat(2).as_str()] {
        assert_eq!(by_mid(text), None, "{text:?}");
        assert_eq!(reader.merchant_by_slug(text).unwrap(), None, "{text:?}");
    }
    let payments = |link| reader.payments_page(LinkId::new(link), None, i64::MAX).unwrap();
    assert_eq!(payments(5), vec![sample::payment(2, 5), sample::payment(1, 5)]);
    assert_eq!(payments(6), vec![sample::payment(3, 6)]);
    assert_eq!(reader.charge(PaymentId::new(1)).unwrap(), None);
    let deliveries = reader.deliveries_of(LinkId::new(5)).unwrap();
    assert_eq!(deliveries, vec![sample::delivery(7, 5, 2), sample::delivery(8, 5, 2)]);
}
