//! Whose is it, where no merchant's credentials count: every address of payers, testers and operators, taken
//! from the tables of `docs/addresses.md`, which another test compares with the routes. An address that is
//! not named below fails the test.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::http::{Answer, Call};
use crate::harness::own_api::{bill, text};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// What addresses name.
#[derive(Clone)]
struct Names {
    /// A link's code.
    code: String,
    /// That of a link with lines.
    bill: String,
    /// A payment's code on the link's page.
    paid: String,
    /// Ids of a payment that waits, and of a refund that does.
    waiting: String,
    refund: String,
}

/// The method and the address of each row in this part of the page.
pub(crate) fn rows(part: &str) -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/addresses.md");
    let page = std::fs::read_to_string(page).unwrap();
    let part = page.split("\n## ").find(|found| found.starts_with(part)).expect("the part");
    let cells = part.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('|'));
    let row = |(address, rest): (&str, &str)| {
        let methods: Vec<String> = rest.split('|').next()?.trim().split(", ").map(str::to_owned).collect();
        let address = address.trim().trim_end_matches('`').to_owned();
        Some(methods.into_iter().map(move |method| (method, address.clone())))
    };
    let rows: Vec<_> = cells.filter_map(row).flatten().collect();
    assert!(rows.len() > 2, "{rows:?}");
    rows
}

/// The call of an address about these things.
fn call(method: &str, address: &str, names: &Names) -> Call {
    let Names { code, bill, paid, waiting, refund } = names;
    let post = |path: String, body: Value| Call::post(&path).json(&body);
    match (method, address) {
        ("GET", "/p/{code}") => Call::get(&format!("/p/{code}")),
        ("GET", "/l/{name}/{code}") => Call::get(&format!("/l/Gifts/{code}")),
        ("GET", "/p/{code}/invoice.pdf") => Call::get(&format!("/p/{bill}/invoice.pdf")),
        ("POST", "/p/{code}/pay") => {
            Call::post(&format!("/p/{code}/pay")).form(&[("outcome", "success"), ("amount", "10")])
        }
        ("POST", "/p/{code}/mobile") => {
            Call::post(&format!("/p/{code}/mobile")).form(&[("mobile", "9000000001")])
        }
        ("GET", "/p/{code}/code") => Call::get(&format!("/p/{code}/code")),
        ("POST", "/p/{code}/code") => Call::post(&format!("/p/{code}/code")).form(&[("code", "123456")]),
        ("GET", "/p/{code}/payments/{payment}") => Call::get(&format!("/p/{code}/payments/{paid}")),
        ("GET", "/p/{code}/payments/{payment}/events") => {
            Call::get(&format!("/p/{code}/payments/{paid}/events"))
        }
        ("POST", "/sandbox/pay/{code}") => {
            post(format!("/sandbox/pay/{code}"), json!({"outcome": "success", "amount": "10.00"}))
        }
        ("GET", "/sandbox/stories") => Call::get("/sandbox/stories"),
        ("GET", "/sandbox/log/{code}") => Call::get(&format!("/sandbox/log/{code}")),
        ("POST", "/sandbox/payments/{id}/settle") => {
            post(format!("/sandbox/payments/{waiting}/settle"), json!({"outcome": "success"}))
        }
        ("POST", "/sandbox/payments/{id}/refunds") => {
            post(format!("/sandbox/payments/{waiting}/refunds"), json!({"outcome": "pending"}))
        }
        ("POST", "/sandbox/refunds/{id}/settle") => {
            post(format!("/sandbox/refunds/{refund}/settle"), json!({"outcome": "success"}))
        }
        ("GET", "/sandbox/messages") => Call::get("/sandbox/messages"),
        ("POST", "/sandbox/clock") => post("/sandbox/clock".to_owned(), json!({"advance_s": 3_600})),
        ("GET", "/healthz") => Call::get("/healthz"),
        ("GET", "/readyz") => Call::get("/readyz"),
        ("GET", "/metrics") => Call::get("/metrics"),
        _ => panic!("{method} {address} is not walked"),
    }
}

