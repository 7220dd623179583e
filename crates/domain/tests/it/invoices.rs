//! Invoices that are drawn from a template: what their fields take, what is kept of them, and their numbers.

use std::collections::BTreeMap;

use kadi_domain::amount::{Currency, Minor};
use kadi_domain::create::{Expiry, Extras, Made, NewLink, Resolved, Use, create};
use kadi_domain::customer::Contact;
use kadi_domain::fields::{FieldValues, Rule};
use kadi_domain::id::{ID_LIMIT, LinkId, MerchantId, TemplateId};
use kadi_domain::invoice::{Invoice, SealedInvoice, invoice_number, link_of_invoice_number};
use kadi_domain::link::LinkKind;
use kadi_domain::reference::Dialect;
use kadi_domain::refusal::{Refusal, Stop};
use kadi_domain::template::{Field, FieldType, Template, TemplateKey, TemplateKind};
use kadi_domain::work::Changes;
use proptest::prelude::*;

use crate::world::{KEYS, MERCHANT, START, World, once};

fn field(name: &str, required: bool, default: Option<&str>) -> Field {
    Field {
        name: name.to_owned(),
        label: format!("The {name}"),
        field_type: if name == "paid" { FieldType::Amount } else { FieldType::Text },
        required,
        min_length: None,
        max_length: Some(20),
        pattern: None,
        default: default.map(str::to_owned),
    }
}

fn template(merchant_id: MerchantId, kind: TemplateKind) -> Template {
    Template {
        id: TemplateId::new(5),
        key: TemplateKey { merchant_id, kind, number: "T1".to_owned() },
        version: 2,
        name: "Fees".to_owned(),
        fields: vec![
            field("course", true, None),
            field("batch", true, Some("Morning")),
            field("hall", false, Some("A")),
            field("remark", false, None),
            field("paid", false, None),
        ],
        created_at: START,
    }
}

