//! The order of checks: of any two faults in one request the earlier one answers.

use axum::http::Method;
use kadi_domain::time::HOUR_MS;
use serde_json::{Value, json};

use crate::support::answer::Answer;
use crate::support::paysharp::{CREATE, RESEND, bearer, call, wish};
use crate::support::rail::Says;
use crate::support::shop::Shop;

/// A call before it is made.
struct Asked {
    authorization: String,
    /// Where it is no JSON.
    text: Option<&'static str>,
    body: Value,
}

/// What is answered (`errorCode` and the first word of the message), and the fault.
type Fault = (&'static str, fn(&mut Asked));

fn told(answer: &Answer) -> String {
    let (status, _, code, message) = answer.paysharp_no();
    let word = message.split(' ').next().unwrap_or_default();
    if code == 0 { format!("{status} {word}") } else { format!("{code} {word}") }
}

const AT_THE_DOOR: [Fault; 2] = [
    ("401 Access", |asked| asked.authorization = "Bearer nobody's".to_owned()),
    ("400 the", |asked| asked.text = Some("{")),
];

/// In the order of the vendor's table, the amount's range last.
const OF_CREATE: [Fault; 10] = [
    ("400 amount", |asked| asked.body["amount"] = json!("x")),
    ("400 remarks", |asked| asked.body["remarks"] = json!("")),
    ("400 validity", |asked| asked.body["validity"] = json!(0)),
    ("400 customerName", |asked| asked.body["customerName"] = json!(1)),
    ("400 customerMobileNo", |asked| asked.body["customerMobileNo"] = json!("1")),
    ("400 customerEmail", |asked| asked.body["customerEmail"] = json!("x")),
    ("400 sendEmail", |asked| asked.body["sendEmail"] = json!(1)),
    ("400 sendSms", |asked| asked.body["sendSms"] = json!(1)),
    ("400 sendWhatsApp", |asked| asked.body["sendWhatsApp"] = json!(1)),
    ("7001 Amount", |asked| asked.body["amount"] = json!(0)),
];

fn send(shop: &Shop, path: &str, fault: impl FnOnce(&mut Asked), body: Value) -> String {
    let mut asked = Asked { authorization: bearer("demo"), text: None, body };
    fault(&mut asked);
    let text = asked.text.map_or_else(|| asked.body.to_string(), str::to_owned);
    told(&shop.send(call(Method::POST, path, &asked.authorization, text)))
}

fn every_pair(shop: &Shop, path: &str, faults: &[Fault], body: &Value) {
    for (at, (first, make)) in faults.iter().enumerate() {
        assert_eq!(send(shop, path, make, body.clone()), *first);
        for (second, other) in faults.get(at + 1..).unwrap() {
            let both = |asked: &mut Asked| {
                other(asked);
                make(asked);
            };
            assert_eq!(send(shop, path, both, body.clone()), *first, "{first} before {second}");
        }
    }
}

#[test]
fn of_two_faults_of_a_create_the_earlier_answers() {
    let shop = Shop::paysharp();
    let faults: Vec<Fault> = AT_THE_DOOR.into_iter().chain(OF_CREATE).collect();
    // A wrong type and a wrong range of one member exclude each other: both say what they alone would.
    every_pair(&shop, CREATE, &faults[..faults.len() - 1], &wish());
    let low = |asked: &mut Asked| asked.body["amount"] = json!(0);
    assert_eq!(send(&shop, CREATE, low, wish()), "7001 Amount");
    for (first, make) in faults.iter().filter(|(first, _)| *first != "400 amount" && *first != "7001 Amount")
    {
        let both = |asked: &mut Asked| {
            low(asked);
            make(asked);
        };
        assert_eq!(send(&shop, CREATE, both, wish()), *first, "{first} before 7001");
    }
}

const OF_RESEND: [Fault; 5] = [
    ("400 sendEmail", |asked| asked.body["sendEmail"] = json!(1)),
    ("400 sendSms", |asked| asked.body["sendSms"] = json!(1)),
    ("400 sendWhatsApp", |asked| asked.body["sendWhatsApp"] = json!(1)),
    ("400 at", |asked| {
        for name in ["sendEmail", "sendSms", "sendWhatsApp"] {
            if asked.body[name] != json!(1) {
                asked.body[name] = json!(false);
            }
        }
    }),
    ("7003 Link", |asked| asked.body["linkPaymentId"] = json!("nobody's--a")),
];

/// What is wrong with the link itself comes after all that is wrong with the request.
#[test]
fn of_two_faults_of_a_resend_the_earlier_answers() {
    let shop = Shop::paysharp();
    let body = |answer: &Answer| json!({"linkPaymentId": answer.id(), "sendSms": true, "sendWhatsApp": true});
    let (worn, paid, over) =
        (shop.paysharp_create(&wish()), shop.paysharp_create(&wish()), shop.paysharp_create(&wish()));
    for link in [&worn, &paid, &over] {
        for _ in 0..3 {
            assert_eq!(shop.paysharp_resend(&body(link)).status, 200);
        }
    }
    shop.pay(&shop.link(&paid), Says::Paid);
    let mut faults: Vec<Fault> = AT_THE_DOOR.into_iter().collect();
    faults.push(("400 linkPaymentId", |asked| asked.body["linkPaymentId"] = json!("")));
    let of_request: Vec<Fault> = faults.into_iter().chain(OF_RESEND).collect();
    let check = |link: &Answer, own: &str| {
        assert_eq!(send(&shop, RESEND, |_| {}, body(link)), own);
        for (first, make) in &of_request {
            assert_eq!(send(&shop, RESEND, make, body(link)), *first, "{first} before {own}");
        }
        // A channel without a contact is no channel, whatever the link says.
        let by_mail = |asked: &mut Asked| {
            asked.body["sendEmail"] = json!(true);
            asked.body["sendSms"] = json!(false);
            asked.body["sendWhatsApp"] = json!(false);
        };
        assert_eq!(send(&shop, RESEND, by_mail, body(link)), "400 at");
    };
    check(&worn, "7002 Maximum");
    check(&paid, "7004 Unable");
    every_pair(&shop, RESEND, &of_request[..2], &body(&worn));
    for (at, (first, make)) in of_request.iter().enumerate().skip(2) {
        for (second, other) in of_request.iter().skip(at + 1) {
            let both = |asked: &mut Asked| {
                other(asked);
                make(asked);
            };
            assert_eq!(send(&shop, RESEND, both, body(&worn)), *first, "{first} before {second}");
        }
    }
    shop.advance(25 * HOUR_MS);
    check(&over, "7005 Unable");
}
