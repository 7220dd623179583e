//! Every kind of record is read back as it was stored, new and changed.

use kadi_domain::amount::Minor;
use kadi_domain::credential::Guard;
use kadi_domain::delivery::DeliveryState;
use kadi_domain::fee::Charges;
use kadi_domain::id::{
    CredentialId, CustomerId, DeliveryId, EventId, LinkId, MerchantId, MessageId, PaymentId, RefundId,
};
use kadi_domain::job::{Job, JobKind};
use kadi_domain::link::{Link, LinkStatus};
use kadi_domain::merchant::{Environment, Merchant};
use kadi_domain::message::{Message, MessageState, Occasion};
use kadi_domain::payment::{Decided, HoldDecision, HoldReason, Payment, PaymentState, Refunds};
use kadi_domain::reference::{Dialect, IdempotencyKey, IdempotencyRecord};
use kadi_domain::work::Changes;

use crate::sample;
use crate::sample::{MERCHANT, at};
use crate::store::Store;

pub(crate) fn a_merchant_with_all_its_lists(store: &Store) {
    let merchant = sample::merchant(MERCHANT);
    store.put(sample::ground(&[]));
    let view = store.load(|needs| {
        needs.merchants.extend([MERCHANT, MerchantId::new(404)]);
        needs.slugs.insert(merchant.slug.clone());
        needs.identities.insert((Dialect(1), "mid".into(), "MID9".into()));
        needs.identities.insert((Dialect(1), "webhook_url".into(), "https://shop.example/hook".into()));
    });
    assert_eq!(view.merchants.get(&MERCHANT).unwrap(), Some(&merchant));
    assert_eq!(view.merchants.get(&MerchantId::new(404)).unwrap(), None);
    assert_eq!(view.slugs.get(&merchant.slug).unwrap(), Some(&MERCHANT));
    let owner = |name: &str, value: &str| {
        view.identities.get(&(Dialect(1), name.into(), value.into())).unwrap().copied()
    };
    assert_eq!(owner("mid", "MID9"), Some(MERCHANT));
    assert_eq!(owner("webhook_url", "https://shop.example/hook"), None, "it does not identify");
}

pub(crate) fn a_merchant_found_by_its_name_is_loaded(store: &Store) {
    store.put(sample::ground(&[]));
    let view = store.load(|needs| needs.slugs.extend(["shop-9".to_owned(), "shop-404".to_owned()]));
    assert_eq!(view.slugs.get(&"shop-404".to_owned()).unwrap(), None);
    let id = *view.slugs.get(&"shop-9".to_owned()).unwrap().unwrap();
    assert_eq!(view.merchant(id).unwrap(), &sample::merchant(MERCHANT));
}

pub(crate) fn a_changed_merchant(store: &Store) {
    store.put(sample::ground(&[]));
    let mut changed = Merchant {
        name: "New name".into(),
        active: false,
        environment: Environment::Test,
        vpa: None,
        aggregator: None,
        address: None,
        version: 0,
        ..sample::merchant(MERCHANT)
    };
    changed.features.clear();
    changed.redirect_hosts.pop();
    changed.resellers.push("R3".into());
    changed.fees.clear();
    changed.limit.max = None;
    changed.risk.blocked_mobiles.clear();
    changed.risk.per_link_hour = None;
    changed.settings.remove(0);
    let mut changes = Changes::default();
    changes.merchants.changed.push(changed.clone());
    store.put(changes);
    assert_eq!(store.reader().merchant(MERCHANT).unwrap(), Some(Merchant { version: 1, ..changed }));
}

pub(crate) fn two_merchants_swap_an_account_id(store: &Store) {
    let other = MerchantId::new(10);
    let mut changes = sample::ground(&[]);
    changes.merchants.new.push(sample::merchant(other));
    store.put(changes);
    let (mut first, mut second) = (sample::merchant(MERCHANT), sample::merchant(other));
    std::mem::swap(&mut first.settings, &mut second.settings);
    let mut changes = Changes::default();
    changes.merchants.changed.extend([first, second]);
    store.put(changes);
    let owner = store.reader().merchant_by_identity(Dialect(1), "mid", "MID9").unwrap();
    assert_eq!(owner.map(|merchant| merchant.id), Some(other));
}

