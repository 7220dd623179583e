//! A program that uses Paytm's payment requests and order status, signed with the official libraries.

use serde_json::{Value, json};

use super::http::Call;
use super::peers::{self, Peer};
use super::sandbox::code_of;
use super::server::Server;
use super::shop::Shop;

pub(crate) const SEND: &str = "/paytm/order/sendpaymentrequest";
pub(crate) const RESEND: &str = "/paytm/order/resendpaymentrequest";
pub(crate) const STATUS: &str = "/paytm/v3/order/status";

/// Where JSON webhooks of shops are posted on the test's receiver.
pub(crate) const PAYTM_WEBHOOK: &str = "/paytm-webhook";

/// An answer of this family, whatever it says.
pub(crate) struct Told {
    pub(crate) http: u16,
    pub(crate) text: String,
    pub(crate) value: Value,
}

impl Told {
    /// `resultCode`, `resultStatus` and `resultMsg`.
    pub(crate) fn row(&self) -> [&str; 3] {
        ["resultCode", "resultStatus", "resultMsg"].map(|member| {
            let text = self.value["body"]["resultInfo"][member].as_str();
            text.unwrap_or_else(|| panic!("HTTP {}, no {member}: {}", self.http, self.text))
        })
    }

    pub(crate) fn code(&self) -> &str {
        self.row()[0]
    }

    pub(crate) fn body(&self) -> &Value {
        &self.value["body"]
    }

    /// The code of the link of a "yes".
    pub(crate) fn link_code(&self) -> String {
        assert_eq!(self.code(), "SPR_001", "{}", self.text);
        code_of(&self.body()["paymentUrl"])
    }
}

impl<'a> Shop<'a> {
    /// A shop with a UPI address, JSON webhooks to this address, and more lines of the merchant file.
    pub(crate) fn open_for_orders(
        server: &'a Server,
        id: &str,
        webhook_url: Option<&str>,
        lines: &str,
    ) -> Self {
        let shop = Self::credentials(server, id);
        let mut text = shop.file(None, &format!("vpa = \"{id}@kadi\"\n{lines}"));
        if let Some(url) = webhook_url {
            text = text.replacen("paytm = { ", &format!("paytm = {{ webhook_url = \"{url}\", "), 1);
        }
        let file = server.write(&format!("{id}.toml"), &text);
        server.kadi_ok(&["merchant", "import", file.to_str().unwrap()]);
        shop
    }

    pub(crate) fn order_head(&self) -> Value {
        json!({"clientId": self.client_id, "version": "v1"})
    }

    /// The vendor's own example with another order.
    pub(crate) fn payment_request(&self, order_id: &str) -> Value {
        json!({
            "mid": self.mid, "merchantOrderId": order_id, "amount": "1303.00",
            "userPhoneNo": "7777777777", "posId": "S1234_P1235",
        })
    }

    /// Signs in Node and posts.
    pub(crate) fn order_call(&self, path: &str, body: &Value) -> Told {
        self.order_call_by(peers::node(), path, &self.order_head(), body)
    }

    pub(crate) fn order_call_by(&self, client: &Peer, path: &str, head: &Value, body: &Value) -> Told {
        self.order_post(path, client.request(&self.paytm_key, head, body))
    }

    /// Posts bytes as they are.
    pub(crate) fn order_post(&self, path: &str, request: impl Into<Vec<u8>>) -> Told {
        let answer = self.server.send(&Call::post(path).body("application/json", request));
        assert_eq!(answer.header("content-type"), Some("application/json"), "{}", answer.text());
        Told { http: answer.status, text: answer.text().to_owned(), value: answer.json() }
    }

    pub(crate) fn send_request(&self, order_id: &str) -> Told {
        self.order_call(SEND, &self.payment_request(order_id))
    }

    pub(crate) fn resend_request(&self, order_id: &str) -> Told {
        self.order_call(RESEND, &json!({"mid": self.mid, "merchantOrderId": order_id}))
    }

    pub(crate) fn order_status(&self, order_id: &str) -> Told {
        self.order_call(STATUS, &json!({"mid": self.mid, "orderId": order_id}))
    }
}
