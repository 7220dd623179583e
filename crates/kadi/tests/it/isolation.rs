//! Whose is it: every call of every dialect, walked from the list that is served, without credentials, with
//! wrong ones, with revoked ones, with another merchant's and with the right ones.

use kadi_dialects::table::DIALECTS;
use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::own_api::{bill, fixed, text};
use crate::harness::paysharp::wish;
use crate::harness::paytm_orders::SEND;
use crate::harness::peers::node;
use crate::harness::server::Server;
use crate::harness::shop::Shop;
use crate::isolation_specimens::{SPECIMENS, Specimen, Things, new_order, request};

/// How a caller shows who it is.
#[derive(Clone, Debug)]
struct Credentials {
    api_key: Option<String>,
    token: Option<String>,
    mid: String,
    client_id: String,
    paytm_key: Option<String>,
}

/// Dialects whose vendor says of a missing credential what it does not say of a wrong one.
const WORD_FOR_NONE: [&str; 1] = ["paytm"];

/// Calls that tell everybody the same.
const PUBLIC: [(&str, &str); 1] = [("GET", "/openapi.json")];

impl Specimen {
    fn call(&self, prefix: &str, who: &Credentials, things: &Things) -> Call {
        let id = self.names.map_or("", |thing| things.of(thing));
        let path = format!("{prefix}{}", self.path.replace("{id}", id));
        let body = (self.body)(things);
        match self.dialect {
            "paytm" => Call::post(&path).body("application/json", who.signed(body)),
            _ => {
                let bearer = if self.dialect == "native" { &who.api_key } else { &who.token };
                let call = Call::new(self.method, &path);
                let call = bearer.iter().fold(call, |call, key| call.bearer(key));
                if body.is_null() {
                    call.header("content-type", "application/json")
                } else {
                    call.json(&body)
                }
            }
        }
    }
}

impl Credentials {
    fn of(shop: &Shop<'_>, token: &str) -> Self {
        Self {
            api_key: Some(shop.api_key.clone()),
            token: Some(token.to_owned()),
            mid: shop.mid.clone(),
            client_id: shop.client_id.clone(),
            paytm_key: Some(shop.paytm_key.clone()),
        }
    }

    /// A request of Paytm's API.
    fn signed(&self, mut body: Value) -> String {
        body["mid"] = json!(self.mid);
        let head = json!({"tokenType": "AES", "timestamp": "1795298264", "clientId": self.client_id});
        match &self.paytm_key {
            Some(key) => node().request(key, &head, &body),
            None => json!({"head": head, "body": body}).to_string(),
        }
    }
}

/// What an answer says, without what differs from call to call.
fn said(answer: &Answer) -> (u16, String) {
    let mut body = String::from_utf8_lossy(answer.body()).into_owned();
    if let Ok(mut value) = serde_json::from_str::<Value>(&body) {
        if value["head"].is_object() {
            value["head"] = Value::Null;
        }
        body = value.to_string();
    }
    (answer.status, body)
}

fn is_yes(answer: &Answer) -> bool {
    if answer.header("content-type") == Some("application/pdf") {
        return answer.status == 200;
    }
    let status = answer.json()["body"]["resultInfo"]["resultStatus"].as_str().map(str::to_owned);
    let yes = ["SUCCESS", "PENDING"];
    (200..300).contains(&answer.status) && status.is_none_or(|status| yes.contains(&status.as_str()))
}

