//! Risk rules of a merchant and of the platform, at create in each dialect's words and at payment.

use serde_json::{Value, json};

use kadi_testkit::postgres::Cluster;

use crate::harness::http::{Answer, Call, Line};
use crate::harness::own_api::{fixed, problem, text};
use crate::harness::paysharp::{Paysharp, wish};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const REFUSED: &str = "Transaction refused by risk rules";
const THIEF: &str = "9000000001";
const RULES: &str = "risk = { amount_max = \"5000.00\", blocked_mobiles = [\"9000000001\"], \
                     blocked_emails = [\"Thief@bank.example\"] }";
const HOUR_S: u64 = 3_600;

fn to(shop: &Shop<'_>, contact: Value) -> Value {
    let mut body = shop.fixed();
    body["customerContact"] = contact;
    body
}

fn pay_by(server: &Server, code: &str, mobile: Option<&str>) -> Answer {
    server.pay_with(code, &json!({"outcome": "success", "payer_mobile": mobile}))
}

/// Makes the merchant's file say this too.
fn import(shop: &Shop<'_>, lines: &str) {
    let file = shop.server.write("again.toml", &shop.file(None, lines));
    shop.server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
}

/// 100, for an amount, a number and an address.
pub(crate) fn a_create_is_refused_by_each_rule() {
    let server = Server::dev();
    let shop = Shop::open_with(&server, "careful", RULES);
    let mut large = shop.fixed();
    large["amount"] = json!("5000.01");
    shop.create(&large).refused("above the rule", "100", REFUSED);
    large["amount"] = json!("5000.00");
    shop.create(&large).ok();
    for mobile in [THIEF, "+919000000001", "09000000001"] {
        let body = to(&shop, json!({"customerMobile": mobile}));
        shop.create(&body).refused(mobile, "100", REFUSED);
    }
    let body = to(&shop, json!({"customerEmail": "THIEF@Bank.example"}));
    shop.create(&body).refused("a blocked address", "100", REFUSED);
    shop.create(&to(&shop, json!({"customerMobile": "9000000002", "customerEmail": "a@b.example"}))).ok();
    let mut used = shop.invoice("twice");
    shop.create(&used).ok();
    used["customerContact"] = json!({"customerMobile": THIEF});
    shop.create(&used).refused("before the used invoice id", "100", REFUSED);
}

#[test]
fn a_create_is_refused_in_paytms_words() {
    a_create_is_refused_by_each_rule();
}

#[test]
fn a_create_is_refused_in_the_words_of_each_other_door() {
    let server = Server::dev();
    let shop = Shop::open_with(&server, "careful", RULES);
    let mut body = fixed();
    body["customer"] = json!({"mobile": THIEF});
    problem(&shop.post_json("/v1/links", &body), 409, "risk_refused");
    let platform = Server::dev_with_config(&format!("[risk]\nblocked_mobiles = [\"{THIEF}\"]\n"));
    let merchant = Paysharp::open(&platform, "guarded", None);
    let answer = merchant.post("/linkpayment", &wish(THIEF)).json();
    assert_eq!((&answer["code"], &answer["message"]), (&json!(400), &json!(REFUSED)), "{answer}");
    merchant.create(&wish("9000000002"));
}

#[test]
fn who_is_blocked_later_cannot_pay_and_is_told_politely() {
    let server = Server::dev();
    let shop = Shop::open(&server, "later");
    let of_thief = shop.create(&to(&shop, json!({"customerMobile": THIEF}))).link_code();
    let of_mail = shop.create(&to(&shop, json!({"customerEmail": "thief@bank.example"}))).link_code();
    let plain = shop.create(&shop.fixed()).link_code();
    let mut large = shop.fixed();
    large["amount"] = json!(6_000);
    let large = shop.create(&large).link_code();
    import(&shop, RULES);
    for code in [&of_thief, &of_mail, &large] {
        problem(&pay_by(&server, code, None), 409, "risk_refused");
        let page = server.send(&Call::post(&format!("/p/{code}/pay")).form(&[("outcome", "success")]));
        assert_eq!(page.status, 403);
        assert!(page.text().contains("No money was taken"), "{}", page.text());
    }
    problem(&pay_by(&server, &plain, Some("+919000000001")), 409, "risk_refused");
    assert_eq!(pay_by(&server, &plain, Some("9000000002")).status, 200);
}

