//! Every problem of Kadi's own API: its status, code and body, and who gets which.

use axum::body::Body;
use axum::http::Request;
use axum::response::IntoResponse as _;
use kadi_dialects::native::Problem;
use kadi_domain::merchant::{Feature, Merchant};
use kadi_domain::reference::{Dialect, Namespace};
use kadi_domain::refusal::{Fault, Refusal};
use kadi_domain::time::MINUTE_MS;
use kadi_engine::command::Failure;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::merchants::{api_key, merchant, with_keys};
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn open() -> Shop {
    let off = Merchant { active: false, ..merchant("off") };
    Shop::open(vec![with_keys(merchant("demo"), &[]), with_keys(merchant("other"), &[]), with_keys(off, &[])])
}

fn fixed() -> Value {
    json!({"kind": "fixed", "amount": 10_000, "name": "Fees"})
}

/// The call of another merchant.
fn as_other(shop: &Shop, method: &str, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let bearer = format!("Bearer {}", api_key("other"));
    shop.send(request.header("authorization", bearer).body(Body::empty()).unwrap())
}

#[test]
fn each_problem_that_a_request_can_cause() {
    let shop = open();
    let mut told = Vec::new();
    let mut add = |code: &str, status: u16, answer: &Answer| {
        assert_eq!(
            (answer.problem().as_deref(), answer.status.as_u16()),
            (Some(code), status),
            "{}",
            answer.text
        );
        told.push(format!("{}\n", answer.shown()));
    };
    let with_reference = json!({"kind": "fixed", "amount": 10_000, "name": "Fees", "reference": "R"});
    let paid = shop.link(&shop.post("/v1/links", &with_reference));
    shop.pay(&paid, Says::Paid);
    let path = |link: &kadi_domain::link::Link, end: &str| format!("/v1/links/{}{end}", link.id.get());
    let cancelled = shop.link(&shop.post("/v1/links", &fixed()));
    shop.call("POST", &path(&cancelled, "/cancel"), &[], "");
    let time = shop.engine().now().ms() + MINUTE_MS;
    let soon = jiff::Timestamp::from_millisecond(time).unwrap().to_string();
    let over = shop.link(&shop.post("/v1/links", &json!({"kind": "open", "name": "x", "expires_at": soon})));
    shop.advance(2 * MINUTE_MS);
    let keyed = |body: &Value| shop.call("POST", "/v1/links", &[("idempotency-key", "k")], &body.to_string());
    keyed(&fixed());

    add(
        "malformed_json",
        400,
        &shop.call("POST", "/v1/links", &[], "{\"kind\":\"fixed\",\"kind\":\"open\"}"),
    );
    add("unauthorized", 401, &shop.send(Request::get("/v1/links").body(Body::empty()).unwrap()));
    add("not_found", 404, &shop.get("/v1/links/1"));
    add("method_not_allowed", 405, &shop.call("DELETE", "/v1/links/1", &[], ""));
    add("idempotency_key_reused", 409, &keyed(&json!({"kind": "open", "name": "Fees"})));
    add("reference_used", 409, &shop.post("/v1/links", &with_reference));
    add("link_completed", 409, &shop.call("POST", &path(&paid, "/cancel"), &[], ""));
    add("link_cancelled", 409, &shop.call("POST", &path(&cancelled, "/cancel"), &[], ""));
    add("link_expired", 409, &shop.call("POST", &path(&over, "/cancel"), &[], ""));
    let risky = json!({"kind": "fixed", "amount": 5_000_001, "name": "Fees"});
    add("risk_refused", 409, &shop.post("/v1/links", &risky));
    add("too_large", 413, &shop.call("POST", "/v1/links", &[], &"x".repeat(1 << 20)));
    add("encoded_body", 415, &shop.call("POST", "/v1/links", &[("content-encoding", "gzip")], "{}"));
    add("invalid_request", 422, &shop.post("/v1/links", &json!({"kind": "open", "name": "x", "colour": 1})));
    add("amount_invalid", 422, &shop.post("/v1/links", &json!({"kind": "fixed", "name": "x"})));
    shop.engine().stop();
    add("busy", 503, &shop.get("/v1/links"));
    insta::assert_snapshot!("native_problems", told.join("\n"));
}