/// A server that strangers can reach, two merchants of it, and the token of its testers.
fn reachable() -> (Server, String) {
    let server = Server::serve(&["--sandbox", "--listen", "0.0.0.0:0"]);
    let keys = std::fs::read_to_string(server.data().join("keys.toml")).unwrap();
    let token = keys.lines().find_map(|line| line.strip_prefix("sandbox_token = \"")).expect("a token");
    (server, token.trim_end_matches('"').to_owned())
}

/// A link of a merchant with a payment of each kind; and how it stands.
fn furnish(server: &Server, shop: &Shop<'_>, token: &str) -> Names {
    let gifts = json!({"kind": "open", "name": "Gifts", "reusable": true});
    let link = shop.link(&gifts);
    let code = text(&link["code"]).to_owned();
    let pay = |outcome: &str| {
        let body = json!({"outcome": outcome, "amount": "25.00"});
        let answer = server.send(&Call::post(&format!("/sandbox/pay/{code}")).bearer(token).json(&body));
        assert_eq!(answer.status, 200, "{}", answer.text());
        text(&answer.json()["id"]).to_owned()
    };
    let (captured, waiting) = (pay("success"), pay("pending"));
    let choose = Call::post(&format!("/sandbox/payments/{captured}/refunds")).bearer(token);
    assert_eq!(server.send(&choose.json(&json!({"outcome": "pending"}))).status, 204);
    let refund = shop.post_json(&format!("/v1/payments/{captured}/refunds"), &json!({"amount": 5})).json();
    let form = [("outcome", "success"), ("amount", "10")];
    let way = server.send(&Call::post(&format!("/p/{code}/pay")).form(&form));
    let way = way.header("location").and_then(|to| to.rsplit('/').next()).expect("a payment");
    let paid = way.split('?').next().unwrap_or_default().to_owned();
    let bill = text(&shop.link(&bill())["code"]).to_owned();
    Names { code, bill, paid, waiting, refund: text(&refund["id"]).to_owned() }
}

/// Things that nobody has: a code that no key made and codes of other kinds, and ids after all others.
fn nobodys(names: &Names) -> Names {
    let after = |id: &str| format!("{}9", id);
    Names {
        code: "AAAAAAAAAAAAA".to_owned(),
        bill: "AAAAAAAAAAAAA".to_owned(),
        paid: names.paid.clone(),
        waiting: after(&names.waiting),
        refund: after(&names.refund),
    }
}

/// What an answer says, without the payment that a form has made.
fn said(answer: &Answer) -> (u16, String, Option<String>) {
    let way = answer.header("location").map(|to| to.rsplit_once('/').expect("a path").0.to_owned());
    (answer.status, without_token(&String::from_utf8_lossy(answer.body())), way)
}

/// A page without the token of its form, which no other page has.
fn without_token(page: &str) -> String {
    match page.split_once(" name=\"attempt\" value=\"") {
        Some((before, rest)) => format!("{before}{}", rest.split_once('"').expect("its end").1),
        None => page.to_owned(),
    }
}

