//! From what is asked to a request, and from an answer to its word.

use serde_json::{Value, json};

use crate::http::{Message, Request};
use crate::line::{Ask, Door, Flaw, Made, Op, Pay, Payment, Route, Wish, Word};
use crate::merchants::{CALLBACK_PATH, MERCHANTS, Merchant};
use crate::model::Model;
use crate::shown::{Problem, ShownLink, name_of, reference_of};
use crate::signing::{print, sign};

/// How pages are asked for, so that the opening counts.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What a request needs to know of the link that it is about.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) op: Op,
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) wish: Wish,
}

/// The merchant of a link.
pub(crate) fn merchant(wish: &Wish) -> &'static Merchant {
    // Every wish is made from a place of the list.
    MERCHANTS.get(wish.merchant).unwrap_or(&MERCHANTS[0])
}

fn bearer(request: Request, merchant: &Merchant) -> Request {
    request.header("authorization", format!("Bearer {}", merchant.api_key))
}

/// A read of the own API.
pub(crate) fn read(merchant: &Merchant, path: impl Into<String>) -> Request {
    bearer(Request::get(path), merchant)
}

/// Writes requests and reads answers.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    /// Keeps the keys of campaigns apart.
    pub(crate) endpoint: String,
}

impl Sender {
    /// The request for `ask`, which bears the number `op` (of a repeat: that of the first time).
    pub(crate) fn request(&self, op: Op, ask: &Ask, target: Option<&Target>) -> Option<Request> {
        if let Ask::Make(wish) = ask {
            return Some(match wish.door {
                Door::Own => own_link(op, wish),
                Door::Signed => self.signed_link(op, wish),
            });
        }
        let target = target?;
        let merchant = merchant(&target.wish);
        Some(match ask {
            Ask::Make(_) | Ask::Again { .. } => return None,
            Ask::Pay { attempt, .. } => pay(target, attempt),
            Ask::Settle { payment, taken, .. } => {
                let outcome = if *taken { "success" } else { "failure" };
                Request::json(format!("/sandbox/payments/{payment}/settle"), &json!({"outcome": outcome}))
            }
            Ask::Cancel { .. } => {
                let request = Request::json(format!("/v1/links/{}/cancel", target.id), &json!({}));
                bearer(request, merchant).header("idempotency-key", key_of(op))
            }
            Ask::Open { .. } => Request::get(format!("/p/{}", target.code)).header("user-agent", BROWSER),
            Ask::Look { .. } => read(merchant, format!("/v1/links/{}", target.id)),
        })
    }

    fn signed_link(&self, op: Op, wish: &Wish) -> Request {
        let merchant = merchant(wish);
        let mut body = json!({
            "mid": merchant.account, "linkName": name_of(op), "linkDescription": "Checked by a killer",
            "linkType": if wish.amount.is_some() { "FIXED" } else { "GENERIC" },
            "statusCallbackUrl": format!("http://{}{CALLBACK_PATH}", self.endpoint),
        });
        if let (Some(amount), Some(members)) = (wish.amount, body.as_object_mut()) {
            members.insert("amount".to_owned(), Value::from(rupees(amount)));
        }
        let body = body.to_string();
        let signature = sign(merchant.key, &body);
        let head = json!({"tokenType": "AES", "clientId": "C11", "signature": signature});
        Request::post("/link/create", "application/json", format!("{{\"head\":{head},\"body\":{body}}}"))
    }
}

fn key_of(op: Op) -> String {
    format!("key-{op}")
}

fn own_link(op: Op, wish: &Wish) -> Request {
    let mut body = json!({
        "kind": if wish.amount.is_some() { "fixed" } else { "open" },
        "name": name_of(op),
        "reference": reference_of(Model::reference(op, wish)),
        "reusable": wish.reusable,
    });
    if let Some(members) = body.as_object_mut() {
        let flawed = (wish.flaw == Some(Flaw::Amount)).then_some(-1);
        if let Some(amount) = flawed.or(wish.amount) {
            members.insert("amount".to_owned(), Value::from(amount));
        }
        if wish.send {
            members.insert("customer".to_owned(), json!({"name": "Asha", "mobile": mobile(op)}));
            members.insert("send".to_owned(), json!(["sms"]));
        }
    }
    bearer(Request::json("/v1/links", &body), merchant(wish)).header("idempotency-key", key_of(op))
}

/// A number of its own for each link.
fn mobile(op: Op) -> String {
    format!("9{op:09}")
}

