//! Whose is it, in the API whose callers ask for tokens: every call of its list, under each of its prefixes,
//! without a token, with a wrong one, with a revoked one, with another merchant's and with the right one.

use kadi_dialects::table::DIALECTS;
use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::nimbbl::{Nimbbl, key, line, revoked, secret, token, unused, wish, wish_v2};
use crate::harness::own_api::text;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// The ids of one link, or of none.
struct Ids {
    invoice: String,
    hash: String,
}

/// Who asks, and with what.
struct Caller {
    key: String,
    secret: Option<String>,
    token: Option<String>,
}

/// One call under one prefix.
struct Asked<'a> {
    server: &'a Server,
    method: &'static str,
    path: String,
}

impl Caller {
    fn of(server: &Server, id: &str) -> Self {
        Self { key: key(id), secret: Some(secret(id)), token: Some(token(server, id)) }
    }
}

impl Asked<'_> {
    /// Does it name a link that must be there?
    fn names_one(&self) -> bool {
        self.method != "POST" || self.path.ends_with("/enquiry") || self.path.ends_with("/actions")
    }

    /// A call that is served and has no body here fails the test.
    fn body(&self, who: &Caller, ids: &Ids) -> Value {
        let named = json!({"payment_link_id": format!("pl_{}", ids.hash)});
        let path = self.path.trim_start_matches("/nimbbl");
        match path {
            _ if self.method == "GET" => Value::Null,
            "/api/v3/generate-token" => json!({"access_key": who.key, "access_secret": who.secret}),
            "/api/v3/payment-link" if self.method == "PATCH" => with_terms(named),
            "/api/v3/payment-link" => wish(&unused()),
            "/api/v2/payment-link" => wish_v2(&unused()),
            "/api/v3/payment-link/enquiry" => named,
            "/api/v3/payment-link/actions" => json!({"invoice_id": ids.invoice, "action": "send"}),
            _ => panic!("{} {path} is not walked", self.method),
        }
    }

    fn by(&self, who: &Caller, ids: &Ids) -> Answer {
        let id = if self.path.contains("/hash/") { &ids.hash } else { &ids.invoice };
        let path = self.path.replace("{id}", id);
        assert!(!path.contains('{'), "{path} is not walked");
        let call = Call::new(self.method, &path);
        let call = who.token.iter().fold(call, |call, token| call.bearer(token));
        let body = self.body(who, ids);
        let call =
            if body.is_null() { call.header("content-type", "application/json") } else { call.json(&body) };
        self.server.send(&call)
    }
}

fn all(server: &Server) -> Vec<Asked<'_>> {
    let row = DIALECTS.iter().find(|row| row.name == "nimbbl").expect("it is served");
    let routes = (row.routes)();
    let calls = routes.addresses().iter().flat_map(|(method, path)| {
        let names = ["GET", "PATCH", "POST"];
        let method = names.into_iter().find(|name| method == name).expect("a method that calls have");
        let asked = move |prefix| Asked { server, method, path: format!("{prefix}{path}") };
        row.prefixes.iter().map(asked)
    });
    calls.collect()
}

fn with_terms(mut named: Value) -> Value {
    named["terms_and_conditions"] = json!("changed");
    named
}

fn said(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.text())
}

#[test]
fn no_call_answers_for_a_merchant_but_to_that_merchant() {
    let server = Server::dev();
    let owner = Shop::open_with(&server, "owner", &line("owner", ""));
    Shop::open_with(&server, "stranger", &line("stranger", ""));
    let client = Nimbbl { server: &server, id: "owner".to_owned() };
    let made = client.create(&wish("inv-of-the-owner"));
    let ids =
        Ids { invoice: "inv-of-the-owner".to_owned(), hash: text(&made["payment_link_hash"]).to_owned() };
    let absent = Ids { invoice: "inv-of-nobody".to_owned(), hash: ids.hash.chars().rev().collect() };
    let (right, other) = (Caller::of(&server, "owner"), Caller::of(&server, "stranger"));
    let (gone_secret, gone_token) = revoked(&server, &owner);
    let gone = Caller { key: key("owner"), secret: gone_secret, token: gone_token };
    let wrong = Caller {
        key: key("owner"),
        secret: Some("access_secret_wrong".to_owned()),
        token: right.token.clone().map(|token| token + "A"),
    };
    let none = Caller { key: key("owner"), secret: Some(String::new()), token: None };
    let view = || ["links", "statement", "events"].map(|name| owner.found(&format!("/v1/{name}")));
    let (before, all) = (view(), all(&server));
    assert!(all.len() > 15, "{} calls", all.len());
    for asked in &all {
        let name = format!("{} {}", asked.method, asked.path);
        let denied = asked.by(&wrong, &ids);
        assert_eq!(denied.status, 401, "{name}: {}", denied.text());
        assert_eq!(said(&denied), said(&asked.by(&gone, &ids)), "{name}: a revoked secret");
        assert_eq!(said(&denied), said(&asked.by(&wrong, &absent)), "{name}: nothing shows before that");
        assert!([400, 401].contains(&asked.by(&none, &ids).status), "{name}");
        let answer = asked.by(&other, &ids);
        if asked.names_one() {
            assert_eq!(answer.status, 404, "{name}: {}", answer.text());
            assert_eq!(said(&answer), said(&asked.by(&other, &absent)), "{name}: not yours is not there");
        } else {
            assert_eq!(answer.status, 200, "{name}: {}", answer.text());
            assert!(!answer.text().contains(&ids.hash) && !answer.text().contains(&ids.invoice), "{name}");
        }
    }
    assert_eq!(view(), before, "nothing of the owner changed");
    for asked in &all {
        let answer = asked.by(&right, &ids);
        assert_eq!(answer.status, 200, "{} {}: {}", asked.method, asked.path, answer.text());
    }
    server.verify();
}
