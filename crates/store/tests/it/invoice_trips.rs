//! An invoice is read back as it was stored, with the version of its template that its link was made with.

use kadi_domain::id::{LinkId, TemplateId};
use kadi_domain::invoice::SealedInvoice;
use kadi_domain::link::{Link, Terms};
use kadi_store::Trouble;

use crate::sample;
use crate::store::Store;

pub(crate) fn an_invoice_with_its_template(store: &Store) {
    let drawn = |id, template: Option<i64>| {
        let invoice = template.map(TemplateId::new);
        Link { terms: Terms { invoice, ..sample::link(id).terms }, ..sample::link(id) }
    };
    let (first, second) = (drawn(5, Some(80)), drawn(6, Some(81)));
    let (without, lost, untold) = (drawn(7, None), drawn(8, Some(404)), drawn(9, Some(80)));
    let mut changes = sample::ground(&[]);
    changes.templates.extend([sample::template(80, 1), sample::template(81, 2)]);
    changes.links.new.extend([&first, &second, &without, &lost, &untold].map(Link::clone));
    changes.invoices.extend([5, 6, 8].map(|id| (LinkId::new(id), vec![1, 2, u8::try_from(id).unwrap()])));
    store.put(changes);
    let reader = store.reader();
    assert_eq!(reader.link(first.id).unwrap(), Some(first.clone()));
    for (link, version) in [(&first, 1), (&second, 2)] {
        let id = u8::try_from(link.id.get()).unwrap();
        let template = sample::template(79 + version, version);
        let expected = SealedInvoice { link_id: link.id, template, fields: vec![1, 2, id] };
        assert_eq!(reader.invoice_of(link).unwrap(), Some(expected));
    }
    assert_eq!(reader.invoice_of(&without).unwrap(), None);
    for broken in [&lost, &untold] {
        assert!(matches!(reader.invoice_of(broken), Err(Trouble::Broken(_))), "{}", broken.id.get());
    }
}