fn pay(target: &Target, attempt: &Pay) -> Request {
    let Target { code, wish, .. } = target;
    let story = attempt.story.word();
    match attempt.route {
        Route::Side => {
            let mut body = json!({"outcome": story});
            if let (None, Some(members)) = (wish.amount, body.as_object_mut()) {
                members.insert("amount".to_owned(), Value::from(rupees(attempt.amount)));
            }
            Request::json(format!("/sandbox/pay/{code}"), &body)
        }
        Route::Form => {
            let amount = match wish.amount {
                Some(_) => String::new(),
                None => format!("&amount={}", rupees(attempt.amount)),
            };
            let form = format!("outcome={story}{amount}");
            Request::post(format!("/p/{code}/pay"), "application/x-www-form-urlencoded", form)
        }
    }
}

/// An amount in rupees with both decimals.
fn rupees(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// What an answer to `ask` says. An answer that the checker cannot read is an error.
pub(crate) fn word(ask: &Ask, answer: &Message) -> Result<Word, String> {
    let status = answer.status();
    let told = |what: &str| {
        let body: String = String::from_utf8_lossy(&answer.body).chars().take(300).collect();
        format!("{ask:?} was answered with {status}, {what}: {body}")
    };
    match ask {
        Ask::Make(Wish { door: Door::Signed, .. }) => signed_word(answer).ok_or_else(|| told("not readable")),
        Ask::Pay { attempt: Pay { route: Route::Form, .. }, .. } => match status {
            303 => Ok(Word::Led),
            404 | 409 | 410 | 422 => Ok(Word::Refused { status, code: "page".to_owned() }),
            500.. => Ok(Word::Unsure { status }),
            // A closed link's page says so with 200, as every notice that is no fault of the payer's.
            200 => Ok(Word::Refused { status, code: "page".to_owned() }),
            _ => Err(told("which no form gives")),
        },
        // A closed link has a page too, which says so.
        Ask::Open { .. } if matches!(status, 200 | 410) => Ok(Word::Opened),
        Ask::Open { .. } => Ok(Word::Refused { status, code: "page".to_owned() }),
        Ask::Make(_)
        | Ask::Pay { .. }
        | Ask::Settle { .. }
        | Ask::Cancel { .. }
        | Ask::Look { .. }
        | Ask::Again { .. } => own_word(ask, answer).map_err(|error| told(&error)),
    }
}

fn own_word(ask: &Ask, answer: &Message) -> Result<Word, String> {
    let (status, body) = (answer.status(), answer.body.as_slice());
    let unread = |error: serde_json::Error| error.to_string();
    if !(200..300).contains(&status) {
        let code = serde_json::from_slice::<Problem>(body).map_err(unread)?.code;
        // A payment is two commits: where the second could not be made, the first may have been.
        let is_two = matches!(ask, Ask::Pay { .. } | Ask::Settle { .. });
        return Ok(match status {
            503 if !is_two && code != "outcome_unknown" => Word::Refused { status, code },
            500.. => Word::Unsure { status },
            _ => Word::Refused { status, code },
        });
    }
    let payment = || serde_json::from_slice::<Payment>(body).map_err(unread);
    let link = || serde_json::from_slice::<ShownLink>(body).map_err(unread);
    Ok(match ask {
        Ask::Make(_) => {
            let ShownLink { id, code, .. } = link()?;
            Word::Made(Made { id, code, print: Some(print(body)) })
        }
        Ask::Pay { .. } => Word::Paid(payment()?),
        Ask::Settle { .. } => Word::Settled { state: payment()?.state },
        Ask::Cancel { .. } => Word::Cancelled { print: print(body) },
        Ask::Look { .. } => Word::Looked { opened: link()?.opened_at.is_some() },
        Ask::Open { .. } | Ask::Again { .. } => return Err("which is not expected".to_owned()),
    })
}

/// The answer of the signed dialect: always 200, with its own codes.
fn signed_word(answer: &Message) -> Option<Word> {
    let status = answer.status();
    let value: Value = serde_json::from_slice(&answer.body).ok()?;
    let body = value.get("body")?;
    let info = body.get("resultInfo")?;
    let code = info.get("resultCode")?.as_str()?.to_owned();
    if code != "200" {
        // A 502 without a detail says that nobody knows.
        let is_unsure = status >= 500 && status != 503 || code == "502" && info.get("detail").is_none();
        return Some(if is_unsure { Word::Unsure { status } } else { Word::Refused { status, code } });
    }
    let id = body.get("linkId")?.as_i64()?.to_string();
    let code = body.get("shortUrl")?.as_str()?.rsplit('/').next()?.to_owned();
    Some(Word::Made(Made { id, code, print: None }))
}
