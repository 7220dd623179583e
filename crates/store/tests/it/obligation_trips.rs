//! Obligations and the payments that have a rail's money are found by what names them.

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::claim::MoneyKey;
use kadi_domain::id::{LinkId, ObligationId, PaymentId};
use kadi_domain::link::{Link, Terms};
use kadi_domain::obligation::{Obligation, ObligationKey};
use kadi_domain::payment::Payment;
use kadi_domain::work::Changes;

use crate::sample;
use crate::sample::MERCHANT;
use crate::store::Store;

pub(crate) fn obligation() -> Obligation {
    Obligation {
        id: ObligationId::new(78),
        key: ObligationKey { merchant_id: MERCHANT, name: "Term 2".into() },
        currency: Currency::INR,
        amount: Minor::new(1_000),
        link_count: 2,
        paid_by: None,
        version: 0,
    }
}

pub(crate) fn an_obligation_by_its_links_and_by_its_name(store: &Store) {
    let key = obligation().key;
    let missing = ObligationKey { merchant_id: MERCHANT, name: "Term 3".into() };
    let obligation = obligation();
    let mut changes = sample::ground(&[5, 6]);
    changes.links.new.push(Link { terms: Terms::default(), ..sample::link(7) });
    changes.obligations.new.push(obligation.clone());
    store.put(changes);
    let load = || {
        store.load(|needs| {
            needs.obligations.extend([5, 6, 7, 404].map(LinkId::new));
            needs.obligation_names.extend([key.clone(), missing.clone()]);
        })
    };
    let view = load();
    assert_eq!(view.obligation_of(LinkId::new(5)).unwrap(), Some(&obligation));
    assert_eq!(view.obligation_of(LinkId::new(6)).unwrap(), Some(&obligation));
    assert_eq!(view.obligation_of(LinkId::new(7)).unwrap(), None);
    assert_eq!(view.obligation_of(LinkId::new(404)).unwrap(), None);
    assert_eq!(view.obligation_named(&key).unwrap(), Some(&obligation));
    assert_eq!(view.obligation_named(&missing).unwrap(), None);
    let paid = Obligation { paid_by: Some(PaymentId::new(8)), link_count: 3, ..obligation };
    let mut changes = Changes::default();
    changes.obligations.changed.push(paid.clone());
    store.put(changes);
    let paid = Obligation { version: 1, ..paid };
    assert_eq!(load().obligation_of(LinkId::new(6)).unwrap(), Some(&paid));
    assert_eq!(store.reader().obligation(paid.id).unwrap(), Some(paid.clone()));
    assert_eq!(store.reader().active_links_of(paid.id).unwrap(), [5, 6].map(LinkId::new));
}

pub(crate) fn money_is_found_by_the_rails_reference(store: &Store) {
    let key = |reference: &str| MoneyKey {
        merchant_id: MERCHANT,
        rail: "sandbox".into(),
        account: "shop-9".into(),
        reference: reference.into(),
    };
    let payment = Payment { rail_reference: Some("UTR1".into()), ..sample::payment(8, 5) };
    let mut changes = sample::ground(&[5]);
    changes.payments.new.push(payment.clone());
    store.put(changes);
    let view = store.load(|needs| needs.money.extend([key("UTR1"), key("UTR2")]));
    assert_eq!(view.payment_with(Some(&key("UTR1"))).unwrap(), Some(&payment));
    assert_eq!(view.payment_with(Some(&key("UTR2"))).unwrap(), None);
    assert_eq!(view.payment_with(None).unwrap(), None);
}

pub(crate) fn a_payment_is_found_by_the_form_that_began_it(store: &Store) {
    let (link, other) = (LinkId::new(5), LinkId::new(6));
    let [token, unused] = [8, 7].map(sample::token);
    let payment = sample::payment(8, 5);
    let mut changes = sample::ground(&[5, 6]);
    changes.payments.new.push(payment.clone());
    store.put(changes);
    let view = store.load(|needs| needs.tokens.extend([(link, token), (link, unused), (other, token)]));
    assert_eq!(view.payment_by_token(link, Some(token)).unwrap(), Some(&payment));
    for (link, token) in [(link, Some(unused)), (other, Some(token)), (link, None)] {
        assert_eq!(view.payment_by_token(link, token).unwrap(), None);
    }
    assert_eq!(store.reader().payment_by_token(link, token).unwrap(), Some(payment));
    assert_eq!(store.reader().payment_by_token(other, token).unwrap(), None);
}