/// Every refusal and failure, whether a call of this API can meet it or the sandbox alone.
#[test]
fn each_problem_that_the_engine_can_cause() {
    let namespace = Namespace { dialect: Dialect::NATIVE, kind: 1 };
    let refusals = [
        Refusal::MerchantUnknown,
        Refusal::MerchantInactive,
        Refusal::RailNotAllowed,
        Refusal::ReferenceUsed(namespace),
        Refusal::IdempotencyReused,
        Refusal::LinkUnknown,
        Refusal::LinkExpired,
        Refusal::LinkCancelled,
        Refusal::LinkCompleted,
        Refusal::LinkBusy,
        Refusal::AmountRequired,
        Refusal::AmountInvalid,
        Refusal::AmountBelowMinimum,
        Refusal::AmountAboveMaximum,
        Refusal::AmountAboveAccountMaximum,
        Refusal::RiskRefused,
        Refusal::SurchargeNotAllowed,
        Refusal::ExpiryInvalid,
        Refusal::ChannelMissing,
        Refusal::ResendsUsedUp,
        Refusal::LinesMismatch,
        Refusal::ModeNotAllowed,
        Refusal::ModesInvalid,
        Refusal::FeatureOff(Feature::Split),
        Refusal::ChildUnknown,
        Refusal::ChildNotLinked,
        Refusal::SplitInvalid,
        Refusal::PartsInvalid,
        Refusal::PaymentUnknown,
        Refusal::PaymentNotPending,
        Refusal::JobNotDue,
        Refusal::ClockBackwards,
        Refusal::CredentialUnknown,
        Refusal::NameTaken("x".to_owned()),
    ];
    let failures = [
        Failure::Busy,
        Failure::Unavailable,
        Failure::Unknown,
        Failure::Broken(Fault::new("row 7 of a secret table is corrupt")),
    ];
    let all = refusals.into_iter().map(Failure::Refused).chain(failures);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let rows: Vec<String> = all
        .map(|failure| {
            let name = format!("{failure:?}");
            let (parts, body) = Problem::from(failure).into_response().into_parts();
            let body = runtime.block_on(axum::body::to_bytes(body, usize::MAX)).unwrap();
            let again = parts.headers.contains_key("retry-after");
            assert_eq!(again, parts.status == 503, "{name}");
            format!("{name}\n  {} {}", parts.status, String::from_utf8(body.into()).unwrap())
        })
        .collect();
    let text = rows.join("\n");
    assert_eq!(text.matches("secret table").count(), 1, "the answer itself does not tell");
    insta::assert_snapshot!("native_failures", text);
}

#[test]
fn what_is_another_merchants_is_answered_as_if_it_were_not_there() {
    let shop = open();
    let link = shop.link(&shop.post("/v1/links", &fixed()));
    let payment = shop.pay(&link, Says::Paid);
    let (link, payment) = (link.id.get(), payment.id.get());
    let there = [
        ("GET", format!("/v1/links/{link}")),
        ("GET", format!("/v1/links/{link}/payments")),
        ("GET", format!("/v1/payments/{payment}")),
        ("GET", format!("/v1/payments/{payment}/split")),
        ("POST", format!("/v1/links/{link}/cancel")),
    ];
    for (method, path) in there {
        let absent = path.replace(&link.to_string(), "12345").replace(&payment.to_string(), "12345");
        let (theirs, nothing) = (as_other(&shop, method, &path), as_other(&shop, method, &absent));
        assert_eq!(theirs.problem().as_deref(), Some("not_found"), "{path}");
        assert_eq!(
            (theirs.status, theirs.headers, theirs.text),
            (nothing.status, nothing.headers, nothing.text)
        );
    }
    assert_eq!(as_other(&shop, "GET", "/v1/links").json()["data"], json!([]));
    assert_eq!(as_other(&shop, "GET", "/v1/events").json()["data"], json!([]));
}

