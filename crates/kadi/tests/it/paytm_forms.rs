//! `templateId`: a form on the page, checked on the server, kept sealed, and told as PAYMENTFORM.

use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::own_api::{problem, text};
use crate::harness::peers::{node, python};
use crate::harness::receiver::Receiver;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const PATH: &str = "/forms-callback";

/// Imports the form for a merchant, with some of its text replaced.
fn import(server: &Server, merchant: &str, (from, to): (&str, &str)) {
    let text = include_str!("tables/forms.toml").replace("MERCHANT", merchant).replace(from, to);
    let file = server.write("forms.toml", &text);
    server.kadi_ok(&["template", "import", file.to_str().unwrap()]);
}

fn shop<'a>(server: &'a Server, id: &str) -> Shop<'a> {
    let shop = Shop::open(server, id);
    import(server, id, ("", ""));
    shop
}

fn with_form(shop: &Shop<'_>) -> Value {
    let mut body = shop.fixed();
    body["templateId"] = json!("T001");
    body
}

fn fill(server: &Server, code: &str, answers: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("outcome".to_owned(), (*"success").to_owned())];
    fields.extend(answers.iter().map(|(name, value)| (format!("answer.{name}"), (*value).to_owned())));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    server.send(&Call::post(&format!("/p/{code}/pay")).form(&fields))
}

fn payment_form(shop: &Shop<'_>, fields: &Value) -> Value {
    for library in [node(), python()] {
        assert!(library.verify_form(&shop.paytm_key, fields), "{fields}");
        let mut changed = fields.clone();
        changed["PAYMENTFORM"] = json!("[]");
        assert!(!library.verify_form(&shop.paytm_key, &changed), "not under the checksum");
    }
    serde_json::from_str(text(&fields["PAYMENTFORM"])).expect("JSON in a text")
}

#[test]
fn what_the_payer_answers_is_told_as_payment_form_in_both_posts() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = shop(&server, "forms");
    let mut body = with_form(&shop);
    body["statusCallbackUrl"] = json!(receiver.url(PATH));
    body["callbackUrl"] = json!(receiver.url("/browser"));
    let code = shop.create(&body).link_code();
    let page = server.send(&Call::get(&format!("/p/{code}")));
    for part in
        ["Course fees", "Student", "type=\"date\"", "type=\"email\"", "<select", "Parent&#39;s mobile"]
    {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let answers = [
        ("student", " Asha Rao "),
        ("batch", "Evening"),
        ("age", "12.5"),
        ("born", "2012-02-29"),
        ("mail", "asha@example.com"),
        ("phone", "+919812345678"),
        ("gift", "250.50"),
        ("remark", "\"null\" & <b>|शाम</b>"),
    ];
    let paid = fill(&server, &code, &answers);
    assert_eq!(paid.status, 303, "{}", paid.text());
    let posts = receiver.wait_for_posts(PATH, 1);
    let told = payment_form(&shop, &Value::from(posts[0].form()));
    let expected: Vec<Value> =
        answers.iter().map(|(name, value)| json!({"name": name, "value": value.trim()})).collect();
    assert_eq!(told, json!(expected));
    let posted = Value::from(posts[0].form());
    let signed = text(&posted["PAYMENTFORM"]);
    assert!(!signed.contains('|'), "a bar of the payer's would cut the signed text anew: {signed}");
    let outcome = server.send(&Call::get(paid.header("location").expect("a way on")));
    assert!(outcome.text().contains("name=\"PAYMENTFORM\""), "the browser's post: {}", outcome.text());
    server.verify();
}

#[test]
fn a_link_without_a_form_tells_none() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = shop(&server, "noform");
    let mut body = shop.fixed();
    body["statusCallbackUrl"] = json!(receiver.url(PATH));
    let code = shop.create(&body).link_code();
    problem(&server.pay_with(&code, &json!({"outcome": "success", "form": {"a": "b"}})), 422, "form_invalid");
    server.pay(&code, "success");
    assert!(!receiver.wait_for_posts(PATH, 1)[0].form().contains_key("PAYMENTFORM"));
}

#[test]
fn wrong_answers_are_told_beside_their_fields_and_what_was_typed_stays() {
    let server = Server::dev();
    let shop = shop(&server, "wrongs");
    let code = shop.create(&with_form(&shop)).link_code();
    let right = [("student", "Asha")];
    let wrong = [
        ("student", "A"),
        ("student", "Asha the twenty-first of her name"),
        ("student", "Asha1"),
        ("student", "  "),
        ("student", "As\u{202e}ha"),
        ("batch", "Night"),
        ("age", "12,5"),
        ("age", "१२"),
        ("born", "2013-02-29"),
        ("born", "29-02-2012"),
        ("mail", "asha"),
        ("phone", "12345"),
        ("gift", "1.005"),
        ("remark", "two\nlines"),
        ("remark", "\u{2066}turned"),
        ("remark", "nul\0"),
        ("remark", "unit\u{1f}separator"),
    ];
    let long = "x".repeat(1_001);
    for (name, value) in wrong.into_iter().chain([("remark", long.as_str())]) {
        let typed: Vec<(&str, &str)> =
            right.into_iter().filter(|(known, _)| *known != name).chain([(name, value)]).collect();
        let refused = fill(&server, &code, &typed);
        assert_eq!(refused.status, 422, "{name} {value:?}");
        let page = refused.text();
        assert_eq!(page.matches("class=\"fault\"").count(), 1, "{name} {value:?}");
        assert!(page.contains("aria-invalid") && page.contains("<title>Error"), "{name} {value:?}");
        if name != "student" {
            assert!(page.contains("value=\"Asha\""), "what was right stays: {name} {value:?}");
        }
        let form = typed.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        let wish = json!({"outcome": "success", "form": Value::from_iter(form)});
        let said = server.pay_with(&code, &wish);
        problem(&said, 422, "form_invalid");
        assert!(text(&said.json()["detail"]).contains(name), "{}", said.text());
    }
    let typed = fill(&server, &code, &[("student", "1"), ("remark", "<b>\"kept\"")]);
    assert!(
        typed.text().contains("&#60;b&#62;&#34;kept&#34;")
            || typed.text().contains("&lt;b&gt;&quot;kept&quot;")
    );
    assert_eq!(fill(&server, &code, &[]).status, 422, "nothing at all");
    assert_eq!(shop.payments(&shop.link_with_code(&code)).len(), 0, "nothing was started");
    server.verify();
}

