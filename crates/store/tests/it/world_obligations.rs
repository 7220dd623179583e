//! An obligation in the world of the checks: one of its two links was paid.

use kadi_domain::create::{Resolved, Use};
use kadi_domain::id::ObligationId;
use kadi_domain::link::LinkKind;
use kadi_domain::obligation::{Obligation, ObligationKey};
use kadi_domain::rail::Report;
use kadi_domain::sandbox::Story;
use kadi_domain::work::{Changes, Needs};

use crate::world::Builder;

impl Builder {
    /// Two links for what is owed once, one of them paid.
    pub(crate) fn obligation(&mut self) {
        let mut found = None;
        let key = ObligationKey { merchant_id: self.shop, name: "Term 2".into() };
        let new = ["term by mail", "term by message"]
            .map(|name| Builder::new_link(LinkKind::Fixed, Use::Once, name));
        let (currency, amount) = (new[0].currency, new[0].amount.unwrap());
        self.commit(&Needs::default(), |_, moment| {
            let id = ObligationId::new(moment.mint(key.merchant_id).unwrap());
            let obligation =
                Obligation { id, key, currency, amount, link_count: 2, paid_by: None, version: 0 };
            found = Some(id);
            let mut changes = Changes::default();
            changes.obligations.new.push(obligation);
            changes
        });
        let links = new.map(|new| self.make(&new, Resolved { obligation: found, ..Resolved::default() }));
        let payment = self.pay(links[0], Some(Story::Success));
        self.report(links[0], payment, &Report::Succeeded(self.taken(payment, self.charged)));
        let needs = Needs { obligations: links.into(), ..Needs::default() };
        self.commit(&needs, |view, _| {
            let before = view.obligation_of(links[0]).unwrap().unwrap().clone();
            let mut changes = Changes::default();
            changes.obligations.changed.push(Obligation { paid_by: Some(payment), ..before });
            changes
        });
    }
}
