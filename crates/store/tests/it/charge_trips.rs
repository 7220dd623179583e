//! What the sandbox rail remembers of payments: stories and scripts.

use kadi_domain::amount::Currency;
use kadi_domain::id::PaymentId;
use kadi_domain::sandbox::{Charge, ChargeWord, Plot, RefundStory};
use kadi_domain::script::{After, Said, Script, Step, Takes};
use kadi_domain::work::Changes;

use crate::sample;
use crate::sample_sandbox;
use crate::store::Store;

pub(crate) fn a_charge_new_and_settled(store: &Store) {
    let mut changes = sample::ground(&[5]);
    changes.payments.new.push(sample::payment(8, 5));
    changes.payments.new.push(sample::payment(9, 5));
    let said = Some(Said::Payment { word: ChargeWord::Succeeded, reference: 2, percent: Some(50) });
    let step = Step { after: After::Reservation(3), check: Some(ChargeWord::Succeeded), says: said };
    let (answer, check, refunds) = (None, Some(ChargeWord::Pending), RefundStory::Failure);
    let takes = Takes {
        percent: 7,
        currency: Currency::parse("USD"),
        account: Some("demo-2".to_owned()),
        reference_of: Some(PaymentId::new(8)),
    };
    let restart = Step { says: Some(Said::Restart), ..step };
    let script = Script { answer, check, takes, steps: vec![step, restart], refunds };
    let scripted = Charge { plot: Plot::Script(script), ..sample_sandbox::charge(9) };
    changes.charges.new.extend([sample_sandbox::charge(8), scripted.clone()]);
    store.put(changes);
    assert_eq!(store.reader().charge(PaymentId::new(8)).unwrap(), Some(sample_sandbox::charge(8)));
    assert_eq!(store.reader().charge(PaymentId::new(9)).unwrap(), Some(scripted));
    let mut settled = sample_sandbox::charge(8);
    (settled.told, settled.settled) = (2, Some(ChargeWord::Failed));
    settled.refund_story = RefundStory::TimeoutBefore;
    let mut changes = Changes::default();
    changes.charges.changed.push(settled.clone());
    store.put(changes);
    let view = store.load(|needs| needs.charges.extend([settled.payment_id, PaymentId::new(404)]));
    assert_eq!(view.charges.get(&settled.payment_id).unwrap(), Some(&settled));
    assert_eq!(view.charges.get(&PaymentId::new(404)).unwrap(), None);
}