/// A merchant with one of each thing.
fn furnish(server: &Server, shop: &Shop<'_>, token: &str) -> Things {
    let link = shop.link(&fixed());
    let payment = server.pay(text(&link["code"]), "success");
    let refunds = format!("/v1/payments/{}/refunds", text(&payment["id"]));
    let refund = shop.post_json(&refunds, &json!({"amount": 777})).json();
    let late = shop.link(&fixed());
    server.pay(text(&late["code"]), "late_success");
    server.advance(7_200);
    let hold = shop.found("/v1/holds")["data"][0]["id"].clone();
    let call = Call::post("/linkpayment").bearer(token).json(&wish("9111100008"));
    let paysharp = server.send(&call).json()["data"]["linkPaymentId"].clone();
    let mut wish = fixed();
    wish["customer"] = json!({"mobile": "9111100010"});
    let (open, kept) = (shop.link(&fixed()), shop.link(&wish));
    let order = new_order();
    let mut body = request(&order);
    body["mid"] = json!(shop.mid);
    assert_eq!(shop.order_call(SEND, &body).code(), "SPR_001");
    let bill = shop.link(&bill());
    let id = |value: &Value| text(value).to_owned();
    Things {
        link: id(&open["id"]),
        paid_link: id(&link["id"]),
        kept_link: id(&kept["id"]),
        bill: id(&bill["id"]),
        payment: id(&payment["id"]),
        refund: id(&refund["id"]),
        hold: id(&hold),
        paysharp_link: id(&paysharp),
        kept_paysharp: format!("{}--a", text(&kept["code"])),
        kept_order: format!("LI_{}", text(&kept["id"])),
        order,
    }
}

/// The owner, whose first credentials are revoked, as a shop and as a caller; and what was revoked.
fn owner(server: &Server) -> (Shop<'_>, Credentials, Credentials) {
    let (mut old, new) = (Shop::credentials(server, "owner"), Shop::credentials(server, "fresh"));
    let tokens = |token: &str| format!("vpa = \"owner@kadi\"\npaysharp = {{ tokens = [\"{token}\"] }}");
    let import = |shop: &Shop<'_>, token: &str| {
        let file = server.write("owner.toml", &shop.file(None, &tokens(token)));
        server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
    };
    import(&old, "paysharp_owner_old");
    let gone = Credentials::of(&old, "paysharp_owner_old");
    let listed = server.kadi_ok(&["merchant", "list"]);
    let own = listed.lines().skip_while(|line| !line.starts_with("owner")).skip(1);
    for line in own.take_while(|line| line.starts_with(' ')) {
        if ["api_key", "paytm", "paysharp"].iter().any(|kind| line.contains(kind)) {
            let number = line.split_whitespace().next().unwrap();
            server.kadi_ok(&["merchant", "revoke", "owner", number]);
        }
    }
    (old.api_key, old.paytm_key, old.client_id) = (new.api_key, new.paytm_key, "C12".to_owned());
    import(&old, "paysharp_owner_new");
    let right = Credentials::of(&old, "paysharp_owner_new");
    (old, right, gone)
}

/// Who asks.
struct Callers {
    right: Credentials,
    other: Credentials,
    wrong: Credentials,
    gone: Credentials,
    none: Credentials,
}

/// One call under one address, and how it is asked.
struct Asked<'a> {
    server: &'a Server,
    name: String,
    prefix: &'static str,
    specimen: &'static Specimen,
}