fn fill(template: &Template, given: &[(&str, &str)]) -> Result<FieldValues, BTreeMap<String, Rule>> {
    template.fill(&given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn made(values: FieldValues) -> Result<(Made, Changes), Stop> {
    let new = NewLink {
        origin: Dialect::NATIVE,
        kind: LinkKind::Fixed,
        currency: Currency::INR,
        amount: Some(Minor::new(10_000)),
        uses: Use::Once,
        name: "Fees".to_owned(),
        description: String::new(),
        expiry: Expiry::Never,
        contact: Contact::default(),
        send: Vec::new(),
        lines: Vec::new(),
        texts: Vec::new(),
        references: Vec::new(),
        subscriptions: Vec::new(),
        extras: Extras { invoice: Some(values), ..Extras::default() },
    };
    let mut world = World::new(once());
    let merchant = world.merchant.clone();
    world.with_moment(|moment| create(&merchant, &new, Resolved::default(), |_| Ok(false), moment))
}

#[test]
fn each_field_tells_why_its_value_is_not_taken() {
    let template = template(MERCHANT, TemplateKind::Invoice);
    let broken = |given: &[(&str, &str)]| fill(&template, given).unwrap_err().into_iter().collect::<Vec<_>>();
    let told = |name: &str, rule| (name.to_owned(), rule);
    assert_eq!(broken(&[]), [told("course", Rule::Missing)]);
    assert_eq!(broken(&[("course", " ")]), [told("course", Rule::Missing)], "empty, without a default");
    let given =
        [("course", "Maths"), ("batch", ""), ("hall", " "), ("remark", ""), ("age", "9"), ("paid", "x")];
    let expected = [
        told("age", Rule::Unknown),
        told("batch", Rule::Emptied),
        told("hall", Rule::Emptied),
        told("paid", Rule::Amount),
    ];
    assert_eq!(broken(&given), expected);
    let form = self::template(MERCHANT, TemplateKind::Form);
    let of_form = fill(&form, &[("course", "Maths"), ("batch", ""), ("hall", ""), ("age", "9")]);
    assert_eq!(of_form, Err(BTreeMap::from([told("batch", Rule::Missing)])), "a payer leaves fields empty");
}

#[test]
fn an_invoice_is_kept_sealed_with_its_link_and_read_back_by_its_template() {
    let template = template(MERCHANT, TemplateKind::Invoice);
    let values = fill(&template, &[("course", " Maths "), ("paid", "250.50")]).unwrap();
    let shown = Invoice::new(template.clone(), &values).unwrap();
    let (made, changes) = made(values.clone()).unwrap();
    assert_eq!(made.link.terms.invoice, Some(template.id));
    let [(link_id, fields)] = changes.invoices.as_slice() else { panic!("{:?}", changes.invoices) };
    assert_eq!(*link_id, made.link.id);
    assert!(!fields.windows(5).any(|part| part == b"Maths"));
    let sealed = SealedInvoice { link_id: *link_id, template: template.clone(), fields: fields.clone() };
    let opened = sealed.open(&KEYS).unwrap();
    assert_eq!(opened, shown, "as it was asked for");
    assert_eq!(opened.template(), &template);
    let told: Vec<_> =
        opened.fields().map(|(field, value)| (field.name.as_str(), field.label.as_str(), value)).collect();
    let expected = [
        ("course", "The course", "Maths"),
        ("batch", "The batch", "Morning"),
        ("hall", "The hall", "A"),
        ("remark", "The remark", ""),
        ("paid", "The paid", "250.50"),
    ];
    assert_eq!(told, expected);
    let moved = SealedInvoice { link_id: LinkId::new(link_id.get() + 1), ..sealed.clone() };
    assert!(moved.open(&KEYS).is_err(), "another link's row");
    let mut other = sealed;
    other.template.fields.pop();
    assert!(other.open(&KEYS).is_err(), "another template");
    let newer = Template { id: TemplateId::new(6), ..template };
    assert!(Invoice::new(newer, &values).is_err(), "another version");
    assert!(!format!("{shown:?} {values:?}").contains("Maths"), "nothing of it is printed");
}

#[test]
fn a_link_takes_only_an_invoice_template_of_its_own_merchant() {
    let of = |merchant, kind| fill(&template(merchant, kind), &[("course", "Maths")]).unwrap();
    let others = MerchantId::new(MERCHANT.get() + 1);
    for values in [of(MERCHANT, TemplateKind::Form), of(others, TemplateKind::Invoice)] {
        assert_eq!(made(values).unwrap_err(), Stop::Refused(Refusal::TemplateUnknown));
    }
    assert!(made(of(MERCHANT, TemplateKind::Invoice)).is_ok());
}

#[test]
fn numbers_are_the_ids_to_the_base_of_36_in_capitals() {
    for (id, number) in [(0, "INV0"), (35, "INVZ"), (36, "INV10"), (ID_LIMIT - 1, "INV2GOSA7PA2GV")] {
        assert_eq!(invoice_number(LinkId::new(id)), number);
        assert_eq!(link_of_invoice_number(number), Some(LinkId::new(id)));
    }
    for other in [
        "",
        "INV",
        "INV-1",
        "INV+1",
        "INV01",
        "inv1",
        "INVz",
        "1",
        " INV1",
        "INV1 ",
        "INV1\n",
        "INV१",
        "INV2GOSA7PA2GW",
        "INVZZZZZZZZZZZZZZZZZZZZ",
    ] {
        assert_eq!(link_of_invoice_number(other), None, "{other:?}");
    }
}

proptest! {
    #[test]
    fn every_link_has_one_number_and_is_found_by_it_alone(id in 0..ID_LIMIT, other in "[A-Za-z0-9+-]{0,14}") {
        let number = invoice_number(LinkId::new(id));
        let is_digit = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        prop_assert!(number.starts_with("INV") && number.bytes().all(is_digit));
        prop_assert_eq!(link_of_invoice_number(&number), Some(LinkId::new(id)));
        for text in [other.clone(), format!("INV{other}")] {
            if let Some(found) = link_of_invoice_number(&text) {
                prop_assert_eq!(invoice_number(found), text);
            }
        }
    }
}
