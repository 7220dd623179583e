//! Links of Kadi's own API whose invoice is drawn from a template: made, shown, told, repeated and refused.

use kadi_domain::invoice::invoice_number;
use kadi_domain::link::Link;
use kadi_domain::template::{Field, FieldType, TemplateKind};
use kadi_engine::commands::administer::{ImportTemplates, TemplateInput};
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{merchant, with_keys};
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn field(name: &str, field_type: FieldType, default: Option<&str>) -> Field {
    Field {
        name: name.to_owned(),
        label: format!("The {name}"),
        field_type,
        required: default.is_none(),
        min_length: None,
        max_length: None,
        pattern: None,
        default: default.map(str::to_owned),
    }
}

fn import(shop: &Shop, merchant: &str, kind: TemplateKind, fields: Vec<Field>) {
    let slug = merchant.to_owned();
    let found = shop.read(move |reader| reader.merchant_by_slug(&slug));
    let input = TemplateInput {
        merchant: merchant.to_owned(),
        merchant_id: found.unwrap().id,
        kind,
        number: "T001".to_owned(),
        name: "Fees".to_owned(),
        fields,
    };
    shop.submit(ImportTemplates { inputs: vec![input] });
}

fn course() -> Field {
    field("course", FieldType::Text, None)
}

/// A shop with one invoice template.
fn open() -> Shop {
    let shop = Shop::open(vec![with_keys(merchant("demo"), &[]), with_keys(merchant("other"), &[])]);
    let fields = vec![course(), field("batch", FieldType::Text, Some("Morning"))];
    import(&shop, "demo", TemplateKind::Invoice, fields);
    shop
}

fn body(invoice: &Value) -> Value {
    json!({"kind": "fixed", "amount": 10_000, "name": "Fees", "invoice": invoice})
}

fn maths() -> Value {
    json!({"template": "T001", "fields": {"course": "Maths"}})
}

fn shown(link: &Link, version: i64, fields: &Value) -> Value {
    json!({"number": invoice_number(link.id), "template": "T001", "version": version, "fields": fields})
}

#[test]
fn the_link_keeps_the_version_that_it_was_made_with_wherever_it_is_shown() {
    let shop = open();
    let made = shop.post("/v1/links", &body(&maths()));
    let link = shop.link(&made);
    let expected = shown(&link, 1, &json!({"course": "Maths", "batch": "Morning"}));
    assert_eq!(made.json()["invoice"], expected);
    import(&shop, "demo", TemplateKind::Invoice, vec![field("hall", FieldType::Number, None)]);
    let newer = json!({"template": "T001", "fields": {"hall": "7"}});
    let second = shop.post("/v1/links", &body(&newer));
    assert_eq!(second.json()["invoice"], shown(&shop.link(&second), 2, &json!({"hall": "7"})));
    shop.post("/v1/links", &json!({"kind": "open", "name": "Gift"}));
    let one = shop.get(&format!("/v1/links/{}", link.id.get())).json();
    assert_eq!(one["invoice"], expected);
    let list = shop.get("/v1/links").json();
    let invoices: Vec<_> = list["data"].as_array().unwrap().iter().map(|one| one.get("invoice")).collect();
    assert_eq!(invoices, [None, Some(&second.json()["invoice"]), Some(&expected)]);
    shop.pay(&link, Says::Paid);
    let events = shop.get("/v1/events").json();
    let created =
        events["data"].as_array().unwrap().iter().rev().find(|event| event["data"]["id"] == one["id"]);
    assert_eq!(created.unwrap()["data"]["invoice"], expected);
    assert_eq!(shop.verify().broken, []);
}

#[test]
fn a_repeated_request_is_answered_again_whatever_became_of_its_template() {
    let shop = open();
    let keyed = |body: &Value| shop.call("POST", "/v1/links", &[("idempotency-key", "k")], &body.to_string());
    let first = keyed(&body(&maths()));
    assert_eq!(first.status.as_u16(), 201, "{}", first.text);
    import(&shop, "demo", TemplateKind::Invoice, vec![field("hall", FieldType::Number, None)]);
    let again = keyed(&body(&maths()));
    assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (201, Some("true")));
    assert_eq!(again.text, first.text);
    let other = keyed(&body(&json!({"template": "T001", "fields": {"course": "Art"}})));
    assert_eq!(other.problem().as_deref(), Some("idempotency_key_reused"));
}

#[test]
fn what_does_not_fit_is_named_and_makes_no_link() {
    let shop = open();
    import(&shop, "other", TemplateKind::Invoice, vec![course()]);
    import(&shop, "demo", TemplateKind::Form, vec![course()]);
    let refused = |answer: &Answer, code: &str| {
        assert_eq!(
            (answer.status.as_u16(), answer.problem().as_deref()),
            (422, Some(code)),
            "{}",
            answer.text
        );
    };
    let post = |invoice: Value| shop.post("/v1/links", &body(&invoice));
    for number in ["T002", "", "t001", "T001\u{0}", &"T".repeat(65), "शुल्क"] {
        refused(&post(json!({"template": number, "fields": {"course": "Maths"}})), "template_unknown");
    }
    let fields = |fields: Value| post(json!({"template": "T001", "fields": fields}));
    let absent = post(json!({"template": "T001"}));
    refused(&absent, "invoice_fields_invalid");
    assert_eq!(absent.json()["fields"], json!({"course": "missing"}));
    let wrong = fields(json!({"course": "a\u{202e}b", "batch": " ", "age": "9"}));
    refused(&wrong, "invoice_fields_invalid");
    let told = json!({
        "course": "control or direction characters",
        "batch": "empty; left out, it has its default",
        "age": "the template has no such field",
    });
    assert_eq!(wrong.json()["fields"], told);
    let many: Value =
        (0..51).map(|at| (format!("f{at}"), json!("x"))).collect::<serde_json::Map<_, _>>().into();
    for invalid in [
        fields(json!({"course": 1})),
        fields(json!({"course": null})),
        fields(json!([])),
        fields(many),
        fields(json!({"f".repeat(65): "x"})),
        post(json!({})),
        post(json!("T001")),
        post(json!({"template": "T001", "fields": {"course": "Maths"}, "colour": 1})),
    ] {
        refused(&invalid, "invalid_request");
        assert!(invalid.detail().starts_with("invoice"), "{}", invalid.text);
    }
    assert_eq!(shop.get("/v1/links").json()["data"], json!([]));
}
