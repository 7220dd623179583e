//! An invoice that is drawn from a template, in the world of the checks.

use kadi_domain::create::{Resolved, Use};
use kadi_domain::id::TemplateId;
use kadi_domain::link::LinkKind;
use kadi_domain::template::{Template, TemplateKey, TemplateKind};
use kadi_domain::work::{Changes, Needs};

use crate::sample;
use crate::world::Builder;

impl Builder {
    /// A link with such an invoice.
    pub(crate) fn drawn(&mut self) {
        let shop = self.shop;
        let mut template = None;
        self.commit(&Needs::default(), |_, moment| {
            let sample = sample::template(1, 1);
            let mut made = Template {
                id: TemplateId::new(moment.mint(shop).unwrap()),
                key: TemplateKey { merchant_id: shop, kind: TemplateKind::Invoice, ..sample.key.clone() },
                ..sample
            };
            made.fields.iter_mut().for_each(|field| field.pattern = None);
            template = Some(made.clone());
            Changes { templates: vec![made], ..Changes::default() }
        });
        let given = [("course", "Physics"), ("paid", "250")];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let mut new = Self::new_link(LinkKind::Fixed, Use::Once, "drawn");
        new.extras.invoice = Some(template.unwrap().fill(&given.into()).unwrap());
        self.make(&new, Resolved::default());
    }
}
