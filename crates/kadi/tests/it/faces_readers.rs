//! What each API says of one link, in the words of the table; and that the amounts which they tell agree.

use serde_json::{Value, json};

use crate::faces_makers::{Kind, Made, Maker, Stage};
use crate::harness::http::{Answer, Call};
use crate::harness::own_api::text;
use crate::harness::paytm_orders::Told;

/// What the APIs say, in the order of the table's columns.
pub(crate) type Words = [String; 5];

/// The sums of a link, in minor units, by `/v1`.
#[derive(Clone, Copy, Debug)]
struct Sums {
    asked: Option<i64>,
    captured: i64,
    refunded: i64,
}

/// Asks everybody.
pub(crate) fn read(on: &Stage<'_>, link: &Made) -> Words {
    let own = on.shop.found(&format!("/v1/links/{}", link.id));
    let sums = Sums {
        asked: own["amount"].as_i64(),
        captured: own["amount_captured"].as_i64().expect("a sum"),
        refunded: own["amount_refunded"].as_i64().expect("a sum"),
    };
    [
        word(text(&own["status"])),
        paytm(on, link, sums),
        request(on, link, sums),
        paysharp(on, link, sums),
        nimbbl(on, link, sums),
    ]
}

pub(crate) fn word(word: &str) -> String {
    format!("`{word}`")
}

/// A sum of money as an API writes it, in minor units.
fn minor(value: &Value) -> i64 {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = format!("{whole}{part:0<2}");
    digits.parse().unwrap_or_else(|_| panic!("not an amount: {value}"))
}

fn total<'a>(values: impl IntoIterator<Item = &'a Value>) -> i64 {
    values.into_iter().map(minor).sum()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}"))
}

fn paytm(on: &Stage<'_>, link: &Made, sums: Sums) -> String {
    let number: i64 = link.id.parse().unwrap();
    let fetched = on.shop.link_call("fetch", &json!({"linkId": number}));
    let found = &fetched.ok()["links"][0];
    let is_success = |order: &&Value| order["orderStatus"] == "SUCCESS";
    let paid = |orders: &Value| total(list(orders).iter().filter(is_success).map(|it| &it["txnAmount"]));
    assert_eq!(found["amount"].as_f64().map(|_| minor(&found["amount"])), sums.asked, "{link:?}: {found}");
    assert_eq!(paid(&found["transactions"]), sums.captured, "{link:?}: {found}");
    let all = on.shop.link_call("fetchTransaction", &json!({"linkId": link.id}));
    let orders = if all.code() == "404" { json!([]) } else { all.ok()["orders"].clone() };
    assert_eq!(paid(&orders), sums.captured, "{link:?}: {}", all.text);
    let is_foreign = link.kind == Kind::InDollars;
    assert_eq!(found["currency"], if is_foreign { "USD" } else { "INR" }, "{link:?}: {found}");
    let told = list(&orders).iter().map(|order| order.get("currency"));
    assert!(told.into_iter().all(|code| code.is_some() == is_foreign), "{link:?}: {orders}");
    // A payment without an order of the merchant's is one of its own, and found by the id that stands here.
    let is_own = |order: &&Value| order["orderId"] == order["txnId"] && !is_foreign;
    for order in list(&orders).iter().filter(is_own) {
        let told = on.shop.order_status(text(&order["orderId"]));
        assert_eq!(told.code(), "01", "{link:?} {order}: {}", told.text);
    }
    let is_active = found["isActive"].as_bool().expect("yes or no");
    assert_eq!(is_active, found["linkStatus"] == "ACTIVE", "{link:?}: {found}");
    format!("`{}`, `{}`", text(&found["linkStatus"]), text(&found["status"]))
}

fn request(on: &Stage<'_>, link: &Made, sums: Sums) -> String {
    let told = on.shop.order_status(&format!("LI_{}", link.id));
    if link.maker == Maker::Request || link.kind == Kind::OneOrder {
        let by_own_id = on.shop.order_status(&link.reference);
        let without = |told: &Told| {
            let mut body = told.body().clone();
            body["orderId"] = Value::Null;
            body
        };
        assert_eq!(without(&by_own_id), without(&told), "{link:?}");
    }
    let [code, status, _] = told.row();
    if code == "334" {
        return word(code);
    }
    let body = told.body();
    assert_eq!(minor(&body["refundAmt"]), sums.refunded, "{link:?}: {}", told.text);
    let expected = if code == "01" { Some(sums.captured) } else { sums.asked };
    assert!(expected.is_none_or(|amount| minor(&body["txnAmount"]) == amount), "{link:?}: {}", told.text);
    word(status)
}

fn paysharp(on: &Stage<'_>, link: &Made, sums: Sums) -> String {
    let path = format!("/linkpayment/{}--a", link.code);
    let answer = on.server.send(&Call::get(&path).bearer(&on.paysharp_token())).json();
    if answer["code"] != 200 {
        return word(&answer["errorCode"].to_string());
    }
    let data = &answer["data"];
    let is_paid = data["status"] == "SUCCESS";
    let amount = data.get("amount").map(minor);
    assert_eq!(amount, if is_paid { Some(sums.captured) } else { sums.asked }, "{link:?}: {data}");
    let members = ["fee", "tax", "netAmount"].map(|name| data.get(name));
    assert!(members.iter().all(|member| member.is_some() == is_paid), "{link:?}: {data}");
    if is_paid {
        assert_eq!(total(members.into_iter().flatten()), sums.captured, "{link:?}: {data}");
    }
    let page = text(&data["linkPaymentUrl"]).rsplit_once("/p/").expect("a page").1;
    let shown = on.server.send(&Call::new("HEAD", &format!("/p/{page}"))).status;
    assert!([200, 410].contains(&shown), "{link:?}: HTTP {shown}");
    word(text(&data["status"]))
}

/// The code of a "no" of Nimbbl's.
pub(crate) fn nimbbl_no(answer: &Answer) -> String {
    word(text(&answer.json()["error"]["nimbbl_error_code"]))
}

fn nimbbl(on: &Stage<'_>, link: &Made, sums: Sums) -> String {
    let name = json!({"payment_link_id": format!("pl_{}", link.code)});
    let answer = on.nimbbl("POST", "/api/v3/payment-link/enquiry", &name);
    let by_hash = on.nimbbl("GET", &format!("/api/v3/payment-link/hash/{}", link.code), &Value::Null);
    assert_eq!(answer.status, by_hash.status, "{}", by_hash.text());
    if answer.status != 200 {
        return nimbbl_no(&answer);
    }
    let (found, by_hash) = (answer.json(), by_hash.json());
    assert_eq!(found["status"], by_hash["payment_link_status"], "{link:?}");
    for (asked, paid) in [
        (&found["total_amount"], &found["payment_link_amount_paid"]),
        (&by_hash["payment_link_amount"], &by_hash["payment_link_amount_paid"]),
    ] {
        assert_eq!(asked.as_f64().map(|_| minor(asked)), sums.asked, "{link:?}: {found}");
        assert_eq!(minor(paid), sums.captured, "{link:?}: {found}");
    }
    for transactions in [&by_hash["transaction"], &found["orders_with_transactions"][0]["transactions"]] {
        let of = |kind: &str| {
            let is_it = |it: &&Value| it["transaction_type"] == kind && it["status"] == "succeeded";
            total(list(transactions).iter().filter(is_it).map(|it| &it["transaction_amount"]))
        };
        assert_eq!((of("payment"), of("refund")), (sums.captured, sums.refunded), "{link:?}: {found}");
    }
    word(text(&found["status"]))
}
