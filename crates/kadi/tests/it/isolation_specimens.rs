//! How each call of each dialect is made, and of which thing of a merchant it speaks.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::harness::own_api::fixed;
use crate::harness::paysharp::wish;

/// A thing that a call names.
#[derive(Clone, Copy)]
pub(crate) enum Thing {
    Link,
    PaidLink,
    KeptLink,
    /// A link with lines.
    Bill,
    Payment,
    Refund,
    Hold,
    PaysharpLink,
    /// The kept link, which another API made, as Paysharp's and as an order.
    KeptPaysharp,
    KeptOrder,
    Order,
}

/// The ids of one merchant's things, or of nobody's.
pub(crate) struct Things {
    pub(crate) link: String,
    pub(crate) paid_link: String,
    /// One that no call ends.
    pub(crate) kept_link: String,
    pub(crate) bill: String,
    pub(crate) payment: String,
    pub(crate) refund: String,
    pub(crate) hold: String,
    pub(crate) paysharp_link: String,
    pub(crate) kept_paysharp: String,
    pub(crate) kept_order: String,
    pub(crate) order: String,
}

impl Things {
    pub(crate) fn of(&self, thing: Thing) -> &str {
        match thing {
            Thing::Link => &self.link,
            Thing::PaidLink => &self.paid_link,
            Thing::KeptLink => &self.kept_link,
            Thing::Bill => &self.bill,
            Thing::Payment => &self.payment,
            Thing::Refund => &self.refund,
            Thing::Hold => &self.hold,
            Thing::PaysharpLink => &self.paysharp_link,
            Thing::KeptPaysharp => &self.kept_paysharp,
            Thing::KeptOrder => &self.kept_order,
            Thing::Order => &self.order,
        }
    }

    /// Ids of the same form that nobody has.
    pub(crate) fn absent(&self) -> Self {
        let other = |id: &String| {
            if id.bytes().all(|byte| byte.is_ascii_digit()) {
                return format!("1{id}");
            }
            let change = |(at, letter)| match letter {
                '7' if at + 6 == id.len() => '8',
                _ if at + 6 == id.len() => '7',
                other => other,
            };
            id.char_indices().map(change).collect()
        };
        Self {
            link: other(&self.link),
            paid_link: other(&self.paid_link),
            kept_link: other(&self.kept_link),
            bill: other(&self.bill),
            payment: other(&self.payment),
            refund: other(&self.refund),
            hold: other(&self.hold),
            paysharp_link: other(&self.paysharp_link),
            kept_paysharp: other(&self.kept_paysharp),
            kept_order: other(&self.kept_order),
            order: other(&self.order),
        }
    }
}

/// How a call is made: whose id its path has, and its body.
pub(crate) struct Specimen {
    pub(crate) dialect: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) names: Option<Thing>,
    pub(crate) body: fn(&Things) -> Value,
}

const fn specimen(
    dialect: &'static str,
    method: &'static str,
    path: &'static str,
    names: Option<Thing>,
    body: fn(&Things) -> Value,
) -> Specimen {
    Specimen { dialect, method, path, names, body }
}

