//! Refunds, their parts and paybacks, written and read again.

use kadi_domain::amount::Minor;
use kadi_domain::fee::Charges;
use kadi_domain::id::{LinkId, PaymentId, RefundId};
use kadi_domain::payment::HoldReason;
use kadi_domain::refund::{Refund, RefundState};
use kadi_domain::sandbox::{ChargeWord, Payback};
use kadi_domain::work::Changes;

use crate::sample::{self, at};
use crate::sample_sandbox;
use crate::store::Store;

pub(crate) fn a_refund_in_every_state(store: &Store) {
    let states = [
        RefundState::Succeeded { at: at(91) },
        RefundState::Failed { at: at(92), reason: "no such money".into() },
        RefundState::Reversed { at: at(93) },
        RefundState::Pending,
    ];
    let mut changes = sample::ground(&[5]);
    let held = Refund { held: Some(HoldReason::Over), ..sample::refund(7, 8, 5) };
    changes.payments.new.push(sample::payment(8, 5));
    changes.refunds.new.extend([sample::refund(6, 8, 5), held.clone()]);
    store.put(changes);
    let newest = |payment| store.reader().newest_refund_of(PaymentId::new(payment)).unwrap();
    assert_eq!((newest(8).map(|found| found.id), newest(404)), (Some(held.id), None));
    assert_eq!(store.reader().refund(held.id).unwrap(), Some(held));
    for (version, state) in (0..).zip(states) {
        let changed = Refund {
            state,
            version,
            rail_reference: Some("RFN1".into()),
            shares: Charges { fee: Minor::new(8), fee_tax: Minor::new(3), net: Minor::new(49) },
            ..sample::refund(6, 8, 5)
        };
        let mut changes = Changes::default();
        changes.refunds.changed.push(changed.clone());
        store.put(changes);
        let view = store.load(|needs| needs.refunds.extend([changed.id, RefundId::new(404)]));
        assert_eq!(view.refund(changed.id).unwrap(), &Refund { version: version + 1, ..changed });
        assert_eq!(view.refunds.get(&RefundId::new(404)).unwrap(), None);
    }
}

pub(crate) fn parts_of_a_divided_payment(store: &Store) {
    let (link, payment, refund) = (LinkId::new(5), sample::payment(8, 5), RefundId::new(6));
    let (parts_key, shares_key) = ((link, payment.id), (link, refund));
    let (mut parts, mut shares) = (sample::split_parts(), sample::split_refunds());
    let mut changes = sample::ground(&[5]);
    changes.split_parts.new.push((parts_key, parts.clone()));
    changes.split_refunds.new.push((shares_key, shares.clone()));
    store.put(changes);
    for _ in 0..2 {
        let view = store.load(|needs| {
            needs.split_parts.extend([parts_key, (link, PaymentId::new(404))]);
            needs.split_refunds.extend([shares_key, (LinkId::new(404), refund)]);
        });
        assert_eq!(view.split_parts.get(&parts_key).unwrap(), Some(&parts));
        assert_eq!(view.split_parts.get(&(link, PaymentId::new(404))).unwrap(), None);
        assert_eq!(view.split_refunds.get(&shares_key).unwrap(), Some(&shares));
        assert_eq!(view.split_refunds.get(&(LinkId::new(404), refund)).unwrap(), None);
        assert_eq!(store.reader().split_parts(&payment).unwrap(), Some(parts.clone()));
        (parts[1].back, shares[0].part) = (parts[1].part, parts[0].part);
        let mut changes = Changes::default();
        changes.split_parts.changed.push((parts_key, parts.clone()));
        changes.split_refunds.changed.push((shares_key, shares.clone()));
        store.put(changes);
    }
    assert_eq!(store.reader().split_parts(&sample::payment(9, 5)).unwrap(), None);
}

pub(crate) fn a_payback_new_and_settled(store: &Store) {
    let mut changes = sample::ground(&[5]);
    changes.paybacks.new.push(sample_sandbox::payback(6, 8));
    store.put(changes);
    let settled = Payback { settled: Some(ChargeWord::Reversed), ..sample_sandbox::payback(6, 8) };
    assert_eq!(store.reader().payback(settled.refund_id).unwrap(), Some(sample_sandbox::payback(6, 8)));
    let mut changes = Changes::default();
    changes.paybacks.changed.push(settled.clone());
    store.put(changes);
    let view = store.load(|needs| needs.paybacks.extend([settled.refund_id, RefundId::new(404)]));
    assert_eq!(view.paybacks.get(&settled.refund_id).unwrap(), Some(&settled));
    assert_eq!(view.paybacks.get(&RefundId::new(404)).unwrap(), None);
}
