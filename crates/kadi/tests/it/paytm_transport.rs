//! Requests that are no requests: what HTTP and JSON can get wrong, before a merchant is known.

use serde_json::json;

use crate::harness::http::Call;
use crate::harness::paytm::{CREATE, Reply};
use crate::harness::peers::node;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// An answer shaped like all others, unsigned, with 502 and a detail.
fn refused(what: &str, reply: &Reply, http: u16) {
    assert_eq!(reply.http, http, "{what}: {}", reply.text);
    assert_eq!((reply.code(), reply.message()), ("502", "Unknown Error Occurred"), "{what}");
    assert!(!reply.detail().is_empty(), "{what}: {}", reply.text);
    assert_eq!(reply.signature(), None, "{what}");
}

fn nested(depth: usize) -> String {
    format!("{{\"head\":{{}},\"body\":{{\"a\":{}{}}}}}", "[".repeat(depth - 2), "]".repeat(depth - 2))
}

#[test]
fn what_is_not_json_is_told_so() {
    let server = Server::dev();
    let shop = Shop::open(&server, "nojson");
    let good = node().request(&shop.paytm_key, &shop.head(), &shop.fixed());
    let faults: Vec<(&str, Vec<u8>)> = vec![
        ("words", b"not JSON".to_vec()),
        ("half a request", good.as_bytes()[..good.len() / 2].to_vec()),
        ("something behind", format!("{good}{{}}").into_bytes()),
        ("bad UTF-8", [b"{\"head\":{},\"body\":{\"a\":\"".as_slice(), &[0xff, 0xfe], b"\"}}"].concat()),
        (
            "an overlong form",
            [b"{\"head\":{},\"body\":{\"a\":\"".as_slice(), &[0xc0, 0xaf], b"\"}}"].concat(),
        ),
        ("a byte order mark", format!("\u{feff}{good}").into_bytes()),
        ("a lone surrogate", br#"{"head":{},"body":{"a":"\ud800"}}"#.to_vec()),
        ("single quotes", b"{'head':{}}".to_vec()),
        ("a trailing comma", br#"{"head":{"a":1},}"#.to_vec()),
        ("a raw control character", b"{\"head\":{\"a\":\"\x01\"}}".to_vec()),
        ("a duplicate key", br#"{"head":{"a":1},"head":{"a":1},"body":{"a":1}}"#.to_vec()),
        ("a duplicate key in escapes", br#"{"head":{"a":1},"body":{"mid":"a","\u006did":"b"}}"#.to_vec()),
        ("a duplicate key deep inside", br#"{"head":{"a":1},"body":{"c":[{"x":1,"x":2}]}}"#.to_vec()),
        ("33 levels", nested(33).into_bytes()),
        ("20,000 levels", "[".repeat(20_000).into_bytes()),
        ("NaN", br#"{"head":{"a":1},"body":{"amount":NaN}}"#.to_vec()),
        ("a nul", b"\0".to_vec()),
    ];
    for (what, bytes) in faults {
        refused(what, &shop.post(bytes), 400);
    }
    for other in ["[]", "null", "7", "\"text\"", "true"] {
        let reply = shop.post(other);
        assert!([200, 400].contains(&reply.http) && reply.code() != "200", "{other}: {}", reply.text);
    }
    shop.post(good).ok();
}

#[test]
fn thirty_two_levels_are_allowed() {
    let server = Server::dev();
    let shop = Shop::open(&server, "levels");
    let mut body = shop.fixed();
    body["deep"] = serde_json::from_str(&format!("{}{}", "[".repeat(30), "]".repeat(30))).unwrap();
    shop.create(&body).ok();
}

#[test]
fn a_request_over_256_kib_is_413_and_one_just_below_is_read() {
    let server = Server::dev();
    let shop = Shop::open(&server, "large");
    let padded = |length: usize| {
        let bare = node().request(&shop.paytm_key, &shop.head(), &shop.fixed());
        format!("{}{}", bare, " ".repeat(length - bare.len()))
    };
    shop.post(padded(256 * 1024)).ok();
    refused("one byte more", &shop.post(padded(256 * 1024 + 1)), 413);
    refused("a megabyte", &shop.post("x".repeat(1 << 20)), 413);
}

#[test]
fn an_encoded_body_is_415() {
    let server = Server::dev();
    let shop = Shop::open(&server, "coded");
    for coding in ["gzip", "br", "deflate"] {
        let call = Call::post(CREATE).body("application/json", "x").header("content-encoding", coding);
        refused(coding, &shop.post_call(&call), 415);
    }
}

#[test]
fn megabytes_and_long_texts_in_any_member_are_answered() {
    let server = Server::dev();
    let shop = Shop::open(&server, "longs");
    let members = [
        "merchantRequestId",
        "mid",
        "linkName",
        "linkDescription",
        "linkType",
        "amount",
        "sendSms",
        "customerContact",
        "statusCallbackUrl",
        "maxPaymentsAllowed",
        "templateId",
        "linkNotes",
        "invoiceId",
        "expiryDate",
        "invoicePhoneNo",
        "invoiceEmail",
        "invoiceDetails",
        "partialPayment",
        "bindLinkIdMobile",
        "resellerId",
        "splitSettlementInfo",
        "extendInfo",
        "customPaymentSuccessMessage",
        "redirectionUrlSuccess",
        "redirectionUrlFailure",
        "linkOrderId",
        "singleTransactionOnly",
        "orderId",
        "callbackUrl",
        "merchantUniqueReference",
        "currency",
    ];
    for member in members {
        let mut body = shop.invoice("LONG");
        body[member] = json!("9".repeat(200_000));
        let reply = shop.create(&body);
        assert!(reply.http == 200 && !["200", "501"].contains(&reply.code()), "{member}: {}", &reply.text);
        body[member] = json!("9".repeat(1 << 20));
        refused(member, &shop.create(&body), 413);
    }
    let mut head = shop.head();
    head["version"] = json!("v".repeat(200_000));
    let reply = shop.create_by(node(), &head, &shop.fixed());
    assert!(reply.http == 200 && reply.text.len() < 2_000, "HTTP {}, {} bytes", reply.http, reply.text.len());
}

#[test]
fn other_methods_and_paths_are_plain_http_refusals() {
    let server = Server::dev();
    for method in ["GET", "PUT", "DELETE"] {
        assert_eq!(server.send(&Call::new(method, CREATE)).status, 405, "{method}");
    }
    assert_eq!(server.send(&Call::post("/paytm/link/invent").json(&json!({}))).status, 404);
}

#[test]
fn a_signature_that_is_no_signature_is_5028() {
    let server = Server::dev();
    let shop = Shop::open(&server, "nosign");
    let good = node().sign(&shop.paytm_key, &shop.fixed().to_string());
    let signatures = [
        json!(""),
        json!(7),
        json!(null),
        json!("A"),
        json!("=".repeat(108)),
        json!(good.get(..104)),
        json!(format!("{good}AAAA")),
        json!(good.to_lowercase()),
        json!("é".repeat(54)),
        json!("A".repeat(200_000)),
        json!([good]),
        json!(good.replace('=', "")),
    ];
    for signature in signatures {
        let mut head = shop.head();
        head["signature"] = signature;
        let reply = shop.post(json!({"head": head, "body": shop.fixed()}).to_string());
        reply.refused(&head["signature"].to_string(), "5028", "Checksum provided is invalid.");
    }
}
