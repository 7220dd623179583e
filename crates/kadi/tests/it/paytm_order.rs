//! The order of checks: of any two faults in one request the earlier one answers.

use serde_json::{Value, json};

use crate::harness::paytm::Reply;
use crate::harness::peers::{self, ist};
use crate::harness::server::Server;
use crate::harness::shop::Shop;

/// A request before it is signed.
struct Asked {
    head: Value,
    body: Value,
    sign: bool,
}

/// One fault: what it answers, the members it needs for itself, and how it is made.
struct Fault {
    answer: &'static str,
    touches: &'static str,
    make: fn(&mut Asked, &Times),
}

/// Dates that depend on the server's clock.
struct Times {
    past: String,
    too_late: String,
}

const fn fault(answer: &'static str, touches: &'static str, make: fn(&mut Asked, &Times)) -> Fault {
    Fault { answer, touches, make }
}

fn drop_member(value: &mut Value, member: &str) {
    value.as_object_mut().unwrap().remove(member);
}

/// In the order of checks: envelope, merchant, signature, then the members in the order of the table,
/// and the used invoice id after all others. A 502 is followed by the member that its detail names.
const FAULTS: &[Fault] = &[
    fault("5030", "head", |asked, _| asked.head = json!({})),
    fault("5029", "body", |asked, _| asked.body = json!({})),
    fault("5004", "mid", |asked, _| drop_member(&mut asked.body, "mid")),
    fault("5052", "mid", |asked, _| asked.body["mid"] = json!(7)),
    fault("5053", "mid", |asked, _| asked.body["mid"] = json!("A".repeat(21))),
    fault("5023", "mid", |asked, _| asked.body["mid"] = json!("NOBODY00000000000000")),
    fault("5028", "signature", |asked, _| asked.sign = false),
    fault("502 merchantRequestId", "merchantRequestId", |asked, _| {
        asked.body["merchantRequestId"] = json!("r".repeat(65))
    }),
    fault("5005", "linkName", |asked, _| asked.body["linkName"] = json!("")),
    fault("5007", "linkName", |asked, _| asked.body["linkName"] = json!("a-b")),
    fault("502 linkName", "linkName", |asked, _| asked.body["linkName"] = json!("a".repeat(65))),
    fault("5006", "linkDescription", |asked, _| asked.body["linkDescription"] = json!("ab")),
    fault("5033", "linkDescription", |asked, _| asked.body["linkDescription"] = json!("a#b#c")),
    fault("502 linkType", "linkType", |asked, _| asked.body["linkType"] = json!("OPEN")),
    fault("5012", "amount", |asked, _| drop_member(&mut asked.body, "amount")),
    fault("5009", "amount", |asked, _| asked.body["amount"] = json!("0.99")),
    fault("502 amount", "amount", |asked, _| asked.body["amount"] = json!("1e2")),
    fault("502 sendSms", "sendSms", |asked, _| asked.body["sendSms"] = json!([])),
    fault("502 sendEmail", "sendEmail", |asked, _| asked.body["sendEmail"] = json!({})),
    fault("502 customerEmail", "customerContact", |asked, _| {
        asked.body["customerContact"] = json!({"customerEmail": "x"})
    }),
    fault("502 statusCallbackUrl", "statusCallbackUrl", |asked, _| {
        asked.body["statusCallbackUrl"] = json!("ftp://a.example")
    }),
    fault("502 maxPaymentsAllowed", "maxPaymentsAllowed", |asked, _| {
        asked.body["maxPaymentsAllowed"] = json!("-1")
    }),
    fault("5022", "templateId", |asked, _| asked.body["templateId"] = json!("T1")),
    fault("502 linkNotes", "linkNotes", |asked, _| asked.body["linkNotes"] = json!("n".repeat(255))),
    fault("5011", "invoiceId", |asked, _| drop_member(&mut asked.body, "invoiceId")),
    fault("5010", "expiryDate", |asked, _| drop_member(&mut asked.body, "expiryDate")),
    fault("5021", "expiryDate", |asked, times| asked.body["expiryDate"] = json!(times.past)),
    fault("5027", "expiryDate", |asked, times| asked.body["expiryDate"] = json!(times.too_late)),
    fault("5050", "invoicePhoneNo", |asked, _| asked.body["invoicePhoneNo"] = json!("12")),
    fault("5051", "invoiceEmail", |asked, _| asked.body["invoiceEmail"] = json!("nobody")),
    fault("5013", "items", |asked, _| {
        let item = asked.body["invoiceDetails"][0].clone();
        asked.body["invoiceDetails"] = Value::from(vec![item; 51]);
    }),
    fault("5016", "productName", |asked, _| asked.body["invoiceDetails"][0]["productName"] = json!(" ")),
    fault("5017", "productName", |asked, _| asked.body["invoiceDetails"][0]["productName"] = json!("ab")),
    fault("5018", "perUnitAmount", |asked, _| asked.body["invoiceDetails"][0]["perUnitAmount"] = json!("-1")),
    fault("5019", "noOfUnits", |asked, _| asked.body["invoiceDetails"][0]["noOfUnits"] = json!("0")),
    fault("5020", "perUnitTax", |asked, _| {
        asked.body["invoiceDetails"][0]["perUnitTax"] = json!([{"taxName": "GST", "taxAmount": "-1"}]);
    }),
    fault("5014", "sum", |asked, _| asked.body["invoiceDetails"][1]["perUnitAmount"] = json!("50.51")),
    fault("502 partialPayment", "partialPayment", |asked, _| asked.body["partialPayment"] = json!("yes")),
    fault("502 bindLinkIdMobile", "bindLinkIdMobile", |asked, _| {
        asked.body["bindLinkIdMobile"] = json!(true)
    }),
    fault("5024", "splitSettlementInfo", |asked, _| {
        let part = json!({"mid": "NOCHILD", "amount": {"value": "1.00", "currency": "INR"}});
        asked.body["splitSettlementInfo"] = json!({"splitMethod": "AMOUNT", "splitInfo": [part]});
    }),
    fault("502 customPaymentSuccessMessage", "message", |asked, _| {
        asked.body["customPaymentSuccessMessage"] = json!("m".repeat(255));
    }),
    fault("502 redirectionUrlSuccess", "success", |asked, _| {
        asked.body["redirectionUrlSuccess"] = json!("javascript:alert(1)")
    }),
    fault("502 redirectionUrlFailure", "failure", |asked, _| {
        asked.body["redirectionUrlFailure"] = json!("http://shop.example/")
    }),
    fault("502 simplifiedSubvention", "subvention", |asked, _| {
        asked.body["simplifiedSubvention"] = json!({"customerId": "1", "subventionAmount": "1"});
    }),
    fault("502 simplifiedPaymentOffers", "offers", |asked, _| {
        asked.body["simplifiedPaymentOffers"] = json!({"promoCode": "X", "applyAvailablePromo": "true"});
    }),
    fault("502 enablePaymentMode", "enable", |asked, _| {
        asked.body["enablePaymentMode"] = json!([{"mode": "GOLD"}])
    }),
    fault("502 disablePaymentMode", "disable", |asked, _| {
        asked.body["disablePaymentMode"] = json!([{"mode": "GOLD"}])
    }),
    fault("502 linkOrderId", "linkOrderId", |asked, _| asked.body["linkOrderId"] = json!("a b")),
    fault("502 singleTransactionOnly", "single", |asked, _| {
        asked.body["singleTransactionOnly"] = json!("perhaps")
    }),
    fault("5015", "invoiceId", |asked, _| asked.body["invoiceId"] = json!("TAKEN")),
];

