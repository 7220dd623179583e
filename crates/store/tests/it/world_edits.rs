//! A link in the world of the checks whose terms were changed twice.

use kadi_domain::amount::Minor;
use kadi_domain::create::Use;
use kadi_domain::edit::{Edit, Grounds, edit};
use kadi_domain::id::LinkId;
use kadi_domain::link::LinkKind;
use kadi_domain::work::{Changes, Needs};

use crate::world::{Builder, merchant};

impl Builder {
    /// A link that was made for another price and more payments.
    pub(crate) fn edited(&mut self) {
        let link = self.link(LinkKind::Fixed, Use::Many { max_payments: Some(9) }, "edited");
        self.edit(link, &Edit { amount: Some(Minor::new(750)), ..Edit::default() });
        self.edit(link, &Edit { max_payments: Some(3), ..Edit::default() });
    }

    fn edit(&mut self, link: LinkId, wished: &Edit) {
        let needs = Needs { links: [link].into(), ..Needs::default() };
        let shop = merchant(self.shop);
        self.commit(&needs, |view, moment| {
            let grounds = Grounds { merchant: &shop, setup: moment.setup, split: &[], line_count: 0 };
            let before = view.link(link).unwrap().clone();
            let (after, former) = edit(before, wished, &grounds, moment.now).unwrap();
            let mut changes = Changes::default();
            changes.links.changed.push(after);
            changes.edits.extend(former.map(|former| (link, former)));
            changes
        });
    }
}
