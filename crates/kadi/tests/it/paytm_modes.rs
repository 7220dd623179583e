//! `enablePaymentMode` and `disablePaymentMode`: what the page offers, what the rail takes, what callbacks
//! say.

use serde_json::{Value, json};

use crate::harness::browser::{Browser, PHONE, click, open, select, step};
use crate::harness::http::{Answer, Call};
use crate::harness::own_api::{problem, text};
use crate::harness::receiver::Receiver;
use crate::harness::server::Server;
use crate::harness::shop::Shop;

const MODES: [&str; 6] = ["UPI", "CC", "DC", "NB", "PPI", "EMI"];

/// A fixed link with this member, and its code.
fn link(shop: &Shop<'_>, member: &str, value: Value) -> String {
    let mut body = shop.fixed();
    body[member] = value;
    shop.create(&body).link_code()
}

/// The modes of the page, in order.
fn offered(server: &Server, code: &str) -> Vec<&'static str> {
    let page = server.send(&Call::get(&format!("/p/{code}")));
    assert_eq!(page.status, 200);
    let has = |mode: &&str| page.text().contains(&format!("name=\"mode\" value=\"{mode}\""));
    MODES.into_iter().filter(has).collect()
}

fn banks(server: &Server, code: &str) -> Vec<&'static str> {
    let page = server.send(&Call::get(&format!("/p/{code}")));
    let has = |bank: &&str| page.text().contains(&format!("<option value=\"{bank}\">"));
    ["AXIS", "HDFC", "ICICI", "KOTAK", "PNB", "SBI", "YES"].into_iter().filter(has).collect()
}

fn pay(server: &Server, code: &str, mode: &str, channel: Option<&str>) -> Answer {
    server.pay_with(code, &json!({"outcome": "success", "mode": mode, "channel": channel}))
}

#[test]
fn a_link_for_upi_alone_shows_and_takes_nothing_else() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open(&server, "upionly");
    let mut body = shop.fixed();
    body["enablePaymentMode"] = json!([{"mode": "UPI"}]);
    body["statusCallbackUrl"] = json!(receiver.url("/told"));
    let code = shop.create(&body).link_code();
    assert_eq!(offered(&server, &code), ["UPI"]);
    for mode in ["CC", "DC", "NB", "PPI", "EMI", "GOLD"] {
        problem(&pay(&server, &code, mode, None), 409, "mode_not_allowed");
    }
    let forged = Call::post(&format!("/p/{code}/pay")).form(&[("outcome", "success"), ("mode", "CC")]);
    assert_eq!(server.send(&forged).status, 403);
    let paid = pay(&server, &code, "UPI", None);
    assert_eq!((paid.status, &paid.json()["mode"]), (200, &json!("UPI")), "{}", paid.text());
    let told = Value::from(receiver.wait_for_posts("/told", 1)[0].form());
    assert_eq!((&told["PAYMENTMODE"], &told["BANKNAME"]), (&json!("UPI"), &json!("")));
    let plain = shop.create(&shop.fixed()).link_code();
    assert_eq!(offered(&server, &plain), ["UPI", "CC", "DC", "NB", "PPI"], "EMI comes with offers");
    problem(&pay(&server, &plain, "EMI", None), 409, "mode_not_allowed");
}

