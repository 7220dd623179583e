//! Requests through all routes of the server, its pages and its side doors for testers among them.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use kadi_domain::id::PaymentId;
use kadi_fuzz::RequestText;
use serde_json::Value;

use super::kadi::{Answer, Kadi};

/// The longest answer that is no list, in bytes.
const ANSWER_BYTES_MAX: usize = 96 * 1024;
/// Addresses whose answers grow with what there is.
const LISTS: [&str; 3] = ["/v1/links", "/v1/events", "/sandbox/messages"];

/// Words in braces that stand for what only the running Kadi knows.
fn known(kadi: &Kadi) -> Vec<(&'static str, String)> {
    let text = |body: &Value, member: &str| body[member].as_str().unwrap().to_owned();
    let open = kadi.link("{\"kind\":\"open\",\"name\":\"Box <b>\",\"reusable\":true}");
    let fixed = kadi.link(
        "{\"kind\":\"fixed\",\"amount\":10000,\"name\":\"Fees\",\"reusable\":true,\
         \"success_url\":\"https://shop.example/ok\"}",
    );
    let pay = |link: &Value, body: &str| kadi.post(&format!("/sandbox/pay/{}", text(link, "code")), body);
    let paid = pay(&open, "{\"outcome\":\"success\",\"amount\":\"25.00\"}");
    let failed = pay(&fixed, "{\"outcome\":\"failure\"}");
    let waiting = pay(&fixed, "{\"outcome\":\"pending\"}");
    let own_code = |payment: &Value| {
        let id = PaymentId::new(text(payment, "id").parse().unwrap());
        kadi.engine.keys().code().encode_payment(id).unwrap()
    };
    vec![
        ("{open}", text(&open, "code")),
        ("{fixed}", text(&fixed, "code")),
        ("{link}", text(&open, "id")),
        ("{payment}", text(&paid, "id")),
        ("{paid}", own_code(&paid)),
        ("{failed}", own_code(&failed)),
        ("{waiting}", own_code(&waiting)),
        ("{to settle}", text(&waiting, "id")),
    ]
}

fn judge(path: &str, answer: &Answer, is_head: bool) {
    let Answer { status, headers, body } = answer;
    assert!(status.as_u16() < 500, "{status}: {}", answer.text());
    let is_list = LISTS.iter().any(|list| path.starts_with(list));
    assert!(is_list || body.len() < ANSWER_BYTES_MAX, "{} bytes", body.len());
    let kind = answer.header("content-type");
    if kind.starts_with("text/html") {
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        assert!(!answer.text().contains("<script") && !answer.text().contains("<b>"), "{}", answer.text());
    } else if kind.ends_with("json") && !is_head {
        serde_json::from_slice::<serde::de::IgnoredAny>(body).unwrap();
    }
    if status.is_redirection() {
        // Kadi's own redirects lead to Kadi.
        let to = answer.header("location");
        assert!(to.starts_with("/p/") || *status == StatusCode::NOT_MODIFIED, "{to}");
    }
    assert!(!headers.contains_key("set-cookie"));
}

#[test]
fn server_request() {
    let kadi = Kadi::start();
    let known = known(&kadi);
    kadi_fuzz::target!("server_request", 100, |bytes: &[u8]| {
        let Some(request) = RequestText::read(bytes, &known).and_then(RequestText::request) else { return };
        let (path, is_head) = (request.uri().path().to_owned(), request.method() == Method::HEAD);
        let answer = kadi.send(request);
        assert!(!is_head || answer.body.is_empty());
        judge(&path, &answer, is_head);
        if path == "/v1/links" && answer.status == StatusCode::CREATED {
            let made: Value = serde_json::from_slice(&answer.body).unwrap();
            for lang in ["en", "hi"] {
                let page = format!("/p/{}?lang={lang}", made["code"].as_str().unwrap());
                let page = kadi.send(Request::get(&page).body(Body::empty()).unwrap());
                judge(&path, &page, false);
                assert!(page.status == 200 || page.status == 410, "{}", page.status);
            }
        }
    });
}