/// A call that is served and not listed here fails the test; one may be made in several ways.
pub(crate) static SPECIMENS: &[Specimen] = &[
    specimen("native", "POST", "/links", None, |_| fixed()),
    specimen("native", "GET", "/links", None, nothing),
    specimen("native", "GET", "/links/{id}", Some(Thing::Link), nothing),
    specimen("native", "GET", "/links/{id}/invoice.pdf", Some(Thing::Bill), nothing),
    specimen("native", "GET", "/links/{id}/payments", Some(Thing::Link), nothing),
    specimen("native", "GET", "/payments/{id}", Some(Thing::Payment), nothing),
    specimen("native", "GET", "/payments/{id}/split", Some(Thing::Payment), nothing),
    specimen("native", "POST", "/payments/{id}/refunds", Some(Thing::Payment), |_| json!({"amount": 5})),
    specimen("native", "GET", "/refunds/{id}", Some(Thing::Refund), nothing),
    specimen("native", "GET", "/payments/{id}/tax", Some(Thing::Payment), nothing),
    specimen("native", "GET", "/statement", None, nothing),
    specimen("native", "GET", "/statement/owed", None, nothing),
    specimen("native", "GET", "/holds", None, nothing),
    specimen("native", "POST", "/holds/{id}/decide", Some(Thing::Hold), |_| json!({"decision": "refund"})),
    specimen("native", "POST", "/links/{id}/cancel", Some(Thing::Link), |_| json!({})),
    specimen("native", "GET", "/events", None, nothing),
    specimen(
        "paytm",
        "POST",
        "/link/create",
        None,
        |_| json!({"linkType": "FIXED", "linkName": "Invoice001", "linkDescription": "Inv", "amount": 499}),
    ),
    specimen("paytm", "POST", "/link/fetch", Some(Thing::PaidLink), |it| json!({"linkId": it.paid_link})),
    specimen(
        "paytm",
        "POST",
        "/link/update",
        Some(Thing::KeptLink),
        |things| json!({"linkId": things.kept_link, "linkNotes": "changed"}),
    ),
    specimen("paytm", "POST", "/link/expire", Some(Thing::Link), |it| json!({"linkId": it.link})),
    specimen("paytm", "POST", "/link/resendNotification", Some(Thing::KeptLink), |things| {
        json!({"linkId": things.kept_link, "sendSms": true,
            "notifyContact": {"customerMobile": "9111100007"}})
    }),
    specimen(
        "paytm",
        "POST",
        "/link/fetchTransaction",
        Some(Thing::PaidLink),
        |things| json!({"linkId": things.paid_link}),
    ),
    specimen("paytm", "POST", "/order/sendpaymentrequest", None, |_| request(&new_order())),
    specimen("paytm", "POST", "/order/resendpaymentrequest", Some(Thing::Order), resend),
    specimen("paytm", "POST", "/order/resendPaymentRequest", Some(Thing::Order), resend),
    specimen("paytm", "POST", "/v3/order/status", Some(Thing::Order), ask),
    specimen("paytm", "POST", "/merchant-status/api/v1/getPaymentStatus", Some(Thing::Order), ask),
    specimen("paysharp", "POST", "/linkpayment", None, |_| wish("9111100009")),
    specimen("paysharp", "GET", "/linkpayment/{id}", Some(Thing::PaysharpLink), nothing),
    specimen(
        "paysharp",
        "POST",
        "/linkpayment/resend",
        Some(Thing::PaysharpLink),
        |things| json!({"linkPaymentId": things.paysharp_link, "sendSms": true}),
    ),
    specimen("paysharp", "GET", "/linkpayment/{id}", Some(Thing::KeptPaysharp), nothing),
    specimen(
        "paysharp",
        "POST",
        "/linkpayment/resend",
        Some(Thing::KeptPaysharp),
        |things| json!({"linkPaymentId": things.kept_paysharp, "sendSms": true}),
    ),
    specimen(
        "paytm",
        "POST",
        "/order/resendpaymentrequest",
        Some(Thing::KeptOrder),
        |things| json!({"merchantOrderId": things.kept_order}),
    ),
    specimen(
        "paytm",
        "POST",
        "/v3/order/status",
        Some(Thing::KeptOrder),
        |things| json!({"orderId": things.kept_order}),
    ),
];

/// Orders have ids of their own for ever.
pub(crate) fn new_order() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("isolated-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn request(order: &str) -> Value {
    json!({"merchantOrderId": order, "amount": "5", "userPhoneNo": "9111100009", "posId": "S1"})
}

fn resend(things: &Things) -> Value {
    json!({"merchantOrderId": things.order})
}

fn ask(things: &Things) -> Value {
    json!({"orderId": things.order})
}

fn nothing(_: &Things) -> Value {
    Value::Null
}