#[test]
fn channels_limit_a_mode_to_some_banks_and_schemes() {
    let (server, receiver) = (Server::dev(), Receiver::start());
    let shop = Shop::open(&server, "banks");
    let list = json!([
        {"mode": "NET_BANKING", "channels": ["SBI", "HDFC", "NKMB"]},
        {"mode": "CC", "channels": ["VISA"]},
    ]);
    let code = link(&shop, "enablePaymentMode", list.clone());
    assert_eq!(
        (offered(&server, &code), banks(&server, &code)),
        (vec!["CC", "NB"], vec!["HDFC", "KOTAK", "SBI"])
    );
    problem(&pay(&server, &code, "NB", Some("ICICI")), 409, "mode_not_allowed");
    problem(&pay(&server, &code, "CC", Some("AMEX")), 409, "mode_not_allowed");
    problem(&pay(&server, &code, "CC", Some("SBI")), 409, "mode_not_allowed");
    assert_eq!(pay(&server, &code, "NB", Some("sbi")).json()["channel"], "SBI");
    assert_eq!(pay(&server, &code, "CC", None).json()["channel"], "VISA", "the only one that is left");
    let mut body = shop.fixed();
    body["disablePaymentMode"] = list;
    body["statusCallbackUrl"] = json!(receiver.url("/told"));
    let code = shop.create(&body).link_code();
    assert_eq!(offered(&server, &code), ["UPI", "CC", "DC", "NB", "PPI"]);
    assert_eq!(banks(&server, &code), ["AXIS", "ICICI", "PNB", "YES"]);
    problem(&pay(&server, &code, "NB", Some("SBI")), 409, "mode_not_allowed");
    problem(&pay(&server, &code, "CC", Some("VISA")), 409, "mode_not_allowed");
    assert_eq!(pay(&server, &code, "NB", Some("PNB")).status, 200);
    let told = Value::from(receiver.wait_for_posts("/told", 1)[0].form());
    assert_eq!((&told["PAYMENTMODE"], &told["BANKNAME"]), (&json!("NB"), &json!("PNB")));
}

#[test]
fn a_list_that_cannot_be_meant_is_refused_by_name() {
    let server = Server::dev();
    let shop = Shop::open(&server, "words");
    for (list, field) in [
        (json!([{"mode": "GOLD"}]), "[0].mode"),
        (json!([{"mode": "UPI"}, {"mode": "upi"}]), "[1].mode"),
        (json!([{"channels": ["SBI"]}]), "[0].mode"),
        (json!([{"mode": "NB", "channels": ["VISA"]}]), "[0].channels"),
        (json!([{"mode": "NB", "channels": [7]}]), "[0].channels"),
        (json!(["UPI"]), "[0]"),
        (json!("UPI"), "[0]"),
    ] {
        for member in ["enablePaymentMode", "disablePaymentMode"] {
            let mut body = shop.fixed();
            body[member] = list.clone();
            shop.create(&body).refused_by_name(&list.to_string(), &format!("{member}{field}"));
        }
    }
    let mut body = shop.fixed();
    body["enablePaymentMode"] = json!([{"mode": "EMI"}]);
    shop.create(&body).refused_by_name("no rail has it", "enablePaymentMode");
    let mut body = shop.fixed();
    let all = ["UPI", "CREDIT_CARD", "DEBIT_CARD", "NB", "BALANCE"].map(|mode| json!({"mode": mode}));
    body["disablePaymentMode"] = json!(all);
    shop.create(&body).refused_by_name("nothing is left", "disablePaymentMode");
    body["disablePaymentMode"] = json!([{"mode": "CC"}]);
    body["enablePaymentMode"] = json!([{"mode": "UPI", "channels": ["UPIPUSH"]}]);
    shop.create(&body).refused_by_name("both lists", "enablePaymentMode and disablePaymentMode");
    body["disablePaymentMode"] = json!([]);
    let code = shop.create(&body).link_code();
    assert_eq!(pay(&server, &code, "UPI", None).json()["channel"], "INTENT");
}

#[test]
fn a_payer_chooses_a_bank_on_a_small_phone_without_javascript() {
    let server = Server::dev();
    let shop = Shop::open(&server, "chooser");
    for javascript in [true, false] {
        let made = shop.link(&crate::harness::own_api::fixed());
        let path = format!("/p/{}", text(&made["code"]));
        let mut steps =
            vec![open(&path), click("input[name=mode][value=NB]"), select("select[name=channel_NB]", "SBI")];
        // Both look at the page by script.
        if javascript {
            steps.extend([step("axe"), step("overflow")]);
        }
        steps.push(click("button[name=outcome][value=success]"));
        let seen = Browser { javascript, width: 320, ..PHONE }.walk(&server, &steps);
        seen.was_clean(&server);
        if javascript {
            assert_eq!((seen.step(3), seen.step(4)), (&json!([]), &json!(0)));
        }
        let paid = &shop.payments(&made)[0];
        assert_eq!((&paid["mode"], &paid["channel"]), (&json!("NB"), &json!("SBI")), "{paid}");
    }
}