#[test]
fn attacks_on_the_form_are_refused() {
    let server = Server::dev();
    let shop = shop(&server, "formhits");
    let code = shop.create(&with_form(&shop)).link_code();
    let huge = "9".repeat(10_000_000);
    assert_eq!(fill(&server, &code, &[("student", &huge)]).status, 413);
    let large = "9".repeat(500_000);
    assert_eq!(fill(&server, &code, &[("student", &large)]).status, 422);
    let wish = json!({"outcome": "success", "form": {"student": huge}});
    assert_eq!(server.pay_with(&code, &wish).status, 413);
    for form in [
        json!({"student": ["Asha"]}),
        json!({"student": null}),
        json!({"student": true}),
        json!({"student": "Asha", "stranger": "x"}),
        json!({}),
    ] {
        let said = server.pay_with(&code, &json!({"outcome": "success", "form": form}));
        problem(&said, 422, "form_invalid");
    }
    // The first of two values counts, for the check and for what is kept.
    let twice = fill(&server, &code, &[("student", "Asha"), ("student", "1"), ("stranger", "x")]);
    assert_eq!(twice.status, 303);
    server.verify();
}

#[test]
fn a_link_keeps_the_version_that_it_was_made_with() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = shop(&server, "versions");
    let mut body = with_form(&shop);
    body["statusCallbackUrl"] = json!(receiver.url(PATH));
    let old = shop.create(&body).link_code();
    import(&server, "versions", ("\"student\"", "\"pupil\""));
    let new = shop.create(&body).link_code();
    let pay = |code: &str, name: &str| {
        server.pay_with(code, &json!({"outcome": "success", "form": {name: "Asha"}}))
    };
    problem(&pay(&old, "pupil"), 422, "form_invalid");
    problem(&pay(&new, "student"), 422, "form_invalid");
    for (code, name) in [(&old, "student"), (&new, "pupil")] {
        assert_eq!(pay(code, name).status, 200);
    }
    let posts = receiver.wait_for_posts(PATH, 2);
    let mut first: Vec<Value> =
        posts.iter().map(|post| payment_form(&shop, &Value::from(post.form()))[0]["name"].clone()).collect();
    first.sort_by_key(Value::to_string);
    assert_eq!(first, [json!("pupil"), json!("student")]);
    let defaults = payment_form(&shop, &Value::from(posts[0].form()));
    assert_eq!((&defaults[1]["value"], &defaults[7]["value"]), (&json!("Morning"), &json!("")));
    server.verify();
}

#[test]
fn no_such_form_no_form_of_another_and_no_feature_are_5022() {
    let server = Server::dev();
    let (shop, other) = (shop(&server, "owner"), Shop::open(&server, "stranger"));
    let without = Shop::open_with(&server, "without", "feature = [\"upi\", \"split\"]");
    import(&server, "without", ("", ""));
    import(&server, "owner", ("\"form\"\nnumber   = \"T001\"", "\"invoice\"\nnumber   = \"I001\""));
    for (shop, number) in [
        (&shop, json!("T002")),
        (&shop, json!("t001")),
        (&shop, json!("I001")),
        (&shop, json!("T".repeat(65))),
        (&shop, json!(7)),
        (&other, json!("T001")),
        (&without, json!("T001")),
    ] {
        let mut body = shop.fixed();
        body["templateId"] = number.clone();
        shop.create(&body).refused(&number.to_string(), "5022", "Merchant not allowed payment forms");
    }
    let mut body = shop.fixed();
    body["templateId"] = json!({"a": 1});
    shop.create(&body).refused_by_name("an object", "templateId");
}

#[test]
fn answers_stand_sealed_in_the_store_and_never_in_the_log() {
    let server = Server::dev();
    let shop = shop(&server, "sealed");
    let code = shop.create(&with_form(&shop)).link_code();
    assert_eq!(
        fill(&server, &code, &[("student", "Wilhelmina"), ("mail", "wilhelmina@example.com")]).status,
        303
    );
    assert!(!server.log().to_lowercase().contains("wilhelmina"));
    if server.database().is_none() {
        for entry in std::fs::read_dir(server.data()).expect("a folder") {
            let path = entry.expect("a file").path();
            let bytes = std::fs::read(&path).unwrap_or_default();
            let found = bytes.windows(10).any(|part| part.eq_ignore_ascii_case(b"wilhelmina"));
            assert!(!found, "{}", path.display());
        }
    }
    server.verify();
}
