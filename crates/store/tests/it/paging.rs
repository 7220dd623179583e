//! Lists by key range: every row once, in order, whatever the size of the page.

use kadi_domain::event::Event;
use kadi_domain::id::{EventId, LinkId, MerchantId};
use kadi_domain::link::Link;

use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::store::Store;

const OTHER: MerchantId = MerchantId::new(10);

pub(crate) fn links_go_newest_first(store: &Store) {
    let mut changes = sample::ground(&(1..=7).collect::<Vec<_>>());
    // Ids come in blocks from several batchers: they do not tell the time.
    for link in &mut changes.links.new {
        link.created_at = at([50, 20, 40, 70, 10, 60, 20][usize::try_from(link.id.get()).unwrap() - 1]);
    }
    changes.merchants.new.push(sample::merchant(OTHER));
    changes.links.new.push(Link { merchant_id: OTHER, ..sample::link(8) });
    store.put(changes);
    let reader = store.reader();
    for limit in [1, 2, 3, 7, 100] {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = reader.links_page(MERCHANT, before, limit).unwrap();
            assert!(i64::try_from(page.len()).unwrap() <= limit);
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            seen.extend(page.iter().map(|link| link.id.get()));
        }
        assert_eq!(seen, [4, 6, 1, 3, 7, 2, 5], "pages of {limit}");
    }
    assert_eq!(reader.links_page(OTHER, None, 5).unwrap().first().map(|link| link.id), Some(LinkId::new(8)));
}

pub(crate) fn events_go_newest_first(store: &Store) {
    let mut changes = sample::ground(&[5]);
    let told = (1..=7).map(|number| {
        // Ids come in blocks from several batchers: they do not tell the time, and two may fall into one
        // moment.
        Event { at: at(number / 2), ..sample::event((number * 5) % 7 + 1, 5, number) }
    });
    changes.events.extend(told);
    store.put(changes);
    let reader = store.reader();
    for limit in [1, 2, 3, 7, 100] {
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = reader.events_page(MERCHANT, before, limit).unwrap();
            assert!(i64::try_from(page.len()).unwrap() <= limit);
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            seen.extend(page.iter().map(|event| event.number));
        }
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1], "pages of {limit}");
    }
    assert_eq!(reader.events_page(OTHER, None, 5).unwrap(), vec![]);
    assert_eq!(reader.events_page(MERCHANT, Some(EventId::new(4)), 5).unwrap().len(), 1, "the second event");
    assert_eq!(reader.events_page(MERCHANT, Some(EventId::new(400)), 5).unwrap(), vec![], "no such event");
}
