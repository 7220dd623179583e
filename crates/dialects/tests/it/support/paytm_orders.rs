//! Payment requests and order status, signed as their clients sign them.

use axum::body::Body;
use axum::http::Request;
use kadi_dialects::paytm::settings::{DIALECT, WEBHOOK_URL};
use kadi_domain::id::LinkId;
use kadi_domain::link::Link;
use kadi_domain::merchant::{Merchant, Setting};
use kadi_domain::moment::Setup;
use serde_json::{Value, json};

use super::answer::Answer;
use super::merchants::{merchant, mid, with_keys};
use super::paytm::{KEY, signed};
use super::shop::Shop;

pub(crate) const SEND: &str = "/order/sendpaymentrequest";
pub(crate) const RESEND: &str = "/order/resendpaymentrequest";
pub(crate) const STATUS: &str = "/v3/order/status";

/// A merchant with a UPI address and a JSON webhook.
pub(crate) fn payee(slug: &str) -> Merchant {
    let mut merchant = merchant(slug);
    merchant.vpa = Some(format!("{slug}@kadi"));
    let (name, value) = (WEBHOOK_URL.to_owned(), "https://hooks.example/paytm".to_owned());
    merchant.settings.push(Setting { dialect: DIALECT, name, value, identifies: false });
    merchant
}

/// The vendor's own example with another order.
pub(crate) fn payment_request(order_id: &str) -> Value {
    json!({
        "mid": mid("demo"), "merchantOrderId": order_id, "amount": "1303.00", "userPhoneNo": "7777777777",
        "posId": "S1234_P1235",
    })
}

impl Shop {
    /// A shop of `demo` that may send payment requests.
    pub(crate) fn orders() -> Self {
        Self::orders_with(Setup::sandbox())
    }

    pub(crate) fn orders_with(setup: Setup) -> Self {
        Self::with_setup(setup, vec![with_keys(payee("demo"), &[("C11", KEY)])])
    }

    /// Signs the body with [`KEY`] and posts it.
    pub(crate) fn order_call(&self, path: &str, body: &Value) -> Answer {
        self.order_raw(path, signed(&json!({"clientId": "C11", "version": "v1"}), KEY, &body.to_string()))
    }

    pub(crate) fn order_raw(&self, path: &str, request: impl Into<Vec<u8>>) -> Answer {
        self.send(Request::post(path).body(Body::from(request.into())).unwrap())
    }

    pub(crate) fn order_status(&self, order_id: &str) -> Answer {
        self.order_call(STATUS, &json!({"mid": mid("demo"), "orderId": order_id}))
    }

    /// A request that was sent, and its link.
    pub(crate) fn requested(&self, body: &Value) -> Link {
        let answer = self.order_call(SEND, body);
        assert_eq!(answer.row()[0], "SPR_001", "{}", answer.text);
        self.requested_link(&answer)
    }

    pub(crate) fn requested_link(&self, answer: &Answer) -> Link {
        let url = answer.json()["body"]["paymentUrl"].as_str().unwrap().to_owned();
        let id: LinkId = self.door.link_of(url.rsplit('/').next().unwrap()).unwrap();
        self.read(move |reader| reader.link(id)).unwrap()
    }
}

impl Answer {
    /// `resultCode`, `resultStatus` and `resultMsg`.
    pub(crate) fn row(&self) -> [String; 3] {
        let body = self.json();
        ["resultCode", "resultStatus", "resultMsg"]
            .map(|name| body["body"]["resultInfo"][name].as_str().unwrap_or_default().to_owned())
    }
}
