//! Merchants and payers at work: what they asked for, when, and what they were answered.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::http::{Answer, Call};
use super::own_api::{fixed, text};
use super::shop::Shop;

/// How many ask at the same time.
const CLIENTS: usize = 4;

/// A change that was acknowledged: a link made, or paid.
#[derive(Clone)]
pub(crate) struct Deed {
    /// When it was asked for.
    pub(crate) began: Instant,
    /// When the answer was there.
    pub(crate) answered: Instant,
    /// The link as it was made.
    pub(crate) link: Value,
    /// Is this its payment?
    pub(crate) is_payment: bool,
}

/// The word where nobody knows whether it was done.
const UNKNOWN: &str = "outcome_unknown";
/// A browser that a person may hold.
const BROWSER: &str = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36";

/// Everything that was acknowledged and refused so far.
#[derive(Default)]
pub(crate) struct Load {
    asked: AtomicUsize,
    /// The idempotency keys of links of which nobody knows whether they were made.
    unsure: Mutex<Vec<String>>,
    /// Links of which a payment was refused as not done.
    unpaid: Mutex<Vec<Value>>,
    deeds: Mutex<Vec<Deed>>,
    refused: Mutex<BTreeMap<String, usize>>,
    stop: AtomicBool,
}

impl Load {
    /// Works until told to stop, while `meanwhile` goes on.
    pub(crate) fn run<T>(&self, shop: &Shop<'_>, meanwhile: impl FnOnce() -> T) -> T {
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| self.work(shop));
            }
            // Also where the test fails, so that the scope ends.
            let _stop = Stop(&self.stop);
            meanwhile()
        })
    }

    /// What was acknowledged.
    pub(crate) fn deeds(&self) -> MutexGuard<'_, Vec<Deed>> {
        self.deeds.lock().unwrap()
    }

    /// How often each word of a "no" was heard.
    pub(crate) fn refused(&self) -> BTreeMap<String, usize> {
        self.refused.lock().unwrap().clone()
    }

    /// The keys of those links of which the answer was that nobody knows whether they were made.
    pub(crate) fn unsure(&self) -> Vec<String> {
        self.unsure.lock().unwrap().clone()
    }

    /// The links of which the answer to their only payment was that nothing was done.
    pub(crate) fn unpaid(&self) -> Vec<Value> {
        self.unpaid.lock().unwrap().clone()
    }

    fn work(&self, shop: &Shop<'_>) {
        while !self.stop.load(Ordering::Relaxed) {
            let key = format!("load-{}", self.asked.fetch_add(1, Ordering::Relaxed));
            let create = Call::post("/v1/links").bearer(&shop.api_key).header("idempotency-key", &key);
            let link = match self.ask(shop, &create.json(&fixed()), 201, None) {
                Ok(link) => link,
                Err(word) => {
                    if word == UNKNOWN {
                        self.unsure.lock().unwrap().push(key);
                    }
                    continue;
                }
            };
            let page = Call::get(&format!("/p/{}", text(&link["code"]))).header("user-agent", BROWSER);
            let page = shop.server.send(&page);
            if page.status != 200 {
                not_now(&page);
            }
            let pay = Call::post(&format!("/sandbox/pay/{}", text(&link["code"])));
            let paid = self.ask(shop, &pay.json(&json!({"outcome": "success"})), 200, Some(&link));
            if paid.is_err_and(|word| word != UNKNOWN) {
                self.unpaid.lock().unwrap().push(link);
            }
        }
    }

    /// One request; what was answered, if it was done, or the word of the "no".
    fn ask(&self, shop: &Shop<'_>, call: &Call, done: u16, paid: Option<&Value>) -> Result<Value, String> {
        let began = Instant::now();
        let answer = shop.server.send(call);
        let answered = Instant::now();
        if answer.status != done {
            return Err(self.refuse(&answer));
        }
        let body = answer.json();
        let link = paid.cloned().unwrap_or_else(|| body.clone());
        // A payment of which the rail has said nothing yet is none so far.
        if paid.is_none() || body["state"] == "captured" {
            self.deeds().push(Deed { began, answered, link, is_payment: paid.is_some() });
        }
        Ok(body)
    }

    fn refuse(&self, answer: &Answer) -> String {
        not_now(answer);
        let code = text(&answer.json()["code"]).to_owned();
        *self.refused.lock().unwrap().entry(code.clone()).or_default() += 1;
        std::thread::sleep(Duration::from_millis(20));
        code
    }
}

/// Nothing but "not now", with the time to come back, is an answer to a good request that was not done.
pub(crate) fn not_now(answer: &Answer) {
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")), "{}", answer.text());
}

struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// All links of a shop, by id.
pub(crate) fn all_links(shop: &Shop<'_>) -> BTreeMap<String, Value> {
    let mut links = BTreeMap::new();
    let mut after = String::new();
    loop {
        let page = shop.found(&format!("/v1/links?limit=100{after}"));
        for link in page["data"].as_array().expect("a list") {
            links.insert(text(&link["id"]).to_owned(), link.clone());
        }
        let Some(next) = page["next"].as_str() else { return links };
        after = format!("&after={}", super::http::encode(next));
    }
}
