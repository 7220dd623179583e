//! The sandbox's side doors: paying, settling, the clock and the recorded messages.

use serde_json::{Value, json};

use super::http::{Answer, Call};
use super::own_api::text;
use super::server::Server;
use super::wait::wait_for;

impl Server {
    pub(crate) fn pay_with(&self, code: &str, wish: &Value) -> Answer {
        self.send(&Call::post(&format!("/sandbox/pay/{code}")).json(wish))
    }

    /// Pays what is left with this outcome; gives the payment right after the call.
    pub(crate) fn pay(&self, code: &str, outcome: &str) -> Value {
        let answer = self.pay_with(code, &json!({"outcome": outcome}));
        assert_eq!(answer.status, 200, "{outcome}: {}", answer.text());
        answer.json()
    }

    pub(crate) fn settle(&self, payment: &str, outcome: &str) -> Answer {
        let path = format!("/sandbox/payments/{payment}/settle");
        self.send(&Call::post(&path).json(&json!({"outcome": outcome})))
    }

    /// Moves the Kadi clock; gives the new time (RFC 3339), after what was due by then was tried once.
    pub(crate) fn advance(&self, seconds: u64) -> String {
        let answer = self.send(&Call::post("/sandbox/clock").json(&json!({"advance_s": seconds})));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["now"].as_str().expect("the new time").to_owned()
    }

    /// As `advance`, where a story kills the server on the way: the call is made again for what is left.
    pub(crate) fn advance_through_restarts(&self, seconds: u64) {
        let clock = |seconds: i64| {
            let call = Call::post("/sandbox/clock").json(&json!({"advance_s": seconds}));
            let answer = call.try_send(&self.address)?;
            assert_eq!(answer.status, 200, "{}", answer.text());
            Some(text(&answer.json()["now"]).parse::<jiff::Timestamp>().expect("a time").as_second())
        };
        let now = || wait_for("the server", || clock(0));
        let goal = now() + i64::try_from(seconds).unwrap();
        loop {
            match goal - now() {
                left @ 1.. => drop(clock(left)),
                _ => return,
            }
        }
    }

    pub(crate) fn now(&self) -> String {
        self.advance(0)
    }

    /// The messages to this number or address, newest first.
    pub(crate) fn messages(&self, to: &str) -> Vec<Value> {
        let answer = self.send(&Call::get(&format!("/sandbox/messages?to={}", super::http::encode(to))));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json().as_array().expect("a list of messages").clone()
    }

    /// Waits for a message to `to` on this channel.
    pub(crate) fn message(&self, to: &str, channel: &str) -> Value {
        wait_for(&format!("a message to {to} by {channel}"), || {
            self.messages(to).into_iter().find(|message| message["channel"] == channel)
        })
    }
}

/// The code at the end of a payer's address.
pub(crate) fn code_of(url: &Value) -> String {
    url.as_str().and_then(|url| url.rsplit('/').next()).expect("an address").to_owned()
}