#[test]
fn a_link_and_a_number_pay_as_often_in_an_hour_as_they_may() {
    let server = Server::dev();
    let shop = Shop::open_with(&server, "rates", "risk = { per_mobile_hour = 3, per_link_hour = 4 }");
    let [one, two, three] = [(); 3].map(|()| shop.create(&shop.fixed()).link_code());
    for _ in 0..4 {
        assert_eq!(pay_by(&server, &one, None).status, 200);
    }
    problem(&pay_by(&server, &one, None), 409, "risk_refused");
    for code in [&two, &two, &three] {
        assert_eq!(pay_by(&server, code, Some("9000000003")).status, 200);
    }
    problem(&pay_by(&server, &three, Some("09000000003")), 409, "risk_refused");
    assert_eq!(pay_by(&server, &three, Some("9000000004")).status, 200);
    let body = to(&shop, json!({"customerMobile": "9000000003"}));
    shop.create(&body).refused("paid too often", "100", REFUSED);
    server.advance(HOUR_S - 60);
    problem(&pay_by(&server, &one, None), 409, "risk_refused");
    server.advance(60);
    assert_eq!(pay_by(&server, &one, None).status, 200);
    assert_eq!(pay_by(&server, &three, Some("9000000003")).status, 200);
    shop.create(&body).ok();
    server.verify();
}

#[test]
fn the_platforms_rules_stand_in_the_configuration() {
    let server = Server::dev_with_config("[risk]\namount_max = \"80000.00\"\nper_link_hour = 1\n");
    let own = "risk = { amount_max = \"90000.00\", per_link_hour = 9 }";
    let shop = Shop::open_with(&server, "tenant", own);
    let mut body = shop.fixed();
    body["amount"] = json!("80000.01");
    shop.create(&body).refused("above the platform's rule", "100", REFUSED);
    body["amount"] = json!(80_000);
    let code = shop.create(&body).link_code();
    assert_eq!(pay_by(&server, &code, None).status, 200);
    problem(&pay_by(&server, &code, None), 409, "risk_refused");
    let generic = shop.create(&shop.generic()).link_code();
    let answer = server.pay_with(&generic, &json!({"outcome": "success", "amount": "80000.01"}));
    problem(&answer, 409, "risk_refused");
}

/// Two processes on one database, each with batchers of its own.
#[test]
fn a_number_is_counted_exactly_over_links_and_nodes() {
    const PAYERS: usize = 60;
    let server = Server::on(Cluster::shared().database());
    let shop = Shop::open_with(&server, "nodes", "risk = { per_mobile_hour = 7 }");
    let other = server.neighbour();
    let links: Vec<Value> = (0..12)
        .map(|_| {
            shop.link(&json!({"kind": "fixed", "amount": 1_000,
        "currency": "INR", "name": "Fees", "reusable": true}))
        })
        .collect();
    let wish = json!({"outcome": "success", "payer_mobile": "9000000005"});
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let payers: Vec<_> = (0..PAYERS)
            .map(|number| {
                let address = if number % 2 == 0 { &server.address } else { &other.address };
                let path = format!("/sandbox/pay/{}", text(&links[number % links.len()]["code"]));
                let call = Call::post(&path).json(&wish);
                scope.spawn(move || call.send_on(&mut Line::open(address)).status)
            })
            .collect();
        payers.into_iter().map(|payer| payer.join().unwrap()).collect()
    });
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((count(200), count(409)), (7, PAYERS - 7), "{statuses:?}");
    let paid: usize = links.iter().map(|link| shop.payments(link).len()).sum();
    assert_eq!(paid, 7);
    server.verify();
}
