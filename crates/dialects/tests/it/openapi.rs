//! The description of Kadi's own API says what is served, no more and no less.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use kadi_dialects::table::DIALECTS;
use serde_json::Value;

use crate::support::merchants::{merchant, with_keys};
use crate::support::shop::Shop;

fn document() -> Value {
    let shop = Shop::open(vec![with_keys(merchant("demo"), &[])]);
    let answer = shop.send(Request::get("/v1/openapi.json").body(Body::empty()).unwrap());
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("application/json")));
    answer.json()
}

/// `METHOD path` of every call.
fn served() -> BTreeSet<String> {
    let native = &DIALECTS[0];
    assert_eq!((native.name, native.prefixes), ("native", &["/v1"][..]));
    let calls = (native.routes)();
    calls.addresses().iter().map(|(method, path)| format!("{method} /v1{path}")).collect()
}

#[test]
fn every_route_is_described_and_every_description_is_served() {
    let document = document();
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    assert!(described.len() >= 8, "{described:?}");
    assert_eq!(described, served());
}

#[test]
fn every_reference_leads_somewhere_and_every_problem_has_its_type() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    for (path, methods) in document["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            let responses = operation["responses"].as_object().unwrap();
            for (status, response) in responses.iter().filter(|(status, _)| *status >= &"4".to_owned()) {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{path} {status}");
            }
            let is_public = operation["security"].is_array();
            assert_eq!(is_public, path == "/v1/openapi.json");
            assert_eq!(responses.contains_key("401"), !is_public, "{path}");
        }
    }
}

#[test]
fn the_description_is_the_one_that_was_looked_at() {
    let text = serde_json::to_string_pretty(&document()).unwrap();
    insta::assert_snapshot!("openapi", text);
}
