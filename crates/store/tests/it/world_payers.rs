//! What payers bring, in the world of the checks: a one-time code that was tried, and answers to a form.

use kadi_domain::create::{Resolved, Use};
use kadi_domain::id::TemplateId;
use kadi_domain::link::LinkKind;
use kadi_domain::one_time_code::{Request, request};
use kadi_domain::secret::Pii;
use kadi_domain::template::{Template, TemplateKey};
use kadi_domain::work::{Changes, Needs};

use crate::sample;
use crate::world::{Builder, NOW, merchant};

impl Builder {
    /// A link for each thing that payers bring.
    pub(crate) fn payers(&mut self) {
        self.bound();
        self.form();
    }

    /// A link that only one mobile may pay, with a code that was sent and once typed wrongly.
    fn bound(&mut self) {
        let mut new = Self::new_link(LinkKind::Fixed, Use::Once, "bound");
        new.extras.only_mobile = true;
        let link = self.make(&new, Resolved::default());
        let needs =
            Needs { links: [link].into(), payers: [link].into(), codes: [link].into(), ..Needs::default() };
        let shop = merchant(self.shop);
        self.commit(&needs, |view, moment| {
            let asked = Request {
                link: view.link(link).unwrap(),
                merchant: &shop,
                customer: view.payers.get(&link).unwrap(),
                earlier: view.codes.get(&link).unwrap(),
                typed: &Pii::new("9000000001"),
                is_capped: false,
            };
            request(&asked, moment).unwrap().unwrap()
        });
        self.commit(&needs, |view, moment| {
            let code = view.codes.get(&link).unwrap().unwrap().clone();
            let (tried, _) = code.try_one("no code", moment.keys, NOW).unwrap();
            let mut changes = Changes::default();
            changes.codes.changed.push(tried);
            changes
        });
    }

    /// A link with a form that was filled in, for a payment that failed.
    fn form(&mut self) {
        let shop = self.shop;
        let mut form = None;
        self.commit(&Needs::default(), |_, moment| {
            let sample = sample::template(1, 1);
            let template = Template {
                id: TemplateId::new(moment.mint(shop).unwrap()),
                key: TemplateKey { merchant_id: shop, ..sample.key.clone() },
                ..sample
            };
            form = Some(template.clone());
            Changes { templates: vec![template], ..Changes::default() }
        });
        let form = form.unwrap();
        let mut new = Self::new_link(LinkKind::Fixed, Use::Once, "form");
        new.extras.form = Some(form.key.number.clone());
        let link = self.make(&new, Resolved { form: Some(form.id), ..Resolved::default() });
        let mut form = form;
        form.fields.iter_mut().for_each(|field| field.pattern = None);
        let given = [("course", "Physics"), ("paid", "250")];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let answers = form.fill(&given.into()).unwrap();
        self.failed_with(link, Some(answers));
    }
}