/// The keys that somebody may show: none, one that is none, a revoked one, another merchant's, the owner's.
fn bearers(shops: [&Shop<'_>; 2], revoked: &str) -> Vec<Option<String>> {
    let [owner, other] = shops.map(|shop| Some(shop.api_key.clone()));
    let wrong = "kadi_test_wrongwrongwrongwrongwrongwrong";
    vec![None, Some(wrong.to_owned()), Some(revoked.to_owned()), other, owner]
}

/// A key of the owner that counts no more.
fn revoked(server: &Server, owner: &Shop<'_>) -> String {
    let old = Shop {
        api_key: "kadi_test_revokedrevokedrevokedrevoked".to_owned(),
        ..Shop::credentials(server, &owner.id)
    };
    let file = server.write("old.toml", &old.file(None, ""));
    server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
    let listed = server.kadi_ok(&["merchant", "list"]);
    let own = listed.lines().skip_while(|line| !line.starts_with(&owner.id)).skip(1);
    let keys: Vec<&str> =
        own.take_while(|line| line.starts_with(' ')).filter(|line| line.contains("api_key")).collect();
    let newest = keys.last().expect("a key").split_whitespace().next().unwrap();
    server.kadi_ok(&["merchant", "revoke", &owner.id, newest]);
    assert_eq!(old.get("/v1/links").status, 401, "{listed}");
    old.api_key
}

fn ask(server: &Server, call: Call, bearer: Option<&String>) -> Answer {
    server.send(&bearer.into_iter().fold(call, |call, key| call.bearer(key)))
}

#[test]
fn a_page_is_whoever_has_its_address_and_shows_nothing_of_another_page() {
    let (server, token) = reachable();
    let (shop, other) = (Shop::open(&server, "pageowner"), Shop::open(&server, "passerby"));
    let (names, others) = (furnish(&server, &shop, &token), furnish(&server, &other, &token));
    let bearers = bearers([&shop, &other], &revoked(&server, &shop));
    for (method, address) in rows("Payers") {
        let name = format!("{method} {address}");
        let seen: Vec<_> = bearers
            .iter()
            .map(|key| said(&ask(&server, call(&method, &address, &names), key.as_ref())))
            .collect();
        assert!([200, 303].contains(&seen[0].0), "{name}: {:?}", seen[0]);
        assert!(seen.iter().all(|one| *one == seen[0]), "{name}: a key counts for a page: {seen:?}");
        let absent = ask(&server, call(&method, &address, &nobodys(&names)), None);
        assert_eq!(absent.status, 404, "{name}");
        if address.contains("{payment}") {
            // Another link's payment below this link's code, and a payment of nobody.
            let mixed = Names { paid: others.paid.clone(), ..names.clone() };
            let made_up = Names { paid: "BBBBBBBBBBBBB".to_owned(), ..names.clone() };
            let [mixed, made_up] = [mixed, made_up].map(|names| {
                let answer = ask(&server, call(&method, &address, &names), None);
                (answer.status, answer.text().replace(&names.paid, ""))
            });
            assert_eq!(mixed, made_up, "{name}: not of this page is not there");
            assert_eq!(mixed.0, 404, "{name}");
        }
    }
    server.verify();
}

#[test]
fn testers_need_their_token_where_strangers_can_reach_the_server() {
    let (server, token) = reachable();
    let (shop, other) = (Shop::open(&server, "tested"), Shop::open(&server, "untested"));
    let names = furnish(&server, &shop, &token);
    let mut bearers = bearers([&shop, &other], &revoked(&server, &shop));
    bearers.push(Some(format!("{token}x")));
    bearers.push(token.strip_suffix(|_| true).map(str::to_owned));
    let view = || ["links", "statement", "events"].map(|name| shop.found(&format!("/v1/{name}?limit=100")));
    let (before, testers) = (view(), rows("Testers"));
    for (method, address) in &testers {
        for names in [&names, &nobodys(&names)] {
            for key in &bearers {
                let answer = ask(&server, call(method, address, names), key.as_ref());
                let refused = ask(&server, Call::get("/sandbox/stories"), None);
                assert_eq!(answer.status, 401, "{method} {address}: {}", answer.text());
                assert_eq!(said(&answer), said(&refused), "{method} {address}");
            }
        }
    }
    assert_eq!(view(), before, "nothing changed");
    for (method, address) in &testers {
        let answer = ask(&server, call(method, address, &names), Some(&token));
        assert!((200..300).contains(&answer.status), "{method} {address}: {}", answer.text());
        if address.contains('{') {
            let answer = ask(&server, call(method, address, &nobodys(&names)), Some(&token));
            assert_eq!(answer.status, 404, "{method} {address}: {}", answer.text());
        }
    }
    server.verify();
}

#[test]
fn strangers_hear_of_the_servers_health_in_a_word_and_see_no_numbers() {
    let (server, token) = reachable();
    let (shop, other) = (Shop::open(&server, "healthy"), Shop::open(&server, "curious"));
    let names = furnish(&server, &shop, &token);
    let mut bearers = bearers([&shop, &other], &revoked(&server, &shop));
    bearers.push(Some(token));
    for (method, address) in rows("Operators") {
        for key in &bearers {
            let answer = ask(&server, call(&method, &address, &names), key.as_ref());
            let expected = if address == "/metrics" { 404 } else { 200 };
            assert_eq!(answer.status, expected, "{address}: {}", answer.text());
            assert!(expected == 404 || answer.text().lines().count() == 1, "{address}: {}", answer.text());
        }
    }
}
