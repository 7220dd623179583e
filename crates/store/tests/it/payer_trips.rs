//! What payers bring is read back as it was stored: one-time codes, whose they are, and the forms of links.

use kadi_domain::customer::Customer;
use kadi_domain::id::{LinkId, TemplateId};
use kadi_domain::link::Link;
use kadi_domain::message::{Message, Occasion};
use kadi_domain::one_time_code::{Asked, OneTimeCode};
use kadi_domain::template::TemplateKey;
use kadi_domain::work::Changes;

use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::store::Store;

pub(crate) fn code(link: i64) -> OneTimeCode {
    OneTimeCode {
        link_id: LinkId::new(link),
        merchant_id: MERCHANT,
        number: 3,
        made_at: at(101),
        is_sent: true,
        tries: 2,
        is_spent: false,
        lately: Asked { since: at(102), count: 4 },
        today: Asked { since: at(103), count: 5 },
    }
}

pub(crate) fn a_code_new_and_tried(store: &Store) {
    let mut changes = sample::ground(&[5]);
    changes.codes.new.push(code(5));
    store.put(changes);
    let changed = OneTimeCode {
        number: 6,
        made_at: at(201),
        is_sent: false,
        tries: 5,
        is_spent: true,
        lately: Asked { since: at(202), count: 7 },
        today: Asked { since: at(203), count: 8 },
        ..code(5)
    };
    for expected in [code(5), changed.clone()] {
        let view = store.load(|needs| needs.codes.extend([LinkId::new(5), LinkId::new(404)]));
        assert_eq!(view.codes.get(&LinkId::new(5)).unwrap(), Some(&expected));
        assert_eq!(view.codes.get(&LinkId::new(404)).unwrap(), None);
        let mut changes = Changes::default();
        changes.codes.changed.push(changed.clone());
        store.put(changes);
    }
}

pub(crate) fn the_customers_of_links(store: &Store) {
    let mut changes = sample::ground(&[5]);
    changes.links.new.push(Link { customer_id: None, ..sample::link(6) });
    changes.customers.extend([sample::customer(77), sample::customer(78)]);
    let to = |id, customer, number, ms| Message {
        occasion: Occasion::Code { number },
        created_at: at(ms),
        ..sample::message(id, 5, customer)
    };
    let brought = to(3, 77, 1, 10);
    changes.messages.new.extend([
        brought.clone(),
        to(4, 77, 2, 11),
        to(5, 78, 3, 12),
        sample::message(6, 5, 77),
    ]);
    store.put(changes);
    let view = store.load(|needs| needs.payers.extend([5, 6, 404].map(LinkId::new)));
    let of = |link| view.payers.get(&LinkId::new(link)).unwrap().cloned();
    assert_eq!((of(5), of(6), of(404)), (Some(sample::customer(77)), None::<Customer>, None));
    let reader = store.reader();
    assert_eq!(reader.message(brought.id).unwrap(), Some(brought));
    let sent = |mobile, since| reader.codes_to(&[mobile; 32], at(since)).unwrap();
    assert_eq!((sent(77, 9), sent(77, 10), sent(77, 11), sent(78, 9), sent(79, 9)), (2, 1, 0, 1, 0));
}

pub(crate) fn a_template_by_its_row_and_by_its_key(store: &Store) {
    let mut changes = sample::ground(&[]);
    changes.templates.extend([sample::template(1, 1), sample::template(2, 2)]);
    store.put(changes);
    let reader = store.reader();
    for version in [1, 2] {
        let found = reader.template(TemplateId::new(version)).unwrap();
        assert_eq!(found, Some(sample::template(version, version)));
    }
    assert_eq!(reader.template(TemplateId::new(404)).unwrap(), None);
    let key = sample::template(1, 1).key;
    assert_eq!(reader.newest_template(&key).unwrap(), Some(sample::template(2, 2)));
    let missing = TemplateKey { number: "T002".into(), ..key };
    assert_eq!(reader.newest_template(&missing).unwrap(), None);
}
