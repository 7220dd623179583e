//! What is paid in parts, in the world of the checks.

use kadi_domain::amount::Minor;
use kadi_domain::create::{Resolved, Use};
use kadi_domain::id::LinkId;
use kadi_domain::link::LinkKind;
use kadi_domain::parts::{Instalment, PartRules};
use kadi_domain::rail::Report;
use kadi_domain::sandbox::Story;
use kadi_domain::time::DAY_MS;

use crate::world::{Builder, NOW};

impl Builder {
    /// An obligation in parts with a plan.
    pub(crate) fn parts(&mut self) -> LinkId {
        let rules = PartRules { min_first: Some(Minor::new(300)), min: Some(Minor::new(200)) };
        let mut new = Self::new_link(LinkKind::Fixed, Use::Parts { max_payments: Some(9), rules }, "parts");
        let due = new.amount.unwrap();
        let instalment = |amount, days| Instalment { amount, due_at: NOW.plus_ms(days * DAY_MS) };
        let first = Minor::new(300);
        new.extras.plan = vec![instalment(first, 1), instalment(due.minus(first).unwrap(), 31)];
        self.make(&new, Resolved::default())
    }

    pub(crate) fn paid_part(&mut self, link: LinkId, amount: i64) {
        let payment = self.pay_amount(link, Some(Story::Success), Some(amount));
        self.report(link, payment, &Report::Succeeded(self.taken(payment, self.charged)));
    }
}