#[test]
fn an_id_is_written_in_one_way() {
    let shop = open();
    let link = shop.link(&shop.post("/v1/links", &fixed())).id.get();
    assert_eq!(shop.get(&format!("/v1/links/{link}")).status, 200);
    for odd in [
        format!("+{link}"),
        format!("0{link}"),
        format!("%20{link}"),
        format!("{link}.0"),
        "99999999999999999999".to_owned(),
        "-1".to_owned(),
        "%00".to_owned(),
        "%FF".to_owned(),
        "x".to_owned(),
    ] {
        for path in
            [format!("/v1/links/{odd}"), format!("/v1/links/{odd}/payments"), format!("/v1/payments/{odd}")]
        {
            assert_eq!(shop.get(&path).problem().as_deref(), Some("not_found"), "{path}");
        }
        let cancel = shop.call("POST", &format!("/v1/links/{odd}/cancel"), &[], "");
        assert_eq!(cancel.problem().as_deref(), Some("not_found"), "{odd}");
    }
}

#[test]
fn only_a_live_key_of_an_active_merchant_opens() {
    let shop = open();
    let get = |path: &str, value: Option<&str>| {
        let request = Request::get(path);
        let request = match value {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        shop.send(request.body(Body::empty()).unwrap())
    };
    let right = format!("Bearer {}", api_key("demo"));
    assert_eq!(get("/v1/links", Some(&right)).status, 200);
    assert_eq!(get("/v1/links", Some(&right.replace("Bearer", "bearer"))).status, 200);
    let wrong = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some(api_key("demo")),
        Some(format!("Basic {}", api_key("demo"))),
        Some(format!("{right}x")),
        Some(format!("Bearer {}", api_key("off"))),
        Some(format!("Bearer {}", api_key("nobody"))),
    ];
    for value in wrong {
        for path in
            ["/v1/links", "/v1/links?limit=0", "/v1/links/1", "/v1/links/x", "/v1/payments/1", "/v1/events"]
        {
            let answer = get(path, value.as_deref());
            assert_eq!(answer.problem().as_deref(), Some("unauthorized"), "{path} {value:?}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
        let request = Request::post("/v1/links").header("authorization", value.unwrap_or_default());
        let answer = shop.send(request.body(Body::from("not JSON")).unwrap());
        assert_eq!(answer.problem().as_deref(), Some("unauthorized"));
    }
}

#[test]
fn a_key_is_for_one_request_of_one_merchant() {
    let shop = open();
    let post = |path: &str, key: &str, body: &str| shop.call("POST", path, &[("idempotency-key", key)], body);
    let first = post("/v1/links", "k", &fixed().to_string());
    let path = format!("/v1/links/{}/cancel", shop.link(&first).id.get());
    for (path, body) in [("/v1/links", format!("{} ", fixed())), (path.as_str(), String::new())] {
        assert_eq!(post(path, "k", &body).problem().as_deref(), Some("idempotency_key_reused"), "{path}");
    }
    assert_eq!(post("/v1/links", "", &fixed().to_string()).problem().as_deref(), Some("invalid_request"));
    let (longest, longer) = ("k".repeat(255), "k".repeat(256));
    assert_eq!(post("/v1/links", &longest, &fixed().to_string()).status, 201);
    assert_eq!(
        post("/v1/links", &longer, &fixed().to_string()).problem().as_deref(),
        Some("invalid_request")
    );
    let two = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let twice = shop.call("POST", "/v1/links", &two, &fixed().to_string());
    assert_eq!(twice.problem().as_deref(), Some("invalid_request"));
    let refused = json!({"kind": "fixed", "name": "x"}).to_string();
    assert_eq!(post("/v1/links", "n", &refused).status, 422);
    assert_eq!(post("/v1/links", "n", &fixed().to_string()).status, 201, "a refused request uses up no key");
}
