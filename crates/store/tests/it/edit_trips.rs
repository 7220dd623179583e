//! What a link was before its edits; texts, descriptions and names that take the place of others.

use kadi_domain::amount::Minor;
use kadi_domain::customer::Customer;
use kadi_domain::edit::FormerTerms;
use kadi_domain::id::{CustomerId, LinkId};
use kadi_domain::link::{LinkText, TextKind};
use kadi_domain::work::Changes;

use crate::sample;
use crate::sample::at;
use crate::store::Store;

pub(crate) fn former(number: i64, amount: Option<i64>) -> FormerTerms {
    FormerTerms {
        number,
        after_event: number + 1,
        changed_at: at(90 + number),
        amount: amount.map(Minor::new),
        max_payments: amount.map(|_| 4),
        expires_at: amount.map(|_| at(95)),
        description: amount.map(|amount| format!("for {amount}")),
    }
}

pub(crate) fn former_terms_and_replaced_texts(store: &Store) {
    let (id, other) = (LinkId::new(5), LinkId::new(6));
    let text = |kind, position, value: &str| LinkText { kind, position, value: value.into() };
    let mut changes = sample::ground(&[5, 6]);
    changes.lines.push((id, sample::lines()));
    changes.texts.push((id, sample::texts()));
    changes.edits.extend([(id, former(1, Some(70))), (other, former(1, Some(80)))]);
    // Within the commit that makes the link, too; the last one counts.
    changes.texts_replaced.push((id, text(TextKind::Notes, 0, "second")));
    changes.texts_replaced.push((id, text(TextKind::Notes, 0, "third")));
    changes.customers.extend([sample::customer(77), sample::customer(78)]);
    changes.descriptions.extend([(id, "second".to_owned()), (id, "third".to_owned())]);
    store.put(changes);
    let renamed = |name: u8| Customer {
        name: Some(vec![name]),
        name_index: Some(vec![name; 32]),
        ..sample::customer(77)
    };
    let changes = Changes {
        edits: vec![(id, former(2, None))],
        customers_renamed: vec![(id, renamed(8)), (id, renamed(9))],
        descriptions: vec![(other, "of the other".to_owned())],
        texts_replaced: vec![
            (id, text(TextKind::Extend, 2, "zwei")),
            (id, text(TextKind::OrderId, 0, "new")),
            (other, text(TextKind::Notes, 0, "of the other")),
        ],
        ..Changes::default()
    };
    store.put(changes);
    let reader = store.reader();
    assert_eq!(reader.edits_of(id).unwrap(), [former(1, Some(70)), former(2, None)]);
    assert_eq!(reader.edits_of(other).unwrap(), [former(1, Some(80))]);
    assert_eq!(reader.edits_of(LinkId::new(7)).unwrap(), []);
    let description = |link| reader.link(link).unwrap().unwrap().description;
    assert_eq!((description(id).as_str(), description(other).as_str()), ("third", "of the other"));
    let customer = |id| reader.customer(CustomerId::new(id)).unwrap();
    assert_eq!((customer(77), customer(78)), (Some(renamed(9)), Some(sample::customer(78))));
    let expected = [
        text(TextKind::Notes, 0, "third"),
        text(TextKind::OrderId, 0, "new"),
        text(TextKind::Extend, 1, "one"),
        text(TextKind::Extend, 2, "zwei"),
        text(TextKind::ResellerId, 0, "R1"),
    ];
    assert_eq!(reader.texts_of(id).unwrap(), expected);
    assert_eq!(reader.texts_of(other).unwrap(), [text(TextKind::Notes, 0, "of the other")]);
    let view = store.load(|needs| needs.line_counts.extend([id, other]));
    assert_eq!(view.line_counts.get(&id).unwrap(), Some(&2));
    assert_eq!(view.line_counts.get(&other).unwrap(), None);
}