/// Faults that cannot stand beside any other, because there is nothing left to hold them.
const ALONE_AFTER: [&str; 2] = ["head", "body"];

fn told(reply: &Reply) -> String {
    let detail = reply.detail();
    if reply.code() != "502" || detail.is_empty() {
        return reply.code().to_owned();
    }
    format!("502 {detail}")
}

fn answers(reply: &Reply, answer: &str) -> bool {
    reply.http == 200
        && match answer.split_once(' ') {
            Some((code, field)) => reply.code() == code && reply.detail().contains(field),
            None => reply.code() == answer,
        }
}

fn send(shop: &Shop<'_>, times: &Times, faults: &[&Fault]) -> Reply {
    let mut asked = Asked { head: shop.head(), body: shop.invoice("ORDER"), sign: true };
    for fault in faults.iter().rev().filter(|fault| fault.touches != "items") {
        (fault.make)(&mut asked, times);
    }
    // Fifty-one copies of an item that may be bad itself.
    for fault in faults.iter().filter(|fault| fault.touches == "items") {
        (fault.make)(&mut asked, times);
    }
    if asked.sign && asked.head != json!({}) {
        return shop.create_by(peers::node(), &asked.head, &asked.body);
    }
    if asked.head != json!({}) {
        asked.head["signature"] = json!("A".repeat(107) + "=");
    }
    shop.post(json!({"head": asked.head, "body": asked.body}).to_string())
}

fn can_stand_together(first: &Fault, second: &Fault) -> bool {
    let same_items = |fault: &Fault, other: &Fault| fault.touches == "items" && other.touches == "sum";
    let swallows = |fault: &Fault, other: &Fault| {
        fault.touches == "body" && !ALONE_AFTER.contains(&other.touches) && other.touches != "signature"
    };
    first.touches != second.touches
        && !same_items(first, second)
        && !swallows(first, second)
        // Another type of link has other mandatory members.
        && (first.touches != "linkType" || !["5012", "5010", "5011", "5015"].contains(&second.answer))
}

#[test]
fn each_fault_alone_is_answered_by_its_own_code() {
    let (server, mut wrong) = (Server::dev(), Vec::new());
    let (shop, times) = prepared(&server, "single");
    for fault in FAULTS {
        let reply = send(&shop, &times, &[fault]);
        if !answers(&reply, fault.answer) {
            wrong.push(format!(
                "{} in {} was answered {} {}",
                fault.answer,
                fault.touches,
                told(&reply),
                reply.text
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), FAULTS.len(), wrong.join("\n"));
}

#[test]
fn of_every_two_faults_the_earlier_one_answers() {
    let (server, mut wrong, mut pairs) = (Server::dev(), Vec::new(), 0);
    let (shop, times) = prepared(&server, "pairs");
    for (index, first) in FAULTS.iter().enumerate() {
        for second in FAULTS.iter().skip(index + 1).filter(|second| can_stand_together(first, second)) {
            pairs += 1;
            let reply = send(&shop, &times, &[first, second]);
            if !answers(&reply, first.answer) {
                wrong.push(format!(
                    "{} before {} was answered {}",
                    first.answer,
                    second.answer,
                    told(&reply)
                ));
            }
        }
    }
    assert!(pairs > 1000, "only {pairs} pairs");
    assert!(wrong.is_empty(), "{} of {pairs}:\n{}", wrong.len(), wrong.join("\n"));
}

fn prepared<'a>(server: &'a Server, id: &str) -> (Shop<'a>, Times) {
    let shop = Shop::open(server, id);
    shop.create(&shop.invoice("TAKEN")).ok();
    let now = server.now();
    (shop, Times { past: ist(&now, -2, None), too_late: ist(&now, 400, None) })
}