pub(crate) fn credentials_new_and_revoked(store: &Store) {
    let sealed = sample::credential(1);
    let mut hashed = sample::credential(2);
    hashed.guard = Guard::Hashed;
    let mut changes = sample::ground(&[]);
    changes.credentials.new.extend([sealed.clone(), hashed.clone()]);
    store.put(changes);
    let mut revoked = sealed.clone();
    revoked.revoked_at = Some(at(99));
    let mut changes = Changes::default();
    changes.credentials.changed.push(revoked.clone());
    store.put(changes);
    let view = store.load(|needs| {
        needs.credentials.extend([sealed.id, CredentialId::new(404)]);
        needs.prints.insert(hashed.key());
    });
    assert_eq!(view.credentials.get(&sealed.id).unwrap(), Some(&revoked));
    assert_eq!(view.credentials.get(&CredentialId::new(404)).unwrap(), None);
    assert_eq!(view.prints.get(&hashed.key()).unwrap(), Some(&hashed));
    assert_eq!(store.reader().credentials_of(MERCHANT).unwrap(), vec![revoked, hashed]);
}

pub(crate) fn the_newest_version_of_a_template(store: &Store) {
    let mut changes = sample::ground(&[]);
    changes.templates.extend([sample::template(1, 1), sample::template(2, 2)]);
    store.put(changes);
    let newest = sample::template(2, 2);
    let mut missing = newest.key.clone();
    missing.number = "T002".into();
    let view = store.load(|needs| needs.templates.extend([newest.key.clone(), missing.clone()]));
    assert_eq!(view.templates.get(&newest.key).unwrap(), Some(&newest));
    assert_eq!(view.templates.get(&missing).unwrap(), None);
    assert_eq!(store.reader().templates(MERCHANT).unwrap(), vec![newest]);
}

pub(crate) fn a_link_with_all_its_parts(store: &Store) {
    let id = LinkId::new(5);
    let mut changes = sample::ground(&[5, 6]);
    changes.lines.push((id, sample::lines()));
    changes.texts.push((id, sample::texts()));
    changes.subscriptions.push((id, sample::subscriptions()));
    changes.references.push((sample::reference("INV-1"), id));
    changes.splits.push((id, sample::split()));
    changes.plans.push((id, sample::plan()));
    store.put(changes);
    let reader = store.reader();
    assert_eq!(reader.link(id).unwrap(), Some(sample::link(5)));
    assert_eq!(reader.lines_of(id).unwrap(), sample::lines());
    assert_eq!(reader.lines_of(LinkId::new(6)).unwrap(), vec![]);
    assert_eq!(reader.texts_of(id).unwrap(), sample::texts());
    assert_eq!(reader.plan_of(id).unwrap(), sample::plan());
    assert_eq!(reader.plan_of(LinkId::new(6)).unwrap(), vec![]);
    let named = vec![("shop-9".to_owned(), sample::split()[1])];
    assert_eq!(reader.split_of(id).unwrap(), named, "of the children that there are");
    assert_eq!(reader.references_of(id).unwrap(), vec![sample::reference("INV-1")]);
    assert_eq!(reader.link_by_reference(&sample::reference("INV-1")).unwrap(), Some(id));
    assert_eq!(reader.link_by_reference(&sample::reference("inv-1")).unwrap(), None);
    let view = store.load(|needs| {
        needs.links.extend([id, LinkId::new(404)]);
        needs.subscriptions.extend([id, LinkId::new(6)]);
        needs.splits.extend([id, LinkId::new(6)]);
        needs.references.extend([sample::reference("INV-1"), sample::reference("INV-2")]);
    });
    assert_eq!(view.link(id).unwrap(), &sample::link(5));
    assert_eq!(view.links.get(&LinkId::new(404)).unwrap(), None);
    assert_eq!(view.subscriptions_of(id).unwrap(), sample::subscriptions());
    assert!(view.subscriptions_of(LinkId::new(6)).unwrap().is_empty());
    assert_eq!(view.split_of(id).unwrap(), sample::split());
    assert!(view.split_of(LinkId::new(6)).unwrap().is_empty());
    assert_eq!(view.references.get(&sample::reference("INV-1")).unwrap(), Some(&id));
    assert_eq!(view.references.get(&sample::reference("INV-2")).unwrap(), None);
}

