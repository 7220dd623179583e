//! The npm library `paysharp-node` against the server: every method of its links, and its errors.

use serde_json::{Value, json};

use crate::harness::own_api::text;
use crate::harness::paysharp::{Paysharp, wish};
use crate::harness::server::Server;

/// The members of a value, sorted.
fn names(value: &Value) -> Vec<String> {
    value.as_object().unwrap_or_else(|| panic!("{value}")).keys().cloned().collect()
}

#[test]
fn the_library_makes_reads_and_resends_links_under_every_base() {
    let server = Server::dev();
    let merchant = Paysharp::open(&server, "library", None);
    for base in ["", "/v1/upi", "/api/v1/upi", "/external/api/v1/upi/", "/paysharp"] {
        let mut body = wish("9111100031");
        body["sendSms"] = json!(true);
        let made = merchant.library(base, "create", &body);
        let id = text(&made["linkPaymentId"]);
        assert_eq!(made["amount"], 500);
        let created = "amount createdDate customerEmail customerMobileNo customerName expiredDate \
                       linkPaymentId linkPaymentUrl remarks sendEmail sendSms sendWhatsApp validity";
        assert_eq!(names(&made).join(" "), created);
        let resent = merchant.library(base, "resend", &json!({"linkPaymentId": id, "sendWhatsApp": true}));
        assert_eq!(resent["resentCount"], 1);
        let waiting = merchant.library(base, "get", &json!(id));
        assert_eq!(waiting["status"], "PENDING");
        server.pay(id, "success");
        let paid = merchant.library(base, "get", &json!(id));
        assert_eq!((&paid["status"], &paid["netAmount"]), (&json!("SUCCESS"), &json!(494.1)));
        let of_status = "amount createdDate expiredDate fee linkPaymentId linkPaymentUrl netAmount \
                         paysharpReferenceNo remarks status tax totalFee transactionDate utrNumber validity";
        assert_eq!(names(&paid).join(" "), of_status);
    }
}

#[test]
fn the_library_throws_what_the_page_says() {
    let server = Server::dev();
    let merchant = Paysharp::open(&server, "thrower", None);
    let thrown = |method: &str, argument: &Value| merchant.library("", method, argument)["thrown"].clone();
    let no =
        |status: u16, code: u16, message: &str| json!({"status": status, "code": code, "message": message});
    let mut large = wish("9111100032");
    large["amount"] = json!(100_001);
    let above = "Amount should be less than or equal to the Maximum amount.";
    assert_eq!(thrown("create", &large), no(400, 7001, above));
    assert_eq!(thrown("get", &json!("rpghin6--a")), no(400, 7003, "Link Payment Id not found"));
    let made = merchant.create(&wish("9111100032"));
    let again = json!({"linkPaymentId": made["linkPaymentId"], "sendSms": true});
    for _ in 0..3 {
        assert!(merchant.library("", "resend", &again).get("thrown").is_none());
    }
    assert_eq!(thrown("resend", &again), no(400, 7002, "Maximum Resend attempts reached."));
    let stranger = Paysharp { token: "paysharp_of_nobody".to_owned(), ..merchant };
    let denied = stranger.library("", "get", &made["linkPaymentId"])["thrown"].clone();
    assert_eq!(denied, json!({"status": 401, "message": "Access denied"}));
}