impl Asked<'_> {
    fn by(&self, who: &Credentials, whose: &Things) -> Answer {
        self.server.send(&self.specimen.call(self.prefix, who, whose))
    }

    /// Nobody but the owner learns or changes anything.
    fn keeps_to_its_owner(&self, callers: &Callers, things: &Things) {
        let (name, absent) = (&self.name, things.absent());
        let [denied, unsigned] = [&callers.wrong, &callers.none].map(|who| self.by(who, things));
        assert!(!is_yes(&denied) && !is_yes(&unsigned), "{name}: {}", unsigned.text());
        assert_eq!(said(&denied), said(&self.by(&callers.gone, things)), "{name}: a revoked credential");
        assert_eq!(
            said(&unsigned),
            said(&self.by(&callers.none, &absent)),
            "{name}: nothing shows without credentials"
        );
        // Who shows none hears the same, but from the vendor who has another word for it.
        if !WORD_FOR_NONE.contains(&self.specimen.dialect) {
            assert_eq!(said(&unsigned), said(&denied), "{name}: no credential and a wrong one");
        }
        assert_eq!(
            said(&denied),
            said(&self.by(&callers.wrong, &absent)),
            "{name}: nothing shows before that"
        );
        let answer = self.by(&callers.other, things);
        if self.specimen.names.is_some() {
            assert!(!is_yes(&answer), "{name}: {}", answer.text());
            let not_there = self.by(&callers.other, &absent);
            assert_eq!(said(&answer), said(&not_there), "{name}: not yours is not there");
        } else {
            assert!(is_yes(&answer), "{name}: {}", answer.text());
            for id in [
                &things.link,
                &things.paid_link,
                &things.kept_link,
                &things.payment,
                &things.refund,
                &things.hold,
            ] {
                assert!(!answer.text().contains(id.as_str()), "{name}: {}", answer.text());
            }
        }
    }

    /// The owner is answered, so that the refusals above are about who asks.
    fn serves_its_owner(&self, callers: &Callers, things: &Things) {
        let answer = self.by(&callers.right, things);
        let is_spent = || answer.status == 409 || answer.json()["errorCode"] == 7002;
        assert!(is_yes(&answer) || is_spent(), "{}: {}", self.name, answer.text());
    }
}

/// Every call that is served under every address.
fn all(server: &Server) -> Vec<Asked<'_>> {
    let mut all = Vec::new();
    // `isolation_nimbbl.rs` walks one whose callers ask for tokens; a dialect without any specimen is walked
    // in the dialects' own tests.
    let is_here = |name: &str| SPECIMENS.iter().any(|it| it.dialect == name);
    for row in DIALECTS.iter().filter(|row| is_here(row.name)) {
        for (method, path) in (row.routes)().addresses() {
            if PUBLIC.contains(&(method.as_str(), path)) {
                continue;
            }
            let is_it =
                |it: &&Specimen| (it.dialect, it.method, it.path) == (row.name, method.as_str(), *path);
            let ways: Vec<_> = SPECIMENS.iter().filter(is_it).collect();
            assert!(!ways.is_empty(), "{} {method} {path} is not walked", row.name);
            for specimen in ways {
                all.extend(row.prefixes.iter().map(|prefix| {
                    let name = format!("{} {method} {prefix}{path}", row.name);
                    Asked { server, name, prefix, specimen }
                }));
            }
        }
    }
    all
}

#[test]
fn no_call_answers_for_a_merchant_but_to_that_merchant() {
    let server = Server::dev();
    let (shop, right, gone) = owner(&server);
    let stranger = Shop::open_with(
        &server,
        "stranger",
        "vpa = \"s@kadi\"\npaysharp = { tokens = [\"paysharp_stranger\"] }",
    );
    let other = Credentials::of(&stranger, "paysharp_stranger");
    let none = Credentials { api_key: None, token: None, paytm_key: None, ..right.clone() };
    let wrong = Credentials {
        api_key: Some("kadi_test_wrongwrongwrongwrongwrongwrong".to_owned()),
        token: Some("paysharp_wrong".to_owned()),
        paytm_key: Some("Wk#9wrongwrongwr".to_owned()),
        ..right.clone()
    };
    let callers = Callers { right, other, wrong, gone, none };
    let things = furnish(&server, &shop, "paysharp_owner_new");
    let view = || ["links", "holds", "statement", "events"].map(|name| shop.found(&format!("/v1/{name}")));
    let (before, all) = (view(), all(&server));
    assert!(all.len() > 30, "{} calls", all.len());
    all.iter().for_each(|asked| asked.keeps_to_its_owner(&callers, &things));
    assert_eq!(view(), before, "nothing of the owner changed");
    all.iter().for_each(|asked| asked.serves_its_owner(&callers, &things));
    server.verify();
}