pub(crate) fn a_link_in_every_status(store: &Store) {
    let states = [
        LinkStatus::Active,
        LinkStatus::Completed { at: at(1) },
        LinkStatus::Cancelled { at: at(2) },
        LinkStatus::Expired { at: at(3) },
    ];
    let mut bare = sample::link(5);
    (bare.amount, bare.due, bare.max_payments) = (None, None, None);
    (bare.customer_id, bare.expires_at, bare.sent_at) = (None, None, None);
    let mut changes = sample::ground(&[]);
    changes.links.new.push(bare);
    store.put(changes);
    for (version, status) in (0..).zip(states) {
        let changed = Link { status, version, ..sample::changed_link(5) };
        let mut changes = Changes::default();
        changes.links.changed.push(changed.clone());
        store.put(changes);
        let stored = store.reader().link(LinkId::new(5)).unwrap().unwrap();
        assert_eq!(stored.status, status);
        assert_eq!(stored.version, version + 1);
        assert_eq!((stored.sums, stored.event_count, stored.chain), (changed.sums, 3, changed.chain));
        assert_eq!((stored.sent_at, stored.opened_at), (changed.sent_at, changed.opened_at));
        let terms =
            |link: &Link| (link.amount, link.due, link.max_payments, link.expires_at, link.edit_count);
        assert_eq!(terms(&stored), terms(&changed));
        assert_eq!((stored.customer_id, stored.terms), (None, sample::link(5).terms));
    }
}

pub(crate) fn a_payment_in_every_state(store: &Store) {
    let charges = Charges { fee: Minor::new(11), fee_tax: Minor::new(12), net: Minor::new(478) };
    let none = Charges::default();
    let states = [
        PaymentState::Pending,
        PaymentState::Captured { at: at(91), charges },
        PaymentState::Failed { at: at(92), reason: "no money".into() },
        PaymentState::Held { at: at(93), reason: HoldReason::Duplicate },
        PaymentState::Reversed { at: at(94), captured_at: Some(at(95)), held: None, charges },
        PaymentState::Reversed { at: at(96), captured_at: None, held: Some(HoldReason::Over), charges: none },
    ];
    let mut changes = sample::ground(&[5]);
    changes.payments.new.push(sample::payment(8, 5));
    store.put(changes);
    assert_eq!(store.reader().payment(PaymentId::new(8)).unwrap(), Some(sample::payment(8, 5)));
    for (version, state) in (0..).zip(states) {
        // Money that was applied remembers why it had been held.
        let decided = matches!(state, PaymentState::Captured { .. }).then_some(Decided {
            decision: HoldDecision::Apply,
            reason: HoldReason::Over,
            asked: Minor::new(490),
            asked_discount: Minor::new(1),
            asked_surcharge: Minor::new(4),
        });
        let is_gone = matches!(state, PaymentState::Reversed { .. });
        let changed = Payment {
            state,
            decided,
            version,
            reserved_until: None,
            rail_reference: Some("UTR1".into()).filter(|_| !is_gone),
            gave_away: Some("UTR1".into()).filter(|_| is_gone),
            taken: Some(Minor::new(503)),
            refunds: Refunds {
                refunded: Minor::new(300),
                pending: Minor::new(201),
                excess: Minor::new(60),
                ..Refunds::default()
            },
            ..sample::payment(8, 5)
        };
        let mut changes = Changes::default();
        changes.payments.changed.push(changed.clone());
        store.put(changes);
        let view = store.load(|needs| needs.payments.extend([changed.id, PaymentId::new(404)]));
        assert_eq!(view.payment(changed.id).unwrap(), &Payment { version: version + 1, ..changed });
        assert_eq!(view.payments.get(&PaymentId::new(404)).unwrap(), None);
    }
}

pub(crate) fn an_idempotency_record(store: &Store) {
    let key = IdempotencyKey { merchant_id: MERCHANT, key_hash: [1; 32] };
    let missing = IdempotencyKey { merchant_id: MERCHANT, key_hash: [2; 32] };
    let record = IdempotencyRecord {
        fingerprint: [3; 32],
        link_id: LinkId::new(5),
        refund_id: Some(RefundId::new(6)),
    };
    let mut changes = sample::ground(&[5]);
    changes.idempotency.push((key.clone(), record.clone()));
    store.put(changes);
    let view = store.load(|needs| needs.idempotency.extend([key.clone(), missing.clone()]));
    assert_eq!(view.idempotency.get(&key).unwrap(), Some(&record));
    assert_eq!(view.idempotency.get(&missing).unwrap(), None);
}

