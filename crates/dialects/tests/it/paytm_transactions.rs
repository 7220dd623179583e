//! The payments of a link as orders: every member, every state, pages and days.

use kadi_domain::time::DAY_MS;
use serde_json::{Value, json};

use crate::support::paytm::{fixed, generic, with};
use crate::support::rail::Says;
use crate::support::shop::Shop;

fn orders(shop: &Shop, body: &Value) -> Vec<Value> {
    let answer = shop.link_call("fetchTransaction", body);
    if answer.word() == "404" {
        return Vec::new();
    }
    assert_eq!(answer.word(), "200", "{body}: {}", answer.text);
    answer.json()["body"]["orders"].as_array().unwrap().clone()
}

#[test]
fn an_order_has_every_member() {
    let shop = Shop::paytm();
    let contact = json!({"customerName": "Asha", "customerEmail": "asha@shop.example",
        "customerMobile": "9000000001", "customerId": "C-1"});
    let body = with(with(fixed(), "customerContact", contact), "orderId", "O-1");
    let link = shop.made(&with(body, "amount", "499.50"));
    let first = shop.pay(&link, Says::Paid);
    shop.advance(1_000);
    let second = shop.pay(&link, Says::Declined);
    let date = |ms| kadi_dialects::shared::ist::ist_dashed_text(ms).unwrap();
    let order = |payment: &kadi_domain::payment::Payment, order: &str, status: &str| {
        json!({
            "txnId": payment.id.get().to_string(), "orderId": order,
            "mercUniqRef": format!("LI_{}", link.id.get()), "orderStatus": status,
            "txnAmount": 499.5, "payableAmount": 499.5,
            "orderCreatedTime": date(payment.created_at.ms()),
            "orderCompletedTime": date(payment.created_at.ms()),
            "customerName": "Asha", "customerEmail": "asha@shop.example",
            "customerPhoneNumber": "9000000001", "customerId": "C-1",
        })
    };
    let all = json!({"linkId": link.id.get(), "fetchAllTxns": true});
    let (paid, failed) =
        (order(&first, "O-1", "SUCCESS"), order(&second, &second.id.get().to_string(), "FAILED"));
    assert_eq!(orders(&shop, &all), [failed, paid.clone()], "newest first");
    for flag in [json!(false), json!("false"), Value::Null] {
        let some = json!({"linkId": link.id.get().to_string(), "fetchAllTxns": flag});
        assert_eq!(
            orders(&shop, &some),
            std::slice::from_ref(&paid),
            "successful ones unless all are asked for"
        );
    }
}

#[test]
fn held_and_unknown_money_is_pending_and_what_has_gone_again_failed() {
    let shop = Shop::paytm();
    let link = shop.made(&with(generic(), "merchantUniqueReference", "M-1"));
    for says in [Says::Paid, Says::Declined, Says::Wait, Says::TooMuch, Says::Nothing] {
        shop.pay(&link, says);
    }
    let back = shop.pay(&link, Says::Paid);
    shop.reverse(&back);
    let all = orders(&shop, &json!({"linkId": link.id.get(), "fetchAllTxns": "TRUE"}));
    let told = |name: &str| all.iter().rev().map(|order| order[name].clone()).collect::<Vec<_>>();
    assert_eq!(told("orderStatus"), ["SUCCESS", "FAILED", "PENDING", "PENDING", "PENDING", "FAILED"]);
    let known = told("orderCompletedTime").iter().map(|time| time != "").collect::<Vec<_>>();
    assert_eq!(known, [true, true, false, false, false, true]);
    assert!(told("mercUniqRef").iter().all(|reference| reference == "M-1"));
}

#[test]
fn pages_and_days_are_those_of_the_attempts() {
    let shop = Shop::paytm();
    let link = shop.made(&fixed());
    let day = shop.day(0);
    for _ in 0..3 {
        shop.pay(&link, Says::Paid);
    }
    shop.advance(DAY_MS);
    let last = shop.pay(&link, Says::Paid);
    let next = shop.day(0);
    let id = link.id.get();
    let between = |from: &str, to: &str| {
        orders(&shop, &json!({"linkId": id, "searchStartDate": from, "searchEndDate": to})).len()
    };
    assert_eq!((between(&day, &next), between(&day, &day), between(&next, &next)), (4, 3, 1));
    assert_eq!(between(&next, &day), 0);
    let answer =
        shop.link_call("fetchTransaction", &json!({"linkId": id, "pageNo": 2, "pageSize": "3"})).json();
    let body = &answer["body"];
    assert_eq!((&body["pageNo"], &body["pageSize"], &body["totalCount"]), (&json!(2), &json!(3), &json!(4)));
    assert_eq!(body["orders"].as_array().unwrap().len(), 1);
    let newest = orders(&shop, &json!({"linkId": id, "pageSize": 1}));
    assert_eq!(newest[0]["txnId"], last.id.get().to_string());
}

#[test]
fn what_is_wrong_is_told_in_order() {
    let shop = Shop::paytm();
    let link = shop.made(&fixed());
    let told = |body: Value| shop.link_call("fetchTransaction", &body).told();
    let row = |code: &str, text: &str, detail: &str| (code.to_owned(), text.to_owned(), detail.to_owned());
    let unknown = |detail| row("502", "Unknown Error Occurred", detail);
    let id = link.id.get();
    assert_eq!(told(json!({"pageNo": 0})), row("312", "Link Id cannot be empty", ""));
    assert_eq!(told(json!({"linkId": [], "pageNo": 0})), unknown("linkId"));
    let none = row("404", "Data Not Found", "");
    assert_eq!(told(json!({"linkId": 5, "pageNo": 0})), none);
    assert_eq!(told(json!({"linkId": id, "pageNo": 0, "searchStartDate": "x"})), unknown("pageNo"));
    assert_eq!(told(json!({"linkId": id, "searchStartDate": "x"})), unknown("searchStartDate"));
    assert_eq!(told(json!({"linkId": id, "searchEndDate": 5})), unknown("searchEndDate"));
    assert_eq!(told(json!({"linkId": id, "fetchAllTxns": "all"})), unknown("fetchAllTxns"));
    assert_eq!(told(json!({"linkId": id})), none, "no payment");
    shop.pay(&link, Says::Declined);
    assert_eq!(told(json!({"linkId": id})), none, "no successful one");
}