pub(crate) fn a_customer_and_messages_in_every_state(store: &Store) {
    let states = [
        MessageState::Queued,
        MessageState::Sent { at: at(1), reference: "smtp-1".into() },
        MessageState::Failed { at: at(2), reason: "no such box".into() },
    ];
    let mut changes = sample::ground(&[5]);
    changes.customers.push(sample::customer(77));
    let receipt = Occasion::Receipt { event_id: EventId::new(9) };
    let receipt = Message { occasion: receipt, ..sample::message(4, 5, 77) };
    changes.messages.new.extend([sample::message(3, 5, 77), receipt.clone()]);
    store.put(changes);
    let reader = store.reader();
    assert_eq!(reader.customer(CustomerId::new(77)).unwrap(), Some(sample::customer(77)));
    assert_eq!(reader.customer(CustomerId::new(404)).unwrap(), None);
    assert_eq!(reader.message(receipt.id).unwrap(), Some(receipt));
    for state in states {
        let changed = Message { state, ..sample::message(3, 5, 77) };
        let mut changes = Changes::default();
        changes.messages.changed.push(changed.clone());
        store.put(changes);
        let view = store.load(|needs| needs.messages.extend([changed.id, MessageId::new(404)]));
        assert_eq!(view.messages.get(&changed.id).unwrap(), Some(&changed));
        assert_eq!(view.messages.get(&MessageId::new(404)).unwrap(), None);
        assert_eq!(reader.message(changed.id).unwrap(), Some(changed));
    }
}

pub(crate) fn events_and_deliveries_in_every_state(store: &Store) {
    let mut changes = sample::ground(&[5]);
    changes.events.push(sample::event(2, 5, 1));
    changes.deliveries.new.push(sample::delivery(4, 5, 2));
    store.put(changes);
    let reader = store.reader();
    assert_eq!(reader.event(EventId::new(2)).unwrap(), Some(sample::event(2, 5, 1)));
    assert_eq!(reader.event(EventId::new(404)).unwrap(), None);
    assert_eq!(reader.delivery(DeliveryId::new(4)).unwrap(), Some(sample::delivery(4, 5, 2)));
    for state in [DeliveryState::Delivered { at: at(3) }, DeliveryState::Parked { at: at(4) }] {
        let mut changed = sample::delivery(4, 5, 2);
        (changed.state, changed.attempts, changed.last_status) = (state, 9, None);
        let mut changes = Changes::default();
        changes.deliveries.changed.push(changed.clone());
        store.put(changes);
        let view = store.load(|needs| needs.deliveries.extend([changed.id, DeliveryId::new(404)]));
        assert_eq!(view.deliveries.get(&changed.id).unwrap(), Some(&changed));
        assert_eq!(view.deliveries.get(&DeliveryId::new(404)).unwrap(), None);
    }
}

pub(crate) fn a_job_new_changed_and_done(store: &Store) {
    for kind in JobKind::ALL {
        let job = Job::new(kind, 5, MERCHANT, at(100));
        let mut changes = Changes::default();
        changes.jobs.new.push(job.clone());
        store.put(changes);
        let view = store.load(|needs| needs.jobs.extend([job.key]));
        assert_eq!(view.jobs.get(&job.key).unwrap(), Some(&job));
        let leased = job.clone().lease(at(100), at(1_000), at(1_030)).unwrap();
        let mut changes = Changes::default();
        changes.jobs.changed.push(leased.clone());
        store.put(changes);
        let view = store.load(|needs| needs.jobs.extend([job.key]));
        assert_eq!(view.jobs.get(&job.key).unwrap(), Some(&leased));
        store.put(Changes { jobs_done: vec![job.key], ..Changes::default() });
        let view = store.load(|needs| needs.jobs.extend([job.key]));
        assert_eq!(view.jobs.get(&job.key).unwrap(), None);
    }
}

pub(crate) fn values_new_and_changed(store: &Store) {
    store
        .put(Changes { values: vec![("clock", "1".into()), ("key.code", "a".into())], ..Changes::default() });
    let mut session = store.session();
    let mut needs = kadi_domain::work::Needs::default();
    needs.values.extend(["clock", "absent"]);
    let mut view = session.load(&needs).unwrap();
    assert_eq!(view.values.get(&"absent").unwrap(), None);
    view.apply(Changes { values: vec![("clock", "2".into())], ..Changes::default() });
    assert_eq!(session.save(&view, [1; 16]), kadi_store::Commit::Committed);
    let reader = store.reader();
    assert_eq!(reader.value("clock").unwrap().as_deref(), Some("2"));
    assert_eq!(reader.value("absent").unwrap(), None);
    assert_eq!(reader.values_under("key.").unwrap(), vec![("key.code".to_owned(), "a".to_owned())]);
    assert_eq!(reader.values_under("").unwrap().len(), 2);
}
